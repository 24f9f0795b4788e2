"""What the classifier sees of a sentence: its words in short runs, and the skeleton of its evaluative words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ofsted_nlp.extraction.wordlists import word_set

CUES = word_set(
    # scope, contrast, negation, quantity
    "not no never nor neither without however although though while whilst despite but yet still too few fewer little "
    "some most many all majority minority almost always often sometimes rarely usually generally mostly largely "
    "consistently inconsistently sufficiently insufficiently enough until only when where also because due more less "
    "better further already recently currently previously remain remains remained continue continues need needs needed "
    "must should could would may cannot lack lacks lacking absence limited limit unable fail fails failed failure "
    # evaluation
    "good well effective effectively strong strongly strength strengths outstanding excellent high highly positive "
    "positively robust timely promptly prompt quickly swift swiftly clear clearly appropriate appropriately thorough "
    "comprehensive detailed careful carefully skilled committed sensitive sensitively child focused improve improved "
    "improving improves improvement improvements progress impressive proactive benefit benefits valued helps enables "
    "ensure ensures ensured supported successful successfully weak weaker weakness weaknesses poor poorly inadequate "
    "insufficient inconsistent variable variability variation delay delays delayed drift slow late long wait waiting "
    "risk risks harm concern concerns shortfall shortfalls gap gaps challenge challenges difficult difficulties "
    "problem problems missed missing underdeveloped unclear reactive stretched overly recommendation hampered hinders "
    "reduced increased increase reduce impact early stage embedded evident plans planned intends aims rigorous "
    "regular regularly routinely ineffective unsuitable unmet disjointed fragmented superficial lost declined"
)
"""Words whose order says what a sentence does with its subject: "although ... good ... not consistently"."""

_OPEN, _CLOSE, _PART = "^", "$", "\x1e"
_SPACED = [
    ("’s", ""),
    ("'s", ""),
    (";", " ; "),
    (":", " : "),
    ("%", " % "),
    ("£", " £ "),
    (_PART, f" {_CLOSE} {_OPEN} "),
]
_KEPT = frozenset(";:%^$")
_RESERVED = dict.fromkeys(map(ord, (_OPEN, _CLOSE, _PART, "#")), " ")
_TABLE = bytes(
    ord("#") if chr(k).isdigit() and k < 128 else k if chr(k).isalpha() or chr(k) in _KEPT or chr(k) == "£" else 32
    for k in range(256)
)
BASE = 1 << 21
"""Factor of the first member in the key of a run."""


def words(texts: Sequence[str]) -> list[str]:
    """The words of sentences in one list, "^" and "$" round each sentence.

    Lower case, without possessive "’s"; hyphens and most punctuation part words; a digit is "#"; ";", ":", "%" and "£"
    are words.
    """
    text = _PART.join(texts)
    if text.count(_PART) != max(len(texts) - 1, 0) or any(mark in text for mark in (_OPEN, _CLOSE, "#")):
        text = _PART.join([one.translate(_RESERVED) for one in texts])
    text = text.lower()
    for old, new in _SPACED:
        text = text.replace(old, new)
    plain = text.encode("latin-1", "replace").translate(_TABLE).decode("latin-1")
    return [_OPEN, *plain.split(), _CLOSE] if texts else []


class Tokens(NamedTuple):
    """Sentences as numbers: those of the words, the row of each, and that of the pair that begins at each (or -1)."""

    ids: np.ndarray
    rows: np.ndarray
    pairs: np.ndarray


class Vocabulary:
    """The word runs a model knows, each with its column; turns sentences into sparse rows.

    Columns, in this order: words; runs of two; runs of three; runs of two and of three evaluative words (``CUES``),
    whatever stands between them; words and runs of two of the sentence before.

    Args:
        arrays: ``words`` (UTF-8 bytes, one word a line), ``pairs``, ``triples``, ``cue_pairs``, ``cue_triples`` (n x 2,
            int32: a word and a word, or a pair and a word, sorted), ``before_words`` and ``before_pairs`` (numbers of
            words and pairs).
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self.words = arrays["words"].tobytes().decode("utf-8").split("\n")
        self._number = {word: k for k, word in enumerate(self.words)}
        self._unknown = len(self.words)
        self.open, self.close = self._number[_OPEN], self._number[_CLOSE]
        self._get = self._number.get
        self._keys = {
            name: arrays[name][:, 0].astype(np.int64) * BASE + arrays[name][:, 1]
            for name in ("pairs", "triples", "cue_pairs", "cue_triples")
        }
        sizes = [len(self.words), *(len(keys) for keys in self._keys.values())]
        sizes += [len(arrays["before_words"]), len(arrays["before_pairs"])]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._before_word = np.full(len(self.words) + 1, -1, dtype=np.int64)
        self._before_word[arrays["before_words"]] = np.arange(len(arrays["before_words"]))
        self._before_pair = np.full(len(self._keys["pairs"]) + 1, -1, dtype=np.int64)
        self._before_pair[arrays["before_pairs"]] = np.arange(len(arrays["before_pairs"]))
        self._is_cue = np.array([*(word in CUES for word in self.words), False])

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self.offsets[-1])

    def matrix(self, texts: Sequence[str], previous: Sequence[str], before_weight: float) -> Any:
        """Sentences as rows of a scipy CSR matrix, float32.

        A run that occurs is 1, whatever its number; the columns of the sentence itself are scaled to unit length, those
        of the sentence before to length ``before_weight``.
        """
        return self.rows(*self.read_both(texts, previous), len(texts), before_weight)

    def read_both(self, texts: Sequence[str], previous: Sequence[str]) -> tuple[Tokens, Tokens]:
        """The sentences and those before them, which are read once where they are the same running text."""
        own = self.read(texts)
        if not texts or list(previous[1:]) != list(texts[:-1]):
            return own, self.read(previous)
        shifted, first = own.rows < len(texts) - 1, self.read(previous[:1])
        before = Tokens(
            np.concatenate([first.ids, own.ids[shifted]]),
            np.concatenate([first.rows, own.rows[shifted] + 1]),
            np.concatenate([first.pairs, own.pairs[shifted]]),
        )
        return own, before

    def rows(self, own: Tokens, before: Tokens, n: int, before_weight: float) -> Any:
        """``matrix`` of ``n`` sentences that are read already."""
        from scipy.sparse import csr_matrix

        if not n:
            return csr_matrix((0, self.width), dtype=np.float32)
        split = self.offsets[5]
        (ids, rows, pairs), (ids_b, rows_b, pairs_b) = own, before
        parts = [self._part(rows, 0, ids, self._unknown), self._part(rows, 1, pairs)]
        triples = self.find("triples", pairs[:-1], ids[2:]) if len(ids) > 2 else np.empty(0, np.int64)
        parts.append(self._part(rows, 2, triples))
        parts += self._cues(ids, rows)
        parts.append(self._part(rows_b, 5, self._before_word[ids_b]))
        parts.append(self._part(rows_b, 6, self._before_pair[pairs_b]))
        cells = np.sort(np.concatenate(parts))
        cells = cells[np.append(True, cells[1:] != cells[:-1])]
        row, column = np.divmod(cells, self.width)
        inside = column < split
        counts = np.bincount(row * 2 + ~inside, minlength=2 * n).reshape(n, 2)
        scale = np.array([1.0, before_weight]) / np.sqrt(np.maximum(counts, 1))
        data = scale[row, 1 - inside].astype(np.float32)
        pointers = np.concatenate([[0], np.cumsum(counts.sum(axis=1))]).astype(np.int32)
        return csr_matrix((data, column.astype(np.int32), pointers), (n, self.width))

    def read(self, texts: Sequence[str]) -> Tokens:
        """Word numbers, the row of each, and the number of the pair that begins at each (-1: not known)."""
        unknown = self._unknown
        ids = np.array([self._get(word, unknown) for word in words(texts)], dtype=np.int64)
        rows = np.cumsum(ids == self.open) - 1
        pairs = np.full(len(ids), -1, dtype=np.int64)
        pairs[:-1] = self.find("pairs", ids[:-1], ids[1:])
        return Tokens(ids, rows, pairs)

    def find(self, name: str, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The numbers of the runs ``left`` + ``right``; -1 where the vocabulary has none."""
        keys = self._keys[name]
        found = np.full(len(right), -1, dtype=np.int64)
        if not len(keys):
            return found
        ask = np.flatnonzero(left[: len(right)] >= 0)
        wanted = left[ask] * BASE + right[ask]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        hit = keys[at] == wanted
        found[ask[hit]] = at[hit]
        return found

    def _part(self, rows: np.ndarray, block: int, numbers: np.ndarray, unknown: int = -1) -> np.ndarray:
        """Cells (row x width + column) of one block of columns."""
        keep = np.flatnonzero((numbers >= 0) & (numbers != unknown))
        return rows[keep] * self.width + self.offsets[block] + numbers[keep]

    def _cues(self, ids: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
        """Cells of the runs of evaluative words."""
        at = np.flatnonzero(self._is_cue[ids])
        cues, where = ids[at], rows[at]
        if len(cues) < 2:
            return []
        pairs = self.find("cue_pairs", np.where(where[:-1] == where[1:], cues[:-1], -1), cues[1:])
        follows = np.where(where[1:-1] == where[2:], pairs[:-1], -1)
        return [self._part(where, 3, pairs), self._part(where, 4, self.find("cue_triples", follows, cues[2:]))]
