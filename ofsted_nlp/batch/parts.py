"""Reports as a folder of Parquet parts, on disk or on shared storage, so that a long run can be cut and gone on with.

OUT/documents/part-000000.parquet, OUT/findings/part-000000.parquet and so on: tables and columns as in the store, but
for when and from where a document was added, which would make two runs differ.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ofsted_nlp.batch import remote
from ofsted_nlp.batch.paths import Item, content_hash, name_of
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Failure, Report

EACH = 200
"""Documents in a part: some 40,000 findings, about 10 MB in memory."""

LEFT_OUT = ("added_at", "path", "digest")
"""Columns of ``documents`` that tell of the store and not of the document."""

NOTE = b"ofsted_nlp"
"""Key of the schema's metadata under which a part says how it was made."""

OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"}
"""Storage where a file appears whole or not at all; elsewhere it is written under another name first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that an earlier run has written: its file name, SHA-256 (or "") and why it could not be read."""

    file: str
    sha256: str
    error: Failure | None


class Parts:
    """Writes reports as parts; use it in a ``with`` statement, which writes the last part.

    A part counts once its table ``documents`` is there, which is written last; each file appears whole or not at all.

    Args:
        address: folder, or address of one for fsspec.
        options: what else makes a difference to what is written; a folder of other options is not gone on with.
        each: documents in a part.

    Raises:
        UsageError: the folder holds the parts of a run with other options, or cannot be used.
        MissingExtraError: the address needs a package that is not installed.
    """

    def __init__(self, address: str, *, options: dict[str, Any], each: int = EACH) -> None:
        self.address = str(remote.local(address))
        self.folder = _Folder(self.address)
        self.note = json.dumps(options, sort_keys=True)
        self.each = each
        self.waiting: list[Report] = []
        self.number = 0
        with self._errors():
            while self.folder.exists(self._name("documents", self.number)):
                self.number += 1
        self.kept_parts = self.number

    def __enter__(self) -> Parts:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self.waiting:
            self._write()

    def write(self, report: Report) -> None:
        """Add a report; a part is written when it is full."""
        self.waiting.append(report)
        if len(self.waiting) == self.each:
            self._write()

    def kept(self) -> Iterator[Kept]:
        """The documents that an earlier run has written, in order.

        Raises:
            UsageError: that run had other options.
        """
        from pyarrow import parquet

        for number in range(self.kept_parts):
            with self._errors():
                data = self.folder.read(self._name("documents", number))
            table = parquet.read_table(io.BytesIO(data), columns=["file", "sha256", "error_code", "error_message"])
            found = (table.schema.metadata or {}).get(NOTE, b"").decode()
            if found != self.note:
                raise UsageError(
                    f"{self.address} holds what a run with other options wrote ({found or 'unknown'}; now "
                    f"{self.note}). Name another folder."
                )
            for row in table.to_pylist():
                error = Failure(row["error_code"], row["error_message"]) if row["error_code"] else None
                yield Kept(row["file"], row["sha256"], error)

    def remaining(self, items: Iterable[Item]) -> Iterator[Item]:
        """The documents that no earlier run has written.

        Raises:
            UsageError: the documents written are not the first of these ones, or had other options.
        """
        coming = iter(items)
        for count, kept in enumerate(self.kept(), start=1):
            item = next(coming, None)
            if item is None:
                said = "fewer are asked for now"
            elif isinstance(item, Report):
                said = "" if item.source.file == kept.file else f"{item.source.file} stands there now"
            else:
                same = name_of(item) == kept.file and (content_hash(item) or "") == kept.sha256
                said = "" if same else f"{name_of(item)}, or other content, stands there now"
            if said:
                raise UsageError(
                    f"{self.address} holds what a run over other documents wrote: its number {count} is {kept.file}, "
                    f"and {said}. Name another folder."
                )
        yield from coming

    def _name(self, table: str, number: int) -> str:
        return f"{table}/part-{number:06}.parquet"

    def _write(self) -> None:
        from ofsted_nlp.extraction.report import EXTRACTOR_VERSION
        from ofsted_nlp.store.schema import CHILDREN, arrow_table, child_rows, document_row

        rows: dict[str, list[dict[str, Any]]] = {table: [] for table in CHILDREN}
        for report in self.waiting:
            for table, some in child_rows(report).items():
                rows[table] += some
        documents = [document_row(report, EXTRACTOR_VERSION, None) for report in self.waiting]
        for table in (*CHILDREN, "documents"):
            made = arrow_table(table, documents if table == "documents" else rows[table])
            made = made.drop_columns([name for name in LEFT_OUT if name in made.column_names])
            self._save(self._name(table, self.number), made.replace_schema_metadata({NOTE: self.note.encode()}))
        self.number += 1
        self.waiting.clear()

    def _save(self, name: str, table: Any) -> None:
        from pyarrow import parquet

        buffer = io.BytesIO()
        parquet.write_table(table, buffer, compression="zstd")
        with self._errors():
            self.folder.write(name, buffer.getvalue())

    def _errors(self) -> _Errors:
        return _Errors(self.address)


class _Errors:
    """Errors of storage as a sentence."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, (UsageError, ImportError)):
            raise UsageError(f"{self.address} cannot be used: {remote.reason(error)}.") from error


class _Folder:
    """A folder on disk, or on whatever fsspec reaches."""

    def __init__(self, address: str) -> None:
        self.remote = remote.is_remote(address)
        self.system: Any = None
        self.place = address
        if self.remote:
            self.system, self.place = remote.filesystem(address)
            self.system.invalidate_cache()
        elif Path(address).exists() and not Path(address).is_dir():
            raise UsageError(f"{address} is a file; Parquet is written into a folder. Name another.")

    def exists(self, name: str) -> bool:
        return bool(self.system.exists(f"{self.place}/{name}")) if self.remote else (Path(self.place) / name).exists()

    def read(self, name: str) -> bytes:
        if self.remote:
            found: bytes = self.system.cat_file(f"{self.place}/{name}")
            return found
        return (Path(self.place) / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        table, _, last = name.partition("/")
        hidden = f"{table}/.{last}.part"
        if not self.remote:
            path = Path(self.place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / f".{last}.part").write_bytes(data)
            (path.parent / f".{last}.part").replace(path)
            return
        names = self.system.protocol if isinstance(self.system.protocol, tuple) else (self.system.protocol,)
        if OBJECT_STORES & set(names):
            self.system.pipe_file(f"{self.place}/{name}", data)
        else:
            self.system.makedirs(f"{self.place}/{table}", exist_ok=True)
            self.system.pipe_file(f"{self.place}/{hidden}", data)
            self.system.mv(f"{self.place}/{hidden}", f"{self.place}/{name}")
