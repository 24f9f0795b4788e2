"""Article pages held against the reports they cover: a saved page, one fetched from its site, or one read before."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ofsted_nlp.corpus.shelf import Shelf
from ofsted_nlp.errors import ReadingError, UsageError
from ofsted_nlp.extraction.article import extract_article
from ofsted_nlp.reading.web import page_of, read_page
from ofsted_nlp.stories import Article, Page

if TYPE_CHECKING:
    from ofsted_nlp.sources.http import Client

__all__ = ["Shelf", "compared", "copy_name", "fetch_article", "read_article", "web_address"]


def read_article(path: str | Path, *, reports: str | Path | None = None) -> Article:
    """Read a saved article page (HTML) or text file, and hold it against the report it covers.

    Args:
        path: the file.
        reports: folder with the PDFs of reports. Without it they are looked for where the variable
            OFSTED_NLP_REPORTS says, in the user's store, in a folder ``reports`` (or ``corpus/reports``) in the
            article's folder or the one above, and in the folder ``reports`` of OFSTED_NLP_CORPUS.

    Returns:
        The article with its stories. Dates and grades of the national annotations are always compared; quotations,
        recommendations and figures only where the report's PDF is at hand.

    Raises:
        ReadingError: the file is no article that can be read; the code says why (see ``reading.web.read_page``).
        UsageError: ``reports`` is no folder, or an address was given.

    Example:
        >>> read_article("no-such-page.html")
        Traceback (most recent call last):
        ofsted_nlp.errors.ReadingError: There is no file no-such-page.html. Check the path.
    """
    if str(path).startswith(("https://", "http://")):
        raise UsageError(f"{path} is an address: save the page and name the file, or use 'ofsted-nlp press {path}'.")
    return compared(read_page(path), Shelf(reports, beside=Path(path)))


def compared(page: Page, shelf: Shelf) -> Article:
    """The stories on a page, held against the reports on the shelf."""
    before = len(shelf.warnings)
    article = extract_article(page, shelf.find)
    more = tuple(dict.fromkeys(shelf.warnings[before:]))
    return replace(article, warnings=(*article.warnings, *more)) if more else article


def fetch_article(client: Client, url: str, shelf: Shelf) -> tuple[Article, bytes]:
    """Fetch an article page and hold it against the reports on the shelf; also gives its bytes.

    Args:
        client: a polite client that may ask the address's host.
        url: the address.
        shelf: the reports that are known.

    Raises:
        SourceError: the site forbids it, or the page cannot be had.
        ReadingError: it is no article that can be read.
        UsageError: it is no web address.
    """
    from ofsted_nlp.sources.press_pages import fetch_page

    address = web_address(url)
    data = fetch_page(client, address)
    name = copy_name(address)
    try:
        page = page_of(data, name, address)
    except ReadingError as error:
        raise ReadingError(error.message.replace(name, address), code=error.code) from error
    return compared(page, shelf), data


def web_address(url: str) -> str:
    """An address in the form in which articles are kept: without fragment and tracking, https where it has no port.

    Raises:
        UsageError: it is no web address.
    """
    from ofsted_nlp.sources.press import normalised

    found = normalised(url)
    if found is None:
        raise UsageError(f"{url} is no web address that can be asked; it should begin with https://.")
    return found


def copy_name(url: str) -> str:
    """The name of the file that keeps what an address held: readable, and another for every address."""
    parts = urlsplit(url)
    words = re.sub(r"[^a-z0-9]+", "-", f"{(parts.hostname or '').removeprefix('www.')}{parts.path}".lower())
    return f"{words.strip('-')[:80].strip('-')}-{hashlib.sha256(url.encode()).hexdigest()[:10]}.html"
