"""The store and the national annotations as one, so that no caller has to ask which of them answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.corpus import national
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Polarity, Report
from ofsted_nlp.store import Store
from ofsted_nlp.store.locking import wait_seconds
from ofsted_nlp.store.schema import TABLES, clauses_of
from ofsted_nlp.stories import Article

if TYPE_CHECKING:
    import pandas

Day = datetime.date | str
"""A date, or its ISO form ("2024-03-31")."""

INSPECTED = "coalesce(inspection_end, published, published_on)"
DOCUMENT_COLUMNS = "authority, urn, framework, inspection_start, inspection_end, published, published_on, file, url"


class Holdings:
    """A store merged with the annotations of the documents that are not in it.

    Attributes:
        path: the store's file, or ":memory:".
        seed: whether the national annotations are used.
        compared: articles compared anew with the reports known now, by page and by what they were compared with.
    """

    def __init__(self, path: str, *, seed: bool) -> None:
        self.path = path
        self.seed = seed and national.available()
        self._memory = Store.open(":memory:") if path == ":memory:" else None
        self.compared: dict[tuple[str, str], Article] = {}

    def close(self) -> None:
        """Forget a store in memory."""
        if self._memory is not None:
            self._memory.close()

    @contextmanager
    def store(self, *, write: bool = False) -> Iterator[Store]:
        """The store, open for the length of a ``with``; an empty one if none was made yet.

        If another process has it open, it is waited for (``store.locking.wait_seconds``).

        Raises:
            StoreError: it is still in use then, or cannot be opened.
        """
        if self._memory is not None:
            yield self._memory
        elif write or Path(self.path).exists():
            with Store.open(self.path, read_only=not write, wait=wait_seconds()) as store:
                yield store
        else:
            with Store.open(":memory:") as store:
                yield store

    @contextmanager
    def tables(self) -> Iterator[Store]:
        """The store with views ``all_<table>`` that add the national annotations of documents not read into it.

        A document that could not be read here does not hide its annotations.
        """
        annotations = national.views() if self.seed else {}
        held = "SELECT sha256 FROM documents"
        if annotations:
            held += (
                " WHERE status <> 'failed' OR sha256 NOT IN "
                f"(SELECT sha256 FROM {annotations['documents']} WHERE status <> 'failed')"
            )
        with self.store() as store:
            for table, columns in TABLES.items():
                own = ", ".join(columns)
                if table == "findings" and annotations:
                    own = own.replace("cluster", "coalesce(cluster, national_cluster) AS cluster")
                    joined = (
                        f"{table} LEFT JOIN (SELECT id, cluster AS national_cluster FROM {annotations[table]}) "
                        "USING (id)"
                    )
                else:
                    joined = table
                sql = f"SELECT {own} FROM {joined}"
                if annotations:
                    sql += f" WHERE sha256 IN ({held})" if table == "documents" else ""
                    sql += (
                        f" UNION ALL SELECT {', '.join(columns)} FROM {annotations[table]} WHERE sha256 NOT IN ({held})"
                    )
                store.connection.execute(f"CREATE OR REPLACE TEMP VIEW all_{table} AS {sql}")
            yield store

    def counts(self) -> dict[str, Any]:
        """Counts of the store, of the national annotations, and of both together."""
        with self.tables() as store:
            counts = store.counts()
            press = store.article_counts()
            row = store.connection.execute(
                "SELECT count(*), count(*) FILTER (status = 'failed'), count(DISTINCT urn), "
                f"min({INSPECTED}), max({INSPECTED}) FROM all_documents"
            ).fetchone()
            frameworks = store.connection.execute(
                "SELECT framework, count(*) FROM all_documents WHERE status <> 'failed' "
                "GROUP BY framework ORDER BY framework"
            ).fetchall()
        documents, failed, authorities, first, last = row or (0, 0, 0, None, None)
        return {
            "store": counts,
            **press,
            "national_annotations": len(national.reports(findings=False)) if self.seed else 0,
            "documents": documents,
            "failed": failed,
            "authorities": authorities,
            "first": first,
            "last": last,
            "frameworks": dict(frameworks),
        }

    def choose(self, condition: str, values: Sequence[Any]) -> list[str]:
        """The SHA-256s of the documents that meet an SQL condition, by date of inspection."""
        order = f"{INSPECTED} NULLS FIRST, file, sha256"
        with self.tables() as store:
            sql = f"SELECT sha256 FROM all_documents WHERE {condition} ORDER BY {order}"
            return [row[0] for row in store.connection.execute(sql, list(values)).fetchall()]

    def load(self, chosen: Sequence[str], *, findings: bool = True) -> list[Report]:
        """The reports of these documents, in this order."""
        with self.store() as store:
            where = "sha256 IN (SELECT unnest(?))"
            made = store.reports(where=where, parameters=[list(chosen)], findings=findings)
        by_sha = {report.source.sha256: report for report in made}
        if self.seed:
            if findings:
                by_sha = _clustered(by_sha)
            rest = {s for s in chosen if s not in by_sha or by_sha[s].status == "failed"}
            for report in national.reports(only=rest, findings=findings):
                if report.status != "failed" or report.source.sha256 not in by_sha:
                    by_sha[report.source.sha256] = report
        return [by_sha[sha256] for sha256 in chosen]

    def condition(
        self, authority: str | None, framework: str | None, since: Day | None, as_of: Day | None
    ) -> tuple[str, list[Any]]:
        """An SQL condition for what users filter documents by, and the values of its question marks."""
        conditions: list[str] = []
        values: list[Any] = []
        for condition, value in (
            ("urn = ?", None if authority is None else self.urn(authority)),
            ("framework = ?", framework),
            (f"{INSPECTED} >= ?", None if since is None else as_day(since)),
            (f"{INSPECTED} <= ?", None if as_of is None else as_day(as_of)),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        return " AND ".join(conditions) or "TRUE", values

    def urn(self, name: str) -> int:
        """Ofsted's number of an authority named as in its reports, or in any way the register knows.

        Raises:
            NotFoundError: no authority has that name.
        """
        with self.tables() as store:
            sql = "SELECT DISTINCT urn FROM all_documents WHERE lower(authority) = lower(?) AND urn IS NOT NULL"
            rows = store.connection.execute(sql, [name.strip()]).fetchall()
        if len(rows) == 1:
            urn: int = rows[0][0]
            return urn
        from ofsted_nlp.authorities import register

        return register().named(name).urn

    def frame(
        self, table: str, columns: str, conditions: Mapping[str, Any], filters: tuple[str, list[Any]]
    ) -> pandas.DataFrame:
        """Rows of a table beside the facts of their documents, by date of inspection.

        Args:
            table: name of the table.
            columns: SQL list of the columns wanted from it.
            conditions: SQL conditions with the value of their question mark; those with None are left out.
            filters: what ``condition`` gave.
        """
        condition, values = filters
        for sql, value in conditions.items():
            if value is not None:
                condition += f" AND {sql}"
                values = [*values, value]
        with self.tables() as store:
            return store.query(
                f"SELECT {DOCUMENT_COLUMNS}, {columns}, sha256 FROM all_{table} t JOIN all_documents d "
                f"USING (sha256) WHERE {condition} ORDER BY {INSPECTED}, file, sha256, t.position",
                values,
            )


def _clustered(reports: Mapping[str, Report]) -> dict[str, Report]:
    """Stored reports with the national clusters of their findings."""
    known = national.cluster_of(reports.keys())
    if not known:
        return dict(reports)
    return {
        sha256: replace(
            report,
            findings=tuple(
                replace(item, cluster=known[item.id]) if item.cluster is None and item.id in known else item
                for item in report.findings
            ),
        )
        for sha256, report in reports.items()
    }


def with_clauses(frame: pandas.DataFrame, least_score: float) -> pandas.DataFrame:
    """The findings with at least this score, each half of a mixed one in a column of its own instead of ``clauses``.

    ``attrs["findings_left_out"]`` says how many have a lower score.
    """
    kept = frame[frame["score"] >= least_score].reset_index(drop=True)
    rows = zip(kept["clauses"], kept["text"], kept["span_start"], strict=True)
    halves = [
        clauses_of(written, text, start) if isinstance(written, str) and isinstance(text, str) else ()
        for written, text, start in rows
    ]
    names = {polarity: f"{polarity}_clause" for polarity in (Polarity.STRENGTH, Polarity.CONCERN)}
    for polarity, name in names.items():
        words = [next((clause.text for clause in clauses if clause.polarity is polarity), None) for clauses in halves]
        kept[name] = words
    columns = [name for column in frame.columns for name in (names.values() if column == "clauses" else (str(column),))]
    kept = kept[columns]
    kept.attrs["findings_left_out"] = len(frame) - len(kept)
    return kept


def as_day(value: Day) -> datetime.date:
    """A date from a date or its ISO form.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"{value!r} is not a date; write it as 2024-03-31.") from None
