"""The command that writes the workbook of all authorities."""

from __future__ import annotations

import datetime
import io
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ofsted_nlp.cli.output import output
from ofsted_nlp.errors import UsageError


class ExportFormat(StrEnum):
    """Formats of ``export``."""

    XLSX = "xlsx"
    CSV = "csv"


def export(
    out: Annotated[Path, typer.Argument(help="The workbook, or the folder for CSV files.", show_default=False)],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Only inspections that ended by this date (2024-03-31).")
    ] = None,
    format: Annotated[ExportFormat | None, typer.Option("--format", help="By the name's ending if not given.")] = None,
) -> None:
    """Write one row an authority (codes, region, grades, dates, neighbours), every inspection, and themes.

    Example: ofsted-nlp export england.xlsx --as-of 2024-03-31
    """
    from ofsted_nlp.corpus import Corpus
    from ofsted_nlp.corpus.holdings import as_day
    from ofsted_nlp.presentation.excel_authorities import national_csv, national_workbook

    made = format or (ExportFormat.XLSX if out.suffix.lower() == ".xlsx" else None)
    if made is None:
        raise UsageError(f"{out} is no workbook: give a name that ends in .xlsx, or --format csv for a folder.")
    day: datetime.date | None = None if as_of is None else as_day(as_of)
    with Corpus.open() as corpus:
        reports = corpus.reports()
    if made is ExportFormat.CSV:
        if out.is_file():
            raise UsageError(f"{out} is a file; name a folder for the CSV files.")
        for path in national_csv(reports, out, day):
            print(path)
        return
    buffer = io.BytesIO()
    national_workbook(reports, buffer, day)
    with output(out, "wb") as file:
        file.write(buffer.getvalue())
