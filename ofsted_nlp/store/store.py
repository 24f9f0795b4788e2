"""One DuckDB file that keeps what was read, keyed by content, so that nothing is read twice."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ofsted_nlp.errors import StoreError
from ofsted_nlp.records import Failure, Finding, Report
from ofsted_nlp.store.locking import holder, waiting
from ofsted_nlp.store.schema import (
    ALL_TABLES,
    CHILDREN,
    FINDING_COLUMNS,
    SCHEMA_VERSION,
    TABLES,
    Outcome,
    arrow_table,
    child_rows,
    document_row,
    finding_of,
    findings_digest,
    is_stale,
)
from ofsted_nlp.store.updates import StoredUpdates

if TYPE_CHECKING:
    import duckdb
    import pandas

__all__ = ["CRASHED", "MEMORY_LIMIT", "QUARANTINED", "TIME_LIMIT", "Outcome", "Store", "default_path", "is_stale"]

CRASHED = "reader_crashed"
"""Error code of a document whose reader was killed."""

TIME_LIMIT, MEMORY_LIMIT = "time_limit", "memory_limit"
"""Error codes of a document whose reader was stopped at a limit."""

QUARANTINED = (CRASHED, TIME_LIMIT, MEMORY_LIMIT)
"""Error codes of documents that took their reader with them: the fault may have been the machine's, so they may be
read again, but only if asked for."""

_CACHE = "1GB"
"""What DuckDB may keep of a store's file in memory; without a bound it is four fifths of the machine's."""


_IN_USE = re.compile("could not set lock on file|conflicting lock|already open in|used by another process", re.I)
"""How DuckDB says on Linux, macOS and Windows that another process has a file open."""


def default_path() -> Path:
    """Where the store is kept: ``OFSTED_NLP_STORE`` if set, else the user's data folder."""
    named = os.environ.get("OFSTED_NLP_STORE")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("ofsted-nlp", appauthor=False) / "store.duckdb"


class Store(StoredUpdates):
    """The store. Use it in a ``with`` statement; while it is open for writing no other process can open it.

    Attributes:
        path: the file, or ":memory:".
        connection: the DuckDB connection, for SQL of your own.
    """

    def __init__(self, path: str, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self.connection = connection

    @classmethod
    def open(cls, path: str | Path | None = None, *, read_only: bool = False, wait: float = 0.0) -> Self:
        """Open the store, making it on first use.

        Args:
            path: the file; None for ``default_path()``; ":memory:" for one that is gone when closed.
            read_only: open beside other readers; the file must exist.
            wait: seconds for which to wait if another process has it open for writing (or, to write, open at all).

        Raises:
            StoreError: it is locked by another process, not a store, of a newer schema, or cannot be made.
        """
        where = str(path if path is not None else default_path())
        return waiting(lambda: cls._open(where, read_only), wait)

    @classmethod
    def _open(cls, where: str, read_only: bool) -> Self:
        import duckdb

        try:
            if where != ":memory:" and not read_only:
                Path(where).parent.mkdir(parents=True, exist_ok=True)
            connection = duckdb.connect(where, read_only=read_only and where != ":memory:")
            if where != ":memory:":
                connection.execute(f"SET memory_limit = '{_CACHE}'")
            if not read_only:
                connection.execute("SET threads = 1")  # small inserts gain nothing, and the readers need the cores
        except (duckdb.Error, OSError) as error:
            raise _opening_error(where, error) from error
        store = cls(where, connection)
        try:
            store._check_schema(read_only)
        except duckdb.Error as error:
            connection.close()
            raise _opening_error(where, error) from error
        except BaseException:
            connection.close()
            raise
        return store

    def close(self) -> None:
        """Close the file and let other processes have it."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store {self.path}>"

    def _check_schema(self, read_only: bool) -> None:
        names = {row[0] for row in self.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if "schema_version" in names:
            row = self.connection.execute("SELECT max(version) FROM schema_version").fetchone()
            found = row[0] if row else 0
            if found > SCHEMA_VERSION:
                raise StoreError(
                    f"The store {self.path} was written by a newer ofsted-nlp (schema {found}; this one "
                    f"knows {SCHEMA_VERSION}). Upgrade ofsted-nlp, or name another file in OFSTED_NLP_STORE.",
                    code="newer_schema",
                )
            if found < SCHEMA_VERSION:
                self._widen(read_only)
            return
        if not names and read_only and self.path != ":memory:":
            self._widen(read_only)  # whoever began to make it was stopped: it is a store with nothing in it
            return
        if names:
            raise StoreError(
                f"{self.path} is a DuckDB file but not a store of ofsted-nlp. Name another file.",
                code="not_a_store",
            )
        self.connection.begin()
        for table, columns in ALL_TABLES.items():
            self._create(table, columns)
        self.connection.execute("CREATE TABLE schema_version (version INTEGER)")
        self.connection.execute("INSERT INTO schema_version VALUES (?)", [SCHEMA_VERSION])
        self.connection.commit()

    def _create(self, table: str, columns: Mapping[str, str]) -> None:
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self.connection.execute(f"CREATE TABLE {table} ({listed})")

    def _widen(self, read_only: bool) -> None:
        """Give an older schema the tables and columns it lacks, empty; a store open for reading stays as it is."""
        rows = self.connection.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall()
        quoted = self.connection.execute("SELECT current_database()").fetchall()[0][0].replace('"', '""')
        self.connection.begin()
        for table, columns in ALL_TABLES.items():
            there = {column for name, column in rows if name == table}
            new = {name: kind for name, kind in columns.items() if name not in there}
            empty = ", ".join(f"NULL::{kind.split()[0]} AS {name}" for name, kind in new.items())
            if not there and read_only:
                self.connection.execute(f"CREATE TEMP VIEW {table} AS SELECT {empty} WHERE FALSE")
            elif not there:
                self._create(table, columns)
            elif read_only and new:
                source = f'"{quoted}".main.{table}'
                self.connection.execute(f"CREATE TEMP VIEW {table} AS SELECT *, {empty} FROM {source}")
            elif not read_only:
                for name, kind in new.items():
                    self.connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
        if not read_only:
            self.connection.execute("INSERT INTO schema_version VALUES (?)", [SCHEMA_VERSION])
        self.connection.commit()

    def add(
        self, report: Report, *, extractor_version: str, path: str | Path | None = None, again: bool = False
    ) -> Outcome:
        """Keep a report, in one transaction: it is stored whole or not at all.

        A document that is there already (same SHA-256) is left alone, unless it was read by an older version
        of the extractor; then the new record takes its place, and the address and the site's day that were known of
        it are kept.

        Args:
            report: what was read; a failed one is kept with its reason.
            extractor_version: version of the extractor that made it.
            path: where the file lies, so that its pages can be shown later.
            again: replace what is there whatever its version.

        Raises:
            StoreError: the report has no SHA-256 (no file was there to read), or the store is read-only.
        """
        sha256 = report.source.sha256
        if not sha256:
            raise StoreError(f"{report.source.file} has no content to identify it by and is not stored.")
        row = self.connection.execute(
            "SELECT extractor_version, error_code, url, published_on FROM documents WHERE sha256 = ?", [sha256]
        ).fetchone()
        if row and not again and not is_stale(row[0], extractor_version) and row[1] not in QUARANTINED:
            return "unchanged"
        if row:
            source = report.source
            known = replace(source, url=source.url or row[2], published_on=source.published_on or row[3])
            report = replace(report, source=known)
        with self.writing(report.source.file):
            if row:
                for table in (*CHILDREN, "documents"):
                    self.connection.execute(f"DELETE FROM {table} WHERE sha256 = ?", [sha256])
            self._insert(report, extractor_version, path)
        return "replaced" if row else "new"

    def _insert(self, report: Report, extractor_version: str, path: str | Path | None) -> None:
        children = child_rows(report)
        document = document_row(report, extractor_version, path)
        document["digest"] = findings_digest(children["findings"])
        columns = ", ".join(document)
        marks = ", ".join("?" * len(document))
        self.connection.execute(f"INSERT INTO documents ({columns}) VALUES ({marks})", list(document.values()))
        for table, rows in children.items():
            if not rows:
                continue
            fresh = arrow_table(table, rows)
            self.connection.register("fresh", fresh)
            self.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM fresh")
            self.connection.unregister("fresh")

    def versions(self) -> dict[str, str]:
        """For the SHA-256 of every document here, the version of the extractor that read it.

        Documents in quarantine are left out: whether they are read again is for the caller to say.
        """
        return dict(
            self.connection.execute(
                "SELECT sha256, extractor_version FROM documents WHERE coalesce(error_code, '') NOT IN (?, ?, ?)",
                list(QUARANTINED),
            ).fetchall()
        )

    def failure(self, sha256: str) -> Failure | None:
        """Why the document with this SHA-256 could not be read; None if it could, or is not here."""
        row = self.connection.execute(
            "SELECT error_code, error_message FROM documents WHERE sha256 = ? AND error_code IS NOT NULL", [sha256]
        ).fetchone()
        return Failure(*row) if row else None

    def report(self, sha256: str) -> Report | None:
        """The report of the document with this SHA-256, or None."""
        return next(iter(self.reports(where="sha256 = ?", parameters=[sha256])), None)

    def reports(self, *, where: str = "TRUE", parameters: Sequence[Any] = (), findings: bool = True) -> list[Report]:
        """The stored reports, failed documents included, by file name.

        Args:
            where: an SQL condition on the columns of ``documents``.
            parameters: the values of its question marks.
            findings: whether to rebuild the findings too (most of the time and memory goes into them).
        """
        chosen = self.connection.execute(
            f"SELECT sha256, record, path FROM documents WHERE {where} ORDER BY file, sha256", list(parameters)
        ).fetchall()
        found: dict[str, list[Finding]] = {}
        if findings and chosen:
            rows = self.connection.execute(
                f"SELECT sha256, {', '.join(FINDING_COLUMNS)} FROM findings WHERE sha256 IN "
                f"(SELECT sha256 FROM documents WHERE {where}) ORDER BY sha256, position",
                list(parameters),
            ).fetchall()
            for sha256, *values in rows:
                found.setdefault(sha256, []).append(finding_of(values))
        return [
            replace(Report.from_dict(json.loads(record)), findings=tuple(found.get(sha256, ())), path=path)
            for sha256, record, path in chosen
        ]

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pandas.DataFrame:
        """The answer to an SQL query as a pandas frame; the tables are those of ``schema.ALL_TABLES``."""
        import duckdb

        try:
            return self.connection.execute(sql, list(parameters)).df()
        except duckdb.Error as error:
            raise StoreError(f"The query could not be run: {error}", code="bad_query") from error

    def counts(self) -> dict[str, int]:
        """How many rows each table of reports has, and how many documents failed (key "failed")."""
        every = [f"(SELECT count(*) FROM {table})" for table in TABLES]
        every.append("(SELECT count(*) FROM documents WHERE status = 'failed')")
        row = self.connection.execute(f"SELECT {', '.join(every)}").fetchone() or ()
        return dict(zip([*TABLES, "failed"], row, strict=True))


def _opening_error(where: str, error: Exception) -> StoreError:
    text = str(error)
    pid = re.search(r"PID (\d+)", text)
    if _IN_USE.search(text):
        update = holder(where)
        who = f"process {pid[1]}" if pid else "another process"
        if pid and update and str(update.pid) == pid[1]:
            who += f" (an update: {update})"
        return StoreError(
            f"The store {where} is in use by {who}. Wait until it is done, or name another file in OFSTED_NLP_STORE.",
            code="locked",
        )
    if "different configuration" in text:
        return StoreError(
            f"The store {where} is already open in this program, for writing or for reading only. Close it "
            "there first.",
            code="locked",
        )
    if not Path(where).exists() and "does not exist" in text:
        return StoreError(f"There is no store at {where} yet; add reports to make one.", code="no_store")
    if "not a valid DuckDB" in text:
        return StoreError(f"{where} is not a store of ofsted-nlp. Name another file.", code="not_a_store")
    return StoreError(f"The store {where} cannot be opened: {text}")
