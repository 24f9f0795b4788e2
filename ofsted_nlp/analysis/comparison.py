"""How much a report says on each theme, and where it stands among other reports."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ofsted_nlp.records import Finding, Polarity, Report
from ofsted_nlp.themes import NONE

FEWEST = 5
"""With fewer reports than this in a group, a share is too few to tell."""

FEWEST_FINDINGS = 5
"""Where neither that many findings were made nor that many expected, there are too few to tell (Cochran's rule)."""

ACTION_LISTS = frozenset({"recommendations", "areas_for_improvement", "priority_action"})
"""Sections that are action lists. Their sentences are counted as items of the list, and not again as findings."""

NO_TEXT = "add the report file to see the sentence"
"""Shown in place of a sentence of which only page and span are known."""

_Z = 1.959963984540054


def wilson(n: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share by Wilson's score method without continuity correction.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927).

    Raises:
        ValueError: ``of`` is not positive, or ``n`` is not between 0 and ``of``.
    """
    if of <= 0 or not 0 <= n <= of:
        raise ValueError(f"{n} out of {of} is no share")
    share, square = n / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return (0.0 if n == 0 else middle - half), (1.0 if n == of else middle + half)


def percentile_rank(value: float, others: Sequence[float]) -> float:
    """Per cent of ``others`` that are lower, equal ones counting half.

    Raises:
        ValueError: there are no others.
    """
    if not others:
        raise ValueError("no others to rank among")
    lower = sum(other < value for other in others)
    equal = sum(other == value for other in others)
    return 100 * (lower + equal / 2) / len(others)


@dataclass(frozen=True)
class Profile:
    """A report's evaluative findings (strength, concern, mixed) by leading theme.

    Only findings with a score of at least ``records.SURE`` are counted, here and in every group; items of the action
    list, which say again what the findings say, are not.
    """

    report: Report

    @cached_property
    def sure(self) -> list[Finding]:
        """The findings that count."""
        return [finding for finding in self.report.findings if finding.sure and finding.section not in ACTION_LISTS]

    @property
    def unsure(self) -> int:
        """How many evaluative findings do not count because the classifier is not sure of them."""
        return sum(
            f.polarity is not Polarity.NEUTRAL and not f.sure and f.section not in ACTION_LISTS
            for f in self.report.findings
        )

    @cached_property
    def evaluative(self) -> int:
        """How many findings evaluate."""
        return sum(finding.polarity is not Polarity.NEUTRAL for finding in self.sure)

    @cached_property
    def _counts(self) -> Counter[tuple[Polarity, str]]:
        return Counter((f.polarity, f.themes[0] if f.themes else NONE) for f in self.sure)

    def findings(self, polarity: Polarity, theme: str | None = None) -> int:
        """Findings of a polarity, on one leading theme or on all."""
        if theme is not None:
            return self._counts[polarity, theme]
        return sum(n for (found, _), n in self._counts.items() if found is polarity)

    def share(self, polarity: Polarity, theme: str | None = None) -> float:
        """``findings`` over all evaluative findings of the report; 0 where there are none."""
        return self.findings(polarity, theme) / self.evaluative if self.evaluative else 0.0

    def on(self, polarity: Polarity, theme: str) -> list[Finding]:
        """The findings of a polarity on one leading theme, the surest first."""
        found = [f for f in self.sure if f.polarity is polarity and f.themes[:1] == (theme,)]
        return sorted(found, key=lambda f: (-f.score, f.page, f.start))


@dataclass(frozen=True)
class AmongGroup:
    """A theme of one polarity among the latest full reports of a group of authorities.

    Attributes:
        n: reports that raise the theme at least once.
        of: reports of the group that have evaluative findings.
        lower: reports in which the theme takes up a smaller share than in the authority's.
        median_share: median share of a report's evaluative findings that the theme takes up; None of nothing.
        percentile: rank of the authority's share in the group, 0 to 100 (equal ones count half); None if the
            group has fewer than ``FEWEST`` reports or the authority has no report.
    """

    n: int
    of: int
    lower: int
    median_share: float | None
    percentile: float | None

    @property
    def enough(self) -> bool:
        """Whether the group has enough reports to tell."""
        return self.of >= FEWEST

    @property
    def share(self) -> float | None:
        """Share of the reports that raise the theme, or None if there are too few to tell."""
        return self.n / self.of if self.enough else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95% interval of ``share``, or None if there are too few reports to tell."""
        return wilson(self.n, self.of) if self.enough else None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, shares rounded to four places."""
        low, high = self.interval or (None, None)
        return {
            "n": self.n,
            "of": self.of,
            "lower": self.lower,
            "share": _rounded(self.share),
            "low": _rounded(low),
            "high": _rounded(high),
            "median_share": _rounded(self.median_share),
            "percentile": None if self.percentile is None else round(self.percentile, 1),
            "note": None if self.enough else "too few to tell",
        }


def among(own: Profile | None, others: Sequence[Profile], polarity: Polarity, theme: str) -> AmongGroup:
    """Where a report stands among others on one theme; reports without evaluative findings do not count."""
    shares = [other.share(polarity, theme) for other in others if other.evaluative]
    ranked = own is not None and own.evaluative > 0 and len(shares) >= FEWEST
    return AmongGroup(
        n=sum(share > 0 for share in shares),
        of=len(shares),
        lower=sum(share < own.share(polarity, theme) for share in shares) if own else 0,
        median_share=statistics.median(shares) if shares else None,
        percentile=percentile_rank(own.share(polarity, theme), shares) if own and ranked else None,
    )


@dataclass(frozen=True)
class Side:
    """A theme as concern, or as strength, in the authority's latest full report and in each group."""

    findings: tuple[Finding, ...]
    share: float
    groups: dict[str, AmongGroup]

    def standing(self, group: str) -> str:
        """In words, how the share compares with the group's."""
        among_group = self.groups[group]
        if not among_group.enough:
            return "too few to tell"
        if among_group.percentile is None:
            return "no findings to compare"
        if not self.findings:
            return "not raised"
        expected = len(self.findings) / self.share * (among_group.median_share or 0.0) if self.share else 0.0
        if max(len(self.findings), expected) < FEWEST_FINDINGS:
            return "too few to tell"
        if among_group.percentile >= 80:
            return "more than most"
        if among_group.percentile <= 20:
            return "less than most"
        return "about as usual"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "findings": len(self.findings),
            "share": _rounded(self.share),
            "pages": sorted({finding.page for finding in self.findings}),
            "groups": {name: group.to_dict() for name, group in self.groups.items()},
            "standing": {name: self.standing(name) for name in self.groups},
        }


@dataclass(frozen=True)
class ThemeComparison:
    """One theme: as concern, as strength, and how many recommendations of the report lead with it."""

    code: str
    title: str
    group: str
    recommendations: int
    concern: Side
    strength: Side

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "code": self.code,
            "title": self.title,
            "group": self.group,
            "recommendations": self.recommendations,
            "concern": self.concern.to_dict(),
            "strength": self.strength.to_dict(),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
