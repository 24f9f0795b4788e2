"""Tables that the fast path is unsure of, read again by pdfplumber."""

from __future__ import annotations

import io
import logging
import time
from typing import TYPE_CHECKING

from ofsted_nlp.reading.blocks import Row
from ofsted_nlp.reading.lines import Line, clean

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import CellGroup

    from ofsted_nlp.reading.layout import PageLayout

_TITLE_LINES = 3
"""The most lines of a row of one cell that is a title of its table."""
_MOST_CELLS = 500
"""Cells of a page above which it is a drawing: each costs a look at everything on the page."""
_SECONDS = 60.0
"""Time for the tables of one document; looked at after each page, of which a report takes a tenth of a second each."""


def reread(data: bytes, layouts: list[PageLayout]) -> list[str]:
    """Replace, on each page marked unsure, the lines inside pdfplumber's tables by rows of cells.

    Args:
        data: the PDF's bytes.
        layouts: all pages of the document; those marked ``unsure`` are changed in place.

    Returns:
        A warning for each page on which pdfplumber found no table either.
    """
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    ends = time.monotonic() + _SECONDS
    warnings = []
    pages = [layout for layout in layouts if layout.unsure]
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for layout in pages:
                if time.monotonic() > ends or not _reread(pdf.pages[layout.page - 1], layout):
                    warnings.append(_unread(layout))
    except Exception:
        # pdfminer fails in many ways of its own on files that pdfium forgives; the lines are read already.
        return [_unread(layout) for layout in pages]
    return warnings


def _unread(layout: PageLayout) -> str:
    return f"A table on page {layout.page} could not be told into cells."


def _reread(page: Page, layout: PageLayout) -> bool:
    """Put the rows of a page's tables in place of its lines; False if it has none."""
    done = False
    tables = page.find_tables()
    if sum(len(table.cells) for table in tables) > _MOST_CELLS:
        return False
    for table in tables:
        read = [(r.bbox, row) for r in table.rows if (row := _row(page, r, layout.page)) is not None]
        # A tall row of one cell is a box with running text, set under the table.
        kept = [(box, row) for box, row in read if len(row.cells) > 1 or len(row.cells[0][1]) <= _TITLE_LINES]
        rows = [row for _, row in kept]
        if len(rows) < 2 or max(len(row.cells) for row in rows) < 2:
            continue
        done = True
        layout.lines = [
            line
            for line in layout.lines
            if not any(box[1] - 1 <= (line.top + line.bottom) / 2 <= box[3] + 1 for box, _ in kept)
        ]
        top, bottom = kept[0][0][1], kept[-1][0][3]
        layout.rows = [r for r in layout.rows if not top - 1 <= r.top <= bottom] + rows
    return done


def _row(page: Page, row: CellGroup, number: int) -> Row | None:
    cells = []
    for column, box in enumerate(row.cells):
        if box is None:
            continue
        lines = []
        for found in page.crop(box, strict=False).extract_text_lines(return_chars=True):
            text = clean(found["text"]).strip()
            size = max((char["size"] for char in found["chars"]), default=12.0)
            if not text:
                continue
            lines.append(
                Line(
                    page=number,
                    text=text,
                    x0=found["x0"],
                    x1=found["x1"],
                    top=found["top"],
                    bottom=found["bottom"],
                    baseline=found["bottom"] - 0.2 * size,
                    size=size,
                    bold=all("bold" in char["fontname"].lower() for char in found["chars"]),
                    segments=[(found["x0"], found["x1"], text)],
                )
            )
        if lines:
            cells.append((column, lines))
    return Row(number, row.bbox[1], cells, len(row.cells)) if cells else None
