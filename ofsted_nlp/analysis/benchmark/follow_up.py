"""What the next full report says on each item of an action list: a strength, a concern, both, or nothing."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ofsted_nlp.analysis.benchmark.evidence import Evidence, Likeness, pages, surest
from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.records import Polarity, Recommendation, Report

ON_SUBJECT = 0.5
"""Cosine from which a finding that shares a theme with the item is taken to be on its subject."""

ALIKE_ANYWHERE = 0.65
"""Cosine from which a finding is taken to be on the item's subject whatever its themes."""

READ = 3
"""The verdict goes by at most so many of the likest findings."""

VERDICTS = ("now a strength", "still a concern", "both", "not mentioned", "not inspected")

METHOD = (
    "For each item of an action list, the findings of the next full report that share one of its themes. Where the "
    f"texts are at hand, those alike in wording count (cosine of at least {ON_SUBJECT}, or {ALIKE_ANYWHERE} on other "
    f"themes), at most the {READ} likest; where they are not, all findings whose leading theme is the item's, which "
    "says less. Praise alone makes “now a strength”, concern alone “still a concern”, either with the other, or a "
    "mixed finding, “both”. It is what the next report says on the subject, not a check that the item was done: read "
    "the passages. “Not mentioned” means that no such finding was made. Items for a safeguarding children board are "
    "followed only into reports that review the board."
)


@dataclass(frozen=True)
class FollowUp:
    """An item of an action list and what the next full report says on its subject.

    Attributes:
        item: of the earlier report.
        earlier, later: the report with the item, and the next one.
        verdict: one of ``VERDICTS``.
        basis: "wording" (themes and likeness of texts), "theme" (leading theme alone), or "none".
        evidence: the findings that the verdict rests on, the likest first.
        listed_again: items of the later action list on the same leading theme.
    """

    item: Recommendation
    earlier: Report
    later: Report
    verdict: str
    basis: str
    evidence: tuple[Evidence, ...]
    listed_again: tuple[Recommendation, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data; of evidence by theme alone the surest ten, with ``found`` for how many there are."""
        counts = Counter(found.finding.polarity.value for found in self.evidence)
        return {
            "item": {
                "kind": self.item.kind,
                "section": self.item.section,
                "number": self.item.number,
                "text": self.item.text or NO_TEXT,
                "page": self.item.page,
                "themes": list(self.item.themes),
                "file": self.earlier.source.file,
                "inspected": _iso(inspected(self.earlier)),
            },
            "next": {
                "file": self.later.source.file,
                "framework": self.later.framework,
                "inspected": _iso(inspected(self.later)),
            },
            "verdict": self.verdict,
            "basis": self.basis,
            "found": dict(sorted(counts.items())),
            "pages": pages(self.evidence),
            "evidence": [found.to_dict() for found in self.evidence[:10]],
            "listed_again": [
                {"number": item.number, "text": item.text or NO_TEXT, "page": item.page} for item in self.listed_again
            ],
        }


def follow_up(own: Sequence[Report], likeness: Likeness | None = None) -> list[FollowUp]:
    """Every item of every action list but the last, the latest report's predecessor first.

    Args:
        own: an authority's full reports, the earliest first.
        likeness: compares sentences; None for the package's encoder.
    """
    compare = likeness or Likeness()
    read = [report for report in own if report.findings]
    out = []
    for earlier, later in reversed(list(pairwise(read))):
        out += [_one(item, earlier, later, compare) for item in earlier.recommendations]
    return out


def _one(item: Recommendation, earlier: Report, later: Report, likeness: Likeness) -> FollowUp:
    again = tuple(
        other
        for other in later.recommendations
        if other.section == item.section and item.themes and other.themes[:1] == item.themes[:1]
    )
    board = item.section == "lscb"
    found = [
        Evidence(finding, later)
        for finding in later.findings
        if finding.sure and finding.polarity is not Polarity.NEUTRAL and (finding.section == "lscb") == board
    ]
    if board and not any(finding.section == "lscb" for finding in later.findings):
        return FollowUp(item, earlier, later, "not inspected", "none", (), again)
    worded = bool(item.text) and any(entry.finding.text for entry in found)
    if worded:
        wanted = set(item.themes[:2])
        alike = [
            entry
            for entry in likeness.to_any([item.text], found)
            if (entry.likeness or 0.0) >= (ON_SUBJECT if wanted & set(entry.finding.themes[:2]) else ALIKE_ANYWHERE)
        ]
        evidence = alike[:READ]
    else:
        evidence = surest(entry for entry in found if item.themes and entry.finding.themes[:1] == item.themes[:1])
    verdict = _verdict(evidence)
    return FollowUp(item, earlier, later, verdict, "wording" if worded else "theme", tuple(evidence), again)


def _verdict(evidence: Sequence[Evidence]) -> str:
    found = {entry.finding.polarity for entry in evidence}
    if not found:
        return "not mentioned"
    if found == {Polarity.STRENGTH}:
        return "now a strength"
    return "still a concern" if found == {Polarity.CONCERN} else "both"


def _iso(value: datetime.date | None) -> str | None:
    return value.isoformat() if value else None
