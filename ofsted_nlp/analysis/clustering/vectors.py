"""Vectors of findings kept on disk, so that a search does not encode the whole store again.

A folder holds one .npy file a document and encoder. Its name says the document's SHA-256 and a digest of the texts, so
that a document read anew by a later version gets fresh vectors; what no longer fits is left alone until ``tidy``.
Files are written whole or not at all, and read by memory-mapping, so several processes can share the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.whole_numbers import whole

if TYPE_CHECKING:
    from ofsted_nlp.encoders import Encoder

_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_TOGETHER = 20_000


def folder_beside(store: str | Path) -> Path | None:
    """Where the vectors of a store in a file are kept; None for one in memory."""
    return None if str(store) == ":memory:" else Path(f"{store}.vectors")


class KeptVectors:
    """Vectors of documents' findings, encoded when first asked for.

    Args:
        folder: where they are kept; None to keep none.
        encoder: makes them; vectors of another encoder are not touched.
    """

    def __init__(self, folder: Path | None, encoder: Encoder) -> None:
        self.encoder = encoder
        self.folder = None if folder is None else folder / _SAFE.sub("-", encoder.name)

    def of(self, documents: Sequence[tuple[str, Sequence[str]]]) -> Any:
        """The vectors of all documents' texts, one below the other (n x d, int16, ``whole_numbers.whole``).

        Args:
            documents: SHA-256 and texts of each.
        """
        import numpy

        made: list[Any] = [None] * len(documents)
        missing = []
        for number, (sha256, texts) in enumerate(documents):
            made[number] = self._read(sha256, texts)
            if made[number] is None:
                missing.append(number)
        for some in _batches(missing, [len(texts) for _, texts in documents]):
            vectors = whole(self.encoder.encode([text for number in some for text in documents[number][1]]))
            at = 0
            for number in some:
                sha256, texts = documents[number]
                made[number] = vectors[at : at + len(texts)]
                at += len(texts)
                self._write(sha256, texts, made[number])
        if not made:
            return numpy.zeros((0, self.encoder.dimensions), dtype=numpy.int16)
        return numpy.concatenate(made)

    def tidy(self, documents: Iterable[tuple[str, Sequence[str]]]) -> int:
        """Remove the files that belong to none of these documents; how many were removed."""
        if self.folder is None or not self.folder.is_dir():
            return 0
        wanted = {self._path(sha256, texts).name for sha256, texts in documents}
        unwanted = [path for path in self.folder.glob("*.npy") if path.name not in wanted]
        for path in unwanted:
            path.unlink(missing_ok=True)
        return len(unwanted)

    def _path(self, sha256: str, texts: Sequence[str]) -> Path:
        assert self.folder is not None
        digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / f"{_SAFE.sub('-', sha256)[:64]}-{digest[:16]}.npy"

    def _read(self, sha256: str, texts: Sequence[str]) -> Any:
        import numpy

        if self.folder is None:
            return None
        try:
            found = numpy.load(self._path(sha256, texts), mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None  # not kept yet, or damaged: it is made again
        fits = found.dtype == numpy.int16 and found.shape == (len(texts), self.encoder.dimensions)
        return found if fits else None

    def _write(self, sha256: str, texts: Sequence[str], vectors: Any) -> None:
        import numpy

        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                numpy.save(file, vectors, allow_pickle=False)
            Path(name).replace(self._path(sha256, texts))
        except OSError:
            self.folder = None  # a folder that cannot be written only costs the time to encode again


def _batches(numbers: Sequence[int], sizes: Sequence[int]) -> Iterable[list[int]]:
    """The numbers in batches of some thousand texts, so that memory stays small."""
    some: list[int] = []
    together = 0
    for number in numbers:
        some.append(number)
        together += sizes[number]
        if together >= _TOGETHER:
            yield some
            some, together = [], 0
    if some:
        yield some
