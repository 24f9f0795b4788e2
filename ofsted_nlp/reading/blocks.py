"""Lines and table rows of all pages -> blocks in reading order, joined over page breaks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from ofsted_nlp.reading.joining import Hyphens, join
from ofsted_nlp.reading.lines import NUMBER, Line
from ofsted_nlp.records import Block, BlockKind, Box, TextLine

_TERMINAL = re.compile(r"[.?!:;][’”\"')\]]*$")
_DEEPER = 10.0
"""By how much, in points, the mark of an item inside another stands to the right of that one's."""
_RUNNING = (BlockKind.NUMBERED, BlockKind.BULLET, BlockKind.PARAGRAPH)
_LABEL = re.compile(r"^[A-Z][\w ’'()/&,-]{2,50}:\s*\S")


@dataclass(slots=True)
class Row:
    """A table row on a page: the lines of each cell, by column.

    ``rest`` marks one that has text in one of its later cells only: the end of a row of the page before, or no row.
    """

    page: int
    top: float
    cells: list[tuple[int, list[Line]]]
    columns: int
    rest: bool = False


@dataclass(slots=True)
class PageItems:
    """What is to be made into blocks on one page: text lines and table rows, top to bottom."""

    page: int
    items: list[Line | Row]
    boxed: set[int] = field(default_factory=set)
    starts: set[int] = field(default_factory=set)
    furniture: list[Line] = field(default_factory=list)
    contents: list[Line] = field(default_factory=list)
    right: float = 525.0


@dataclass(slots=True)
class Draft:
    """A block in the making."""

    kind: BlockKind
    lines: list[Line]
    level: int = 0
    cells: list[tuple[int, list[Line]]] = field(default_factory=list)
    columns: int = 0
    boxed: bool = False
    mark_x: float | None = None

    @property
    def text_x(self) -> float:
        """Where the text of continuation lines stands."""
        return self.lines[-1].x0 if len(self.lines) > 1 else self.lines[0].x0


class Measures:
    """The document's usual font size and line distance, against which headings and gaps are told."""

    def __init__(self, pages: list[PageItems]) -> None:
        sizes: Counter[float] = Counter()
        distances: Counter[float] = Counter()
        for page in pages:
            previous: Line | None = None
            for item in page.items:
                if not isinstance(item, Line):
                    previous = None
                    continue
                sizes[round(item.size * 2) / 2] += len(item.text)
                if previous and abs(previous.size - item.size) < 0.3:
                    distance = (item.baseline - previous.baseline) / item.size
                    if 1.0 < distance < 2.2:
                        distances[round(distance, 1)] += 1
                previous = item
        self.body = sizes.most_common(1)[0][0] if sizes else 12.0
        self.leading = distances.most_common(1)[0][0] if distances else 1.2
        if self.leading > 1.6:
            close = [d for d, n in distances.items() if d < 1.5 and n > 0.1 * distances[self.leading]]
            self.leading = min(close, default=self.leading)

    def apart(self, above: Line, below: Line) -> bool:
        """Whether the distance of two lines is larger than between lines of one paragraph."""
        distance = below.baseline - above.baseline
        return distance > max(above.size, below.size) * self.leading * 1.22 or distance < 0

    def is_heading(self, line: Line) -> bool:
        """Whether a line is set like a heading: larger than the body, or bold."""
        if line.size > self.body + 1.2:
            return True
        return line.bold and line.size >= self.body - 0.6


def build(pages: list[PageItems], hyphens: Hyphens) -> tuple[str, list[Block]]:
    """The document's text and its blocks with their spans.

    Footnotes come after the blocks of their page, furniture and contents after all text of it.
    """
    measures = Measures(pages)
    drafts: list[Draft] = []
    current: Draft | None = None
    marks: list[float] = []
    for page in pages:
        items, notes = _split_footnotes(_settle(page.items, current), measures)
        on_page: list[Draft] = []
        first = True
        for item in items:
            if isinstance(item, Row):
                marks.clear()
                if first and current is not None and _continues_row(current, item):
                    _add_to_row(current, item)
                    continue
                lines = [line for _, cell in item.cells for line in cell]
                current = Draft(BlockKind.TABLE_ROW, lines, cells=item.cells, columns=item.columns)
                on_page.append(current)
                first = False
                continue
            boxed = id(item) in page.boxed
            own = id(item) in page.starts
            if current is not None and not own and _is_wrapped_mark(current, item, measures, page.right):
                item.put_mark_back()
            if current is not None and not own and _continues(current, item, measures, first, page.right):
                current.lines.append(item)
            else:
                current = _start(item, measures, marks)
                current.boxed = boxed
                on_page.append(current)
            first = False
        drafts += on_page
        drafts += [Draft(BlockKind.FOOTNOTE, lines) for lines in notes]
        drafts += [Draft(BlockKind.CONTENTS, [line]) for line in page.contents]
        drafts += [Draft(BlockKind.FURNITURE, [line]) for line in page.furniture]
    _demote_long_headings(drafts)
    _level_headings(drafts, measures)
    return _spans(drafts, hyphens)


def _split_footnotes(items: list[Line | Row], measures: Measures) -> tuple[list[Line | Row], list[list[Line]]]:
    """Take the footnotes off the foot of a page: small lines, the first of which starts with a raised number."""
    cut = len(items)
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if isinstance(item, Line) and item.size <= measures.body - 0.9 and not (item.mark and item.mark_kind != NUMBER):
            cut = index
        else:
            break
    small = [item for item in items[cut:] if isinstance(item, Line)]
    start = next((i for i, line in enumerate(small) if line.footnote), None)
    if start is None:
        return items, []
    notes: list[list[Line]] = []
    for line in small[start:]:
        if line.footnote or not notes:
            notes.append([line])
        else:
            notes[-1].append(line)
    # What is small above the first numbered note continues a note of the page before.
    if start and small[:start]:
        notes.insert(0, small[:start])
    return items[:cut], notes


def _is_wrapped_mark(draft: Draft, line: Line, measures: Measures, right: float) -> bool:
    """Whether the mark of a line is the next word of the sentence above ("... beyond the age of / 18. Others ...").

    It then stands where the sentence's lines start, not where its paragraph's own mark stands, under a full line
    without an end.
    """
    above = draft.lines[-1]
    if not (line.mark.isdigit() or line.printed in ("–", "-")) or draft.kind not in _RUNNING:
        return False
    if _TERMINAL.search(above.text.rstrip()) or abs(above.size - line.size) > 0.8 or line.bold != above.bold:
        return False
    if above.x1 < right - 130 and line.text:
        return False
    if above.page != line.page:
        return draft.mark_x is not None and line.mark.isdigit() and line.mark_x > draft.mark_x + 6
    if measures.apart(above, line):
        return False
    if draft.mark_x is None:
        return abs(line.mark_x - draft.text_x) < 4
    return line.mark_x > draft.mark_x + 6 and (len(draft.lines) == 1 or abs(line.mark_x - draft.text_x) < 4)


def _continues(draft: Draft, line: Line, measures: Measures, new_page: bool, right: float) -> bool:
    above = draft.lines[-1]
    if draft.kind is BlockKind.TABLE_ROW or line.mark_kind or line.footnote:
        return False
    ended = bool(_TERMINAL.search(above.text.rstrip()))
    flows = not ended and line.text[:1].islower() and not new_page and not measures.apart(above, line)
    if abs(above.size - line.size) > (1.6 if flows and not (above.bold or line.bold) else 0.8):
        return False
    heading = measures.is_heading(line)
    if draft.kind is BlockKind.HEADING:
        return heading and not new_page and (line.bold == above.bold or flows) and not measures.apart(above, line)
    if not above.text.strip():
        return not heading
    if heading and line.bold != above.bold and not flows:
        return False
    if _LABEL.match(line.text) and line.segments and above.x1 < right - 60 and not new_page:
        return False
    listed = draft.mark_x is not None
    if new_page or above.page != line.page:
        starts_small = line.text[:1].islower() or line.text[:1] in "(–"
        if listed and draft.mark_x is not None:
            hanging = abs(line.x0 - draft.text_x) < 8 and line.x0 > draft.mark_x + 6
            return hanging or (starts_small and not ended) or (not ended and above.x1 > right - 110)
        if abs(line.x0 - draft.text_x) > 12 and not starts_small:
            return False
        return not ended and (starts_small or above.x1 > right - 130)
    if measures.apart(above, line):
        return False
    if listed and draft.mark_x is not None:
        if line.x0 >= draft.lines[0].x0 - 8:
            return line.x0 - draft.text_x < 40
        return above.x1 > right - 100 and line.x0 >= draft.mark_x - 8
    return abs(line.x0 - draft.text_x) < 20 or not ended


def _settle(items: list[Line | Row], current: Draft | None) -> list[Line | Row]:
    """The items of a page, with the lines of each row that turns out to be none."""
    settled: list[Line | Row] = []
    for item in items:
        if isinstance(item, Row) and item.rest and (settled or not current or not _continues_row(current, item)):
            settled += [line for _, cell in item.cells for line in cell]
        else:
            settled.append(item)
    return settled


def _continues_row(draft: Draft, row: Row) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before."""
    if draft.kind is not BlockKind.TABLE_ROW or draft.columns != row.columns or draft.lines[-1].page == row.page:
        return False
    before, here = dict(draft.cells), dict(row.cells)
    if not here.keys() <= before.keys():
        return False
    if 0 not in here:
        # What stands in the first column is not printed again; a row below a cell of several rows has none either.
        return 0 in before
    return all(
        lines[0].text[:1].islower() and not lines[0].mark and not _TERMINAL.search(before[column][-1].text.rstrip())
        for column, lines in here.items()
    )


def _add_to_row(draft: Draft, row: Row) -> None:
    rest = dict(row.cells)
    draft.cells = [(column, lines + rest.get(column, [])) for column, lines in draft.cells]
    draft.lines = [line for _, cell in draft.cells for line in cell]


def _start(line: Line, measures: Measures, marks: list[float]) -> Draft:
    if line.mark_kind and not (measures.is_heading(line) and line.mark_kind == NUMBER and line.bold):
        while marks and marks[-1] > line.mark_x - _DEEPER:
            marks.pop()
        marks.append(line.mark_x)
        kind = BlockKind.NUMBERED if line.mark_kind == NUMBER else BlockKind.BULLET
        return Draft(kind, [line], level=len(marks), mark_x=line.mark_x)
    if measures.is_heading(line):
        marks.clear()
        return Draft(BlockKind.HEADING, [line])
    if marks and line.x0 <= marks[0] + 3:
        marks.clear()
    return Draft(BlockKind.PARAGRAPH, [line])


def _demote_long_headings(drafts: list[Draft]) -> None:
    """Bold passages of several sentences are paragraphs."""
    for draft in drafts:
        if draft.kind is BlockKind.HEADING:
            text = " ".join(line.text for line in draft.lines)
            if len(text) > 260 or (len(text) > 130 and re.search(r"[a-z]\.\s+[A-Z]", text)):
                draft.kind = BlockKind.PARAGRAPH


def _level_headings(drafts: list[Draft], measures: Measures) -> None:
    looks: dict[tuple[float, bool], int] = {}
    found = {(round(d.lines[0].size), d.lines[0].bold) for d in drafts if d.kind is BlockKind.HEADING}
    for rank, look in enumerate(sorted(found, key=lambda pair: (-pair[0], not pair[1])), 1):
        looks[look] = rank
    for draft in drafts:
        if draft.kind is BlockKind.HEADING:
            draft.level = looks[(round(draft.lines[0].size), draft.lines[0].bold)]


def _spans(drafts: list[Draft], hyphens: Hyphens) -> tuple[str, list[Block]]:
    parts: list[str] = []
    position = 0
    blocks: list[Block] = []
    for draft in drafts:
        cells: tuple[str, ...] = ()
        if draft.kind is BlockKind.TABLE_ROW:
            text, lines, spans, cells = _row_text(draft, hyphens)
        else:
            if draft.kind is BlockKind.NUMBERED and not any(line.text for line in draft.lines):
                # A number without an item: the writer left it blank.
                draft.lines[0].put_mark_back()
                draft.kind = BlockKind.FURNITURE
            lines = draft.lines
            text, spans = join(lines, hyphens)
        silent = draft.kind in (BlockKind.FURNITURE, BlockKind.CONTENTS)
        if not text and not silent:
            continue
        start = position
        end = start if silent else start + len(text)
        weights = Counter(round(line.size, 1) for line in lines)
        bold = sum(len(line.text) for line in lines if line.bold) * 2 > sum(len(line.text) for line in lines)
        blocks.append(
            Block(
                kind=draft.kind,
                text=text,
                start=start,
                end=end,
                lines=tuple(
                    TextLine(
                        Box(line.page, line.x0, line.top, line.x1, line.bottom),
                        start if silent else start + a,
                        start if silent else start + b,
                    )
                    for line, (a, b) in zip(lines, spans, strict=True)
                ),
                level=draft.level,
                number=lines[0].mark if lines[0].mark_kind == NUMBER else None,
                cells=cells,
                bold=bold,
                size=weights.most_common(1)[0][0],
                boxed=draft.boxed,
                mark=lines[0].mark or lines[0].footnote,
            )
        )
        if not silent:
            parts.append(text)
            position = end + 1
    return "\n".join(parts), blocks


def _row_text(draft: Draft, hyphens: Hyphens) -> tuple[str, list[Line], list[tuple[int, int]], tuple[str, ...]]:
    text = ""
    lines: list[Line] = []
    spans: list[tuple[int, int]] = []
    cells = [""] * draft.columns
    for column, members in draft.cells:
        cell, inner = _cell_text(members, hyphens)
        number = members[0].mark if members[0].mark_kind == NUMBER else ""
        if text:
            text += "\t"
        offset = len(text)
        text += cell
        lines += members
        spans += [(offset + a, offset + b) for a, b in inner]
        cells[column] = f"{number}. {cell}" if number else cell
    return text, lines, spans, tuple(cells)


def _cell_text(lines: list[Line], hyphens: Hyphens) -> tuple[str, list[tuple[int, int]]]:
    """The text of a cell, its list items each on a line of its own."""
    text = ""
    spans: list[tuple[int, int]] = []
    items: list[list[Line]] = []
    for line in lines:
        if not items or line.mark_kind:
            items.append([])
        items[-1].append(line)
    for item in items:
        part, inner = join(item, hyphens)
        offset = len(text) + 1 if text else 0
        text = f"{text}\n{part}" if text else part
        spans += [(offset + a, offset + b) for a, b in inner]
    return text, spans
