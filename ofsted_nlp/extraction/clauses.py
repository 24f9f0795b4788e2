"""The halves of mixed sentences: which words report the strength and which the concern.

Rules name the places at which a sentence may turn (contrast words, commas, "and", semicolons); the classifier reads the
two sides of each, and the sentence is split where one side is most clearly a strength and the other a concern.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ofsted_nlp.extraction.classify import model
from ofsted_nlp.extraction.places import NOWHERE, Place
from ofsted_nlp.records import Clause, Polarity

_S = r"\s{1,3}"
_SUBORDINATE = rf"(?:(?:even{_S})?though|although|while|whilst|whereas|despite|in{_S}spite{_S}of|notwithstanding)"
_TURNS = (
    rf"(?:but|(?<=[,;.]\s)yet|(?<=\band\s)yet|(?<=[,;.]\s)however|(?:even{_S})?though|although|whereas|nonetheless"
    r"|nevertheless)"
)
_ASIDES = (
    rf"(?:while|whilst|albeit|despite|in{_S}spite{_S}of|notwithstanding|except(?:{_S}(?:for|that|where|when))?"
    rf"|apart{_S}from|other{_S}than|with{_S}the{_S}exception{_S}of)"
)
_BEFORE = rf"(?:\s{{0,3}}[,;:.–—]|{_S}-)?{_S}(?:and{_S})?(?<!\ball\s)(?<!\bas\s)(?<!\beven\s)"
_AFTER = rf"\b(?:,(?=\s))?{_S}"
_SIDE_BY_SIDE = (
    rf"(?!(?:and|or|including|such|for{_S}example|e\.g|i\.e|who|whose|but|however|yet|albeit|{_SUBORDINATE})\b)"
)
"""Not the start of a side: an item of a list, an example, or a word that turns the sentence by itself."""

_PATTERNS = {
    "turn": re.compile(_BEFORE + _TURNS + _AFTER, re.I),
    "aside": re.compile(_BEFORE + _ASIDES + _AFTER, re.I),
    "stop": re.compile(
        rf"(?:\s{{0,3}};{_S}(?:and{_S})?|[.:]{_S}(?=[A-Z])|(?<=[a-z)]{{2}})\.(?=[A-Z]))(?i:{_SIDE_BY_SIDE})"
    ),
    "comma": re.compile(rf",{_S}(?:and{_S})?{_SIDE_BY_SIDE}", re.I),
    "and": re.compile(rf"(?<!,){_S}and{_S}{_SIDE_BY_SIDE}", re.I),
    "with": re.compile(rf",?{_S}(?:and{_S})?(?=(?:with|without|where|which)\b)", re.I),
    "pronoun": re.compile(rf"{_S}(?=(?:it|they|this|there|these|many|most|some)\s)", re.I),
}
_LEAD = re.compile(rf"(?:(?:however|overall|and|but|so)\b,?{_S})?{_SUBORDINATE}\b,?{_S}", re.I)
"""What opens a sentence that gives its other half first: "Although", "However, while"."""

_INSIDE = re.compile(rf"[\s(]{_SUBORDINATE}\b,?{_S}", re.I)
_MAIN = re.compile(
    r"(?:the|this|these|those|there|it|they|he|she|we|some|many|few|too|not|no|others?|for|in|at|inspectors)\b"
    r"|[^,;]{0,200}(?:,\s(?:such\sas|including|for\sexample|particularly|which|who)\b[^,;]{0,200},[^,;]{0,200})?"
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|could|may|might|will|would|should|must|remains?"
    r"|needs?|continues?|requires?)\b",
    re.I,
)
"""How a main clause begins: with a word that opens it, or with a verb before its first comma."""

_NOT_ONLY = re.compile(r"\bnot\s+(?:only|just|simply|merely)\b", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_REFERENCE = re.compile(r"\((?:recommendations?|paragraphs?)\b[^()]{0,60}\)\Z", re.I)
_CLOSING = " \t\n.,;:–—-"
_TOO_SOON = re.compile(r"\btoo\s+(?:early|soon|recent)\b|\b(?:has|have|is|are)\s+yet\s+to\b|\bnot\s+yet\b", re.I)
"""Says that there is no effect so far: beside a strength that is the concern, which by itself sounds neutral."""

_UNENDED = re.compile(r"\b(?:that|which|who|and|or|the|an?|is|are|was|were)\s*\Z", re.I)
"""Words at which no first side ends."""

_FEWEST_WORDS = 2
_MOST = 24
_LONGEST = 2000
"""Characters; what is longer is a list, not a sentence with two halves."""

_NEVER = 1e-6

_WEIGHT = {"turn": 0.0, "lead": -0.7, "aside": -1.0, "stop": -1.5, "inside": -2.0, "with": -4.0, "comma": -4.5}
_WEIGHT |= {"and": -4.5, "pronoun": -4.5}
"""How readily each kind of boundary is taken: added to the log-probabilities of the two sides."""

_TOO_SOON_WEIGHT = -2.0
_NO_MAIN_WEIGHT = -4.0
_JOINED_WEIGHT = -2.0
_LEAST = -6.5
"""A sum below this is no split, but for boundaries at words that always turn a sentence."""


class Split(NamedTuple):
    """A way to split a sentence: the kind of its boundary, and the spans of the two sides in the sentence."""

    kind: str
    first: tuple[int, int]
    second: tuple[int, int]

    def weight(self, text: str) -> float:
        """How readily the split is taken: what follows "Although ...," begins as a main clause does."""
        weight = _WEIGHT[self.kind]
        if self.kind in ("lead", "inside"):
            if not _MAIN.match(text, *self.second):
                weight += _NO_MAIN_WEIGHT
            if text[self.first[1] : self.second[0]].rstrip().lower().endswith("and"):
                weight += _JOINED_WEIGHT
        return weight


def splits(text: str) -> list[Split]:
    """Every way to split a sentence in two, the likeliest kinds first.

    Example:
        >>> text = "Although visits are late, plans are good."
        >>> [(text[a:b], text[c:d]) for _, (a, b), (c, d) in splits(text)]
        [('visits are late', 'plans are good')]
    """
    if len(text) > _LONGEST:
        return []
    end = _end(text)
    lead = _LEAD.match(text)
    found = []
    for opening in [lead] if lead else _INSIDE.finditer(text):
        kind = "lead" if lead else "inside"
        for boundary in _PATTERNS["comma"].finditer(text, opening.end()):
            found.append(Split(kind, (opening.end(), boundary.start()), (boundary.end(), end)))
    if lead and not found:
        for boundary in _PATTERNS["pronoun"].finditer(text, lead.end()):
            found.append(Split("pronoun", (lead.end(), boundary.start()), (boundary.end(), end)))
    for kind in ("turn", "aside", "stop") if lead else ("turn", "aside", "stop", "comma", "with", "and"):
        found += [Split(kind, (0, m.start()), (m.end(), end)) for m in _PATTERNS[kind].finditer(text)]
    found = [split for split in found if _may_be(text, split)]
    return sorted(found, key=lambda split: -_WEIGHT[split.kind])[:_MOST]


def _end(text: str) -> int:
    """Where the words of a sentence end: before the full stop and a reference to the action list."""
    words = text.rstrip(_CLOSING)
    return len(_REFERENCE.sub("", words).rstrip(_CLOSING))


def _may_be(text: str, split: Split) -> bool:
    """Whether both sides are whole: words enough, brackets closed, no open end, and not "not only ... but"."""
    for start, end in (split.first, split.second):
        part = text[start:end]
        if part.count("(") != part.count(")") or len(_WORD.findall(part)) < _FEWEST_WORDS:
            return False
    if _UNENDED.search(text[slice(*split.first)]):
        return False
    between = text[split.first[1] : split.second[0]]
    return not ("but" in between.lower() and _NOT_ONLY.search(text, *split.first))


def clauses_of(
    texts: Sequence[str], previous: Sequence[str] | None = None, places: Sequence[Place] | None = None
) -> list[tuple[Clause, ...]]:
    """The half that praises and the half that reports a concern, of each of many mixed sentences.

    Args:
        texts: sentences classified as mixed.
        previous: the sentence before each; without, "".
        places: the section of each, and its grade; without, it is not known.

    Returns:
        For each sentence its two clauses in the order they stand, spans counted in the sentence; an empty tuple where
        no boundary makes one side a strength and the other a concern.

    Example:
        >>> [(c.polarity.value, c.text) for c in clauses_of(["Visits are regular, but plans are poor."])[0]]
        [('strength', 'Visits are regular'), ('concern', 'plans are poor')]
    """
    ways = [splits(text) for text in texts]
    sides, before, where = [], [], []
    for number, (text, found) in enumerate(zip(texts, ways, strict=True)):
        for split in found:
            sides += [text[slice(*split.first)], text[slice(*split.second)]]
            before += [previous[number] if previous else ""] * 2
            where += [places[number] if places else NOWHERE] * 2
    if not sides:
        return [()] * len(texts)
    classifier = model()
    columns = [classifier.polarities.index(polarity) for polarity in (Polarity.STRENGTH, Polarity.CONCERN)]
    likely = classifier.probabilities(sides, before, where)[0][:, columns]
    weights = np.log(np.maximum(likely.astype(float), _NEVER))
    weights[:, 0] += [_TOO_SOON_WEIGHT if _TOO_SOON.search(side) else 0.0 for side in sides]
    out, at = [], 0
    for text, found in zip(texts, ways, strict=True):
        out.append(_best(text, found, weights[at : at + 2 * len(found)].reshape(-1, 2, 2)))
        at += 2 * len(found)
    return out


def _best(text: str, found: list[Split], weights: np.ndarray) -> tuple[Clause, ...]:
    """The clauses of the split with the greatest sum.

    Args:
        text: the sentence.
        found: its splits.
        weights: log-weight of each split, side and polarity (strength, concern).
    """
    if not found:
        return ()
    sums = weights[:, 0] + weights[:, 1, ::-1] + np.array([[split.weight(text)] for split in found])
    best, first = (int(k) for k in np.unravel_index(sums.argmax(), sums.shape))
    split = found[best]
    if sums[best, first] < _LEAST and split.kind not in ("turn", "lead"):
        return ()
    polarities = (Polarity.STRENGTH, Polarity.CONCERN) if first == 0 else (Polarity.CONCERN, Polarity.STRENGTH)
    score = round(float(1 / (1 + np.exp(sums[best, 1 - first] - sums[best, first]))), 4)
    return tuple(
        Clause(polarity, score, text[start:end], start, end)
        for polarity, (start, end) in zip(polarities, (split.first, split.second), strict=True)
    )
