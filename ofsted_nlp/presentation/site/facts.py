"""What all pages of the site share: the reports that count, sorted by authority, and their findings by theme."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ofsted_nlp.analysis.comparison import Profile
from ofsted_nlp.analysis.inspections import FULL_FRAMEWORKS, GRADED_FRAMEWORKS, by_authority, inspected, known_on
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.records import Finding, Polarity, Report
from ofsted_nlp.themes import NONE, Theme, themes

STRANDS = {
    "Overall": ("overall_effectiveness",),
    "Leaders": ("impact_of_leaders", "leadership"),
    "Help and protection": ("help_and_protection",),
    "Children in care": ("in_care", "care_and_care_leavers", "looked_after_permanence"),
    "Care leavers": ("care_leavers",),
}
"""Columns of grades, and the judgements of the frameworks that stand in them, the newer first."""


def slug(entry: AuthorityEntry) -> str:
    """The name of an authority's page, without folder and ending."""
    words = re.sub(r"[^a-z0-9]+", "-", entry.display_name.lower().replace("'", ""))
    return words.strip("-")


def strand_grades(report: Report) -> list[tuple[str, int] | None]:
    """For each of ``STRANDS`` grade and page, None where the report gives no such grade."""
    given = {judgement.code: (judgement.grade, judgement.page) for judgement in report.judgements}
    return [next((given[code] for code in codes if code in given), None) for codes in STRANDS.values()]


@dataclass(frozen=True)
class Standing:
    """An authority on a day.

    Attributes:
        newest: its latest graded inspection, or None.
        overall: the latest of them that gives an overall grade, or None.
        before: the one before that with an overall grade, or None.
    """

    newest: Report | None
    overall: Report | None
    before: Report | None


class Facts:
    """The reports of a site.

    Args:
        reports: of any authorities and frameworks.
        as_of: only inspections that ended by this day count.
    """

    def __init__(self, reports: Iterable[Report], as_of: datetime.date | None = None) -> None:
        self.as_of = as_of
        self.reports = known_on(reports, as_of)
        self._by_urn = by_authority(self.reports)
        self._profiles: dict[int, Profile] = {}

    @cached_property
    def last(self) -> datetime.date | None:
        """The last day on which an inspection at hand ended."""
        return max((when for report in self.reports if (when := inspected(report))), default=None)

    @cached_property
    def entries(self) -> list[AuthorityEntry]:
        """The authorities with a page: those that exist, and abolished ones with a report, by name."""
        kept = [entry for entry in register() if not entry.abolished or entry.urn in self._by_urn]
        return sorted(kept, key=lambda entry: entry.display_name.lower())

    @cached_property
    def regions(self) -> list[str]:
        """The regions, in order of the alphabet."""
        return sorted({entry.region for entry in self.entries})

    def existing(self, entry: AuthorityEntry) -> tuple[datetime.date | None, datetime.date | None]:
        """The first day on which an authority existed, where it took over from one of the register, and the end."""
        began = [old.abolished_on for old in register() if entry.urn in old.successors and old.abolished_on]
        return max(began, default=None), entry.abolished_on

    def history(self, entry: AuthorityEntry) -> list[Report]:
        """All its reports, the earliest first."""
        return self._by_urn.get(entry.urn, [])

    def full(self, entry: AuthorityEntry) -> list[Report]:
        """Its full reports, the earliest first."""
        return [report for report in self.history(entry) if report.framework in FULL_FRAMEWORKS]

    def graded(self, entry: AuthorityEntry) -> list[Report]:
        """Its reports of frameworks that grade, the earliest first."""
        return [report for report in self.history(entry) if report.framework in GRADED_FRAMEWORKS]

    def latest(self, entry: AuthorityEntry) -> Report | None:
        """Its latest full report."""
        full = self.full(entry)
        return full[-1] if full else None

    def standing(self, entry: AuthorityEntry) -> Standing:
        """Where an authority stands, by the rules of ``analysis.statistics``."""
        graded = self.graded(entry)
        overall = [report for report in graded if report.grade("overall_effectiveness")]
        return Standing(
            graded[-1] if graded else None,
            overall[-1] if overall else None,
            overall[-2] if len(overall) > 1 else None,
        )

    def profile(self, report: Report) -> Profile:
        """The counts of a report, made once."""
        return self._profiles.setdefault(id(report), Profile(report))

    def on(self, report: Report, side: str, theme: str) -> list[Finding]:
        """The sure findings of a report as "concern" or "strength" on a leading theme, in reading order."""
        found = self._themed(report).get((Polarity(side), theme), [])
        return sorted(found, key=lambda finding: (finding.page, finding.start))

    def balance(self, report: Report, theme: str) -> tuple[int, int]:
        """How many sure concerns and strengths a report has on a theme."""
        found = self._themed(report)
        concerns, strengths = (found.get((side, theme), ()) for side in (Polarity.CONCERN, Polarity.STRENGTH))
        return len(concerns), len(strengths)

    @cached_property
    def _found(self) -> dict[int, dict[tuple[Polarity, str], list[Finding]]]:
        return {}

    def _themed(self, report: Report) -> dict[tuple[Polarity, str], list[Finding]]:
        if id(report) not in self._found:
            made: dict[tuple[Polarity, str], list[Finding]] = {}
            for finding in self.profile(report).sure:
                if finding.themes:
                    made.setdefault((finding.polarity, finding.themes[0]), []).append(finding)
            self._found[id(report)] = made
        return self._found[id(report)]

    @cached_property
    def themes(self) -> list[Theme]:
        """The themes that full reports can raise, in the order of the taxonomy."""
        return [theme for theme in themes().values() if theme.code != NONE and theme.group != "send"]

    @cached_property
    def texts(self) -> bool:
        """Whether the text of any finding is at hand."""
        return any(finding.text for report in self.reports for finding in report.findings[:1])


def pages_of(findings: Sequence[Finding]) -> list[int]:
    """The pages of findings, each once."""
    return sorted({finding.page for finding in findings})
