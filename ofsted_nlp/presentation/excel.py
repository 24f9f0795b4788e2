"""Sheets as Excel and as CSV: numbers as numbers, dates as dates, and no text that a spreadsheet takes for a formula.

A sheet is a list of rows, each a mapping from heading to one value: a number, a share, a date, a link, yes or no,
text, or None. Every sheet has a frozen, filtered header.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ofsted_nlp.presentation.cells import FORMULA_STARTS, harmless

Rows = Sequence[Mapping[str, Any]]

_WIDEST = 90
_PRINTED = 260
"""Characters side by side that can still be read when they are made to fit one sheet of paper."""
_BUTTON = 3
"""Room in a heading for the filter's button, in characters."""
_LINE, _TALLEST, _FILLED = 15.0, 409.0, 0.9
"""Height of a line of text and the most that a row can have, in points; how far wrapped lines are filled."""
_LONGEST = 32_767
"""Characters that a cell of Excel can hold."""
_CUT = " … (cut: a cell holds no more)"


class Share(float):
    """A number from 0 to 1 that is shown in per cent."""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with the words shown for it."""

    url: str
    text: str

    def __str__(self) -> str:
        return self.url


def link(url: str | None, text: str) -> Link | None:
    """A link, if there is an address of the web."""
    return Link(url, text) if url and url.startswith(("https://", "http://")) else None


def write_workbook(
    path: str | Path | IO[bytes], sheets: Mapping[str, Rows], *, title: str, frozen: Mapping[str, int] | None = None
) -> None:
    """Writes an Excel workbook.

    Args:
        path: the file, or one open for writing bytes.
        sheets: rows by name of the sheet.
        title: of the workbook, in its properties.
        frozen: for a sheet how many columns stay in sight; 0 where none is named.
    """
    import xlsxwriter

    # Strings stay strings: "=1+1" in a report must never become a formula, nor "-3" a number.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    target = str(path) if isinstance(path, (str, Path)) else path
    with xlsxwriter.Workbook(target, options) as workbook:
        workbook.set_properties({"title": title, "comments": "Made by ofsted-nlp from Ofsted's inspection reports."})
        top = {"valign": "top"}
        formats = {
            "head": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#e8eef4", **top}),
            "text": workbook.add_format({"text_wrap": True, **top}),
            "quoted": workbook.add_format({"text_wrap": True, "quote_prefix": True, **top}),
            "date": workbook.add_format({"num_format": "d mmm yyyy", "align": "left", **top}),
            "share": workbook.add_format({"num_format": "0.0%", **top}),
            "number": workbook.add_format({"num_format": "General", **top}),
            "link": workbook.add_format({"font_color": "#0b4f8a", "underline": 1, **top}),
        }
        for name, rows in sheets.items():
            _sheet(workbook.add_worksheet(name), rows, formats, (frozen or {}).get(name, 0))


def _sheet(sheet: Any, rows: Rows, formats: Mapping[str, Any], frozen: int) -> None:
    """One table; an empty one says so."""
    columns = list(rows[0]) if rows else ["Nothing read"]
    widths = []
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, formats["head"])
        word = max(map(len, name.split()), default=0) + _BUTTON
        longest = max([len(name) / 2, word, *[_width(row[name]) for row in rows if row[name] is not None]])
        widths.append(min(max(longest, 8) + 2, _WIDEST))
        sheet.set_column(column, column, widths[-1])
    sheet.set_row(0, _height(columns, [width - _BUTTON for width in widths]))
    for number, row in enumerate(rows, 1):
        sheet.set_row(number, _height([row[name] for name in columns], widths))
        for column, name in enumerate(columns):
            _cell(sheet, number, column, row[name], formats)
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    if sum(widths) <= _PRINTED:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(60)
        if frozen:
            sheet.repeat_columns(0, frozen - 1)


def _height(values: Sequence[Any], widths: Sequence[float]) -> float:
    """Height of a row in points, so that wrapped text is whole in programs that do not find it out themselves."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            lines = max(lines, sum(math.ceil(max(len(part), 1) / (width * _FILLED)) for part in value.split("\n")))
    return min(_LINE * lines, _TALLEST)


def _width(value: Any) -> int:
    if isinstance(value, Link):
        return len(value.text)
    return 11 if isinstance(value, datetime.date) else 7 if isinstance(value, float) else len(str(value))


def _cell(sheet: Any, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> None:
    if value is None:
        sheet.write_blank(row, column, None, formats["text"])
    elif isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", formats["text"])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), formats["date"])
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, formats["share" if isinstance(value, Share) else "number"])
    elif isinstance(value, Link):
        if sheet.write_url(row, column, value.url, formats["link"], value.text) < 0:
            sheet.write_string(row, column, value.url, formats["text"])
    else:
        text = str(value)
        if len(text) > _LONGEST:
            text = text[: _LONGEST - len(_CUT)] + _CUT
        sheet.write_string(row, column, text, formats["quoted" if text.startswith(FORMULA_STARTS) else "text"])


def csv_text(rows: Rows) -> str:
    """Rows as CSV: ISO dates, shares from 0 to 1, links as addresses; a text like a formula gets an apostrophe."""
    out = io.StringIO()
    columns = list(rows[0]) if rows else ["Nothing read"]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return round(float(value), 6)
    if value is None or isinstance(value, int):
        return value
    return harmless(str(value))
