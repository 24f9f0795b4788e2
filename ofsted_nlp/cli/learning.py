"""The command that names those from whom an authority can learn."""

from __future__ import annotations

import csv
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ofsted_nlp.cli.output import output
from ofsted_nlp.presentation.cells import harmless


class LearnFormat(StrEnum):
    """Formats of ``learn``."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    CSV = "csv"


def learn(
    authority: Annotated[str, typer.Argument(help="Any name of the authority.", show_default=False)],
    theme: Annotated[str | None, typer.Option(help="Only the concern on this theme, by code or title.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Only inspections that ended by this date (2024-03-31).")] = None,
    format: Annotated[LearnFormat, typer.Option("--format")] = LearnFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of the screen.")] = None,
) -> None:
    """Name authorities that had the same concerns and have them as strengths now, nearest neighbours first.

    Example: ofsted-nlp learn Darlington --theme assessment --format md --out partners.md
    """
    from ofsted_nlp.corpus import Corpus

    with Corpus.open() as corpus:
        found = corpus.learn_from(authority, as_of=as_of, theme=theme)
    with output(out) as file:
        if format is LearnFormat.JSON:
            file.write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n")
        elif format is LearnFormat.MD:
            file.write(found.to_markdown())
        elif format is LearnFormat.CSV:
            _write_csv(found.rows(), file)
        else:
            from rich.console import Console

            Console(file=file, width=None if file.isatty() else 140, highlight=False).print(found)


def _write_csv(rows: list[dict[str, Any]], file: Any) -> None:
    """One row a concern and partner; pages with spaces between, and nothing that a spreadsheet takes for a formula."""
    from ofsted_nlp.analysis.partners import COLUMNS

    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return harmless(value) if isinstance(value, str) else value
