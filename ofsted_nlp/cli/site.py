"""The command that builds the static site."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ofsted_nlp.errors import NotFoundError

site = typer.Typer(
    help="The static site: England, every authority, theme and cluster, and a search, for any browser.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@site.callback()
def _site() -> None:
    pass


@site.command()
def build(
    out: Annotated[Path, typer.Argument(help="Folder of the site; replaced as a whole.", show_default=False)],
    reports: Annotated[
        str | None,
        typer.Option(
            "--reports", help="Folder of the PDFs, or web address they lie behind, for links to pages. Else: Ofsted's."
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Only inspections that ended by this date (2024-03-31).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Build the site from the reports at hand.

    Example: ofsted-nlp site build site --reports reports
    """
    from ofsted_nlp.corpus import Corpus
    from ofsted_nlp.corpus.holdings import as_day
    from ofsted_nlp.presentation.site.build import build_site
    from ofsted_nlp.presentation.site.folder import check
    from ofsted_nlp.presentation.site.links import SourceLinks

    check(out)
    SourceLinks(reports, out)
    day = None if as_of is None else as_day(as_of)
    with Corpus.open() as corpus:
        held, clustering = corpus.reports(as_of=day), corpus.clusters()
        try:
            rows = corpus.named_strengths()[["thing", "kind", "where"]].itertuples(index=False)
            named = [{"thing": row.thing, "kind": row.kind, "where": row.where} for row in rows]
        except NotFoundError:
            named = []
    with _progress(quiet) as progress:
        made = build_site(held, out, clustering=clustering, named=named, source=reports, as_of=day, progress=progress)
    print(
        f"{made.folder / 'index.html'}: {made.authorities} authorities, {made.themes} themes, {made.clusters} clusters "
        f"from {made.reports} reports; "
        + (f"{made.findings} findings can be searched." if made.findings else "no texts at hand to search.")
    )


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Building", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
