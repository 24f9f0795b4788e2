"""Who may write: a lock for long jobs that says who holds it, and how long others wait for a store in use."""

from __future__ import annotations

import datetime
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from ofsted_nlp.errors import StoreError, UsageError

WAIT_VARIABLE = "OFSTED_NLP_WAIT"
WAIT = 5.0
"""Seconds for which a store that another process has open is waited for, unless ``OFSTED_NLP_WAIT`` says otherwise."""

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has the lock: its number, its computer, and when it began (UTC, ISO)."""

    pid: int
    host: str
    started: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.started.replace('T', ' ')[:19]} UTC"


def wait_seconds() -> float:
    """How long to wait for a store that is in use (seconds).

    Raises:
        UsageError: ``OFSTED_NLP_WAIT`` is no number of seconds.
    """
    named = os.environ.get(WAIT_VARIABLE)
    try:
        seconds = float(named) if named else WAIT
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(f"{WAIT_VARIABLE} is {named!r}: give a number of seconds, such as 5.")
    return seconds


def waiting(open_: Callable[[], Made], seconds: float) -> Made:
    """What ``open_`` gives, once another process has let go of the store.

    Raises:
        StoreError: it is still in use after so many seconds (code "locked"); or what else ``open_`` raises, at once.
    """
    if not seconds:
        return open_()
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

    def busy(error: BaseException) -> bool:
        return isinstance(error, StoreError) and error.code == "locked"

    retrying = Retrying(
        retry=retry_if_exception(busy), stop=stop_after_delay(seconds), wait=wait_random(0.02, 0.2), reraise=True
    )
    return retrying(open_)


@contextmanager
def update_lock(store: str) -> Iterator[None]:
    """Makes sure that one update at a time works on a store; left behind by a killed one, the lock is free again.

    Args:
        store: the store's file; ":memory:" needs no lock.

    Raises:
        StoreError: another update is at work (code "locked"), or the lock cannot be made.
    """
    if store == ":memory:":
        yield
        return
    from filelock import FileLock, Timeout

    path, said = Path(f"{store}.update.lock"), _holder_file(store)
    lock = FileLock(path, timeout=0, preserve_lock_file=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        who = holder(store)
        raise StoreError(
            f"Another update of {store} is at work ({who or 'which has only just begun'}). Wait until it is done.",
            code="locked",
        ) from None
    except (OSError, NotImplementedError) as error:  # the second where a shared disk knows no locks
        why = getattr(error, "strerror", None) or error
        raise StoreError(f"The lock {path} cannot be made: {why}.") from error
    try:
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        part = said.with_name(f"{said.name}.part")
        part.write_text(json.dumps(asdict(Holder(os.getpid(), socket.gethostname(), now))), encoding="utf-8")
        part.replace(said)
        yield
    finally:
        with suppress(OSError):
            said.unlink()
        lock.release()


def holder(store: str) -> Holder | None:
    """The process that said last that it has the lock; of a killed one too."""
    try:
        said = json.loads(_holder_file(store).read_text(encoding="utf-8"))
        return Holder(int(said["pid"]), str(said["host"]), str(said["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _holder_file(store: str) -> Path:
    return Path(f"{store}.update.json")
