"""The tagger of strengths: where what is praised and the named things stand, by a small network in numpy."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np

from ofsted_nlp.model_files import read_model

TOKEN = re.compile(r"[’']s\b|[^\W_]+(?:[\-–/’'](?!s\b)[^\W_]+)*|[^\w\s]")
LONGEST = 90
"""Tokens of a sentence that are read; what stands after them is not looked at."""
SPAN = 18
"""Tokens of the longest span that can be what is praised."""
SUFFIXES, PREFIXES, SHAPES = 1499, 997, 16
DILATIONS = (1, 2, 4, 8, 1)
POOLED = 3
"""After this layer every token also sees the greatest values of the whole sentence."""
_BATCH = 32
_MARKS = {"‘": 2, "’": 3, "(": 4, ")": 5, ",": 6, ".": 7}


@dataclass(frozen=True, slots=True)
class Spans:
    """What the tagger says of one sentence.

    Attributes:
        text: the sentence.
        bounds: first character and end of each token.
        subjects: the likeliest spans of what is praised: first token, last token; the likeliest first.
        likely: the probability of each of ``subjects``.
        names: for each token the probability that a name does not hold it, begins at it, goes on at it (n x 3).
    """

    text: str
    bounds: list[tuple[int, int]]
    subjects: np.ndarray
    likely: np.ndarray
    names: np.ndarray


def shape(word: str, at: int) -> int:
    """How a token is written (capitals, digits, which mark); of capitals, whether it is the sentence's first."""
    if word.isdigit():
        return 1
    if not word[0].isalnum():
        return _MARKS.get(word, 8)
    if len(word) > 1 and word.upper() == word:
        return 9
    inner = any(c.isupper() for c in word[1:])
    if word[0].isupper():
        return 12 if inner else 10 if at else 11
    return 13 if inner else 14


def key(word: str) -> str:
    """A token as the vocabulary holds it: lower case, digits "#", a straight apostrophe."""
    return re.sub(r"\d", "#", word.lower().replace("’", "'"))


def suffix(word: str) -> int:
    """Number of the last three letters (of the key), by a hash."""
    return zlib.crc32(word[-3:].encode()) % SUFFIXES


def prefix(word: str) -> int:
    """Number of the first four letters (of the key), by a hash."""
    return zlib.crc32(f"^{word[:4]}".encode()) % PREFIXES


class Tagger:
    """Embeddings of word, ending, beginning and shape, dilated convolutions over the tokens, and two outputs.

    One output is a softmax over all spans of at most ``SPAN`` tokens (what is praised); the other says of each token
    whether a name begins or goes on there.

    Args:
        arrays: ``words`` (UTF-8 bytes, one word a line); ``word``, ``suffix``, ``prefix``, ``shape`` (rows x width,
            int8, in units of ``*_scale``; row 0 of ``word`` is the unknown word); ``conv{k}`` (3 width x width) and
            ``conv{k}_bias``; ``pool``; ``ends``, ``tag``, ``left`` and ``right`` with their ``*_bias``.
        settings: the content of strengths.json.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray], settings: dict[str, Any]) -> None:
        self.settings = settings
        words = arrays["words"].tobytes().decode("utf-8").split("\n")
        self._number = {word: k for k, word in enumerate(words, 1)}
        self._tables = [
            arrays[name].astype(np.float32) * np.float32(arrays[f"{name}_scale"])
            for name in ("word", "suffix", "prefix", "shape")
        ]
        weights = {name: a.astype(np.float32) for name, a in arrays.items() if a.dtype == np.float16}
        self._layers = [(weights[f"conv{k}"], weights[f"conv{k}_bias"]) for k in range(len(DILATIONS))]
        self._pool = weights["pool"], weights["pool_bias"]
        self._out = (
            np.concatenate([weights[name] for name in ("ends", "tag", "left", "right")], axis=1),
            np.concatenate([weights[f"{name}_bias"] for name in ("ends", "tag", "left", "right")]),
        )
        self._seen: dict[str, tuple[int, int, int, int]] = {}

    @classmethod
    def from_bytes(cls, weights: bytes, settings: str) -> Tagger:
        """The tagger of an .npz file's bytes and a JSON text."""
        with np.load(BytesIO(weights), allow_pickle=False) as data:
            return cls({name: data[name] for name in data.files}, json.loads(settings))

    def read(self, texts: Sequence[str]) -> list[Spans]:
        """Reads sentences; see ``Spans``."""
        tokens = [[(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)][:LONGEST] for text in texts]
        order = sorted((k for k in range(len(texts)) if tokens[k]), key=lambda k: len(tokens[k]))
        empty = np.zeros((0, 2), np.int64), np.zeros(0, np.float32), np.zeros((0, 3), np.float32)
        found: list[Spans] = [Spans(text, [], *empty) for text in texts]
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            for k, (subjects, likely, names) in zip(part, self._run([tokens[k] for k in part]), strict=True):
                found[k] = Spans(texts[k], [(a, b) for _, a, b in tokens[k]], subjects, likely, names)
        return found

    def _features(self, word: str, at: int) -> tuple[int, int, int, int]:
        known = self._seen.get(word)
        if known is None:
            k = key(word)
            known = self._number.get(k, 0), suffix(k), prefix(k), shape(word, 1)
            if len(self._seen) < 50_000:
                self._seen[word] = known
        return known if at else (*known[:3], shape(word, 0))

    def _run(self, batch: list[list[tuple[str, int, int]]]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        lengths = np.array([len(one) for one in batch])
        rows, n = len(batch), int(lengths.max())
        ids = np.array(
            [
                [self._features(word, at) for at, (word, _, _) in enumerate(one)] + [(0, 0, 0, 0)] * (n - len(one))
                for one in batch
            ]
        )
        inside = np.arange(n) < lengths[:, None]
        mask = inside[..., None].astype(np.float32)
        state = sum(table[ids[..., k]] for k, table in enumerate(self._tables)) * mask
        state = self._convolve(state, mask)
        weights, bias = self._out
        out = state.reshape(rows * n, -1) @ weights
        out = (out + bias).reshape(rows, n, -1)
        wide = (out.shape[2] - 5) // 2
        left, right = out[..., 5 : 5 + wide], out[..., 5 + wide :]
        span = out[..., 0][:, :, None] + out[..., 1][:, None, :] + left @ right.transpose(0, 2, 1) / 6
        at = np.arange(n)
        allowed = (at[None] >= at[:, None]) & (at[None] - at[:, None] < SPAN)
        span = np.where(allowed & inside[:, None] & inside[:, :, None], span, -1e4).reshape(rows, -1)
        keep = min(self.settings["spans"], n * n)
        best = np.argpartition(-span, keep - 1, axis=1)[:, :keep]
        top = np.take_along_axis(span, best, axis=1)
        order = np.argsort(-top, axis=1, kind="stable")
        best, top = np.take_along_axis(best, order, 1), np.take_along_axis(top, order, 1)
        likely = np.exp(top - top[:, :1])
        likely /= np.exp(span - top[:, :1]).sum(1, keepdims=True)
        tags = out[..., 2:5]
        tags = np.exp(tags - tags.max(2, keepdims=True))
        tags /= tags.sum(2, keepdims=True)
        spans = np.stack(np.divmod(best, n), axis=2)
        for k in range(rows):
            true = top[k] > -1e3
            yield spans[k][true], likely[k][true], tags[k, : lengths[k]]

    def _convolve(self, state: np.ndarray, mask: np.ndarray) -> np.ndarray:
        rows, n, width = state.shape
        for k, ((weights, bias), step) in enumerate(zip(self._layers, DILATIONS, strict=True)):
            wide = np.zeros((rows, n, 3 * width), np.float32)
            if step < n:
                wide[:, step:, :width] = state[:, :-step]
                wide[:, :-step, 2 * width :] = state[:, step:]
            wide[:, :, width : 2 * width] = state
            change = wide.reshape(rows * n, -1) @ weights
            change += bias
            state = state + np.maximum(change, 0).reshape(rows, n, width)
            state *= mask
            if k == POOLED:
                greatest = (state - 1e4 * (1 - mask)).max(1)
                state = (state + np.maximum(greatest @ self._pool[0] + self._pool[1], 0)[:, None]) * mask
        return state


@cache
def tagger() -> Tagger:
    """The tagger carried by the package.

    Raises:
        ModelFileError: its files are not those that were published.
    """
    return Tagger.from_bytes(read_model("strengths.npz"), read_model("strengths.json").decode("utf-8"))
