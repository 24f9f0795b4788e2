"""Ofsted's site: from its search pages to the authorities, from their pages to the publications, and to the files."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.errors import GoneError, NotFoundError, RefusedError, SiteChangedError, SourceError
from ofsted_nlp.sources.download import checked_pdf, download_pdf, forget
from ofsted_nlp.sources.http import Client
from ofsted_nlp.sources.manifest import Entry, Manifest, Note
from ofsted_nlp.sources.ofsted_pages import (
    ROWS,
    Provider,
    Publication,
    provider_url,
    providers_of,
    publications_of,
    search_url,
)
from ofsted_nlp.sources.side_by_side import side_by_side

SITE = "https://reports.ofsted.gov.uk"
HOSTS = ("reports.ofsted.gov.uk", "files.ofsted.gov.uk")
MANIFEST = "manifest.sqlite"
PARTIAL = ".partial"

Progress = Callable[[str, int, int], None]
"""Called with the stage ("pages", "files" or "reading"), how many are done, and how many there are."""


@dataclass
class Discovery:
    """What the site's pages say.

    Attributes:
        providers: the authorities whose pages were asked for.
        new: publications that were not known before.
        publications: how many publications the pages list.
        problems: pages that could not be read.
        notices: what else is different from what was known or expected.
    """

    providers: list[Provider] = field(default_factory=list)
    new: list[Publication] = field(default_factory=list)
    publications: int = 0
    problems: list[Note] = field(default_factory=list)
    notices: list[Note] = field(default_factory=list)


def discover(
    client: Client,
    manifest: Manifest,
    *,
    authorities: Sequence[AuthorityEntry] = (),
    site: str = SITE,
    progress: Progress | None = None,
) -> Discovery:
    """Read the search pages and the page of each authority, and note in the manifest what they list.

    Args:
        client: whom to ask with.
        manifest: what is known so far.
        authorities: only these; empty for all.
        site: the site's address.
        progress: see ``Progress``.

    Raises:
        SiteChangedError: the search lists no authority, or no page lists any report.
        UnreachableError, RefusedError, GoneError: the search cannot be read, or no page at all.
    """
    found = Discovery()
    listed = _search(client, site, found)
    found.providers = _choose(listed, authorities, site, found)
    manifest.note([*found.problems, *found.notices])
    errors: list[SourceError] = []
    empty: list[Provider] = []

    def read(provider: Provider) -> list[Publication]:
        page = client.page(provider.url)
        return publications_of(page.text, page.url, provider.urn)

    total = len(found.providers)
    with closing(side_by_side(client, read, found.providers)) as pages:
        for done, (provider, answer) in enumerate(pages, start=1):
            if isinstance(answer, SourceError):
                errors.append(answer)
                message = f"The page of {provider.name} could not be read: {answer.message}"
                _tell(manifest, found.problems, Note(answer.code, message, provider.url, provider.urn))
            else:
                if not answer:
                    empty.append(provider)
                found.publications += len(answer)
                new, notes = manifest.see(provider.urn, answer)
                found.new += new
                found.notices += notes
            if progress is not None:
                progress("pages", done, total)
    if errors and len(errors) == total:
        raise errors[0]
    if empty and len(empty) + len(errors) == total:
        raise SiteChangedError(
            f"No page of an authority lists any report ({empty[0].url} and {total - 1} others): the site may have a "
            "new shape. Look at that page in a browser; if it lists reports, a newer ofsted-nlp is needed."
        )
    for provider in empty:
        known = manifest.entries([provider.urn])
        message = f"The page of {provider.name} lists no reports{', though it did before' if known else ''}."
        note = Note("page_without_reports", message, provider.url, provider.urn)
        _tell(manifest, found.problems if known else found.notices, note)
    return found


def _search(client: Client, site: str, found: Discovery) -> dict[int, Provider]:
    """The authorities that the search lists, page after page until all are there or a page brings none."""
    listed: dict[int, Provider] = {}
    expected = {entry.urn for entry in register().current()}
    start = 0
    while True:
        url = search_url(site, start)
        try:
            page = client.page(url)
        except SourceError as error:
            if not listed:
                raise
            found.problems.append(Note(error.code, f"A page of search results could not be read: {error.message}", url))
            return listed
        here = providers_of(page.text, page.url)
        if not here and not listed:
            raise SiteChangedError(
                f"The search at {site} lists no authority: the site may have a new shape. Look at {url} in a "
                "browser; if it lists local authorities, a newer ofsted-nlp is needed."
            )
        before = len(listed)
        listed |= {provider.urn: provider for provider in here}
        start += len(here)
        if len(listed) == before or (len(here) < ROWS and expected <= listed.keys()):
            return listed


def _choose(
    listed: dict[int, Provider], authorities: Sequence[AuthorityEntry], site: str, found: Discovery
) -> list[Provider]:
    """The pages to read. Those of authorities that the search does not list are asked for by their number."""
    wanted = list(authorities) or register().current()
    missing = [entry for entry in wanted if entry.urn not in listed]
    there = [entry for entry in missing if not entry.abolished]
    if there:
        names = ", ".join(entry.display_name for entry in there)
        message = f"The search does not list {names}; asked for by number instead."
        found.notices.append(Note("not_in_search", message, site))
    chosen = {entry.urn: listed[entry.urn] for entry in wanted if entry.urn in listed}
    if not authorities:
        for urn in listed.keys() - chosen.keys():
            if not _known(urn):
                message = f"The search lists {listed[urn].name} ({urn}), which the register does not know."
                found.notices.append(Note("not_in_register", message, listed[urn].url, urn))
            chosen[urn] = listed[urn]
    for entry in missing:
        chosen[entry.urn] = Provider(entry.urn, entry.display_name, provider_url(site, entry.urn))
    return list(chosen.values())


@dataclass
class Fetching:
    """What became of the files: those that came, those that did not, and why."""

    fetched: list[Entry] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)


def waiting(entries: Iterable[Entry], folder: Path, held: Collection[str] = ()) -> list[Entry]:
    """The publications whose file should be asked for now; each address once.

    Args:
        entries: publications.
        folder: where the files are kept.
        held: SHA-256 of documents that are kept elsewhere, so that a deleted file is not missed.
    """
    now = datetime.datetime.now(datetime.UTC)
    chosen: dict[str, Entry] = {}
    for entry in entries:
        there = entry.state == "fetched" and (entry.sha256 in held or (folder / str(entry.file)).is_file())
        if not there and entry.due(now):
            chosen.setdefault(entry.url, entry)
    return list(chosen.values())


def fetch(
    client: Client, manifest: Manifest, entries: Sequence[Entry], folder: Path, progress: Progress | None = None
) -> Fetching:
    """Download files into the folder and note in the manifest what became of each.

    Nothing stops the run: what cannot be had is noted with its reason.
    """
    made = Fetching()

    def get(entry: Entry) -> tuple[str, str, int]:
        name = file_name(entry)
        partial = folder / PARTIAL / f"{hashlib.sha256(entry.url.encode()).hexdigest()[:20]}.part"
        there = checked_pdf(folder / name)
        if there is not None:  # a run was killed between the file and its note
            forget(partial)
            return name, *there
        done = download_pdf(client, entry.url, folder / name, partial)
        return name, done.sha256, done.size

    with closing(side_by_side(client, get, entries)) as files:
        for done, (entry, answer) in enumerate(files, start=1):
            if isinstance(answer, SourceError):
                kinds: dict[type[SourceError], str] = {GoneError: "gone", RefusedError: "refused"}
                state = kinds.get(type(answer), "failed")
                manifest.missed(entry.url, state=state, code=answer.code, message=answer.message)
                made.problems.append(Note(answer.code, answer.message, entry.url, entry.urn))
            else:
                name, sha256, size = answer
                manifest.fetched(entry.url, sha256=sha256, size=size, file=name)
                made.fetched.append(replace(entry, state="fetched", sha256=sha256, size=size, file=name))
            if progress is not None:
                progress("files", done, len(entries))
    return made


def file_name(entry: Entry) -> str:
    """The name under which a publication is kept: authority, kind, the site's number of the file, date at the end."""
    known = _known(entry.urn)
    who = [str(entry.urn), _plain(known.display_name)] if known else [str(entry.urn)]
    last = urlsplit(entry.url).path.rstrip("/").rsplit("/", 1)[-1]
    number = last if re.fullmatch(r"\d{1,20}", last) else hashlib.sha256(entry.url.encode()).hexdigest()[:12]
    return "-".join([*who, _plain(entry.kind), number, *([entry.date.isoformat()] if entry.date else [])]) + ".pdf"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")


def _known(urn: int) -> AuthorityEntry | None:
    try:
        return register().by_urn(urn)
    except NotFoundError:
        return None


def _tell(manifest: Manifest, notes: list[Note], note: Note) -> None:
    notes.append(note)
    manifest.note([note])
