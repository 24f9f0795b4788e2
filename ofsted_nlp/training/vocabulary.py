"""Chooses the word runs a model knows: those that stand in enough sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ofsted_nlp.extraction.features import BASE, CUES, Vocabulary, words


def choose(texts: Sequence[str], previous: Sequence[str], least: int, least_before: int) -> dict[str, np.ndarray]:
    """The arrays of a ``Vocabulary`` of the runs that stand in at least so many sentences.

    Args:
        texts: sentences.
        previous: the sentence before each.
        least: for runs of the sentence.
        least_before: for runs of the sentence before.
    """
    own, before = words(texts), words(previous)
    every, ids = np.unique(np.array(own + before, dtype=object), return_inverse=True)
    rows = np.cumsum(ids == np.searchsorted(every, "^")) - 1
    known = _frequent(ids[: len(own)], rows[: len(own)], least)
    known |= _frequent(ids[len(own) :], rows[len(own) :], least_before)
    kept = sorted({str(every[k]) for k in known} | {"^", "$"})
    none = np.empty((0, 2), dtype=np.int32)
    arrays: dict[str, np.ndarray] = {
        "words": np.frombuffer("\n".join(kept).encode("utf-8"), dtype=np.uint8),
        **dict.fromkeys(("pairs", "triples", "cue_pairs", "cue_triples"), none),
        **dict.fromkeys(("before_words", "before_pairs"), np.empty(0, dtype=np.int32)),
    }

    number = {word: k for k, word in enumerate(kept)}
    ids = np.array([number.get(word, -1) for word in own], dtype=np.int64)
    rows = np.cumsum(ids == number["^"]) - 1
    close = number["$"]
    arrays["pairs"] = _runs(np.where(ids[:-1] == close, -1, ids[:-1]), ids[1:], rows, least)
    pairs = Vocabulary(arrays).read(texts)[2]
    arrays["triples"] = _runs(np.where(ids[1:-1] == close, -1, pairs[:-2]), ids[2:], rows, least)

    cue = np.flatnonzero(np.array([word in CUES for word in own]))
    cues, where = ids[cue], rows[cue]
    arrays["cue_pairs"] = _runs(np.where(where[:-1] == where[1:], cues[:-1], -1), cues[1:], where, least)
    vocabulary = Vocabulary(arrays)
    follows = vocabulary.find("cue_pairs", np.where(where[:-1] == where[1:], cues[:-1], -1), cues[1:])
    arrays["cue_triples"] = _runs(np.where(where[1:-1] == where[2:], follows[:-1], -1), cues[2:], where, least)

    ids, rows, pairs = vocabulary.read(previous)
    ids = np.where((ids == len(kept)) | (ids == close) | (ids == number["^"]), -1, ids)
    arrays["before_words"] = np.array(sorted(_frequent(ids, rows, least_before)), dtype=np.int32)
    arrays["before_pairs"] = np.array(sorted(_frequent(pairs, rows, least_before)), dtype=np.int32)
    return arrays


def _frequent(ids: np.ndarray, rows: np.ndarray, least: int) -> set[int]:
    """The ids (those below 0 aside) that stand in at least ``least`` rows."""
    ids, rows = ids[ids >= 0], rows[ids >= 0]
    order = np.lexsort((rows, ids))
    ids, rows = ids[order], rows[order]
    first = np.ones(len(ids), dtype=bool)
    first[1:] = (ids[1:] != ids[:-1]) | (rows[1:] != rows[:-1])
    seen = ids[first]
    found, counts = np.unique(seen, return_counts=True)
    return {int(k) for k in found[counts >= least]}


def _runs(left: np.ndarray, right: np.ndarray, rows: np.ndarray, least: int) -> np.ndarray:
    """The pairs (left, right), both known, that stand in at least ``least`` rows, sorted."""
    keep = (left >= 0) & (right >= 0)
    keys = left[keep] * BASE + right[keep]
    found = np.array(sorted(_frequent(keys, rows[: len(left)][keep], least)), dtype=np.int64)
    return np.stack(np.divmod(found, BASE), axis=1).astype(np.int32)
