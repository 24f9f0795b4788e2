"""A replica of Ofsted's two sites on this machine, over real HTTP, with faults to order. All is invented."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import html
import socket
import struct
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ofsted_nlp.authorities import AuthorityEntry

NOT_FOUND = b"<!DOCTYPE html>\n<html><head><title>Page not found</title></head><body><h1>Gone</h1></body></html>"


@dataclass
class Publication:
    """One publication: the site's number of its file, what the site calls it, its day, and the file."""

    number: int
    printed: str
    day: datetime.date
    body: bytes | Path

    def read(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.read_bytes()


Fault = Callable[["Handler", bytes], None]


@dataclass
class Replica:
    """The sites: who is listed, what was published, what goes wrong, and what was asked for."""

    authorities: list[AuthorityEntry] = field(default_factory=list)
    publications: dict[int, list[Publication]] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    robots: bytes | None = b"User-agent: *\nDisallow: /private/\n"
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)
    chunk: int = 1 << 16
    pause: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)
    site: str = ""
    files: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def paths(self, part: str = "") -> list[str]:
        """The paths asked for that hold this part, in order."""
        return [path for path, _ in self.asked if part in path]

    def forget(self) -> None:
        self.asked.clear()
        self.answered.clear()

    def file_url(self, number: int) -> str:
        return f"{self.files}/v1/file/{number}"

    def publish(self, urn: int, *items: Publication) -> None:
        self.publications[urn] = sorted(
            [*items, *self.publications.get(urn, [])], key=lambda item: item.day, reverse=True
        )

    def page(self, path: str, query: dict[str, list[str]]) -> bytes | None:
        """The HTML of a page, or None."""
        if path == "/search":
            if query.get("level_1_types") != ["3"] or query.get("level_2_types[]") != ["12"]:
                return _page("Search", "<p>Thousands of other providers</p>")
            start, rows = int(query["start"][0]), min(100, int(query["rows"][0]))
            listed = self.authorities[start : start + rows]
            return _page("Search", "".join(_result(entry) for entry in listed))
        parts = path.strip("/").split("/")
        if parts[:2] == ["provider", "44"]:
            urn = int(parts[2])
            if urn in self.publications:
                return _page("Provider", "<ol>" + "".join(map(self._day, self.publications[urn])) + "</ol>")
        return None

    def _day(self, item: Publication) -> str:
        day = f"{item.day.day} {item.day:%B %Y}"
        printed = html.escape(item.printed, quote=False)
        return (
            f'<li class="timeline__day"><span class="event__title heading--sub">\n<a class="publication-link" '
            f'href="{self.file_url(item.number)}" target="_blank">{printed} '
            f'<span class="nonvisual">{printed}, pdf - {day}</span></a></span>'
            f'<div class="event__metadata">Published <time pubdate>{day}</time></div></li>\n'
        )

    def file(self, path: str) -> bytes | None:
        number = path.rsplit("/", 1)[-1]
        every = (item for items in self.publications.values() for item in items)
        found = next((item for item in every if str(item.number) == number), None)
        return found.read() if found else None


def formal_name(entry: AuthorityEntry) -> str:
    """The name in the way the site prints it."""
    if entry.kind == "London Borough":
        return f"London Borough of {entry.display_name}"
    return f"{entry.display_name} {'County Council' if 'County' in entry.kind else 'Council'}"


def _result(entry: AuthorityEntry) -> str:
    name = html.escape(formal_name(entry))
    return f'<li class="search-result"><h3><a href="/provider/44/{entry.urn}">{name}</a></h3></li>\n'


def _page(title: str, body: str) -> bytes:
    head = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    menu = '<nav><a href="/">Home</a> <a href="/search">Search</a> <a href="https://www.gov.uk/ofsted">Ofsted</a></nav>'
    return f"{head}<body>{menu}<main>{body}</main></body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers for both sites; which of them is told by the port."""

    protocol_version = "HTTP/1.1"
    replica: Replica

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_GET(self) -> None:
        replica = self.replica
        parts = urlsplit(self.path)
        with replica.lock:
            replica.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
            waiting = replica.faults.get(parts.path)
            fault = waiting.pop(0) if waiting else None
        if parts.path == "/robots.txt":
            return fault(self, b"") if fault else self.send(replica.robots, "text/plain")
        is_file = parts.path.startswith("/v1/file/")
        body = replica.file(parts.path) if is_file else replica.page(parts.path, parse_qs(parts.query))
        if fault is not None:
            return fault(self, body or b"")
        kind = "text/html; charset=utf-8" if not is_file or (body or b"").lstrip()[:1] == b"<" else "application/pdf"
        return self.send(body, kind, packed=not is_file, ranges=is_file)

    def send(self, body: bytes | None, kind: str, *, packed: bool = False, ranges: bool = False) -> None:
        """A right answer: with a validator, parts of files on demand, pages packed."""
        if body is None:
            return self.answer(404, NOT_FOUND, {"Content-Type": "text/html"})
        etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        headers = {"Content-Type": kind, "ETag": etag}
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304, b"", headers)
        wanted = self.headers.get("Range", "")
        if ranges and wanted and self.headers.get("If-Range", etag) == etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                return self.answer(416, b"", headers | {"Content-Range": f"bytes */{len(body)}"})
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            return self.answer(206, body[start:], headers)
        if packed and "gzip" in self.headers.get("Accept-Encoding", ""):
            return self.answer(200, gzip.compress(body), headers | {"Content-Encoding": "gzip"})
        return self.answer(200, body, headers)

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None, *, length: int = -1) -> None:
        """Any answer, its body in pieces."""
        with self.replica.lock:
            self.replica.answered[status] += 1
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        for start in range(0, len(body), self.replica.chunk):
            self.wfile.write(body[start : start + self.replica.chunk])
            if self.replica.pause:
                time.sleep(self.replica.pause)

    def drop(self) -> None:
        """Reset the connection."""
        self.wfile.flush()
        time.sleep(0.05)  # what was sent should arrive before the reset does
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def reset(handler: Handler, body: bytes) -> None:
    """Half of the file, then a reset."""
    etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
    headers = {"Content-Type": "application/pdf", "ETag": etag}
    handler.answer(200, body[: len(body) // 2], headers, length=len(body))
    handler.drop()


def stall(handler: Handler, body: bytes) -> None:
    """A quarter of the file, then silence."""
    handler.answer(200, body[: len(body) // 4], {"Content-Type": "application/pdf"}, length=len(body))
    handler.wfile.flush()
    handler.replica.stopped.wait(20)
    handler.close_connection = True


def status(code: int, **headers: str) -> Fault:
    """An error, with headers such as Retry_After."""

    def answer(handler: Handler, _: bytes) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.answer(code, b"<html>Try later</html>", {"Content-Type": "text/html", **named})

    return answer


def page_instead(handler: Handler, _: bytes) -> None:
    """A page that says that nothing was found, with status 200."""
    handler.answer(200, NOT_FOUND, {"Content-Type": "text/html; charset=UTF-8"})


def cut_short(handler: Handler, body: bytes) -> None:
    """Fewer bytes than the file has, and a length that says so: only the file itself tells."""
    handler.answer(200, body[: len(body) // 2], {"Content-Type": "application/pdf"})


def too_few(handler: Handler, body: bytes) -> None:
    """Fewer bytes than were promised, then the end."""
    handler.answer(200, body[:-10], {"Content-Type": "application/pdf"}, length=len(body))
    handler.close_connection = True


def cut_gzip(handler: Handler, body: bytes) -> None:
    """A packed page that ends before its end, with a length that fits, so that only the packing tells."""
    packed = gzip.compress(body)
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip", "ETag": '"broken"'}
    handler.answer(200, packed[: len(packed) * 2 // 3], headers)


def redirect(target: str) -> Fault:
    """A redirect; "{files}" and "{site}" stand for the two sites."""

    def answer(handler: Handler, _: bytes) -> None:
        where = target.format(files=handler.replica.files, site=handler.replica.site)
        handler.answer(302, b"", {"Location": where})

    return answer


def endless(*, announced: bool) -> Fault:
    """A body of 3 GB, made as it is read; ``announced`` says whether its length is told beforehand."""
    size = 3 * 10**9

    def answer(handler: Handler, _: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/pdf")
        handler.send_header(*(("Content-Length", str(size)) if announced else ("Transfer-Encoding", "chunked")))
        handler.end_headers()
        piece = b"%PDF-1.7\n" + b"0" * (1 << 16)
        for _sent in range(size // len(piece)):
            handler.wfile.write(piece if announced else b"%x\r\n%s\r\n" % (len(piece), piece))

    return answer


@contextmanager
def server(replica: Replica) -> Iterator[tuple[ThreadingHTTPServer, str]]:
    """One server of the replica on a free port, with its address."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"replica": replica}))
    made.daemon_threads = True
    made.block_on_close = False
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield made, f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        made.server_close()


@contextmanager
def serve(replica: Replica) -> Iterator[Replica]:
    """The replica at work; its addresses are in ``site`` and ``files``."""
    with server(replica) as (_, replica.site), server(replica) as (_, replica.files):
        try:
            yield replica
        finally:
            replica.stopped.set()
