"""Scores of strengths: token F1 of what is praised, and precision, recall and F1 of names."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ofsted_nlp.extraction.names.tagged import names_of
from ofsted_nlp.extraction.spans import Spans
from ofsted_nlp.extraction.strengths import subject_in
from ofsted_nlp.training.annotations import Annotated


def plain(text: str) -> str:
    """Words in lower case, single spaces."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def token_f1(wanted: str, got: str) -> float:
    """F1 of the two sets of words, articles left out."""
    a, b = (set(plain(text).split()) - {"the", "a", "an"} for text in (wanted, got))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def alike(a: str, b: str) -> float:
    """Twice the length of the longest common subsequence, in per cent of both lengths (rapidfuzz's ratio)."""
    before = [0] * (len(b) + 1)
    for x in a:
        here = [0]
        for j, y in enumerate(b):
            here.append(before[j] + 1 if x == y else max(before[j + 1], here[j]))
        before = here
    return 200 * before[-1] / (len(a) + len(b)) if a or b else 100.0


def matches(wanted: Sequence[str], got: Sequence[str], least: float = 80) -> int:
    """How many names are found: each at most once, alike by at least ``least``."""
    left = [plain(name) for name in got]
    hits = 0
    for name in wanted:
        near = next((k for k, other in enumerate(left) if alike(plain(name), other) >= least), None)
        if near is not None:
            left.pop(near)
            hits += 1
    return hits


def score(rows: Sequence[Annotated], spans: Sequence[Spans], threshold: float) -> dict[str, float]:
    """Scores of what a tagger says of annotated sentences."""
    names = [names_of(one, threshold) for one in spans]
    hits = sum(matches(row.printed[1], got) for row, got in zip(rows, names, strict=True))
    wanted, found = sum(len(row.printed[1]) for row in rows), sum(map(len, names))
    subject = [token_f1(row.printed[0], subject_in(one)) for row, one in zip(rows, spans, strict=True)]
    return {
        "n": len(rows),
        "subject_token_f1": round(float(np.mean(subject)), 4),
        "named_precision": round(hits / max(found, 1), 4),
        "named_recall": round(hits / max(wanted, 1), 4),
        "named_f1": round(2 * hits / max(wanted + found, 1), 4),
    }
