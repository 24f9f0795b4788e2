"""Which themes and clusters a report raises more or less than others of its kind, and which hardly any other does.

Two questions, two measures. How large is the difference: an odds ratio, the theme's odds among the report's findings
against its odds among the findings of the group's reports of the same framework. Sentences of one report are not
independent, so counts are first divided by the design effect that the reports of England show for that theme (Rao and
Scott, "A simple method for the analysis of clustered binary data", Biometrics 48, 1992), then a half is added to each
(Haldane 1956; Gart and Zweifel, Biometrika 54, 1967); the 95% interval uses Student's t with one degree of freedom less
than there are reports in England. Is it more than reports differ anyway: the beta-binomial distribution (Skellam 1948)
says how many findings on the theme reports of that length have, and how improbable as many, or as few, would be; it is
exact where the odds ratio's interval is an approximation. Of a table of comparisons, these probabilities are adjusted
together by Benjamini and Hochberg's procedure (Journal of the Royal Statistical Society B 57, 1995).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ofsted_nlp.analysis.benchmark.evidence import SIDES, ClusterLabel, Evidence
from ofsted_nlp.analysis.benchmark.tallies import Tallies
from ofsted_nlp.analysis.comparison import FEWEST, FEWEST_FINDINGS, wilson
from ofsted_nlp.records import Polarity, Report
from ofsted_nlp.themes import NONE, themes

CHANCE = 0.05
"""Share of chance findings accepted among those marked."""

HARDLY_ANY = 0.10
"""What at most this share of the others raises, by the upper end of the interval, is specific to an authority."""

BASES = {
    "all": "of the report's evaluative findings",
    "side": "of the report's findings of that polarity",
}

METHOD = (
    "Each report is compared only with reports of the same framework. “Usual” is the range in which 95 of 100 reports "
    "of that length lie by the beta-binomial distribution, given the group's share and how much reports in England "
    "differ from each other on the theme. The odds ratio says how many times as large the theme's odds are in this "
    "report as in the group's (1: no difference), with an approximate 95% interval. Below five reports, or where "
    "neither five findings were made nor five expected, it is too few to tell. “Perhaps more” or “perhaps less” is "
    "what would be improbable (5%) if it were the only comparison; “more” or “less” is what stays so when all rows of "
    "the table are tested together (Benjamini and Hochberg), so that about one in twenty of those marked may be "
    "chance."
)


@dataclass(frozen=True)
class Representation:
    """How much of a theme, or of a cluster, a report has, against the group's reports of the same framework.

    Attributes:
        kind: "theme" or "cluster".
        code: the theme's code, or the cluster's number as text.
        title: its title or label.
        side: concern or strength.
        findings: how many the report has.
        base: out of how many.
        expected: how many a report of that length would have with the group's share.
        raised_by: how many of the group's reports raise it at all.
        reports: how many reports of the same framework the group has.
        usual: the range in which 95 of 100 reports of that length lie; this and what follows is None where there are
            too few to tell.
        odds_ratio: the effect, with ``low`` and ``high`` of its 95% interval.
        p: probability of as many findings or more (or as few or fewer), doubled, if the report were like the others.
        adjusted: the same, adjusted for all rows of the table.
    """

    kind: str
    code: str
    title: str
    side: Polarity
    findings: int
    base: int
    expected: float
    raised_by: int
    reports: int
    usual: tuple[int, int] | None = None
    odds_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    adjusted: float | None = None

    @property
    def share(self) -> float:
        """The report's share."""
        return self.findings / self.base if self.base else 0.0

    @property
    def expected_share(self) -> float:
        """The group's share."""
        return self.expected / self.base if self.base else 0.0

    @property
    def verdict(self) -> str:
        """In words."""
        if self.p is None or self.adjusted is None:
            return "too few to tell"
        if self.p > CHANCE:
            return "no clear difference"
        word = "more" if self.findings > self.expected else "less"
        return f"perhaps {word} than expected" if self.adjusted > CHANCE else f"{word} than expected"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "kind": self.kind,
            "code": self.code,
            "title": self.title,
            "side": self.side.value,
            "findings": self.findings,
            "of": self.base,
            "expected": round(self.expected, 1),
            "share": round(self.share, 4),
            "expected_share": round(self.expected_share, 4),
            "raised_by": self.raised_by,
            "reports": self.reports,
            "usual": None if self.usual is None else list(self.usual),
            "odds_ratio": _rounded(self.odds_ratio, 2),
            "low": _rounded(self.low, 2),
            "high": _rounded(self.high, 2),
            "p": _rounded(self.p, 5),
            "adjusted": _rounded(self.adjusted, 5),
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class Specific:
    """What the report raises and hardly any other report of its framework does.

    Attributes:
        kind, code, title, side: as in ``Representation``.
        evidence: its findings on it, in reading order.
        others: the reports in England that raise it too.
        reports: how many reports of that framework there are in England.
    """

    kind: str
    code: str
    title: str
    side: Polarity
    evidence: tuple[Evidence, ...]
    others: tuple[Report, ...]
    reports: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        low, high = wilson(len(self.others), self.reports)
        return {
            "kind": self.kind,
            "code": self.code,
            "title": self.title,
            "side": self.side.value,
            "evidence": [item.to_dict() for item in self.evidence],
            "raised_by": len(self.others),
            "reports": self.reports,
            "low": round(low, 4),
            "high": round(high, 4),
            "others": sorted(report.authority.name for report in self.others if report.authority),
        }


def representation(
    own: Report,
    group: Sequence[Report],
    england: Sequence[Report],
    *,
    kind: str = "theme",
    of: str = "all",
    tallies: Tallies | None = None,
) -> list[Representation]:
    """One row for each theme that the report or the group raises, as concern and as strength.

    Of clusters, which are many, a row for each that the report has or of which a report of its length has five.

    Args:
        own: the authority's report.
        group: reports of those that it is compared with; those of other frameworks are left out.
        england: reports of all others, for how much reports differ from each other.
        kind: "theme" or "cluster".
        of: a key of ``BASES``: whether shares are of all evaluative findings, or of those of the same polarity.
        tallies: counts of reports, with the clusters' labels; None to count anew, without clusters.
    """
    count = tallies or Tallies()
    mine = count.of(own, kind)
    near = [tally for tally in count.alike(own, group, kind) if tally.evaluative]
    wide = [tally for tally in count.alike(own, england, kind) if tally.evaluative]
    order = _titles(kind, count.labels)
    keys = {key for tally in (mine, *near) for key in tally.counts if key[1] in order}
    rows = []
    for key in sorted(keys, key=lambda key: (list(SIDES).index(key[0]), list(order).index(key[1]))):
        side = key[0]
        base = mine.base(of, side)
        pairs = [(tally.counts[key], n) for tally in near if (n := tally.base(of, side))]
        spread = [(tally.counts[key], n) for tally in wide if (n := tally.base(of, side))]
        total = sum(n for _, n in pairs)
        row = Representation(
            kind=kind,
            code=str(key[1]),
            title=order[key[1]],
            side=side,
            findings=mine.counts[key],
            base=base,
            expected=base * sum(k for k, _ in pairs) / total if total else 0.0,
            raised_by=sum(k > 0 for k, _ in pairs),
            reports=len(pairs),
        )
        if kind == "cluster" and not row.findings and row.expected < FEWEST_FINDINGS:
            continue
        if base and len(pairs) >= FEWEST and max(row.findings, row.expected) >= FEWEST_FINDINGS:
            spread = spread if len(spread) >= FEWEST else pairs
            ratio, low, high = effect((row.findings, base), pairs, spread)
            p, usual = chance((row.findings, base), pairs, spread)
            row = replace(row, odds_ratio=ratio, low=low, high=high, p=p, usual=usual)
        rows.append(row)
    return _adjusted(rows)


def _titles(kind: str, labels: Mapping[int, ClusterLabel]) -> dict[Hashable, str]:
    if kind == "cluster":
        return {number: label.label for number, label in sorted(labels.items())}
    return {theme.code: theme.title for theme in themes().values() if theme.code != NONE and theme.group != "send"}


def design_effect(pairs: Sequence[tuple[int, int]]) -> float:
    """How much more the share varies between reports than between independent sentences; at least 1.

    Args:
        pairs: of each report, the number of findings and out of how many; at least two reports.

    Source: Rao and Scott 1992, equation of the design effect of a ratio estimator.
    """
    m, total = len(pairs), sum(n for _, n in pairs)
    share = sum(k for k, _ in pairs) / total
    if not 0 < share < 1:
        return 1.0
    variance = m / (m - 1) * sum((k - share * n) ** 2 for k, n in pairs) / total**2
    return max(1.0, variance / (share * (1 - share) / total))


def effect(
    own: tuple[int, int], group: Sequence[tuple[int, int]], spread: Sequence[tuple[int, int]]
) -> tuple[float, float, float]:
    """Odds ratio with its 95% interval; see the module's docstring.

    Args:
        own: findings, and out of how many.
        group: the same for each report of the group.
        spread: the same for each report by which the design effect is found.
    """
    from scipy.stats import t

    shrink = design_effect(spread)
    k, n = own[0] / shrink, own[1] / shrink
    others, total = sum(k for k, _ in group) / shrink, sum(n for _, n in group) / shrink
    cells = (k + 0.5, n - k + 0.5, others + 0.5, total - others + 0.5)
    log_ratio = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
    error = math.sqrt(sum(1 / cell for cell in cells))
    reach = float(t.ppf(0.975, len(spread) - 1)) * error
    return math.exp(log_ratio), math.exp(log_ratio - reach), math.exp(log_ratio + reach)


def chance(
    own: tuple[int, int], group: Sequence[tuple[int, int]], spread: Sequence[tuple[int, int]]
) -> tuple[float, tuple[int, int]]:
    """How improbable as many or as few findings are in a report like the group's, and the usual range.

    The distribution is beta-binomial, with the group's share as its mean; its spread is that of ``spread``, widened for
    the group's mean being known from few reports only.

    Args:
        own: findings, and out of how many.
        group: the same for each report of the group.
        spread: the same for each report by which the design effect is found.

    Returns:
        The two-sided p value (the smaller tail, doubled), and the 2.5% and 97.5% quantiles of the number of findings.
    """
    import numpy as np
    from scipy.stats import betabinom, binom

    k, n = own
    total = sum(n for _, n in group)
    share = sum(k for k, _ in group) / total
    if not 0 < share < 1:
        # No report of the group raises it, or none anything else: half a finding more or less.
        share = (share * total + 0.5) / (total + 1)
    sizes = [n for _, n in spread]
    typical = sum(n * n for n in sizes) / sum(sizes)
    within = max(0.0, (design_effect(spread) - 1) / (typical - 1)) if typical > 1 else 0.0
    factor = (1 + (n - 1) * within) * (1 + n / total)
    within = min(0.99, (factor - 1) / (n - 1)) if n > 1 else 0.0
    if within > 1e-9:
        scale = (1 - within) / within
        each = betabinom.pmf(np.arange(n + 1), n, share * scale, (1 - share) * scale)
    else:
        each = binom.pmf(np.arange(n + 1), n, share)
    below = np.cumsum(each)
    tail = min(float(below[k]), float(each[k:].sum()))
    low, high = (int(np.searchsorted(below, part)) for part in (0.025, 0.975))
    return min(1.0, 2 * tail), (low, min(high, n))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The p values adjusted for their number, in the order given."""
    m = len(p_values)
    out = [1.0] * m
    least = 1.0
    for rank, place in sorted(enumerate(sorted(range(m), key=lambda i: p_values[i]), 1), reverse=True):
        least = min(least, p_values[place] * m / rank)
        out[place] = least
    return out


def _adjusted(rows: list[Representation]) -> list[Representation]:
    """Rows that are too few to tell count as tests with nothing found: to leave them out would flatter the others."""
    values = benjamini_hochberg([1.0 if row.p is None else row.p for row in rows])
    return [row if row.p is None else replace(row, adjusted=value) for row, value in zip(rows, values, strict=True)]


def specific(
    own: Report,
    england: Sequence[Report],
    *,
    kind: str = "theme",
    tallies: Tallies | None = None,
    fewest: int = 1,
) -> list[Specific]:
    """What the report raises with at least ``fewest`` findings, and by the interval at most one in ten others do.

    Args:
        own: the authority's report.
        england: reports of all others; those of other frameworks are left out.
        kind: "theme" or "cluster".
        tallies: counts of reports, with the clusters' labels; None to count anew, without clusters.
        fewest: findings that it takes.
    """
    count = tallies or Tallies()
    mine = count.of(own, kind)
    others = [tally for tally in count.alike(own, england, kind) if tally.evaluative]
    order = _titles(kind, count.labels)
    found = []
    for side, key in mine.found:
        evidence = mine.evidence(side, key)
        raising = [tally.report for tally in others if (side, key) in tally.found]
        rare = bool(others) and wilson(len(raising), len(others))[1] <= HARDLY_ANY
        if key in order and len(evidence) >= fewest and rare:
            row = Specific(kind, str(key), order[key], side, tuple(evidence), tuple(raising), len(others))
            found.append(row)
    return sorted(found, key=lambda row: (list(SIDES).index(row.side), len(row.others), -len(row.evidence), row.code))


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
