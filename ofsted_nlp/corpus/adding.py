"""Reading documents into a store, so that what is there already is not read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from ofsted_nlp import batch
from ofsted_nlp.records import Report
from ofsted_nlp.store import Store, is_stale


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
    progress: Callable[[int, int], None] | None = None,
    reader: batch.Reader | None = None,
    amend: Callable[[Report], Report] | None = None,
) -> AddResult:
    """Read PDFs into a store; see ``Corpus.add``.

    ``version`` is that of the extractor at work; ``amend`` gives the report to store for the one that was read.
    """
    items = batch.expand(paths)
    stored = {sha256: is_stale(old, version) for sha256, old in store.versions().items()}
    hashes = [batch.content_hash(item) if isinstance(item, Path) else None for item in items]
    needed = []
    for sha256 in hashes:
        needed.append(sha256 is None or stored.get(sha256, True))
        if sha256 is not None:
            stored[sha256] = False
    waiting = [item for item, wanted in zip(items, needed, strict=True) if wanted]
    skipped = len(items) - len(waiting)

    def watch(done: int, _: int) -> None:
        if progress is not None:
            progress(done + skipped, len(items))

    counts: Counter[str] = Counter()
    failed: list[Unread] = []
    reports = batch.read_many(waiting, executor=executor, jobs=jobs, progress=watch, reader=reader)
    for item, sha256, wanted in zip(items, hashes, needed, strict=True):
        if not wanted:
            reason = store.failure(sha256 or "")
            counts["unchanged"] += reason is None
        else:
            report = next(reports)
            reason = report.error
            if report.source.sha256:
                path = item if isinstance(item, Path) else None
                report = amend(report) if amend else report
                outcome = store.add(report, extractor_version=version, path=path)
                counts[outcome] += reason is None
                counts["partial"] += report.status == "partial"
        if reason is not None:
            name = item.name if isinstance(item, Path) else item.source.file
            failed.append(Unread(name, reason.code, reason.message))
    return AddResult(
        new=counts["new"],
        replaced=counts["replaced"],
        unchanged=counts["unchanged"],
        partial=counts["partial"],
        failed=tuple(failed),
    )
