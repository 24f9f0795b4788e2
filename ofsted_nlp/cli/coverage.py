"""The command ``coverage``: what the press made of Ofsted's reports on one authority."""

from __future__ import annotations

import datetime
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ofsted_nlp.cli.output import output
from ofsted_nlp.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from ofsted_nlp.analysis.coverage import AuthorityCoverage
    from ofsted_nlp.analysis.coverage.story import StoryCoverage
    from ofsted_nlp.analysis.coverage.verdicts import Checked

_WIDTH = 120
"""Characters of a line where the screen's width is not known."""


class CoverageFormat(StrEnum):
    """Formats of ``coverage``."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    HTML = "html"
    CSV = "csv"


def coverage(
    authority: Annotated[str, typer.Argument(help="Any name of the authority.", show_default=False)],
    pages: Annotated[
        list[str] | None,
        typer.Argument(
            help="Saved article pages or text files, folders of them, or patterns, beside those in the store; they are "
            "not stored.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(
            "--report", help="Only what covers this report: a day of its inspection or publication, or its file name."
        ),
    ] = None,
    reports: Annotated[
        Path | None, typer.Option("--reports", help="Folder with the PDFs of reports, beside those in the store.")
    ] = None,
    format: Annotated[CoverageFormat, typer.Option("--format")] = CoverageFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of the screen.")] = None,
) -> None:
    """Hold the press coverage of an authority against the reports it covers, and say what the press left out.

    Example: ofsted-nlp coverage Darlington saved-pages --reports reports --format html --out coverage.html
    """
    from ofsted_nlp.corpus import Corpus

    named = list(pages or ())
    for name in named:
        if "://" in name:
            raise UsageError(
                f"{name} is an address. Save the page as HTML and name the file, or use 'ofsted-nlp press'."
            )
        if out is not None and out.exists() and Path(name).exists() and out.samefile(name):
            raise UsageError(f"{out} is one of the pages to read; give --out another name.")
    with Corpus.open() as corpus:
        found = corpus.coverage(authority, _wanted(authority, report), named, reports=reports)
    for warning in found.warnings:
        print(warning, file=sys.stderr)
    if not found.stories:
        raise _nothing(found, named, report)
    with output(out) as file:
        if format is CoverageFormat.TABLE:
            _show(found, file)
        else:
            file.write(_written(found, format))


def _wanted(authority: str, report: str | None) -> str | tuple[str, str] | None:
    """What ``Corpus.coverage`` takes for a report: a day with the authority, or a file name."""
    if report is None:
        return None
    try:
        datetime.date.fromisoformat(report)
    except ValueError:
        if report.lower().endswith(".pdf") or len(report) == 64:
            return report
        raise UsageError(f"{report} is neither a date such as 2015-09-01 nor the name of a PDF.") from None
    return authority, report


def _nothing(found: AuthorityCoverage, named: list[str], report: str | None) -> NotFoundError:
    name = found.entry.display_name
    what = f"that covers the report {report}" if report else f"on {name}"
    if named:
        said = f"No story {what} is on the pages named, nor in the store."
        if report:
            said += " Without --report all stories are shown, also those whose report is not known."
    else:
        said = (
            f'There is no article {what} in the store. Name saved pages (ofsted-nlp coverage "{name}" page.html), or '
            f'fetch some (ofsted-nlp pull "{name}" --press).'
        )
    return NotFoundError(said, code="no_articles")


def _written(found: AuthorityCoverage, format: CoverageFormat) -> str:
    if format is CoverageFormat.JSON:
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n"
    if format is CoverageFormat.MD:
        return found.to_markdown()
    if format is CoverageFormat.HTML:
        return found.to_html()
    from ofsted_nlp.presentation.coverage import csv_text

    return csv_text(found)


def _show(found: AuthorityCoverage, file: Any) -> None:
    from rich.console import Console

    from ofsted_nlp.presentation.coverage import story_heading

    console = Console(file=file, width=None if file.isatty() else _WIDTH, highlight=False, markup=False)
    for line in found.summary():
        console.print(f"- {line}")
    for report in found.reports:
        console.print()
        console.print(_who(report))
    for story in found.stories:
        console.print(f"\n{story_heading(story)}")
        for line in story.summary():
            console.print(f"- {line}")
        if story.items:
            console.print(_items(story))


def _who(report: Any) -> Any:
    from rich.table import Table

    from ofsted_nlp.analysis.coverage.words import report_named, shortened, who_reported_what

    table = Table(title=f"Who reported what: {report_named(report.report)}", box=None, title_justify="left")
    for column in ("", "No.", "In the report", "Page", *report.sites):
        table.add_column(column, overflow="fold")
    for row in who_reported_what(report):
        said = [{True: "yes", False: "-", None: "not compared"}[row[site]] for site in report.sites]
        text = shortened(row["text"], 70) if row["text"] else "(words not at hand)"
        table.add_row(row["kind"], row["number"] or "", text, str(row["page"]), *said)
    return table


def _items(story: StoryCoverage) -> Any:
    from rich.table import Table

    from ofsted_nlp.analysis.coverage.words import shortened

    table = Table(box=None)
    for column, width in (("Verdict", 26), ("The story", None), ("Page", 4), ("The report", None)):
        table.add_column(column, overflow="fold", width=width)
    for item in story.items:
        words = f"{item.speaker}: {item.words}" if item.speaker else item.words
        table.add_row(item.verdict.value, shortened(words), str(item.page or ""), shortened(_theirs(item)))
    return table


def _theirs(item: Checked) -> str:
    """What the report says, or why nothing is given."""
    words = item.report_words or item.report_value or ""
    number = f"({item.number}) " if item.number else ""
    return f"{number}{words}" if words else item.why
