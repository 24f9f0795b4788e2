"""One pull of press coverage: what the sources list, the pages worth fetching, and the stories into the store."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ofsted_nlp.corpus.holdings import Holdings
from ofsted_nlp.corpus.press_reading import Outcome, PressReading, is_there, may_be_about, sweep
from ofsted_nlp.corpus.press_result import PressResult
from ofsted_nlp.corpus.pulling import chosen_authorities, default_folder
from ofsted_nlp.stories import Page

if TYPE_CHECKING:
    from ofsted_nlp.sources.http import Client
    from ofsted_nlp.sources.press_discovery import Announced, Progress, Verdict
    from ofsted_nlp.sources.press_manifest import PressEntry, PressManifest

FOLDER_VARIABLE = "OFSTED_NLP_PRESS"
WANTED = ("listed", "failed", "gone", "refused", "fetched", "repeats")
"""States of articles whose page should be there."""


@dataclass(frozen=True, slots=True)
class Judges:
    """Who says what is coverage: of an announcement, and of a page."""

    announced: Announced
    relevance: Callable[[Page], Verdict]


def usual_judges() -> Judges:
    """Those of ``extraction.press.relevance``."""
    from ofsted_nlp.extraction.press.relevance import announced, relevance

    return Judges(announced, relevance)


def press_folder(store: str, reports: str | Path | None = None) -> Path:
    """Where pages are kept: ``OFSTED_NLP_PRESS`` if set, else the folder ``press`` beside that of the reports."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    return (Path(reports) if reports is not None else default_folder(store)).absolute().parent / "press"


def pull_press(
    holdings: Holdings,
    authorities: Sequence[str] = (),
    *,
    since: datetime.date | None = None,
    dry_run: bool = False,
    contact: str | None = None,
    press_sources: str | Path | None = None,
    folder: str | Path | None = None,
    press: str | Path | None = None,
    progress: Progress | None = None,
    client: Client | None = None,
    judges: Judges | None = None,
    today: datetime.date | None = None,
) -> PressResult:
    """See ``Corpus.pull_press``.

    Args:
        holdings: the store.
        authorities: only articles on these are stored; none for all.
        since: only articles dated from that day on.
        dry_run: read the sources alone, and fetch and store nothing.
        contact: see ``Corpus.pull``.
        press_sources: the file of sources; see ``sources.press.sources_file``.
        folder: where the PDFs of reports are; None for ``pulling.default_folder``.
        press: where pages and the manifest are kept; None for ``press_folder``.
        progress: see ``sources.press_discovery.Progress``.
        client: whom to ask with; None for one that may ask the hosts of the sources.
        judges: who says what is coverage.
        today: the day on which this runs.
    """
    from ofsted_nlp.sources.http import Client
    from ofsted_nlp.sources.press import load_sources, sources_file
    from ofsted_nlp.sources.press_discovery import discover, fetch_all
    from ofsted_nlp.sources.press_manifest import MANIFEST, PressManifest

    sources = load_sources(sources_file(press_sources))
    chosen = frozenset(entry.urn for entry in chosen_authorities(authorities))
    place = Path(press) if press is not None else press_folder(holdings.path, folder)
    judges = judges or usual_judges()
    own = client is None
    if client is None:
        cache = None if dry_run and not place.is_dir() else place / ".cache"
        client = Client(*sorted({host for source in sources for host in source.hosts}), contact=contact, cache=cache)
    if not dry_run:
        with holdings.store(write=True):
            pass  # a store that is in use is told before anything is asked for
    try:
        with PressManifest.open(place / MANIFEST, dry=dry_run) as manifest:
            found = discover(
                client,
                manifest,
                sources,
                announced=judges.announced,
                since=since,
                today=today or datetime.datetime.now(datetime.UTC).date(),
                progress=progress,
            )
            with holdings.store() as store:
                held = store.article_hashes().keys()
            selected, left_out = _selected(manifest, since, chosen, place, held)
            fetched: list[PressEntry] = []
            problems = list(found.problems)
            read = Outcome()
            if not dry_run:
                fetched, missed = fetch_all(client, manifest, selected, place, progress)
                problems += missed
                with holdings.store(write=True) as store:
                    reading = PressReading(manifest, store, place, sources, chosen, judges.relevance, folder)
                    read = reading.read_all(since, progress, seed=holdings.seed)
                sweep(manifest, place)
                selected = _missing(manifest, selected)
            new = set(found.new)
            entries = [entry for entry in manifest.entries() if entry.url in new]
            return PressResult(
                sources=found.sources,
                left_alone=tuple(found.left_alone),
                candidates=found.listed,
                new=tuple(entries),
                fetched=tuple(fetched),
                waiting=tuple(selected),
                passed_over=tuple(entry for entry in entries if entry.state == "passed_over"),
                relevant=tuple(manifest.entry(url) for url in read.relevant),
                irrelevant=tuple(manifest.entry(url) for url in read.irrelevant),
                repeats=tuple(entry for url in read.relevant if (entry := manifest.entry(url)).state == "repeats"),
                not_chosen=left_out + read.not_chosen,
                problems=tuple(problems),
                notices=(*found.notices, *read.notices),
                added=None if dry_run else read.added(),
                requests=client.counts["requests"],
                bytes=client.counts["bytes"],
                folder=place,
                dry_run=dry_run,
            )
    finally:
        if own:
            client.close()


def _selected(
    manifest: PressManifest, since: datetime.date | None, chosen: frozenset[int], place: Path, held: Collection[str]
) -> tuple[list[PressEntry], int]:
    """The addresses to fetch now, and how many are left out by date or authority."""
    now = datetime.datetime.now(datetime.UTC)
    every = manifest.entries(WANTED)
    wanted = [entry for entry in manifest.entries(WANTED, since) if may_be_about(entry, chosen)]
    due = [entry for entry in wanted if entry.due(now) and entry.sha256 not in held and not is_there(entry, place)]
    return due, len(every) - len(wanted)


def _missing(manifest: PressManifest, entries: Iterable[PressEntry]) -> list[PressEntry]:
    now = [manifest.entry(entry.url) for entry in entries]
    return [entry for entry in now if entry.state in ("listed", "failed", "gone", "refused")]
