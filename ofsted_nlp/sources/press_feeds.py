"""RSS and Atom feeds -> the articles they list."""

from __future__ import annotations

import datetime
import io
import re
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from ofsted_nlp.sources.http import Client
from ofsted_nlp.sources.manifest import Note
from ofsted_nlp.sources.press import (
    Candidate,
    Listing,
    NotASourceError,
    PressSource,
    normalised,
    plain_text,
    without_address,
)
from ofsted_nlp.sources.press_xml import local, root_of

MOST_BYTES = 8 * 2**20
"""Bytes that a feed may have, unpacked; most have well under one million."""
MOST_ENTRIES = 2000
"""Entries that are read of a feed; most have 20 to 100."""
_ROOTS = ("rss", "feed", "rdf")
_TEXTS, _DAYS = ("title", "description", "summary"), ("pubdate", "date", "published", "updated", "modified", "issued")
_READ = frozenset([*_TEXTS, *_DAYS, "link", "guid", "id"])
_MOST_PARTS, _MOST_INNER = 20, 200
"""Elements of an entry that are read, and elements in each of them."""
_ISO_DAY = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)")


def read(client: Client, source: PressSource, found: Listing) -> None:
    """Ask for a feed and add what it lists."""
    document = client.document(source.address, web_page=False, most=MOST_BYTES)
    entries, whole = entries_of(document.body, document.charset, document.url)
    found.candidates += [Candidate(entry[0], source.name, *entry[1:]) for entry in entries if entry[0] is not None]
    found.notices += without_address(source, sum(entry[0] is None for entry in entries))
    if len(entries) >= MOST_ENTRIES:
        message = f"{source.name}: no more than {MOST_ENTRIES} entries of the feed are read ({source.address})."
        found.notices.append(Note("too_many_entries", message, source.address))
    if not whole:
        message = f"{source.name}: the feed is broken XML; {len(entries)} entries could be read ({source.address})."
        found.notices.append(Note("broken_xml", message, source.address))
    elif not entries:
        message = f"{source.name}: the feed lists nothing ({source.address})."
        found.notices.append(Note("empty_source", message, source.address))


def entries_of(
    body: bytes, charset: str | None, url: str
) -> tuple[list[tuple[str | None, str | None, str | None, datetime.date | None]], bool]:
    """The entries of a feed (address, title, summary, day), and whether it was well-formed.

    An entry without a web address ("javascript:", "file:", with a password, or none) has None in its place.

    Raises:
        NotASourceError: it is no feed.
    """
    import feedparser
    from lxml import etree

    root, whole = root_of(body, charset, url)
    if local(root) not in _ROOTS:
        kind = " but a sitemap: its kind is “sitemap”" if local(root) in ("urlset", "sitemapindex") else ""
        raise NotASourceError(f"{url} is no RSS or Atom feed{kind}.", code="not_a_feed")
    _prune(root)
    # Written anew by lxml it is well-formed, so that feedparser never falls back on its slow parser of broken feeds.
    clean = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    try:
        etree.fromstring(clean, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise NotASourceError(f"{url} is a feed too broken to be read.", code="not_xml") from error
    parsed = feedparser.parse(
        io.BytesIO(clean),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    made = []
    for entry in parsed.entries:
        made.append(
            (_address(url, entry), plain_text(entry.get("title")), plain_text(entry.get("summary")), _day(entry))
        )
    return made, whole


def _prune(root: Any) -> None:
    """Leave of a feed only what is read, so that feedparser's time stays in bounds whatever is in it."""
    places = [element for element in root if local(element) == "channel"][:1]
    kept = [root, *places]
    entries = [item for place in kept for item in place if local(item) in ("item", "entry")][:MOST_ENTRIES]
    wanted = {*kept, *entries}
    for place in kept:
        place[:] = [element for element in place if element in wanted]
    for entry in entries:
        parts = [part for part in entry if local(part) in _READ][:_MOST_PARTS]
        entry[:] = [part for part in parts if len(list(islice(part.iter(), _MOST_INNER + 1))) <= _MOST_INNER]


def _address(url: str, entry: Any) -> str | None:
    link = _link(entry)
    try:
        return normalised(urljoin(url, link)) if link else None
    except ValueError:
        return None


def _link(entry: Any) -> str:
    """The article's address: its link, else an identifier that is one."""
    for value in (entry.get("link"), entry.get("id")):
        if isinstance(value, str) and (value.startswith(("http://", "https://", "/")) or value == entry.get("link")):
            return value.strip()
    return ""


def _day(entry: Any) -> datetime.date | None:
    """The day on which an entry was published, else updated, by the clock of whoever wrote it."""
    for name in ("published", "updated"):
        text = entry.get(name)
        if not isinstance(text, str):
            continue
        iso = _ISO_DAY.match(text)
        try:
            if iso:
                return datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
            return parsedate_to_datetime(text).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            moment = entry.get(f"{name}_parsed")
            if moment:
                return datetime.date(*moment[:3])
    return None
