"""How far the pulls have come, as JSON lines and back: the part of an export that is not in the store itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path, PurePath
from typing import Any

from ofsted_nlp.corpus.press_pulling import press_folder
from ofsted_nlp.corpus.pulling import default_folder
from ofsted_nlp.errors import StoreError
from ofsted_nlp.sources.manifest import Manifest, now_text, open_database
from ofsted_nlp.sources.press_manifest import PressManifest

FILE = "manifest.sqlite"
TIMES = ("first_seen", "last_seen", "tried", "fetched", "at")
KEYS = {
    ("reports", "publications"): "urn, url",
    ("reports", "events"): "",
    ("press", "addresses"): "url",
    ("press", "sources"): "address",
    ("press", "events"): "",
}
"""Tables of the manifests with their keys; a table without is a log, and exported with the times alone."""


def exported_manifests(store: str, folder: str | Path | None, times: bool) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The members of an export that hold the manifests, each with its lines.

    Raises:
        StoreError: a pull is at work, or a manifest cannot be read.
    """
    for (name, table), key in KEYS.items():
        path, schema = _manifest(name, store, folder)
        if not path.is_file() or not (key or times):
            continue
        with closing(open_database(path, schema, dry=True)) as connection:
            columns = [column for column in _columns(connection, table) if times or column not in TIMES]
            order = key or "rowid"
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}").fetchall()
        lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False).encode() + b"\n" for row in rows)
        yield f"manifests/{name}.{table}.jsonl", lines


@contextmanager
def merged_manifests(store: str, folder: str | Path | None, members: Mapping[str, Sequence[bytes]]) -> Iterator[int]:
    """Adds what the manifests do not know yet: how many rows; all of it counts when the ``with`` is left well.

    Raises:
        StoreError: a pull is at work, or a line is no row.
    """
    added = 0
    with ExitStack() as stack:
        opened: dict[str, sqlite3.Connection] = {}
        for member, lines in members.items():
            _, name, table = member.removesuffix(".jsonl").replace(".", "/").split("/")
            if (name, table) not in KEYS:
                raise _bad(f"there is no manifest {member}")
            path, schema = _manifest(name, store, folder)
            if not lines:
                continue
            if name not in opened:
                opened[name] = stack.enter_context(closing(open_database(path, schema)))
                opened[name].execute("BEGIN")
            added += _merge(opened[name], table, KEYS[name, table], lines, member)
        yield added
        for connection in opened.values():
            connection.execute("COMMIT")


def _merge(connection: sqlite3.Connection, table: str, key: str, lines: Sequence[bytes], member: str) -> int:
    if not key and connection.execute(f"SELECT count(*) FROM {table}").fetchone() != (0,):
        return 0  # two logs cannot be made one without telling things twice
    facts = connection.execute(f"PRAGMA table_info({table})").fetchall()
    kinds = {column: int if kind == "INTEGER" else str for _, column, kind, *_ in facts}
    required = {column for _, column, _, needed, default, part in facts if (needed or part) and default is None}
    conflict = f"ON CONFLICT ({key}) DO NOTHING" if key else ""
    now, added = now_text(), 0
    for line in lines:
        try:
            row: dict[str, Any] = json.loads(line)
            given = {column: value for column, value in row.items() if value is not None}
        except (ValueError, AttributeError, RecursionError) as error:
            raise _bad(f"{member} has a line that is no row") from error
        given = dict.fromkeys(required & set(TIMES), now) | given
        fits = all(column in kinds and isinstance(value, kinds[column]) for column, value in given.items())
        file = given.get("file", "")
        if not fits or required - given.keys() or PurePath(file).name != file or "\\" in file:
            raise _bad(f"{member} has a row that is none of a manifest")
        made = connection.execute(
            f"INSERT INTO {table} ({', '.join(given)}) VALUES ({', '.join('?' * len(given))}) {conflict}",
            list(given.values()),
        )
        added += made.rowcount if key else 0
    return added


def _manifest(name: str, store: str, folder: str | Path | None) -> tuple[Path, str]:
    """The file of a manifest and its schema."""
    if name == "press":
        return press_folder(store, folder) / FILE, PressManifest.schema
    return (Path(folder) if folder is not None else default_folder(store)) / FILE, Manifest.schema


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _bad(what: str) -> StoreError:
    return StoreError(f"The export cannot be imported: {what}. Nothing was imported.", code="bad_export")
