"""One authority beside its statistical neighbours, its region and England, with a page behind every claim.

Compared are the latest full reports (sif, ilacs, slac). A finding counts under its leading theme. Nearly every
report mentions the common themes at least once, and longer reports mention more, so next to the share of reports
that raise a theme stands its strength: the share of a report's evaluative findings that it takes up, and the
authority's percentile rank by it. The authority itself is never part of a group that it is compared with.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.benchmark.evidence import ClusterLabel, cluster_labels
from ofsted_nlp.analysis.benchmark.groups import Group, chief_group, compare_with
from ofsted_nlp.analysis.benchmark.in_depth import InDepth
from ofsted_nlp.analysis.comparison import Profile, Side, ThemeComparison, among
from ofsted_nlp.analysis.inspections import (
    FULL_FRAMEWORKS,
    GRADED_FRAMEWORKS,
    JUDGEMENT_WORDS,
    by_authority,
    inspected,
    known_on,
    published,
)
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Finding, Polarity, Recommendation, Report
from ofsted_nlp.themes import NONE, groups, themes

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure

METHOD = (
    "Compared are the latest full inspection reports (SIF, ILACS, SLAC). Findings are sentences, classified by a "
    "statistical model as strength, concern, mixed or neutral and counted under their leading theme; those of which "
    "the model is less than 80% sure are not counted, nor are the items of the action list, which stand apart. Shares "
    "of reports have a 95% interval by Wilson's method; below five reports nothing is said. A percentile of 90 means "
    "that the theme takes up a larger part of this report than of nine in ten reports of the group; whether that is "
    "more or less than most is said only where five findings were made on it or expected. The authority itself is "
    "left out of every group."
)


@dataclass(frozen=True)
class Benchmark(InDepth):
    """One authority beside others.

    Attributes:
        entry: the authority.
        as_of: inspections that ended by this day count; None: all.
        latest: its latest full report, or None.
        history: all its reports of all frameworks (and of authorities it replaced), the earliest first.
        groups: what it is compared with, by name.
        chief: name of the group that was asked for.
        themes: one comparison a theme, in the order of the taxonomy; those of SEND inspections, which full
            inspections do not cover, are left out.
        asked: the group as it was asked for ("outstanding").
        full: the full reports of each authority by URN, the earliest first.
        labels: the clusters that findings can carry, by number.
    """

    entry: AuthorityEntry
    as_of: datetime.date | None
    latest: Report | None
    history: tuple[Report, ...]
    groups: dict[str, Group]
    chief: str
    themes: tuple[ThemeComparison, ...]
    asked: str = ""
    full: Mapping[int, tuple[Report, ...]] = field(default_factory=dict, repr=False)
    labels: Mapping[int, ClusterLabel] = field(default_factory=dict, repr=False)

    @property
    def group(self) -> Group:
        """The group that was asked for."""
        return self.groups[self.chief]

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """The action list of the latest full report."""
        return self.latest.recommendations if self.latest else ()

    @cached_property
    def summary(self) -> list[str]:
        """A handful of plain sentences, each counted from the data."""
        from ofsted_nlp.analysis.narrative import summary

        return summary(self)

    def top(
        self, polarity: Polarity | str, wanted: int = 3, each: int = 3
    ) -> list[tuple[ThemeComparison, list[Finding]]]:
        """The themes with the most findings of a polarity ("concern", "strength"), each with its surest findings."""
        side = Polarity(polarity).value
        if side not in ("concern", "strength"):
            raise UsageError(f"Top findings are of polarity concern or strength, not {side!r}.")
        raised = self.raised(side)
        return [(theme, list(getattr(theme, side).findings[:each])) for theme in raised[:wanted]]

    def raised(self, side: str) -> list[ThemeComparison]:
        """The themes with at least one finding as "concern" or "strength", ranked."""
        return [theme for theme in self.ranked(side) if getattr(theme, side).findings]

    def ranked(self, side: str) -> list[ThemeComparison]:
        """The themes by findings as "concern" or "strength".

        Of as many findings, those that the action list names come first, then those with the surest finding,
        then those that more reports in England raise.
        """

        def weight(theme: ThemeComparison) -> tuple[int, bool, float, int]:
            own = getattr(theme, side)
            listed = side == "concern" and theme.recommendations > 0
            surest = max((finding.score for finding in own.findings), default=0.0)
            return -len(own.findings), not listed, -round(surest, 2), -own.groups["england"].n

        return sorted(self.themes, key=weight)

    @property
    def table(self) -> pandas.DataFrame:
        """One row a theme that the report or a group raises, most concerns first.

        Columns: code, theme, recommendations; then for "concern" and for "strength": number of findings, share
        of the report's evaluative findings, percentile and standing in the chief group, and the share of each
        group's reports that raise it (``concern_neighbours`` ...; missing where there are too few to tell).
        """
        import pandas

        rows = []
        for theme in self.themes:
            row: dict[str, Any] = {
                "code": theme.code,
                "theme": theme.title,
                "recommendations": theme.recommendations,
            }
            for name, side in (("concern", theme.concern), ("strength", theme.strength)):
                chief = side.groups[self.chief]
                row |= {
                    f"{name}_findings": len(side.findings),
                    f"{name}_share": side.share,
                    f"{name}_percentile": chief.percentile,
                    f"{name}_standing": side.standing(self.chief),
                }
                row |= {f"{name}_{key}": group.share for key, group in side.groups.items()}
            rows.append(row)
        frame = pandas.DataFrame(rows)
        order = ["concern_findings", "strength_findings"]
        return frame.sort_values(order, ascending=False, kind="stable").reset_index(drop=True)

    @property
    def timeline(self) -> pandas.DataFrame:
        """One row a judgement, in order of date; an inspection without judgements has one row."""
        import pandas

        columns = ["inspected", "published", "authority", "framework", "judgement", "grade", "page", "file"]
        return pandas.DataFrame(self.timeline_rows(), columns=columns)

    def timeline_rows(self) -> list[dict[str, Any]]:
        """The timeline as plain rows."""
        rows = []
        for report in self.history:
            for judgement in report.judgements or (None,):
                rows.append(
                    {
                        "inspected": inspected(report),
                        "published": published(report),
                        "authority": report.authority.name if report.authority else None,
                        "framework": report.framework,
                        "judgement": judgement and judgement.code,
                        "grade": judgement and judgement.grade,
                        "page": judgement and judgement.page,
                        "file": report.source.file,
                    }
                )
        return rows

    @property
    def peers(self) -> pandas.DataFrame:
        """One row an authority of the chief group, this one first: latest full inspection and its grades."""
        import pandas

        return pandas.DataFrame(self.peer_rows())

    def peer_rows(self) -> list[dict[str, Any]]:
        """The peers as plain rows; an authority without a full report has its name alone."""
        found = [(self.entry, self.latest)]
        found += [(entry, self.group.latest.get(entry.urn)) for entry in self.group.members]
        given = {j.code for _, report in found if report for j in report.judgements}
        codes = [code for code in JUDGEMENT_WORDS if code in given] + sorted(given - set(JUDGEMENT_WORDS))
        return [
            {
                "authority": entry.display_name,
                "inspected": report and inspected(report),
                "framework": report and report.framework,
                **{code: report and report.grade(code) for code in codes},
                "file": report and report.source.file,
            }
            for entry, report in found
        ]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, in the shape of ``ofsted-nlp benchmark --format json``."""
        from ofsted_nlp.analysis.benchmark.data import plain

        return plain(self)

    def to_json(self) -> str:
        """``to_dict`` as JSON."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def to_html(self, path: str | Path | None = None) -> str | None:
        """One self-contained HTML page: written to ``path`` if given, else returned."""
        from ofsted_nlp.presentation.html import benchmark_page

        return _given(benchmark_page(self), path)

    def to_xlsx(self, path: str | Path) -> None:
        """An Excel workbook; ``presentation.export.benchmark_workbook`` says what is in it."""
        from ofsted_nlp.presentation.export import benchmark_workbook

        benchmark_workbook(self, path)

    def to_csv(self, path: str | Path | None = None) -> str | None:
        """One row for each theme as concern and as strength: written to ``path`` if given, else returned."""
        from ofsted_nlp.presentation.export import benchmark_csv

        return _given(benchmark_csv(self), path)

    def to_markdown(self, path: str | Path | None = None) -> str | None:
        """The benchmark as Markdown: written to ``path`` if given, else returned."""
        from ofsted_nlp.presentation.benchmark_markdown import benchmark_markdown

        return _given(benchmark_markdown(self), path)

    def plot(self, kind: str = "profile", **options: Any) -> Figure:
        """A matplotlib figure with alternative text (``.alt``): "profile", "timeline" or "heat_map".

        See ``presentation.plots.benchmark_plot``; ``.save("x.png")`` writes it.

        Raises:
            UsageError: no such kind.
            NotFoundError: there is nothing to plot.
        """
        from ofsted_nlp.presentation.plots import benchmark_plot

        return benchmark_plot(self, kind, **options)

    def __repr__(self) -> str:
        with_report = len(self.group.latest)
        return f"<Benchmark of {self.entry.display_name} against {with_report} reports: {self.group.title}>"

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import benchmark_tables

        return benchmark_tables(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import benchmark_html

        return benchmark_html(self)


def benchmark(
    reports: Iterable[Report],
    authority: AuthorityEntry | str,
    against: str | Sequence[AuthorityEntry | str] = "neighbours",
    as_of: datetime.date | None = None,
    *,
    clusters: Iterable[Mapping[str, Any]] = (),
    profile: Callable[[Report], Profile] = Profile,
) -> Benchmark:
    """Compares an authority's latest full report with those of others.

    Args:
        reports: reports of any authorities and frameworks.
        authority: the authority, or a name of it.
        against: "neighbours", "region", "england", an overall grade ("outstanding", "good neighbours"), or
            authorities by name or entry (a string of names is split at commas).
        as_of: only inspections that ended by this day count.
        clusters: rows with id, label, polarity and theme of the clusters that findings carry.
        profile: gives a report's counts; one that keeps them spares time where many authorities are compared.

    Raises:
        NotFoundError: an authority is not known, or there is no report of the one asked for.
        UsageError: ``against`` names nobody to compare with.
    """
    entry = register().named(authority) if isinstance(authority, str) else authority
    known = by_authority(known_on(reports, as_of))
    forebears = [old.urn for old in register() if entry.urn in old.successors]
    history = [report for urn in (*forebears, entry.urn) for report in known.get(urn, [])]
    if not history:
        when = f" of an inspection that ended by {as_of}" if as_of else ""
        raise NotFoundError(
            f"There is no report on {entry.display_name}{when}. Take a later day, or add older reports."
        )
    full = {urn: found for urn, reports_ in known.items() if (found := _full(reports_))}
    latest = {urn: found[-1] for urn, found in full.items()}
    grades = {urn: grade for urn, found in full.items() if (grade := _last_grade(found))}
    made = compare_with(entry, against, latest, as_of or datetime.date.max, grades)
    chief = chief_group(against)
    own = latest.get(entry.urn)
    return Benchmark(
        entry=entry,
        as_of=as_of,
        latest=own,
        history=tuple(sorted(history, key=lambda report: inspected(report) or datetime.date.min)),
        groups=made,
        chief=chief,
        themes=_compare(own, made, profile),
        asked=against if isinstance(against, str) else chief,
        full=full,
        labels=cluster_labels(clusters),
    )


def _given(text: str, path: str | Path | None) -> str | None:
    """The text, or None once it is written to ``path``."""
    if path is None:
        return text
    Path(path).write_text(text, encoding="utf-8")
    return None


def _full(reports: list[Report]) -> tuple[Report, ...]:
    return tuple(report for report in reports if report.framework in FULL_FRAMEWORKS)


def _last_grade(reports: Sequence[Report]) -> str | None:
    """The overall grade of the latest inspection that gave one; those after March 2026 give none."""
    graded = [r.grade("overall_effectiveness") for r in reports if r.framework in GRADED_FRAMEWORKS]
    return next((grade for grade in reversed(graded) if grade), None)


def _compare(
    own: Report | None, made: dict[str, Group], profile_of: Callable[[Report], Profile]
) -> tuple[ThemeComparison, ...]:
    profile = profile_of(own) if own else None
    others = {name: [profile_of(report) for report in group.latest.values()] for name, group in made.items()}

    def side(polarity: Polarity, theme: str) -> Side:
        return Side(
            findings=tuple(profile.on(polarity, theme)) if profile else (),
            share=profile.share(polarity, theme) if profile else 0.0,
            groups={name: among(profile, found, polarity, theme) for name, found in others.items()},
        )

    leading = [item.themes[0] for item in (own.recommendations if own else ()) if item.themes]
    return tuple(
        ThemeComparison(
            code=theme.code,
            title=theme.title,
            group=groups()[theme.group],
            recommendations=leading.count(theme.code),
            concern=side(Polarity.CONCERN, theme.code),
            strength=side(Polarity.STRENGTH, theme.code),
        )
        for theme in themes().values()
        if theme.code != NONE and theme.group != "send"
    )
