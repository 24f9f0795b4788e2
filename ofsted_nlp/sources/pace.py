"""How fast each host is asked, so that no site is burdened and one that asks for a pause gets it."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

from ofsted_nlp.errors import UnreachableError


class Stopped(Exception):  # noqa: N818
    """The run is being ended; raised in every thread that waits."""


class Pace:
    """The pace of one host: requests side by side, and the seconds between the starts of two."""

    def __init__(self, interval: float, concurrency: int, stop: threading.Event) -> None:
        self.interval = interval
        self._slots = threading.BoundedSemaphore(concurrency)
        self._lock = threading.Lock()
        self._next = 0.0
        self._stop = stop
        self._failures = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it for the length of a ``with``."""
        with self._slots:
            with self._lock:
                start = max(time.monotonic(), self._next)
                self._next = start + self.interval
            pause(start - time.monotonic(), self._stop)
            yield

    def hold(self, seconds: float) -> None:
        """Let nobody ask this host for that long."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)

    def slow_to(self, interval: float) -> None:
        """Ask no faster than that."""
        self.interval = max(self.interval, interval)

    def check(self, host: str, limit: int) -> None:
        """Fail at once where the last ``limit`` addresses of this host all failed after their retries."""
        if self._failures >= limit:
            raise UnreachableError(
                f"{host} has failed {self._failures} times in a row and is left alone for the rest of this run.",
                code="host_unavailable",
            )

    def note(self, *, answered: bool) -> None:
        """Remember whether the host answered in the end."""
        self._failures = 0 if answered else self._failures + 1


def pause(seconds: float, stop: threading.Event) -> None:
    """Sleep, but no longer than until the run is stopped."""
    if stop.wait(max(0.0, seconds)) if seconds > 0 else stop.is_set():
        raise Stopped


def retry_after(value: str) -> float:
    """Seconds to wait by a Retry-After header, which holds seconds or a date."""
    if value.strip().isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    if then.tzinfo is None:
        then = then.replace(tzinfo=datetime.UTC)
    return max(0.0, (then - datetime.datetime.now(datetime.UTC)).total_seconds())
