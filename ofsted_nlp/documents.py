"""The nouns of reading: a document, its blocks and lines, and where on the page each stands."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


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
        path: the file it was read from, if from disk.
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
    path: str | None = field(default=None, repr=False, compare=False)

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

    def show(self, resolution: int = 100) -> Image:
        """The picture of the page on which the block starts, with its lines marked.

        Args:
            resolution: dots per inch.

        Raises:
            NotFoundError: the PDF is no longer on disk, or the block was not read from a file.
        """
        from ofsted_nlp.reading.evidence import show

        return show(self.path, self.boxes, self.page, resolution)


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

    def show(self, start: int, end: int, resolution: int = 100) -> Image:
        """The picture of the page with the characters ``start`` to ``end`` of the text marked.

        Args:
            start: where the span begins, such as ``finding.start``.
            end: where it ends, such as ``finding.end``.
            resolution: dots per inch.

        Raises:
            NotFoundError: the PDF is no longer on disk, or nothing stands at that span.
        """
        from ofsted_nlp.reading.evidence import show_span

        return show_span(self, start, end, resolution)
