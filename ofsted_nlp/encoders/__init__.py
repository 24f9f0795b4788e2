"""Text to vectors: texts that mean alike get vectors that lie close, whichever encoder makes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ofsted_nlp.encoders.errors import EncoderError
from ofsted_nlp.model_files import MODELS, check_models

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

__all__ = ["Encoder", "EncoderError", "encoder"]


class Encoder(Protocol):
    """What turns texts into vectors.

    Attributes:
        name: says which encoder it is, so that stored vectors can name the one that made them: vectors of encoders
            with different names must not be compared.
        dimensions: length of the vectors.
    """

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of texts: n x dimensions, float32, of unit length; the zero vector for an empty text."""
        ...


def encoder(name_or_folder: str | Path | None = None) -> Encoder:
    """The encoder of that name or in that folder; without one, the encoder that the package brings.

    Args:
        name_or_folder: None: the package's own (needs nothing but numpy). A folder with a model2vec model: the same
            kind of encoder. Any other folder, or a name such as "all-MiniLM-L6-v2": a sentence-transformers model
            (needs the extra ``transformers``; a name that is not on this machine is downloaded).

    Raises:
        EncoderError: there is no such model, it cannot be had, or it is damaged; ``code`` says which.
        ModelFileError: the files of the package's own encoder are not those that were published.
        MissingExtraError: the model needs the extra ``transformers``, which is not installed.
    """
    if name_or_folder is None:
        return _bundled()
    from ofsted_nlp.encoders.static import FILES, StaticEncoder, is_static
    from ofsted_nlp.encoders.transformer import TransformerEncoder

    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        if is_static(folder):
            return StaticEncoder(folder)
        if not any((folder / name).exists() for name in ("modules.json", "config.json")):
            raise EncoderError(
                f"The folder {folder} holds no model: neither {', '.join(FILES)} (model2vec) nor modules.json "
                "(sentence-transformers).",
                code="no_model",
            )
        return TransformerEncoder(folder)
    if folder.exists():
        raise EncoderError(f"{folder} is a file; give the folder that holds the model.", code="no_model")
    if isinstance(name_or_folder, Path) or folder.is_absolute() or str(name_or_folder).startswith((".", "~")):
        raise EncoderError(f"There is no folder {folder}.", code="no_model")
    if not name_or_folder.strip():
        raise EncoderError("The name of the encoder is empty; give a name or a folder.", code="no_model")
    return TransformerEncoder(str(name_or_folder))


@cache
def _bundled() -> Encoder:
    from ofsted_nlp.encoders.static import StaticEncoder

    check_models("encoder")
    return StaticEncoder(MODELS / "encoder")
