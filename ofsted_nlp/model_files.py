"""The model files that the package carries, taken only if they are those that were published.

A model decides what is said of authorities, and formats such as spaCy's can hold more than numbers. SHA256SUMS, beside
the files, names every one with its hash (``sha256sum -c SHA256SUMS`` checks them too); the training commands write it.
This shows damage and unwitting changes; whoever can change the files of an installation can change the list as well.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from ofsted_nlp.errors import OfstedNlpError

MODELS = Path(__file__).resolve().parent / "data" / "models"
"""The folder of the models."""

SUMS = "SHA256SUMS"


class ModelFileError(OfstedNlpError):
    """A model file of the package is not what it should be.

    ``code`` is "model_missing", "model_altered" or "model_unlisted".
    """

    code = "model_altered"


def read_model(name: str) -> bytes:
    """The content of a model file.

    Args:
        name: its path below ``MODELS``, such as "findings.npz".

    Raises:
        ModelFileError: it is missing, is not listed, or its content is not what the list says.
    """
    try:
        content = (MODELS / name).read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"The model file {MODELS / name} cannot be read ({error.strerror}). Install ofsted-nlp anew.",
            code="model_missing",
        ) from None
    _compare(name, hashlib.sha256(content).hexdigest())
    return content


def check_models(folder: str = "") -> int:
    """Check every listed file below a folder of models, and that no other lies there.

    Args:
        folder: its path below ``MODELS``, such as "english"; "" for all.

    Returns:
        How many files were checked.

    Raises:
        ModelFileError: a file is missing, altered or not listed.
    """
    listed = [name for name in _sums() if not folder or name.startswith(f"{folder}/")]
    there = [path.relative_to(MODELS).as_posix() for path in _files(MODELS / folder)]
    if not listed or set(listed) - set(there):
        missing = ", ".join(sorted(set(listed) - set(there))[:3]) or folder
        raise ModelFileError(
            f"Model files are missing in {MODELS}: {missing}. Install ofsted-nlp anew.", code="model_missing"
        )
    for name in there:
        with (MODELS / name).open("rb") as file:
            _compare(name, hashlib.file_digest(file, "sha256").hexdigest())
    return len(there)


def record_models(written: Path) -> bool:
    """Write the list of the package's model files anew after one of them was made.

    Args:
        written: the file or folder that was written; elsewhere than in ``MODELS`` nothing is done.

    Returns:
        Whether the list was written.
    """
    if not written.resolve().is_relative_to(MODELS):
        return False
    lines = []
    for path in _files(MODELS):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.relative_to(MODELS).as_posix()}\n")
    growing = MODELS / f".{SUMS}"
    growing.write_text("".join(lines), encoding="ascii", newline="\n")
    growing.replace(MODELS / SUMS)
    _sums.cache_clear()
    return True


def _files(folder: Path) -> list[Path]:
    """The files of a folder, those of the system (such as .DS_Store) and the list itself left out."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".") and p != MODELS / SUMS)


@cache
def _sums() -> dict[str, str]:
    """Hashes by path."""
    try:
        lines = (MODELS / SUMS).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        raise ModelFileError(
            f"The list of model files {MODELS / SUMS} cannot be read. Install ofsted-nlp anew.", code="model_missing"
        ) from None
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _compare(name: str, digest: str) -> None:
    wanted = _sums().get(name)
    if wanted is None:
        raise ModelFileError(
            f"The file {MODELS / name} is not in {SUMS}. Remove it, or after training run "
            "python -m ofsted_nlp.training.checksums.",
            code="model_unlisted",
        )
    if digest != wanted:
        raise ModelFileError(
            f"The model file {MODELS / name} is not the one that was published: its SHA-256 is {digest[:12]}…, not "
            f"{wanted[:12]}…. Install ofsted-nlp anew; after training run python -m ofsted_nlp.training.checksums."
        )
