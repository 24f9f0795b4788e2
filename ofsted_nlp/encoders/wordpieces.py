"""Reads a tokenizer.json and splits texts with it, so that the static encoder needs nothing but numpy.

Of the many kinds of tokeniser that such a file can describe, it knows BERT's: normalised text, words, pieces of words
(WordPiece). Instead of BERT's own splitting into words the file may ask for ``words_pattern``, which keeps frequent
pairs of words in one token.
"""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from ofsted_nlp.encoders.errors import EncoderError

_WORD, _OTHER = "[a-z0-9]+", r"[^\sa-z0-9]"
_MOST_WORDS = 200_000


def words_pattern(pairs: Iterable[str]) -> str:
    """The regular expression of our tokenizer.json: a known pair, else a run of letters and digits, else one sign.

    Args:
        pairs: two words of letters a to z and digits with a space between.
    """
    after: dict[str, list[str]] = {}
    for pair in sorted(pairs):
        first, second = pair.split(" ")
        after.setdefault(first, []).append(second)
    known = "|".join(f"{first} (?:{'|'.join(seconds)})" for first, seconds in after.items())
    return f"(?:{known})(?![a-z0-9])|{_WORD}|{_OTHER}" if known else f"{_WORD}|{_OTHER}"


class Tokeniser:
    """Texts to the numbers of their word pieces; unknown words have none.

    Args:
        description: the content of a tokenizer.json.

    Raises:
        EncoderError: code "tokeniser_unknown": the file describes a tokeniser of another kind; code
            "tokeniser_damaged": it contradicts itself.
    """

    def __init__(self, description: Mapping[str, Any]) -> None:
        try:
            self._read(description)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise EncoderError(
                f"The file tokenizer.json lacks a part or has one of the wrong kind ({error!r}).",
                code="tokeniser_damaged",
            ) from None
        self._lock = threading.Lock()
        self._forget()

    def _read(self, description: Mapping[str, Any]) -> None:
        model = description["model"]
        if model.get("type", "WordPiece") != "WordPiece" or "max_input_chars_per_word" not in model:
            raise _unknown(f"its model is {model.get('type')!r}")
        self.vocabulary = {str(piece): int(number) for piece, number in model["vocab"].items()}
        if sorted(self.vocabulary.values()) != list(range(len(self.vocabulary))):
            raise ValueError("vocab")
        self.unknown = str(model["unk_token"])
        self._prefix = str(model["continuing_subword_prefix"])
        self._longest = int(model["max_input_chars_per_word"])
        normaliser, *others = _steps(description["normalizer"], "normalizers")
        one_space = {"type": "Replace", "pattern": {"Regex": " +"}, "content": " "}
        if normaliser["type"] != "BertNormalizer" or any(step != one_space for step in others):
            raise _unknown("it normalises in another way than BERT")
        if not normaliser["clean_text"]:
            raise _unknown("it leaves control characters in")
        accents = normaliser["strip_accents"]
        self._characters = _Characters(
            lowercase=bool(normaliser["lowercase"]),
            strip_accents=bool(normaliser["lowercase"] if accents is None else accents),
            apart=bool(normaliser["handle_chinese_chars"]),
        )
        self._lowercase = bool(normaliser["lowercase"])
        split = description["pre_tokenizer"]
        pairs: list[str] = []
        if split["type"] == "BertPreTokenizer":
            self._words = re.compile(_bert_words())
        else:
            pairs = [piece for piece in self.vocabulary if re.fullmatch(f"{_WORD} {_WORD}", piece)]
            expected = {"Regex": words_pattern(pairs)}
            if (split["type"], split.get("pattern"), split.get("invert")) != ("Split", expected, True):
                raise _unknown("it splits text into words in another way than BERT")
            self._words = re.compile(f"{_WORD}|{_OTHER}")
        self._pairs = {(first, second): f"{first} {second}" for first, second in (pair.split(" ") for pair in pairs)}
        self._firsts = {word: k for k, word in enumerate(sorted({first for first, _ in self._pairs}))}
        self._seconds = {word: k for k, word in enumerate(sorted({second for _, second in self._pairs}))}
        keyed = sorted(
            (self._firsts[first] * len(self._seconds) + self._seconds[second], self.vocabulary[pair])
            for (first, second), pair in self._pairs.items()
        )
        self._keys = np.array([key for key, _ in keyed], dtype=np.int64)
        self._pair_numbers = np.array([number for _, number in keyed], dtype=np.int64)

    def __call__(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the pieces of all texts one after the other, and how many each text has (both int64)."""
        with self._lock:
            if len(self._known) > _MOST_WORDS:
                self._forget()
            found: list[int] = []
            lengths = []
            number = self._known.__getitem__
            for text in texts:
                words = self.words(text)
                found += map(number, words)
                lengths.append(len(words))
            return self._pieces(np.array(found, dtype=np.int64), np.array(lengths, dtype=np.int64))

    def words(self, text: str) -> list[str]:
        """The words and signs of a text, normalised; pairs are not joined yet."""
        return self._words.findall(self.normalised(text))

    def normalised(self, text: str) -> str:
        """The text without control characters, accents and capitals, as far as the tokenizer.json asks for that."""
        if text.isascii() and text.isprintable():
            return text.lower() if self._lowercase else text
        return text.translate(self._characters)

    def _pieces(self, words: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        table = self._table()
        owner = np.repeat(np.arange(len(lengths)), lengths)
        single = np.full(len(words), -1, dtype=np.int64)
        kept = np.ones(len(words), dtype=bool)
        if len(self._keys) and len(words) > 1:
            first, second = table["first"][words[:-1]], table["second"][words[1:]]
            at = np.flatnonzero((first >= 0) & (second >= 0) & (owner[:-1] == owner[1:]))
            keys = first[at] * len(self._seconds) + second[at]
            place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            hit = self._keys[place] == keys
            at, place = at[hit], place[hit]
            # Of pairs that overlap, the leftmost counts: in a run of them every other one.
            start = np.maximum.accumulate(np.where(np.diff(at, prepend=-2) == 1, 0, np.arange(len(at))))
            taken = (np.arange(len(at)) - start) % 2 == 0
            single[at[taken]] = self._pair_numbers[place[taken]]
            kept[at[taken] + 1] = False
        count = np.where(single >= 0, 1, table["count"][words]) * kept
        total = int(count.sum())
        begin = np.cumsum(count) - count
        inside = np.arange(total) - np.repeat(begin, count)
        source = np.repeat(np.where(single >= 0, 0, table["start"][words]), count) + inside
        whole = np.repeat(single, count)
        numbers = np.where(whole >= 0, whole, table["pieces"][source] if total else 0)
        return numbers, np.bincount(np.repeat(owner, count), minlength=len(lengths))

    def _forget(self) -> None:
        self._known = _Words(self)
        self._rows: list[tuple[int, int, int, int]] = []
        self._flat: list[int] = [0]
        self._arrays: dict[str, np.ndarray] = {}
        self._of = -1

    def _table(self) -> dict[str, np.ndarray]:
        """Of every word seen: where its pieces start, how many they are, its place in pairs; and all the pieces."""
        if self._of != len(self._rows):
            columns = np.array(self._rows, dtype=np.int64).reshape(-1, 4).T
            self._arrays = dict(zip(("start", "count", "first", "second"), columns, strict=True))
            self._arrays["pieces"] = np.array(self._flat, dtype=np.int64)
            self._of = len(self._rows)
        return self._arrays

    def add(self, word: str) -> int:
        """Numbers a word that was not seen before; called by the table of words."""
        pieces = self.split(word)
        self._rows.append((len(self._flat), len(pieces), self._firsts.get(word, -1), self._seconds.get(word, -1)))
        self._flat += pieces
        return len(self._rows) - 1

    def split(self, word: str) -> list[int]:
        """The pieces of one word: from the left, always the longest that is known; none if it does not come out."""
        pieces: list[int] = []
        at = 0
        if len(word) > self._longest:
            return []
        while at < len(word):
            prefix = self._prefix if at else ""
            for end in range(len(word), at, -1):
                number = self.vocabulary.get(prefix + word[at:end])
                if number is not None:
                    pieces.append(number)
                    at = end
                    break
            else:
                return []
        unknown = self.vocabulary.get(self.unknown)
        return [piece for piece in pieces if piece != unknown]


class _Words(dict[str, int]):
    """Numbers of the words seen, in the order in which they came."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        super().__init__()
        self._tokeniser = tokeniser

    def __missing__(self, word: str) -> int:
        self[word] = self._tokeniser.add(word)
        return self[word]


class _Characters(dict[int, str]):
    """What becomes of each character, for ``str.translate``; worked out when a character is first met."""

    def __init__(self, lowercase: bool, strip_accents: bool, apart: bool) -> None:
        super().__init__()
        self._lowercase, self._strip_accents, self._apart = lowercase, strip_accents, apart

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isspace() and (code > 31 or character in "\t\n\r"):
            result = " "
        elif code == 0xFFFD or unicodedata.category(character).startswith("C"):
            result = ""
        else:
            result = f" {character} " if self._apart and _ideograph(code) else character
            if self._strip_accents:
                parts = unicodedata.normalize("NFD", result)
                result = "".join(part for part in parts if unicodedata.category(part) != "Mn")
            if self._lowercase:
                result = result.lower()
        self[code] = result
        return result


def _ideograph(code: int) -> bool:
    """Whether BERT sets the character apart as Chinese (the ranges are those of its tokeniser)."""
    ranges = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2CEAF), (0x2F800, 0x2FA1F))
    return any(low <= code <= high for low, high in ranges)


@cache
def _bert_words() -> str:
    """BERT's words: one punctuation character (ASCII or Unicode's P), else what stands between those and spaces."""
    signs = [chr(code) for code in range(33, 127) if not chr(code).isalnum()]
    wide = (chr(code) for code in range(128, sys.maxunicode + 1))
    signs += [sign for sign in wide if unicodedata.category(sign).startswith("P")]
    inside = "".join(map(re.escape, signs))
    return rf"[{inside}]|[^\s{inside}]+"


def _steps(part: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return list(part[name]) if part["type"] == "Sequence" else [part]


def _unknown(why: str) -> EncoderError:
    return EncoderError(
        f"The file tokenizer.json describes a tokeniser of a kind not known here: {why}.", code="tokeniser_unknown"
    )
