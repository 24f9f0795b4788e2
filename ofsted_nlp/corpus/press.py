"""The part of a corpus that keeps press coverage: article pages, their stories, and how they cover the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.corpus.adding import AddResult, Unread
from ofsted_nlp.corpus.holdings import Day, as_day
from ofsted_nlp.corpus.reports import HeldReports
from ofsted_nlp.errors import NotFoundError, OfstedNlpError, ReadingError
from ofsted_nlp.records import Report
from ofsted_nlp.store.schema import PRESS_TABLES, story_row
from ofsted_nlp.stories import Article, Story

if TYPE_CHECKING:
    import pandas

    from ofsted_nlp.analysis.coverage import AuthorityCoverage
    from ofsted_nlp.authorities import AuthorityEntry
    from ofsted_nlp.documents import Document
    from ofsted_nlp.store.articles import KeptArticle

_PAGE_COLUMNS = ("published", "site", "page_title", "byline", "partial", "file", "url", "source", "repeats")
_STORY_COLUMNS = tuple(name for name in PRESS_TABLES["stories"] if name != "sha256")


class PressCoverage(HeldReports):
    """What a ``Corpus`` does with press coverage."""

    def add_articles(
        self,
        paths: str | Path | Iterable[str | Path],
        *,
        reports: str | Path | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> AddResult:
        """Read saved article pages (HTML) and text files into the store; those there already are not read again.

        Each is held against the reports known here: those of the store, of the national annotations, and of the folders
        where ``read_article`` looks. A page that cannot be read is listed in ``failed`` and stops nothing.

        Args:
            paths: files, folders (without their subfolders) and patterns.
            reports: one more folder with PDFs of reports. It is remembered with the pages; pages that are there already
                but were not compared with it are compared anew.
            progress: called with (pages done, pages in all).

        Raises:
            StoreError: the store cannot be written.
            UsageError: ``reports`` is no folder.
        """
        from ofsted_nlp.corpus.adding_articles import add_article_files

        with self._holdings.store(write=True) as store:
            return add_article_files(
                store, paths, version=article_version(), reports=reports, seed=self._holdings.seed, progress=progress
            )

    def articles(
        self, authority: str | None = None, since: Day | None = None, as_of: Day | None = None
    ) -> list[Article]:
        """The stored articles, by day of publication, as they compare with the reports known now.

        Where reports became known (or unknown) since an article was read, it is compared anew for the answer; the store
        itself is brought up to date by ``reread_articles``.

        Args:
            authority: only those with a story about it; any name of it, also one that only the articles use.
            since: only what was published from that day on; pages without a day are left out.
            as_of: only what was published by that day; pages without a day are left out.

        Raises:
            NotFoundError: no authority and no story has that name.
        """
        return [article for _, article in self._kept(authority, since, as_of)]

    def stories(
        self, authority: str | None = None, since: Day | None = None, as_of: Day | None = None
    ) -> pandas.DataFrame:
        """One row a story, by day of publication; arguments and comparison as for ``articles``.

        ``grade`` is the overall grade that the story gives, ``report_grade`` the report's, ``grade_agrees`` whether
        both are the same (missing where either is not known). Of judgements, quotations and figures there is the number
        of all, of those that agree with (stand in) the report, and of those that do not; what could not be compared is
        in neither. ``repeats`` is the ``sha256`` of an earlier page that has the same story.
        """
        import pandas

        urn = self._urn(authority)
        rows = []
        for kept, article in self._kept(authority, since, as_of):
            page = article.page
            for story in article:
                if authority is not None and not _is_of(story, urn, authority):
                    continue
                row = story_row(page.sha256, story)
                agrees = row["grade"] == row["report_grade"] if row["grade"] and row["report_grade"] else None
                about = (
                    page.published, page.site, page.title, page.byline, page.partial, page.file,
                    kept.url or page.url, kept.source, kept.repeats,
                )  # fmt: skip
                report_file = story.report.file if story.report else None
                rows.append(
                    {**row, "grade_agrees": agrees, "report_file": report_file}
                    | dict(zip(_PAGE_COLUMNS, about, strict=True))
                )
        first = ("authority", "urn", "published", "site", "title", "number", "grade", "report_grade", "grade_agrees")
        rest = (*_STORY_COLUMNS, "report_file", *_PAGE_COLUMNS, "sha256")
        columns = list(dict.fromkeys([*first, *rest]))
        frame = pandas.DataFrame(rows, columns=columns)
        for name in ("published", "report_published"):
            frame[name] = pandas.to_datetime(frame[name])
        return frame.astype({"urn": "Int64", "grade_agrees": "boolean"})

    def reread_articles(self) -> AddResult:
        """Compare the stored articles with the reports known now, and keep that.

        Articles whose reports are still the same are left alone; those read by an older version are read anew, from
        their file if it is still there. Nothing depends on calling this but speed: ``articles``, ``stories`` and
        ``coverage`` always answer for the reports known when they are asked.

        Raises:
            StoreError: the store cannot be written.
        """
        from ofsted_nlp.corpus.adding_articles import reread

        with self._holdings.store(write=True) as store:
            return reread(store, version=article_version(), seed=self._holdings.seed)

    def coverage(
        self,
        authority: str,
        report: str | tuple[str, Day] | None = None,
        pages: str | Path | Article | Iterable[str | Path | Article] = (),
        *,
        reports: str | Path | None = None,
    ) -> AuthorityCoverage:
        """How the press covered an authority's inspections; see ``analysis.coverage.authority_coverage``.

        Args:
            authority: any name of the authority.
            report: only what covers this report: its SHA-256, its file name, or (authority, day).
            pages: saved pages to take in beside the stored articles, without storing them: files, folders, patterns, or
                articles already read. What cannot be read stops nothing: it is named in ``warnings`` with the reason.
            reports: one more folder with PDFs of reports.

        Raises:
            NotFoundError: no authority of that name, or no such report.
            UsageError: ``reports`` is no folder.
        """
        from ofsted_nlp.analysis.coverage import authority_coverage
        from ofsted_nlp.authorities import register

        entry = register().by_urn(self._holdings.urn(authority))
        only = None if report is None else self.report(report).source.sha256
        articles = {article.page.sha256: article for _, article in self._kept(entry.display_name, None, None, reports)}
        given, unread = self._given(pages, reports)
        articles |= {article.page.sha256: article for article in given}
        chosen = [_covering(article, only) for article in articles.values()]
        covered = {
            story.report.sha256
            for article in chosen
            for story in article
            if story.report is not None and story.report.sha256 and story.urn == entry.urn
        }
        known, documents, warnings = self._reports_of(entry, covered | ({only} if only else set()), reports)
        if only is not None:
            known = [item for item in known if item.source.sha256 == only]
        return authority_coverage(
            entry, [article for article in chosen if len(article)], known, documents, warnings=[*unread, *warnings]
        )

    def _kept(
        self, authority: str | None, since: Day | None, as_of: Day | None, reports: str | Path | None = None
    ) -> list[tuple[KeptArticle, Article]]:
        """Stored articles, each with what it is now."""
        from ofsted_nlp.corpus.adding_articles import as_of_now
        from ofsted_nlp.corpus.shelf import Shelf

        conditions: list[str] = ["TRUE"]
        values: list[Any] = []
        if authority is not None:
            conditions.append("sha256 IN (SELECT sha256 FROM stories WHERE urn = ? OR lower(authority) = lower(?))")
            values += [self._urn(authority), authority.strip()]
        for sql, day in (("published >= ?", since), ("published <= ?", as_of)):
            if day is not None:
                conditions.append(sql)
                values.append(as_day(day))
        with self._holdings.store() as store:
            shelf = Shelf(reports, store=store, seed=self._holdings.seed)
            return [
                (kept, as_of_now(kept, shelf, article_version(), self._holdings.compared, reports))
                for kept in store.kept_articles(" AND ".join(conditions), values)
            ]

    def _urn(self, authority: str | None) -> int | None:
        """The number of an authority; None for a name that only stories use."""
        if authority is None:
            return None
        try:
            return self._holdings.urn(authority)
        except NotFoundError:
            with self._holdings.store() as store:
                sql = "SELECT 1 FROM stories WHERE lower(authority) = lower(?) LIMIT 1"
                if store.connection.execute(sql, [authority.strip()]).fetchone():
                    return None
            raise

    def _given(
        self, pages: str | Path | Article | Iterable[str | Path | Article], reports: str | Path | None
    ) -> tuple[list[Article], list[str]]:
        """Articles that were given or are read from files, held against the reports known now, and what is unread."""
        from ofsted_nlp.corpus.adding_articles import article_files
        from ofsted_nlp.corpus.articles import compared
        from ofsted_nlp.corpus.shelf import Shelf
        from ofsted_nlp.reading.web import read_page

        items = [pages] if isinstance(pages, (str, Path, Article)) else list(pages)
        made = [item for item in items if isinstance(item, Article)]
        unread: list[str] = []
        files = article_files(item for item in items if not isinstance(item, Article))
        with self._holdings.store() as store:
            shelf = Shelf(reports, store=store, seed=self._holdings.seed)
            for path in files:
                if isinstance(path, Unread):
                    unread.append(path.message)
                    continue
                try:
                    made.append(compared(read_page(path), shelf.near(path, reports)))
                except OfstedNlpError as error:
                    unread.append(error.message)
        return made, unread

    def _reports_of(
        self, entry: AuthorityEntry, covered: set[str], reports: str | Path | None
    ) -> tuple[list[Report], dict[str, Document], list[str]]:
        """The authority's reports, the documents of those covered whose PDF is at hand, and what went wrong."""
        from ofsted_nlp.batch import content_hash
        from ofsted_nlp.corpus.shelf import Shelf

        chosen = self._holdings.choose("urn = ? AND status <> 'failed'", [entry.urn])
        known = {item.source.sha256: item for item in self._holdings.load(chosen)}
        with self._holdings.store() as store:
            shelf = Shelf(reports, store=store, seed=self._holdings.seed)
            paths = shelf.pdfs(entry)
        documents: dict[str, Document] = {}
        warnings = list(shelf.warnings)
        for name, path in paths.items():
            sha256 = name if name in known else content_hash(path)
            if sha256 is None:
                warnings.append(f"{path.name} could not be read: the file cannot be opened.")
            elif sha256 in covered and sha256 not in documents:
                try:
                    known[sha256], documents[sha256] = _read(path, sha256, known.get(sha256))
                except OfstedNlpError as error:
                    warnings.append(f"{path.name} could not be read: {error.message}")
        return list(known.values()), documents, warnings


def _covering(article: Article, only: str | None) -> Article:
    """The article with its stories that cover this report; whole where none is named."""
    if only is None:
        return article
    stories = [story for story in article if story.report is not None and story.report.sha256 == only]
    return replace(article, stories=tuple(stories))


def _is_of(story: Story, urn: int | None, name: str) -> bool:
    return (urn is not None and story.urn == urn) or (story.authority or "").lower() == name.strip().lower()


def _read(path: Path, sha256: str, known: Report | None) -> tuple[Report, Document]:
    """The report and document of a PDF; what is known is kept if it has the sentences."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise ReadingError(f"the file cannot be opened ({error.strerror}).", code="unreadable") from error
    document = _document(path, changed)
    if document.source.sha256 != sha256:
        raise ReadingError("it is not the document that was published under this name.", code="other_document")
    if known is not None and any(finding.text for finding in known.findings):
        return known, document
    return _extracted(path, changed), document


@lru_cache(maxsize=8)
def _document(path: Path, changed: int) -> Document:
    """A PDF as read; ``changed`` keeps an older reading from being used."""
    from ofsted_nlp.reading.pdf import read_pdf

    return read_pdf(path)


@lru_cache(maxsize=32)
def _extracted(path: Path, changed: int) -> Report:
    """The report of a PDF with its findings."""
    from ofsted_nlp.extraction.report import extract

    return extract(_document(path, changed), strengths=False)


def article_version() -> str:
    """Version of the reader of articles at work."""
    from ofsted_nlp.extraction.article import ARTICLE_VERSION

    return ARTICLE_VERSION
