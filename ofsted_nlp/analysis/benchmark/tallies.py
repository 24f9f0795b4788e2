"""Counts of a report's concerns and strengths by theme or by cluster, made once for all that compares them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

from ofsted_nlp.analysis.benchmark.evidence import BOARD, SIDES, ClusterLabel, Evidence, cluster_of
from ofsted_nlp.analysis.comparison import Profile
from ofsted_nlp.records import Finding, Polarity, Report
from ofsted_nlp.themes import NONE

Key = tuple[Polarity, Hashable]
"""Concern or strength, and the theme's code or the cluster's number."""


class Tally:
    """A report's counts; only findings with a sure polarity, under their leading theme or in their cluster.

    Attributes:
        report: the report.
        evaluative: its findings of all evaluative polarities.
        found: its findings by side and key.
        counts: their numbers; 0 for a key that it does not raise.
    """

    def __init__(self, report: Report, kind: str, labels: Mapping[int, ClusterLabel], board: bool = True) -> None:
        self.report = report
        kept = [finding for finding in Profile(report).sure if board or finding.section != BOARD]
        self.evaluative = sum(finding.polarity is not Polarity.NEUTRAL for finding in kept)
        self._by_side = Counter(finding.polarity for finding in kept)
        self.found: dict[Key, list[Finding]] = {}
        for finding in kept:
            for side in SIDES:
                key: Hashable = None
                if kind == "cluster":
                    key = cluster_of(finding, side, labels)
                elif finding.polarity is side and finding.themes[:1] not in ((), (NONE,)):
                    key = finding.themes[0]
                if key is not None:
                    self.found.setdefault((side, key), []).append(finding)
        self.counts: Counter[Key] = Counter({key: len(found) for key, found in self.found.items()})

    def base(self, of: str, side: Polarity) -> int:
        """Out of how many findings a share is taken: "all" evaluative ones, or those of the "side"."""
        return self.evaluative if of == "all" else self._by_side[side]

    def evidence(self, side: Polarity, key: Hashable) -> list[Evidence]:
        """The findings of a side on a theme or in a cluster."""
        return [Evidence(finding, self.report) for finding in self.found.get((side, key), ())]

    def keys(self, side: Polarity) -> set[Hashable]:
        """What it raises on a side."""
        return {key for found, key in self.found if found is side}


class Tallies:
    """The counts of many reports, each counted once.

    Args:
        labels: the clusters that findings can carry, by number.
        board: whether findings on a safeguarding children board, a part of single inspections alone, count too.
    """

    def __init__(self, labels: Mapping[int, ClusterLabel] | None = None, *, board: bool = True) -> None:
        self.labels = labels or {}
        self._board = board
        self._known: dict[tuple[int, str], Tally] = {}

    def of(self, report: Report, kind: str) -> Tally:
        """The counts of a report by "theme" or by "cluster"."""
        key = (id(report), kind)
        if key not in self._known:
            self._known[key] = Tally(report, kind, self.labels, self._board)
        return self._known[key]

    def alike(self, own: Report, reports: Iterable[Report], kind: str) -> list[Tally]:
        """The counts of the reports of the same framework as one's own."""
        return [self.of(report, kind) for report in reports if report.framework == own.framework]
