"""Article pages onto the disk, in an encoding that they themselves tell, each under its name only once it is whole."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from ofsted_nlp.errors import GoneError, RefusedError
from ofsted_nlp.sources.http import Client, Document
from ofsted_nlp.sources.press_manifest import PressEntry

MOST_BYTES = 10_000_000
"""Bytes that a page may have; ``reading.web`` reads no more."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which ``reading.web`` looks for a page's encoding."""


def fetch_page(client: Client, url: str) -> bytes:
    """An article page as it should be saved; see ``asked``.

    Raises:
        RefusedError, GoneError, UnreachableError: see ``Client.page``.
    """
    return asked(client, url)[1]


def asked(client: Client, url: str) -> tuple[str, bytes]:
    """The final address of an article page, and its bytes as they should be saved."""
    document = client.document(url, web_page=True, cached=False, most=MOST_BYTES)
    return document.url, telling(document)


def telling(document: Document) -> bytes:
    """A page's bytes; where its header names an encoding that the page does not tell, or tells otherwise, in UTF-8."""
    body, charset = document.body, document.charset
    if charset is None or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    declared = _CHARSET.search(body[:_HEAD])
    own = _encoding(declared[1].decode("ascii")) if declared else "utf-8"
    named = _encoding(charset)
    if named is None or named == own or (declared is None and named == "ascii"):
        return body
    try:
        text = body.decode(named)
    except (UnicodeDecodeError, LookupError):
        return body
    # A byte order mark counts for more than what the page declares.
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def _encoding(name: str) -> str | None:
    """The name by which Python knows an encoding, with Latin-1 as what browsers take it for."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return "cp1252" if found in ("iso8859-1", "latin-1") else found


def fetch(client: Client, entry: PressEntry, folder: Path) -> tuple[str, str, str, int]:
    """Fetch an address's page into the folder: its final address, name of the file, SHA-256, size in bytes.

    A page that a killed run had saved already is not fetched again. A saved page of the user's is copied.

    Raises:
        SourceError: it cannot be had.
        OSError: it cannot be written.
    """
    name = file_name(entry)
    target = folder / name
    final = entry.url
    if target.is_file():
        data = target.read_bytes()
    elif entry.url.startswith("file:"):
        data = _saved(entry.url)
        _write(target, data)
    else:
        final, data = asked(client, entry.url)
        _write(target, data)
    return final, name, hashlib.sha256(data).hexdigest(), len(data)


def _saved(url: str) -> bytes:
    parts = urlsplit(url)
    path = Path(url2pathname(parts.path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RefusedError(f"{path} is larger than {MOST_BYTES // 10**6} MB and is not taken.", code="too_large")
        data = path.read_bytes()
    except OSError as error:
        raise GoneError(f"{path} cannot be read: {error.strerror}.", code="no_file") from error
    if not hashlib.sha256(data).hexdigest().startswith(parts.fragment):
        raise GoneError(f"{path} has changed since it was listed.", code="changed")
    return data


def _write(target: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)


def file_name(entry: PressEntry) -> str:
    """The name under which a page is kept: day, words of its address or title, and a hash that is the address's own."""
    day = entry.date.isoformat() if entry.date else "undated"
    path = [part for part in unquote(urlsplit(entry.url).path).split("/") if part]
    last = re.sub(r"\.(?:html?|xhtml|php|aspx?|txt)\Z", "", path[-1] if path else "", flags=re.IGNORECASE)
    slug = _plain(last)
    if len(re.findall(r"[a-z]{3,}", slug)) < 2 and entry.title:
        slug = _plain(entry.title)
    suffix = ".txt" if entry.url.startswith("file:") and urlsplit(entry.url).path.lower().endswith(".txt") else ".html"
    digest = hashlib.sha256(entry.url.encode()).hexdigest()[:10]
    return "-".join(part for part in (day, slug[:60].strip("-"), digest) if part) + suffix


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "").replace("’", "")).strip("-")
