"""A small convolutional network on words, run in numpy: the order of words that a sum of word runs cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ofsted_nlp.extraction.features import Tokens, Vocabulary

_BLOCK = 1024


class Network:
    """Word vectors, one convolution, the maximum and mean over the sentence, one hidden layer.

    As the first layer is linear in the word vectors, its product with each place of the window is computed once for
    every word of the vocabulary when the network is loaded; a sentence then costs look-ups and additions. The sentence
    before goes through a window of one word. Nothing but the rounding of two small matrix products depends on which
    sentences are computed together.

    A second convolution, three words wide, may stand on the first; the maximum and mean are then of both. The place of
    a sentence adds a vector of its own to the hidden layer.

    Args:
        vocabulary: that of the linear model; words it does not know share one vector.
        arrays: ``words`` ((words + 1) x d, int8, in units of ``scale`` (words + 1)); float16: ``window`` (places x d x
            filters) and ``window_bias``, ``before`` (d x filters) and ``before_bias``, ``hidden`` and ``hidden_bias``,
            ``out`` and ``out_bias``; where there is a second convolution ``deep`` (3 x filters x filters) and
            ``deep_bias``; where places are known ``place`` (numbers of ``places.Places`` x hidden).
        name: stands before the name of each array, with "_" between.
    """

    def __init__(self, vocabulary: Vocabulary, arrays: Mapping[str, np.ndarray], name: str) -> None:
        def single(kind: str) -> np.ndarray:
            return arrays[f"{name}_{kind}"].astype(np.float32)

        words = single("words") * single("scale")[:, None]
        self._places = [words @ place for place in single("window")]
        self._places[0] += single("window_bias")
        self._before = np.maximum(words @ single("before") + single("before_bias"), 0)
        self._hidden, self._hidden_bias = single("hidden"), single("hidden_bias")
        self._out, self._out_bias = single("out"), single("out_bias")
        self._deep: np.ndarray | None = None
        if f"{name}_deep" in arrays:
            self._deep = np.ascontiguousarray(np.concatenate([*single("deep")], axis=1))
            self._deep_bias = single("deep_bias")
        self._place: np.ndarray | None = None
        if f"{name}_place" in arrays:
            place = single("place")
            self._place = np.concatenate([place, np.zeros_like(place[:1])])
        self._mark = np.zeros(len(words), dtype=bool)
        self._open, self._close = vocabulary.open, vocabulary.close
        self._mark[[self._open, self._close]] = True

    def logits(self, own: Tokens, before: Tokens, n: int, places: np.ndarray) -> np.ndarray:
        """Scores before the softmax of ``n`` sentences: polarities, then themes (n x (4 + themes), float32).

        Args:
            own: the sentences.
            before: those before them.
            n: how many there are.
            places: numbers of their places (n x 3).
        """
        vector = np.concatenate([self._sentence(own, n), self._context(before, n)], axis=1)
        hidden = vector @ self._hidden + self._hidden_bias
        if self._place is not None:
            hidden += self._place[places].sum(1)
        np.maximum(hidden, 0, out=hidden)
        return hidden @ self._out + self._out_bias

    def _sentence(self, tokens: Tokens, n: int) -> np.ndarray:
        """Maximum and mean of the filters over the words of each sentence.

        The window reaches over the sentence's ends: to its own marks, and beyond them to a closing mark on the left
        and an opening one on the right, which stand there in running text and are put there at its ends.
        """
        reach = len(self._places) // 2
        ids = np.concatenate([[self._close] * reach, tokens.ids, [self._open] * reach])
        at = np.flatnonzero(~self._mark[tokens.ids])
        found = np.empty((len(at), self._places[0].shape[1]), dtype=np.float32)
        spare = np.empty((min(_BLOCK, len(at)), found.shape[1]), dtype=np.float32)
        for start in range(0, len(at), _BLOCK):
            block, places = found[start : start + _BLOCK], at[start : start + _BLOCK]
            other = spare[: len(block)]
            np.take(self._places[0], ids[places], axis=0, out=block, mode="clip")
            for k, table in enumerate(self._places[1:], 1):
                np.take(table, ids[places + k], axis=0, out=other, mode="clip")
                block += other
            np.maximum(block, 0, out=block)
        rows = tokens.rows[at]
        if self._deep is None:
            return _pooled(found, rows, n)
        left, deep, right = np.split(found @ self._deep, 3, axis=1)
        alone = np.flatnonzero(rows[1:] != rows[:-1])
        left[alone], right[alone + 1] = 0, 0
        deep = deep + self._deep_bias
        deep[1:] += left[:-1]
        deep[:-1] += right[1:]
        np.maximum(deep, 0, out=deep)
        return np.concatenate([_pooled(found, rows, n), _pooled(deep, rows, n)], axis=1)

    def _context(self, tokens: Tokens, n: int) -> np.ndarray:
        at = np.flatnonzero(~self._mark[tokens.ids])
        return _pooled(self._before[tokens.ids[at]], tokens.rows[at], n)


def _pooled(values: np.ndarray, rows: np.ndarray, n: int) -> np.ndarray:
    """Maximum and mean of ``values`` over each of ``n`` rows (sorted; zeros where a row has none)."""
    from scipy.sparse import csr_matrix

    ends = np.searchsorted(rows, np.arange(n + 1))
    counts = np.maximum(np.diff(ends), 1)
    width = values.shape[1]
    out = np.zeros((n, 2 * width), dtype=np.float32)
    bounds = ends.tolist()
    for row, (start, stop) in enumerate(pairwise(bounds)):
        if stop > start:
            values[start:stop].max(0, out=out[row, :width])
    ones = np.ones(len(values), dtype=np.float32)
    out[:, width:] = csr_matrix((ones, np.arange(len(values)), ends), (n, len(values))) @ values
    out[:, width:] /= counts[:, None]
    return out
