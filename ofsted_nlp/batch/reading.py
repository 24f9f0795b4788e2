"""Documents read side by side and handed on in order, whatever the executor does."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from pathlib import Path

from ofsted_nlp.batch import remote
from ofsted_nlp.batch.executors import ExecutorLostError, is_lost
from ofsted_nlp.batch.guard import Limits, Reserve, can_be_sent, read_guarded
from ofsted_nlp.batch.paths import Item, failed, walk
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Report
from ofsted_nlp.store import CRASHED

Reader = Callable[..., Report]
"""A function ``reader(path, findings=...)`` that never raises for a bad document."""

Progress = Callable[[int, int | None], None]
"""Called with (documents done, documents in all, or None where that is not known)."""

LOOK_AHEAD = 16
"""Documents that may be waiting or finished per worker before the oldest is taken."""


def read_many(
    paths: str | Path | Iterable[str | Path | Report],
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    findings: bool = True,
    progress: Callable[[int, int], None] | Progress | None = None,
    reader: Reader | None = None,
    limits: Limits | None = None,
) -> Generator[Report, None, None]:
    """Read documents side by side and yield their reports in the order given.

    No document stops the batch: one that cannot be read comes as a report of status "failed"; so does one that kills
    its process ("reader_crashed") or breaks a limit ("time_limit", "memory_limit"), after it was tried again. Which
    executor reads, and in which order its workers finish, changes nothing in what is yielded. At most ``LOOK_AHEAD``
    documents a worker are on their way at a time, so memory does not grow with their number.

    Args:
        paths: files, folders, patterns and addresses (see ``walk``); failed reports among them are passed through. An
            iterator is taken from as documents are needed, and may be endless.
        executor: any ``concurrent.futures`` executor (for a cluster: ``dask_executor``); it is left open. None:
            processes of our own.
        jobs: number of processes, or of workers of the executor; None for one per core.
        findings: whether to read the findings or only the facts and action lists.
        progress: called with (documents done, documents in all) after each; of an iterator the second is None.
        reader: what reads a document; None for ``read_document``. One that no other process can be given (a function
            made inside a function) is called in a thread of this one, without limits.
        limits: of time and memory for each document. They hold in any executor, as its worker then leaves the reading
            to a process that it may kill. None: ``Limits()`` for processes of our own; none in a given executor, nor
            for a single document, which is read in this process.

    Raises:
        ExecutorLostError: the executor was shut down, its cluster is gone, or no process can be started.
        UsageError: the memory limit is too low for any document.
    """
    reader = reader or read_document
    total: int | None = None
    items: Iterator[Item]
    if isinstance(paths, Iterator):
        items = _items(paths)
    else:
        given = [paths] if isinstance(paths, (str, Path)) else list(paths)
        total = sum(1 for _ in _items(given))
        items = _items(given)
        if total == 1 and executor is None and limits is None:
            for item in items:
                report = item if isinstance(item, Report) else reader(item, findings=findings)
                if progress is not None:
                    progress(1, 1)
                yield report
            return
    jobs = max(1, jobs or os.cpu_count() or 1)
    crew = _Crew(executor, jobs if total is None else max(1, min(jobs, total)), findings, reader, limits)
    try:
        for done, report in enumerate(crew.read(items), start=1):
            if progress is not None:
                progress(done, total)  # type: ignore[arg-type]
            yield report
    finally:
        crew.close()


def read_document(path: Path | str, *, findings: bool = True, strengths: bool = True) -> Report:
    """Read one document in a worker, from a file or from an address for fsspec; never raises for a bad one."""
    if remote.is_remote(path):
        return remote.read_report(str(path), findings=findings, strengths=strengths)
    from ofsted_nlp.extraction.report import read_or_record

    return read_or_record(path, findings=findings, strengths=strengths)


def _items(paths: Iterable[str | Path | Report]) -> Iterator[Item]:
    for item in paths:
        if isinstance(item, Report):
            yield item
        else:
            yield from walk(item)


class _Crew:
    """The executor at work and what it still owes; one that broke is replaced by processes of our own."""

    def __init__(
        self, executor: Executor | None, jobs: int, findings: bool, reader: Reader, limits: Limits | None
    ) -> None:
        self.given = executor
        self.own: ThreadPoolExecutor | None = None
        self.reserve = Reserve()
        self.jobs = jobs
        self.findings = findings
        self.reader = reader
        self.sendable = can_be_sent(reader)
        self.limits = limits
        self.owed: deque[tuple[Item, Future[Report] | None]] = deque()

    def close(self) -> None:
        for _, future in self.owed:
            if future is not None:
                future.cancel()
        self.reserve.close()
        if self.own is not None:
            self.own.shutdown(wait=True, cancel_futures=True)
            self.own = None

    def read(self, items: Iterator[Item]) -> Iterator[Report]:
        more = True
        while more or self.owed:
            while more and len(self.owed) < LOOK_AHEAD * self.jobs:
                item = next(items, None)
                more = item is not None
                if item is not None:
                    self.owed.append((item, None if isinstance(item, Report) else self._try_submit(item)))
            if self.owed:
                item, future = self.owed.popleft()
                yield item if isinstance(item, Report) else self._result(item, future)

    def _result(self, path: Path | str, future: Future[Report] | None) -> Report:
        """What became of a document; one that took its worker with it is handed out once more."""
        for last in (False, True):
            try:
                if future is None:
                    raise BrokenExecutor
                return future.result()
            except BrokenExecutor:
                self._replace()
                future = self._submit(path)
            except CancelledError as error:
                raise _lost() from error
            except (ExecutorLostError, UsageError):  # no document can be read like that
                raise
            except Exception as error:  # a cluster reports a dead worker with an exception of its own
                if is_lost(error):
                    raise _lost() from error
                if last:
                    message = f"Reading {path} failed in its worker: {type(error).__name__}: {error}"
                    return failed(path, CRASHED, message)
                future = self._try_submit(path)
        return future.result() if future is not None else failed(path, CRASHED, f"No worker could read {path}.")

    def _replace(self) -> None:
        """The executor broke: what it has not finished is read by processes of our own."""
        if self.given is None:
            return
        self.given = None
        waiting: Sequence[tuple[Item, Future[Report] | None]] = list(self.owed)
        self.owed.clear()
        for item, future in waiting:
            if not isinstance(item, Report) and not (future is not None and _finished(future)):
                future = self._submit(item)
            self.owed.append((item, future))

    def _try_submit(self, path: Path | str) -> Future[Report] | None:
        try:
            return self._submit(path)
        except BrokenExecutor:
            return None
        except Exception as error:  # shut down, or a cluster's own way to say that it is closed
            raise _lost() from error

    def _submit(self, path: Path | str) -> Future[Report]:
        if self.given is not None:
            if self.limits is None or not self.sendable:
                return self.given.submit(self.reader, path, findings=self.findings)
            return self.given.submit(read_guarded, self.reader, path, findings=self.findings, limits=self.limits)
        if self.own is None:
            self.own = ThreadPoolExecutor(self.jobs, thread_name_prefix="ofsted-nlp-batch")
        if not self.sendable:
            return self.own.submit(self.reader, path, findings=self.findings)
        return self.own.submit(self.reserve.read, self.reader, path, self.findings, self.limits or Limits())


def _finished(future: Future[Report]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _lost() -> ExecutorLostError:
    return ExecutorLostError(
        "The executor that read the documents was shut down, or its cluster is gone. What was stored until then, or "
        "written as Parquet, is kept; run the same again and it goes on from there."
    )
