"""The command ``press``: article pages from disk or from their sites, held against the reports they cover."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from ofsted_nlp.cli.output import output
from ofsted_nlp.errors import OfstedNlpError, RefusedError, UsageError

if TYPE_CHECKING:
    from ofsted_nlp.corpus.shelf import Shelf
    from ofsted_nlp.sources.http import Client
    from ofsted_nlp.store import Store
    from ofsted_nlp.stories import Article, Quote, Story

_NO_SCHEME = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+/\S*|www\.\S+")
_CLOSED = ("http_401", "http_402", "http_403", "http_451")
"""Codes of pages that a site does not give to programs."""


class PressFormat(StrEnum):
    """Formats of ``press``."""

    TABLE = "table"
    JSONL = "jsonl"


@dataclass
class Told:
    """What became of the pages that were to be told.

    Attributes:
        failed: each page that could not be had or read, and why.
        warnings: plain sentences with the names of the pages they are about.
        kept: how many were kept as new, replaced, or were there already (unchanged).
    """

    failed: list[tuple[Path | str, OfstedNlpError]] = field(default_factory=list)
    warnings: dict[str, list[str]] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)


def press(
    pages: Annotated[
        list[str],
        typer.Argument(
            help="Article pages: addresses (https://...), saved pages (HTML), text files, folders of these, patterns.",
            show_default=False,
            metavar="FILE_OR_URL",
        ),
    ],
    reports: Annotated[
        Path | None,
        typer.Option(
            "--reports", help="Folder with the PDFs of reports. Else: the store, or reports/ beside the files."
        ),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what was read in the store, and a copy of pages.")] = False,
    contact: Annotated[
        str | None,
        typer.Option(
            "--contact", help="For addresses: e-mail or web page by which sites can reach you; else OFSTED_NLP_CONTACT."
        ),
    ] = None,
    format: Annotated[PressFormat, typer.Option("--format")] = PressFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of the screen.")] = None,
) -> None:
    """Read press coverage of inspections: who says what, and whether the report says so too.

    Example: ofsted-nlp press saved-pages --reports reports --format jsonl --out press.jsonl
    """
    from ofsted_nlp.sources.contact import checked_contact
    from ofsted_nlp.store import Store

    items = _expanded(pages)
    if reports is not None and not reports.is_dir():
        raise UsageError(f"{reports} is no folder. Name the folder that holds the PDFs of reports.")
    if out is not None and any(isinstance(item, Path) and _same(out, item) for item in items):
        raise UsageError(f"{out} is one of the files to read; give --out another name.")
    given = checked_contact(contact) if any(isinstance(item, str) for item in items) else None
    with ExitStack() as stack:
        store = stack.enter_context(Store.open()) if keep else None
        clients: dict[str, Client] = {}

        def ask(url: str) -> Client:
            hosts = _hosts(url)
            if hosts[0] not in clients:
                clients[hosts[0]] = stack.enter_context(_client(hosts, given))
            return clients[hosts[0]]

        file = stack.enter_context(output(out))
        told = tell(items, file, ask=ask, reports=reports, format=format, store=store)
    _say(told, len(items), store)
    if told.failed:
        raise typer.Exit(1)


def tell(
    items: Sequence[Path | str],
    file: IO[str],
    *,
    ask: Callable[[str], Client],
    reports: Path | None = None,
    format: PressFormat = PressFormat.TABLE,
    store: Store | None = None,
) -> Told:
    """Read pages and write what they say; one that fails stops nothing.

    Args:
        items: paths of saved pages, and addresses.
        file: where to write.
        ask: gives the client that may ask an address.
        reports: folder with PDFs of reports.
        format: how to write.
        store: where to keep what was read; None to keep nothing.
    """
    from ofsted_nlp.corpus.adding_articles import find_repeats, keep
    from ofsted_nlp.corpus.articles import compared, fetch_article, web_address
    from ofsted_nlp.corpus.shelf import Shelf
    from ofsted_nlp.extraction.article import ARTICLE_VERSION
    from ofsted_nlp.reading.web import read_page

    told = Told()
    folder = None if reports is None else str(reports.resolve())
    shelf = Shelf(reports, store=store)
    for item in items:
        near = _near(shelf, item, reports, store)
        try:
            if isinstance(item, Path):
                article = compared(read_page(item), near)
                path: Path | None = item
                url = None
            else:
                article, data = fetch_article(ask(item), item, near)
                url = web_address(item)
                path = _copy(data, article.page.file, store) if store is not None else None
        except OfstedNlpError as error:
            told.failed.append((item, error))
            continue
        for warning in (*article.page.warnings, *article.warnings):
            told.warnings.setdefault(warning, []).append(_name(item))
        if store is not None:
            kept = keep(store, article, near, version=ARTICLE_VERSION, path=path, url=url, reports=folder)
            told.kept[kept] += 1
        if format is PressFormat.JSONL:
            for row in article.to_dicts():
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            file.write(_shown(article))
    if store is not None and told.kept.keys() & {"new", "replaced"}:
        find_repeats(store)
    return told


def _near(shelf: Shelf, item: Path | str, reports: Path | None, store: Store | None) -> Shelf:
    """The shelf as seen from a page; a named folder alone counts where nothing is kept."""
    from ofsted_nlp.corpus.shelf import Shelf

    if store is None:
        return Shelf(reports, beside=item if isinstance(item, Path) else None)
    return shelf.near(item if isinstance(item, Path) else None, reports)


def _say(told: Told, total: int, store: Store | None) -> None:
    for warning, names in told.warnings.items():
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        print(f"{', '.join(names[:3])}{more}: {warning}", file=sys.stderr)
    if store is not None:
        counts = told.kept
        print(
            f"Kept: {counts['new']} new, {counts['replaced']} read again, {counts['unchanged']} there already; "
            f"store {store.path}",
            file=sys.stderr,
        )
    if not told.failed:
        return
    print(f"{len(told.failed)} of {total} pages could not be read:", file=sys.stderr)
    for item, why in told.failed:
        name = _name(item)
        shown = "" if name in why.message else f"{name}: "
        print(f"  {shown}{why.message} ({why.code})", file=sys.stderr)
        if why.code == "not_found" and _NO_SCHEME.fullmatch(str(item)):
            print(f"  If {item} is an address, begin it with https://.", file=sys.stderr)
    if any(isinstance(why, RefusedError) or why.code in _CLOSED for _, why in told.failed):
        print("  A page that you can open in a browser can be saved there as HTML and read as a file.", file=sys.stderr)


def _expanded(pages: list[str]) -> list[Path | str]:
    """Files and addresses, each once."""
    from ofsted_nlp.corpus.adding import Unread
    from ofsted_nlp.corpus.adding_articles import article_files

    found: dict[Path | str, None] = {}
    for name in pages:
        if "://" in name:
            if urlsplit(name).scheme.lower() not in ("https", "http"):
                raise UsageError(f"{name} cannot be asked: an address should begin with https://.")
            found[name] = None
            continue
        for item in article_files(name):
            if isinstance(item, Unread):
                raise UsageError(item.message)
            found[item] = None
    return list(found)


def _hosts(url: str) -> tuple[str, str]:
    """The address's host, without and with "www.": sites send readers from one to the other."""
    host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    return host, f"www.{host}"


def _client(hosts: tuple[str, str], contact: str | None) -> Client:
    from ofsted_nlp.sources import http

    return http.Client(*hosts, contact=contact)


def _copy(data: bytes, name: str, store: Store) -> Path | None:
    """Save what an address held where pulled pages are kept, whole or not at all; None for a store in memory."""
    from ofsted_nlp.corpus.press_pulling import press_folder

    if store.path == ":memory:":
        return None
    folder = press_folder(store.path)
    partial = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(folder / name)
    except OSError as error:
        raise UsageError(f"The page could not be saved in {folder}: {error.strerror}.") from error
    return folder / name


def _same(out: Path, path: Path) -> bool:
    return out.exists() and path.exists() and out.samefile(path)


def _name(item: Path | str) -> str:
    return item.name if isinstance(item, Path) else item


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
