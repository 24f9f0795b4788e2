"""Reading article pages into a store, and keeping their comparison with the reports as new as the reports."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from ofsted_nlp.batch import content_hash
from ofsted_nlp.corpus.adding import AddResult, Unread
from ofsted_nlp.corpus.articles import compared
from ofsted_nlp.corpus.shelf import Shelf
from ofsted_nlp.errors import OfstedNlpError
from ofsted_nlp.reading.web import read_page
from ofsted_nlp.store import Store, is_stale
from ofsted_nlp.store.articles import KeptArticle
from ofsted_nlp.stories import Article, Page

SUFFIXES = (".html", ".htm", ".xhtml", ".txt")
"""What is read of a folder."""


def article_files(paths: str | Path | Iterable[str | Path]) -> list[Path | Unread]:
    """The files that paths, folders and patterns stand for, in the order given, each once.

    A folder stands for the HTML and text files in it, by name, but not for its subfolders: a browser puts there what a
    saved page is made of. In place of a folder or pattern that stands for nothing comes the reason.
    """
    found: dict[Path | Unread, None] = {}
    for item in [paths] if isinstance(paths, (str, Path)) else paths:
        path = Path(item)
        if path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if p.suffix.lower() in SUFFIXES and p.is_file()]
            message = f"There is no HTML and no text file in the folder {path}."
            found.update(dict.fromkeys(inside))
            if not inside:
                found[Unread(path.name or str(path), "no_articles", message)] = None
        elif path.exists() or not glob.has_magic(str(item)):
            found[path] = None
        else:
            matches = [Path(match) for match in sorted(glob.glob(str(item), recursive=True))]  # noqa: PTH207
            files = [p for p in matches if p.is_file()]
            found.update(dict.fromkeys(files))
            if not files:
                found[Unread(str(item), "not_found", f"No file matches {item}.")] = None
    return list(found)


def add_article_files(
    store: Store,
    paths: str | Path | Iterable[str | Path],
    *,
    version: str,
    reports: str | Path | None = None,
    seed: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> AddResult:
    """Read saved article pages into a store; see ``Corpus.add_articles``.

    ``version`` is that of the reader at work (``extraction.article.ARTICLE_VERSION``).
    """
    shelf = Shelf(reports, store=store, seed=seed)
    named = None if reports is None else str(Path(reports).resolve())
    items = article_files(paths)
    known = {kept[0]: kept[1:] for kept in store.connection.execute(_VERSIONS).fetchall()}
    counts: Counter[str] = Counter()
    failed: list[Unread] = []
    for done, item in enumerate(items, start=1):
        if isinstance(item, Unread):
            failed.append(item)
            continue
        there = known.get(content_hash(item) or "")
        again = there is not None and named not in (None, there[1])
        if there is not None and not again and not is_stale(there[0], version):
            counts["unchanged"] += 1
        else:
            try:
                page = read_page(item)
                outcome = keep_page(
                    store, page, shelf.near(item, named), version=version, path=item, reports=named, again=again
                )
                known[page.sha256] = (version, named)
                counts[outcome] += 1
                counts["partial"] += page.partial
            except OfstedNlpError as error:
                failed.append(Unread(item.name, error.code, error.message))
        if progress is not None:
            progress(done, len(items))
    if counts["new"] or counts["replaced"]:
        find_repeats(store)
    return AddResult(counts["new"], counts["replaced"], counts["unchanged"], counts["partial"], tuple(failed))


_VERSIONS = "SELECT sha256, extractor_version, reports FROM articles"


def keep_page(
    store: Store,
    page: Page,
    shelf: Shelf,
    *,
    version: str,
    path: str | Path | None = None,
    url: str | None = None,
    source: str | None = None,
    reports: str | None = None,
    again: bool = False,
) -> str:
    """Hold a page against the reports on the shelf and keep it; what became of it (see ``Store.add_article``)."""
    return keep(
        store,
        compared(page, shelf),
        shelf,
        version=version,
        path=path,
        url=url,
        source=source,
        reports=reports,
        again=again,
    )


def keep(
    store: Store,
    article: Article,
    shelf: Shelf,
    *,
    version: str,
    path: str | Path | None = None,
    url: str | None = None,
    source: str | None = None,
    reports: str | None = None,
    again: bool = False,
) -> str:
    """Keep an article that was held against the reports on this shelf; see ``Store.add_article``."""
    return store.add_article(
        article,
        extractor_version=version,
        path=path,
        url=url,
        source=source,
        reports=reports,
        compared_with=shelf.basis(article),
        again=again,
    )


def reread(store: Store, *, version: str, seed: bool = True) -> AddResult:
    """Hold stored articles anew against the reports that are known by now; see ``Corpus.reread_articles``."""
    shelf = Shelf(store=store, seed=seed)
    counts: Counter[str] = Counter()
    for kept in store.kept_articles():
        near = shelf.near(_path(kept), kept.reports)
        basis = near.basis(kept.article)
        if basis == kept.compared_with and not is_stale(kept.extractor_version, version):
            counts["unchanged"] += 1
            continue
        article = compared(_page(kept, version), near)
        counts["partial"] += article.page.partial
        counts["replaced"] += 1
        store.add_article(article, extractor_version=version, compared_with=near.basis(article), again=True)
    return AddResult(0, counts["replaced"], counts["unchanged"], counts["partial"], ())


def as_of_now(
    kept: KeptArticle,
    shelf: Shelf,
    version: str,
    done: dict[tuple[str, str], Article],
    reports: str | Path | None = None,
) -> Article:
    """A stored article as compared with the reports that are known now.

    Args:
        kept: the stored article.
        shelf: the reports that are known.
        version: that of the reader at work.
        done: the comparisons made before, by page and basis; a new one is added.
        reports: one more folder with PDFs of reports.
    """
    near = shelf.near(_path(kept), kept.reports, reports)
    basis = near.basis(kept.article)
    if basis == kept.compared_with and not is_stale(kept.extractor_version, version):
        return kept.article
    key = (kept.article.page.sha256, basis)
    if key not in done:
        done[key] = compared(_page(kept, version), near)
    return done[key]


def find_repeats(store: Store) -> None:
    """Tell of every stored page which earlier one has the same story; undated pages count as the latest."""
    from ofsted_nlp.extraction.press.alike import same_stories

    pages = store.article_texts()
    pages.sort(key=lambda page: (page.published is None, page.published and page.published.isoformat(), page.sha256))
    earlier = same_stories(pages)
    store.mark_repeats(
        {page.sha256: None if k is None else pages[k].sha256 for page, k in zip(pages, earlier, strict=True)}
    )


def _path(kept: KeptArticle) -> Path | None:
    return Path(kept.path) if kept.path else None


def _page(kept: KeptArticle, version: str) -> Page:
    """The page of a stored article; of one read by an older reader, read anew if its file is still what it was."""
    page, path = kept.article.page, _path(kept)
    if path is None or not is_stale(kept.extractor_version, version) or content_hash(path) != page.sha256:
        return page
    from dataclasses import replace

    try:
        return replace(read_page(path), url=page.url)
    except OfstedNlpError:
        return page
