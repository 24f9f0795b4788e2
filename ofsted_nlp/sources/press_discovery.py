"""The press sources of a run: what they list goes into the manifest, what is worth fetching onto the disk."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ofsted_nlp.errors import GoneError, RefusedError, SourceError
from ofsted_nlp.sources.http import Client
from ofsted_nlp.sources.manifest import Note
from ofsted_nlp.sources.pace import Stopped
from ofsted_nlp.sources.press import Candidate, Listing, NotASourceError, PressSource, read_source
from ofsted_nlp.sources.press_manifest import PressEntry, PressManifest, Sighting
from ofsted_nlp.sources.press_pages import fetch
from ofsted_nlp.sources.side_by_side import side_by_side

Progress = Callable[[str, int, int], None]
"""Called with the stage ("sources", "articles" or "stories"), how many are done, and how many there are."""

MOST_THREADS = 8
FORBIDDEN = frozenset({"http_401", "http_402", "http_403", "http_451"})
"""Answers of sites that will not be read by programs, or not without an account."""


class Verdict(Protocol):
    """Whether something is worth having; see ``extraction.press.relevance.Relevance``."""

    @property
    def relevant(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def words(self) -> str: ...


Announced = Callable[[str | None, str | None, str], Verdict]
"""Judges what a source says of an article: title, summary, address."""


@dataclass
class PressDiscovery:
    """What the sources list.

    Attributes:
        sources: how many were read.
        left_alone: sources that led to nothing lately and were not asked, each with a sentence.
        listed: how many addresses they list.
        new: those that no earlier run had seen.
        problems: sources that could not be read.
        notices: what else is not as it should be.
    """

    sources: int = 0
    left_alone: list[Note] = field(default_factory=list)
    listed: int = 0
    new: list[str] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    notices: list[Note] = field(default_factory=list)


def discover(
    client: Client,
    manifest: PressManifest,
    sources: Sequence[PressSource],
    *,
    announced: Announced,
    since: datetime.date | None,
    today: datetime.date,
    progress: Progress | None = None,
) -> PressDiscovery:
    """Read the sources, and note in the manifest what they list. A source that cannot be read stops nothing.

    Args:
        client: whom to ask with.
        manifest: what is known so far.
        sources: the sources.
        announced: judges what they say of an article.
        since: see ``press.read_source``.
        today: see ``press.read_source``.
        progress: see ``Progress``.
    """
    found = PressDiscovery()
    now = datetime.datetime.now(datetime.UTC)
    asked: list[PressSource] = []
    for source in sources:
        reason = manifest.source_due(source, now)
        if reason is None:
            asked.append(source)
        else:
            message = f"{source.name} led to nothing and is left alone for a few days: {reason}"
            found.left_alone.append(Note("source_left_alone", message, source.address))

    def read(source: PressSource) -> Listing:
        try:
            return read_source(client, source, since=since, today=today)
        except (SourceError, Stopped, OSError):
            raise
        except Exception as error:  # made by strangers; one that no reader foresaw should not stop the others
            message = f"it could not be read ({type(error).__name__}: {error}). Please report it: {source.address}"
            raise NotASourceError(message, code="reader_crashed") from error

    listings: dict[str, Listing] = {}
    with closing(side_by_side(client, read, asked, threads=_threads(client))) as answers:
        for done, (source, answer) in enumerate(answers, start=1):
            if isinstance(answer, SourceError):
                state = _state(answer)
                message = f"{source.name}: {answer.message}"
                manifest.source_missed(source, state=state, code=answer.code, message=message)
                found.problems.append(Note(answer.code, message, source.address))
            else:
                found.sources += 1
                manifest.source_answered(source)
                listings[source.name] = answer
                found.notices += answer.notices
            if progress is not None:
                progress("sources", done, len(asked))
    sightings: dict[str, Sighting] = {}
    # In the order of the file of sources: of two that list the same address, the first has it.
    for source in asked:
        for candidate in listings.get(source.name, Listing()).candidates:
            seen = sightings.get(candidate.url)
            if seen is None or not seen.worth:
                judged = _sighting(candidate, source, announced)
                if seen is None or judged.worth:
                    sightings[candidate.url] = judged
    found.listed = len(sightings)
    found.new = manifest.see(sightings.values())
    manifest.note(found.notices)
    return found


def _sighting(candidate: Candidate, source: PressSource, announced: Announced) -> Sighting:
    """What a user names is always worth fetching; else what the source says of it decides."""
    if source.kind in ("list", "pages"):
        return Sighting(candidate, True)
    verdict = announced(candidate.title, candidate.summary, candidate.url)
    return Sighting(candidate, verdict.relevant, *(() if verdict.relevant else (verdict.reason, verdict.words)))


def fetch_all(
    client: Client,
    manifest: PressManifest,
    entries: Sequence[PressEntry],
    folder: Path,
    progress: Progress | None = None,
) -> tuple[list[PressEntry], list[Note]]:
    """Fetch pages into the folder and note in the manifest what became of each: those that came, and the problems."""
    fetched: list[PressEntry] = []
    problems: list[Note] = []

    def get(entry: PressEntry) -> tuple[str, str, str, int]:
        return fetch(client, entry, folder)

    with closing(side_by_side(client, get, entries, threads=_threads(client))) as pages:
        for done, (entry, answer) in enumerate(pages, start=1):
            if isinstance(answer, SourceError):
                manifest.missed(entry.url, state=_state(answer), code=answer.code, message=answer.message)
                problems.append(Note(answer.code, answer.message, entry.url))
            else:
                final, name, sha256, size = answer
                manifest.fetched(entry.url, final_url=final, sha256=sha256, size=size, file=name)
                fetched.append(manifest.entry(entry.url))
            if progress is not None:
                progress("articles", done, len(entries))
    return fetched, problems


def _state(error: SourceError) -> str:
    """How an address is kept that could not be had: those that will hardly be, are asked for ever more seldom."""
    if isinstance(error, (GoneError, NotASourceError)):
        return "gone"
    return "refused" if isinstance(error, RefusedError) or error.code in FORBIDDEN else "failed"


def _threads(client: Client) -> int:
    """Several sites may be asked at a time; how many requests each gets is the client's to say."""
    return max(1, min(MOST_THREADS, client.limits.concurrency * len(client.hosts)))
