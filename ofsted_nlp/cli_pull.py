"""The command ``pull``: what it asks for, how it shows how far it is, and what it says at the end."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ofsted_nlp.pulling import PullResult
    from ofsted_nlp.sources.ofsted import Progress

SHOWN = 20
"""Lines of problems and of publications that are printed at most; the manifest has all."""

STAGES = {"pages": "Authorities' pages", "files": "Reports", "reading": "Reading"}


def pull(
    authorities: Annotated[
        list[str] | None, typer.Argument(help="Any names of authorities; all if none is given.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Only what was published from this date on (2024-03-31).")
    ] = None,
    kinds: Annotated[
        str | None,
        typer.Option(
            "--kinds",
            help="Only these, with commas between: inspection, focused_visit, monitoring_visit, jtai, send, other.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the site's pages and say what would be fetched; fetch nothing.")
    ] = False,
    contact: Annotated[
        str | None,
        typer.Option("--contact", help="E-mail or web page by which Ofsted can reach you; else OFSTED_NLP_CONTACT."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where PDFs are kept; else OFSTED_NLP_REPORTS, else by the store.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes; one per core if not given.")
    ] = None,
    strengths: Annotated[
        bool, typer.Option("--strengths", help="Store what each strength praises, and the names in it, too; slower.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bars; say nothing if all went well.")
    ] = False,
) -> None:
    """Fetch new reports from Ofsted's site and read them into the store; what is there already is left alone.

    Example: ofsted-nlp pull Darlington --contact you@council.gov.uk
    """
    from ofsted_nlp.corpus import Corpus

    with Corpus.open() as corpus, _bars(quiet) as progress:
        result = corpus.pull(
            *(authorities or ()),
            since=since,
            kinds=kinds,
            dry_run=dry_run,
            contact=contact,
            folder=folder,
            jobs=jobs,
            strengths=strengths,
            progress=progress,
        )
    _say(result, quiet)
    if result.failed:
        raise typer.Exit(1)


def _say(result: PullResult, quiet: bool) -> None:
    from ofsted_nlp.pulling import summary

    if not (quiet and not result.failed and not result.new):
        for line in summary(result):
            print(line)
        fresh = result.waiting if result.dry_run else result.fetched
        latest = sorted(fresh, key=lambda entry: entry.date or datetime.date.min, reverse=True)
        for entry in latest[:SHOWN]:
            name = entry.file or entry.url
            print(f"  {entry.date or 'no date'}  {entry.printed_kind}  {name}")
        if len(latest) > SHOWN:
            print(f"  and {len(latest) - SHOWN} more")
    _list("Worth a look", [note.message for note in result.notices])
    _list("Could not be had", [f"{note.message} ({note.code})" for note in result.problems])
    unread = result.added.failed if result.added else ()
    _list("Could not be read", [f"{item.file}: {item.message} ({item.code})" for item in unread])


def _list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    print(f"{title} ({len(lines)}):", file=sys.stderr)
    for line in lines[:SHOWN]:
        print(f"  {line}", file=sys.stderr)
    if len(lines) > SHOWN:
        print(f"  and {len(lines) - SHOWN} more; the manifest has all", file=sys.stderr)


@contextmanager
def _bars(quiet: bool) -> Iterator[Progress | None]:
    """A bar for each stage, on a screen; nothing where the output goes to a file."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES[stage], total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield show
