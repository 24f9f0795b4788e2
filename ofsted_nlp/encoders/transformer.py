"""Any sentence-transformers model as an encoder, for those who have the extra "transformers"."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.encoders.errors import EncoderError
from ofsted_nlp.encoders.static import checked, unit
from ofsted_nlp.errors import MissingExtraError

_BATCH = 32


class TransformerEncoder:
    """A sentence-transformers model behind the face of an encoder.

    Texts are encoded in batches of one length in tokens, so that no padding makes the vector of a text depend on the
    texts beside it; what is left is the rounding of the matrix products. Texts that are empty or only white space get
    the zero vector. Texts longer than the model takes are cut by the model.

    Args:
        model: name of a model (on Hugging Face, or downloaded before) or folder.

    Attributes:
        name: for a folder, its name and the first 12 hexadecimal digits of the SHA-256 of its files; for a model name,
            that name, with "@" and the first 12 digits of its revision where it is known.
        dimensions: length of the vectors.

    Raises:
        MissingExtraError: the package sentence-transformers is not installed.
        EncoderError: code "no_model" if the folder holds none, "not_available" if the name is not on this machine and
            cannot be downloaded, "model_damaged" if it cannot be loaded.
    """

    def __init__(self, model: str | Path) -> None:
        folder = Path(model)
        local = folder.is_dir()
        if local and not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise EncoderError(
                f"The folder {folder} holds no model: it has neither modules.json nor config.json.", code="no_model"
            )
        if importlib.util.find_spec("sentence_transformers") is None:
            raise MissingExtraError(
                f"The encoder {str(model)!r} needs the package sentence-transformers: "
                "pip install 'ofsted-nlp[transformers]'. Without it, the encoder that the package brings can be used."
            )
        self._model = _loaded(folder if local else str(model))
        self.name = f"{folder.resolve().name}-{_digest(folder)[:12]}" if local else _named(str(model), self._model)
        self.dimensions = len(self._encode(["a"])[0])

    def __repr__(self) -> str:
        return f"<TransformerEncoder {self.name}: {self.dimensions} dimensions>"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of texts: n x dimensions, float32, of unit length, zero for texts without any character.

        Raises:
            UsageError: ``texts`` is one string, or holds something else than strings.
        """
        texts = checked(texts)
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        alike: dict[int, list[int]] = {}
        given = [k for k, text in enumerate(texts) if text.strip()]
        if given:
            for k, tokens in zip(given, self._tokens([texts[k] for k in given]), strict=True):
                alike.setdefault(tokens, []).append(k)
        for rows in alike.values():
            out[rows] = self._encode([texts[k] for k in rows])
        return unit(out)

    def _tokens(self, texts: list[str]) -> list[int]:
        """How many tokens each text has; without such a count, its place, so that each is encoded alone."""
        tokenizer = getattr(self._model, "tokenizer", None)
        if tokenizer is None or not callable(tokenizer):
            return list(range(len(texts)))
        return [len(ids) for ids in tokenizer(texts, truncation=True)["input_ids"]]

    def _encode(self, texts: list[str]) -> np.ndarray:
        found = self._model.encode(texts, batch_size=_BATCH, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


def _loaded(model: str | Path) -> Any:
    """The model of a folder, or of a name: from this machine if it is there, else downloaded."""
    from huggingface_hub import HfApi
    from sentence_transformers import SentenceTransformer

    # The libraries below raise whatever went wrong in them, of many unrelated kinds.
    if isinstance(model, Path):
        try:
            return SentenceTransformer(str(model), local_files_only=True)
        except Exception as error:
            raise EncoderError(
                f"The model in {model} cannot be loaded ({_reason(error)}).", code="model_damaged"
            ) from error
    try:
        return SentenceTransformer(model, local_files_only=True)
    except Exception:
        pass  # it is not on this machine, or not whole
    try:
        # One question first: without it, a machine that is offline would try again for minutes, file by file.
        HfApi().model_info(model if "/" in model else f"sentence-transformers/{model}", timeout=10)
        return SentenceTransformer(model)
    except Exception as error:
        raise EncoderError(
            f"The encoder {model!r} is no folder here, and no model of that name could be had ({_reason(error)}). "
            "Check the name, go online once so that it is downloaded, or give a folder.",
            code="not_available",
        ) from error


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def _named(name: str, model: Any) -> str:
    """The name with the revision that was loaded, where the model tells it."""
    for module in model.modules():
        revision = getattr(getattr(module, "config", None), "_commit_hash", None)
        if isinstance(revision, str) and revision:
            return f"{name}@{revision[:12]}"
    return name


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".json", ".txt", ".safetensors", ".bin"}):
        found.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as handle:
            found.update(hashlib.file_digest(handle, "sha256").digest())
    return found.hexdigest()
