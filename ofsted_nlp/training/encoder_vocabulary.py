"""What the static encoder knows: words and word pairs of the reports, and MiniLM's word pieces for all other text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from ofsted_nlp.encoders.wordpieces import Tokeniser, words_pattern

UNKNOWN = "[UNK]"
_FUNCTION_WORDS = """
a an and are as at be been by for from had has have he her his in into is it its of on or s she that the their
them they this to was were which who will with would these those there than then also but
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


def choose(texts: Sequence[str], minilm: Path, size: int, pairs: int, least: int) -> dict[str, int]:
    """The vocabulary: piece to number.

    It holds, in this order, the unknown piece; MiniLM's pieces that continue a word (a to z and digits only); the words
    that stand in at least ``least`` texts; the most frequent pairs of words, neither of which is a function word; and
    MiniLM's whole words in its own order, the frequent ones first, until it is full.

    Args:
        texts: sentences.
        minilm: folder of the MiniLM.
        size: number of pieces in all.
        pairs: number of pairs.
        least: for words.
    """
    pieces = json.loads((minilm / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    plain = [piece for piece in pieces if piece.removeprefix("##").isascii() and piece.removeprefix("##").isalnum()]
    words: Counter[str] = Counter()
    twos: Counter[str] = Counter()
    splitter = Tokeniser(description({UNKNOWN: 0}))
    for text in texts:
        found = splitter.words(text)
        words.update(set(found))
        twos.update({f"{a} {b}" for a, b in pairwise(found) if _content(a) and _content(b)})
    chosen = [UNKNOWN, *(piece for piece in plain if piece.startswith("##"))]
    chosen += sorted(word for word, n in words.items() if n >= least and word.isascii() and word.isalnum())
    chosen += [pair for pair, _ in sorted(twos.items(), key=lambda item: (-item[1], item[0]))[:pairs]]
    rest = [piece for piece in plain if not piece.startswith("##")]
    unique = dict.fromkeys([*chosen, *(piece for piece in rest if len(piece) == 1), *rest])
    return {piece: number for number, piece in enumerate(list(unique)[:size])}


def _content(word: str) -> bool:
    return word.isascii() and word.isalpha() and word not in _FUNCTION


def description(vocabulary: dict[str, int]) -> dict[str, Any]:
    """The content of tokenizer.json for a vocabulary; pairs in it have a space between their words."""
    pairs = [piece for piece in vocabulary if " " in piece]
    bert = {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": False,
        "strip_accents": True,
        "lowercase": True,
    }
    space = {"type": "Replace", "pattern": {"Regex": " +"}, "content": " "}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": [bert, space]},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": words_pattern(pairs)},
            "behavior": "Removed",
            "invert": True,
        },
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": UNKNOWN,
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": vocabulary,
        },
    }
