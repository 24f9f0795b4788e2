"""Files on storage that several machines share (S3, zip archives, memory and whatever else fsspec reaches).

Local paths never come here, so fsspec is needed only by those who name an address with ``://`` in it. Keys, endpoints
and the like are given as fsspec and its parts take them: from the environment (``AWS_ACCESS_KEY_ID``,
``FSSPEC_S3_ENDPOINT_URL``) and from fsspec's configuration files.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from ofsted_nlp.errors import MissingExtraError, ReadingError, UsageError

if TYPE_CHECKING:
    from ofsted_nlp.records import Report

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]+://", re.I)
_ON_THE_WEB = re.compile(r"(?:^|::)(?:https?|ftps?)://", re.I)


def is_remote(path: object) -> bool:
    """Whether a path is an address for fsspec."""
    return isinstance(path, str) and bool(_ADDRESS.match(path))


def is_web_page(path: object) -> bool:
    """Whether an address is one of a site, which only the polite client of ``sources`` may ask."""
    return isinstance(path, str) and bool(_ON_THE_WEB.search(path))


def local(path: str | Path) -> str | Path:
    """A ``file://`` address as the path it names; anything else as it is."""
    if isinstance(path, str) and path.lower().startswith("file://") and "::" not in path:
        return url2pathname(unquote(urlsplit(path).path))
    return path


def filesystem(address: str) -> tuple[Any, str]:
    """The fsspec file system of an address, and the path on it.

    Raises:
        MissingExtraError: fsspec, or the package that it needs for this kind of storage, is not installed.
        UsageError: there is no such kind of storage, or it is a site, which is not asked from here.
    """
    if is_web_page(address):
        raise UsageError(f"{address} is on the web. Sites are read by `ofsted-nlp pull` alone; save the file first.")
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingExtraError(
            f"{address} is on storage that is reached through fsspec: pip install 'ofsted-nlp[remote]'."
        ) from error
    try:
        made: tuple[Any, str] = url_to_fs(address)
    except ImportError as error:
        raise MissingExtraError(f"{address} cannot be reached: {error}.") from error
    except ValueError as error:
        raise UsageError(f"{address} cannot be used: {error}.") from error
    return made


def find(address: str) -> list[str] | None:
    """The addresses that one stands for, by name: a file, the PDFs of a folder, what a pattern matches.

    Returns:
        None where nothing is there; an empty list for a folder without PDFs.
    """
    system, path = filesystem(address)
    system.invalidate_cache()
    if re.search(r"[*?\[]", path) and not system.exists(path):
        found = [one for one in sorted(system.glob(path)) if system.isfile(one)]
        return [_address(address, system, one) for one in found] or None
    if system.isfile(path):
        return [address]
    if system.isdir(path):
        return [_address(address, system, p) for p in sorted(system.find(path)) if p.lower().endswith(".pdf")]
    return None


def _address(given: str, system: Any, path: str) -> str:
    first, chain, rest = given.partition("::")
    if not chain:
        return str(system.unstrip_protocol(path))
    return f"{first.split('://')[0]}://{path}::{rest}"


def file_name(address: object) -> str:
    """The last part of an address."""
    return str(address).partition("::")[0].rstrip("/").rsplit("/", 1)[-1] or str(address)


def content_hash(address: str) -> str | None:
    """SHA-256 of a file's bytes, which pass through this machine but are not kept; None if it cannot be read."""
    digest = hashlib.sha256()
    try:
        system, path = filesystem(address)
        with system.open(path, "rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    except MissingExtraError:
        raise
    except Exception:  # each kind of storage has errors of its own
        return None
    return digest.hexdigest()


def read(address: str, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        ReadingError: with code ``not_found``, ``too_large`` (more than ``most`` bytes) or ``unreadable``.
    """
    system, path = filesystem(address)
    try:
        with system.open(path, "rb") as file:
            data: bytes = file.read(most + 1)
    except FileNotFoundError:
        raise ReadingError(f"There is no file {address}. Check the address.", code="not_found") from None
    except Exception as error:  # each kind of storage has errors of its own
        raise ReadingError(f"{address} cannot be read: {reason(error)}.", code="unreadable") from error
    if len(data) > most:
        raise ReadingError(
            f"{address} is larger than {most // 1_000_000} MB, far more than any inspection report. "
            "Check that it is the right file.",
            code="too_large",
        )
    return data


def read_report(address: str, *, findings: bool, strengths: bool) -> Report:
    """As ``extraction.report.read_or_record``, for an address; its report's ``source.url`` is the address."""
    from dataclasses import replace

    from ofsted_nlp.errors import OfstedNlpError
    from ofsted_nlp.extraction.report import extract
    from ofsted_nlp.reading.pdf import MAX_BYTES, published_on, read_pdf
    from ofsted_nlp.records import Failure, Report, Source

    name, digest = file_name(address), ""
    try:
        data = read(address, MAX_BYTES)
        digest = hashlib.sha256(data).hexdigest()
        report = extract(read_pdf(data, name=name), findings=findings, strengths=strengths)
    except OfstedNlpError as error:
        source = Source(name, digest, 0, published_on=published_on(name))
        report = Report(source=source, status="failed", error=Failure(error.code, error.message))
    return replace(report, source=replace(report.source, url=address))


def reason(error: BaseException) -> str:
    """What an error of some storage says, in one line."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def put(path: Path, address: str) -> None:
    """Copy a local file to an address.

    Raises:
        UsageError: the address cannot be written.
    """
    system, place = filesystem(address)
    try:
        system.put_file(str(path), place)
    except Exception as error:  # each kind of storage has errors of its own
        raise UsageError(f"{address} cannot be written: {reason(error)}.") from error
