"""One pull from beginning to end: what the site lists, the files that are new, and their reports into the store."""

from __future__ import annotations

import datetime
import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.corpus.adding import AddResult, add_documents
from ofsted_nlp.corpus.holdings import Holdings
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Report
from ofsted_nlp.store import Store, default_path, is_stale

if TYPE_CHECKING:
    from ofsted_nlp.batch import Reader
    from ofsted_nlp.corpus.press_result import PressResult
    from ofsted_nlp.sources.http import Client
    from ofsted_nlp.sources.manifest import Entry, Note
    from ofsted_nlp.sources.ofsted import Progress

FOLDER_VARIABLE = "OFSTED_NLP_REPORTS"


@dataclass(frozen=True, slots=True)
class PullResult:
    """What ``Corpus.pull`` did.

    Attributes:
        authorities: how many authorities' pages were asked for.
        publications: how many publications those pages list.
        new: publications that no earlier run had seen, of all kinds.
        fetched: publications whose file came in this run.
        waiting: those whose file is not there yet; of a dry run, those that a run would ask for now.
        not_chosen: how many publications of these authorities are left out by kind or date.
        problems: what failed in this run: pages and files that could not be had.
        notices: what is different from what was known or expected, and hinders nothing.
        added: what became of the documents in the store; None of a dry run.
        requests: how many requests were sent.
        bytes: how many bytes of pages and files came.
        folder: where the files are kept, and the manifest.
        dry_run: whether only the pages were read.
        press: what the press brought, if it was asked for.
    """

    authorities: int
    publications: int
    new: tuple[Entry, ...]
    fetched: tuple[Entry, ...]
    waiting: tuple[Entry, ...]
    not_chosen: int
    problems: tuple[Note, ...]
    notices: tuple[Note, ...]
    added: AddResult | None
    requests: int
    bytes: int
    folder: Path
    dry_run: bool
    press: PressResult | None = None

    @property
    def failed(self) -> bool:
        """Whether something went wrong in this run."""
        return bool(self.problems or (self.added and self.added.failed) or (self.press and self.press.failed))

    def __repr__(self) -> str:
        what = f"{len(self.waiting)} to fetch" if self.dry_run else f"{len(self.fetched)} fetched"
        return (
            f"<PullResult: {self.authorities} authorities, {len(self.new)} new publications, {what}, "
            f"{len(self.problems)} problems>"
        )


def default_folder(store: str) -> Path:
    """Where PDFs are kept: ``OFSTED_NLP_REPORTS`` if set, else the folder ``reports`` beside the store."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    return (default_path() if store == ":memory:" else Path(store)).absolute().parent / "reports"


def pull(
    holdings: Holdings,
    authorities: Sequence[str],
    *,
    version: str,
    reader: Reader,
    since: datetime.date | None = None,
    kinds: Collection[str] | None = None,
    dry_run: bool = False,
    contact: str | None = None,
    folder: str | Path | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    client: Client | None = None,
    site: str | None = None,
) -> PullResult:
    """See ``Corpus.pull``; ``version`` is that of the extractor at work, ``reader`` reads a document."""
    from ofsted_nlp.sources import ofsted
    from ofsted_nlp.sources.http import Client
    from ofsted_nlp.sources.manifest import Manifest

    chosen_kinds = checked_kinds(kinds)
    chosen = chosen_authorities(authorities)
    place = Path(folder) if folder is not None else default_folder(holdings.path)
    own = client is None
    if client is None:
        cache = None if dry_run and not place.is_dir() else place / ".cache"
        client = Client(*ofsted.HOSTS, contact=contact, cache=cache)
    if not dry_run:
        with holdings.store(write=True):
            pass  # a store that is in use is told before anything is asked for
    try:
        with Manifest.open(place / ofsted.MANIFEST, dry=dry_run) as manifest:
            found = ofsted.discover(
                client, manifest, authorities=chosen, site=(site or ofsted.SITE).rstrip("/"), progress=progress
            )
            urns = {provider.urn for provider in found.providers}
            selected = manifest.entries(urns, chosen_kinds, since)
            addresses = {(item.urn, item.url) for item in found.new}
            new = tuple(entry for entry in manifest.entries(urns) if (entry.urn, entry.url) in addresses)
            with holdings.store() as store:
                held = store.versions().keys()
            wanted = ofsted.waiting(selected, place, held)
            fetched: list[Entry] = []
            problems = list(found.problems)
            added = None
            if not dry_run:
                made = ofsted.fetch(client, manifest, wanted, place, progress)
                fetched, problems = made.fetched, problems + made.problems
                selected = manifest.entries(urns, chosen_kinds, since)
                wanted = [entry for entry in selected if entry.state != "fetched"]
                with holdings.store(write=True) as store:
                    added = _read(
                        store, selected, place, progress, version=version, reader=reader, jobs=jobs, executor=executor
                    )
            return PullResult(
                authorities=len(found.providers),
                publications=found.publications,
                new=new,
                fetched=tuple(fetched),
                waiting=tuple(wanted),
                not_chosen=len(manifest.entries(urns)) - len(selected),
                problems=tuple(problems),
                notices=tuple(found.notices),
                added=added,
                requests=client.counts["requests"],
                bytes=client.counts["bytes"],
                folder=place,
                dry_run=dry_run,
            )
    finally:
        if own:
            client.close()


def checked_kinds(kinds: Collection[str] | None) -> frozenset[str] | None:
    """The kinds asked for; None for all.

    Raises:
        UsageError: there is no such kind; the message names those there are.
    """
    from ofsted_nlp.sources.ofsted_pages import KINDS

    given = [kinds] if isinstance(kinds, str) else kinds
    wanted = frozenset(
        word.strip().replace("-", "_") for kind in given or () for word in kind.split(",") if word.strip()
    )
    unknown = sorted(wanted - KINDS.keys())
    if unknown:
        raise UsageError(f"There is no kind {unknown[0]!r}. The kinds are {', '.join(sorted(KINDS))}.")
    return wanted or None


def chosen_authorities(names: Iterable[str]) -> list[AuthorityEntry]:
    """The authorities that names stand for, each once.

    Raises:
        NotFoundError: no authority has such a name.
    """
    found = {entry.urn: entry for name in names for entry in register().all_named(name)}
    return list(found.values())


def _read(
    store: Store,
    entries: Iterable[Entry],
    folder: Path,
    progress: Progress | None,
    **reading: Any,
) -> AddResult:
    """Read the files that the store does not hold yet, or holds as an older extractor read them."""
    known = store.versions()
    there: dict[str, Entry] = {}
    for entry in entries:
        if entry.state == "fetched" and entry.sha256 and entry.file and (folder / entry.file).is_file():
            there.setdefault(entry.sha256, entry)
    needed = {
        sha256: entry
        for sha256, entry in there.items()
        if sha256 not in known or is_stale(known[sha256], reading["version"])
    }

    def amend(report: Report) -> Report:
        """The report with its address and the site's date."""
        entry = needed.get(report.source.sha256)
        if entry is None:
            return report
        day = entry.date or report.source.published_on
        return replace(report, source=replace(report.source, url=entry.url, published_on=day))

    watch: Callable[[int, int], None] | None = None
    if progress is not None:
        tell = progress

        def watch(done: int, total: int) -> None:
            tell("reading", done, total)

    paths = [folder / str(entry.file) for entry in needed.values()]
    made = add_documents(store, paths, progress=watch, amend=amend, **reading)
    _complete(store, {sha256: entry for sha256, entry in there.items() if sha256 not in needed})
    unchanged = made.unchanged + len(there) - len(needed)
    return replace(made, unchanged=unchanged)


def _complete(store: Store, entries: dict[str, Entry]) -> None:
    """Give documents that were added by hand the address and the date that the site has for them."""
    rows = store.connection.execute(
        "SELECT sha256, record FROM documents WHERE url IS NULL AND sha256 IN (SELECT unnest(?))", [list(entries)]
    ).fetchall()
    for sha256, text in rows:
        entry = entries[sha256]
        record: dict[str, Any] = json.loads(text)
        record["source"]["url"] = entry.url
        if entry.date:
            record["source"]["published_on"] = entry.date.isoformat()
        store.connection.execute(
            "UPDATE documents SET url = ?, published_on = coalesce(?, published_on), record = ? WHERE sha256 = ?",
            [entry.url, entry.date, json.dumps(record, ensure_ascii=False), sha256],
        )


def summary(result: PullResult) -> list[str]:
    """What a pull did, in sentences; one a line."""
    lines = [
        f"{result.authorities} authorities, {result.publications} publications listed, {len(result.new)} of them new"
        f"{_by_kind(result.new)}."
    ]
    if result.not_chosen:
        lines.append(f"{result.not_chosen} publications are left out by --kinds or --since.")
    if result.dry_run:
        lines.append(
            f"Dry run: {len(result.waiting)} files would be fetched{_by_kind(result.waiting)} into {result.folder}. "
            "Nothing was fetched or stored."
        )
        return lines
    lines.append(f"{len(result.fetched)} files fetched into {result.folder}.")
    if result.added is not None:
        added = result.added
        lines.append(
            f"Store: {added.new} documents new, {added.replaced} read again, {added.unchanged} unchanged, "
            f"{len(added.failed)} failed."
        )
    gone = Counter(entry.state for entry in result.waiting)
    if gone:
        words = {
            "gone": "lead to no report",
            "refused": "may not be taken",
            "failed": "failed for now",
            "listed": "wait",
        }
        parts = [f"{number} {words[state]}" for state, number in sorted(gone.items())]
        lines.append(f"Not there: {len(result.waiting)} publications ({', '.join(parts)}).")
    lines.append(f"{result.requests} requests, {result.bytes / 2**20:.1f} MB.")
    return lines


def _by_kind(entries: Sequence[Entry]) -> str:
    counts = Counter(entry.kind for entry in entries)
    return f" ({', '.join(f'{number} {kind}' for kind, number in counts.most_common())})" if counts else ""
