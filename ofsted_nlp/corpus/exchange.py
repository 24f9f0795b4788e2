"""A whole store in one file of an open format, and back: tables, fitted clusters, and how far the pulls have come.

docs/store.md describes the file.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ofsted_nlp.corpus.exchange_manifests import exported_manifests, merged_manifests
from ofsted_nlp.corpus.holdings import Holdings
from ofsted_nlp.corpus.outputs import whole_file
from ofsted_nlp.errors import OfstedNlpError, StoreError, UsageError
from ofsted_nlp.store.exchange import Imported, Staged, exported_tables, lines_of
from ofsted_nlp.store.schema import ALL_TABLES, SCHEMA_VERSION

FORMAT = "ofsted-nlp store"
FORMAT_VERSION = 1
ABOUT = "about.json"
CLUSTER_FILES = ("clusters.json", "clusters.npz", "log.jsonl")

MOST_ABOUT = 1 << 20
MOST_LINE = 1 << 28
"""Bytes that the list of contents, and one line, may have."""
MOST_RATIO, SMALL = 200, 1 << 24
"""How many times its packed size a member may have, unless it is small (bytes)."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What ``export_store`` wrote: the file, its size (bytes), and how many rows of each table."""

    path: Path
    size: int
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What ``import_store`` did.

    Attributes:
        documents: what became of the documents.
        articles: what became of the article pages.
        clusters: whether fitted clusters were taken over; those that are there already are kept.
        publications: rows of the manifests of pulls that were not known.
    """

    documents: Imported
    articles: Imported
    clusters: bool
    publications: int


def export_store(
    holdings: Holdings, path: str | Path, *, times: bool = False, folder: str | Path | None = None
) -> Exported:
    """Write everything that a store holds into one file.

    Stores that hold the same give the same bytes, whatever the order in which documents were added; therefore the times
    at which things were read and told are left out, unless ``times`` asks for them.

    Args:
        holdings: the store.
        path: the file; what is there already is replaced once the new one is whole.
        times: whether to keep the times too, and the logs, as a backup should.
        folder: where pulled PDFs and their manifest are; None for ``pulling.default_folder``.

    Raises:
        StoreError: there is no store, it is in use, or a pull is at work.
        UsageError: the file cannot be written.
    """
    out = Path(path)
    if holdings.path != ":memory:" and not Path(holdings.path).exists():
        raise StoreError(f"There is no store at {holdings.path} yet; add reports to make one.", code="no_store")
    members: dict[str, dict[str, Any]] = {}
    if any(place.exists() and out.exists() and place.samefile(out) for place in _own_files(holdings.path)):
        raise UsageError(f"{out} is the store itself, which the export would replace. Name another file.")
    with holdings.store() as store, whole_file(out) as file:
        with zipfile.ZipFile(file, "w") as archive:
            for table in exported_tables(times):
                members[f"tables/{table}.jsonl"] = _write(
                    archive, f"tables/{table}.jsonl", lines_of(store, table, times)
                )
            for name, content in _cluster_files(holdings.path):
                members[name] = _write(archive, name, [content])
            for name, lines in exported_manifests(holdings.path, folder, times):
                members[name] = _write(archive, name, lines)
            about = {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "schema_version": SCHEMA_VERSION,
                "times": times,
                "members": members,
            }
            _write(archive, ABOUT, [json.dumps(about, indent=1).encode() + b"\n"])
        size = file.tell()
    rows = {Path(name).stem: made["rows"] for name, made in members.items() if name.startswith("tables/")}
    return Exported(out, size, rows)


def _own_files(store: str) -> list[Path]:
    """The file of a store, and what DuckDB and updates keep beside it."""
    return [] if store == ":memory:" else [Path(f"{store}{end}") for end in ("", ".wal", ".update.lock")]


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    """Write a member, the same bytes whenever and wherever; what there is to say of it."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    digest, size, rows = hashlib.sha256(), 0, 0
    with archive.open(info, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
            rows += 1
    return {"rows": rows, "bytes": size, "sha256": digest.hexdigest()}


def _cluster_files(store: str) -> Iterator[tuple[str, bytes]]:
    for name in CLUSTER_FILES if store != ":memory:" else ():
        path = Path(f"{store}.clusters") / name
        if path.is_file():
            yield f"clusters/{name}", path.read_bytes()


def import_store(holdings: Holdings, path: str | Path, *, folder: str | Path | None = None) -> ImportResult:
    """Take in what ``export_store`` wrote: all of it, or nothing if any of it is wrong.

    Into an empty store everything goes; in one that holds documents already, a record that is there is replaced only
    where the export's is by a newer version of the extractor. Fitted clusters are taken over where there are none.

    Args:
        holdings: the store; made if there is none.
        path: the file.
        folder: where pulled PDFs and their manifest are; None for ``pulling.default_folder``.

    Raises:
        StoreError: the file is no export, damaged, or of a newer version (code "bad_export"), or the store is in use.
        UsageError: there is no such file.
    """
    opened = None
    try:
        with Path(path).open("rb") as file, zipfile.ZipFile(file) as archive:
            opened = _about(archive)
            return _import(holdings, archive, opened, folder)
    except OSError as error:
        what = f"{path} cannot be read" if opened is None else f"{path} could not be imported, and nothing of it was"
        raise UsageError(f"{what}: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise bad(f"{path} is no whole zip file ({error})") from error


def _import(
    holdings: Holdings, archive: zipfile.ZipFile, about: dict[str, Any], folder: str | Path | None
) -> ImportResult:
    members, times = about["members"], about["times"]
    with holdings.store(write=True) as store, ExitStack() as stack:
        stack.enter_context(store.writing("The export"))  # left last: what it holds counts once all else is in place
        staged = Staged(store)
        for table in ALL_TABLES:
            name = f"tables/{table}.jsonl"
            if name in members:
                staged.take(table, _lines(archive, name, members[name]))
        documents, articles = staged.merge(times)
        manifests = {name: [*_lines(archive, name, members[name])] for name in members if name.startswith("manifests/")}
        clusters = {
            name: b"".join(_lines(archive, name, members[name])) for name in members if name.startswith("clusters/")
        }
        publications = stack.enter_context(merged_manifests(holdings.path, folder, manifests))
        taken = stack.enter_context(_placed_clusters(holdings.path, clusters))
    return ImportResult(documents, articles, taken, publications)


def _about(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The list of contents, after a look at the names and sizes of all members."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    known = {f"tables/{table}.jsonl" for table in exported_tables(times=True)}
    known |= {f"clusters/{name}" for name in CLUSTER_FILES} | {ABOUT}
    for name in names:
        if name not in known and not re.fullmatch(r"manifests/(reports|press)\.[a-z]+\.jsonl", name):
            raise bad(f"it holds {name!r}, which is no part of an export")
    if len(set(names)) != len(names):
        raise bad("it holds a member twice")
    for info in infos:
        if info.file_size > max(SMALL, MOST_RATIO * info.compress_size):
            raise bad(f"{info.filename} is packed more tightly than honest rows are")
    if ABOUT not in names or archive.getinfo(ABOUT).file_size > MOST_ABOUT:
        raise bad(f"it holds no {ABOUT}")
    try:
        about: dict[str, Any] = json.loads(archive.read(ABOUT))
        if about["format"] != FORMAT:
            raise bad(f"{ABOUT} names another format")
        if about["format_version"] > FORMAT_VERSION or about["schema_version"] > SCHEMA_VERSION:
            raise StoreError(
                "The export was written by a newer ofsted-nlp. Upgrade ofsted-nlp; nothing was imported.",
                code="newer_schema",
            )
        said = {name: (int(item["bytes"]), str(item["sha256"])) for name, item in about["members"].items()}
        about["times"] = bool(about["times"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise bad(f"{ABOUT} cannot be read ({error})") from error
    if {*said, ABOUT} != set(names):
        raise bad(f"its members are not those that {ABOUT} names")
    return about


def _lines(archive: zipfile.ZipFile, name: str, said: dict[str, Any]) -> Iterator[bytes]:
    """The lines of a member; at its end its length and hash are held against what is said of them."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as file:
        while line := file.readline(MOST_LINE):
            if len(line) == MOST_LINE:
                raise bad(f"{name} has a line of more than {MOST_LINE} bytes")
            digest.update(line)
            size += len(line)
            yield line
    if (size, digest.hexdigest()) != (said["bytes"], said["sha256"]):
        raise bad(f"{name} is not what {ABOUT} says of it")


@contextmanager
def _placed_clusters(store: str, files: dict[str, bytes]) -> Iterator[bool]:
    """Puts fitted clusters in their place, and takes them away again if what follows fails."""
    from ofsted_nlp.analysis.clustering.model import ClusterModel

    place = Path(f"{store}.clusters")
    if not files or store == ":memory:" or place.exists():
        yield False
        return
    new = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    try:
        for name, content in files.items():
            (new / Path(name).name).write_bytes(content)
        try:
            ClusterModel.load(new)
        except OfstedNlpError as error:
            raise bad(error.message.rstrip(".")) from error
        new.chmod(0o755)
        new.rename(place)
        try:
            yield True
        except BaseException:
            place.rename(new)
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def bad(what: str) -> StoreError:
    """What to raise of a file that is no export of ours, or a damaged one."""
    return StoreError(f"The export cannot be imported: {what}. Nothing was imported.", code="bad_export")
