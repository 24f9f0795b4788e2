"""The nightly job: pull, read what is new or stale, assign it to clusters, refresh outputs, and say what is new.

Each step keeps what it did, so a run that is killed is taken up by the next one. What is new is worked out from what
the store says has been told; that is noted last, after it was written and said.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ofsted_nlp.batch import content_hash
from ofsted_nlp.corpus import national, outputs
from ofsted_nlp.corpus.changes import Change, Clusters, article_change, report_change
from ofsted_nlp.corpus.holdings import Holdings
from ofsted_nlp.errors import NotFoundError, SourceError, UsageError
from ofsted_nlp.records import Report, plain_values
from ofsted_nlp.sources.contact import checked_contact
from ofsted_nlp.store import is_stale
from ofsted_nlp.store.locking import update_lock

if TYPE_CHECKING:
    from ofsted_nlp.analysis.clustering.clusters import Clustering
    from ofsted_nlp.analysis.clustering.model import ClusterModel
    from ofsted_nlp.corpus.adding import AddResult
    from ofsted_nlp.corpus.press_result import PressResult
    from ofsted_nlp.corpus.pulling import PullResult
    from ofsted_nlp.store import Store

Progress = Callable[[str, int, int], None]


class Updated(outputs.Source, Protocol):
    """What an update needs of a ``Corpus``."""

    @property
    def path(self) -> str:
        """The store's file."""

    @property
    def add(self) -> Callable[..., AddResult]:
        """Reads files into the store."""

    @property
    def pull(self) -> Callable[..., PullResult]:
        """Pulls reports."""

    @property
    def pull_press(self) -> Callable[..., PressResult]:
        """Pulls press coverage."""

    @property
    def reread_articles(self) -> Callable[[], AddResult]:
        """Compares articles anew."""

    @property
    def _own_clusters(self) -> Callable[[], ClusterModel | None]:
        """The clusters kept beside the store."""

    @property
    def _national_clusters(self) -> Callable[[], ClusterModel | None]:
        """The clusters that the package carries."""

    @property
    def _clustered(self) -> Callable[..., Clustering]:
        """Where findings belong."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an update is to do; see ``Corpus.update``."""

    authorities: tuple[str, ...] = ()
    folder: str | Path | None = None
    press: bool = False
    press_sources: str | Path | None = None
    contact: str | None = None
    site: Path | None = None
    reports: str | None = None
    export: Path | None = None
    feed: Path | None = None
    feed_url: str | None = None
    jobs: int | None = None
    strengths: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """What ``Corpus.update`` did.

    Attributes:
        changes: the reports and article pages that no update had told of, the latest published first.
        first: whether this was the first update of the store.
        with_text: of a store filled for the first time, how many reports are known from the national annotations.
        read_again: how many documents were read again, as the extractor is newer.
        refreshed: files and folders that were written.
        problems: what could not be fetched, read or written, in sentences.
        stopped: why Ofsted's site could not be asked at all, if so.
        pulled, press: what the pulls brought; None where none was asked for, or it was stopped.
    """

    changes: tuple[Change, ...]
    first: bool
    with_text: int
    read_again: int
    refreshed: tuple[str, ...]
    problems: tuple[str, ...]
    stopped: str | None = None
    pulled: PullResult | None = None
    press: PressResult | None = None

    @property
    def failed(self) -> bool:
        """Whether something went wrong in this run."""
        return bool(self.problems or self.stopped)

    def to_dict(self) -> dict[str, Any]:
        """The update as plain data, as ``ofsted-nlp update --format json`` prints it."""
        names = ("first", "with_text", "read_again", "refreshed", "problems", "stopped")
        plain = plain_values({name: getattr(self, name) for name in names})
        return {"schema_version": 1, "changes": [change.to_dict() for change in self.changes], **plain}

    def __repr__(self) -> str:
        return f"<Update: {len(self.changes)} changes, {len(self.refreshed)} refreshed, {len(self.problems)} problems>"


def update(
    corpus: Updated,
    wanted: Wanted,
    *,
    tell: Callable[[Update], None] | None = None,
    progress: Progress | None = None,
    options: Mapping[str, Any] | None = None,
) -> Update:
    """See ``Corpus.update``; ``options`` are for ``Corpus.pull`` or ``Corpus.add``."""
    _check(wanted, options or {})
    with update_lock(corpus.path):
        return _Run(corpus, wanted, progress, dict(options or {})).run(tell)


def _check(wanted: Wanted, options: Mapping[str, Any]) -> None:
    """What is wrong with the request is told before anything is done."""
    if wanted.site is not None:
        outputs.check_site(wanted.site, wanted.reports)
    if wanted.export is not None:
        outputs.check_export(wanted.export)
    if wanted.feed is not None and wanted.feed.is_dir():
        raise UsageError(f"{wanted.feed} is a folder; give the name of a file for the feed.")
    if wanted.feed is not None and not wanted.feed.absolute().parent.is_dir():
        raise UsageError(f"{wanted.feed} cannot be written: there is no folder {wanted.feed.absolute().parent}.")
    if wanted.folder is not None and wanted.authorities:
        raise UsageError("Authorities choose what is pulled; with --folder everything in the folder is read.")
    if wanted.press:
        from ofsted_nlp.sources.press import load_sources, sources_file

        load_sources(sources_file(wanted.press_sources))
    asks = wanted.press or wanted.folder is None
    if asks and "client" not in options:
        checked_contact(wanted.contact)


class _Run:
    """One update."""

    def __init__(self, corpus: Updated, wanted: Wanted, progress: Progress | None, options: dict[str, Any]) -> None:
        self.corpus = corpus
        self.holdings: Holdings = corpus._holdings
        self.wanted = wanted
        self.progress = progress
        self.options = options
        self.problems: list[str] = []
        self.stopped: str | None = None
        self.pulled: PullResult | None = None
        self.press: PressResult | None = None
        self.read_again = 0

    def run(self, tell: Callable[[Update], None] | None) -> Update:
        with self.holdings.store(write=True) as store:
            first = store.first_update() is None
            store.begin_updates(_now())
        self._fetch()
        self._reread()
        self._press()
        documents, pages, changes, with_text = self._changes()
        refresher = outputs.Refresher(self.corpus)
        self._refresh(refresher)
        plain = [change.to_dict() for change in changes]
        if feed := self.wanted.feed:
            refresher.refresh_feed(feed, plain, _now(), self.wanted.feed_url)
        made = Update(
            changes=tuple(changes),
            first=first,
            with_text=with_text,
            read_again=self.read_again,
            refreshed=tuple(place.split(" ", 1)[1] for place in refresher.written),
            problems=tuple(dict.fromkeys((*self.problems, *refresher.problems))),
            stopped=self.stopped,
            pulled=self.pulled,
            press=self.press,
        )
        if tell is not None:
            tell(made)
        if documents or pages or refresher.written:
            with self.holdings.store(write=True) as store:
                store.record_update(plain, [*documents, *pages], refresher.written, _now())
        return made

    def _fetch(self) -> None:
        wanted = self.wanted
        if wanted.folder is not None:
            added = self.corpus.add(
                wanted.folder,
                jobs=wanted.jobs,
                strengths=wanted.strengths,
                progress=self._watch("reading"),
                **self.options,
            )
            self._count(added, self._failed_before())
            return
        try:
            self.pulled = self.corpus.pull(
                *wanted.authorities,
                contact=wanted.contact,
                jobs=wanted.jobs,
                strengths=wanted.strengths,
                progress=self.progress,
                **self.options,
            )
        except SourceError as error:
            self.stopped = error.message
            return
        self.problems += [note.message for note in self.pulled.problems]
        if self.pulled.added is not None:
            self._count(self.pulled.added, frozenset())

    def _count(self, added: AddResult, known: frozenset[str]) -> None:
        self.read_again += added.replaced
        self.problems += [
            item.message if item.file in item.message else f"{item.file}: {item.message}"
            for item in added.failed
            if item.file not in known
        ]

    def _failed_before(self) -> frozenset[str]:
        """Names of files that could not be read and were told of, unless another of that name was not yet."""
        with self.holdings.store() as store:
            failed = "SELECT file FROM documents WHERE status = 'failed' AND sha256"
            sql = f"{failed} IN (SELECT sha256 FROM told) EXCEPT {failed} NOT IN (SELECT sha256 FROM told)"
            return frozenset(file for (file,) in store.connection.execute(sql).fetchall())

    def _reread(self) -> None:
        """Read again what an older extractor read, where the file is still at hand."""
        from ofsted_nlp.extraction.report import EXTRACTOR_VERSION

        with self.holdings.store() as store:
            rows = store.connection.execute(
                "SELECT sha256, path, extractor_version FROM documents WHERE path IS NOT NULL ORDER BY sha256"
            ).fetchall()
        old = [(sha256, path) for sha256, path, version in rows if is_stale(version, EXTRACTOR_VERSION)]
        stale = [path for sha256, path in old if content_hash(path) == sha256]
        if stale:
            options = {name: value for name, value in self.options.items() if name in ("reader", "executor", "limits")}
            jobs, strengths = self.wanted.jobs, self.wanted.strengths
            watch = self._watch("reading")
            added = self.corpus.add(stale, jobs=jobs, strengths=strengths, progress=watch, **options)
            self._count(added, frozenset())

    def _press(self) -> None:
        if self.wanted.press:
            self.press = self.corpus.pull_press(
                *self.wanted.authorities,
                press_sources=self.wanted.press_sources,
                contact=self.wanted.contact,
                progress=self.progress,
            )
            self.problems += [note.message for note in self.press.problems]
            unread = self.press.added.failed if self.press.added else ()
            self.problems += [item.message for item in unread]
        with self.holdings.store() as store:
            articles, fresh = store.article_counts()["articles"], store.untold()
        if articles and fresh:
            self.corpus.reread_articles()

    def _changes(self) -> tuple[list[str], list[str], list[Change], int]:
        """What no update has told of: documents, pages, the changes that they are, and how many were annotated."""
        with self.holdings.store() as store:
            documents, pages = store.untold(), store.untold("articles")
            found = _found(store)
            kept = store.kept_articles("sha256 IN (SELECT unnest(?))", [pages])
            rows = store.reports(where="sha256 IN (SELECT unnest(?))", parameters=[documents], findings=False)
            began = store.has_told()
        # A store that is filled for the first time: what the annotations know is no news.
        annotated = national.hashes() if self.holdings.seed and documents and not began else frozenset()
        fresh = [report for report in rows if report.source.sha256 not in annotated]
        made = [article_change(item, found[item.article.page.sha256]) for item in kept if item.repeats is None]
        made += self._report_changes(fresh, found)
        made.sort(key=lambda change: (change.published or datetime.date.min, change.authorities, change.file))
        made.reverse()
        return documents, pages, made, len(rows) - len(fresh)

    def _report_changes(self, fresh: Sequence[Report], found: Mapping[str, datetime.datetime]) -> list[Change]:
        by_name: dict[str | None, list[Report]] = {}
        for report in fresh:
            name = report.authority.name if report.authority and report.status != "failed" else None
            by_name.setdefault(name, []).append(report)
        made, done = [], 0
        for name, some in sorted(by_name.items(), key=lambda item: item[0] or ""):
            wanted = {report.source.sha256 for report in some}
            everything, clusters = self._of_authority(name, wanted)
            others = wanted - {report.source.sha256 for report in everything}
            for report in (*everything, *self._with_findings(others)):
                if report.source.sha256 in wanted:
                    made.append(report_change(report, everything, found[report.source.sha256], clusters))
            done += len(some)
            if self.progress is not None:
                self.progress("changes", done, len(fresh))
        return made

    def _of_authority(self, name: str | None, fresh: set[str]) -> tuple[list[Report], Clusters | None]:
        """All reports on an authority and where their findings went; nothing where it is not known."""
        if name is None:
            return [], None
        try:
            return self.corpus.reports(name), self._clusters(name, fresh)
        except NotFoundError:  # two authorities have the name, or it has no number
            return [], None

    def _with_findings(self, sha256s: set[str]) -> list[Report]:
        with self.holdings.store() as store:
            return store.reports(where="sha256 IN (SELECT unnest(?))", parameters=[sorted(sha256s)])

    def _clusters(self, name: str, fresh: set[str]) -> Clusters:
        """Where the findings of an authority went; those of new documents are noted in the store."""
        own = self.corpus._own_clusters()
        fitted = own or self.corpus._national_clusters()
        if fitted is None:
            return Clusters({})  # nothing was fitted: clusters made of one authority's findings would mean nothing
        made = self.corpus._clustered(fitted, known=own is None, authority=name)
        if own is None:
            # Of mixed findings both halves have a cluster, for which the store has no place.
            placed = {
                item.finding_id: item.cluster
                for item in made.assignments
                if item.cluster is not None and item.polarity in ("concern", "strength") and not item.halves
            }
            with self.holdings.store(write=True) as store:
                sql = "SELECT id FROM findings WHERE cluster IS NULL AND sha256 IN (SELECT unnest(?))"
                lacking = {id_ for (id_,) in store.connection.execute(sql, [[*fresh]]).fetchall()}
                store.set_clusters({id_: number for id_, number in placed.items() if id_ in lacking})
        return Clusters.from_clustering(made)

    def _refresh(self, refresher: outputs.Refresher) -> None:
        wanted = self.wanted
        if wanted.site is not None:
            site, watch = wanted.site, self._watch("site")
            refresher.refresh(
                "site",
                site,
                lambda: outputs.write_site(self.corpus, site, wanted.reports, watch),
                str(wanted.reports),
                outputs.own_clusters(self.corpus.path),
            )
        if wanted.export is not None:
            export = wanted.export
            refresher.refresh("export", export, lambda: outputs.write_export(self.corpus, export))

    def _watch(self, stage: str) -> Callable[[int, int], None] | None:
        if self.progress is None:
            return None
        tell = self.progress
        return lambda done, total: tell(stage, done, total)


def _found(store: Store) -> dict[str, datetime.datetime]:
    """When each document and page came into the store (UTC)."""
    rows = store.connection.execute(
        "SELECT sha256, epoch_us(added_at::TIMESTAMPTZ) FROM (SELECT sha256, added_at FROM documents "
        "UNION ALL SELECT sha256, added_at FROM articles)"
    ).fetchall()
    return {
        sha256: datetime.datetime.fromtimestamp(micros // 10**6, datetime.UTC).replace(tzinfo=None)
        for sha256, micros in rows
    }


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
