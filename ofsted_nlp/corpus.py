"""The one object that ties reading, store and analysis together for a user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ofsted_nlp import batch, national
from ofsted_nlp.adding import AddResult, add_documents
from ofsted_nlp.authority_reports import AuthorityReports
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.holdings import INSPECTED, Day, Holdings, as_day, with_clauses
from ofsted_nlp.records import SURE, Polarity, Report, checked_score
from ofsted_nlp.store import default_path

if TYPE_CHECKING:
    import pandas

    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.analysis.clusters import Clustering
    from ofsted_nlp.analysis.statistics import NationalPicture
    from ofsted_nlp.pulling import PullResult


class Corpus:
    """All reports at hand: the user's store and, for documents not in it, the national annotations.

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
            **options: "progress", "executor", "client", "site", "reader": see ``pulling.pull``.

        Raises:
            ContactError: there is no contact.
            SourceError: the site cannot be reached, or has changed; what fails for single reports is in the result.
            StoreError: the store is in use, or another pull is at work.
        """
        from ofsted_nlp.pulling import pull

        options.setdefault("reader", partial(batch.read_document, strengths=strengths))
        return pull(
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

    def report(self, key: str | tuple[str, Day]) -> Report:
        """One report, with its findings.

        Args:
            key: the document's SHA-256, its file name, or (authority, day): any day of the inspection or the
                day of publication.

        Raises:
            NotFoundError: there is none, or several on that day.
        """
        values: list[Any]
        if isinstance(key, str):
            condition, values = "sha256 = ? OR file = ?", [key, key]
            wanted = f"“{key}”"
        else:
            name, day = key[0], as_day(key[1])
            condition = (
                "urn = ? AND (? BETWEEN coalesce(inspection_start, inspection_end) AND inspection_end "
                "OR published = ? OR published_on = ?)"
            )
            values = [self._holdings.urn(name), day, day, day]
            wanted = f"{name} on {day}"
        found = self._holdings.choose(condition, values)
        if not found:
            raise NotFoundError(f"There is no report {wanted} in {self!r}.")
        if len(found) > 1:
            files = self._holdings.load(found, findings=False)
            raise NotFoundError(
                f"There are several reports {wanted}: {', '.join(r.source.file for r in files)}. "
                "Ask for one by its file name.",
                code="ambiguous",
            )
        return self._holdings.load(found)[0]

    def reports(
        self,
        authority: str | None = None,
        framework: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
        *,
        findings: bool = True,
    ) -> list[Report]:
        """The reports that could be read, by date of inspection.

        Args:
            authority: any name of the authority.
            framework: code such as "ilacs".
            since: only inspections that ended from that day; for documents without a date of inspection
                the day of publication counts.
            as_of: only inspections that ended by that day.
            findings: whether to build the findings too; without them it is much quicker.
        """
        condition, values = self._holdings.condition(authority, framework, since, as_of)
        return self._holdings.load(
            self._holdings.choose(f"status <> 'failed' AND {condition}", values), findings=findings
        )

    def findings(
        self,
        polarity: str | None = None,
        theme: str | None = None,
        authority: str | None = None,
        framework: str | None = None,
        section: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
        *,
        least_score: float = 0.0,
    ) -> pandas.DataFrame:
        """One row a finding, with its document; ``text`` is missing where only annotations are at hand.

        ``sure`` says whether the score is at least ``records.SURE``; ``strength_clause`` and ``concern_clause`` are the
        halves of a mixed finding, missing where it could not be split.

        Args:
            polarity: "strength", "concern", "mixed" or "neutral".
            theme: code or title; findings that have it among their themes.
            authority: see ``reports``.
            framework: see ``reports``.
            section: code of the section.
            since: see ``reports``.
            as_of: see ``reports``.
            least_score: findings with a lower score are left out; ``attrs["findings_left_out"]`` of the frame says how
                many. docs/model-card.md says how many polarities are right at which score.

        Raises:
            UsageError: no such polarity, or ``least_score`` is not between 0 and 1.
            NotFoundError: no such theme or authority.
        """
        if polarity is not None and polarity not in set(Polarity):
            raise UsageError(f"There is no polarity {polarity!r}: {', '.join(Polarity)}.")
        if theme is not None:
            from ofsted_nlp.themes import theme as named

            theme = named(theme).code
        least_score = checked_score(least_score)
        columns = (
            f"t.page, t.section, polarity, score, score >= {SURE} AS sure, themes[1] AS theme, themes, text, clauses, "
            "subject, named, things, cluster, id, span_start, span_end"
        )
        conditions = {"polarity = ?": polarity, "list_contains(themes, ?)": theme, "section = ?": section}
        frame = self._holdings.frame(
            "findings", columns, conditions, self._holdings.condition(authority, framework, since, as_of)
        )
        return with_clauses(frame, least_score)

    def recommendations(
        self,
        theme: str | None = None,
        authority: str | None = None,
        framework: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
    ) -> pandas.DataFrame:
        """One row an item of an action list; arguments as for ``findings``."""
        columns = (
            "kind, section, number, text, t.page, themes[1] AS theme, themes, responsible, deadline, "
            "span_start, span_end"
        )
        if theme is not None:
            from ofsted_nlp.themes import theme as named

            theme = named(theme).code
        conditions = {"list_contains(themes, ?)": theme}
        return self._holdings.frame(
            "recommendations", columns, conditions, self._holdings.condition(authority, framework, since, as_of)
        )

    def judgements(
        self,
        code: str | None = None,
        authority: str | None = None,
        framework: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
    ) -> pandas.DataFrame:
        """One row a judgement of the inspections themselves (not those they quote from the one before)."""
        conditions = {"inspection = ?": "this", "code = ?": code}
        return self._holdings.frame(
            "judgements",
            "code, grade, label, t.page",
            conditions,
            self._holdings.condition(authority, framework, since, as_of),
        )

    def to_dataframe(self) -> pandas.DataFrame:
        """One row a document, failed ones too: its facts, and a column for each judgement code."""
        with self._holdings.tables() as store:
            frame = store.query(
                "SELECT sha256, file, url, pages, status, error_code, framework, urn, la_code, gss_code, "
                "authority, inspection_start, inspection_end, published, published_on, previous_inspection, "
                "lead_inspector, theme, added_at IS NOT NULL AS has_text FROM all_documents "
                f"ORDER BY authority, {INSPECTED}, file"
            )
            grades = store.query(
                "SELECT sha256, code, any_value(grade) AS grade FROM all_judgements "
                "WHERE inspection = 'this' GROUP BY ALL ORDER BY ALL"
            )
        wide = grades.pivot(index="sha256", columns="code", values="grade")
        return frame.join(wide, on="sha256")

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

        entry = register().named(authority)
        return benchmark(self.reports(), entry, against=against, as_of=None if as_of is None else as_day(as_of))

    def statistics(self, as_of: Day, published_by: Day | None = None) -> NationalPicture:
        """The national picture on a day; see ``analysis.statistics.national_picture``."""
        from ofsted_nlp.analysis.statistics import national_picture

        limit = None if published_by is None else as_day(published_by)
        return national_picture(self.reports(findings=False), as_day(as_of), published_by=limit)

    def clusters(self, polarity: str | None = None, *, anew: bool = False) -> Clustering:
        """Findings that say alike things, across authorities.

        Args:
            polarity: only clusters of this polarity.
            anew: cluster the findings whose text is at hand instead of giving the national clusters. Without
                the national annotations this is always done.
        """
        from ofsted_nlp.analysis.clusters import cluster_findings

        frame = self.findings(polarity=polarity)
        if self.seed and not anew:
            return national.clustering(frame)
        frame = frame[frame["text"].notna()]
        columns = ["id", "file", "text", "polarity", "themes", "authority"]
        rows = zip(*(frame[name] for name in columns), national.years(frame), strict=True)
        return cluster_findings(
            dict(zip([*columns, "year"], [*row[:4], list(row[4]), *row[5:]], strict=True)) for row in rows
        )

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
        from ofsted_nlp.analysis.named_strengths import across

        urn = None if authority is None else self._holdings.urn(authority)
        rows = self._holdings.frame("findings", "id, named, things, kinds", {}, ("named IS NOT NULL", []))
        frame = across(rows, national.years(rows), urn=urn, by=by)
        readable = int((self.to_dataframe()["status"] != "failed").sum())
        frame.attrs["reports_without"] = readable - rows["sha256"].nunique()
        return frame

    def info(self) -> dict[str, Any]:
        """What is here: counts of the store, of the national annotations, and of both together."""
        return {"path": self.path, "extractor_version": extractor_version(), **self._holdings.counts()}


def extractor_version() -> str:
    """Version of the extractor at work."""
    from ofsted_nlp.extraction.report import EXTRACTOR_VERSION

    return EXTRACTOR_VERSION
