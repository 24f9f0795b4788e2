"""Newspapers on this machine: feeds, sitemaps and article pages over real HTTP, with faults to order. All invented."""

from __future__ import annotations

import gzip
import html
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from replica import Fault, Handler

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "sample" / "press"
HTML, XML, GZIP = "text/html; charset=utf-8", "application/xml", "application/gzip"

INSPECTED = (
    "Ofsted has told Wexbury City Council that its children’s services require improvement after inspectors spent "
    "two weeks with social workers in the spring.",
    "The inspection report, published on Tuesday, says that children in care live in homes that suit them, but that "
    "too many assessments are late and that managers do not always notice.",
    "Inspectors wrote that the council’s leaders “know what has to change, and have begun to change it”.",
    "The director of children’s services, Petra Lindqvist-Amadi, said: “We accept every word of the report and have "
    "already taken on fourteen social workers.”",
    "Ofsted made four recommendations to the council, among them that care leavers get a plan before they are sixteen.",
)
SCHOOL = (
    "Pupils at Hobbleford Primary School are celebrating after Ofsted inspectors rated the school good.",
    "The head teacher, Morwenna Achterberg, said that everyone at the school had worked hard for the result.",
    "The inspectors praised the way in which reading is taught from the first week in reception, and found that the "
    "pupils behave well in lessons and at play.",
    "The school was told to make sure that its curriculum for geography is as well planned as that for mathematics.",
)


@dataclass
class Newspaper:
    """A site: what is at which path, what goes wrong, and what was asked for."""

    pages: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    robots: bytes | None = b"User-agent: *\nDisallow: /private/\n"
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)
    chunk: int = 1 << 16
    pause: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    site: str = ""
    files: str = ""

    def paths(self, part: str = "") -> list[str]:
        """The paths asked for that hold this part, in order."""
        return [path for path, _ in self.asked if part in path]

    def forget(self) -> None:
        self.asked.clear()
        self.answered.clear()

    def put(self, path: str, body: str | bytes, kind: str = HTML) -> str:
        """Publish something; its address."""
        data = body if isinstance(body, bytes) else body.replace("{site}", self.site).encode()
        self.pages[path] = (data, kind)
        return self.site + path

    def story(self, path: str, title: str, paragraphs: tuple[str, ...] = INSPECTED, **values: Any) -> str:
        """Publish an article; its address."""
        return self.put(path, article(title, paragraphs, **values))


def article(title: str, paragraphs: tuple[str, ...], *, day: str = "2026-03-02", site: str = "Gazette") -> str:
    """A plain article page."""
    body = "".join(f"<p>{html.escape(text, quote=False)}</p>\n" for text in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta property="og:title" content="{html.escape(title)}"><meta property="og:site_name" content="{site}">'
        f'<meta property="article:published_time" content="{day}T07:00:00+00:00"></head>\n<body>'
        f'<nav><a href="/">Home</a> <a href="/news">News</a></nav>\n<article><h1>{html.escape(title)}</h1>\n{body}'
        "</article><footer>Nothing on this page is true.</footer></body></html>"
    )


def rss(*items: tuple[str, str, str], summary: str = "") -> str:
    """An RSS feed of items (address, title, day as in RFC 822)."""
    listed = "".join(
        f"<item><title>{html.escape(title)}</title><link>{html.escape(url)}</link><pubDate>{day}</pubDate>"
        f"<description><![CDATA[<p>{summary}</p>]]></description></item>\n"
        for url, title, day in items
    )
    head = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>News</title>'
    return f"{head}<link>{{site}}/</link><description>All the news</description>\n{listed}</channel></rss>"


def atom(*items: tuple[str, str, str]) -> str:
    """An Atom feed of items (address, title, moment as in RFC 3339)."""
    listed = "".join(
        f'<entry><title type="html">{html.escape(title)}</title><id>tag:{number}</id>'
        f'<link rel="alternate" href="{html.escape(url)}"/><updated>{day}</updated></entry>'
        for number, (url, title, day) in enumerate(items)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>x</id>{listed}</feed>'


def sitemap(*items: tuple[str, str, str]) -> str:
    """A news sitemap of items (address, title, day)."""
    listed = "".join(
        f"<url><loc>{html.escape(url)}</loc><news:news><news:publication><news:name>Post</news:name></news:publication>"
        f"<news:publication_date>{day}</news:publication_date><news:title>{html.escape(title)}</news:title>"
        "</news:news></url>"
        for url, title, day in items
    )
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<urlset {spaces}>{listed}</urlset>"


def index(*items: tuple[str, str]) -> str:
    """An index of sitemaps (address, day)."""
    listed = "".join(f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>" for url, day in items)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


class PressHandler(Handler):
    """Answers for a newspaper."""

    replica: Newspaper  # type: ignore[assignment]

    def do_GET(self) -> None:  # noqa: N802
        paper = self.replica
        path = urlsplit(self.path).path
        with paper.lock:
            paper.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
            waiting = paper.faults.get(path)
            fault = waiting.pop(0) if waiting else None
        body, kind = (paper.robots, "text/plain") if path == "/robots.txt" else paper.pages.get(path, (None, HTML))
        if fault is not None:
            return fault(self, body or b"")
        return self.send(body, kind, packed=kind != GZIP)


def endless(handler: Handler, _: bytes) -> None:
    """A page of 3 GB, made as it is read, whose length is not told."""
    handler.send_response(200)
    handler.send_header("Content-Type", HTML)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    piece = b"<p>" + b"0" * (1 << 16)
    for _sent in range(3 * 10**9 // len(piece)):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))


def silent(handler: Handler, body: bytes) -> None:
    """A quarter of the page, then silence."""
    handler.answer(200, body[: len(body) // 4], {"Content-Type": HTML}, length=len(body))
    handler.wfile.flush()
    handler.replica.stopped.wait(60)
    handler.close_connection = True


def cut_archive(handler: Handler, body: bytes) -> None:
    """A packed sitemap that ends before its end."""
    packed = gzip.compress(body)
    handler.answer(200, packed[: len(packed) * 2 // 3], {"Content-Type": GZIP})


@contextmanager
def serve(paper: Newspaper) -> Iterator[Newspaper]:
    """The newspaper at work; its address is in ``site``."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (PressHandler,), {"replica": paper}))
    made.daemon_threads = True
    made.block_on_close = False
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    paper.site = f"http://127.0.0.1:{made.server_port}"
    try:
        yield paper
    finally:
        paper.stopped.set()
        made.shutdown()
        made.server_close()


def fill(paper: Newspaper) -> None:
    """Three papers' worth of news: a feed, an Atom feed, an index of sitemaps; two stories of coverage and a copy."""
    page = paper.story
    wexbury = page(
        "/gazette/101.wexbury-childrens-services-ofsted/", "Ofsted: Wexbury children’s services must improve"
    )
    school = page("/gazette/102.hobbleford-primary-ofsted/", "Ofsted rates Hobbleford Primary School good", SCHOOL)
    carnival = page("/gazette/103.carnival-returns/", "Carnival returns to the harbour", SCHOOL)
    # Announced without a word of schools, so that only the page tells.
    vague = page("/gazette/104.verdict/", "Inspectors’ verdict is in as Ofsted publishes report", SCHOOL)
    news = paper.put("/gazette/news/", "<html><body><ul><li><a href='/'>News</a></li></ul></body></html>")
    paper.put(
        "/gazette/rss",
        rss(
            (f"{wexbury}?utm_source=rss&utm_medium=feed#top", "Ofsted: Wexbury children’s services must improve", RFC),
            (school, "Ofsted rates Hobbleford Primary School good", RFC),
            (carnival, "Carnival returns to the harbour", RFC),
            (vague, "Inspectors’ verdict is in as Ofsted publishes report", RFC),
            (news, "Ofsted inspection of children’s services: live updates", RFC),
        ),
        "application/rss+xml",
    )
    copy = page(
        "/post/wexbury-told-to-improve",
        "Wexbury told to improve children’s services by Ofsted",
        INSPECTED,
        day="2026-03-03",
        site="Post",
    )
    walled = paper.put("/post/eastmere", (SAMPLES / "eastmere-chronicle-2025.html").read_bytes())
    paper.put(
        "/post/atom",
        atom(
            (copy, "Wexbury told to improve children&#8217;s services by Ofsted", "2026-03-03T23:30:00+01:00"),
            (walled, "Ofsted finds failings in Eastmere council children’s services", "2026-03-01T08:00:00Z"),
        ),
        "text/xml",
    )
    mercury = paper.put("/mercury/outstanding", (SAMPLES / "marlshire-mercury-2026.html").read_bytes())
    items = sitemap((mercury, "Ofsted praises Marlshire council’s children’s services", "2026-03-02"))
    paper.put("/mercury/news.xml.gz", gzip.compress(items.encode()), GZIP)
    old = paper.put(
        "/mercury/2019.xml", sitemap((f"{paper.site}/mercury/old", "Ofsted: an old story", "2019-01-01")), XML
    )
    paper.put(
        "/mercury/index.xml", index((old, "2019-02-01"), (f"{paper.site}/mercury/news.xml.gz", "2026-03-02")), XML
    )


RFC = "Mon, 02 Mar 2026 07:00:00 GMT"


def sources_toml(paper: Newspaper, **more: str) -> str:
    """A file of sources: the three of ``fill``, and more feeds by name and path."""
    entries = [
        ("Gazette", "feed", "/gazette/rss"),
        ("Post", "feed", "/post/atom"),
        ("Mercury", "sitemap", "/mercury/index.xml"),
        *((name, "feed", path) for name, path in more.items()),
    ]
    return "".join(
        f'[[source]]\nname = "{name}"\nkind = "{kind}"\naddress = "{paper.site}{path}"\nhosts = ["127.0.0.1"]\n'
        for name, kind, path in entries
    )
