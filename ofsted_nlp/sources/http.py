"""One polite client for every site: it says who asks, obeys robots.txt, takes its time, and trusts no answer unseen."""

from __future__ import annotations

import codecs
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import tenacity

from ofsted_nlp.errors import GoneError, OfstedNlpError, RefusedError, SourceError, UnreachableError
from ofsted_nlp.sources.cache import cached
from ofsted_nlp.sources.contact import checked_contact
from ofsted_nlp.sources.guard import GuardedTransport, Resolver, check_url, resolve
from ofsted_nlp.sources.pace import Pace, pause, retry_after
from ofsted_nlp.sources.robots import Robots

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGE_TYPES = ("text/html", "application/xhtml+xml")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the client allows itself and the sites.

    Attributes:
        interval: seconds between the starts of two requests to one host.
        concurrency: requests to one host side by side.
        attempts: how often an address is asked before it counts as unreachable.
        backoff: seconds; a retry waits a random time up to this, doubled with every attempt.
        longest_wait: seconds; a site that asks for a longer pause (Retry-After) is left for another run.
        timeout: seconds without a byte after which a connection counts as stalled.
        page_seconds, file_seconds: how long one page, or one attempt at a file, may take in all.
        page_bytes, file_bytes: how large they may be, unpacked.
        redirects: how many redirects are followed.
        failures: addresses that may fail in a row before a host is left alone for the rest of the run.
    """

    interval: float = 1.0
    concurrency: int = 2
    attempts: int = 5
    backoff: float = 2.0
    longest_wait: float = 300.0
    timeout: float = 30.0
    page_seconds: float = 120.0
    file_seconds: float = 900.0
    page_bytes: int = 16 * 2**20
    file_bytes: int = 256 * 2**20
    redirects: int = 5
    failures: int = 5


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: its final address, its text, and whether the copy on disk still held."""

    url: str
    text: str
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A body as it came; for the rest see ``Page``.

    Attributes:
        url: its final address.
        body: its bytes, unpacked.
        kind: its type, without parameters.
        charset: the encoding that its header names, if there is such an encoding.
    """

    url: str
    body: bytes
    kind: str
    charset: str | None
    unchanged: bool


class Again(Exception):  # noqa: N818
    """An answer that may be better next time; ``wait`` is how long the site asks us to wait (seconds)."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class Client:
    """Asks sites for pages and files. Use it in a ``with`` statement; it may be shared by threads.

    Args:
        hosts: the only host names that are asked.
        contact: an e-mail address or web page of whoever runs this; None for ``OFSTED_NLP_CONTACT``.
        cache: a folder for the cache of pages; None for none.
        limits: see ``Limits``.
        allow_loopback: ask this machine too, in plain HTTP; for tests against a site of one's own.
        resolver: what turns a host name into addresses.

    Attributes:
        counts: how many "requests" were sent, and how many "bytes" of bodies came.

    Raises:
        ContactError: no contact, or none that could be reached.
    """

    def __init__(
        self,
        *hosts: str,
        contact: str | None = None,
        cache: Path | None = None,
        limits: Limits | None = None,
        allow_loopback: bool = False,
        resolver: Resolver = resolve,
    ) -> None:
        self.hosts = frozenset(host.lower() for host in hosts)
        self.contact = checked_contact(contact)
        self.limits = limits or Limits()
        self.counts: Counter[str] = Counter()
        self._allow_loopback = allow_loopback
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._paces: dict[str, Pace] = {}
        self._robots = Robots(self.user_agent, self._robots_text)
        guarded = GuardedTransport(allow_loopback=allow_loopback, resolver=resolver)
        self._files = httpx.Client(transport=guarded, **self._settings())
        self._pages = httpx.Client(transport=cached(guarded, cache), **self._settings()) if cache else self._files

    def _settings(self) -> dict[str, Any]:
        return {
            "headers": {"User-Agent": self.user_agent, "Accept-Encoding": "gzip"},
            "timeout": httpx.Timeout(self.limits.timeout, pool=None),
            "trust_env": False,
            "follow_redirects": False,
        }

    @property
    def user_agent(self) -> str:
        """What sites are told about who asks."""
        from ofsted_nlp import __version__

        return f"ofsted-nlp/{__version__} (research on published inspection reports; contact: {self.contact})"

    def close(self) -> None:
        """Stop all waiting threads and close all connections."""
        self._stop.set()
        self._pages.close()
        self._files.close()

    def stop(self) -> None:
        """Let every thread that waits for its turn end."""
        self._stop.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def page(self, url: str) -> Page:
        """A page of HTML, asked for anew; where the site says that it has not changed, the copy on disk.

        Raises:
            RefusedError: robots.txt, the allow-list, its size, type or redirects forbid it.
            GoneError: it is not there any more.
            UnreachableError: the site did not answer rightly, however often it was asked.
        """
        found = self.document(url, web_page=True)
        return Page(found.url, found.body.decode(found.charset or "utf-8", "replace"), found.unchanged)

    def document(self, url: str, *, web_page: bool, cached: bool = True, most: int | None = None) -> Document:
        """A body as it came, of any type or of a web page's alone.

        Args:
            url: the address.
            web_page: whether to refuse what is not HTML.
            cached: whether to use the cache on disk: to ask conditionally, and to keep what comes.
            most: bytes that it may have; None for the limit of pages.

        Raises:
            RefusedError, GoneError, UnreachableError: see ``page``.
        """

        def read(response: httpx.Response, final: str) -> Document:
            kind = content_type(response)
            if web_page and kind not in PAGE_TYPES:
                raise RefusedError(f"{url} is not a web page but {kind or 'of no type'}.", code="not_html")
            body = self._body(response, self.limits.page_bytes if most is None else most)
            unchanged = (response.extensions.get("caching") or {}).get("from_cache", False)
            return Document(final, body, kind, _known_encoding(response.charset_encoding), unchanged)

        wanted = PAGE_TYPES if web_page else ("application/xml", "text/xml", "*/*;q=0.5")
        headers = {"Accept": ",".join(wanted), "Cache-Control": "no-cache"}
        return self.ask(url, lambda: headers, read, self._pages if cached else self._files)

    def ask(
        self,
        url: str,
        headers: Callable[[], Mapping[str, str]],
        read: Callable[[httpx.Response, str], Answer],
        client: httpx.Client | None = None,
        *,
        robots: bool = True,
    ) -> Answer:
        """Ask an address until it answers, and give what ``read`` makes of the answer.

        Args:
            url: the address.
            headers: gives the headers of each attempt.
            read: reads a response of status 200, 206 or 416, given with its final address; ``Again`` asks anew.
            client: which connections to use; None for those without a cache.
            robots: whether to ask robots.txt first.

        Raises:
            RefusedError, GoneError, UnreachableError: see ``page``.
        """
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.limits.attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type((Again, httpx.TransportError, httpx.DecodingError)),
            sleep=lambda seconds: pause(seconds, self._stop),
            reraise=True,
        )
        place = self._pace(url)
        place.check(urlsplit(url).netloc, self.limits.failures)
        try:
            answer = retrying(self._follow, url, headers, read, client or self._files, robots)
        except (Again, httpx.TransportError, httpx.DecodingError) as error:
            place.note(answered=False)
            times = f"{self.limits.attempts} times" if self.limits.attempts > 1 else "once"
            raise UnreachableError(f"{url} was asked {times}: {plain(error)}.") from error
        except httpx.InvalidURL as error:
            raise RefusedError(f"{url} is not a web address: {error}.", code="bad_url") from error
        except UnreachableError as error:
            if error.code == "too_busy":
                place.note(answered=False)
            raise
        except SourceError:
            place.note(answered=True)
            raise
        place.note(answered=True)
        return answer

    def _follow(
        self,
        url: str,
        headers: Callable[[], Mapping[str, str]],
        read: Callable[[httpx.Response, str], Answer],
        client: httpx.Client,
        robots: bool,
    ) -> Answer:
        """One attempt, along its redirects; every address on the way is checked as the first was."""
        seen = [url]
        while True:
            here = seen[-1]
            check_url(here, self.hosts, allow_loopback=self._allow_loopback)
            if robots:
                self._robots.check(here, self._pace(here))
            with self._pace(here).turn():
                self.counts["requests"] += 1
                with client.stream("GET", here, headers=dict(headers())) as response:
                    if response.status_code not in REDIRECTS:
                        self._check_status(response, url, here)
                        return read(response, here)
                    target = _target(here, response)
            if target in seen or len(seen) > self.limits.redirects:
                raise RefusedError(f"{url} redirects in circles or too often ({target}).", code="redirects")
            seen.append(target)

    def _check_status(self, response: httpx.Response, url: str, here: str) -> None:
        status = response.status_code
        if status in (200, 206, 416):
            return
        if status in (404, 410):
            raise GoneError(f"{url} is not there any more (status {status}).", code=f"http_{status}")
        if status in RETRIED:
            wait = retry_after(response.headers.get("retry-after", ""))
            if wait > self.limits.longest_wait:
                message = f"{url} asks for a pause of {wait:.0f} seconds (status {status}); run this again later."
                raise UnreachableError(message, code="too_busy")
            self._pace(here).hold(wait)  # after a redirect it is another host that asks for the pause
            raise Again(f"it answered with status {status}", wait)
        raise UnreachableError(f"{url} answered with status {status}.", code=f"http_{status}")

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """A random time up to a bound that doubles with every attempt, but never less than the site asked for."""
        error = state.outcome.exception() if state.outcome else None
        bound = min(self.limits.longest_wait, self.limits.backoff * 2 ** (state.attempt_number - 1))
        return (error.wait if isinstance(error, Again) else 0.0) + random.uniform(bound / 4, bound)

    def _body(self, response: httpx.Response, most: int) -> bytes:
        url = str(response.url)
        check_size(response, url, most)
        ends = time.monotonic() + self.limits.page_seconds
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            self.counts["bytes"] += len(chunk)
            if len(body) > most:
                raise too_large(url, most)
            if time.monotonic() > ends:
                raise Again(f"it took longer than {self.limits.page_seconds:.0f} seconds")
        return bytes(body)

    def _robots_text(self, url: str) -> str | None:
        """The text of a robots.txt; None where the site has none."""

        def read(response: httpx.Response, _: str) -> str:
            return self._body(response, 2**20).decode("utf-8", "replace")

        try:
            return self.ask(url, dict, read, self._pages, robots=False)
        except GoneError:
            return None
        except UnreachableError as error:
            if re.fullmatch(r"http_4\d\d", error.code):
                return None
            raise

    def _pace(self, url: str) -> Pace:
        host = urlsplit(url).netloc.lower()
        with self._lock:
            if host not in self._paces:
                self._paces[host] = Pace(self.limits.interval, self.limits.concurrency, self._stop)
            return self._paces[host]


def _target(here: str, response: httpx.Response) -> str:
    """Where an answer redirects to."""
    named = response.headers.get("location", "")
    try:
        return urldefrag(urljoin(here, named))[0]
    except ValueError:
        raise RefusedError(f"{here} redirects to “{named[:200]}”, which is no address.", code="bad_url") from None


def content_type(response: httpx.Response) -> str:
    """The type of a body without its parameters, in lower case; "" if none is given."""
    kind: str = response.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()


def _known_encoding(name: str | None) -> str | None:
    try:
        return codecs.lookup(name).name if name else None
    except (LookupError, ValueError):
        return None


def check_size(response: httpx.Response, url: str, most: int) -> None:
    """Refuse a body that says that it is too large, before any of it is read."""
    with suppress(ValueError):
        if int(response.headers.get("content-length", "0")) > most:
            raise too_large(url, most)


def too_large(url: str, most: int) -> RefusedError:
    """The error for a body of more than ``most`` bytes."""
    return RefusedError(f"{url} is larger than {most / 2**20:.0f} MB and is not taken.", code="too_large")


def plain(error: BaseException) -> str:
    """A failure of the network in plain words."""
    if isinstance(error, (Again, OfstedNlpError)):
        return str(error)
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            "its certificate is not trusted by this system (add your organisation's to the system's certificates, "
            "or name its file in SSL_CERT_FILE)"
        )
    for kind, words in (
        (httpx.ConnectTimeout, "no connection could be made in time"),
        (httpx.TimeoutException, "it stopped answering"),
        (httpx.ProxyError, "the proxy refused"),
        (httpx.ConnectError, "no connection could be made"),
        (httpx.RemoteProtocolError, "it broke off before the end"),
        (httpx.NetworkError, "the connection broke"),
        (httpx.DecodingError, "its answer was damaged"),
    ):
        if isinstance(error, kind):
            return f"{words} ({error})" if str(error) else words
    return f"{type(error).__name__}: {error}"
