"""The command ``pull``: what it asks for, how it shows how far it is, and what it says at the end."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ofsted_nlp.errors import SourceError, UsageError

if TYPE_CHECKING:
    from ofsted_nlp.corpus.press_result import PressResult
    from ofsted_nlp.corpus.pulling import PullResult
    from ofsted_nlp.sources.ofsted import Progress
    from ofsted_nlp.sources.press_manifest import PressEntry

EXAMPLES = 3
"""Headlines that a dry run shows of each reason for passing articles over."""

SHOWN = 20
"""Lines of problems and of publications that are printed at most; the manifest has all."""

STAGES = {
    "pages": "Authorities' pages",
    "files": "Reports",
    "reading": "Reading",
    "sources": "Press sources",
    "articles": "Articles",
    "stories": "Reading articles",
    "changes": "What is new",
    "site": "Site",
    "checking": "Checking",
}


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
    press: Annotated[
        bool, typer.Option("--press", help="After the reports, fetch press coverage of inspections too.")
    ] = False,
    press_only: Annotated[bool, typer.Option("--press-only", help="Press coverage without the reports.")] = False,
    press_sources: Annotated[
        Path | None,
        typer.Option(
            "--press-sources",
            help="File that says where to look for coverage (TOML); else OFSTED_NLP_PRESS_SOURCES, else a short list.",
        ),
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option("--contact", help="E-mail or web page by which sites can reach you; else OFSTED_NLP_CONTACT."),
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

    With --press, press coverage of inspections too.

    Example: ofsted-nlp pull Darlington --press --contact you@council.gov.uk
    """
    from ofsted_nlp.corpus import Corpus

    press = press or press_only
    if press_sources is not None and not press:
        raise UsageError("--press-sources says where to look for press coverage: give --press or --press-only too.")
    if press_only and kinds is not None:
        raise UsageError("--kinds chooses among reports: leave it or --press-only out.")
    if press:
        from ofsted_nlp.sources.press import load_sources, sources_file

        load_sources(sources_file(press_sources))  # what is wrong with them is told before anything is asked for
    names = authorities or ()
    shared: dict[str, Any] = {"since": since, "dry_run": dry_run, "contact": contact, "folder": folder}
    failed = False
    stopped: SourceError | None = None
    with Corpus.open() as corpus:
        if not press_only:
            try:
                with _bars(quiet) as progress:
                    result = corpus.pull(
                        *names, kinds=kinds, jobs=jobs, strengths=strengths, progress=progress, **shared
                    )
                failed = result.failed
                _say(result, quiet)
            except SourceError as error:
                if not press:
                    raise
                stopped = error  # Ofsted's site does not keep the press waiting
        if press:
            with _bars(quiet) as progress:
                brought = corpus.pull_press(*names, press_sources=press_sources, progress=progress, **shared)
            failed = failed or brought.failed
            _say_press(brought, quiet)
    if stopped is not None:
        raise stopped
    if press_only and brought.unreachable:
        print("ofsted-nlp: no press source could be read.", file=sys.stderr)
        raise typer.Exit(3)
    if failed:
        raise typer.Exit(1)


def _say(result: PullResult, quiet: bool) -> None:
    from ofsted_nlp.corpus.pulling import summary

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


def _say_press(result: PressResult, quiet: bool) -> None:
    from ofsted_nlp.corpus.press_result import summary

    brought = result.waiting if result.dry_run else (*result.fetched, *result.relevant, *result.irrelevant)
    if quiet and not result.failed and not brought:
        return  # what is odd about a source is so every night; it is told with what is new, and kept in the manifest
    for line in summary(result):
        print(line)
    _articles(result.waiting if result.dry_run else result.relevant)
    if result.dry_run and not quiet:
        reasons: dict[str, list[str]] = {}
        for entry in result.passed_over:
            reasons.setdefault(str(entry.message), []).append(entry.title or entry.url)
        if reasons:
            print("Passed over:")
        for reason, titles in sorted(reasons.items(), key=lambda item: -len(item[1])):
            print(f"  {reason} ({len(titles)})")
            for title in titles[:EXAMPLES]:
                print(f"    {title}")
            if len(titles) > EXAMPLES:
                print(f"    and {len(titles) - EXAMPLES} more")
    _list("Worth a look", [note.message for note in result.notices])
    _list("Could not be had", [f"{note.message} ({note.code})" for note in result.problems])
    unread = result.added.failed if result.added else ()
    _list("Could not be read", [f"{item.message} ({item.code})" for item in unread])


def _articles(entries: Sequence[PressEntry]) -> None:
    """The latest articles, each with what a reader needs to find it."""
    latest = sorted(entries, key=lambda entry: entry.date or datetime.date.min, reverse=True)
    for entry in latest[:SHOWN]:
        marks = "".join(
            f" [{mark}]"
            for mark in ("in part" if entry.partial else "", "repeats another" if entry.state == "repeats" else "")
            if mark
        )
        print(f"  {entry.date or 'no date'}  {entry.source}  {entry.title or entry.url}{marks}")
    if len(latest) > SHOWN:
        print(f"  and {len(latest) - SHOWN} more")


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
