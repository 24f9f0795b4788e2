"""Fetched article pages -> what they are: no coverage, or stories that are held against their reports and stored."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ofsted_nlp.authorities import register
from ofsted_nlp.corpus.adding import AddResult, Unread
from ofsted_nlp.errors import OfstedNlpError, ReadingError
from ofsted_nlp.store import Store, is_stale
from ofsted_nlp.stories import Article, Page

if TYPE_CHECKING:
    from ofsted_nlp.corpus.shelf import Shelf
    from ofsted_nlp.sources.manifest import Note
    from ofsted_nlp.sources.press import PressSource
    from ofsted_nlp.sources.press_discovery import Progress, Verdict
    from ofsted_nlp.sources.press_manifest import PressEntry, PressManifest

_THERE = ("fetched", "repeats")


@dataclass
class Outcome:
    """What became of the pages that were read.

    Attributes:
        relevant: addresses of those that cover an inspection of a chosen authority.
        irrelevant: addresses of those that cover none.
        not_chosen: how many cover one of another authority.
        notices: pages without an article that could be read.
        stored: how many the store has as "new", "replaced", "unchanged", and how many of them are "partial".
        failed: pages that could not be read.
    """

    relevant: list[str] = field(default_factory=list)
    irrelevant: list[str] = field(default_factory=list)
    not_chosen: int = 0
    notices: list[Note] = field(default_factory=list)
    stored: Counter[str] = field(default_factory=Counter)
    failed: list[Unread] = field(default_factory=list)

    def added(self) -> AddResult:
        """The same as a result of adding."""
        counts = self.stored
        return AddResult(counts["new"], counts["replaced"], counts["unchanged"], counts["partial"], tuple(self.failed))


def is_there(entry: PressEntry, folder: Path) -> bool:
    """Whether an article's page is in the folder."""
    return entry.file is not None and (folder / entry.file).is_file()


def may_be_about(entry: PressEntry, chosen: frozenset[int]) -> bool:
    """Whether an article may be about a chosen authority, as far as its page, else its headline, tells."""
    if not chosen:
        return True
    if entry.urns is not None:
        return bool(chosen & set(entry.urns))
    named = {mention.entry.urn for mention in register().find(entry.title or "")}
    return not named or bool(named & chosen)


def sweep(manifest: PressManifest, folder: Path) -> None:
    """Remove the pages that are no coverage, those too that a killed run has left."""
    for entry in manifest.entries(("irrelevant",)):
        if entry.file is not None:
            with suppress(OSError):
                (folder / entry.file).unlink(missing_ok=True)
            manifest.without_file(entry.url)


@dataclass
class PressReading:
    """The reading of pages; what it needs is the same for all of them.

    Attributes:
        manifest, store: where it is noted and kept.
        folder: where the pages are.
        sources: the press sources.
        chosen: Ofsted's numbers of the authorities whose coverage is stored; empty for all.
        relevance: judges a page.
        reports: the folder of PDFs, if it is not the one beside ``folder``.
        done: what has become of the pages so far.
    """

    manifest: PressManifest
    store: Store
    folder: Path
    sources: Sequence[PressSource]
    chosen: frozenset[int]
    relevance: Callable[[Page], Verdict]
    reports: str | Path | None = None
    done: Outcome = field(default_factory=Outcome)

    def read_all(self, since: datetime.date | None, progress: Progress | None, *, seed: bool) -> Outcome:
        """Read the pages that are not read or not stored yet, and note of each what it is.

        That a page is read is noted only when all are stored and it is known which repeat which: a run that is killed
        before is made up for by the next one, which does not read again what is stored.
        """
        from ofsted_nlp.corpus.adding_articles import find_repeats
        from ofsted_nlp.corpus.shelf import Shelf
        from ofsted_nlp.extraction.article import ARTICLE_VERSION

        held = self.store.article_hashes()
        stored = {sha256 for sha256, version in held.items() if not is_stale(version, ARTICLE_VERSION)}
        owners = self._owners()
        wanted = [
            entry
            for entry in self.manifest.entries(_THERE, since)
            if is_there(entry, self.folder)
            and may_be_about(entry, self.chosen)
            and not (entry.urns is not None and (entry.sha256 in stored or owners[str(entry.sha256)] != entry.url))
        ]
        wanted.sort(key=lambda entry: (entry.date or datetime.date.max, entry.url))
        shelf = Shelf(store=self.store, seed=seed)
        kept: list[tuple[PressEntry, Article]] = []
        for number, entry in enumerate(wanted, start=1):
            article = self._article(entry, shelf, ARTICLE_VERSION, stored)
            if article is not None:
                kept.append((entry, article))
            if progress is not None:
                progress("stories", number, len(wanted))
        if kept:
            find_repeats(self.store)
            self._note(kept, owners)
        return self.done

    def _owners(self) -> dict[str, str]:
        """For each content the first of the addresses that hold it."""
        entries = self.manifest.entries(_THERE)
        entries.sort(key=lambda entry: (entry.date or datetime.date.max, entry.url))
        owners: dict[str, str] = {}
        for entry in entries:
            owners.setdefault(str(entry.sha256), entry.url)
        return owners

    def _article(self, entry: PressEntry, shelf: Shelf, version: str, stored: set[str]) -> Article | None:
        """The stored article of a page that covers an inspection of a chosen authority; None for any other."""
        sha256 = str(entry.sha256)
        if sha256 in stored:  # by a run that was killed, by hand, or from another address with the same bytes
            self.done.stored["unchanged"] += 1
            return self.store.kept_articles("sha256 = ?", [sha256])[0].article
        name = str(entry.file)
        try:
            page = self._page(entry)
            if page is None:
                return None
            return self._kept(entry, page, shelf, version, stored)
        except OfstedNlpError as error:
            self.done.failed.append(Unread(name, error.code, error.message))
        except Exception as error:  # pages are made by strangers; one that no reader foresaw should not stop the run
            message = f"{name} could not be read ({type(error).__name__}: {error}). Please report it: {entry.url}"
            self.done.failed.append(Unread(name, "reader_crashed", message))
        return None

    def _page(self, entry: PressEntry) -> Page | None:
        """A page that is coverage, with what its source says where it does not say so itself; None for any other."""
        from ofsted_nlp.reading.web import page_of
        from ofsted_nlp.sources.manifest import Note

        name = str(entry.file)
        address = None if entry.url.startswith("file:") else entry.final_url
        try:
            page = page_of((self.folder / name).read_bytes(), name, address)
        except ReadingError as error:
            message = f"{entry.url} cannot be read as an article: {error.message.replace(name, 'it')}"
            self.done.notices.append(Note(error.code, message, entry.url))
            self.manifest.note(self.done.notices[-1:])
            self._drop(entry, error.code, message)
            return None
        site = next((source.site for source in self.sources if source.name == entry.source), None)
        page = replace(page, published=page.published or entry.date, site=page.site or site)
        verdict = self.relevance(page)
        if not verdict.relevant:
            self._drop(entry, verdict.reason, verdict.words)
            return None
        return page

    def _drop(self, entry: PressEntry, code: str, message: str) -> None:
        self.manifest.irrelevant(entry.url, code=code, message=message)
        self.done.irrelevant.append(entry.url)

    def _kept(self, entry: PressEntry, page: Page, shelf: Shelf, version: str, stored: set[str]) -> Article | None:
        """The page's article, stored; None if it is about none of the chosen authorities."""
        from ofsted_nlp.corpus.adding_articles import keep
        from ofsted_nlp.corpus.articles import compared

        path = (self.folder / str(entry.file)).absolute()
        near = shelf.near(path, self.reports)
        article = compared(page, near)
        urns = _urns(article)
        if self.chosen and not self.chosen & set(urns):
            self.manifest.read(entry.url, urns=urns, partial=page.partial, day=page.published)
            self.done.not_chosen += 1
            return None
        outcome = keep(
            self.store,
            article,
            near,
            version=version,
            path=path,
            url=page.url,
            source=entry.source,
            reports=self._named(),
        )
        stored.add(page.sha256)
        self.done.stored[outcome] += 1
        self.done.stored["partial"] += page.partial
        return article

    def _named(self) -> str | None:
        return None if self.reports is None else str(Path(self.reports).resolve())

    def _note(self, kept: Sequence[tuple[PressEntry, Article]], owners: dict[str, str]) -> None:
        """Note of the articles what they are about, and of all which earlier page has the same story."""
        for entry, article in kept:
            page = article.page
            self.manifest.read(entry.url, urns=_urns(article), partial=page.partial, day=page.published)
            self.done.relevant.append(entry.url)
        earlier = dict(self.store.connection.execute("SELECT sha256, repeats FROM articles").fetchall())
        for entry in self.manifest.entries(_THERE):
            sha256 = str(entry.sha256)
            if entry.urns is None or sha256 not in earlier:
                continue
            repeats = earlier[sha256] or (sha256 if owners.get(sha256) != entry.url else None)
            if repeats != entry.repeats:
                self.manifest.repeats(entry.url, repeats)


def _urns(article: Article) -> list[int]:
    return sorted({story.urn for story in article if story.urn is not None})
