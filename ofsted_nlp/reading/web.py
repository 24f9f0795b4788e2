"""Bytes of an article page or text file -> a page: its paragraphs with their places, and its metadata."""

from __future__ import annotations

import codecs
import datetime
import hashlib
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ofsted_nlp.errors import ReadingError, printable
from ofsted_nlp.reading.clutter import NOTICE, TEASER, WALL
from ofsted_nlp.reading.days import day_of
from ofsted_nlp.reading.html_blocks import Block, body_of, is_link_list
from ofsted_nlp.reading.page import Parted, Piece, part, squeezed
from ofsted_nlp.reading.plain_text import pieces_of
from ofsted_nlp.stories import Page, ParagraphKind

MAX_BYTES = 10_000_000
"""Largest file that is read; article pages have well under one million bytes."""
MAX_ELEMENTS = 20_000
"""Most elements that a page may have; article pages have some 3,000."""
MAX_DEPTH = 200
"""How deep elements may stand within one another; those of article pages stand some 30 deep."""
MAX_TEXT, MAX_PARAGRAPH = 100_000, 20_000
"""Characters that an article and one of its paragraphs may have; long reads have some 40,000."""
_LEAST_TEXT = 200
"""Characters that the paragraphs of an article have at the least."""
_HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p)\b", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.I)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CHARSETS = re.compile(r"utf-(?:8|16|16-le|16-be)|cp125\d|iso8859-\d+|koi8-[ru]|mac-\w+|big5|gb\w+|euc_\w+|shift_jis")
"""Encodings that a page may declare, by Python's names; some of Python's others run long or decode no text."""
_HEAD_LINES, _HEAD_LENGTH = 8, 60
"""The lines of a text file among which its date and byline stand, and how long (characters) such a line may be."""
_BYLINE = re.compile(r"(?:By|Words by|Report by) (?P<name>[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,3})(?:[,|].{0,60})?")
_TODAY = re.compile(r"\b(?:published|out|released) (?:today|yesterday) \(([^)]{6,40})\)")
_TEXT_SUFFIXES = (".txt", ".text", ".md")


def read_page(path: str | Path) -> Page:
    """Read a saved article page (HTML) or text file.

    Args:
        path: the file.

    Returns:
        The page.

    Raises:
        ReadingError: code ``not_found``, ``not_a_file``, ``unreadable``, ``too_large``, ``empty``,
            ``not_text`` or ``not_an_article``; the message says what to do.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise ReadingError(f"{path} is a folder. Name the files in it.", code="not_a_file")
        if path.stat().st_size > MAX_BYTES:
            raise ReadingError(
                f"{path} has more than {MAX_BYTES // 1_000_000} MB; no article page has. Check that it is the right "
                "file.",
                code="too_large",
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadingError(f"There is no file {path}. Check the path.", code="not_found") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ReadingError(f"{path} cannot be read: {why}.") from error
    return page_of(data, path.name)


def page_of(data: bytes, file: str, url: str | None = None) -> Page:
    """The page of a file's bytes.

    Args:
        data: HTML or plain text.
        file: its name; ``.txt`` says that it is plain text.
        url: where it was fetched, if it was.

    Returns:
        The page.

    Raises:
        ReadingError: code ``too_large``, ``empty``, ``not_text`` or ``not_an_article``.
    """
    file = printable(file)
    if len(data) > MAX_BYTES:
        raise ReadingError(f"{file} has more than {MAX_BYTES // 1_000_000} MB; no article page has.", code="too_large")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ReadingError(f"{file} is empty. Save the page again.", code="empty")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if data.startswith(_BINARY) or (b"\x00" in data[:4096] and not utf16):
        raise ReadingError(
            f"{file} is neither HTML nor text. Save the article's page as HTML; reports (PDF) are read by "
            "'ofsted-nlp extract'.",
            code="not_text",
        )
    text = _decoded(data)
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = Path(file).suffix.lower()
    sniffed = suffix not in _TEXT_SUFFIXES and _HTML.search(data.replace(b"\x00", b"")[:20000])
    if suffix in _HTML_SUFFIXES or sniffed:
        return _html_page(text, file, sha256, url)
    pieces = pieces_of(text)
    published, byline = None, None
    for index, piece in enumerate(pieces[:_HEAD_LINES]):
        if len(piece.text) <= _HEAD_LENGTH and (found := day_of(piece.text)):
            published = published or found
            pieces[index] = piece._replace(why=NOTICE)
        elif named := _BYLINE.fullmatch(piece.text):
            byline = byline or named["name"]
            pieces[index] = piece._replace(why=NOTICE)
    parted = part(pieces)
    _require_article(parted, file)
    dated = _TODAY.search(parted.text)
    published = published or (day_of(dated[1]) if dated else None)
    return Page(file, sha256, parted.text, parted.paragraphs, parted.excluded, url, None, None, byline, published)


def _require_article(parted: Parted, file: str) -> None:
    lengths = [len(paragraph.text) for paragraph in parted.paragraphs]
    if sum(lengths) > MAX_TEXT or max(lengths, default=0) > MAX_PARAGRAPH:
        raise ReadingError(
            f"The text in {file} is longer than any article's ({MAX_TEXT:,} characters, {MAX_PARAGRAPH:,} in one "
            "paragraph). Check that it is the right file.",
            code="too_large",
        )
    if sum(lengths) < _LEAST_TEXT:
        raise ReadingError(
            f"No article text was found in {file}. A list of stories, a page that a script fills, or one wholly "
            "behind a wall holds none: save the page of a single article.",
            code="not_an_article",
        )


def _decoded(data: bytes) -> str:
    """The text of a file: by its byte order mark, else by what it declares, else UTF-8, else Windows-1252."""
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    for name in (_declared(data), "utf-8", "cp1252"):
        try:
            if name:
                return data.decode(name)
        except ValueError:
            continue
    return data.decode("cp1252", "replace")


def _declared(data: bytes) -> str | None:
    """The encoding that a page declares, if it is one of pages; Latin-1 and ASCII mean Windows-1252 as in browsers."""
    found = _CHARSET.search(data[:4096])
    try:
        name = codecs.lookup(found[1].decode("ascii")).name if found else ""
    except (LookupError, ValueError):
        return None
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    return name if _CHARSETS.fullmatch(name) else None


@dataclass(slots=True)
class _Metadata:
    title: str | None = None
    site: str | None = None
    byline: str | None = None
    url: str | None = None
    published: datetime.date | None = None
    closed: bool = False


def _html_page(text: str, file: str, sha256: str, url: str | None) -> Page:
    from lxml import etree, html

    # The parser of HTML knows no external entities; a declaration of the encoding would contradict the decoded text.
    text = _NO_TEXT.sub("", re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).replace("\x0c", " "))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError(f"{file} cannot be read as HTML: {error}.", code="not_an_article") from error
    _require_shape(root, file)
    for element in root.iter():
        # Entities can name characters that no XML may hold, on which trafilatura gives up.
        for name in ("text", "tail"):
            if isinstance(found := getattr(element, name), str) and _NO_TEXT.search(found):
                setattr(element, name, _NO_TEXT.sub("", found))
    about = _metadata(root, url)
    body = body_of(root)
    for element in body.taken:
        if element.getparent() is not None:
            element.drop_tree()
    blocks, titles = _chosen(body.blocks, _main_texts(root), about.title)
    pieces = [_piece(block) for block in blocks]
    parted = part(pieces)
    _require_article(parted, file)
    walled = body.wall or any(item.why == WALL for item in parted.excluded)
    partial = walled or about.closed
    warning = "The article is not free to read: only the public part of the page was read, the rest is missing."
    return Page(
        file,
        sha256,
        parted.text,
        parted.paragraphs,
        parted.excluded,
        url=url or about.url,
        title=about.title or (titles[0] if titles else None),
        site=about.site,
        byline=about.byline,
        published=about.published,
        titles=tuple(titles),
        partial=partial,
        warnings=(warning,) if partial else (),
    )


def _require_shape(root: Any, file: str) -> None:
    """Refuse a page with more elements, or deeper ones, than the rules that follow are made for."""
    depths: dict[Any, int] = {}
    for element in root.iter():
        depths[element] = depths.get(element.getparent(), 0) + 1
        if len(depths) > MAX_ELEMENTS:
            raise ReadingError(
                f"{file} has more than {MAX_ELEMENTS:,} elements; no article page has. Save the page of a single "
                "article.",
                code="too_large",
            )
        if depths[element] > MAX_DEPTH:
            raise ReadingError(
                f"{file} has elements within elements, {MAX_DEPTH} deep; no article page has. Save the page again.",
                code="not_an_article",
            )


def _piece(block: Block) -> Piece:
    why = block.why
    if why is None and is_link_list(block) and block.kind is not ParagraphKind.HEADING:
        why = TEASER
    return Piece(block.kind, block.text, max(block.part, 0), why)


def _main_texts(root: Any) -> list[str]:
    """The paragraphs that trafilatura takes for the main text, one text for each article element."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found: list[str] = []
    articles = [a for a in root.iter("article") if not any(p.tag == "article" for p in a.iterancestors())]
    for element in [root, *articles[:20]]:
        try:
            made = trafilatura.extract(
                _document(element), output_format="txt", include_comments=False, favor_recall=True, fast=True
            )
        except (ValueError, TypeError, AttributeError, RecursionError, AssertionError):
            made = None
        found += [squeezed(line.lstrip("-•| ")) for line in (made or "").split("\n") if line.strip()]
    return found


def _document(element: Any) -> Any:
    from lxml import html

    if element.tag == "html":
        return html.fromstring(html.tostring(element, encoding="unicode"))
    return html.document_fromstring(f"<html><body>{html.tostring(element, encoding='unicode')}</body></html>")


def _chosen(blocks: list[Block], main: list[str], title: str | None) -> tuple[list[Block], list[str | None]]:
    """The blocks from the first to the last that belong to the main text, and the title of each article element.

    Within that stretch every block stays that is not made of links: a short paragraph is coverage too.
    """
    words = {_words(text) for text in main}
    whole = "\n".join(words)
    parts = sorted({block.part for block in blocks if block.part >= 0})
    several = len(parts) > 1
    chosen: list[Block] = []
    titles: list[str | None] = []
    for number in parts:
        own = [block for block in blocks if block.part == number]
        places = [
            k
            for k, block in enumerate(own)
            if block.why is None and block.tag not in ("h1",) and (_words(block.text) in words or _within(block, whole))
        ]
        headings = [block for block in own if block.why is None and block.kind is ParagraphKind.HEADING]
        heading = next((b for b in headings if b.tag == "h1"), headings[0] if several and headings else None)
        first_text = next((k for k in places if own[k].kind is ParagraphKind.PARAGRAPH), None)
        if first_text is None:
            continue
        titles.append(heading.text if heading is not None else None)
        first, last = places[0], places[-1]
        for k, block in enumerate(own):
            same_title = heading is not None and block is heading
            same_title = same_title or (title is not None and _words(block.text) == _words(title))
            if block.why or (first <= k <= last and not same_title):
                chosen.append(block)
    return chosen, titles


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _within(block: Block, whole: str) -> bool:
    words = _words(block.text)
    return len(words) > 40 and block.linked < 0.5 and words in whole


def _metadata(root: Any, url: str | None) -> _Metadata:
    """What the page says of itself: JSON-LD first, then its meta tags, then what trafilatura finds."""
    from trafilatura.metadata import extract_metadata

    made = _Metadata(url=url)
    for item in _json_ld(root):
        made.title = made.title or _text(item.get("headline"))
        made.published = made.published or _day(item.get("datePublished"))
        made.byline = made.byline or _names(item.get("author"))
        made.site = made.site or _names(item.get("publisher"))
        parts = item.get("hasPart")
        free = [item, *(parts if isinstance(parts, list) else [parts])]
        made.closed = made.closed or any(
            isinstance(p, dict) and str(p.get("isAccessibleForFree")).lower() == "false" for p in free
        )
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        meta.setdefault(name, squeezed(element.get("content") or ""))
    made.title = made.title or meta.get("og:title") or None
    made.site = meta.get("og:site_name") or made.site
    made.url = made.url or meta.get("og:url") or None
    for name in ("article:published_time", "datepublished", "dc.date.issued", "parsely-pub-date", "date", "pubdate"):
        made.published = made.published or _day(meta.get(name))
    for element in root.iter("time"):
        made.published = made.published or _day(element.get("datetime") or element.text_content())
    try:
        import copy

        logging.getLogger("htmldate").setLevel(logging.CRITICAL)
        found = extract_metadata(copy.deepcopy(root), extensive=False)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return made
    made.title = made.title or _text(found.title)
    made.byline = made.byline or meta.get("author") or _text(found.author)
    made.site = made.site or _text(found.sitename)
    made.published = made.published or _day(found.date)
    made.url = made.url or _text(found.url)
    return made


def _json_ld(root: Any) -> Iterator[dict[str, Any]]:
    """The news articles that the page's JSON-LD describes."""
    for element in root.iter("script"):
        if "ld+json" not in (element.get("type") or ""):
            continue
        try:
            data = json.loads(element.text_content())
        except (ValueError, RecursionError):
            continue
        waiting = [data]
        seen = 0
        while waiting and seen < 500:
            item = waiting.pop(0)
            seen += 1
            if isinstance(item, list):
                waiting += item
            elif isinstance(item, dict):
                waiting += [item["@graph"]] if "@graph" in item else []
                kinds = item.get("@type")
                names = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(name, str) and name.endswith(("Article", "BlogPosting")) for name in names):
                    yield item


def _names(value: Any) -> str | None:
    items = value if isinstance(value, list) else [value]
    names = [_text(item.get("name") if isinstance(item, dict) else item) for item in items]
    return ", ".join(dict.fromkeys(name for name in names if name and not name.startswith("http"))) or None


def _text(value: Any) -> str | None:
    return (squeezed(re.sub(r"<[^>]{1,200}>", "", value)) or None) if isinstance(value, str) else None


def _day(value: Any) -> datetime.date | None:
    return day_of(value) if isinstance(value, str) else None
