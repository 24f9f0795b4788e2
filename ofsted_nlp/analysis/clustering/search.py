"""Search by meaning: the findings that say what a few words say, whatever words they say it in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.whole_numbers import likeness, whole
from ofsted_nlp.errors import UsageError

if TYPE_CHECKING:
    from ofsted_nlp.encoders import Encoder

LONGEST = 2000
"""Characters of a query; what is longer is no query."""

WORDS = 0.3
"""Weight of the share of the query's words that a finding uses, beside the cosine of the vectors, which has 1."""

JUDGED = 0.15
"""Weight of the probability that the query judges as the finding does: "turnover is high" is no "turnover is low"."""

_CANDIDATES = 400
_BLOCK = 16_384
_DIGITS = 5
_WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding found: its number among the texts, and how well it fits (not a probability)."""

    number: int
    score: float


def search_texts(
    words: str,
    texts: Sequence[str],
    vectors: Any,
    encoder: Encoder,
    k: int = 10,
    polarities: Sequence[str] | None = None,
) -> list[Hit]:
    """The texts that say what the words say, the best first.

    Texts are ranked by the cosine of their vectors to the query's; the best few hundred are then ranked anew, with a
    bonus for words of the query (by their first six letters) that stand in the text itself, and for judging as the
    query does. Texts equal but for case and spaces are found once.

    Args:
        words: what is looked for.
        texts: where.
        vectors: of the texts (n x d, int16, ``whole_numbers.whole``).
        encoder: the one that made the vectors.
        k: at most so many.
        polarities: of the texts, where known.

    Raises:
        UsageError: there are no words that the encoder knows, or too many; or ``k`` is not positive.
    """
    import numpy

    query = checked(words)
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise UsageError(f"k is the number of findings wanted, 1 or more, not {k!r}.")
    vector = whole(encoder.encode([query]))
    if not vector.any():
        raise UsageError(f"No word of {query!r} is known; search for words of ordinary English.")
    parts = [likeness(vectors[n : n + _BLOCK], vector)[:, 0] for n in range(0, len(texts), _BLOCK)]
    near = numpy.concatenate(parts) if parts else numpy.zeros(0, dtype=numpy.float32)
    few = numpy.argsort(-near, kind="stable")[: max(_CANDIDATES, 4 * k)]
    wanted = _stems(query)
    judged = _judged(query) if polarities is not None and few.size else {}
    scored = []
    for number in few.tolist():
        found = len(wanted & _stems(texts[number])) / len(wanted) if wanted else 0.0
        alike = judged.get(polarities[number], 0.0) if polarities is not None else 0.0
        scored.append((round(float(near[number]) + WORDS * found + JUDGED * alike, _DIGITS), number))
    hits: list[Hit] = []
    seen: set[str] = set()
    for score, number in sorted(scored, key=lambda pair: (-pair[0], texts[pair[1]], pair[1])):
        plain = " ".join(texts[number].casefold().split())
        if plain not in seen and near[number] > 0:
            seen.add(plain)
            hits.append(Hit(number, score))
        if len(hits) == k:
            break
    return hits


def checked(words: str) -> str:
    """The words of a query, single spaces between.

    Raises:
        UsageError: there are none, or too many.
    """
    if not isinstance(words, str) or not words.strip():
        raise UsageError('Say what to search for, as in: ofsted-nlp search "children wait too long for assessments".')
    if len(words) > LONGEST:
        raise UsageError(f"The words to search for have {len(words)} characters; give a sentence, at most {LONGEST}.")
    return " ".join(words.split())


def _judged(query: str) -> dict[str, float]:
    """The probability of each polarity of a query."""
    from ofsted_nlp.extraction.classify import classify

    return classify([query])[0].scores


def _stems(text: str) -> set[str]:
    return {word.casefold()[:6] for word in _WORD.findall(text)}
