"""Sitemaps and indexes of sitemaps -> the articles they list, the newest first and no further back than needed."""

from __future__ import annotations

import datetime
import re
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ofsted_nlp.errors import SourceError
from ofsted_nlp.sources.http import Client
from ofsted_nlp.sources.manifest import Note
from ofsted_nlp.sources.press import (
    MOST_ADDRESSES,
    Candidate,
    Listing,
    NotASourceError,
    PressSource,
    normalised,
    plain_text,
    without_address,
)
from ofsted_nlp.sources.press_xml import local, root_of

RECENT = 60
"""Days that a sitemap is read back where no other day is asked for: it may list a paper's whole archive."""
MOST_SITEMAPS = 25
"""Files that are asked for of one source."""
DEEPEST = 3
"""Levels of indexes."""
MOST_BYTES = 50 * 2**20
"""Bytes of one file, unpacked: what the protocol of sitemaps allows (sitemaps.org)."""
MOST_ENTRIES = 50_000
"""Entries that are read of one file: what the protocol of sitemaps allows."""
_DAY = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)")
_NEWS = re.compile(r"news", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a sitemap, with its title and days as far as they are given; ``url`` is None if it is no address."""

    url: str | None
    title: str | None
    published: datetime.date | None
    changed: datetime.date | None


def read(
    client: Client, source: PressSource, found: Listing, *, since: datetime.date | None, today: datetime.date
) -> None:
    """Ask for a sitemap, and for those that an index names, and add what they list.

    Raises:
        SourceError: the first of them cannot be read; that a later one cannot is a notice.
    """
    horizon = since or today - datetime.timedelta(days=RECENT)
    waiting = [(source.address, 0)]
    seen = {source.address}
    listed: list[Listed] = []
    left_out = asked = unaddressed = 0
    while waiting:
        url, depth = waiting.pop(0)
        if asked >= MOST_SITEMAPS:
            left_out += 1 + len(waiting)
            break
        asked += 1
        try:
            document = client.document(url, web_page=False, most=MOST_BYTES)
            kind, items, whole = sitemap_of(document.body, document.charset, document.url)
        except SourceError as error:
            if url == source.address:
                raise
            message = f"{source.name}: a sitemap could not be read: {error.message}"
            found.notices.append(Note(error.code, message, url))
            continue
        if not whole:
            message = f"{source.name}: the sitemap {url} is broken XML; {len(items)} addresses could be read."
            found.notices.append(Note("broken_xml", message, url))
        if len(items) >= MOST_ENTRIES:
            message = f"{source.name}: no more than {MOST_ENTRIES} entries of {url} are read."
            found.notices.append(Note("too_many_entries", message, url))
        unaddressed += sum(item.url is None for item in items)
        if kind == "urlset":
            listed += [item for item in items if item.url and (_newest(item) or datetime.date.max) >= horizon]
            if len(listed) > 2 * MOST_ADDRESSES:  # twice as many, since some may be there twice
                listed = sorted(listed, key=_newest_first)[: 2 * MOST_ADDRESSES]
            continue
        recent = [item for item in items if item.url and (item.changed or datetime.date.max) >= horizon]
        # Those for news first, then the newest: should there be too many, the oldest are left out.
        recent.sort(
            key=lambda item: (not _NEWS.search(item.url or ""), -(item.changed or datetime.date.max).toordinal())
        )
        deeper = list(dict.fromkeys(item.url for item in recent if item.url and item.url not in seen))
        if depth + 1 >= DEEPEST:
            left_out += len(deeper)
            continue
        seen.update(deeper)
        waiting += [(item, depth + 1) for item in deeper]
    if left_out:
        message = f"{source.name}: {left_out} sitemaps are left out; {asked} were read ({source.address})."
        found.notices.append(Note("sitemaps_left_out", message, source.address))
    found.notices += without_address(source, unaddressed)
    listed.sort(key=_newest_first)
    found.candidates += [
        Candidate(item.url, source.name, item.title, None, _newest(item)) for item in listed if item.url
    ]


def sitemap_of(body: bytes, charset: str | None, url: str) -> tuple[str, list[Listed], bool]:
    """What a sitemap lists: "urlset" or "sitemapindex", its items, and whether it was well-formed.

    Raises:
        NotASourceError: it is no sitemap, or is packed and damaged or too large.
    """
    if body.startswith(b"\x1f\x8b"):
        body = _unpacked(body, url)
    root, whole = root_of(body, charset, url)
    kind = local(root)
    if kind not in ("urlset", "sitemapindex"):
        feed = ": its kind is “feed”" if kind in ("rss", "feed", "rdf") else ""
        raise NotASourceError(f"{url} is no sitemap{feed}.", code="not_a_sitemap")
    made = []
    for element in islice(root, MOST_ENTRIES):
        values: dict[str, str] = {}
        for inner in element:
            # What is said of pictures and films has a title and an address too, which are not the page's.
            for part in inner if local(inner) == "news" else (inner,):
                values.setdefault(local(part), (part.text or "").strip())
        title, published = plain_text(values.get("title")), _day(values.get("publication_date"))
        made.append(Listed(normalised(values.get("loc", "")), title, published, _day(values.get("lastmod"))))
    return kind, made, whole


def _newest_first(item: Listed) -> int:
    return -(_newest(item) or datetime.date.min).toordinal()


def _newest(item: Listed) -> datetime.date | None:
    return item.published or item.changed


def _unpacked(body: bytes, url: str) -> bytes:
    unpacker = zlib.decompressobj(31)
    try:
        made = unpacker.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise NotASourceError(f"{url} is packed and damaged.", code="damaged") from error
    if len(made) > MOST_BYTES:
        raise NotASourceError(f"{url} is larger than {MOST_BYTES // 2**20} MB and is not read.", code="too_large")
    if not unpacker.eof:
        raise NotASourceError(f"{url} is packed and ends too soon.", code="damaged")
    return made


def _day(value: Any) -> datetime.date | None:
    found = _DAY.match(value or "")
    try:
        return datetime.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
