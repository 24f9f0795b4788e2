"""Many documents through any executor: in order, in bounded memory, and no document stops the rest."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from pathlib import Path

from ofsted_nlp.records import Failure, Report, Source
from ofsted_nlp.store import CRASHED

Reader = Callable[..., Report]
"""A function ``reader(path, findings=...)`` that never raises for a bad document."""

LOOK_AHEAD = 16
"""Documents that may be waiting or finished per worker before the oldest is taken."""


def expand(paths: str | Path | Iterable[str | Path]) -> list[Path | Report]:
    """The PDFs that paths, folders and patterns stand for, in the order given.

    A folder stands for the ``*.pdf`` in it and in its subfolders, by name; a pattern such as
    ``"reports/*2024*.pdf"`` for what it matches, by name. Where nothing is found a failed report stands in
    place: code "not_found" for a path or pattern, "no_documents" for a folder without PDFs.
    """
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    found: list[Path | Report] = []
    for item in given:
        path = Path(item)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".pdf" and p.is_file())
            message = f"The folder {path} holds no PDFs. Name the folder that does."
            found += inside or [failed(path, "no_documents", message)]
        elif path.exists():
            found.append(path)
        elif glob.has_magic(str(item)):
            matches = [Path(match) for match in sorted(glob.glob(str(item), recursive=True))]  # noqa: PTH207
            message = f"No file matches {item}."
            found += [p for p in matches if p.is_file()] or [failed(path, "not_found", message)]
        else:
            found.append(failed(path, "not_found", f"There is no file {path}. Check the name and the folder."))
    return found


def failed(path: str | Path, code: str, message: str) -> Report:
    """A failed report for a path, with the hash of its content where there is one."""
    return Report(
        source=Source(file=Path(path).name or str(path), sha256=content_hash(path) or "", pages=0),
        status="failed",
        error=Failure(code, message),
    )


def content_hash(path: str | Path) -> str | None:
    """SHA-256 of a file's bytes, or None if it is not a file that can be read."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def read_many(
    paths: str | Path | Iterable[str | Path | Report],
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    findings: bool = True,
    progress: Callable[[int, int], None] | None = None,
    reader: Reader | None = None,
) -> Iterator[Report]:
    """Read documents side by side and yield their reports in the order given.

    No document stops the batch: one that cannot be read comes as a report of status "failed", and one that
    kills its worker is tried once more alone, then comes as failed with code "reader_crashed".

    Args:
        paths: files, folders and patterns (see ``expand``); failed reports among them are passed through.
        executor: any ``concurrent.futures`` executor (for a cluster: dask's ``Client.get_executor()``); it is
            left open. None: a pool of processes of our own.
        jobs: number of processes; None for one per core.
        findings: whether to read the findings or only the facts and action lists.
        progress: called with (documents done, documents in all) after each.
        reader: what reads a document; None for ``extraction.report.read_or_record``.
    """
    items: list[Path | Report] = []
    for item in [paths] if isinstance(paths, (str, Path)) else paths:
        items += [item] if isinstance(item, Report) else expand(item)
    jobs = max(1, jobs or os.cpu_count() or 1)
    crew = _Crew(executor, min(jobs, len(items)), findings, reader)
    try:
        for done, report in enumerate(crew.read(items), start=1):
            if progress is not None:
                progress(done, len(items))
            yield report
    finally:
        crew.close()


class _Crew:
    """The executor at work and what it still owes; replaces a pool that broke."""

    def __init__(self, executor: Executor | None, jobs: int, findings: bool, reader: Reader | None) -> None:
        self.given = executor
        self.own: ProcessPoolExecutor | None = None
        self.jobs = jobs
        self.findings = findings
        self.reader = reader or read_document

    def close(self) -> None:
        if self.own is not None:
            self.own.shutdown(wait=True, cancel_futures=True)
            self.own = None

    def submit(self, path: Path) -> Future[Report]:
        if self.given is not None:
            return self.given.submit(self.reader, path, findings=self.findings)
        with _without_main(self.reader):
            if self.own is None:
                self.own = _pool(self.jobs)
            return self.own.submit(self.reader, path, findings=self.findings)

    def read(self, items: Sequence[Path | Report]) -> Iterator[Report]:
        if self.given is None and len(items) == 1 and isinstance(items[0], Path):
            yield self.reader(items[0], findings=self.findings)
            return
        coming = deque(items)
        owed: deque[tuple[Path | Report, Future[Report] | None]] = deque()
        while coming or owed:
            while coming and len(owed) < LOOK_AHEAD * self.jobs:
                item = coming.popleft()
                owed.append((item, None if isinstance(item, Report) else self._try_submit(item)))
            item, future = owed.popleft()
            if isinstance(item, Report):
                yield item
                continue
            try:
                if future is None:
                    raise BrokenExecutor
                report = future.result()
            except BrokenExecutor:
                yield from self._recover(item, owed, coming)
            except Exception as error:  # a cluster reports a dead worker with an exception of its own
                message = f"Reading {item} failed in its worker: {type(error).__name__}: {error}"
                yield failed(item, CRASHED, message)
            else:
                yield report

    def _try_submit(self, path: Path) -> Future[Report] | None:
        try:
            return self.submit(path)
        except BrokenExecutor:
            return None

    def _recover(
        self,
        item: Path,
        owed: deque[tuple[Path | Report, Future[Report] | None]],
        coming: deque[Path | Report],
    ) -> Iterator[Report]:
        """A worker died: read what may have killed it alone, and hand the rest out anew.

        The workers take documents in order and hold at most one each, and one waits in the queue, so the
        killer is among the first ``jobs + 1`` unfinished ones. Finished documents keep their results.
        """
        self.close()
        self.given = None
        suspects = 0
        waiting: list[Path | Report] = [item, *(i for i, _ in owed)]
        futures = [None, *(f for _, f in owed)]
        owed.clear()
        while waiting and suspects <= self.jobs:
            this, future = waiting.pop(0), futures.pop(0)
            if isinstance(this, Report):
                yield this
            elif future is not None and _finished(future):
                yield future.result()
            else:
                suspects += 1
                yield self._alone(this)
        for this, future in zip(waiting, futures, strict=True):
            owed.append((this, future if future is not None and _finished(future) else self._again(this)))

    def _again(self, item: Path | Report) -> Future[Report] | None:
        return None if isinstance(item, Report) else self._try_submit(item)

    def _alone(self, path: Path) -> Report:
        with _without_main(self.reader), _pool(1) as pool:
            try:
                return pool.submit(self.reader, path, findings=self.findings).result()
            except BrokenExecutor:
                message = (
                    f"Reading {path} stopped the program that read it, twice. The file may be damaged; open "
                    "it in a PDF viewer and save it anew, or leave it out."
                )
                return failed(path, CRASHED, message)


def read_document(path: Path, *, findings: bool = True, strengths: bool = True) -> Report:
    """Read one document in a worker; never raises for a bad one."""
    from ofsted_nlp.extraction.report import read_or_record

    return read_or_record(path, findings=findings, strengths=strengths)


def _finished(future: Future[Report]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Processes never forked from this one, whose threads (DuckDB's, a notebook's) would not survive it."""
    method = "forkserver" if sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context(method), initializer=_start_worker)


def _start_worker() -> None:
    """Keep each worker to one core; threads of numeric libraries would only get in each other's way.

    A document makes many objects and hardly any cycles: looking for cycles less often saves a sixth of the reading.
    """
    import gc

    gc.set_threshold(200_000, 50, 100)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


@contextlib.contextmanager
def _without_main(reader: Reader) -> Iterator[None]:
    """Start workers without importing the caller's script again.

    A fresh process normally imports the script that started it, which runs it twice unless it guards itself
    with ``if __name__ == "__main__"``. The workers need only this package, so the script is kept from them.
    """
    main = sys.modules.get("__main__")
    if main is None or getattr(reader, "__module__", None) == "__main__":
        yield
        return
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    for name in kept:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)
