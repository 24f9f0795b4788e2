"""The site and the workbook of a whole corpus: written in one call, each whole or not at all."""

from __future__ import annotations

import datetime
import glob
import hashlib
import io
import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from ofsted_nlp.batch import content_hash
from ofsted_nlp.errors import NotFoundError, OfstedNlpError, UsageError
from ofsted_nlp.presentation.site.folder import MARK

if TYPE_CHECKING:
    import pandas

    from ofsted_nlp.analysis.clustering.clusters import Clustering
    from ofsted_nlp.corpus.holdings import Holdings
    from ofsted_nlp.presentation.site.build import Site
    from ofsted_nlp.records import Report
    from ofsted_nlp.store import Store

FEED_ENTRIES = 100
"""Changes that a feed holds at least, if there were so many."""

DAY = 86_400
"""Seconds after which what a killed run left beside a site is taken away."""


class Source(Protocol):
    """The part of a ``Corpus`` that outputs are made from."""

    _holdings: Holdings

    @property
    def reports(self) -> Callable[..., list[Report]]:
        """Gives all reports, or those of an authority."""

    @property
    def clusters(self) -> Callable[[], Clustering]:
        """Gives all clusters."""

    @property
    def named_strengths(self) -> Callable[[], pandas.DataFrame]:
        """Gives what is praised by name."""


def write_site(
    corpus: Source, out: Path, reports: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Site:
    """Build the site of all reports; see ``presentation.site.build.build_site``.

    Args:
        corpus: what to build it from.
        out: folder of the site; the old one is seen until the new one is whole.
        reports: folder or web address of the PDFs, for links to pages; None for Ofsted's.
        progress: called with (pages done, pages in all).

    Raises:
        UsageError: the folder is no site, or cannot be written.
        NotFoundError: there are no reports.
    """
    from ofsted_nlp.presentation.site.build import build_site

    put_back(out)
    held, clustering = corpus.reports(), corpus.clusters()
    try:
        rows = corpus.named_strengths()[["thing", "kind", "where"]].itertuples(index=False)
        named = [{"thing": row.thing, "kind": row.kind, "where": row.where} for row in rows]
    except NotFoundError:
        named = []
    return build_site(held, out, clustering=clustering, named=named, source=reports, progress=progress)


def check_site(out: Path, reports: str | None = None) -> None:
    """Make sure that a site can be written there, before anything else is done.

    Raises:
        UsageError: it cannot.
    """
    from ofsted_nlp.presentation.site.folder import check
    from ofsted_nlp.presentation.site.links import SourceLinks

    check(out)
    SourceLinks(reports, out)


def put_back(out: Path) -> None:
    """Take away what killed builds left beside the site, and put back a site that one had just moved away."""
    out = out.absolute()
    # The names that tempfile makes; a folder with other things in it is somebody else's.
    found = out.parent.glob(f".{glob.escape(out.name)}.????????")
    left = sorted((path for path in found if _is_ours(path, out.name)), key=lambda path: path.stat().st_mtime)
    for path in left:
        moved = path / out.name
        if not out.exists() and moved.is_dir():
            moved.rename(out)
        if time.time() - path.stat().st_mtime > DAY:
            shutil.rmtree(path, ignore_errors=True)


def _is_ours(path: Path, name: str) -> bool:
    """Whether a folder is what a killed build leaves: the beginning of a site, or a site that was moved away."""
    if not path.is_dir() or (path / MARK).exists():  # a whole site is a copy that somebody made
        return False
    private = stat.S_IMODE(path.stat().st_mode) == 0o700 or os.name == "nt"  # as tempfile makes folders
    return private or {item.name for item in path.iterdir()} <= {name}


def check_export(out: Path) -> None:
    """Make sure that a workbook can be written there.

    Raises:
        UsageError: it cannot.
    """
    if out.suffix.lower() != ".xlsx" and out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file that is no workbook: give a name that ends in .xlsx, or a folder for CSV.")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"{out} cannot be made: there is no folder {out.absolute().parent}.")


def write_export(corpus: Source, out: Path) -> None:
    """Write the workbook of all authorities, or its sheets as CSV files into a folder if the name is no workbook's.

    Raises:
        UsageError: it cannot be written.
    """
    from ofsted_nlp.presentation.excel_authorities import national_csv, national_workbook

    reports = corpus.reports()
    if out.suffix.lower() == ".xlsx":
        buffer = io.BytesIO()
        national_workbook(reports, buffer)
        write_whole(out, buffer.getvalue())
        return
    with tempfile.TemporaryDirectory() as folder:
        for path in national_csv(reports, folder):
            try:
                out.mkdir(exist_ok=True)
            except OSError as error:
                raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
            write_whole(out / path.name, path.read_bytes())


def write_whole(out: Path, content: bytes) -> None:
    """Write a file that appears under its name only once it is whole.

    Raises:
        UsageError: it cannot be written.
    """
    with whole_file(out) as file:
        file.write(content)


@contextmanager
def whole_file(out: Path) -> Iterator[IO[bytes]]:
    """A file to write that appears under its name only once it is whole.

    Raises:
        UsageError: it cannot be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            raise UsageError(f"{out} cannot be written: {error.strerror or error}.") from error
        raise


def basis(store: Store, *what: str) -> str:
    """A digest of what an output is made from: the documents and how they were read, and what else counts."""
    from ofsted_nlp import __version__

    rows = store.connection.execute(
        "SELECT sha256, extractor_version, url, added_at::VARCHAR FROM documents ORDER BY sha256"
    ).fetchall()
    return hashlib.sha256(json.dumps([__version__, what, rows]).encode()).hexdigest()


def own_clusters(store: str) -> str:
    """A digest of the clusters kept beside a store, which ``recluster`` changes; "" if there are none."""
    from ofsted_nlp.analysis.clustering.model import SETTINGS

    kept = Path(f"{store}.clusters") / SETTINGS
    return content_hash(kept) or ""


class Refresher:
    """Writes the outputs of an update that are out of date, and notes what they were made from."""

    def __init__(self, corpus: Source, progress: Callable[[str, int, int], None] | None = None) -> None:
        self.corpus = corpus
        self.progress = progress
        self.written: dict[str, str] = {}
        self.problems: list[str] = []

    def refresh(self, kind: str, out: Path, write: Callable[[], object], *what: str) -> None:
        """Write an output, unless it was made from just what there is now.

        One that cannot be written is a problem, and tried again by the next update.
        """
        place = f"{kind} {out.absolute()}"
        with self.corpus._holdings.store() as store:
            now = basis(store, *what)
            if out.exists() and store.output_basis(place) == now:
                return
        if self._try(out, write):
            self.written[place] = now

    def refresh_feed(
        self, out: Path, changes: list[dict[str, Any]], now: datetime.datetime, address: str | None
    ) -> None:
        """Write the feed of these changes and those told before, if it is another than the one there."""
        self._try(out, lambda: self._write_feed(out, changes, now, address))

    def _write_feed(
        self, out: Path, changes: list[dict[str, Any]], now: datetime.datetime, address: str | None
    ) -> None:
        from ofsted_nlp.presentation.update_feed import feed

        with self.corpus._holdings.store() as store:
            told = store.told_changes(FEED_ENTRIES)
            began = store.first_update() or now
        new = {change["id"] for change in changes}
        content = feed([*changes, *(change for change in told if change["id"] not in new)], began, address)
        if not out.exists() or out.read_bytes() != content:
            write_whole(out, content)

    def _try(self, out: Path, write: Callable[[], object]) -> bool:
        try:
            write()
        except OfstedNlpError as error:
            self.problems.append(f"{out} was not refreshed: {error.message}")
        except OSError as error:
            self.problems.append(f"{out} was not refreshed: {error.strerror or error}.")
        else:
            return True
        return False
