"""What only area SEND reports print: the outcome box, what follows from it, and the tables of actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ofsted_nlp.extraction.items import join_items
from ofsted_nlp.records import Block, BlockKind, Document, Judgement, Recommendation

PRIORITY_ACTION = "priority_action"
AREA_FOR_IMPROVEMENT = "area_for_improvement"

OUTCOMES = (
    ("systemic_failings", re.compile(r"\bsystemic\s+fail(?:ing|ure)s?\b", re.I)),
    ("inconsistent", re.compile(r"\binconsistent\s+(?:experiences|outcomes)\b", re.I)),
    ("positive", re.compile(r"\bpositive\s+(?:experiences|outcomes)\b", re.I)),
)
"""Grade and wording of the three outcomes of the area SEND framework and handbook (Ofsted and CQC, from 2023)."""

_OUTCOME_HEADING = re.compile(r"^(?:the\s+)?inspection\s+outcomes?\b", re.I)
_ACTIONS_HEADING = re.compile(r"^areas?\s+(?:for|of)\s+priority\s+actions?\b", re.I)
_IMPROVEMENT_HEADING = re.compile(r"^(?:areas?\s+(?:for|of)\s+improvements?|recommendations?)\b", re.I)
_BODIES_HEADING = re.compile(r"^responsible\s+(?:body|bodies|partners?|organisations?)\b", re.I)
_NEXT = re.compile(r"\b(?:next|monitoring)\b[^.]*\b(?:re-?inspection|inspection)\b", re.I)
_NONE = re.compile(r"^(?:there\s+(?:are|were)\s+)?(?:no|none)\b(?:\s+(?:areas?|priority|actions?|for)\b)*[.\s]*$", re.I)
_ANAPHOR = re.compile(r"^(?:this|these|they|it|in addition|additionally|furthermore)\b", re.I)
_BODY = re.compile(r"\b(?:council|nhs|icbs?|integrated care|trust|boards?|authority|borough|partnership)\b", re.I)
_NUMBER_CELL = re.compile(r"^\(?(\d{1,2})[.)]?$")
_NUMBERED_TEXT = re.compile(r"^(\d{1,2})[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z‘“])")


def outcome(document: Document) -> Judgement | None:
    """The outcome of an area SEND inspection, as code ``outcome`` with the sentence that gives it.

    Returns:
        The judgement, with grade ``positive``, ``inconsistent`` or ``systemic_failings``; None if the report does
        not say it in the framework's words.
    """
    label, blocks = _outcome_box(document)
    for block in blocks:
        for start, sentence in _sentences(block.text):
            for grade, wording in OUTCOMES:
                if wording.search(sentence):
                    return Judgement("outcome", grade, label, block.page_at(block.start + start), sentence)
    return None


def next_inspection(document: Document) -> str | None:
    """What the outcome box says of the inspections to come, its sentences joined; None if it says nothing."""
    _, blocks = _outcome_box(document)
    said = [sentence for block in blocks for _, sentence in _sentences(block.text) if _NEXT.search(sentence)]
    return " ".join(said) or None


def recommendation_rows(document: Document) -> list[Recommendation]:
    """The rows of the priority action table and of the areas for improvement table, in printed order.

    Rows broken by a page end are joined; heading rows and "There are no priority actions." are left out.
    Sub-bullets are joined to their row with "; ". ``responsible`` holds the bodies named beside the action.
    """
    found: list[_Item] = []
    for kind, blocks in _lists(document):
        found += _items(kind, blocks)
    return [item.record() for item in found if not _NONE.match(item.text)]


@dataclass
class _Item:
    """A row in the making."""

    kind: str
    page: int
    start: int
    end: int
    number: str | None = None
    parts: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    listed: bool = False

    @property
    def text(self) -> str:
        return join_items(self.parts)

    @property
    def ended(self) -> bool:
        return not self.parts or bool(re.search(r"[.?!][’”\"')\]]*$", self.parts[-1]))

    def add(self, parts: list[str], end: int, new_part: bool) -> None:
        """Join more text: as a further sub-item, or as the rest of the last one."""
        if parts and self.parts and not new_part:
            self.parts[-1] = f"{self.parts[-1]} {parts[0]}"
            parts = parts[1:]
        self.parts += parts
        self.end = max(self.end, end)

    def record(self) -> Recommendation:
        responsible = re.sub(r"\s+", " ", " ".join(self.bodies)).strip().rstrip(".,;") or None
        return Recommendation(
            self.kind, "partnership", self.number, self.text, self.page, self.start, self.end, responsible
        )


@dataclass(frozen=True)
class _Cell:
    """A cell with its place in the document's text."""

    text: str
    start: int
    number: str | None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _outcome_box(document: Document) -> tuple[str, list[Block]]:
    label, blocks = "", list[Block]()
    for block in document.body:
        if block.kind is BlockKind.HEADING:
            if blocks:
                break
            label = block.text if _OUTCOME_HEADING.match(block.text) else ""
        elif label:
            blocks.append(block)
    if blocks:
        return label, blocks
    # A box without its heading: the outcome stands on the first pages.
    return "Inspection outcome", [b for b in document.body if b.page <= 2 and b.kind is not BlockKind.HEADING]


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        yield start, text[start : gap.start()]
        start = gap.end()
    yield start, text[start:]


def _lists(document: Document) -> Iterator[tuple[str, list[Block]]]:
    """The blocks under each heading of an action list."""
    kind, blocks = "", list[Block]()
    for block in document.body:
        if block.kind is BlockKind.FOOTNOTE:
            continue
        here = _kind_of_heading(block)
        if here == kind and here:
            blocks += [block] if block.kind is BlockKind.TABLE_ROW else []
        elif here is not None:
            if blocks:
                yield kind, blocks
            kind, blocks = here, [block] if block.kind is BlockKind.TABLE_ROW else []
        elif kind:
            blocks.append(block)
    if blocks:
        yield kind, blocks


def _kind_of_heading(block: Block) -> str | None:
    """Which list a heading opens, "" for a heading that opens none, None for what is not a heading."""
    cells = [cell for cell in block.cells if cell.strip()] or [block.text]
    short = all(len(cell) < 60 for cell in cells)
    is_heading = block.kind is BlockKind.HEADING
    if short and (is_heading or block.kind in (BlockKind.TABLE_ROW, BlockKind.PARAGRAPH)):
        for cell in cells:
            if cell.rstrip().endswith("."):
                continue
            if _ACTIONS_HEADING.match(cell):
                return PRIORITY_ACTION
            if _IMPROVEMENT_HEADING.match(cell):
                return AREA_FOR_IMPROVEMENT
    return "" if is_heading else None


def _items(kind: str, blocks: list[Block]) -> list[_Item]:
    items: list[_Item] = []
    bodies_column: int | None = None
    rows = [block for block in blocks if block.kind is BlockKind.TABLE_ROW]
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.TABLE_ROW:
            follows = blocks[index + 1].kind if index + 1 < len(blocks) else None
            if not (block.text.rstrip().endswith(":") and follows is not BlockKind.BULLET and not block.boxed):
                _add_block(items, kind, block)
            continue
        header = next((i for i, cell in enumerate(block.cells) if _BODIES_HEADING.match(cell)), None)
        if header is not None or _kind_of_heading(block):
            bodies_column = header if header is not None else bodies_column
            continue
        if bodies_column is None:
            bodies_column = _guess_bodies(rows)
        _add_row(items, kind, block, bodies_column)
    return items


def _add_block(items: list[_Item], kind: str, block: Block) -> None:
    """A paragraph is an item, a bullet under one belongs to it, and so does text that carries on from it."""
    last = items[-1] if items else None
    bullet = block.kind is BlockKind.BULLET
    if last is not None and block.number is None:
        carries_on = not bullet and (block.text[:1].islower() or bool(_ANAPHOR.match(block.text)))
        if (bullet and not last.listed) or carries_on:
            last.add([block.text], block.end, new_part=bullet)
            return
    items.append(_Item(kind, block.page, block.start, block.end, block.number, [block.text], listed=bullet))


def _add_row(items: list[_Item], kind: str, block: Block, bodies_column: int | None) -> None:
    cells = _cells(block)
    bodies = cells.pop(bodies_column, None) if bodies_column is not None else None
    printed = next((m.group(1) for c in cells.values() if (m := _NUMBER_CELL.match(c.text))), None)
    texts = [c for c in cells.values() if c.text and not _NUMBER_CELL.match(c.text)]
    named = bodies.text.replace("\n", " ") if bodies else ""
    parts = [part for cell in texts for part in cell.text.split("\n")]
    number = printed or next((c.number for c in texts if c.number), None)
    last = items[-1] if items else None
    torn = last is not None and (not parts or (not named and bool(last.bodies)) or not last.ended)
    if last is not None and torn and number is None:
        last.add(parts, max((c.end for c in texts), default=last.end), new_part=_opens_bullet(block, texts))
        if named:
            last.bodies.append(named)
        return
    if parts:
        start, end = texts[0].start, texts[-1].end
        items.append(_Item(kind, block.page_at(start), start, end, number, parts, [named] if named else []))


def _opens_bullet(block: Block, texts: list[_Cell]) -> bool:
    """Whether a row carried over a page starts with a bullet of its own."""
    return bool(block.mark) and not block.mark[:1].isalnum() and bool(texts) and block.start == texts[0].start


def _cells(block: Block) -> dict[int, _Cell]:
    """The cells of a row that hold text, by column, numbers taken off their front."""
    found = {}
    pieces = iter(block.text.split("\t"))
    position = block.start
    for column, cell in enumerate(block.cells):
        if not cell:
            continue
        piece = next(pieces, "")
        number = _NUMBERED_TEXT.match(cell)
        own = number.group(1) if number and cell[number.end() :] == piece else None
        found[column] = _Cell(piece, position, own)
        position += len(piece) + 1
    return found


def _guess_bodies(rows: list[Block]) -> int | None:
    """Which column names the responsible bodies, where no heading says so: the one of short cells naming bodies."""
    columns = max((len(row.cells) for row in rows), default=0)
    if columns < 2:
        return None
    lengths = [sum(len(row.cells[i]) for row in rows if i < len(row.cells)) for i in range(columns)]
    named = [
        i
        for i in range(columns)
        if lengths[i] < max(lengths) and any(_BODY.search(row.cells[i]) for row in rows if i < len(row.cells))
    ]
    return min(named, key=lambda i: lengths[i], default=None)
