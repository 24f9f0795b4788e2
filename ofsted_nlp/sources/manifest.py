"""The record of every publication ever seen on the site, kept so that a run killed at any moment loses nothing."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ofsted_nlp.errors import StoreError
from ofsted_nlp.sources.ofsted_pages import Publication

LONGEST_PAUSE = 32
"""Days at most after which an address that led to no report is tried again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS publications (
    urn INTEGER NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, printed_kind TEXT NOT NULL, date TEXT,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, listed INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL DEFAULT 'listed', code TEXT, message TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, tried TEXT, fetched TEXT, sha256 TEXT, size INTEGER, file TEXT,
    PRIMARY KEY (urn, url)
);
CREATE TABLE IF NOT EXISTS events (at TEXT NOT NULL, urn INTEGER, url TEXT, code TEXT NOT NULL, message TEXT NOT NULL);
PRAGMA user_version = 1;
"""
_COLUMNS = "urn, url, kind, printed_kind, date, state, code, message, attempts, tried, fetched, sha256, size, file"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should know: a code for programs, a sentence, and what it is about."""

    code: str
    message: str
    url: str = ""
    urn: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest knows of one publication.

    Attributes:
        urn, url, kind, printed_kind, date: see ``Publication``.
        state: "listed" (not fetched yet), "fetched", "failed" (tried again by every run), "gone" (its address leads
            to no report) or "refused" (may not be taken); the last two are tried again ever more seldom.
        code, message: why it was not fetched.
        attempts, tried: how many runs tried in vain, and when the last did (UTC).
        fetched, sha256, size, file: when it came (UTC), hash and size (bytes) of the file and its name in the folder.
    """

    urn: int
    url: str
    kind: str
    printed_kind: str
    date: datetime.date | None
    state: str
    code: str | None
    message: str | None
    attempts: int
    tried: datetime.datetime | None
    fetched: datetime.datetime | None
    sha256: str | None
    size: int | None
    file: str | None

    def due(self, now: datetime.datetime) -> bool:
        """Whether it should be tried now, its file not being there."""
        return is_due(self.state, self.attempts, self.tried, now)


class Kept:
    """A manifest: an SQLite file. A change outlives the process once the call returns.

    While it is open no other process can open it, so that two runs cannot get into each other's way.
    """

    schema = ""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path, *, dry: bool = False) -> Self:
        """Open the manifest, making it on first use.

        Args:
            path: the file.
            dry: work on a copy in memory and leave the file as it is.

        Raises:
            StoreError: another run has it open, or it cannot be opened.
        """
        return cls(open_database(path, cls.schema, dry=dry))

    def close(self) -> None:
        """Close the file and let other runs have it."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Manifest(Kept):
    """The manifest of reports."""

    schema = _SCHEMA

    def see(self, urn: int, listed: Sequence[Publication]) -> tuple[list[Publication], list[Note]]:
        """Take in what an authority's page lists now: the new publications, and what else is different.

        Where the page lists nothing at all, nothing is taken for withdrawn.
        """
        known = {entry.url: entry for entry in self.entries([urn])}
        hidden = {row[0] for row in self._rows("SELECT url FROM publications WHERE urn = ? AND NOT listed", [urn])}
        now = now_text()
        new, notes = [], []
        self._connection.execute("BEGIN")
        for item in listed:
            old = known.get(item.url)
            day = item.date.isoformat() if item.date else None
            if old is None:
                new.append(item)
                notes += _oddities(item)
                self._connection.execute(
                    "INSERT INTO publications (urn, url, kind, printed_kind, date, first_seen, last_seen) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [urn, item.url, item.kind, item.printed_kind, day, now, now],
                )
                self._share(item.url)
                continue
            notes += _differences(old, item)
            self._connection.execute(
                "UPDATE publications SET kind = ?, printed_kind = ?, date = coalesce(?, date), last_seen = ?, "
                "listed = 1 WHERE urn = ? AND url = ?",
                [item.kind, item.printed_kind, day, now, urn, item.url],
            )
        here = {item.url for item in listed}
        for entry in known.values():
            if listed and entry.url not in here and entry.url not in hidden:
                message = (
                    f"{entry.printed_kind} of {entry.date or 'unknown date'} is not listed any more ({entry.url})."
                )
                notes.append(Note("not_listed_any_more", message, entry.url, urn))
                self._connection.execute(
                    "UPDATE publications SET listed = 0 WHERE urn = ? AND url = ?", [urn, entry.url]
                )
        self._write(notes, now)
        self._connection.execute("COMMIT")
        return new, notes

    def _share(self, url: str) -> None:
        """Where another authority lists the same file and it is there already, it is there for this one too."""
        columns = "fetched, sha256, size, file"
        rows = self._rows(f"SELECT {columns} FROM publications WHERE url = ? AND state = 'fetched' LIMIT 1", [url])
        if rows:
            self._connection.execute(
                f"UPDATE publications SET state = 'fetched', ({columns}) = (?, ?, ?, ?) WHERE url = ?", [*rows[0], url]
            )

    def entries(
        self,
        urns: Collection[int] | None = None,
        kinds: Collection[str] | None = None,
        since: datetime.date | None = None,
    ) -> list[Entry]:
        """What is known, by authority, the latest publication first.

        Args:
            urns: of these authorities only.
            kinds: of these kinds only.
            since: published from that day; those without a date are always among them.
        """
        sql = f"SELECT {_COLUMNS} FROM publications WHERE date IS NULL OR date >= ?"
        values: list[object] = [since.isoformat() if since else ""]
        for column, wanted in (("urn", urns), ("kind", kinds)):
            if wanted is not None:
                sql = sql.replace(" WHERE ", f" WHERE {column} IN ({', '.join('?' * len(wanted))}) AND (", 1) + ")"
                values = [*wanted, *values]
        return [_entry(row) for row in self._rows(f"{sql} ORDER BY urn, date DESC, url", values)]

    def fetched(self, url: str, *, sha256: str, size: int, file: str) -> None:
        """Note that a publication's file is there; of all authorities that list it."""
        self._connection.execute(
            "UPDATE publications SET state = 'fetched', code = NULL, message = NULL, fetched = ?, sha256 = ?, "
            "size = ?, file = ? WHERE url = ?",
            [now_text(), sha256, size, file, url],
        )

    def missed(self, url: str, *, state: str, code: str, message: str) -> None:
        """Note why a publication could not be fetched."""
        now = now_text()
        self._connection.execute("BEGIN")
        self._connection.execute(
            "UPDATE publications SET state = ?, code = ?, message = ?, tried = ?, attempts = attempts + 1 "
            "WHERE url = ?",
            [state, code, message, now, url],
        )
        self._write([Note(code, message, url)], now)
        self._connection.execute("COMMIT")

    def note(self, notes: Iterable[Note]) -> None:
        """Keep notes among the events."""
        self._write(notes, now_text())

    def events(self) -> list[Note]:
        """All notes ever kept, the oldest first."""
        rows = self._rows("SELECT code, message, url, urn FROM events ORDER BY rowid")
        return [Note(code, message, url or "", urn) for code, message, url, urn in rows]

    def _write(self, notes: Iterable[Note], now: str) -> None:
        self._connection.executemany(
            "INSERT INTO events (at, urn, url, code, message) VALUES (?, ?, ?, ?, ?)",
            [(now, note.urn, note.url or None, note.code, note.message) for note in notes],
        )

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, tuple(values)).fetchall()


def _oddities(item: Publication) -> list[Note]:
    notes = []
    if item.kind == "other":
        message = f"“{item.printed_kind}” is no known kind of report; it is kept as “other” ({item.url})."
        notes.append(Note("unknown_kind", message, item.url, item.urn))
    if item.date is None:
        message = f"{item.printed_kind or 'A publication'} has no date that can be read ({item.url})."
        notes.append(Note("no_date", message, item.url, item.urn))
    return notes


def _differences(old: Entry, item: Publication) -> list[Note]:
    notes = []
    if old.printed_kind != item.printed_kind:
        message = f"“{old.printed_kind}” is now called “{item.printed_kind}” ({item.url})."
        notes.append(Note("renamed_kind", message, item.url, item.urn))
    if item.date is not None and old.date != item.date:
        message = f"{item.printed_kind} of {old.date or 'unknown date'} is now dated {item.date} ({item.url})."
        notes.append(Note("new_date", message, item.url, item.urn))
    return notes


def _entry(row: tuple[Any, ...]) -> Entry:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    values["date"] = datetime.date.fromisoformat(values["date"]) if values["date"] else None
    for name in ("tried", "fetched"):
        values[name] = datetime.datetime.fromisoformat(values[name]) if values[name] else None
    return Entry(**values)


def open_database(path: Path, schema: str, *, dry: bool = False) -> sqlite3.Connection:
    """Open an SQLite file for one process alone, making it on first use; see ``Kept.open``."""
    try:
        if dry:
            connection = sqlite3.connect(":memory:", isolation_level=None)
            if path.exists():
                source = sqlite3.connect(path, timeout=1)
                source.backup(connection)
                source.close()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=1, isolation_level=None)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        connection.executescript(schema)
    except (sqlite3.Error, OSError) as error:
        if "locked" in str(error):
            message = f"Another pull is at work in {path.parent}. Wait until it is done."
            raise StoreError(message, code="locked") from error
        message = f"The manifest {path} cannot be opened: {error}. Name another folder, or move that file away."
        raise StoreError(message, code="manifest") from error
    return connection


def is_due(state: str, attempts: int, tried: datetime.datetime | None, now: datetime.datetime) -> bool:
    """Whether an address should be asked again: what leads to nothing after 1, 2, 4 ... ``LONGEST_PAUSE`` days."""
    if state not in ("gone", "refused") or tried is None:
        return True
    return now >= tried + datetime.timedelta(days=min(LONGEST_PAUSE, 2 ** max(0, attempts - 1)))


def now_text() -> str:
    """This moment (UTC) as manifests keep it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
