"""Sentences of reports as evidence: where each stands, and how alike two are in wording where texts are at hand."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.analysis.narrative import listed
from ofsted_nlp.records import Finding, Polarity, Report

if TYPE_CHECKING:
    import numpy as np

    from ofsted_nlp.encoders import Encoder

SIDES = (Polarity.CONCERN, Polarity.STRENGTH)
"""What a finding can count as."""

BOARD = "lscb"
"""Section of a single inspection report on the safeguarding children board, which was not the authority's own."""

_LEANS = re.compile(r"\W*(?:however|this|these|those|it|they|their|its|such|as a result|also|he|she)\b", re.IGNORECASE)


_TURNS = re.compile(
    r"\W*(?:however|but|yet|nevertheless|nonetheless|despite (?:this|these)|that said)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Evidence:
    """A finding with the report that it stands in.

    Attributes:
        finding: the sentence; its text is empty where only annotations are at hand.
        report: the report.
        likeness: cosine of its vector with that of what it was compared with, -1 to 1; None where a text is missing.
        match: how well it fits the matter of what it was compared with (``subject.Matter``); None if not compared so.
    """

    finding: Finding
    report: Report
    likeness: float | None = None
    match: float | None = None

    @property
    def inspected(self) -> datetime.date | None:
        """The last day of the inspection."""
        return inspected(self.report)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        when = self.inspected
        return {
            "authority": self.report.authority.name if self.report.authority else None,
            "file": self.report.source.file,
            "url": self.report.source.url,
            "framework": self.report.framework,
            "inspected": when.isoformat() if when else None,
            "page": self.finding.page,
            "section": self.finding.section,
            "id": self.finding.id,
            "polarity": self.finding.polarity.value,
            "text": self.finding.text or NO_TEXT,
            "likeness": None if self.likeness is None else round(self.likeness, 2),
            "match": None if self.match is None else round(self.match, 2),
        }


@dataclass(frozen=True)
class ClusterLabel:
    """What a benchmark needs to know of a national cluster."""

    id: int
    label: str
    polarity: str
    theme: str


def cluster_labels(rows: Iterable[Mapping[str, Any]]) -> dict[int, ClusterLabel]:
    """Labels by number, out of rows with id, label, polarity and theme; only those of concerns and strengths."""
    sides = {side.value for side in SIDES}
    return {
        int(row["id"]): ClusterLabel(int(row["id"]), row["label"], row["polarity"], row["theme"])
        for row in rows
        if row["polarity"] in sides
    }


def cluster_of(finding: Finding, side: Polarity, labels: Mapping[int, ClusterLabel]) -> int | None:
    """The cluster in which a finding counts as concern or as strength, or None.

    A mixed finding counts on the side of the cluster that holds it.
    """
    if not finding.sure or finding.cluster is None or finding.polarity not in (side, Polarity.MIXED):
        return None
    label = labels.get(finding.cluster)
    return finding.cluster if label is not None and label.polarity == side.value else None


def sure(report: Report, polarity: Polarity, theme: str | None = None) -> list[Evidence]:
    """The findings of a polarity that the classifier is sure of, on one leading theme or on all, in reading order.

    Those on a safeguarding children board are left out; items of the action list are among them.
    """
    return [
        Evidence(finding, report)
        for finding in report.findings
        if finding.sure
        and finding.polarity is polarity
        and finding.section != BOARD
        and (theme is None or finding.themes[:1] == (theme,))
    ]


class SureFindings:
    """What ``sure`` gives of reports and themes, sought out once a report."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Report, dict[tuple[Polarity, str], list[Evidence]]]] = {}

    def of(self, report: Report, polarity: Polarity, theme: str) -> list[Evidence]:
        """The findings of a polarity on a leading theme, in reading order."""
        if id(report) not in self._known:
            made: dict[tuple[Polarity, str], list[Evidence]] = {}
            for finding in report.findings:
                if finding.themes and finding.sure and finding.section != BOARD:
                    made.setdefault((finding.polarity, finding.themes[0]), []).append(Evidence(finding, report))
            self._known[id(report)] = (report, made)  # the report is held so that its id stays its own
        return list(self._known[id(report)][1].get((polarity, theme), ()))


def surest(found: Iterable[Evidence]) -> list[Evidence]:
    """The likest first where they were compared, then the surest, then by page."""
    return sorted(found, key=lambda item: (-(item.likeness or 0.0), -item.finding.score, item.finding.page))


def stands_alone(item: Evidence) -> bool:
    """Whether a sentence can be read without the one before: it does not begin with "This", "However" or the like."""
    return bool(item.finding.text) and not _LEANS.match(item.finding.text)


def turned(item: Evidence) -> list[Evidence]:
    """What takes a finding back in part: a "However, ..." among the next sentences that lean on it, to other effect."""
    findings = item.report.findings
    place = next((at for at, other in enumerate(findings) if other.id == item.finding.id), len(findings))
    out = []
    for other in findings[place + 1 : place + 4]:
        turns = _TURNS.match(other.text)
        if other.section != item.finding.section or not (turns or _LEANS.match(other.text)):
            break
        if turns and other.polarity not in (item.finding.polarity, Polarity.NEUTRAL):
            out.append(Evidence(other, item.report))
    return out


def where(found: Iterable[Evidence]) -> str:
    """The pages of findings in words: "page 3", "pages 3 and 5"."""
    numbers = [str(number) for number in pages(found)]
    return f"{'page' if len(numbers) == 1 else 'pages'} {listed(numbers)}"


def pages(found: Iterable[Evidence]) -> list[int]:
    """The pages on which findings stand, each once."""
    return sorted({item.finding.page for item in found})


class Likeness:
    """How alike sentences are by the bundled encoder; each sentence is encoded once.

    Args:
        encoder: another encoder, or None for the one that the package brings.
    """

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._vectors: np.ndarray | None = None

    def learn(self, texts: Iterable[str]) -> None:
        """Encode many sentences at once, which takes a fraction of the time of encoding them when they are met."""
        import numpy as np

        new = list(dict.fromkeys(text for text in texts if text not in self._rows))
        if not new:
            return
        if self._encoder is None:
            from ofsted_nlp.encoders import encoder

            self._encoder = encoder()
        made, start = self._encoder.encode(new), len(self._rows)
        if self._vectors is None or start + len(new) > len(self._vectors):
            room = np.empty((max(256, 2 * start, start + len(new)), made.shape[1]), dtype=made.dtype)
            if self._vectors is not None:
                room[:start] = self._vectors[:start]
            self._vectors = room
        self._vectors[start : start + len(new)] = made
        self._rows.update(zip(new, range(start, start + len(new)), strict=True))

    def _of(self, texts: Sequence[str]) -> np.ndarray:
        self.learn(texts)
        assert self._vectors is not None
        found: np.ndarray = self._vectors[[self._rows[text] for text in texts]]
        return found

    def to_any(self, texts: Sequence[str], found: Sequence[Evidence], least: float | None = None) -> list[Evidence]:
        """The findings, each with its likeness to the nearest of the texts, the likest first.

        Findings without a text come last, with no likeness; so do all if no text is given.

        Args:
            texts: what they are compared with.
            found: the findings.
            least: leave out those that are less alike; None for all.
        """
        wanted = [text for text in texts if text]
        known = [item for item in found if item.finding.text]
        if not wanted or not known:
            return surest(found)
        cosines = (self._of([item.finding.text for item in known]) @ self._of(wanted).T).max(axis=1)
        compared = [
            Evidence(item.finding, item.report, value)
            for item, value in zip(known, cosines.tolist(), strict=True)
            if least is None or value >= least
        ]
        return surest(compared) + surest(item for item in found if not item.finding.text)
