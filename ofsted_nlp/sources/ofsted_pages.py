"""What the pages of reports.ofsted.gov.uk say: which authorities there are, and what was published about each."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urldefrag, urljoin, urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ROWS = 100
"""Authorities that a page of search results holds at most."""

PROVIDER_TYPE = 44
"""The site's number of the type "local authority children's services" in addresses of provider pages."""

KINDS = {
    "monitoring_visit": r"monitoring visit",
    "focused_visit": r"focus(?:s?ed)? visit",
    "jtai": r"joint (?:targeted )?area (?:child|inspection|review)|\bjtai\b",
    "send": r"\bsend\b|special educational needs",
    "inspection": r"children'?s services|single inspection|\bilacs\b|inspection of (?:local authority|la|services for)|"
    r"looked[ -]after children|safeguarding|child protection",
    "other": r"",
}
"""Kinds of publications and the pattern that tells each from its printed name; the first that matches counts."""

_STATED = re.compile(r"(?P<kind>.+?)\s*,\s*(?P<format>\w+)\s*[-–]\s*(?P<day>\d{1,2}\s+[A-Za-z]+\s+\d{4})\W*$", re.S)
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Provider:
    """An authority's page on the site."""

    urn: int
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication on an authority's page.

    Attributes:
        urn: Ofsted's number of the authority.
        url: where the file is.
        kind: code from ``KINDS``.
        printed_kind: what the site calls it.
        date: the day the site gives for its publication, if any.
    """

    urn: int
    url: str
    kind: str
    printed_kind: str
    date: datetime.date | None


def search_url(site: str, start: int) -> str:
    """The address of the search results from number ``start``: local authority children's services."""
    types = f"level_1_types=3&{quote_plus('level_2_types[]')}=12"
    return f"{site}/search?q=&location=&lat=&lon=&radius=&{types}&start={start}&rows={ROWS}"


def provider_url(site: str, urn: int) -> str:
    """The address of an authority's page."""
    return f"{site}/provider/{PROVIDER_TYPE}/{urn}"


def providers_of(text: str, url: str) -> list[Provider]:
    """The authorities that a page of search results lists, each once."""
    found: dict[int, Provider] = {}
    for link in _links(text):
        address = _address(link, url)
        match = re.search(r"/provider/\d+/(\d+)/?$", urlsplit(address).path)
        if match and _words(link):
            urn = int(match[1])
            found.setdefault(urn, Provider(urn, _words(link), address))
    return list(found.values())


def publications_of(text: str, url: str, urn: int) -> list[Publication]:
    """The publications that an authority's page lists, in its order; each address once."""
    found: dict[str, Publication] = {}
    for link in _links(text):
        address = _address(link, url)
        named = "publication-link" in link.get("class", "").split()
        if not (named or re.search(r"/v\d+/file/", urlsplit(address).path)) or not address.startswith("http"):
            continue
        stated = [_words(part) for part in link.xpath('.//*[contains(@class, "nonvisual")]')]
        match = next((m for m in map(_STATED.search, [*stated, _words(link)]) if m), None)
        if match:
            printed, day = match["kind"], as_date(match["day"])
        else:
            own = " ".join(link.xpath("./text()"))
            printed, day = " ".join(own.split()) or _words(link), None
        found.setdefault(address, Publication(urn, address, kind_of(printed), printed, day or _day_beside(link)))
    return list(found.values())


def kind_of(printed: str) -> str:
    """The kind that a printed name stands for; "other" for what is not known."""
    plain = printed.lower().replace("’", "'")
    return next(code for code, pattern in KINDS.items() if re.search(pattern, plain))


def as_date(words: str) -> datetime.date | None:
    """The date written as "30 January 2024", or None."""
    match = re.search(r"(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})", words)
    try:
        return datetime.date(int(match[3]), _MONTHS[match[2].lower()], int(match[1])) if match else None
    except (KeyError, ValueError):
        return None


def _day_beside(link: HtmlElement) -> datetime.date | None:
    """The date in the ``<time>`` of the list item that a link stands in."""
    items = link.xpath("ancestor::li[1]")
    times = [_words(time) for time in items[0].xpath(".//time")] if items else []
    return next((day for day in map(as_date, times) if day), None)


def _links(text: str) -> list[HtmlElement]:
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    try:
        page = document_fromstring(text.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except ParserError:
        return []
    links: list[HtmlElement] = page.xpath("//a[@href]")
    return links


def _address(link: HtmlElement, url: str) -> str:
    """Where a link leads, in full; plain HTTP becomes HTTPS where the page itself came by HTTPS."""
    try:
        address = urldefrag(urljoin(url, link.get("href", "").strip()))[0]
    except ValueError:
        return ""
    secure = url.startswith("https://") and address.startswith("http://")
    return "https://" + address.removeprefix("http://") if secure else address


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
