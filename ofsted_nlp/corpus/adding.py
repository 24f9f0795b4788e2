"""Reading documents into a store, so that what is there already is not read again."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ofsted_nlp import batch
from ofsted_nlp.records import Report
from ofsted_nlp.store import QUARANTINED, Store, is_stale

TELL_EVERY = 100
"""After so many documents that are there already, progress is told."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be read, and why."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class AddResult:
    """What ``Corpus.add`` did.

    Attributes:
        new: documents read for the first time.
        replaced: documents read again because the extractor is newer.
        unchanged: documents that were there already and were not read again.
        partial: of the new and replaced ones, those read with warnings.
        failed: documents that could not be read, now or when they were first added.
    """

    new: int
    replaced: int
    unchanged: int
    partial: int
    failed: tuple[Unread, ...]

    def __repr__(self) -> str:
        return (
            f"<AddResult: {self.new} new, {self.replaced} read again, {self.unchanged} unchanged, "
            f"{len(self.failed)} failed>"
        )


def add_documents(
    store: Store,
    paths: str | Path | Iterable[str | Path],
    *,
    version: str,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | batch.Progress | None = None,
    reader: batch.Reader | None = None,
    amend: Callable[[Report], Report] | None = None,
    limits: batch.Limits | None = None,
    retry_quarantined: bool = False,
) -> AddResult:
    """Read PDFs into a store; see ``Corpus.add``.

    ``version`` is that of the extractor at work; ``amend`` gives the report to store for the one that was read.
    """
    total: int | None = None
    if not isinstance(paths, Iterator):
        paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
        total = sum(1 for _ in batch.walk(paths))
    work = _Work(store, version, retry_quarantined)

    def watch(done: int, _: int | None) -> None:
        if progress is not None:
            progress(done + work.skipped, total)  # type: ignore[arg-type]

    work.skipping = watch
    limits = limits if limits is not None or executor is not None else batch.Limits()
    reports = batch.read_many(
        work.needed(batch.walk(paths)), executor=executor, jobs=jobs, progress=watch, reader=reader, limits=limits
    )
    with closing(reports):  # what is being read ends at once if a report cannot be stored
        for report in reports:
            number, item, sha256 = work.waiting.popleft()
            reason = report.error
            if report.source.sha256 and not work.is_better(report):
                report = amend(report) if amend else report
                path = item if isinstance(item, Path) else None
                outcome = store.add(report, extractor_version=version, path=path)
                work.counts[outcome] += reason is None
                work.counts["partial"] += report.status == "partial"
            if reason is not None:
                work.failed.append((number, Unread(_name(item), reason.code, reason.message)))
            work.finish(sha256)
    counts = work.counts
    return AddResult(
        new=counts["new"],
        replaced=counts["replaced"],
        unchanged=counts["unchanged"],
        partial=counts["partial"],
        failed=tuple(unread for _, unread in sorted(work.failed, key=lambda pair: pair[0])),
    )


class _Work:
    """Which documents have to be read, found out one after another while others are being read."""

    def __init__(self, store: Store, version: str, retry_quarantined: bool) -> None:
        self.store = store
        self.version = version
        self.retry_quarantined = retry_quarantined
        self.waiting: deque[tuple[int, batch.Item, str | None]] = deque()
        self.under_way: dict[str, list[tuple[int, batch.Item]]] = {}
        self.retried: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.failed: list[tuple[int, Unread]] = []
        self.skipped = 0
        self.skipping: batch.Progress | None = None

    def needed(self, items: Iterable[batch.Item]) -> Iterator[batch.Item]:
        """The documents that have to be read; the others are counted and passed over."""
        for number, item in enumerate(items):
            sha256 = None if isinstance(item, Report) else batch.content_hash(item)
            if sha256 is not None and sha256 in self.under_way:
                self.skipped += 1
                self.under_way[sha256].append((number, item))
            elif sha256 is not None and self._is_known(sha256):
                self.skipped += 1
                self._tell(number, item, sha256)
                if self.skipping is not None and self.skipped % TELL_EVERY == 0:
                    self.skipping(number + 1 - len(self.waiting) - self.skipped, None)
            else:
                self.waiting.append((number, item, sha256))
                if sha256 is not None:
                    self.under_way[sha256] = []
                yield item

    def finish(self, sha256: str | None) -> None:
        """A document is stored: count those of the same content that came while it was being read."""
        if sha256 is not None:
            for number, item in self.under_way.pop(sha256):
                self._tell(number, item, sha256)

    def is_better(self, report: Report) -> bool:
        """Whether the store's older record is better than this: it was read, and this broke a limit or its reader."""
        if report.error is None or report.error.code not in QUARANTINED:
            return False
        sql = "SELECT 1 FROM documents WHERE sha256 = ? AND error_code IS NULL"
        return self.store.connection.execute(sql, [report.source.sha256]).fetchone() is not None

    def _tell(self, number: int, item: batch.Item, sha256: str) -> None:
        reason = self.store.failure(sha256)
        self.counts["unchanged"] += reason is None
        if reason is not None:
            kept = self.store.connection.execute("SELECT file FROM documents WHERE sha256 = ?", [sha256]).fetchone()
            # The same bytes may lie there by another name.
            message = reason.message.replace(kept[0], _name(item)) if kept else reason.message
            self.failed.append((number, Unread(_name(item), reason.code, message)))

    def _is_known(self, sha256: str) -> bool:
        row = self.store.connection.execute(
            "SELECT extractor_version, error_code FROM documents WHERE sha256 = ?", [sha256]
        ).fetchone()
        if row is None or is_stale(row[0], self.version):
            return False
        if self.retry_quarantined and row[1] in QUARANTINED and sha256 not in self.retried:
            self.retried.add(sha256)
            return False
        return True


def _name(item: batch.Item) -> str:
    return item.source.file if isinstance(item, Report) else batch.name_of(item)


def quarantined(store: Store) -> tuple[Unread, ...]:
    """The stored documents that stopped their reader or broke a limit, by name; they are read again only if asked."""
    rows = store.connection.execute(
        "SELECT file, error_code, error_message FROM documents WHERE error_code IN (?, ?, ?) ORDER BY file, sha256",
        list(QUARANTINED),
    ).fetchall()
    return tuple(Unread(*row) for row in rows)
