"""Which concerns an authority's own inspections raise again, and what that can and cannot show.

A theme is broad: nearly every report raises a concern on a common theme, so that one returns says little by itself.
Beside each stands therefore how usual it is: of the other authorities whose earlier report (of the same framework)
raised the theme, how many raised it in the later one too. A cluster is narrower. Where texts are at hand, the most
alike sentences are paired; they show what to read side by side, and do not prove that the same failing is meant: pairs
as alike are found about as often between the reports of different authorities (docs/benchmark.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.benchmark.evidence import Evidence, Likeness, pages
from ofsted_nlp.analysis.benchmark.tallies import Tallies
from ofsted_nlp.analysis.comparison import FEWEST, wilson
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.records import Polarity, Report
from ofsted_nlp.themes import themes

CONCERN = Polarity.CONCERN

ALIKE = 0.70
"""Cosine from which two concerns on one theme are shown as a pair (docs/benchmark.md says how rare that is)."""

STATES = {
    "persists": "raised in the latest report and in the one before",
    "returns": "raised in the latest report and earlier, but not in the one before",
    "new": "raised in the latest report alone",
    "gone": "raised earlier; no finding of the latest report that leads with it is a sure concern",
}

METHOD = (
    "Own full inspections in order, concerns with a sure polarity by leading theme (and by cluster where findings "
    "have one), without what single inspections say on the safeguarding children board. That a theme persists means "
    "that both reports report a shortfall somewhere in it, not that it is the same shortfall, nor that nothing has "
    "become better in between. Beside it stands how usual that is among authorities inspected under the same two "
    "frameworks. Pairs of alike sentences are for reading side by side; pairs as alike occur between different "
    "authorities too."
)


@dataclass(frozen=True)
class Raised:
    """A theme or cluster as a concern in one inspection: the report, the findings, out of how many evaluative ones."""

    report: Report
    findings: tuple[Evidence, ...]
    base: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        when = inspected(self.report)
        return {
            "file": self.report.source.file,
            "framework": self.report.framework,
            "inspected": when.isoformat() if when else None,
            "findings": len(self.findings),
            "share": round(len(self.findings) / self.base, 4) if self.base else None,
            "pages": pages(self.findings),
            "ids": [item.finding.id for item in self.findings],
        }


@dataclass(frozen=True)
class Pair:
    """A concern of the latest report beside the most alike one of an earlier report, on the same theme."""

    theme: str
    earlier: Evidence
    later: Evidence
    likeness: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "theme": self.theme,
            "likeness": round(self.likeness, 2),
            "earlier": self.earlier.to_dict(),
            "later": self.later.to_dict(),
        }


@dataclass(frozen=True)
class Thread:
    """A theme, or a cluster, as a concern through an authority's inspections.

    Attributes:
        kind: "theme" or "cluster".
        code, title: of the theme, or number and label of the cluster.
        state: a key of ``STATES``.
        raised: one entry for each inspection, the earliest first, also where it found nothing.
        usual: how many raised it again, of the other authorities whose report before the latest raised it: (n, of).
    """

    kind: str
    code: str
    title: str
    state: str
    raised: tuple[Raised, ...]
    usual: tuple[int, int]

    @property
    def usual_share(self) -> float | None:
        """``usual`` as a share; None below five authorities."""
        n, of = self.usual
        return n / of if of >= FEWEST else None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        n, of = self.usual
        low, high = wilson(n, of) if of >= FEWEST else (None, None)
        return {
            "kind": self.kind,
            "code": self.code,
            "title": self.title,
            "state": self.state,
            "means": STATES[self.state],
            "raised": [item.to_dict() for item in self.raised],
            "usual": {
                "n": n,
                "of": of,
                "share": None if self.usual_share is None else round(self.usual_share, 4),
                "low": None if low is None else round(low, 4),
                "high": None if high is None else round(high, 4),
                "note": None if of >= FEWEST else "too few to tell",
            },
        }


@dataclass(frozen=True)
class Persistence:
    """Concerns through an authority's own inspections.

    Attributes:
        reports: its full reports that have findings, the earliest first.
        threads: themes, then clusters; those of the latest report first, the most findings first.
        pairs: alike sentences of the latest report and an earlier one, the most alike first; empty without texts.
        texts: whether all of these reports have their texts at hand.
    """

    reports: tuple[Report, ...]
    threads: tuple[Thread, ...]
    pairs: tuple[Pair, ...]
    texts: bool

    def of(self, *states: str, kind: str = "theme") -> list[Thread]:
        """The threads of a kind that are in one of these states."""
        return [thread for thread in self.threads if thread.kind == kind and thread.state in states]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "reports": [report.source.file for report in self.reports],
            "threads": [t.to_dict() for t in self.threads if t.kind == "theme" or t.state != "gone"],
            "clusters_gone": len(self.of("gone", kind="cluster")),
            "pairs": [pair.to_dict() for pair in self.pairs],
            "texts": self.texts,
            "alike": ALIKE,
        }


def persistence(
    own: Sequence[Report],
    others: Sequence[Sequence[Report]],
    tallies: Tallies | None = None,
    likeness: Likeness | None = None,
) -> Persistence:
    """Follows each theme, and each cluster, as a concern through an authority's inspections.

    Args:
        own: its full reports, the earliest first.
        others: the full reports of each other authority, the earliest first.
        tallies: counts of reports, with the clusters' labels; None to count anew, without clusters.
        likeness: compares sentences; None for the package's encoder.
    """
    count = tallies or Tallies(board=False)
    kept = tuple(report for report in own if count.of(report, "theme").evaluative)
    threads: list[Thread] = []
    pairs: list[Pair] = []
    if len(kept) > 1:
        for kind in ("theme", "cluster"):
            threads += _threads(kind, kept, others, count)
        pairs = _pairs(kept, count, likeness or Likeness())
    texts = bool(kept) and all(finding.text for report in kept for finding in report.findings)
    return Persistence(kept, tuple(threads), tuple(pairs), texts)


def _threads(kind: str, own: Sequence[Report], others: Sequence[Sequence[Report]], count: Tallies) -> list[Thread]:
    found = [count.of(report, kind) for report in own]
    keys = dict.fromkeys(key for tally in found for side, key in tally.found if side is CONCERN)
    before = [pair for reports in others if (pair := _last_two(reports, own))] if keys else []
    paired = [(count.of(a, kind).keys(CONCERN), count.of(b, kind).keys(CONCERN)) for a, b in before]
    made = []
    for key in keys:
        raised = tuple(Raised(t.report, tuple(t.evidence(CONCERN, key)), t.evaluative) for t in found)
        had = [later for earlier, later in paired if key in earlier]
        usual = (sum(key in later for later in had), len(had))
        title = count.labels[int(str(key))].label if kind == "cluster" else themes()[str(key)].title
        made.append(Thread(kind, str(key), title, _state(raised), raised, usual))
    order = list(STATES)
    made.sort(key=lambda t: (order.index(t.state), -len(t.raised[-1].findings), -len(t.raised[-2].findings), t.title))
    return made


def _last_two(reports: Sequence[Report], own: Sequence[Report]) -> tuple[Report, Report] | None:
    """Another authority's last two reports, if they are of the same two frameworks as the own last two."""
    kept = [report for report in reports if report.findings]
    if len(kept) < 2 or [r.framework for r in kept[-2:]] != [r.framework for r in own[-2:]]:
        return None
    return kept[-2], kept[-1]


def _state(raised: Sequence[Raised]) -> str:
    if not raised[-1].findings:
        return "gone"
    if raised[-2].findings:
        return "persists"
    return "returns" if any(item.findings for item in raised[:-2]) else "new"


def _pairs(own: Sequence[Report], count: Tallies, likeness: Likeness) -> list[Pair]:
    """For each concern of the latest report the most alike earlier one on the theme, if it is alike enough."""
    *before, latest = [count.of(report, "theme") for report in own]
    pairs = []
    for key in latest.keys(CONCERN):
        earlier = [item for tally in before for item in tally.evidence(CONCERN, key) if item.finding.text]
        for item in latest.evidence(CONCERN, key):
            nearest = likeness.to_any([item.finding.text], earlier)[:1]
            if nearest and nearest[0].likeness is not None and nearest[0].likeness >= ALIKE:
                pairs.append(Pair(str(key), nearest[0], item, nearest[0].likeness))
    pairs.sort(key=lambda pair: (-pair.likeness, pair.later.finding.page, pair.later.finding.id))
    return pairs
