"""What robots.txt allows, asked once a host and run, and obeyed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from ofsted_nlp.errors import RefusedError, UnreachableError
from ofsted_nlp.sources.pace import Pace

SLOWEST = 300.0
"""Seconds between two requests; a site whose robots.txt asks for more is not asked at all."""


class Robots:
    """The rules of all hosts asked in a run.

    As RFC 9309 has it, a host without robots.txt allows everything, and one whose robots.txt cannot be read for
    faults of its own allows nothing.
    """

    def __init__(self, user_agent: str, text_of: Callable[[str], str | None]) -> None:
        self._user_agent = user_agent
        self._text_of = text_of
        self._rules: dict[str, Protego | UnreachableError] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def check(self, url: str, pace: Pace) -> None:
        """Refuse an address that robots.txt forbids, and slow down where it asks for that.

        Raises:
            RefusedError: robots.txt forbids the address.
            UnreachableError: robots.txt cannot be read.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = self._read(origin)
        rules = self._rules[origin]
        if isinstance(rules, UnreachableError):
            raise UnreachableError(
                f"{rules.message} Nothing is asked of a site whose robots.txt cannot be read. Check the network "
                "(behind a proxy: HTTPS_PROXY) and run this again.",
                code="robots_unreachable",
            )
        if not rules.can_fetch(url, self._user_agent):
            raise RefusedError(f"{origin}/robots.txt forbids {url}, so it is not asked.", code="robots")
        interval = self._interval(rules)
        if interval > SLOWEST:
            message = f"{origin}/robots.txt wants {interval:.0f} seconds between two requests, so it is not asked."
            raise RefusedError(message, code="robots")
        pace.slow_to(interval)

    def _read(self, origin: str) -> Protego | UnreachableError:
        try:
            return Protego.parse(self._text_of(f"{origin}/robots.txt") or "")
        except UnreachableError as error:
            return error

    def _interval(self, rules: Protego) -> float:
        """Seconds between two requests that the rules ask for."""
        rate = rules.request_rate(self._user_agent)
        return max(rules.crawl_delay(self._user_agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)
