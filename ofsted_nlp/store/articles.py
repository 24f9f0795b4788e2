"""The part of the store that keeps article pages, each whole and once, with its stories as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.errors import StoreError
from ofsted_nlp.store.schema import PRESS_TABLES, Outcome, article_row, is_stale, story_row
from ofsted_nlp.stories import Article, Page

if TYPE_CHECKING:
    import duckdb

_KNOWN = ("path", "url", "source", "repeats", "reports", "compared_with")


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article with what the store knows of its page; see ``schema.PRESS_TABLES``."""

    article: Article
    extractor_version: str
    path: str | None = None
    url: str | None = None
    source: str | None = None
    repeats: str | None = None
    reports: str | None = None
    compared_with: str | None = None


class StoredArticles:
    """What a ``Store`` does with articles."""

    path: str
    connection: duckdb.DuckDBPyConnection

    @contextmanager
    def writing(self, name: str) -> Iterator[None]:
        """One transaction: what happens in it is kept whole or not at all; ``name`` is what is to be stored."""
        import duckdb

        try:
            self.connection.begin()
            try:
                yield
                self.connection.commit()
            except BaseException:
                self.connection.rollback()
                raise
        except duckdb.InvalidInputException as error:
            raise StoreError(f"The store {self.path} is open for reading only.", code="read_only") from error
        except duckdb.Error as error:
            raise StoreError(f"{name} could not be stored in {self.path}: {error}") from error

    def add_article(
        self,
        article: Article,
        *,
        extractor_version: str,
        url: str | None = None,
        source: str | None = None,
        path: str | Path | None = None,
        repeats: str | None = None,
        reports: str | Path | None = None,
        compared_with: str | None = None,
        again: bool = False,
    ) -> Outcome:
        """Keep an article with its stories, in one transaction.

        A page that is there already (same SHA-256) is left alone, unless it was read by an older version of the
        extractor; then the new record takes its place, and what is known of the page and not given anew is kept. A
        page that was fetched (``url``) takes the place of what the same address held before.

        Args:
            article: what was read.
            extractor_version: version of the extractor that made it (``extraction.article.ARTICLE_VERSION``).
            url: where the page was fetched.
            source: what the page was found by.
            path: where the file lies, so that it can be read again.
            repeats: the SHA-256 of an earlier page with the same story.
            reports: folder of PDFs that the article was compared with.
            compared_with: which reports it was held against (``shelf.Shelf.basis``).
            again: replace it whatever the version.

        Raises:
            StoreError: the store is read-only.
        """
        sha256 = article.page.sha256
        columns = ", ".join(("extractor_version", *_KNOWN))
        row = self.connection.execute(f"SELECT {columns} FROM articles WHERE sha256 = ?", [sha256]).fetchone()
        if row and not again and not is_stale(row[0], extractor_version):
            return "unchanged"
        given = (path, url, source, repeats, reports and str(reports), compared_with)
        before = row[1:] if row else (None,) * len(_KNOWN)
        known = {name: new if new is not None else old for name, new, old in zip(_KNOWN, given, before, strict=True)}
        earlier = self._same_address(url, sha256)
        with self.writing(article.page.file):
            for old in filter(None, (sha256 if row else None, earlier)):
                self.connection.execute("DELETE FROM stories WHERE sha256 = ?", [old])
                self.connection.execute("DELETE FROM articles WHERE sha256 = ?", [old])
            if earlier:
                self.connection.execute("UPDATE articles SET repeats = ? WHERE repeats = ?", [sha256, earlier])
            self._insert_rows("articles", [article_row(article, extractor_version, **known)])
            self._insert_rows("stories", [story_row(sha256, story) for story in article])
        return "replaced" if row or earlier else "new"

    def _same_address(self, url: str | None, sha256: str) -> str | None:
        """The page that was fetched from this address before and has other bytes."""
        if url is None:
            return None
        sql = "SELECT sha256 FROM articles WHERE url = ? AND sha256 <> ? LIMIT 2"
        rows = self.connection.execute(sql, [url, sha256]).fetchall()
        return rows[0][0] if len(rows) == 1 else None

    def _insert_rows(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
            self.connection.execute(sql, list(row.values()))

    def articles(self, urn: int | None = None) -> list[Article]:
        """The articles as they were last read, by day of publication.

        Args:
            urn: only those with a story about this authority.
        """
        where = "TRUE" if urn is None else "sha256 IN (SELECT sha256 FROM stories WHERE urn = ?)"
        return [kept.article for kept in self.kept_articles(where, [] if urn is None else [urn])]

    def kept_articles(self, where: str = "TRUE", parameters: Sequence[Any] = ()) -> list[KeptArticle]:
        """The articles with what is known of their pages, by day of publication.

        Args:
            where: an SQL condition on the columns of ``articles``.
            parameters: the values of its question marks.
        """
        rows = self.connection.execute(
            f"SELECT record, extractor_version, {', '.join(_KNOWN)} FROM articles WHERE {where} "
            "ORDER BY published NULLS FIRST, file, sha256",
            list(parameters),
        ).fetchall()
        return [KeptArticle(Article.from_dict(json.loads(record)), *rest) for record, *rest in rows]

    def article_hashes(self) -> dict[str, str]:
        """For the SHA-256 of every article page here, the version of the extractor that read it."""
        return dict(self.connection.execute("SELECT sha256, extractor_version FROM articles").fetchall())

    def mark_repeats(self, repeats: Mapping[str, str | None]) -> None:
        """Say of pages, by SHA-256, which earlier page has the same story; None for none."""
        known = dict(self.connection.execute("SELECT sha256, repeats FROM articles").fetchall())
        changed = [(new, sha) for sha, new in repeats.items() if sha in known and known[sha] != new]
        if changed:
            with self.writing("What repeats what"):
                self.connection.executemany("UPDATE articles SET repeats = ? WHERE sha256 = ?", changed)

    def article_texts(self) -> list[Page]:
        """The pages by what tells whether they are alike alone: hash, day and text."""
        rows = self.connection.execute("SELECT sha256, file, published, record FROM articles").fetchall()
        return [
            Page(file, sha256, json.loads(record)["page"]["text"], (), published=published)
            for sha256, file, published, record in rows
        ]

    def article_counts(self) -> dict[str, int]:
        """How many articles and stories there are."""
        every = ", ".join(f"(SELECT count(*) FROM {table})" for table in PRESS_TABLES)
        return dict(zip(PRESS_TABLES, self.connection.execute(f"SELECT {every}").fetchone() or (), strict=True))
