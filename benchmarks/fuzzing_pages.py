"""Makes hostile article pages and feeds out of good ones, the same from the same number, and reads them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

_TAG = re.compile(rb"</?[a-zA-Z][^>]{0,300}>")
_TAGS = (
    b"div",
    b"span",
    b"p",
    b"article",
    b"section",
    b"b",
    b"a",
    b"blockquote",
    b"ul",
    b"li",
    b"table",
    b"td",
    b"font",
    b"main",
    b"aside",
    b"header",
    b"form",
    b"svg",
    b"math",
    b"template",
    b"br",
    b"time",
    b"h1",
    b"figure",
)
_ENTITIES = (
    b"&#0;",
    b"&#xD800;",
    b"&#1114112;",
    b"&#99999999999999;",
    b"&nbsp;",
    b"&none;",
    b"&lt;script&gt;",
    b"&#27;[2J",
    b"&#x202e;",
    b"&#8232;",
    b"&amp;" * 50,
    b"&",
)
_BYTES = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf5\x80\x80\x80",
    b"\x1b[31m",
    b"\x9b2J",
    b"\xe2\x80\xae",
    b"\xef\xbf\xbf",
    b"\x85",
    b"\r",
    b"\x0c",
)
_CHARSETS = (
    b"utf-16",
    b"utf-7",
    b"idna",
    b"punycode",
    b"unicode_escape",
    b"rot13",
    b"zlib",
    b"hex",
    b"undefined",
    b"x",
    b"iso-8859-1",
    b"shift_jis",
    b"cp037",
    b"utf-8-sig",
    b"mbcs",
    b"latin-1",
)
_WORDS = (
    "Ofsted",
    "inspectors",
    "said",
    "“",
    "”",
    "‘",
    "’",
    '"',
    "'",
    "requires improvement",
    "good",
    "inadequate",
    "Council",
    "Fernshire County Council",
    "Councillor",
    "Mr",
    "Dr.",
    "J.",
    "and",
    "of",
    "director of children’s services",
    "12",
    "1,000,000,000",
    "per cent",
    "%",
    "£",
    "2 May 2024",
    "31/02/2024",
    "children",
    "report",
    "recommendations",
    ":",
    ";",
    ".",
    ",",
    "–",
    "-",
    "(",
    ")",
    "[",
    "\n",
    "\u200b",
    "\u00ad",
    "A",
    "Aa",
    "http://x.example/?",
    "the",
    "not",
)

Made = Callable[[random.Random, bytes], bytes]


def flip(rng: random.Random, data: bytes) -> bytes:
    """Bytes replaced."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 10, 300))):
        made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made)


def cut(rng: random.Random, data: bytes) -> bytes:
    """A stretch missing, or the end."""
    start = rng.randrange(len(data))
    return data[:start] + (data[start + rng.choice((5, 300, 3000)) :] if rng.random() < 0.5 else b"")


def put(rng: random.Random, data: bytes) -> bytes:
    """Entities, control characters and halves of characters put in."""
    for _ in range(rng.choice((1, 20, 200))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(_ENTITIES + _BYTES) + data[at:]
    return data


def tags(rng: random.Random, data: bytes) -> bytes:
    """Tags removed, doubled, exchanged."""
    found = list(_TAG.finditer(data))
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 10, 60)))), key=lambda m: -m.start()):
        other = rng.choice(found).group()
        new = rng.choice(
            (b"", match.group() * 2, other, b"<" + rng.choice(_TAGS) + b">", b"</" + rng.choice(_TAGS) + b">")
        )
        data = data[: match.start()] + new + data[match.end() :]
    return data


def nest(rng: random.Random, data: bytes) -> bytes:
    """Elements within elements, far down, closed or not."""
    tag, times = rng.choice(_TAGS), rng.choice((10, 250, 300, 1000, 3000, 30_000))
    at = rng.choice([m.start() for m in _TAG.finditer(data)] or [0])
    closed = (b"</" + tag + b">") * times if rng.random() < 0.6 else b""
    return data[:at] + (b"<" + tag + b">") * times + b"The council was told that children wait. " + closed + data[at:]


def many(rng: random.Random, data: bytes) -> bytes:
    """Elements beside elements by the thousand."""
    tag, times = rng.choice(_TAGS), rng.choice((500, 5000, 40_000))
    at = rng.choice([m.start() for m in _TAG.finditer(data)] or [0])
    return data[:at] + (b"<" + tag + b">Children wait.</" + tag + b">") * times + data[at:]


def attribute(rng: random.Random, data: bytes) -> bytes:
    """Attributes of great length or number."""
    long = rng.choice((b"x", b"comment ", b"a=b;", b"&quot;")) * rng.choice((1000, 100_000, 500_000))
    name = rng.choice((b"class", b"id", b"style", b"href", b"aria-label", b"content", b"datetime"))
    extra = b" " + name + b'="' + long + b'"'
    if rng.random() < 0.3:
        extra = b"".join(b" a%d=1" % k for k in range(rng.choice((100, 20_000))))
    return re.sub(rb"<(p|div|article|body|meta|time)\b", lambda m: m.group() + extra, data, count=rng.choice((1, 3)))


def charset(rng: random.Random, data: bytes) -> bytes:
    """An encoding declared that the bytes do not have."""
    data = re.sub(rb"<meta[^>]{0,100}charset[^>]{0,100}>", b"", data)
    data = b'<meta charset="' + rng.choice(_CHARSETS) + b'">' + data
    if rng.random() < 0.3:
        text = data.decode("utf-8", "replace")
        data = text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7")), "replace")
    return data


def entities(rng: random.Random, data: bytes) -> bytes:
    """A document type that declares entities: of entities, of files, of addresses."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (k, b"&l%d;" % (k - 1) * 10) for k in range(1, 12))
    outside = b'<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1:9/">'
    head = b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "ha">' + laughs + outside + b"]>"
    return head + data.replace(b"<p>", b"<p>&l11;&x;&y;", 3)


def linked_data(rng: random.Random, data: bytes) -> bytes:
    """JSON-LD that is deep, wide, of wrong types."""
    deep = rng.choice((10, 2000, 200_000))
    values: tuple[object, ...] = (None, 0, -1e308, [], {}, "x" * 100_000, ["a"] * 5000, {"name": {"name": []}}, True)
    item = {
        key: rng.choice(values)
        for key in ("headline", "datePublished", "author", "publisher", "hasPart", "isAccessibleForFree", "@graph")
    }
    text = json.dumps([{"@type": rng.choice(("NewsArticle", ["Article"], None)), **item}] * rng.choice((1, 400)))
    if rng.random() < 0.4:
        text = rng.choice(("[" * deep, '{"@graph":' * deep, "9" * deep, '{"@type":"NewsArticle","headline":"\\ud800"}'))
    return b'<script type="application/ld+json">' + text.encode() + b"</script>" + data


def wording(rng: random.Random, data: bytes) -> bytes:
    """Paragraphs of words in any order, or of one again and again: they try the rules on quotations and names."""
    few = rng.sample(_WORDS, rng.choice((1, 2, 3, 12)))
    times = rng.choice((30, 400, 3000))
    text = rng.choice((" ", " ", "")).join(rng.choice(few) for _ in range(times))[:19_000]
    paragraph = f"<p>{text}</p>".encode()
    at = data.find(b"<p") if b"<p" in data else 0
    return data[:at] + paragraph * rng.choice((1, 1, 5)) + data[at:]


STEPS: tuple[Made, ...] = (
    flip,
    cut,
    put,
    tags,
    tags,
    nest,
    many,
    attribute,
    charset,
    entities,
    linked_data,
    wording,
    wording,
)


def mutated(number: int, seed: int, bases: list[bytes]) -> tuple[str, bytes]:
    """The input of that number: what was done, and the bytes."""
    rng = random.Random(f"page/{seed}/{number}")
    data, names = rng.choice(bases), []
    for _ in range(rng.choice((1, 1, 2, 3, 4))):
        step = rng.choice(STEPS)
        data = step(rng, data or b"<p>x</p>")
        names.append(step.__name__)
    return ", ".join(names), data[:12_000_000]


def read(data: bytes, whole: bool, folder: Path) -> tuple[str, str | None]:
    """Read bytes as an article and, some of them, as a feed; say what became of them, and what is wrong."""
    import ofsted_nlp
    from ofsted_nlp.errors import OfstedNlpError

    path = folder / ("page.html" if len(data) % 5 else "page.txt")
    path.write_bytes(data)
    outcome = "ok"
    try:
        article = ofsted_nlp.read_article(path)
        find = _find(article)
    except OfstedNlpError as error:
        outcome, find = f"failed: {error.code}", "not foreseen: " + error.message if error.code == "error" else None
    if whole:
        from ofsted_nlp.sources.press_xml import local, root_of

        try:
            root, _ = root_of(data, None, "https://news.example/feed")
            [local(element) for element in root.iter()]
        except OfstedNlpError:
            pass
    return outcome, find


def _find(article: object) -> str | None:
    """What is wrong with an article's record."""
    page = article.page  # type: ignore[attr-defined]
    for one in page.paragraphs:
        if page.text[one.start : one.end] != one.text:
            return f"span {one.start}-{one.end} is not the paragraph's text"
    records = [story for story in article.to_dicts()]  # type: ignore[attr-defined]
    text = json.dumps(records, allow_nan=False, ensure_ascii=False)
    text.encode("utf-8")
    control = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "".join(_texts(records)))
    return f"control character {ord(control[0]):#x} in the record" if control else None


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    return [text for item in value for text in _texts(item)] if isinstance(value, (list, tuple)) else []
