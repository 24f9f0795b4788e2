"""The nouns of the library: what is read from a PDF and what is extracted from it."""

from __future__ import annotations

import datetime
import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

SCHEMA_VERSION = 1


class BlockKind(StrEnum):
    """What a block of a page is."""

    HEADING = "heading"
    NUMBERED = "numbered"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"
    FURNITURE = "furniture"
    CONTENTS = "contents"


class Missing(StrEnum):
    """Why a value is absent."""

    NOT_PUBLISHED = "not_published"
    """The report prints none."""
    NOT_IN_FRAMEWORK = "not_in_framework"
    """Reports of this framework never have one."""
    UNREADABLE = "unreadable"
    """The report should have one and it could not be read."""


class Polarity(StrEnum):
    """What a sentence says of the service (definitions: themes.toml)."""

    STRENGTH = "strength"
    CONCERN = "concern"
    MIXED = "mixed"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in PDF points, measured from the top left corner; pages count from 1."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line of a block: where it is and which characters of the document's text it holds."""

    box: Box
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row, footnote or piece of page furniture.

    Attributes:
        kind: what it is.
        text: its text, joined over lines and pages, without number or bullet mark.
        start, end: its character span in ``Document.text``; furniture and contents have an empty span.
        lines: the printed lines, in reading order; ``lines[0].box.page`` is the page where it starts.
        level: depth: of a heading (1 the highest) or of a bullet (1 the outermost); 0 elsewhere.
        number: the printed number of a numbered paragraph or item ("12", "a", "2.1"), or None.
        cells: of a table row, the text of each cell, left to right; empty elsewhere.
        bold: whether most of its characters are bold.
        size: its most common font size in points.
        boxed: whether it stands inside a drawn or shaded box.
        mark: the bullet character or printed number as it stands, or "".
    """

    kind: BlockKind
    text: str
    start: int
    end: int
    lines: tuple[TextLine, ...]
    level: int = 0
    number: str | None = None
    cells: tuple[str, ...] = ()
    bold: bool = False
    size: float = 0.0
    boxed: bool = False
    mark: str = ""

    @property
    def page(self) -> int:
        """The page (from 1) on which the block starts."""
        return self.lines[0].box.page

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The box of every line."""
        return tuple(line.box for line in self.lines)

    def page_at(self, position: int) -> int:
        """The page (from 1) of the character at ``position`` of the document's text."""
        starts = [line.start for line in self.lines]
        return self.lines[max(0, bisect_right(starts, position) - 1)].box.page


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from: file name, SHA-256 of its bytes, number of pages, address if known.

    ``published_on`` is the day it went up on Ofsted's site, from the manifest or the file name; a printed date
    is in ``Inspection.published``.
    """

    file: str
    sha256: str
    pages: int
    url: str | None = None
    published_on: datetime.date | None = None


@dataclass(frozen=True)
class Document:
    """A PDF as read: its blocks in reading order, and one text into which all spans point.

    Attributes:
        source: which file.
        text: the blocks' texts (furniture and contents left out), one a line.
        blocks: all blocks, furniture included.
        page_sizes: width and height of each page in points.
        warnings: what the reader was unsure of.
        path: where the file was read from, if from disk; evidence pictures need it.
    """

    source: Source
    text: str
    blocks: tuple[Block, ...]
    page_sizes: tuple[tuple[float, float], ...] = ()
    warnings: tuple[str, ...] = ()
    path: str | None = None

    @cached_property
    def _starts(self) -> list[tuple[int, Block]]:
        return [(block.start, block) for block in self.blocks if block.end > block.start]

    @property
    def body(self) -> Iterator[Block]:
        """The blocks that carry text: all but furniture and contents."""
        return (b for b in self.blocks if b.kind not in (BlockKind.FURNITURE, BlockKind.CONTENTS))

    def block_at(self, position: int) -> Block:
        """The block that holds the character at ``position``.

        Raises:
            IndexError: no block holds it.
        """
        starts = [start for start, _ in self._starts]
        index = bisect_right(starts, position) - 1
        if index < 0 or position > self._starts[index][1].end:
            raise IndexError(f"no block at position {position}")
        return self._starts[index][1]

    def boxes(self, start: int, end: int) -> list[Box]:
        """The boxes of the characters ``start`` to ``end``; within a line the position is interpolated."""
        found = []
        for block in self.blocks:
            if block.end <= start or block.start >= end:
                continue
            for line in block.lines:
                first, last = max(start, line.start), min(end, line.end)
                if first >= last:
                    continue
                width = (line.box.x1 - line.box.x0) / max(line.end - line.start, 1)
                found.append(
                    replace(
                        line.box,
                        x0=line.box.x0 + width * (first - line.start),
                        x1=line.box.x0 + width * (last - line.start),
                    )
                )
        return found


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority: Ofsted's URN, the education department's code, the ONS code, the short name."""

    urn: int
    la_code: int
    gss_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """When, by whom and on what an inspection was.

    Attributes:
        start, end: first and last day on site.
        published: the date printed in the report (of a letter: its date).
        lead_inspector: name; several joined with " and ".
        previous: end (or only) date of the previous inspection that the report names.
        theme: of a joint targeted inspection, what it looked at.
        next_inspection: what the report says of the next inspection.
        absent: for each absent value its reason.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    published: datetime.date | None = None
    lead_inspector: str | None = None
    previous: datetime.date | None = None
    theme: str | None = None
    next_inspection: str | None = None
    absent: Mapping[str, Missing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement: its code, the grade code, the label and grade as printed, and the page."""

    code: str
    grade: str
    label: str
    page: int
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An item of an action list.

    Attributes:
        kind: "recommendation", "area_for_improvement" or "priority_action".
        section: whose list: "authority", "lscb" or "partnership".
        number: as printed, or None.
        text: the item with its sub-bullets, joined with "; ".
        page: the page (from 1) on which it starts.
        start, end: span in ``Document.text``.
        responsible: of a SEND item, the bodies named beside it.
        deadline: of an older report, by when ("immediately", "within three months").
        themes: theme codes, the likeliest first.
    """

    kind: str
    section: str
    number: str | None
    text: str
    page: int
    start: int = 0
    end: int = 0
    responsible: str | None = None
    deadline: str | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strength:
    """What is praised, and the named services, teams, programmes and bodies in it."""

    subject: str
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
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
        strength: for a strength, what is praised.
        cluster: the cluster it belongs to, if clustered.
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


@dataclass(frozen=True, slots=True)
class Figure:
    """A number printed in the report with what it counts."""

    text: str
    value: float
    unit: str
    page: int


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


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document could not be read: a code for programs and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Report:
    """Everything extracted from one document. ``status`` is "ok", "partial" (see warnings) or "failed" (see error)."""

    source: Source
    status: str = "ok"
    error: Failure | None = None
    warnings: tuple[str, ...] = ()
    framework: str = "other"
    authority: Authority | None = None
    inspection: Inspection = field(default_factory=Inspection)
    judgements: tuple[Judgement, ...] = ()
    previous_judgements: tuple[Judgement, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    headline_findings: tuple[Passage, ...] = ()
    practice_studies: tuple[PracticeStudy, ...] = ()

    @property
    def strengths(self) -> list[Finding]:
        """The findings that praise."""
        return [f for f in self.findings if f.polarity is Polarity.STRENGTH]

    @property
    def concerns(self) -> list[Finding]:
        """The findings that report a weakness."""
        return [f for f in self.findings if f.polarity is Polarity.CONCERN]

    def grade(self, code: str) -> str | None:
        """The grade of the judgement ``code``, or None if the report does not make it."""
        return next((j.grade for j in self.judgements if j.code == code), None)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, in the shape of ``ofsted-nlp extract --format jsonl``."""
        return {"schema_version": SCHEMA_VERSION, **_plain(asdict(self))}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The report that ``to_dict`` turned into ``data``; keys it does not know are ignored."""
        inspection = dict(_known(Inspection, data.get("inspection") or {}))
        for key in ("start", "end", "published", "previous"):
            if inspection.get(key):
                inspection[key] = datetime.date.fromisoformat(inspection[key])
        inspection["absent"] = {k: Missing(v) for k, v in (inspection.get("absent") or {}).items()}
        findings = []
        for item in data.get("findings") or ():
            values = _known(Finding, item)
            strength = values.get("strength")
            values["strength"] = strength and Strength(strength["subject"], tuple(strength["named"]))
            values["polarity"] = Polarity(values["polarity"])
            values["themes"] = tuple(values.get("themes") or ())
            findings.append(Finding(**values))
        recommendations = [
            Recommendation(**{**_known(Recommendation, item), "themes": tuple(item.get("themes") or ())})
            for item in data.get("recommendations") or ()
        ]

        def many(kind: Any, key: str) -> tuple[Any, ...]:
            return tuple(kind(**_known(kind, item)) for item in data.get(key) or ())

        authority, error = data.get("authority"), data.get("error")
        source = dict(_known(Source, data["source"]))
        if source.get("published_on"):
            source["published_on"] = datetime.date.fromisoformat(source["published_on"])
        return cls(
            source=Source(**source),
            status=data.get("status", "ok"),
            error=Failure(**_known(Failure, error)) if error else None,
            warnings=tuple(data.get("warnings") or ()),
            framework=data.get("framework", "other"),
            authority=Authority(**_known(Authority, authority)) if authority else None,
            inspection=Inspection(**inspection),
            judgements=many(Judgement, "judgements"),
            previous_judgements=many(Judgement, "previous_judgements"),
            recommendations=tuple(recommendations),
            findings=tuple(findings),
            figures=many(Figure, "figures"),
            headline_findings=many(Passage, "headline_findings"),
            practice_studies=many(PracticeStudy, "practice_studies"),
        )

    def to_dataframe(self) -> pandas.DataFrame:
        """The findings, one a row: id, page, section, polarity, score, theme, themes, text."""
        import pandas

        columns = ["id", "page", "section", "polarity", "score", "theme", "themes", "text"]
        rows = [
            {
                **{key: getattr(f, key) for key in ("id", "page", "section", "score", "text")},
                "polarity": f.polarity.value,
                "theme": f.themes[0] if f.themes else None,
                "themes": list(f.themes),
            }
            for f in self.findings
        ]
        return pandas.DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        name = self.authority.name if self.authority else "unknown authority"
        when = self.inspection.end or self.inspection.published or "undated"
        return (
            f"<Report {name}, {self.framework}, {when}: {len(self.judgements)} judgements, "
            f"{len(self.recommendations)} recommendations, {len(self.findings)} findings, {self.status}>"
        )

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import report_html

        return report_html(self)


def finding_id(sha256: str, text: str, occurrence: int = 0) -> str:
    """A stable 16-character identity of a sentence of a document, whatever the reader's version."""
    words = re.sub(r"\W+", " ", text.lower()).strip()
    return hashlib.sha256(f"{sha256}\n{words}\n{occurrence}".encode()).hexdigest()[:16]


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in kind.__dataclass_fields__ if key in data}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
