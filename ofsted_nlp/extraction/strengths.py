"""What exactly a strength praises, and the named services, teams, programmes and bodies in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ofsted_nlp.errors import UsageError
from ofsted_nlp.extraction.names.tagged import names_of
from ofsted_nlp.extraction.spans import Spans, tagger
from ofsted_nlp.records import Strength


def strengths_of(texts: Sequence[str]) -> list[Strength]:
    """What each of many strengths praises and the named things in it; several times as fast as one by one.

    Args:
        texts: sentences classified as strengths.

    Returns:
        One ``Strength`` a sentence, in order.

    Raises:
        UsageError: ``texts`` is one string.
    """
    if isinstance(texts, str):
        raise UsageError("texts is one string; pass a list of sentences, or use strength_of.")
    threshold = tagger().settings["name_threshold"]
    return [Strength(subject_in(spans), names_of(spans, threshold)) for spans in tagger().read(texts)]


def strength_of(text: str) -> Strength:
    """What a strength praises and the named things in it.

    Args:
        text: a sentence classified as a strength.

    Example:
        >>> strength_of("The virtual school is highly effective.")
        Strength(subject='virtual school', named=('virtual school',))
    """
    return strengths_of([text])[0]


def subject_of(text: str) -> str:
    """The words of a strength that say what is praised, as printed, without article and mostly without praise.

    Example:
        >>> subject_of("Children benefit from a wide range of early help services.")
        'early help services'
    """
    return strength_of(text).subject


def subject_in(spans: Spans) -> str:
    """The span that shares the most words, by expectation, with what is praised."""
    if not len(spans.subjects):
        return spans.text.strip()
    first, last = spans.subjects[:, 0], spans.subjects[:, 1]
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    length = last - first + 1
    overlap = 2 * np.maximum(shared, 0) / (length[:, None] + length)
    best = int((overlap @ spans.likely).argmax())
    return spans.text[spans.bounds[first[best]][0] : spans.bounds[last[best]][1]]
