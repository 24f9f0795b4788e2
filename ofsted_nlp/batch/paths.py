"""The documents that paths, folders, patterns and addresses of shared storage stand for, one after another."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ofsted_nlp.batch import remote
from ofsted_nlp.errors import OfstedNlpError, printable
from ofsted_nlp.records import Failure, Report, Source

Item = Path | str | Report
"""A document to read: a file, the address of one on shared storage, or a failed report in its place."""


def expand(paths: str | Path | Iterable[str | Path]) -> list[Item]:
    """The documents that ``walk`` gives, as a list."""
    return list(walk(paths))


def walk(paths: str | Path | Iterable[str | Path]) -> Iterator[Item]:
    """The documents that paths, folders, patterns and addresses stand for, in the order given.

    A folder stands for the ``*.pdf`` in it and in its subfolders, by name; a pattern such as
    ``"reports/*2024*.pdf"`` for what it matches, by name. The same holds on storage that fsspec reaches
    (``"s3://bucket/reports"``, ``"zip://*.pdf::reports.zip"``; see ``batch.remote``). Where nothing is found a failed
    report stands in place: code "not_found" for a path or pattern, "no_documents" for a folder without PDFs. Only
    the folder at hand is ever listed, so ``paths`` may be an iterator of millions.

    Raises:
        MissingExtraError: an address needs a package that is not installed.
    """
    for given in [paths] if isinstance(paths, (str, Path)) else paths:
        if remote.is_web_page(given):
            message = f"{given} is on the web: save the file first, or let `ofsted-nlp pull` fetch Ofsted's reports."
            yield failed(given, "web_address", message)
            continue
        item = remote.local(given)
        if remote.is_remote(item):
            yield from _remote(str(item))
            continue
        path = Path(item)
        if path.is_dir():
            empty = True
            for inside in _inside(path):
                empty = False
                yield inside
            if empty:
                message = f"The folder {path} holds no PDFs. Name the folder that does."
                yield failed(path, "no_documents", message)
        elif path.exists():
            yield path
        elif glob.has_magic(str(item)):
            matches = [Path(match) for match in sorted(glob.glob(str(item), recursive=True))]  # noqa: PTH207
            found = [match for match in matches if match.is_file()]
            yield from found
            if not found:
                yield failed(path, "not_found", f"No file matches {item}.")
        else:
            yield failed(path, "not_found", f"There is no file {path}. Check the name and the folder.")


def _inside(folder: Path) -> Iterator[Path]:
    """The PDFs in a folder and below it, sorted as paths are; only one folder is listed at a time."""
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:  # as rglob: what may not be listed is passed over
        return
    for name, is_folder in names:
        path = folder / name
        if is_folder:
            yield from _inside(path)
        elif path.suffix.lower() == ".pdf" and path.is_file():
            yield path


def _remote(address: str) -> Iterator[Item]:
    try:
        found = remote.find(address)
    except OfstedNlpError:
        raise
    except Exception as error:  # each kind of storage has errors of its own
        yield failed(address, "unreachable", f"{address} cannot be listed: {remote.reason(error)}.")
        return
    if found is None:
        yield failed(address, "not_found", f"There is no file {address}. Check the name and the folder.")
    elif not found:
        yield failed(address, "no_documents", f"The folder {address} holds no PDFs. Name the folder that does.")
    else:
        yield from found


def failed(path: str | Path, code: str, message: str) -> Report:
    """A failed report for a path or address, with the hash of its content where there is one."""
    return Report(
        source=Source(file=printable(name_of(path)), sha256=content_hash(path) or "", pages=0),
        status="failed",
        error=Failure(code, printable(message)),
    )


def name_of(path: str | Path) -> str:
    """The file name at the end of a path or address."""
    return remote.file_name(path) if remote.is_remote(path) else Path(path).name or str(path)


def content_hash(path: str | Path) -> str | None:
    """SHA-256 of a file's bytes, or None if it is not a file that can be read."""
    if remote.is_remote(path):
        return remote.content_hash(str(path))
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
