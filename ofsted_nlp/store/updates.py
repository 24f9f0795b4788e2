"""The part of the store that remembers what updates have told, so that nothing is told twice and nothing is lost."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ofsted_nlp.store.articles import StoredArticles

_UNTOLD = "SELECT sha256 FROM {} WHERE sha256 NOT IN (SELECT sha256 FROM told) ORDER BY added_at, sha256"


class StoredUpdates(StoredArticles):
    """What a ``Store`` does for updates."""

    def begin_updates(self, now: datetime.datetime) -> None:
        """Before the first update: what is there by now is no news. Does nothing before later ones."""
        with self.writing("The first update"):
            if self.connection.execute("SELECT count(*) FROM updates").fetchone() != (0,):
                return
            self.connection.execute("INSERT INTO updates VALUES (0, ?, '[]')", [now])
            for table in ("documents", "articles"):
                self.connection.execute(
                    f"INSERT INTO told SELECT sha256, 0 FROM {table} WHERE sha256 NOT IN (SELECT sha256 FROM told)"
                )

    def untold(self, table: str = "documents") -> list[str]:
        """The SHA-256s of documents (or of ``articles``) that no update has told of, in the order they were added."""
        return [sha256 for (sha256,) in self.connection.execute(_UNTOLD.format(table)).fetchall()]

    def has_told(self) -> bool:
        """Whether an update has told of any document, or found any there when it was the first."""
        return self.connection.execute("SELECT count(*) FROM told").fetchone() != (0,)

    def first_update(self) -> datetime.datetime | None:
        """When updates of this store began (UTC)."""
        row = self.connection.execute("SELECT min(told_at) FROM updates").fetchone()
        return row[0] if row else None

    def told_changes(self, most: int) -> list[dict[str, Any]]:
        """What the last updates told, the latest first.

        Args:
            most: at least so many changes are given, if there are; then whole updates.
        """
        cursor = self.connection.execute("SELECT changes FROM updates ORDER BY number DESC")
        found: list[dict[str, Any]] = []
        while len(found) < most and (row := cursor.fetchone()):
            found += json.loads(row[0])
        return found

    def record_update(
        self,
        changes: Sequence[Mapping[str, Any]],
        told: Iterable[str],
        outputs: Mapping[str, str],
        now: datetime.datetime,
    ) -> None:
        """Note, in one transaction, what was told and what was written.

        Args:
            changes: what was told, as plain data.
            told: SHA-256s of the documents and pages that it was about.
            outputs: for each file or folder that was written a digest of what it was made from.
            now: when (UTC).
        """
        with self.writing("What the update told"):
            sha256s = [*told]
            if sha256s:
                row = self.connection.execute("SELECT coalesce(max(number), 0) + 1 FROM updates").fetchone()
                number = row[0] if row else 1
                self.connection.execute(
                    "INSERT INTO updates VALUES (?, ?, ?)", [number, now, json.dumps(list(changes), ensure_ascii=False)]
                )
                self.connection.execute(
                    "INSERT INTO told SELECT DISTINCT unnest(?::VARCHAR[]), ? ON CONFLICT DO NOTHING",
                    [sha256s, number],
                )
            for place, basis in outputs.items():
                self.connection.execute("INSERT OR REPLACE INTO outputs VALUES (?, ?)", [place, basis])

    def output_basis(self, place: str) -> str | None:
        """The digest of what a file or folder was made from when an update wrote it last."""
        row = self.connection.execute("SELECT basis FROM outputs WHERE place = ?", [place]).fetchone()
        return row[0] if row else None

    def set_clusters(self, clusters: Mapping[str, int]) -> None:
        """Note the cluster of findings, by their id."""
        if clusters:
            import pyarrow

            fresh = pyarrow.table({"id": [*clusters], "cluster": pyarrow.array(clusters.values(), pyarrow.int32())})
            with self.writing("Clusters"):
                self.connection.register("fresh", fresh)
                self.connection.execute(
                    "UPDATE findings SET cluster = fresh.cluster FROM fresh WHERE findings.id = fresh.id"
                )
                self.connection.unregister("fresh")
