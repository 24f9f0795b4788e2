"""The command ``check``: whether the store says what the documents say."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

SHOWN = 50
"""Faults that are printed at most; the JSON has all."""


class CheckFormat(StrEnum):
    """Formats of ``check``."""

    TEXT = "text"
    JSON = "json"


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what is wrong by reading documents again.")] = False,
    files: Annotated[
        bool, typer.Option("--files/--no-files", help="Open the documents, or look at the store alone.")
    ] = True,
    format: Annotated[CheckFormat, typer.Option("--format")] = CheckFormat.TEXT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar; say nothing if all is well.")] = False,
) -> None:
    """Hold every record of the store against its document; the exit code is 1 if faults remain.

    Example: ofsted-nlp check --repair
    """
    from ofsted_nlp.cli.pull import _bars
    from ofsted_nlp.corpus import Corpus

    with Corpus.open() as corpus, _bars(quiet) as show:
        progress = None if show is None else (lambda done, total: show("checking", done, total))
        made = corpus.check(repair=repair, files=files, progress=progress)
    if format is CheckFormat.JSON:
        print(json.dumps(made.to_dict(), ensure_ascii=False, indent=2))
    elif not (quiet and not made.faults):
        print(
            f"{made.documents} documents and {made.articles} article pages looked at, {made.opened} files opened: "
            f"{len(made.faults)} faults{f', {len(made.repaired)} repaired' if repair else ''}."
        )
        for fault in made.faults[:SHOWN]:
            print(f"  {fault.file} ({fault.sha256[:12]}): {fault.message} ({fault.code})", file=sys.stderr)
        if len(made.faults) > SHOWN:
            print(f"  and {len(made.faults) - SHOWN} more; --format json has all", file=sys.stderr)
    if made.faults:
        raise typer.Exit(1)
