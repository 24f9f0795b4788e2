"""Files onto the disk: under their name only once they are whole and right, and resumed where they broke off."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from ofsted_nlp.errors import GoneError, RefusedError
from ofsted_nlp.sources.http import Again, Client, check_size, content_type, too_large

HEAD, TAIL = 1024, 4096
"""Bytes at a file's beginning and end in which a PDF's marks are looked for."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that arrived whole: where it lies, its hash, its size in bytes."""

    path: Path
    sha256: str
    size: int


def download_pdf(client: Client, url: str, target: Path, partial: Path) -> Download:
    """Download a PDF. A run that is killed loses at most the bytes not yet written; the next one goes on there.

    Args:
        client: whom to ask with.
        url: the address.
        target: the file it becomes, in one step.
        partial: where it grows until then, on the same disk; a file beside it says what it is.

    Raises:
        GoneError: a web page, or nothing, is at that address.
        RefusedError: it is no PDF, or too large, or may not be asked for.
        UnreachableError: it did not arrive whole, however often it was asked for.
    """
    growing = _Partial(client, url, partial)
    client.ask(url, growing.headers, growing.read)
    found = checked_pdf(partial)
    assert found is not None
    target.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(target)
    growing.forget()
    return Download(target, *found)


def checked_pdf(path: Path) -> tuple[str, int] | None:
    """SHA-256 and size of a file that has the beginning and the end of a PDF; None for any other."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            tail = file.read()
            if b"%PDF-" not in head or b"%%EOF" not in tail:
                return None
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest(), size
    except OSError:
        return None


def forget(partial: Path) -> None:
    """Remove what is there of a file, and the notes on it."""
    partial.unlink(missing_ok=True)
    partial.with_suffix(".json").unlink(missing_ok=True)


class _Partial:
    """A file that is growing: its bytes, and beside them which answer of which address they belong to."""

    def __init__(self, client: Client, url: str, path: Path) -> None:
        self.client, self.url, self.path = client, url, path
        self.notes = path.with_suffix(".json")
        path.parent.mkdir(parents=True, exist_ok=True)

    def forget(self) -> None:
        forget(self.path)

    def headers(self) -> dict[str, str]:
        """Ask for the rest of what is there, if it is still the same file; else for all of it."""
        wanted = {"Accept": "application/pdf, */*;q=0.1", "Accept-Encoding": "identity"}
        validator = self._noted()
        size = self._size()
        if validator and size:
            wanted |= {"Range": f"bytes={size}-", "If-Range": validator}
        else:
            self.forget()
        return wanted

    def read(self, response: httpx.Response, _: str) -> None:
        """Append what comes to what is there, or begin anew, as the answer says."""
        start, total = 0, None
        if response.status_code == 206:
            sent = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
            start = self._size()
            if sent is None or int(sent[1]) != start:
                self.forget()
                raise Again("it sent another part of the file than was asked for")
            total = int(sent[2]) if sent[2] != "*" else None
        elif response.status_code != 200:
            self.forget()
            raise Again(f"it answered with status {response.status_code}")
        most = self.client.limits.file_bytes
        try:
            check_size(response, self.url, most - start)
            if not start:
                self.forget()
                self._note(response)
            with self.path.open("ab" if start else "wb") as file:
                self._write(response, file, start, most)
                file.flush()
                os.fsync(file.fileno())
        except (RefusedError, GoneError):
            self.forget()
            raise
        if checked_pdf(self.path) is None or total not in (None, self._size()):
            self.forget()
            raise Again("the file that came is cut short or damaged")

    def _write(self, response: httpx.Response, file: IO[bytes], start: int, most: int) -> None:
        ends = time.monotonic() + self.client.limits.file_seconds
        size = start
        head = None if start else b""
        for chunk in response.iter_bytes():
            if head is not None:
                head += chunk[:HEAD]
                if len(head) >= HEAD or b"%PDF-" in head:
                    self._check_head(head, response)
                    head = None
            size += len(chunk)
            self.client.counts["bytes"] += len(chunk)
            if size > most:
                raise too_large(self.url, most)
            file.write(chunk)
            if time.monotonic() > ends:
                raise Again(f"it took longer than {self.client.limits.file_seconds:.0f} seconds")
        if head is not None:
            self._check_head(head, response)

    def _check_head(self, head: bytes, response: httpx.Response) -> None:
        if b"%PDF-" in head[:HEAD]:
            return
        kind = content_type(response)
        if not head:
            raise Again("an empty file came")
        if kind in ("text/html", "application/xhtml+xml") or re.match(rb"\W{0,3}\s*<(?:!doctype|html)", head, re.I):
            raise GoneError(f"{self.url} leads to a web page, not to a report.", code="page_instead_of_pdf")
        raise RefusedError(f"{self.url} is no PDF but {kind or 'a file of no type'}.", code="not_a_pdf")

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _note(self, response: httpx.Response) -> None:
        """Remember by what the rest of this very file can be asked for."""
        etag = response.headers.get("etag", "")
        packed = response.headers.get("content-encoding", "identity") != "identity"
        validator = (
            "" if packed else etag if etag and not etag.startswith("W/") else response.headers.get("last-modified", "")
        )
        self.notes.write_text(json.dumps({"url": self.url, "validator": validator}), encoding="utf-8")

    def _noted(self) -> str:
        try:
            noted = json.loads(self.notes.read_text(encoding="utf-8"))
            return str(noted["validator"]) if noted["url"] == self.url else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""
