"""Tables that the fast path is unsure of, read again by pdfplumber."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ofsted_nlp.reading.blocks import Row
from ofsted_nlp.reading.lines import Line, clean

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import CellGroup

    from ofsted_nlp.reading.layout import PageLayout

_TITLE_LINES = 3
"""The most lines of a row of one cell that is a title of its table."""


def reread(data: bytes, layouts: list[PageLayout]) -> list[str]:
    """Replace, on each page marked unsure, the lines inside pdfplumber's tables by rows of cells.

    Args:
        data: the PDF's bytes.
        layouts: all pages of the document; those marked ``unsure`` are changed in place.

    Returns:
        A warning for each page on which pdfplumber found no table either.
    """
    import pdfplumber

    warnings = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for layout in layouts:
            if not layout.unsure:
                continue
            found = False
            page = pdf.pages[layout.page - 1]
            for table in page.find_tables():
                read = [(r.bbox, row) for r in table.rows if (row := _row(page, r, layout.page)) is not None]
                # A tall row of one cell is a box with running text, set under the table.
                kept = [(box, row) for box, row in read if len(row.cells) > 1 or len(row.cells[0][1]) <= _TITLE_LINES]
                rows = [row for _, row in kept]
                if len(rows) < 2 or max(len(row.cells) for row in rows) < 2:
                    continue
                found = True
                layout.lines = [
                    line
                    for line in layout.lines
                    if not any(box[1] - 1 <= (line.top + line.bottom) / 2 <= box[3] + 1 for box, _ in kept)
                ]
                top, bottom = kept[0][0][1], kept[-1][0][3]
                layout.rows = [r for r in layout.rows if not top - 1 <= r.top <= bottom] + rows
            if not found:
                warnings.append(f"A table on page {layout.page} could not be told into cells.")
    return warnings


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
