"""The tables of a store as JSON lines and back, so that a store can be moved, compared and kept in an open format."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ofsted_nlp.errors import StoreError
from ofsted_nlp.records import Report
from ofsted_nlp.store.schema import ALL_TABLES, CHILDREN, arrow_table, is_stale
from ofsted_nlp.store.store import QUARANTINED
from ofsted_nlp.stories import Article

if TYPE_CHECKING:
    from ofsted_nlp.store.store import Store

TIMES = {"documents": ("added_at",), "articles": ("added_at",), "told": ("number",)}
"""Columns that say when something happened, not what is so; left out unless asked for."""

NEVER = ("outputs",)
"""Tables about files of this machine, which are never exported."""

ONLY_WITH_TIMES = ("updates",)
"""Tables that are a log."""

BATCH = 2_000
"""Rows that are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the documents, or of the article pages, of an export.

    Attributes:
        new: how many the store did not have.
        replaced: how many took the place of a record by an older version of the extractor.
        unchanged: how many were left out, as the store has them already.
    """

    new: int = 0
    replaced: int = 0
    unchanged: int = 0


def exported_tables(times: bool) -> list[str]:
    """The tables that an export holds, in order."""
    return [name for name in ALL_TABLES if name not in NEVER and (times or name not in ONLY_WITH_TIMES)]


def exported_columns(table: str, times: bool) -> list[str]:
    """The columns of a table in an export, in order."""
    return [name for name in ALL_TABLES[table] if times or name not in TIMES.get(table, ())]


def lines_of(store: Store, table: str, times: bool) -> Iterator[bytes]:
    """The rows of a table as JSON objects, one a line, in an order that the rows alone decide.

    Raises:
        StoreError: a number in it is none that JSON knows.
    """
    columns = exported_columns(table, times)
    try:
        cursor = store.connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY ALL")
        while rows := cursor.fetchmany(BATCH):
            for row in rows:
                values = dict(zip(columns, map(_plain, row), strict=True))
                yield json.dumps(values, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except ValueError as error:
        message = f"The table {table} of {store.path} holds a value that cannot be exported: {error}."
        raise StoreError(message) from error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


class Staged:
    """Rows of an export that lie beside the store's tables until they are merged or forgotten.

    All of it happens inside the transaction that is open when it is made (``Store.writing``).
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        for table in ALL_TABLES:
            self._sql(f"CREATE OR REPLACE TEMP TABLE staged_{table} AS SELECT * FROM {table} LIMIT 0")

    def take(self, table: str, lines: Iterable[bytes]) -> int:
        """Take in the lines of a table; how many there were.

        Raises:
            StoreError: one is no row of this table.
        """
        rows: list[dict[str, Any]] = []
        count = 0
        for count, line in enumerate(lines, start=1):
            rows.append(_row(table, count, line))
            if len(rows) == BATCH:
                self._put(table, rows)
                rows = []
        self._put(table, rows)
        return count

    def _put(self, table: str, rows: list[dict[str, Any]]) -> None:
        import pyarrow

        if not rows:
            return
        try:
            fresh = arrow_table(table, rows)
        except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise _bad(f"a row of {table} has a value of another kind: {error}") from error
        self.store.connection.register("fresh", fresh)
        self._sql(f"INSERT INTO staged_{table} BY NAME SELECT * FROM fresh")
        self.store.connection.unregister("fresh")

    def merge(self, times: bool) -> tuple[Imported, Imported]:
        """Put what was taken in among the store's own rows: what became of documents and of article pages.

        Raises:
            StoreError: rows contradict one another.
        """
        self._check_whole()
        set_aside = "SELECT sha256 FROM documents WHERE error_code IN (SELECT unnest(?))"
        again = {sha256 for (sha256,) in self._sql(set_aside, [[*QUARANTINED]]).fetchall()}
        documents = self._choose("documents", again, set())
        self._move("documents", CHILDREN, documents, times)
        taken = "SELECT s.sha256 FROM staged_articles s JOIN articles a USING (url) WHERE s.sha256 <> a.sha256"
        elsewhere = {sha256 for (sha256,) in self._sql(taken).fetchall()}
        articles = self._choose("articles", set(), elsewhere)
        self._move("articles", ("stories",), articles, times)
        number = "number" if times else "0"
        self._sql(
            f"INSERT INTO told SELECT sha256, {number} FROM staged_told WHERE sha256 NOT IN (SELECT sha256 FROM told)"
        )
        empty = self._sql("SELECT count(*) FROM updates").fetchone() == (0,)
        if times and empty:
            self._sql("INSERT INTO updates BY NAME SELECT * FROM staged_updates")
        return (
            Imported(*(len(documents[outcome]) for outcome in ("new", "replaced", "unchanged"))),
            Imported(*(len(articles[outcome]) for outcome in ("new", "replaced", "unchanged"))),
        )

    def _choose(self, table: str, again: set[str], elsewhere: set[str]) -> dict[str, list[str]]:
        """The staged documents or pages by what is to become of them."""
        held = dict(self._sql(f"SELECT sha256, extractor_version FROM {table}").fetchall())
        made: dict[str, list[str]] = {"new": [], "replaced": [], "unchanged": []}
        for sha256, version in self._sql(f"SELECT sha256, extractor_version FROM staged_{table}").fetchall():
            if sha256 in elsewhere:
                made["unchanged"].append(sha256)
            elif sha256 not in held:
                made["new"].append(sha256)
            else:
                newer = sha256 in again or is_stale(held[sha256], version)
                made["replaced" if newer else "unchanged"].append(sha256)
        return made

    def _move(self, table: str, children: Iterable[str], chosen: Mapping[str, list[str]], times: bool) -> None:
        wanted = [*chosen["new"], *chosen["replaced"]]
        for name in (*children, table):
            self._sql(f"DELETE FROM {name} WHERE sha256 IN (SELECT unnest(?))", [chosen["replaced"]])
            columns = ", ".join(exported_columns(name, times))
            self._sql(
                f"INSERT INTO {name} ({columns}) SELECT {columns} FROM staged_{name} "
                "WHERE sha256 IN (SELECT unnest(?))",
                [wanted],
            )

    def _check_whole(self) -> None:
        for owner, children in (("documents", CHILDREN), ("articles", ("stories",))):
            twice = self._sql(f"SELECT sha256 FROM staged_{owner} GROUP BY sha256 HAVING count(*) > 1").fetchone()
            if twice:
                raise _bad(f"{owner} has {twice[0]} twice")
            for child in children:
                lost = self._sql(
                    f"SELECT sha256 FROM staged_{child} WHERE sha256 IS NULL "
                    f"OR sha256 NOT IN (SELECT sha256 FROM staged_{owner})"
                ).fetchone()
                if lost:
                    raise _bad(f"{child} has rows of {lost[0]}, which is not among {owner}")

    def _sql(self, sql: str, values: list[Any] | None = None) -> Any:
        return self.store.connection.execute(sql, values or [])


def _row(table: str, number: int, line: bytes) -> dict[str, Any]:
    """A row of a table from its line, with dates as dates."""
    where = f"line {number} of {table}"
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _bad(f"{where} is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise _bad(f"{where} is no JSON object")
    unknown = sorted(row.keys() - ALL_TABLES[table].keys())
    if unknown:
        raise _bad(f"{where} has a column {unknown[0]!r} that is not known")
    for name, kind in ALL_TABLES[table].items():
        if row.get(name) is None:
            if ("NOT NULL" in kind or "PRIMARY KEY" in kind) and name not in TIMES.get(table, ()):
                raise _bad(f"{where} has no {name}")
            continue
        made = {"DATE": datetime.date, "TIMESTAMP": datetime.datetime}.get(kind.split()[0])
        if made is not None:
            try:
                row[name] = made.fromisoformat(row[name])
            except (TypeError, ValueError) as error:
                raise _bad(f"{where} has {row[name]!r} where a date belongs") from error
    if not re.fullmatch("[0-9a-f]{64}", str(row.get("sha256", "0" * 64))):
        raise _bad(f"{where} has no SHA-256")
    if table in ("documents", "articles"):
        _check_record(table, row, where)
    return row


def _check_record(table: str, row: Mapping[str, Any], where: str) -> None:
    """Make sure that the record of a document or page can be read, and is of that document or page."""
    try:
        record = json.loads(row["record"])
        if table == "documents":
            source = Report.from_dict(record).source
            sha256, file = source.sha256, source.file
        else:
            page = Article.from_dict(record).page
            sha256, file = page.sha256, page.file
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _bad(f"{where} has a record that cannot be read: {error}") from error
    if sha256 != row["sha256"] or file != row["file"]:
        raise _bad(f"{where} has the record of another document")
    if PurePath(file).name != file or "\\" in file or "\0" in file:
        raise _bad(f"{where} has a file name with a folder in it")


def _bad(what: str) -> StoreError:
    return StoreError(f"The export cannot be imported: {what}. Nothing was imported.", code="bad_export")
