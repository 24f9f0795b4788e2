"""The record of every article address ever seen in the press sources: what was decided, and why."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.sources.manifest import Kept, Note, is_due, now_text
from ofsted_nlp.sources.press import Candidate, PressSource

MANIFEST = "manifest.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS addresses (
    url TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT, date TEXT, first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL, state TEXT NOT NULL, code TEXT, message TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, tried TEXT, fetched TEXT, final_url TEXT, sha256 TEXT, size INTEGER,
    file TEXT, partial INTEGER, urns TEXT, repeats TEXT
);
CREATE INDEX IF NOT EXISTS addresses_by_state ON addresses (state);
CREATE TABLE IF NOT EXISTS sources (
    address TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, hosts TEXT NOT NULL, state TEXT NOT NULL,
    code TEXT, message TEXT, attempts INTEGER NOT NULL DEFAULT 0, tried TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS events (at TEXT NOT NULL, url TEXT, code TEXT NOT NULL, message TEXT NOT NULL);
PRAGMA user_version = 1;
"""
_COLUMNS = (
    "url, source, title, date, state, code, message, attempts, tried, fetched, final_url, sha256, size, file, partial, "
    "urns, repeats"
)


@dataclass(frozen=True, slots=True)
class PressEntry:
    """What the manifest knows of one address.

    Attributes:
        url, source, title, date: see ``Candidate``; ``date`` stays the first that was given.
        state: "listed" (worth fetching, not fetched yet), "passed_over" (by what its source says of it), "fetched",
            "irrelevant" (by what the page says; not kept), "repeats" (fetched; tells an earlier page's story), "gone",
            "refused" or "failed" (as for reports).
        code, message: why it was passed over, is irrelevant, or could not be had.
        attempts, tried: how many runs tried in vain, and when the last did (UTC).
        fetched, final_url: when it came (UTC), and from where after redirects.
        sha256, size, file: hash and size (bytes) of the file and its name in the folder.
        partial: whether only the public part could be read; None until it is read.
        urns: Ofsted's numbers of the authorities it is about; None until it is read.
        repeats: SHA-256 of the earlier page.
    """

    url: str
    source: str
    title: str | None
    date: datetime.date | None
    state: str
    code: str | None
    message: str | None
    attempts: int
    tried: datetime.datetime | None
    fetched: datetime.datetime | None
    final_url: str | None
    sha256: str | None
    size: int | None
    file: str | None
    partial: bool | None
    urns: tuple[int, ...] | None
    repeats: str | None

    def due(self, now: datetime.datetime) -> bool:
        """Whether it should be fetched now, its file not being there."""
        return is_due(self.state, self.attempts, self.tried, now)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article that a source lists, with whether that makes it worth fetching, and why not."""

    candidate: Candidate
    worth: bool
    code: str | None = None
    message: str | None = None


class PressManifest(Kept):
    """The manifest of press coverage."""

    schema = _SCHEMA

    def see(self, sightings: Iterable[Sighting]) -> list[str]:
        """Take in what the sources list now; the addresses that no earlier run has seen.

        What is decided stays so; an address that was passed over is worth fetching once a source makes it so.
        """
        now = now_text()
        new: list[str] = []
        self._connection.execute("BEGIN")
        for item in sightings:
            one = item.candidate
            state = "listed" if item.worth else "passed_over"
            day = one.published.isoformat() if one.published else None
            made = self._connection.execute(
                "INSERT OR IGNORE INTO addresses (url, source, title, date, first_seen, last_seen, state, code, "
                "message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [one.url, one.source, one.title, day, now, now, state, item.code, item.message],
            )
            if made.rowcount:
                new.append(one.url)
                continue
            self._connection.execute(
                "UPDATE addresses SET last_seen = ?, title = coalesce(title, ?), date = coalesce(date, ?) "
                "WHERE url = ?",
                [now, one.title, day, one.url],
            )
            self._connection.execute(
                "UPDATE addresses SET state = ?, code = ?, message = ? WHERE url = ? AND state = 'passed_over'",
                [state, item.code, item.message, one.url],
            )
        self._connection.execute("COMMIT")
        return new

    def entries(self, states: Collection[str] | None = None, since: datetime.date | None = None) -> list[PressEntry]:
        """What is known, the latest first.

        Args:
            states: only those in these states.
            since: dated from that day on; those without a date are always among them.
        """
        sql = f"SELECT {_COLUMNS} FROM addresses WHERE (date IS NULL OR date >= ?)"
        values: list[object] = [since.isoformat() if since else ""]
        if states is not None:
            sql += f" AND state IN ({', '.join('?' * len(states))})"
            values += states
        return [_entry(row) for row in self._rows(f"{sql} ORDER BY date DESC, url", values)]

    def entry(self, url: str) -> PressEntry:
        """What is known of an address that was seen."""
        return _entry(self._rows(f"SELECT {_COLUMNS} FROM addresses WHERE url = ?", [url])[0])

    def fetched(self, url: str, *, final_url: str, sha256: str, size: int, file: str) -> None:
        """Note that an address's page is there, not read yet."""
        self._connection.execute(
            "UPDATE addresses SET state = 'fetched', code = NULL, message = NULL, fetched = ?, final_url = ?, "
            "sha256 = ?, size = ?, file = ?, urns = NULL, partial = NULL, repeats = NULL WHERE url = ?",
            [now_text(), final_url, sha256, size, file, url],
        )

    def irrelevant(self, url: str, *, code: str, message: str) -> None:
        """Note why a page that was fetched is no coverage that is looked for."""
        self._connection.execute(
            "UPDATE addresses SET state = 'irrelevant', code = ?, message = ? WHERE url = ?", [code, message, url]
        )

    def read(self, url: str, *, urns: Collection[int], partial: bool, day: datetime.date | None) -> None:
        """Note what a relevant page is about."""
        self._connection.execute(
            "UPDATE addresses SET urns = ?, partial = ?, date = coalesce(date, ?) WHERE url = ?",
            [json.dumps(sorted(urns)), int(partial), day.isoformat() if day else None, url],
        )

    def repeats(self, url: str, sha256: str | None) -> None:
        """Note which earlier page has the same story; None for none."""
        self._connection.execute(
            "UPDATE addresses SET state = ?, repeats = ? WHERE url = ?",
            ["fetched" if sha256 is None else "repeats", sha256, url],
        )

    def without_file(self, url: str) -> None:
        """Note that the file is not kept."""
        self._connection.execute("UPDATE addresses SET file = NULL WHERE url = ?", [url])

    def missed(self, url: str, *, state: str, code: str, message: str) -> None:
        """Note why an address could not be fetched."""
        now = now_text()
        self._connection.execute("BEGIN")
        self._connection.execute(
            "UPDATE addresses SET state = ?, code = ?, message = ?, tried = ?, attempts = attempts + 1 WHERE url = ?",
            [state, code, message, now, url],
        )
        self._write([Note(code, message, url)], now)
        self._connection.execute("COMMIT")

    def source_answered(self, source: PressSource) -> None:
        """Note that a source could be read."""
        self._connection.execute(
            "INSERT OR REPLACE INTO sources (address, name, kind, hosts, state, tried) VALUES (?, ?, ?, ?, 'read', ?)",
            [source.address, source.name, source.kind, " ".join(source.hosts), now_text()],
        )

    def source_missed(self, source: PressSource, *, state: str, code: str, message: str) -> None:
        """Note why a source could not be read; ``state`` as for addresses."""
        now = now_text()
        values = [source.address, source.name, source.kind, " ".join(source.hosts), state, code, message, now]
        self._connection.execute("BEGIN")
        self._connection.execute(
            "INSERT INTO sources (address, name, kind, hosts, state, code, message, attempts, tried) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name, "
            "kind = excluded.kind, hosts = excluded.hosts, state = excluded.state, code = excluded.code, "
            "message = excluded.message, tried = excluded.tried, "
            "attempts = iif(kind = excluded.kind AND hosts = excluded.hosts, attempts + 1, 1)",
            values,
        )
        self._write([Note(code, message, source.address)], now)
        self._connection.execute("COMMIT")

    def source_due(self, source: PressSource, now: datetime.datetime) -> str | None:
        """Why a source should be left alone for now; None if it should be asked.

        One that is on this machine, and one whose entry in the file of sources was changed, always should.
        """
        rows = self._rows(
            "SELECT state, attempts, tried, message FROM sources WHERE address = ? AND kind = ? AND hosts = ?",
            [source.address, source.kind, " ".join(source.hosts)],
        )
        if not rows or source.kind in ("list", "pages"):
            return None
        state, attempts, tried, message = rows[0]
        due = is_due(state, attempts, datetime.datetime.fromisoformat(tried), now)
        return None if due else str(message)

    def note(self, notes: Iterable[Note]) -> None:
        """Keep notes among the events, each once: what is not right stays so night after night."""
        kept = "SELECT 1 FROM events WHERE code = ? AND message = ?"
        self._write([note for note in notes if not self._rows(kept, [note.code, note.message])], now_text())

    def events(self) -> list[Note]:
        """All notes ever kept, the oldest first."""
        return [Note(*row) for row in self._rows("SELECT code, message, coalesce(url, '') FROM events ORDER BY rowid")]

    def _write(self, notes: Iterable[Note], now: str) -> None:
        self._connection.executemany(
            "INSERT INTO events (at, url, code, message) VALUES (?, ?, ?, ?)",
            [(now, note.url or None, note.code, note.message) for note in notes],
        )

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, tuple(values)).fetchall()


def _entry(row: tuple[Any, ...]) -> PressEntry:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    values["date"] = datetime.date.fromisoformat(values["date"]) if values["date"] else None
    for name in ("tried", "fetched"):
        values[name] = datetime.datetime.fromisoformat(values[name]) if values[name] else None
    values["partial"] = None if values["partial"] is None else bool(values["partial"])
    values["urns"] = None if values["urns"] is None else tuple(json.loads(values["urns"]))
    return PressEntry(**values)
