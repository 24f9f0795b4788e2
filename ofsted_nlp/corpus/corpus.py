"""The one object that ties reading, store and analysis together for a user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ofsted_nlp import batch
from ofsted_nlp.corpus import national
from ofsted_nlp.corpus.adding import AddResult, add_documents
from ofsted_nlp.corpus.authority_reports import AuthorityReports
from ofsted_nlp.corpus.clusters import ClusteredFindings
from ofsted_nlp.corpus.holdings import Day, Holdings, as_day
from ofsted_nlp.corpus.press import PressCoverage, article_version
from ofsted_nlp.corpus.upkeep import Upkeep
from ofsted_nlp.store import default_path

if TYPE_CHECKING:
    import pandas
    from PIL.Image import Image

    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.analysis.partners import LearningPartners
    from ofsted_nlp.analysis.statistics import NationalPicture
    from ofsted_nlp.corpus.press_result import PressResult
    from ofsted_nlp.corpus.pulling import PullResult
    from ofsted_nlp.presentation.chart import Chart


class Corpus(ClusteredFindings, PressCoverage, Upkeep):
    """All reports at hand: the user's store and, for documents not in it, the national annotations; and the press.

    Between calls nothing is held open, so several notebooks and a nightly job can share one store.
    """

    def __init__(self, path: str | Path | None = None, *, seed: bool = True) -> None:
        self._holdings = Holdings(str(path if path is not None else default_path()), seed=seed)

    @classmethod
    def open(cls, path: str | Path | None = None, *, seed: bool = True) -> Self:
        """Open a corpus; the store is made when something is first added.

        Args:
            path: the store's file; None for ``store.default_path()``; ":memory:" for one that is forgotten.
            seed: whether to answer from the national annotations for documents that are not in the store.
        """
        return cls(path, seed=seed)

    @property
    def path(self) -> str:
        """The store's file, or ":memory:"."""
        return self._holdings.path

    @property
    def seed(self) -> bool:
        """Whether the national annotations are used."""
        return self._holdings.seed

    def close(self) -> None:
        """Forget a store in memory; a store in a file needs no closing."""
        self._holdings.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Corpus {self.path}{' with the national annotations' if self.seed else ''}>"

    def add(
        self,
        paths: str | Path | Iterable[str | Path],
        *,
        jobs: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
        reader: batch.Reader | None = None,
        strengths: bool = False,
        limits: batch.Limits | None = None,
        retry_quarantined: bool = False,
    ) -> AddResult:
        """Read PDFs into the store; documents that are there already are not read again.

        Each document is stored as soon as it is read, so a batch that is cut short goes on where it stopped.

        Args:
            paths: files, folders and patterns.
            jobs: number of processes; None for one per core.
            executor: see ``batch.read_many``.
            progress: called with (documents done, documents in all).
            reader: see ``batch.read_many``.
            strengths: whether to store what each strength praises too (``Finding.strength``; the columns ``subject``
                and ``named``). A third of the time of reading goes into that; ``read_report`` always does it.
            limits: of time and memory for each document; None for ``batch.Limits()`` in processes of our own.
            retry_quarantined: whether to read again what stopped its reader or broke a limit in an earlier run.

        Raises:
            StoreError: the store cannot be written.
        """
        reader = reader or partial(batch.read_document, strengths=strengths)
        with self._holdings.store(write=True) as store:
            return add_documents(
                store,
                paths,
                version=extractor_version(),
                jobs=jobs,
                executor=executor,
                progress=progress,
                reader=reader,
                limits=limits,
                retry_quarantined=retry_quarantined,
            )

    def pull(
        self,
        *authorities: str,
        since: Day | None = None,
        kinds: str | Sequence[str] | None = None,
        dry_run: bool = False,
        contact: str | None = None,
        folder: str | Path | None = None,
        jobs: int | None = None,
        strengths: bool = False,
        press: bool = False,
        press_sources: str | Path | None = None,
        **options: Any,
    ) -> PullResult:
        """Fetch new reports from Ofsted's site and read them into the store; docs/pulling.md says how.

        Args:
            authorities: any names of authorities; none for all.
            since: only what was published from that day on.
            kinds: only these of ``sources.ofsted_pages.KINDS``, as a list or with commas between.
            dry_run: read the site's pages alone, and fetch and store nothing.
            contact: e-mail address or web page by which the site can reach you; None for ``OFSTED_NLP_CONTACT``.
            folder: where PDFs and the manifest are kept; None for ``pulling.default_folder``.
            jobs: see ``add``.
            strengths: see ``add``.
            press: whether to fetch press coverage too, after the reports; see ``pull_press``.
            press_sources: see ``pull_press``.
            **options: "progress", "executor", "client", "site", "reader": see ``pulling.pull``.

        Raises:
            ContactError: there is no contact.
            SourceError: the site cannot be reached, or has changed; what fails for single reports is in the result.
            StoreError: the store is in use, or another pull is at work.
        """
        from ofsted_nlp.corpus.pulling import pull

        options.setdefault("reader", partial(batch.read_document, strengths=strengths))
        made = pull(
            self._holdings,
            authorities,
            version=extractor_version(),
            since=None if since is None else as_day(since),
            kinds=[kinds] if isinstance(kinds, str) else kinds,
            dry_run=dry_run,
            contact=contact,
            folder=folder,
            jobs=jobs,
            **options,
        )
        if not press:
            return made
        brought = self.pull_press(
            *authorities,
            since=since,
            dry_run=dry_run,
            contact=contact,
            press_sources=press_sources,
            folder=folder,
            progress=options.get("progress"),
        )
        return replace(made, press=brought)

    def pull_press(
        self,
        *authorities: str,
        since: Day | None = None,
        dry_run: bool = False,
        contact: str | None = None,
        press_sources: str | Path | None = None,
        folder: str | Path | None = None,
        **options: Any,
    ) -> PressResult:
        """Fetch new press coverage of inspections and read it into the store; docs/pulling.md says how.

        Args:
            authorities: store only what is about these; none for all.
            since: only articles dated from that day on.
            dry_run: read the sources alone, and fetch and store nothing.
            contact: see ``pull``.
            press_sources: file of sources (TOML); None for ``OFSTED_NLP_PRESS_SOURCES``, else data/press_sources.toml.
            folder: where the PDFs of reports are; None for ``pulling.default_folder``.
            **options: "progress", "client", "press": see ``press_pulling.pull_press``.

        Raises:
            ContactError: there is no contact.
            UsageError: the file of sources is not right.
            StoreError: the store is in use, or another pull is at work.
        """
        from ofsted_nlp.corpus.press_pulling import pull_press

        return pull_press(
            self._holdings,
            authorities,
            since=None if since is None else as_day(since),
            dry_run=dry_run,
            contact=contact,
            press_sources=press_sources,
            folder=folder,
            **options,
        )

    def authority(self, name: str) -> AuthorityReports:
        """What the corpus holds on one authority.

        Raises:
            NotFoundError: no authority has that name; the message suggests the closest.
        """
        self._holdings.urn(name)
        return AuthorityReports(self, name)

    def benchmark(
        self, authority: str, against: str | Sequence[str] = "neighbours", as_of: Day | None = None
    ) -> Benchmark:
        """One authority beside others; see ``analysis.benchmark.benchmark``.

        Raises:
            NotFoundError: no authority of that name, or no report of it.
        """
        from ofsted_nlp.analysis.benchmark import benchmark
        from ofsted_nlp.authorities import register

        day = None if as_of is None else as_day(as_of)
        entry = register().named(authority)
        return benchmark(self.reports(), entry, against=against, as_of=day, clusters=self._named_clusters())

    def learn_from(self, authority: str, as_of: Day | None = None, theme: str | None = None) -> LearningPartners:
        """Who had the same concerns and has them as strengths now; see ``analysis.learning.learn_from``.

        Raises:
            NotFoundError: no authority or theme of that name, no full report of it, or the theme is no concern of it.
        """
        from ofsted_nlp.analysis.learning import learn_from
        from ofsted_nlp.authorities import register

        day = None if as_of is None else as_day(as_of)
        entry = register().named(authority)
        return learn_from(self.reports(), entry, day, theme=theme, clusters=self._named_clusters())

    def _named_clusters(self) -> list[dict[str, Any]]:
        return national.clusters() if self.seed else []

    def statistics(self, as_of: Day, published_by: Day | None = None) -> NationalPicture:
        """The national picture on a day; see ``analysis.statistics.national_picture``."""
        from ofsted_nlp.analysis.statistics import national_picture

        limit = None if published_by is None else as_day(published_by)
        return national_picture(self.reports(findings=False), as_day(as_of), published_by=limit)

    def named_strengths(self, authority: str | None = None, *, by: str = "thing") -> pandas.DataFrame:
        """The named services, teams, programmes and bodies that are praised; see ``analysis.named_strengths.across``.

        ``attrs["reports_without"]`` says how many reports do not count because they were added without what their
        strengths praise; those of the national annotations are always among them.

        Args:
            authority: any name of an authority: only what its reports praise.
            by: "thing", or "kind" to count the services of one kind as one, whatever they are called.

        Raises:
            NotFoundError: no authority has that name, or no report here was added with its named strengths.
        """
        from ofsted_nlp.analysis.benchmark.named_strengths import across

        urn = None if authority is None else self._holdings.urn(authority)
        rows = self._holdings.frame("findings", "id, named, things, kinds", {}, ("named IS NOT NULL", []))
        frame = across(rows, national.years(rows), urn=urn, by=by)
        readable = int((self.to_dataframe()["status"] != "failed").sum())
        frame.attrs["reports_without"] = readable - rows["sha256"].nunique()
        return frame

    def plot(self, kind: str = "heat_map", *, as_of: Day | None = None, **options: Any) -> Chart:
        """A matplotlib figure with alternative text (``.alt``): "heat_map", "trends" or "clusters".

        See ``presentation.plots_national.corpus_plot``; ``.save("x.png")`` writes it.

        Raises:
            UsageError: no such kind.
            NotFoundError: there is nothing to plot.
        """
        from ofsted_nlp.presentation.plots_national import corpus_plot

        return corpus_plot(self, kind, as_of=as_of, **options)

    def to_xlsx(self, path: str | Path, as_of: Day | None = None) -> None:
        """An Excel workbook of all authorities; ``presentation.excel_authorities`` says what is in it.

        Args:
            path: the file.
            as_of: only inspections that ended by this day.
        """
        from ofsted_nlp.presentation.excel_authorities import national_workbook

        national_workbook(self.reports(), path, None if as_of is None else as_day(as_of))

    def show(self, finding_id: str, path: str | Path | None = None, resolution: int = 100) -> Image:
        """The picture of the page on which a finding stands, with its sentence marked.

        Args:
            finding_id: as in the column ``id`` of ``findings``.
            path: the PDF, or a folder that holds it; None to look where it was read from, in the folder of pulled
                reports, and where ``presentation.evidence.find_pdf`` says.
            resolution: dots per inch.

        Raises:
            NotFoundError: there is no such finding, its PDF is not at hand, or it was read by another version.
        """
        from ofsted_nlp.corpus.pulling import default_folder
        from ofsted_nlp.errors import NotFoundError

        with self._holdings.tables() as store:
            rows = store.connection.execute("SELECT sha256 FROM all_findings WHERE id = ?", [finding_id]).fetchall()
        if not rows:
            raise NotFoundError(f"There is no finding {finding_id!r} in {self!r}.")
        report = self.report(rows[0][0])
        finding = next(item for item in report.findings if item.id == finding_id)
        pulled = default_folder(self.path) / report.source.file
        return report.show(finding, path or report.path or (pulled if pulled.is_file() else None), resolution)

    def info(self) -> dict[str, Any]:
        """What is here: counts of the store, of the national annotations, and of both together."""
        versions = {"extractor_version": extractor_version(), "article_version": article_version()}
        return {"path": self.path, **versions, **self._holdings.counts()}


def extractor_version() -> str:
    """Version of the extractor at work."""
    from ofsted_nlp.extraction.report import EXTRACTOR_VERSION

    return EXTRACTOR_VERSION
