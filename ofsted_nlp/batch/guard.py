"""Reading in a process of its own that is killed at a limit of time or memory, so that no document costs another."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.batch.executors import ExecutorLostError
from ofsted_nlp.batch.paths import failed
from ofsted_nlp.errors import OfstedNlpError, UsageError
from ofsted_nlp.records import Report
from ofsted_nlp.store import CRASHED, MEMORY_LIMIT, TIME_LIMIT

if TYPE_CHECKING:
    from ofsted_nlp.batch.reading import Reader

LOOK = 0.05
"""Seconds between two looks at the clock and at the memory of a reading process."""

IDLE_SECONDS = 60
"""A reading process without work ends after so long, and is started anew when it is needed."""

LEAST_MEGABYTES = 400
"""A limit below this may be too low for the models and a report of usual length."""

IDLE_STATUS = 77
"""Exit status of a reading process that ended for want of work."""

START_SECONDS = 600
"""How long a reading process may take to load the models, which counts for no document."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take.

    Attributes:
        seconds: time on the clock, without loading the models; None for no limit. The longest of 601 real reports take
            2 seconds of one core.
        megabytes: memory of the process that reads, models included (less than 300 MB in all); None for no limit.
            Looked at every twentieth of a second, on Linux from the kernel, elsewhere if ``psutil`` is installed.
        tries: how often a document that broke a limit or stopped its process is tried, each time by a fresh process.
    """

    seconds: float | None = 120
    megabytes: int | None = 1500
    tries: int = 2

    def __post_init__(self) -> None:
        if (self.seconds is not None and self.seconds <= 0) or (self.megabytes is not None and self.megabytes <= 0):
            raise UsageError("Limits of time and memory are above 0.")
        if self.tries < 1:
            raise UsageError("A document has to be tried at least once.")


class ClosedError(OfstedNlpError):
    """The batch was given up while a document was being read."""

    code = "closed"


class Guard:
    """One reading process, started when needed, and replaced when a document broke it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()

    def close(self) -> None:
        """Kill the process; a read that waits for it raises ``ClosedError``."""
        self.closed = True
        self._kill()

    def read(self, reader: Reader, path: Path | str, findings: bool) -> Report:
        """What ``reader`` makes of a document, or a failed report that says how the reader ended.

        Raises:
            ClosedError: ``close`` was called.
            UsageError: the memory limit is too low for any document.
            ExecutorLostError: no process can be started, or none can import the reader (code "no_process").
        """
        job = pickle.dumps((reader, path, findings), pickle.HIGHEST_PROTOCOL)
        script = _script(reader)
        for _ in range(self.limits.tries):
            kind, *rest = self._try(job, script)
            if kind == "read":
                report: Report = rest[0]
                return report
            if kind == "raised":
                return failed(path, CRASHED, f"Reading {path} failed in its worker: {rest[0]}: {rest[1]}")
        return failed(path, kind, self._reason(kind, path, *rest))

    def _try(self, job: bytes, script: str) -> tuple[Any, ...]:
        if not self._send(job, script):
            raise self._unusable(CRASHED)
        begun = self._answer(START_SECONDS)
        if begun == (CRASHED,) and self._process is not None and self._process.wait() == IDLE_STATUS:
            return self._try(job, script)
        if begun != ("begun",):
            raise self._unusable(*begun)
        begun = self._answer(self.limits.seconds)
        if begun[0] in (CRASHED, TIME_LIMIT, MEMORY_LIMIT):
            status = self._kill()
            if begun[0] == CRASHED:
                return (CRASHED, f"signal {-status}" if status < 0 else f"status {status}")
        return begun

    def _unusable(self, kind: str, why: str = "") -> OfstedNlpError:
        """Why no document at all can be read here; nothing is said of the one in hand, which was not begun."""
        status = self._kill()
        low = self.limits.megabytes
        if kind == MEMORY_LIMIT or (low and low < LEAST_MEGABYTES):
            return UsageError(
                f"A memory limit of {low} MB is too low: the models alone take more. Give at least {LEAST_MEGABYTES}."
            )
        why = why or {TIME_LIMIT: f"it was not ready after {START_SECONDS} seconds"}.get(kind, f"status {status}")
        return ExecutorLostError(f"The process that reads documents could not be started: {why}.", code="no_process")

    def _send(self, job: bytes, script: str) -> bool:
        """Hand a job to the process; one that ended for want of work is replaced."""
        for _ in range(2):
            if self.closed:
                raise ClosedError("The batch was given up.")
            if self._process is None or self._process.poll() is not None:
                self._kill()
                self._start(script)
            assert self._process is not None and self._process.stdin is not None
            with contextlib.suppress(OSError):
                self._process.stdin.write(job)
                self._process.stdin.flush()
                return True
            self._kill()  # it ends just now
        return False

    def _start(self, script: str) -> None:
        limits = self.limits
        command = [sys.executable, "-P", "-m", "ofsted_nlp.batch.child"]
        command += [str(os.getpid()), str(IDLE_SECONDS), str(limits.megabytes or 0), script]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment.setdefault(name, "1")  # one core a process: threads would only get in each other's way
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=2**16
        )
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_forward, args=(self._process.stdout, self._answers), daemon=True).start()

    def _answer(self, seconds: float | None) -> tuple[Any, ...]:
        """The next answer of the process, or which limit it broke."""
        assert self._process is not None
        process, answers = self._process, self._answers
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            try:
                answer = answers.get(timeout=LOOK)
            except queue.Empty:
                if self.closed:
                    self._kill()
                    raise ClosedError("The batch was given up.") from None
                if until is not None and time.monotonic() > until:
                    return (TIME_LIMIT,)
                if self.limits.megabytes is not None and _resident(process.pid) > self.limits.megabytes * 2**20:
                    return (MEMORY_LIMIT,)
                continue
            if self.closed:
                self._kill()  # it may have been started while ``close`` was at work
                raise ClosedError("The batch was given up.")
            return answer if answer is not None else (CRASHED,)

    def _kill(self) -> int:
        """End the process, and its exit status."""
        process = self._process
        if process is None:
            return 0
        process.kill()
        status = process.wait()
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        self._process = None
        return status

    def _reason(self, kind: str, path: Path | str, how: str = "") -> str:
        times = {1: "", 2: ", twice"}.get(self.limits.tries, f", {self.limits.tries} times")
        advice = "Open the file in a PDF viewer: if it is a report, save it anew and read that"
        if kind == TIME_LIMIT:
            what = f"took longer than {self.limits.seconds:g} seconds"
            return f"Reading {path} {what}{times}. {advice}, or allow more with --time-limit; if not, leave it out."
        if kind == MEMORY_LIMIT:
            what = f"took more than {self.limits.megabytes} MB of memory"
            return f"Reading {path} {what}{times}. {advice}, or allow more with --memory-limit; if not, leave it out."
        return f"Reading {path} stopped the program that read it{times} ({how}). {advice}; if not, leave it out."


class Reserve:
    """A guard for each thread that reads."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._all: dict[Guard, threading.Thread] = {}
        self._lock = threading.Lock()
        self._closed = False

    def read(self, reader: Reader, path: Path | str, findings: bool, limits: Limits) -> Report:
        """As ``Guard.read``, by the guard of this thread."""
        guard: Guard | None = getattr(self._own, "guard", None)
        if guard is None or guard.limits != limits:
            with self._lock:
                if self._closed:
                    raise ClosedError("The batch was given up.")
                for old, thread in [*self._all.items()]:
                    if old is guard or not thread.is_alive():
                        old.close()
                        del self._all[old]
                guard = Guard(limits)
                self._all[guard] = threading.current_thread()
            self._own.guard = guard
        return guard.read(reader, path, findings)

    def close(self) -> None:
        """End all processes; reads that wait for them raise ``ClosedError``."""
        with self._lock:
            self._closed = True
            for guard in self._all:
                guard.close()
            self._all.clear()


_OF_THIS_PROCESS = Reserve()


def read_guarded(reader: Reader, path: Path | str, *, findings: bool, limits: Limits) -> Report:
    """Read a document within limits, by a process that belongs to this thread; for workers of any executor.

    The process serves the thread's next documents too, and ends with it, or after a minute without work.
    """
    return _OF_THIS_PROCESS.read(reader, path, findings, limits)


def can_be_sent(reader: Reader) -> bool:
    """Whether another process can be given this reader; functions made inside functions cannot."""
    try:
        pickle.dumps(reader)
    except Exception:  # pickle raises what it likes
        return False
    return _module(reader) != "__main__" or bool(_script(reader))


def _script(reader: Reader) -> str:
    """The caller's script if the reader is defined there, so that it can be found in another process."""
    if _module(reader) != "__main__":
        return ""
    return str(getattr(sys.modules.get("__main__"), "__file__", None) or "")


def _module(reader: Reader) -> str | None:
    """Where a reader is defined; of one with fixed arguments (``functools.partial``), the function."""
    while isinstance(reader, partial):
        reader = reader.func
    return getattr(reader, "__module__", None)


def _forward(stream: Any, answers: queue.SimpleQueue[tuple[Any, ...] | None]) -> None:
    """Answers of a process, and None for its end, however it ends."""
    with contextlib.suppress(Exception), stream:
        while True:
            answers.put(pickle.load(stream))
    answers.put(None)


_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def _resident(process: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        if sys.platform == "linux":
            return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
        import psutil

        started = psutil.Process(process)  # on Windows, in a virtual environment, one that only starts another
        return sum(int(one.memory_info().rss) for one in (started, *started.children(recursive=True)))
    except Exception:  # ended just now, or psutil is not there
        return 0
