"""Holds every record of a store against its document, and mends what is wrong by reading the document again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.batch import Limits, content_hash, read_document
from ofsted_nlp.batch.guard import read_guarded
from ofsted_nlp.corpus.checking_records import Fault, KeptDocument, article_faults, record_faults, text_faults
from ofsted_nlp.corpus.holdings import Holdings
from ofsted_nlp.corpus.pulling import default_folder
from ofsted_nlp.errors import OfstedNlpError, StoreError
from ofsted_nlp.extraction.article import ARTICLE_VERSION
from ofsted_nlp.extraction.report import EXTRACTOR_VERSION
from ofsted_nlp.store import QUARANTINED, is_stale
from ofsted_nlp.store.locking import update_lock
from ofsted_nlp.store.schema import ALL_TABLES, CHILDREN

if TYPE_CHECKING:
    from ofsted_nlp.store import Store
    from ofsted_nlp.store.articles import KeptArticle

CHUNK = 20
"""Documents whose records are fetched at once; between them the store is left to others."""

LIMITS = Limits()
"""What reading a document again may take."""

OWNERS = {**dict.fromkeys(CHILDREN, "documents"), "stories": "articles"}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What ``check`` found.

    Attributes:
        documents, articles: how many were looked at.
        opened: how many of their files were at hand and were opened.
        faults: what is wrong; after a repair, what still is.
        repaired: what was wrong and is mended.
    """

    documents: int
    articles: int
    opened: int
    faults: tuple[Fault, ...]
    repaired: tuple[Fault, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data, as ``ofsted-nlp check --format json`` prints it."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in ("documents", "articles", "opened")}
        counts = dict(sorted(Counter(fault.code for fault in self.faults).items()))
        lists = {name: [asdict(fault) for fault in getattr(self, name)] for name in ("faults", "repaired")}
        return {"schema_version": 1, **plain, "counts": counts, **lists}

    def __repr__(self) -> str:
        return f"<CheckResult: {len(self.faults)} faults in {self.documents} documents and {self.articles} articles>"


def check(
    holdings: Holdings,
    *,
    repair: bool = False,
    files: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> CheckResult:
    """See ``Corpus.check``."""
    if holdings.path != ":memory:" and not Path(holdings.path).exists():
        raise StoreError(f"There is no store at {holdings.path} yet; add reports to make one.", code="no_store")
    checker = _Checker(holdings, files)
    if not repair:
        return checker.look(progress)
    with update_lock(holdings.path):
        before = checker.look(progress)
        if not before.faults:
            return before
        _Mender(holdings, checker.pulled).mend(before.faults)
        after = checker.look_again(before)
    left = Counter(fault.code + fault.sha256 for fault in after)
    repaired = tuple(fault for fault in before.faults if fault.code + fault.sha256 not in left)
    return CheckResult(before.documents, before.articles, before.opened, after, repaired)


class _Checker:
    def __init__(self, holdings: Holdings, files: bool) -> None:
        self.holdings = holdings
        self.files = files
        self.opened = 0
        self.pulled = default_folder(holdings.path)

    def look(self, progress: Callable[[int, int], None] | None) -> CheckResult:
        with self.holdings.store() as store:
            documents, articles = _hashes(store, "documents"), _hashes(store, "articles")
        faults = [*self._orphans()]
        total = len(documents) + len(articles)
        for done, found in enumerate(self._documents(documents), start=1):
            faults += found
            if progress is not None:
                progress(done, total)
        faults += self._articles(articles)
        if progress is not None:
            progress(total, total)
        return CheckResult(len(documents), len(articles), self.opened, tuple(faults))

    def look_again(self, before: CheckResult) -> tuple[Fault, ...]:
        """The faults of what had faults."""
        wrong = {fault.sha256 for fault in before.faults}
        with self.holdings.store() as store:
            documents = [sha256 for sha256 in _hashes(store, "documents") if sha256 in wrong]
            articles = [sha256 for sha256 in _hashes(store, "articles") if sha256 in wrong]
        found = [fault for some in self._documents(documents) for fault in some]
        return (*self._orphans(), *found, *self._articles(articles))

    def _orphans(self) -> Iterator[Fault]:
        with self.holdings.store() as store:
            for table, owner in OWNERS.items():
                rows = store.connection.execute(
                    f"SELECT coalesce(sha256, ''), count(*) FROM {table} WHERE sha256 IS NULL OR sha256 NOT IN "
                    f"(SELECT sha256 FROM {owner}) GROUP BY ALL ORDER BY ALL"
                ).fetchall()
                for sha256, count in rows:
                    message = f"{count} rows of {table} belong to nothing among {owner}."
                    yield Fault("orphan_rows", sha256, table, message)

    def _documents(self, sha256s: Sequence[str]) -> Iterator[list[Fault]]:
        for start in range(0, len(sha256s), CHUNK):
            with self.holdings.store() as store:
                some = [_kept(store, sha256) for sha256 in sha256s[start : start + CHUNK]]
            for kept in some:
                yield [*self._of(kept)] if kept is not None else []

    def _of(self, kept: KeptDocument) -> Iterator[Fault]:
        stale = is_stale(kept.version, EXTRACTOR_VERSION)
        if stale:
            message = f"It was read by extractor {kept.version}; now it is {EXTRACTOR_VERSION}."
            yield Fault("stale_version", kept.sha256, kept.file, message)
        if kept.row["error_code"] in QUARANTINED:
            message = "Its reader was stopped when it was last read."
            yield Fault(kept.row["error_code"], kept.sha256, kept.file, message)
        found = record_faults(kept)
        yield from found
        if not self.files:
            return
        place = _at_hand(kept.row["path"], kept.file, kept.sha256, self.pulled)
        if isinstance(place, Fault):
            yield place
            return
        self.opened += 1
        if not stale and kept.row["status"] != "failed":
            yield from text_faults(kept, place)

    def _articles(self, sha256s: Sequence[str]) -> Iterator[Fault]:
        for sha256 in sha256s:
            with self.holdings.store() as store:
                made = article_faults(store, sha256)
                row = store.connection.execute(
                    "SELECT path, file, extractor_version FROM articles WHERE sha256 = ?", [sha256]
                ).fetchone()
            yield from made
            path, file, version = row or (None, "", ARTICLE_VERSION)
            if is_stale(version, ARTICLE_VERSION):
                message = f"It was read by version {version}; now it is {ARTICLE_VERSION}."
                yield Fault("stale_version", sha256, file, message)
            if self.files and path is not None:
                place = _at_hand(path, file, sha256, Path(path).parent)
                if isinstance(place, Fault):
                    yield place
                else:
                    self.opened += 1


def _hashes(store: Store, table: str) -> list[str]:
    return [
        sha256 for (sha256,) in store.connection.execute(f"SELECT sha256 FROM {table} ORDER BY file, sha256").fetchall()
    ]


def _kept(store: Store, sha256: str) -> KeptDocument | None:
    """Everything that the store has of a document."""
    columns = list(ALL_TABLES["documents"])
    row = store.connection.execute(f"SELECT {', '.join(columns)} FROM documents WHERE sha256 = ?", [sha256]).fetchone()
    if row is None:
        return None
    children = {}
    for table in CHILDREN:
        names = list(ALL_TABLES[table])
        cursor = store.connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE sha256 = ? ORDER BY position", [sha256]
        )
        children[table] = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return KeptDocument(dict(zip(columns, row, strict=True)), children)


def _at_hand(path: str | None, file: str, sha256: str, further: Path) -> Path | Fault:
    """Where the file is whose content this is, or what is wrong."""
    places = [*([Path(path)] if path else []), further / file]
    there = [place for place in places if place.is_file()]
    for place in there:
        if content_hash(place) == sha256:
            return place
    if there:
        return Fault("file_changed", sha256, file, f"{there[0]} is not the file that was read: its content is another.")
    where = path or further / file
    return Fault("file_missing", sha256, file, f"There is no file {where}, so the record cannot be held against it.")


class _Mender:
    """Mends what can be mended."""

    def __init__(self, holdings: Holdings, pulled: Path) -> None:
        self.holdings = holdings
        self.pulled = pulled

    def mend(self, faults: Sequence[Fault]) -> None:
        with self.holdings.store(write=True) as store:
            self._drop_orphans(store)
            for sha256 in dict.fromkeys(f.sha256 for f in faults if f.code not in ("orphan_rows", "file_missing")):
                row = store.connection.execute("SELECT path, file FROM documents WHERE sha256 = ?", [sha256]).fetchone()
                if row is not None:
                    self._read_again(store, sha256, *row)
                    continue
                for kept in self._articles(store, sha256):
                    self._read_page_again(store, kept)

    def _drop_orphans(self, store: Store) -> None:
        with store.writing("The repair"):
            for table, owner in OWNERS.items():
                store.connection.execute(
                    f"DELETE FROM {table} WHERE sha256 IS NULL OR sha256 NOT IN (SELECT sha256 FROM {owner})"
                )

    def _read_again(self, store: Store, sha256: str, path: str | None, file: str) -> None:
        place = _at_hand(path, file, sha256, self.pulled)
        if isinstance(place, Fault):
            return
        named = store.connection.execute(
            "SELECT count(*) FROM findings WHERE sha256 = ? AND subject IS NOT NULL", [sha256]
        ).fetchone()
        reader = partial(read_document, strengths=named != (0,))
        report = read_guarded(reader, place, findings=True, limits=LIMITS)
        failed = report.error is not None and report.error.code in QUARANTINED  # what is there says more
        if report.source.sha256 == sha256 and not (failed and store.failure(sha256) is None):
            store.add(report, extractor_version=EXTRACTOR_VERSION, path=place, again=True)

    def _articles(self, store: Store, sha256: str) -> Iterator[KeptArticle]:
        try:
            yield from store.kept_articles("sha256 = ?", [sha256])
        except (ValueError, TypeError, KeyError, AttributeError):
            row = store.connection.execute("SELECT path, url FROM articles WHERE sha256 = ?", [sha256]).fetchone()
            if row and row[0] and content_hash(row[0]) == sha256:
                self._read_page(store, Path(row[0]), row[1])

    def _read_page_again(self, store: Store, kept: KeptArticle) -> None:
        if kept.path and content_hash(kept.path) == kept.article.page.sha256:
            self._read_page(store, Path(kept.path), kept.url)

    def _read_page(self, store: Store, path: Path, url: str | None) -> None:
        from dataclasses import replace

        from ofsted_nlp.corpus.adding_articles import keep_page
        from ofsted_nlp.corpus.shelf import Shelf
        from ofsted_nlp.reading.web import read_page

        try:
            page = read_page(path)
        except OfstedNlpError:
            return
        page = replace(page, url=url or page.url)
        shelf = Shelf(store=store, seed=self.holdings.seed).near(path, None)
        keep_page(store, page, shelf, version=ARTICLE_VERSION, path=path, url=url, again=True)
