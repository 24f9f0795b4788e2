"""Press coverage held against the reports it covers: all stories of a report, all of an authority."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.coverage import words as say
from ofsted_nlp.analysis.coverage.balance import Balance, Point, balance_of_report, balance_of_stories, points
from ofsted_nlp.analysis.coverage.matching import ReportText
from ofsted_nlp.analysis.coverage.stories import originals, report_of, stories_on
from ofsted_nlp.analysis.coverage.story import Copy, StoryCoverage, report_dict, story_coverage
from ofsted_nlp.analysis.coverage.verdicts import Checked, Verdict
from ofsted_nlp.analysis.inspections import inspected, published
from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.documents import Document
from ofsted_nlp.records import Report, plain_values
from ofsted_nlp.stories import Article

if TYPE_CHECKING:
    import pandas

__all__ = [
    "AuthorityCoverage",
    "Checked",
    "Copy",
    "ReportCoverage",
    "StoryCoverage",
    "Verdict",
    "authority_coverage",
    "story_coverage",
]


@dataclass(frozen=True)
class ReportCoverage:
    """All stories on one report.

    Attributes:
        report: the report.
        stories: those that cover it, the earliest first, undated ones last; copies are within them.
    """

    report: Report
    stories: tuple[StoryCoverage, ...]

    @cached_property
    def points(self) -> list[Point]:
        """What the report has that the press may report."""
        return points(self.report)

    @cached_property
    def told(self) -> frozenset[str]:
        """Keys of the points that any story mentions."""
        return frozenset().union(*(story.told for story in self.stories))

    @property
    def left_out(self) -> list[Point]:
        """The points that no story mentions; recommendations and strengths only where their words were compared."""
        return [point for point in self.points if point.key not in self.told and self.comparable(point)]

    def comparable(self, point: Point) -> bool:
        """Whether stories could be compared with a point: grades always, all else only with its words."""
        return point.kind == "judgement" or bool(point.text)

    @property
    def balance(self) -> Balance:
        """Strengths and concerns of all stories together."""
        return balance_of_stories(story.story for story in self.stories)

    @cached_property
    def report_balance(self) -> Balance:
        """Strengths and concerns of the report."""
        return balance_of_report(self.report)

    @property
    def sites(self) -> list[str]:
        """Who published the stories, the earliest first, copies not counted."""
        return list(dict.fromkeys(story.label for story in self.stories))

    @property
    def first(self) -> StoryCoverage | None:
        """The earliest dated story."""
        return next((story for story in self.stories if story.page.published), None)

    @property
    def table(self) -> pandas.DataFrame:
        """Who reported what: one row a point of the report, strengths one row a theme; a column for each site.

        Columns: kind, number, text, page (the first), pages, themes, findings (of a theme of strengths how many), a
        truth value for each site (missing where nothing could be compared), stories (how many mention it), first (the
        site that did so first) and delay (its days after publication).
        """
        import pandas

        rows = say.who_reported_what(self)
        columns = ["kind", "number", "text", "page", "pages", "themes", "findings"]
        return pandas.DataFrame(rows, columns=[*columns, *self.sites, "stories", "first", "delay"]).astype(
            {site: "boolean" for site in self.sites} | {"delay": "Int64"}
        )

    def summary(self) -> list[str]:
        """The result in plain sentences."""
        return say.report_summary(self)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        first = self.first
        return {
            "report": report_dict(self.report),
            "sites": self.sites,
            "first": {"site": first.label, "published": plain_values(first.page.published), "delay_days": first.delay}
            if first
            else None,
            "stories": [story.to_dict() for story in self.stories],
            "who_reported_what": plain_values(say.who_reported_what(self)),
            "left_out": [point.to_dict() for point in self.left_out],
            "balance": {"stories": self.balance.to_dict(), "report": self.report_balance.to_dict()},
            "summary": self.summary(),
        }

    def to_markdown(self) -> str:
        """As Markdown."""
        from ofsted_nlp.presentation.coverage import report_markdown

        return report_markdown(self)

    def to_html(self) -> str:
        """One self-contained page."""
        from ofsted_nlp.presentation.coverage import coverage_page

        return coverage_page(self)

    def __repr__(self) -> str:
        return (
            f"<ReportCoverage {say.report_named(self.report)}: {len(self.stories)} stories of {len(self.sites)} sites>"
        )

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.coverage import coverage_html

        return coverage_html(self)


@dataclass(frozen=True)
class AuthorityCoverage:
    """All stories on one authority.

    Attributes:
        entry: the authority.
        reports: its reports that stories cover, the earliest first.
        unknown: stories whose report is not known.
        silent: its reports that no story here covers.
        warnings: plain sentences: what could not be read or compared.
    """

    entry: AuthorityEntry
    reports: tuple[ReportCoverage, ...]
    unknown: tuple[StoryCoverage, ...] = ()
    silent: tuple[Report, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def stories(self) -> list[StoryCoverage]:
        """All stories, those of known reports first."""
        return [*(story for report in self.reports for story in report.stories), *self.unknown]

    @property
    def table(self) -> pandas.DataFrame:
        """Who reported what (see ``ReportCoverage.table``), all reports below each other; ``report`` is the date."""
        import pandas

        frames = [report.table.assign(report=published(report.report)) for report in self.reports]
        return pandas.concat(frames, ignore_index=True) if frames else pandas.DataFrame()

    @property
    def items(self) -> pandas.DataFrame:
        """Every item of every story with its verdict: see ``StoryCoverage.table``; site, title, date and report."""
        import pandas

        frames = [
            story.table.assign(
                site=story.label,
                title=story.story.title,
                published=story.page.published,
                report=published(story.report) if story.report else None,
            )
            for story in self.stories
        ]
        return pandas.concat(frames, ignore_index=True) if frames else pandas.DataFrame()

    def summary(self) -> list[str]:
        """The result in plain sentences."""
        return say.authority_summary(self)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "schema_version": 1,
            "authority": plain_values(asdict(self.entry.authority)),
            "reports": [report.to_dict() for report in self.reports],
            "unknown_report": [story.to_dict() for story in self.unknown],
            "without_story": [report_dict(report) for report in self.silent],
            "warnings": list(self.warnings),
            "summary": self.summary(),
        }

    def to_markdown(self) -> str:
        """As Markdown."""
        from ofsted_nlp.presentation.coverage import authority_markdown

        return authority_markdown(self)

    def to_html(self) -> str:
        """One self-contained page."""
        from ofsted_nlp.presentation.coverage import coverage_page

        return coverage_page(self)

    def __repr__(self) -> str:
        return (
            f"<AuthorityCoverage {self.entry.display_name}: {len(self.stories)} stories, {len(self.reports)} reports, "
            f"{len(self.unknown)} of an unknown report>"
        )

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.coverage import coverage_html

        return coverage_html(self)


def authority_coverage(
    authority: AuthorityEntry,
    articles: Sequence[Article],
    reports: Sequence[Report],
    texts: Mapping[str, str | Document],
    *,
    repeats: Mapping[str, str] | None = None,
    warnings: Iterable[str] = (),
) -> AuthorityCoverage:
    """All stories of an authority held against its reports.

    Args:
        authority: the authority; stories on others are passed over.
        articles: the pages.
        reports: its reports, with their findings.
        texts: by SHA-256 the whole text of those whose PDF is at hand, or the document.
        repeats: by SHA-256 of a page that of the page whose story it repeats; None to find out from the pages.
        warnings: plain sentences to pass on.
    """
    pages = list({article.page.sha256: article for article in articles}.values())
    first = originals(pages, repeats)
    words: dict[str, ReportText] = {}
    covered: dict[str, list[StoryCoverage]] = {}
    unknown: list[StoryCoverage] = []
    for article in pages:
        if article.page.sha256 in first:
            continue
        again = [other.page for other in pages if first.get(other.page.sha256) == article.page.sha256]
        copies = tuple(Copy(page.site, page.file, page.published) for page in again)
        for story in stories_on(article, authority):
            report = report_of(story, reports)
            if report is not None and report.source.sha256 not in words:
                sha256 = report.source.sha256
                words[sha256] = ReportText(report, texts.get(sha256))
            made = story_coverage(story, article.page, report, words[report.source.sha256] if report else None)
            made = replace(made, copies=copies)
            if report is None:
                unknown.append(made)
            else:
                covered.setdefault(report.source.sha256, []).append(made)
    late = datetime.date.max

    def when(report: Report) -> tuple[datetime.date, str]:
        return published(report) or inspected(report) or late, report.source.file

    ordered = sorted(reports, key=when)
    by_date = {
        sha: sorted(found, key=lambda s: (s.page.published or late, s.label, s.story.number))
        for sha, found in covered.items()
    }
    return AuthorityCoverage(
        authority,
        tuple(ReportCoverage(r, tuple(by_date[r.source.sha256])) for r in ordered if r.source.sha256 in by_date),
        tuple(sorted(unknown, key=lambda s: (s.page.published or late, s.label))),
        tuple(r for r in ordered if r.source.sha256 not in by_date),
        tuple(dict.fromkeys([*warnings, *_warnings(pages)])),
    )


def _warnings(pages: Iterable[Article]) -> list[str]:
    """What the pages warn of, with their names; what the coverage says itself of reports that are not known is left."""
    return [
        f"{article.page.file}: {warning}"
        for article in pages
        for warning in (*article.page.warnings, *article.warnings)
        if not warning.startswith("The report")
    ]
