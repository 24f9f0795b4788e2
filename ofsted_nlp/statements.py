"""What a report says of the service, sentence by sentence: findings with their parts, figures, passages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from ofsted_nlp.documents import Source

if TYPE_CHECKING:
    from PIL.Image import Image

SURE = 0.8
"""Findings with a lower score are marked as unsure wherever they are shown, and a benchmark does not count them.

docs/model-card.md says how many polarities are right at this and other scores.
"""


class Polarity(StrEnum):
    """What a sentence says of the service (definitions: themes.toml)."""

    STRENGTH = "strength"
    CONCERN = "concern"
    MIXED = "mixed"
    NEUTRAL = "neutral"


class Origin(NamedTuple):
    """The document that records stand in, and the file that it was read from, if known."""

    source: Source
    path: str | None


class Shown:
    """A record that shows its place on the page.

    Where it comes from is told to it by the report that it is part of. It is no part of its value: it is neither
    compared nor written, and does not go with a record that is copied or sent elsewhere without its report.
    """

    __slots__ = ("_origin",)
    _origin: Origin

    @property
    def origin(self) -> Origin | None:
        """The document that it stands in; None for a record that is part of no report."""
        return getattr(self, "_origin", None)

    def show(self, where: Any = None, resolution: int = 100) -> Image:
        """The picture of its page with its words marked; it displays itself in a notebook.

        Args:
            where: the ``Report``, its PDF, or a folder that holds the PDF; None for the file that it was read from, or
                the places that ``presentation.evidence.find_pdf`` names.
            resolution: dots per inch.

        Raises:
            UsageError: it is part of no report, and ``where`` does not say which document it stands in.
            NotFoundError: the PDF is not at hand, or it was read by another version.
        """
        from ofsted_nlp.presentation.evidence import show_record

        return show_record(self, where, resolution)


def bind(records: Iterable[Shown], origin: Origin) -> None:
    """Tell records which document they stand in."""
    for record in records:
        object.__setattr__(record, "_origin", origin)


@dataclass(frozen=True, slots=True)
class Strength:
    """What is praised, and the named services, teams, programmes and bodies in it.

    Attributes:
        subject: what is praised, as printed.
        named: the names, as printed.
        things: for each of ``named`` one name for all the ways in which the report writes that thing; common kinds
            without a name of their own go by the kind's, the same in all reports.
        kinds: for each of ``named`` the common kind that the thing is one of ("virtual school"), or None.
    """

    subject: str
    named: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    kinds: tuple[str | None, ...] = ()

    def known(self) -> tuple[tuple[str, str | None], ...]:
        """Thing and kind of each of ``named``; the name as printed where they were not worked out."""
        if len(self.things) != len(self.named):
            return tuple((name, None) for name in self.named)
        return tuple(zip(self.things, self.kinds, strict=True))


@dataclass(frozen=True, slots=True)
class NamedStrength:
    """A named thing that a report praises.

    Attributes:
        name: its name.
        kind: the common kind that it is one of ("virtual school"), or None.
        forms: how it is printed, the most frequent first.
        findings: ids of the findings that praise it.
        pages: the pages on which they stand, each once.
    """

    name: str
    kind: str | None
    forms: tuple[str, ...]
    findings: tuple[str, ...]
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """The half of a mixed finding that praises, or the one that reports a concern.

    Attributes:
        polarity: strength or concern.
        score: probability, 0 to 1, that this half and not the other is the strength (or the concern).
        text: the half, without the word that joins it to the other ("but", "although").
        start, end: span in ``Document.text``.
    """

    polarity: Polarity
    score: float
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Finding(Shown):
    """A sentence of the findings sections.

    Attributes:
        id: stable identity: made of the document's hash and the sentence.
        page: page (from 1) on which it starts.
        section: code of the section (see frameworks.py).
        text: the sentence.
        polarity: what it says of the service.
        score: probability of that polarity, 0 to 1.
        themes: theme codes, the likeliest first; empty for no theme.
        start, end: span in ``Document.text``.
        strength: for a strength what is praised; for a mixed finding, what its clause of praise does.
        cluster: the cluster it belongs to, if clustered.
        clauses: of a mixed finding, the strength and the concern in the order they stand; empty where it cannot be
            split, and for every other polarity.
    """

    id: str
    page: int
    section: str
    text: str
    polarity: Polarity
    score: float
    themes: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    strength: Strength | None = None
    cluster: int | None = None
    clauses: tuple[Clause, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the score is at least ``SURE``."""
        return self.score >= SURE

    def clause(self, polarity: Polarity | str) -> Clause | None:
        """The clause of this polarity, if the finding is mixed and could be split."""
        return next((clause for clause in self.clauses if clause.polarity == polarity), None)

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import findings_table

        return findings_table([self])

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import findings_html

        return findings_html([self])


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a figure is set against in the report.

    Attributes:
        kind: "national" (England), "region", "statistical_neighbours" (or similar authorities), "previous" (an
            earlier date or period), "target" (or threshold), or "other".
        value: the compared value, in the figure's unit, if it is printed.
        direction: how the figure lies to it: "above", "below" or "same"; of kind "previous": "up", "down" or "same";
            None where the report does not say. It is about size alone: whether more is better, it does not say.
    """

    kind: str
    value: float | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number printed in the report with what it counts.

    Attributes:
        text: the number as printed, with the noun that follows it.
        value: the number; "72%" is 72.0, "one in five" 0.2, "£1.2 million" 1200000.0.
        unit: "%", "percentage points", "£", "share", "ratio", "days" or the like, a rate's base ("per 10,000
            children"), or the noun counted; "" where none follows.
        page: the page (from 1) on which its sentence starts.
        counts: what is counted, or what a percentage is of, in the report's words; None where it is not said.
        predicate: what is said of those counted ("live outside the area"), or what narrows them in an item of a list
            ("in primary schools"); None where neither is printed.
        comparison: what it is set against in the report, or None.
        comparator: the kind of comparison (see ``Comparison.kind``) if this figure is itself only the value that
            another is compared with ("65% nationally"); None for a figure in its own right.
        as_of: the date or period printed with it ("31 March 2015", "last 12 months"), or None.
        start, end: its span in ``Document.text``, for evidence.
        section: code of the section (see frameworks.py); "local_information" holds the local statistics.
        finding: id of the finding in whose sentence it stands, or None.
    """

    text: str
    value: float
    unit: str
    page: int
    counts: str | None = None
    predicate: str | None = None
    comparison: Comparison | None = None
    comparator: str | None = None
    as_of: str | None = None
    start: int = 0
    end: int = 0
    section: str = ""
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text with its page: a headline finding, or what is said of the next inspection."""

    text: str
    page: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PracticeStudy:
    """A boxed practice or case study of a joint inspection letter; ``kind`` is "strength" or "improvement"."""

    title: str
    kind: str
    text: str
    page: int


def finding_id(sha256: str, text: str, occurrence: int = 0) -> str:
    """A stable 16-character identity of a sentence of a document, whatever the reader's version."""
    words = re.sub(r"\W+", " ", text.lower()).strip()
    return hashlib.sha256(f"{sha256}\n{words}\n{occurrence}".encode()).hexdigest()[:16]
