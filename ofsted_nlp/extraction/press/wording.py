"""Words compared across a story and its report: stems, their weights, and how much of one text another holds."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from ofsted_nlp.extraction.wordlists import word_set

_STOP = word_set(
    "a an and are as at be been being but by can could do does for from had has have how if in into is it its "
    "more most "
    "must need needs not of on or our should so some such than that the their them then there these they this those to "
    "was we were when where which while who will with would also all any both each every no nor own same very s t he "
    "she his her you your i my"
)
_SAME = {
    "child": "child",
    "children": "child",
    "kids": "child",
    "looked": "care",
    "after": "care",
    "youngsters": "child",
    "timescales": "time",
    "timely": "time",
    "timeliness": "time",
    "delays": "time",
    "quickly": "time",
    "equal": "equity",
    "evenly": "equity",
    "fair": "equity",
    "fairly": "equity",
    "equitable": "equity",
    "workload": "caseload",
    "workloads": "caseload",
    "caseloads": "caseload",
    "robust": "robust",
    "strong": "robust",
    "councillors": "member",
    "members": "member",
    "records": "record",
}
_ENDINGS = re.compile(r"(?:ments?|ations?|itions?|ions?|ings?|edly|ed|ies|es|ly|ity|ive|ness|able|s|e|y)\Z")


def plain_words(text: str) -> str:
    """A text in lower case with single spaces between its words and no marks."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def stems(text: str) -> list[str]:
    """The stems of a text's content words, in order."""
    made = []
    for word in re.findall(r"[a-z0-9£%]+", text.lower().replace("’", "'").replace("'s", "")):
        if word in _STOP:
            continue
        if word in _SAME:
            made.append(_SAME[word])
            continue
        short = _ENDINGS.sub("", word) if len(word) > 4 else word.removesuffix("s")
        made.append(short if len(short) >= 3 else word)
    return made


def weights(texts: Iterable[str]) -> dict[str, float]:
    """For each stem how much it says: the logarithm of the share of texts that have it, turned round."""
    many = [set(stems(text)) for text in texts]
    counts = Counter(stem for found in many for stem in found)
    return {stem: math.log((len(many) + 1) / (count + 0.5)) for stem, count in counts.items()}


def held(part: str, whole: str, weight: Mapping[str, float]) -> float:
    """The share, 0 to 1, of the weight of a text's stems that another text has too.

    Args:
        part: whose stems are looked for.
        whole: where.
        weight: of each stem; one that is missing has the largest weight.
    """
    wanted = set(stems(part))
    there = set(stems(whole))
    top = max(weight.values(), default=1.0)
    total = sum(weight.get(stem, top) for stem in wanted)
    return sum(weight.get(stem, top) for stem in wanted & there) / total if total else 0.0
