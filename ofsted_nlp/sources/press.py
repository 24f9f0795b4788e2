"""Where press coverage may be found: the sources a user names, and the addresses of articles that they list."""

from __future__ import annotations

import datetime
import glob
import hashlib
import os
import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ofsted_nlp.errors import SourceError, UsageError
from ofsted_nlp.sources.http import Client
from ofsted_nlp.sources.manifest import Note

SOURCES_VARIABLE = "OFSTED_NLP_PRESS_SOURCES"
BUNDLED = Path(__file__).resolve().parent.parent / "data" / "press_sources.toml"
KINDS = ("feed", "sitemap", "list", "pages")
MOST_ADDRESSES = 20_000
"""Addresses that are taken of one source, the newest of a sitemap first."""
LONGEST_URL = 2000
LONGEST_TEXT = 2000
"""Characters that an address, and a title or summary, may have."""
_FIELDS = ("name", "kind", "address", "hosts", "site")
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_TRACKING = re.compile(
    r"(?:utm|at|ns|mc|mtm|pk|hsa|oly)_\w+|(?:fb|g|dc|ms|tw|yc|igs)h?clid|gbraid|wbraid|_ga|_gl|cmpid|cmp|ocid|ito|xtor|"
    r"igshid|ref_src|guccounter|guce_referrer\w*",
    re.IGNORECASE,
)
"""Parameters that say by which way a reader came, not which page it is."""
_REFERRERS = frozenset(("ref", value) for value in ("rss", "feed", "atom", "newsletter", "twitter", "facebook"))
_SUFFIXES = (".html", ".htm", ".xhtml", ".txt")


@dataclass(frozen=True, slots=True)
class PressSource:
    """A source of press coverage.

    Attributes:
        name: what the user calls it.
        kind: "feed" (RSS, Atom), "sitemap", "list" (a text file of addresses) or "pages" (saved pages).
        address: web address of a feed or sitemap; path of a list, a folder, a file or a pattern.
        hosts: the sites on which its articles are, and redirects may end.
        site: the publication's name, or None.
    """

    name: str
    kind: Literal["feed", "sitemap", "list", "pages"]
    address: str
    hosts: tuple[str, ...]
    site: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that a source lists.

    Attributes:
        url: its address, see ``normalised``; of a saved page ``file:`` with the hash of its content.
        source: name of the source.
        title, summary: what the source says of it, as plain text.
        published: the day that the source gives it.
    """

    url: str
    source: str
    title: str | None
    summary: str | None
    published: datetime.date | None


@dataclass
class Listing:
    """What a source lists, the address of each article once, and what is not as it should be."""

    candidates: list[Candidate] = field(default_factory=list)
    notices: list[Note] = field(default_factory=list)


class NotASourceError(SourceError):
    """An address answers, but with nothing that a source of this kind could be."""

    code = "not_a_source"


def sources_file(named: str | Path | None) -> Path:
    """The file of sources: the one named, else that of ``OFSTED_NLP_PRESS_SOURCES``, else the one that comes along."""
    return Path(named or os.environ.get(SOURCES_VARIABLE) or BUNDLED)


def load_sources(path: Path) -> list[PressSource]:
    """The sources of a file (TOML); data/press_sources.toml says what is in one.

    Raises:
        UsageError: it cannot be read or is not right; the message names the line or the entry.
    """
    help_ = f"{BUNDLED} is an example."
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"The press sources {path} cannot be read: {error.strerror}.", code="press_sources") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The press sources {path} are not UTF-8 text.", code="press_sources") from error
    except tomllib.TOMLDecodeError as error:
        message = f'The press sources {path} are not right: {error}. Text goes in quotation marks: name = "My paper".'
        raise UsageError(f"{message} {help_}", code="press_sources") from error
    entries = data.get("source")
    other = sorted(data.keys() - {"source"})
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries) or other:
        about = f"“{other[0]}” is not known. " if other else ""
        message = f"{path}: {about}It should hold an entry [[source]] for each press source. {help_}"
        raise UsageError(message, code="press_sources")
    made: list[PressSource] = []
    for number, entry in enumerate(entries, start=1):
        wrong = _wrong(entry, {source.name for source in made})
        if wrong:
            called = f" (“{entry['name']}”)" if isinstance(entry.get("name"), str) else ""
            raise UsageError(f"{path}: entry {number}{called}: {wrong} {help_}", code="press_sources")
        made.append(_source(entry, path.parent))
    return made


def _wrong(entry: dict[str, Any], names: set[str]) -> str | None:
    """What is wrong with an entry, or None."""
    for key in entry:
        if key not in _FIELDS:
            return f"there is no field “{key}”; the fields are {', '.join(_FIELDS)}."
    for key in ("name", "kind", "address"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            return f"“{key}” is missing or is no text."
    if entry["name"].strip() in names:
        return "another entry has this name already."
    if entry["kind"] not in KINDS:
        return f"there is no kind “{entry['kind']}”; the kinds are {', '.join(KINDS)}."
    if not isinstance(entry.get("site", ""), str):
        return "“site” is no text."
    hosts = entry.get("hosts", [])
    if not isinstance(hosts, list) or not all(
        isinstance(host, str) and _HOST.fullmatch(host.lower()) for host in hosts
    ):
        return '“hosts” should be names of sites without https:// or paths, such as ["www.example.co.uk"].'
    web = entry["kind"] in ("feed", "sitemap")
    if web and normalised(entry["address"]) is None:
        return f"“{entry['address']}” is no web address; it should begin with https://."
    if not web and ("://" in entry["address"] or "\0" in entry["address"]):
        return f"“{entry['address']}” should be a path on this machine."
    return None


def _source(entry: dict[str, Any], folder: Path) -> PressSource:
    hosts = [host.lower() for host in entry.get("hosts", [])]
    address = entry["address"].strip()
    if entry["kind"] in ("feed", "sitemap"):
        address = normalised(address) or address
        own = (urlsplit(address).hostname or "").lower()
        hosts += [own] if own not in hosts else []
    else:
        with suppress(RuntimeError):  # a user that there is not; told when the source is read
            address = str(Path(address).expanduser())
        address = str(folder.absolute() / address)
    if entry["kind"] == "list" and not hosts:
        try:
            hosts = sorted({(urlsplit(url).hostname or "") for url, _ in _lines(Path(address)) if url})
        except SourceError:
            hosts = []  # told when the source is read
    return PressSource(entry["name"].strip(), entry["kind"], address, tuple(hosts), entry.get("site"))


def normalised(url: str) -> str | None:
    """An address without what does not tell pages apart, so that one article has one address.

    The fragment and tracking parameters (``utm_source``, ``fbclid``, ...) go, host and scheme are in lower case, and
    http:// on its usual port is asked as https://. None if it is no web address.
    """
    url = re.sub(r"[\x00-\x20\x7f]+", lambda found: "%20" * found[0].count(" "), url.strip())
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username is not None:
        return None
    scheme = "https" if parts.scheme.lower() == "https" or port in (None, 80) else "http"
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    place = f"[{host}]{place[len(host) :]}" if ":" in host else place
    query = parts.query
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in pairs if not (_TRACKING.fullmatch(pair[0]) or pair in _REFERRERS)]
    if len(kept) < len(pairs):
        query = urlencode(kept)
    made = urlunsplit((scheme, place, parts.path or "/", query, ""))
    return made if len(made) <= LONGEST_URL else None


def plain_text(value: object) -> str | None:
    """A title or summary without markup, its white space squeezed; None if nothing is left."""
    import html

    if not isinstance(value, str):
        return None
    text = html.unescape(re.sub(r"<[^<>]{0,2000}>", " ", value[: 10 * LONGEST_TEXT]))
    return " ".join(text.split())[:LONGEST_TEXT] or None


def read_source(client: Client, source: PressSource, *, since: datetime.date | None, today: datetime.date) -> Listing:
    """What a source lists now.

    Args:
        client: whom to ask with.
        source: the source.
        since: how far back a sitemap is read; None for ``press_sitemaps.RECENT`` days. Feeds are read whole.
        today: the day from which these days count.

    Raises:
        NotASourceError: it answers with something else.
        SourceError: it cannot be read.
    """
    from ofsted_nlp.sources import press_feeds, press_sitemaps

    found = Listing()
    readers: dict[str, Callable[[], None]] = {
        "feed": lambda: press_feeds.read(client, source, found),
        "sitemap": lambda: press_sitemaps.read(client, source, found, since=since, today=today),
        "list": lambda: _read_list(source, found),
        "pages": lambda: _read_pages(source, found),
    }
    readers[source.kind]()
    first: dict[str, Candidate] = {}
    for candidate in found.candidates:
        first.setdefault(candidate.url, candidate)
    found.candidates = list(first.values())[:MOST_ADDRESSES]
    if len(first) > MOST_ADDRESSES:
        message = f"{source.name} lists more than {MOST_ADDRESSES} addresses; the others are not looked at."
        found.notices.append(Note("too_many_addresses", message, source.address))
    return found


def _read_list(source: PressSource, found: Listing) -> None:
    for number, (url, line) in enumerate(_lines(Path(source.address)), start=1):
        if url is not None:
            found.candidates.append(Candidate(url, source.name, None, None, None))
        elif line:
            message = f"Line {number} of {source.address} is no web address and is left out: {line[:80]}"
            found.notices.append(Note("not_an_address", message, source.address))


def _lines(path: Path) -> list[tuple[str | None, str]]:
    """The lines of a list: each with its address, or None where it is none; comments are empty lines."""
    try:
        if path.stat().st_size > 16 * 2**20:
            raise NotASourceError(f"The list {path} is larger than 16 MB.", code="too_large")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotASourceError(f"The list {path} cannot be read: {error.strerror}.", code="no_file") from error
    except UnicodeDecodeError as error:
        raise NotASourceError(f"The list {path} is not UTF-8 text.") from error
    lines = [re.sub(r"(?:\A|\s)#.*", "", line).strip() for line in text.splitlines()]
    return [(normalised(line), line) for line in lines]


def without_address(source: PressSource, count: int) -> list[Note]:
    """The notice on entries of a feed or sitemap that cannot be asked for; none for none."""
    if not count:
        return []
    message = f"{source.name}: {count} entries have no web address and are left out ({source.address})."
    return [Note("not_an_address", message, source.address)]


def _read_pages(source: PressSource, found: Listing) -> None:
    path = Path(source.address)
    if path.is_dir():
        try:
            paths = [item for item in sorted(path.iterdir()) if item.suffix.lower() in _SUFFIXES]
        except OSError as error:
            message = f"The folder {path} cannot be read: {error.strerror}."
            raise NotASourceError(message, code="no_file") from error
    elif path.exists():
        paths = [path]
    else:
        paths = [Path(name) for name in sorted(glob.glob(source.address, recursive=True))]  # noqa: PTH207
    paths = [item for item in paths if item.is_file()]
    if not paths:
        raise NotASourceError(f"There are no saved pages at {path}.", code="no_file")
    for item in paths:
        try:
            with item.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            message = f"{item} cannot be read: {error.strerror}."
            found.notices.append(Note("no_file", message, item.absolute().as_uri()))
            continue
        found.candidates.append(Candidate(f"{item.absolute().as_uri()}#{sha256[:16]}", source.name, None, None, None))
