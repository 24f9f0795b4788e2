"""What the next full report says on the matter of each item of an action list: praise, a concern, both, or nothing.

That a report praises what an earlier one asked for is not proof that it was done, and whether two sentences mean the
same cannot be certain: each verdict says how close its passages are, and is for reading them.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ofsted_nlp.analysis.benchmark.evidence import BOARD, Evidence, Likeness, pages, surest, turned
from ofsted_nlp.analysis.benchmark.subject import CLOSE, LEAST_LIKENESS, SAME, Matter
from ofsted_nlp.analysis.comparison import ACTION_LISTS, NO_TEXT
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.records import Finding, Polarity, Recommendation, Report

READ = 3
"""The verdict goes by at most so many findings, those that match best."""

ON_MATTER = {
    "praised": "praised in the next report",
    "a concern": "a concern in the next report",
    "praised and a concern": "praised and a concern in the next report",
    "nothing found": "nothing found that is clearly on it",
}
ON_THEME = {
    "theme praised": "its theme is praised in the next report",
    "theme a concern": "its theme is a concern in the next report",
    "theme praised and a concern": "its theme is praised and a concern in the next report",
    "theme not found": "nothing found on its theme",
}
NOT_INSPECTED = {"not inspected": "the next report does not review the board"}

VERDICTS = ON_MATTER | ON_THEME | NOT_INSPECTED
"""Each verdict in words; those on the theme are all that can be said where the texts are not at hand."""

METHOD = (
    "For each item of an action list, the findings of the next full report on its matter. Where the texts are at "
    f"hand, these are findings that are alike in wording (cosine of at least {LEAST_LIKENESS}), name the same thing "
    "in words that are not in every sentence, are on the same people where the item names some, and, where it asks "
    "for something to be in time, recorded, regular, evaluated or of quality, say something on that; at most the "
    f"{READ} that match best (match of at least {SAME}; from {CLOSE:g} on a close one), with a “However, ...” that "
    "follows on one of them. Praise alone makes “praised”, "
    "concern alone “a concern”; an item of the next action list on the same matter is a concern too. “Nothing found” "
    "means that no finding is clearly on the item, not that the report is silent. Where the texts are not at hand, "
    "only what the findings on the item’s leading theme say can be told. None of this is a check that the item was "
    "done: read the passages. Items for a safeguarding children board are followed only into reports that review the "
    "board."
)


@dataclass(frozen=True)
class FollowUp:
    """An item of an action list and what the next full report says on its matter.

    Attributes:
        item: of the earlier report.
        earlier, later: the report with the item, and the next one.
        verdict: a key of ``VERDICTS``.
        basis: "wording" (the matter, by likeness and shared words), "theme" (leading theme alone), or "none".
        evidence: the findings that the verdict rests on, the best match first; then what takes them back in part.
        listed_again: items of the later action list on the same matter; without texts, on the same leading theme.
    """

    item: Recommendation
    earlier: Report
    later: Report
    verdict: str
    basis: str
    evidence: tuple[Evidence, ...]
    listed_again: tuple[Recommendation, ...]

    @property
    def closeness(self) -> str | None:
        """How well the best passage matches, "close" or "likely"; None where none was compared."""
        best = max((found.match for found in self.evidence if found.match is not None), default=None)
        return None if best is None else "close" if best >= CLOSE else "likely"

    @property
    def said(self) -> str:
        """The verdict in words, with how close it is: "praised in the next report (close match: read both)"."""
        words = VERDICTS[self.verdict]
        return f"{words} ({self.closeness} match: read both)" if self.closeness else words

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
            "said": self.said,
            "basis": self.basis,
            "closeness": self.closeness,
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
        matter = Matter((f.text for report in (earlier, later) for f in report.findings if f.text), compare)
        out += [_one(item, earlier, later, matter) for item in earlier.recommendations]
    return out


def _one(item: Recommendation, earlier: Report, later: Report, matter: Matter) -> FollowUp:
    board = item.section == BOARD
    found = [
        Evidence(finding, later)
        for finding in later.findings
        if finding.sure
        and finding.polarity is not Polarity.NEUTRAL
        and finding.section not in ACTION_LISTS
        and (finding.section == BOARD) == board
    ]
    listed = [other for other in later.recommendations if (other.section == BOARD) == board]
    if board and not any(finding.section == BOARD for finding in later.findings):
        return FollowUp(item, earlier, later, "not inspected", "none", (), ())
    if item.text and any(entry.finding.text for entry in found):
        best = matter.on(item.text, item.themes, found)[:READ]
        known = {entry.finding.id for entry in best}
        after = {t.finding.id: t for entry in best for t in turned(entry) if t.finding.id not in known}
        evidence = (*best, *after.values())
        again = _asked_again(item, later, listed, matter)
        verdict = _verdict(evidence, bool(again)) or "nothing found"
        return FollowUp(item, earlier, later, verdict, "wording", evidence, again)
    led = item.themes[:1]
    evidence = tuple(surest(entry for entry in found if led and entry.finding.themes[:1] == led))
    again = tuple(other for other in listed if led and other.themes[:1] == led)
    verdict = f"theme {_verdict(evidence, bool(again)) or 'not found'}"
    return FollowUp(item, earlier, later, verdict, "theme", evidence, again)


def _asked_again(
    item: Recommendation, later: Report, listed: Sequence[Recommendation], matter: Matter
) -> tuple[Recommendation, ...]:
    """The items of the later list on the same matter, in its order."""
    as_findings = [
        Evidence(Finding(str(place), other.page, "", other.text, Polarity.CONCERN, 1.0, other.themes), later)
        for place, other in enumerate(listed)
    ]
    places = {int(found.finding.id) for found in matter.on(item.text, item.themes, as_findings)}
    return tuple(other for place, other in enumerate(listed) if place in places)


def _verdict(evidence: Sequence[Evidence], again: bool) -> str | None:
    found = {entry.finding.polarity for entry in evidence} | ({Polarity.CONCERN} if again else set())
    if not found:
        return None
    if found == {Polarity.STRENGTH}:
        return "praised"
    return "a concern" if found == {Polarity.CONCERN} else "praised and a concern"


def _iso(value: datetime.date | None) -> str | None:
    return value.isoformat() if value else None
