"""The commands that write a whole store into one file, and take such a file in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

store = typer.Typer(
    help="The store as a whole: export it into one file of an open format, and import such a file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where pulled PDFs are; else OFSTED_NLP_REPORTS, else by the store.")
]


@store.command("export")
def export_file(
    out: Annotated[Path, typer.Argument(help="The file (a zip of JSON lines).", show_default=False)],
    times: Annotated[
        bool, typer.Option("--times", help="Keep when things were read and told too, and the logs: for a backup.")
    ] = False,
    folder: Folder = None,
) -> None:
    """Write everything in the store into one file; equal stores give equal files, byte for byte.

    Example: ofsted-nlp store export store.zip
    """
    from ofsted_nlp.corpus.exchange import export_store
    from ofsted_nlp.corpus.holdings import Holdings
    from ofsted_nlp.store import default_path

    made = export_store(Holdings(str(default_path()), seed=False), out, times=times, folder=folder)
    rows = made.rows
    print(
        f"{made.path}: {rows['documents']} documents, {rows['findings']} findings, {rows['articles']} article pages; "
        f"{made.size / 2**20:.1f} MB"
    )


@store.command("import")
def import_file(
    path: Annotated[Path, typer.Argument(help="A file that `store export` wrote.", show_default=False)],
    folder: Folder = None,
) -> None:
    """Take a file of `store export` in: the whole of it, or nothing.

    Example: ofsted-nlp store import store.zip
    """
    from ofsted_nlp.corpus.exchange import import_store
    from ofsted_nlp.corpus.holdings import Holdings
    from ofsted_nlp.store import default_path

    where = default_path()
    made = import_store(Holdings(str(where), seed=False), path, folder=folder)
    for word, counts in (("Documents", made.documents), ("Article pages", made.articles)):
        print(f"{word}: {counts.new} new, {counts.replaced} replaced, {counts.unchanged} unchanged.")
    print(f"Pulls: {made.publications} rows new. Clusters: {'taken over' if made.clusters else 'as they were'}.")
    print(f"Store {where}")
