"""The command ``update``: the nightly job, its settings, and how it says what is new."""

from __future__ import annotations

import json
import sys
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ofsted_nlp.errors import UsageError

if TYPE_CHECKING:
    from ofsted_nlp.corpus.updating import Update

SHOWN = 20
"""Problems that are printed at most."""

PATHS = ("folder", "press_sources", "site", "export", "feed")
SETTINGS: dict[str, type[Any]] = {
    "authorities": list,
    "folder": str,
    "press": bool,
    "press_sources": str,
    "contact": str,
    "site": str,
    "reports": str,
    "export": str,
    "feed": str,
    "feed_url": str,
    "jobs": int,
    "strengths": bool,
}
"""Keys of the file of settings, which are the options' names, and what each holds."""


class UpdateFormat(StrEnum):
    """Formats of ``update``."""

    TEXT = "text"
    JSON = "json"


def update(
    authorities: Annotated[
        list[str] | None, typer.Argument(help="Any names of authorities; all if none is given.", show_default=False)
    ] = None,
    folder: Annotated[
        str | None, typer.Option("--folder", help="Read the PDFs of this folder instead of asking Ofsted's site.")
    ] = None,
    press: Annotated[
        bool | None, typer.Option("--press/--no-press", help="Fetch press coverage too.", show_default=False)
    ] = None,
    press_sources: Annotated[
        str | None, typer.Option("--press-sources", help="File that says where to look for coverage (TOML).")
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option("--contact", help="E-mail or web page by which sites can reach you; else OFSTED_NLP_CONTACT."),
    ] = None,
    site: Annotated[str | None, typer.Option("--site", help="Folder of the static site to refresh.")] = None,
    reports: Annotated[
        str | None, typer.Option("--reports", help="Folder or web address of the PDFs, for the site's links.")
    ] = None,
    export: Annotated[
        str | None, typer.Option("--export", help="Workbook (.xlsx) to refresh, or folder for CSV files.")
    ] = None,
    feed: Annotated[str | None, typer.Option("--feed", help="Atom feed of what is new, to refresh.")] = None,
    feed_url: Annotated[str | None, typer.Option("--feed-url", help="Web address at which the feed will lie.")] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="File of settings (TOML); options given here come first.")
    ] = None,
    format: Annotated[UpdateFormat, typer.Option("--format", help="How to say what is new.")] = UpdateFormat.TEXT,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes; one per core if not given.")
    ] = None,
    strengths: Annotated[
        bool | None,
        typer.Option("--strengths/--no-strengths", help="Store what each strength praises too.", show_default=False),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress bars; say nothing if all went well and nothing is new.")
    ] = False,
) -> None:
    """The nightly job: pull, read what is new, refresh the site and the exports, and say what changed.

    Example: ofsted-nlp update --press --site /srv/ofsted --feed /srv/ofsted.atom --quiet
    """
    from ofsted_nlp.cli.pull import _bars
    from ofsted_nlp.corpus import Corpus

    given: dict[str, Any] = {
        "authorities": authorities,
        "folder": folder,
        "press": press,
        "press_sources": press_sources,
        "contact": contact,
        "site": site,
        "reports": reports,
        "export": export,
        "feed": feed,
        "feed_url": feed_url,
        "jobs": jobs,
        "strengths": strengths,
    }
    wanted = read_settings(settings) if settings is not None else {}
    wanted |= {name: value for name, value in given.items() if value not in (None, [])}
    names = wanted.pop("authorities", ())

    def tell(made: Update) -> None:
        _say(made, format, quiet)

    with Corpus.open() as corpus, _bars(quiet) as progress:
        made = corpus.update(*names, tell=tell, progress=progress, **wanted)
    _list("Could not be done", list(made.problems))
    if made.stopped is not None:
        print(f"ofsted-nlp: {made.stopped}", file=sys.stderr)
        raise typer.Exit(3)
    if made.failed:
        raise typer.Exit(1)


def read_settings(path: Path) -> dict[str, Any]:
    """The settings in a file; paths in it count from its folder.

    Raises:
        UsageError: there is no such file, or something in it is not right; the message says what.
    """
    try:
        with path.open("rb") as file:
            found: dict[str, Any] = tomllib.load(file)
    except OSError as error:
        raise UsageError(f"The settings {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The settings {path} are not TOML: {error}.") from error
    for name, value in found.items():
        if name not in SETTINGS:
            raise UsageError(f"The settings {path} hold {name!r}; what can be set is {', '.join(SETTINGS)}.")
        kind = SETTINGS[name]
        fits = type(value) is kind
        if isinstance(value, list):
            fits = fits and all(isinstance(item, str) for item in value)
        if not fits or (type(value) is int and value < 1):
            words = {str: "a text", bool: "true or false", int: "a number from 1", list: "a list of names"}[kind]
            raise UsageError(f"In the settings {path}, {name} is {value!r}; it should be {words}.")
    return {name: _placed(path.parent, value) if _is_path(name, value) else value for name, value in found.items()}


def _is_path(name: str, value: Any) -> bool:
    return name in PATHS or (name == "reports" and "://" not in value)


def _placed(folder: Path, path: str) -> str:
    return str(folder / Path(path).expanduser())


def _say(made: Update, format: UpdateFormat, quiet: bool) -> None:
    from ofsted_nlp.presentation.update_report import update_text

    if format is UpdateFormat.JSON:
        print(json.dumps(made.to_dict(), ensure_ascii=False, indent=2))
    elif not (quiet and not made.changes and not made.with_text):
        for line in update_text(made.to_dict()):
            print(line)
    sys.stdout.flush()


def _list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    print(f"{title} ({len(lines)}):", file=sys.stderr)
    for line in lines[:SHOWN]:
        print(f"  {line}", file=sys.stderr)
    if len(lines) > SHOWN:
        print(f"  and {len(lines) - SHOWN} more", file=sys.stderr)
