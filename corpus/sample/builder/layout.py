"""Sets pages as the real reports are set: lines, lists, ruled tables, boxes, footnotes, furniture.

Measures are PDF points from the top left corner of an A4 page. Lines are broken here, not by fpdf2, because the
gold annotations need the page on which every sentence and every action starts.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from fpdf import FPDF
from PIL import Image, ImageDraw

from .markup import Piece, Sentence, parse, plain

FONTS = Path(__file__).resolve().parent.parent / "fonts"
SANS, SYMBOLS = "SampleSans", "SampleSymbols"
BLACK, BLUE = (0, 0, 0), (31, 73, 148)
RULE = 0.48
"""Thickness of table borders, drawn as filled rectangles as Word does."""

Line = list[tuple[float, Piece]]


@dataclass
class Action:
    """An item of an action list as it will stand in the gold."""

    kind: str
    section: str
    number: str | None
    text: str
    page: int
    responsible: str | None = None


@dataclass
class PracticeStudy:
    """A boxed practice study as it will stand in the gold."""

    title: str
    kind: str
    text: str
    page: int


@dataclass
class Style:
    """What tells one kind of report's pages from another's: margins, footer, page number, pictures."""

    left: float = 71
    right: float = 524
    top: float = 97
    bottom: float = 782
    pictures: Callable[[Sheet], None] = lambda sheet: None
    footer: Callable[[Sheet], None] = lambda sheet: None


@dataclass
class _Box:
    x0: float
    x1: float
    top: float


@dataclass
class Gold:
    """What the document says of itself, gathered while it is set."""

    sentences: list[Sentence] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    studies: list[PracticeStudy] = field(default_factory=list)


class Sheet(FPDF):
    """A sample document in the making: FPDF with a cursor ``y`` of its own and a record of the gold."""

    def __init__(self, title: str, style: Style, created: datetime.datetime) -> None:
        super().__init__(unit="pt", format="A4")
        self.style, self.gold = style, Gold()
        self.limit = style.bottom
        self._notes: list[str] = []
        self._box: _Box | None = None
        self.set_auto_page_break(False)
        self.set_title(title)
        self.set_creation_date(created)
        self.set_producer("fpdf2")
        for face, file in (("", ""), ("B", "-Bold"), ("I", "-Oblique")):
            self.add_font(SANS, face, FONTS / f"SampleSansCondensed{file}.ttf")
        self.add_font(SYMBOLS, "", FONTS / "SampleSymbols.ttf")
        self.add_page()
        self.at = style.top

    def header(self) -> None:
        """Draw what stands at the head of every page; fpdf2 calls it."""
        self.style.pictures(self)

    def footer(self) -> None:
        """Draw footnotes and the foot of the page; fpdf2 calls it."""
        if self._notes:
            y = self.limit + 10
            self.bar(71, y, 144, RULE)
            y += 22
            for note in self._notes:
                for line in self.wrap(parse(note)[0], self.width, 9):
                    self.draw(line, self.style.left, y, 9)
                    y += 11
            self._notes = []
        self.style.footer(self)

    @property
    def width(self) -> float:
        """The width of the text."""
        return self.style.right - self.style.left

    def bar(self, x: float, y: float, w: float, h: float) -> None:
        """A filled black rectangle."""
        self.set_fill_color(0)
        self.rect(x, y, w, h, style="F")

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A ruled rectangle."""
        self.bar(x0, y0, x1 - x0, RULE)
        self.bar(x0, y1, x1 - x0, RULE)
        self.bar(x0, y0, RULE, y1 - y0)
        self.bar(x1, y0, RULE, y1 - y0)

    def put(self, x: float, y: float, text: str, size: float, face: str = "", family: str = SANS) -> None:
        """Print ``text`` with its baseline at ``y``."""
        self.set_font(family, face, size)
        self.text(x, y, text)

    def measure(self, text: str, size: float, face: str = "") -> float:
        """The printed width of ``text``."""
        self.set_font(SANS, face, size)
        return float(self.get_string_width(text))

    def wrap(self, pieces: Sequence[Piece], width: float, size: float) -> list[Line]:
        """Break ``pieces`` into lines of at most ``width``; each piece with its place on the line."""
        lines: list[Line] = [[]]
        x = 0.0
        for index, piece in enumerate(pieces):
            face = "B" if piece.bold else "I" if piece.italic else ""
            step = self.measure(piece.text, size * 0.65 if piece.mark else size, face)
            gap = self.measure(" ", size) if piece.space and lines[-1] else 0.0
            before = pieces[index - 1] if index else None
            may_break = piece.space or (before is not None and (before.soft or before.text.endswith("-")))
            hyphen = self.measure("-", size) if piece.soft else 0.0
            if lines[-1] and may_break and x + gap + step + hyphen > width:
                if before is not None and before.soft and not piece.space:
                    last_x, last = lines[-1][-1]
                    lines[-1][-1] = (last_x, Piece(**{**vars(last), "text": last.text + "-"}))
                lines.append([])
                x, gap = 0.0, 0.0
            lines[-1].append((x + gap, piece))
            x += gap + step
        return lines

    def draw(self, line: Line, x: float, y: float, size: float, last: bool = True) -> None:
        """Print a line, words of the same face in one run; inner lines end with a space, as Word leaves them."""
        runs: list[tuple[float, str, Piece]] = []
        for place, piece in line:
            if piece.sentence is not None and not piece.sentence.page:
                piece.sentence.page = self.page_no()
            same = runs and (runs[-1][2].bold, runs[-1][2].italic, runs[-1][2].mark) == (
                piece.bold,
                piece.italic,
                piece.mark,
            )
            if same:
                start, text, first = runs[-1]
                runs[-1] = (start, text + (" " if piece.space else "") + piece.text, first)
            else:
                runs.append((place, piece.text, piece))
        for number, (place, text, piece) in enumerate(runs):
            face = "B" if piece.bold else "I" if piece.italic else ""
            tail = "" if last or number < len(runs) - 1 or text.endswith("-") else " "
            if piece.mark:
                self.put(x + place, y - size * 0.35, text, size * 0.65, face)
            else:
                self.put(x + place, y, text + tail, size, face)

    def note(self, text: str) -> None:
        """Keep room for a footnote at the foot of this page."""
        if not self._notes:
            self.limit -= 24
        self.limit -= 11 * len(self.wrap(parse(text)[0], self.width, 9))
        self._notes.append(text)

    def next_page(self) -> None:
        """Go on at the head of a new page; an open box is closed here and opened there."""
        if self._box is not None:
            self._close(self.limit + 4)
        self.add_page()
        self.limit, self.at = self.style.bottom, self.style.top
        if self._box is not None:
            self._box.top = self.at - 12

    def need(self, height: float) -> None:
        """Go to a new page unless ``height`` is left on this one."""
        if self.at + height > self.limit:
            self.next_page()

    def space(self, height: float) -> None:
        """Leave a blank."""
        self.at += height

    def lines(
        self, markup: str, x: float | None = None, right: float | None = None, size: float = 12, leading: float = 14.5
    ) -> int:
        """Set running text; return the page on which it starts."""
        pieces, sentences = parse(markup)
        self.gold.sentences += sentences
        x = self.style.left if x is None else x
        lines = self.wrap(pieces, (right or self.style.right) - x, size)
        first_page = 0
        for number, line in enumerate(lines):
            self.need(leading - 3)
            first_page = first_page or self.page_no()
            self.at += leading
            self.draw(line, x, self.at - leading * 0.22, size, last=number == len(lines) - 1)
        return first_page

    def para(self, markup: str, gap: float = 12, **keywords: float) -> int:
        """A paragraph with a blank after it."""
        page = self.lines(markup, **keywords)
        self.at += gap
        return page

    def heading(self, text: str, size: float = 14, gap: float = 6, above: float = 4, keep: float = 60) -> None:
        """A bold heading that stays with what follows."""
        self.need(above + keep)
        self.at += above
        self.lines(f"**{text}**", size=size, leading=size * 1.21)
        self.at += gap

    def title_lines(self, text: str, size: float = 26, bold: bool = False) -> None:
        """The title of a report."""
        self.lines(f"**{text}**" if bold else text, size=size, leading=size * 1.21)
        self.at += 10

    def item(
        self,
        label: str,
        markup: str,
        label_x: float,
        text_x: float,
        right: float | None = None,
        gap: float = 8,
        symbol: bool = False,
    ) -> int:
        """A list item with its hanging label; return the page on which it starts."""
        self.need(12)
        y, page = self.at, self.page_no()
        self.put(label_x, y + 14.5 * 0.78, label + " ", 12, "", SYMBOLS if symbol else SANS)
        self.lines(markup, x=text_x, right=right)
        self.at += gap
        return page

    def bullet(self, markup: str, mark: str = "\u25fc", level: int = 1, gap: float = 8, **keywords: float) -> int:
        """A bullet; ``mark`` is a character of the symbol font."""
        x = self.style.left + (0 if level == 1 else 36)
        return self.item(mark, markup, x, x + 18, gap=gap, symbol=True, **keywords)

    def numbered(self, number: str, markup: str, indent: float = 0, gap: float = 14) -> int:
        """A numbered paragraph."""
        indent = indent or (18 if len(number) < 2 else 24)
        return self.item(f"{number}.", markup, self.style.left, self.style.left + indent, gap=gap)

    def action(
        self,
        markup: str,
        kind: str = "area_for_improvement",
        section: str = "authority",
        number: str | None = None,
        subs: Sequence[str] = (),
        mark: str = "\u25fc",
        left_out: str = "",
        responsible: str | None = None,
        gap: float = 8,
    ) -> None:
        """An item of an action list with its sub-bullets; ``left_out`` is what the gold text does not hold."""
        if number is None:
            page = self.bullet(markup, mark=mark, gap=gap)
        else:
            page = self.numbered(number, markup, indent=28, gap=gap)
        for sub in subs:
            self.bullet(sub, mark="\uf0b7", level=2, gap=gap)
        self.record_action(markup, kind, section, number, subs, page, left_out, responsible)

    def record_action(
        self,
        markup: str,
        kind: str,
        section: str,
        number: str | None,
        subs: Sequence[str],
        page: int,
        left_out: str = "",
        responsible: str | None = None,
    ) -> None:
        """Keep an action for the gold: sub-bullets joined with "; ", inner full stops and semicolons dropped."""
        text = plain(markup)
        if left_out:
            text = text.replace(left_out, "")
        parts = [plain(sub) for sub in subs]
        parts = [part.rstrip(".;") for part in parts[:-1]] + parts[-1:]
        text = " ".join([text, "; ".join(parts)]).strip()
        self.gold.actions.append(Action(kind, section, number, text, page, responsible))

    def box_start(self, x0: float | None = None, x1: float | None = None) -> None:
        """Open a ruled box round what follows."""
        self._box = _Box(x0 or self.style.left - 5.5, x1 or self.style.right + 5, self.at)
        self.at += 4

    def box_end(self, gap: float = 12) -> None:
        """Close the box."""
        self._close(self.at + 3)
        self._box = None
        self.at += 3 + gap

    def _close(self, bottom: float) -> None:
        assert self._box is not None
        self.frame(self._box.x0, self._box.top, self._box.x1, bottom)

    def boxed_heading(self, text: str, size: float = 14) -> None:
        """A heading alone in a ruled box over the whole width."""
        self.need(90)
        self.box_start()
        self.lines(f"**{text}**", size=size, leading=size * 1.3)
        self.box_end()

    def row(
        self,
        cells: Sequence[str],
        edges: Sequence[float],
        size: float = 12,
        pad: float = 8,
        shade: bool = False,
        middle: bool = False,
        subs: Sequence[str] = (),
    ) -> int:
        """A ruled table row, its cells between ``edges``; the last cell may have sub-bullets. It may run on."""
        columns: list[list[tuple[float, str, Line, bool]]] = []
        for number, cell in enumerate(cells):
            width = edges[number + 1] - edges[number] - 11
            pieces, sentences = parse(cell)
            self.gold.sentences += sentences
            found = self.wrap(pieces, width, size) if pieces else []
            column = [(0.0, "", line, i == len(found) - 1) for i, line in enumerate(found)]
            for sub in subs if number == len(cells) - 1 else ():
                found = self.wrap(parse(sub)[0], width - 36, size)
                column += [(36.0, "" if i else "\u2022", line, i == len(found) - 1) for i, line in enumerate(found)]
            columns.append(column)
        leading = size * 1.21
        self.need(leading * min(3, max(map(len, columns))) + pad)
        page, done = self.page_no(), 0
        while done < max(map(len, columns)):
            fits = max(1, int((self.limit - self.at - pad) // leading))
            parts = [column[done : done + fits] for column in columns]
            height = max(map(len, parts)) * leading + pad
            if shade:
                self.set_fill_color(242, 242, 242)
                self.rect(edges[0], self.at, edges[-1] - edges[0], height, style="F")
            for number, part in enumerate(parts):
                drop = (height - pad - len(part) * leading) / 2 if middle else 0
                for index, (indent, mark, line, last) in enumerate(part):
                    y = self.at + pad / 2 + drop + (index + 0.78) * leading
                    x = edges[number] + 5.5 + indent
                    if mark:
                        self.put(x - 18, y, mark + " ", size, "", SYMBOLS)
                    self.draw(line, x, y, size, last)
            for left, right in pairwise(edges):
                self.frame(left, self.at, right, self.at + height)
            self.at += height
            done += fits
            if done < max(map(len, columns)):
                self.next_page()
        return page


@cache
def picture(blocks: tuple[tuple[int, int, int, int, tuple[int, int, int]], ...], size: tuple[int, int]) -> Image.Image:
    """A picture that stands where the real reports carry a logo: plain rectangles, no one's mark."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for x0, y0, x1, y1, colour in blocks:
        pen.rectangle((x0, y0, x1, y1), fill=colour)
    return image
