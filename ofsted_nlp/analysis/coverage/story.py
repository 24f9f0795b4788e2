"""One story held against the report that it covers."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.coverage import words as say
from ofsted_nlp.analysis.coverage.balance import (
    Balance,
    Point,
    balance_of_report,
    balance_of_story,
    mentioned,
    points,
)
from ofsted_nlp.analysis.coverage.figures import figures
from ofsted_nlp.analysis.coverage.lists import judgements, recommendations
from ofsted_nlp.analysis.coverage.matching import ReportText
from ofsted_nlp.analysis.coverage.quotations import quotations, with_qualifiers_elsewhere
from ofsted_nlp.analysis.coverage.verdicts import Checked, Verdict
from ofsted_nlp.analysis.inspections import inspected, published
from ofsted_nlp.documents import Document
from ofsted_nlp.records import Report, plain_values
from ofsted_nlp.stories import Page, Story

if TYPE_CHECKING:
    import pandas

_ITEM_COLUMNS = (
    *("kind", "words", "verdict", "speaker", "theirs", "page", "number", "finding", "report_words"),
    *("story_value", "report_value", "qualifier", "likeness", "why"),
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A page that tells a story again that another told before: a syndicated one."""

    site: str | None
    file: str
    published: datetime.date | None


@dataclass(frozen=True)
class StoryCoverage:
    """A story held against its report.

    Attributes:
        story, page: the story and the page on which it stands.
        report: the report that it covers; None if it is not known.
        items: its judgements, recommendations, figures and quotations, each with a verdict.
        told: keys of those points of the report that it mentions (``coverage.balance.points``).
        balance: its strengths and concerns.
        report_balance: those of the report; None without one.
        words_at_hand: "all" if the report's whole text could be compared, "records" if only what was extracted from
            it, "none" if nothing of its words.
        copies: the pages that tell the same story later.
    """

    story: Story
    page: Page
    report: Report | None
    items: tuple[Checked, ...]
    told: frozenset[str]
    balance: Balance
    report_balance: Balance | None
    words_at_hand: str = "none"
    copies: tuple[Copy, ...] = ()

    @property
    def label(self) -> str:
        """Who published it: the site, else the file's name."""
        return self.page.site or self.page.file

    @property
    def delay(self) -> int | None:
        """Days from the report's publication to the story's; None where one is undated."""
        out = published(self.report) if self.report else None
        return (self.page.published - out).days if out and self.page.published else None

    @cached_property
    def left_out(self) -> list[Point]:
        """The points of the report that the story does not mention."""
        return [point for point in points(self.report) if point.key not in self.told] if self.report else []

    def with_verdict(self, *verdicts: Verdict | str) -> list[Checked]:
        """The items with one of these verdicts."""
        return [item for item in self.items if item.verdict in verdicts]

    @property
    def wrong(self) -> list[Checked]:
        """What the story gives as the inspectorate's and the report does not say, or says with another value."""
        return [item for item in self.items if item.wrong]

    @property
    def table(self) -> pandas.DataFrame:
        """One row an item, with its verdict; ``words`` are the story's, ``report_words`` the report's."""
        import pandas

        rows = [{key: plain_values(getattr(item, key)) for key in _ITEM_COLUMNS} for item in self.items]
        return pandas.DataFrame(rows, columns=list(_ITEM_COLUMNS))

    def summary(self) -> list[str]:
        """The result in plain sentences."""
        return say.story_summary(self)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "title": self.story.title,
            "site": self.page.site,
            "file": self.page.file,
            "sha256": self.page.sha256,
            "url": self.page.url,
            "story": self.story.number,
            "published": plain_values(self.page.published),
            "authority": self.story.authority,
            "report": report_dict(self.report),
            "delay_days": self.delay,
            "words_at_hand": self.words_at_hand,
            "tone": self.story.tone,
            "items": [item.to_dict() for item in self.items],
            "left_out": [point.to_dict() for point in self.left_out],
            "balance": {
                "story": self.balance.to_dict(),
                "report": self.report_balance.to_dict() if self.report_balance else None,
            },
            "copies": [plain_values(asdict(copy)) for copy in self.copies],
            "summary": self.summary(),
        }

    def to_markdown(self) -> str:
        """As Markdown."""
        from ofsted_nlp.presentation.coverage import story_markdown

        return story_markdown(self)

    def to_html(self) -> str:
        """One self-contained page."""
        from ofsted_nlp.presentation.coverage import coverage_page

        return coverage_page(self)

    def __repr__(self) -> str:
        about = say.report_named(self.report) if self.report else "report not known"
        return f"<StoryCoverage {self.label}, {about}: {len(self.items)} items, {len(self.wrong)} not as in the report>"

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.coverage import coverage_html

        return coverage_html(self)


def report_dict(report: Report | None) -> dict[str, Any] | None:
    """What names a report, as plain data."""
    if report is None:
        return None
    return {
        "sha256": report.source.sha256,
        "file": report.source.file,
        "url": report.source.url,
        "framework": report.framework,
        "inspected": plain_values(inspected(report)),
        "published": plain_values(published(report)),
    }


def story_coverage(
    story: Story, page: Page, report: Report | None, text: str | Document | ReportText | None
) -> StoryCoverage:
    """A story held against its report.

    Args:
        story: the story.
        page: the page on which it stands.
        report: the report that it covers, or None: then nothing is compared.
        text: the report's whole text, or the document with it (then every page is exact); None if its PDF is not at
            hand: then words are compared with the findings and recommendations that the report holds, if those have
            words, and nothing is said not to be in the report.
    """
    words: ReportText | None = None
    if report is not None:
        words = text if isinstance(text, ReportText) else ReportText(report, text)
    items = with_qualifiers_elsewhere(
        [
            *judgements(story, report),
            *recommendations(story, words),
            *figures(story, page, words),
            *quotations(story, page, words),
        ]
    )
    told = mentioned(story, items, report, words) if report else frozenset()
    at_hand = "none" if words is None or not words.at_hand else "all" if words.full else "records"
    own, theirs = balance_of_story(story), balance_of_report(report) if report else None
    return StoryCoverage(story, page, report, tuple(items), told, own, theirs, at_hand)
