"""Tables that the fast path is unsure of, read again by pdfplumber."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ofsted_nlp.reading.blocks import Row
from ofsted_nlp.reading.lines import Line, clean

if TYPE_CHECKING:
    from ofsted_nlp.reading.layout import PageLayout


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
                rows = [row for row in (_row(page, r, layout.page) for r in table.rows) if row is not None]
                if len(rows) < 2 or max(len(row.cells) for row in rows) < 2:
                    continue
                found = True
                _, top, _, bottom = table.bbox
                layout.lines = [
                    line for line in layout.lines if not top - 1 <= (line.top + line.bottom) / 2 <= bottom + 1
                ]
                layout.rows = [r for r in layout.rows if not top - 1 <= r.top <= bottom] + rows
            if not found:
                warnings.append(f"A table on page {layout.page} could not be told into cells.")
    return warnings


def _row(page, row, number: int) -> Row | None:  # type: ignore[no-untyped-def]
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
