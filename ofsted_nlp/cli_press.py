"""The command ``press``: article pages from disk, held against the reports they cover."""

from __future__ import annotations

import glob
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ofsted_nlp.cli_output import output
from ofsted_nlp.errors import OfstedNlpError, UsageError

if TYPE_CHECKING:
    from ofsted_nlp.stories import Article, Quote, Story

_SUFFIXES = (".html", ".htm", ".xhtml", ".txt")
"""What is read of a folder."""


class PressFormat(StrEnum):
    """Formats of ``press``."""

    TABLE = "table"
    JSONL = "jsonl"


def press(
    files: Annotated[
        list[str],
        typer.Argument(
            help="Saved article pages (HTML) or text files, folders of them, or patterns.", show_default=False
        ),
    ],
    reports: Annotated[
        Path | None,
        typer.Option(
            "--reports", help="Folder with the PDFs of reports. Else: the store, or reports/ beside the files."
        ),
    ] = None,
    format: Annotated[PressFormat, typer.Option("--format")] = PressFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of the screen.")] = None,
) -> None:
    """Read press coverage of inspections: who says what, and whether the report says so too.

    Example: ofsted-nlp press saved-pages --reports reports --format jsonl --out press.jsonl
    """
    from ofsted_nlp.articles import read_article

    paths = _expanded(files)
    if reports is not None and not reports.is_dir():
        raise UsageError(f"{reports} is no folder. Name the folder that holds the PDFs of reports.")
    if out is not None and any(out.exists() and path.exists() and out.samefile(path) for path in paths):
        raise UsageError(f"{out} is one of the files to read; give --out another name.")
    failed: list[tuple[Path, OfstedNlpError]] = []
    said: dict[str, list[str]] = {}
    with output(out) as file:
        for path in paths:
            try:
                article = read_article(path, reports=reports)
            except OfstedNlpError as error:
                failed.append((path, error))
                continue
            for warning in (*article.page.warnings, *article.warnings):
                said.setdefault(warning, []).append(path.name)
            if format is PressFormat.JSONL:
                for row in article.to_dicts():
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            else:
                file.write(_shown(article))
    for warning, names in said.items():
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        print(f"{', '.join(names[:3])}{more}: {warning}", file=sys.stderr)
    if failed:
        print(f"{len(failed)} of {len(paths)} files could not be read:", file=sys.stderr)
        for path, why in failed:
            name = "" if path.name in why.message else f"{path.name}: "
            print(f"  {name}{why.message} ({why.code})", file=sys.stderr)
        raise typer.Exit(1)


def _expanded(files: list[str]) -> list[Path]:
    found: dict[Path, None] = {}
    for name in files:
        if "://" in name:
            raise UsageError(
                f"{name} is an address. Only saved pages are read: save the page as HTML and name the file."
            )
        path = Path(name)
        if path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if p.suffix.lower() in _SUFFIXES]
            if not inside:
                raise UsageError(f"There is no HTML and no text file in the folder {path}.")
            found.update(dict.fromkeys(inside))
        elif path.exists() or not any(mark in name for mark in "*?["):
            found[path] = None
        else:
            matches = [Path(match) for match in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207
            if not matches:
                raise UsageError(f"No file matches {name}.")
            found.update(dict.fromkeys(matches))
    return list(found)


def _shown(article: Article) -> str:
    """An article for the screen, in plain lines."""
    lines = []
    for story in article.stories:
        lines += _story_lines(article, story)
    return "\n".join(lines) + "\n\n"


def _story_lines(article: Article, story: Story) -> list[str]:
    page = article.page
    where = ", ".join(str(part) for part in (page.site, page.published) if part)
    lines = [f"{story.title or page.file}{f' ({where})' if where else ''}"]
    report = f"report of {story.report.published}" if story.report else "report not known"
    lines.append(f"  {story.authority or 'No authority named'}; {report}; tone {story.tone}")
    for item in story.judgements:
        agrees = {True: "as in the report", False: f"the report says {item.report_grade}", None: "not compared"}
        lines.append(
            f"  Judgement: {item.about.replace('_', ' ')} {item.grade.replace('_', ' ')} "
            f"({agrees[item.agrees_with_report]})"
        )
    for asked in story.recommendations:
        number = f"the report's {asked.report_number}" if asked.report_number is not None else "no number"
        lines.append(f"  Recommendation ({number}): {asked.text}")
    for figure in story.figures:
        lines.append(f"  Figure: {figure.text}{_mark(figure.in_report)}")
    for quote in story.quotes:
        lines.append(
            f"  {_who(quote)}{' (indirect)' if quote.kind == 'indirect' else ''}: {quote.text}{_mark(quote.in_report)}"
        )
    for excluded in story.excluded:
        lines.append(f"  Left out ({excluded.why}): {excluded.text}")
    return lines


def _who(quote: Quote) -> str:
    return f"{quote.speaker or 'Someone'}{f', {quote.role}' if quote.role else ''}"


def _mark(in_report: bool | None) -> str:
    return {True: " [in the report]", False: " [not in the report]", None: ""}[in_report]
