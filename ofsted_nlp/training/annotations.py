"""Annotated strengths for training: sentences with the span of what is praised and the spans of names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction.spans import TOKEN
from ofsted_nlp.training.pool import PoolSentence
from ofsted_nlp.training.text import clean, read_jsonl, sentence_key

FOLDS = 4


Tokens = list[tuple[str, int, int]]


@dataclass
class Target:
    """A sentence to learn from: probabilities of spans (first, last, probability), of tags (n x 3), and a weight."""

    tokens: Tokens
    first: np.ndarray
    last: np.ndarray
    likely: np.ndarray
    tags: np.ndarray
    weight: float = 1.0


@dataclass
class Annotated:
    """An annotated strength.

    Attributes:
        file: the report's file.
        text: the sentence, as ``clean`` leaves it.
        tokens: word, first character, end.
        subject: first and last token of what is praised.
        names: first and last token of each name.
        printed: subject and names as the annotator wrote them.
    """

    file: str
    text: str
    tokens: Tokens
    subject: tuple[int, int]
    names: list[tuple[int, int]]
    printed: tuple[str, list[str]] = field(default=("", []))

    @property
    def tags(self) -> list[int]:
        """Of each token: 0 outside names, 1 a name begins, 2 it goes on."""
        out = [0] * len(self.tokens)
        for first, last in self.names:
            out[first : last + 1] = [1] + [2] * (last - first)
        return out


def tokens_of(text: str) -> Tokens:
    """The tokens of a sentence as the tagger sees them."""
    return [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)]


def folds(files: Iterable[str]) -> dict[str, int]:
    """The fold of cross-validation in which each report's sentences are tested, by a hash of the file name."""
    order = sorted(set(files), key=lambda file: hashlib.sha256(f"s{file}".encode()).hexdigest())
    return {file: k % FOLDS for k, file in enumerate(order)}


def annotated(gold: Path) -> list[Annotated]:
    """The sentences of train-strengths.jsonl.

    Raises:
        ValueError: a subject does not stand in its sentence.
    """
    out = []
    for row in read_jsonl(gold / "train-strengths.jsonl"):
        text = clean(row["text"])
        tokens = tokens_of(text)
        subject = _find(text, tokens, row["subject"])
        if subject is None:
            raise ValueError(f"{row['id']}: {row['subject']!r} does not stand in the sentence")
        names = [span for name in row["named"] if (span := _find(text, tokens, name))]
        out.append(Annotated(row["file"], text, tokens, subject, names, (row["subject"], row["named"])))
    return out


def further(path: Path, pool: Iterable[PoolSentence]) -> list[Annotated]:
    """The stand-off annotations of a file (file, sentence, subject, names), whose text the pool has.

    Raises:
        ValueError: an annotated sentence is not in the pool.
    """
    known: dict[tuple[str, str], dict[str, Any]] = {(row["file"], row["sentence"]): row for row in read_jsonl(path)}
    files = {file for file, _ in known}
    out = []
    for sentence in pool:
        row = known.pop((sentence.file, sentence_key(sentence.text)), None) if sentence.file in files else None
        if row:
            first, last = row["subject"]
            names = [(a, b) for a, b in row["names"]]
            out.append(Annotated(sentence.file, sentence.text, tokens_of(sentence.text), (first, last), names))
    if known:
        raise ValueError(f"{len(known)} annotated sentences of {path} are not among those read.")
    return out


def _find(text: str, tokens: Tokens, phrase: str) -> tuple[int, int] | None:
    phrase = phrase.replace("\x02", "-")
    start = text.find(phrase)
    if start < 0:
        start = text.lower().find(phrase.lower())
    if start < 0:
        return None
    within = [k for k, (_, a, b) in enumerate(tokens) if a < start + len(phrase) and b > start]
    return within[0], within[-1]
