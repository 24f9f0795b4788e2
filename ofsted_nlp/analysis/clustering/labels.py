"""Names clusters by their own words, so that a label says what its findings say and others of the theme do not."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ofsted_nlp.analysis.clustering.rows import Row
from ofsted_nlp.analysis.clustering.wording import LINKS, Wording, plainly, stem
from ofsted_nlp.themes import themes

TERMS = 3
"""Words or phrases in a label."""

MOST_TERMS = 5
"""In one whose first ``TERMS`` cover few of the findings."""

TYPICAL = 5
"""How many typical findings a cluster names."""

_DIGITS = 9
_CANDIDATES = 80
_MOSTLY = 0.5
_FEWEST = 0.06
_LEAST_COVERED = 0.4
_WELL_COVERED = 0.5

_WEAK_TEXT = """
    impact information lack action address change issue given effectiveness judged feel age aged regularly updated
    reflect understand understood know known expected completed complete improving creative miss group achieve
    practitioner comprehensive engage response arrive senior member written second wide full better consider
    considered enable enabled focus level right hard live experience national framework present saw
    enabler"""
_WEAK = frozenset(_WEAK_TEXT.split()) | {"national framework"}
"""Words that say too little alone; in phrases they may stand. Recommendations cite the national framework."""

_AT_LEAST = 0.6
_LONGEST = 5
_SHORTEST = 3
_WORD = re.compile(r"[^\W_](?:[\w’'-]*[^\W_])?|[^\s\w]")
_OPEN_TEXT = """
    a an the their this that these those is are was were be been has have had not no or by at on as it its they who
    which when where all most some many any than more very also both well good including frequent should must can
    could will would may might"""
_OPEN = LINKS | frozenset(_OPEN_TEXT.split())
"""Words with which no phrase begins or ends."""


class Printed:
    """Texts as they are printed, taken apart into words once and only where asked for.

    Args:
        texts: where phrases are looked for.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._small = [text.lower() for text in texts]
        self._tokens: dict[int, list[str]] = {}

    def having(self, word: str) -> Iterator[list[str]]:
        """The words and signs of the texts in which this word may stand."""
        small = word.lower()
        for number, text in enumerate(self._small):
            if small in text:
                tokens = self._tokens.get(number)
                if tokens is None:
                    tokens = self._tokens[number] = list(map(plainly, _WORD.findall(self._texts[number])))
                yield tokens


def whole_phrase(term: str, texts: Sequence[str] | Printed) -> str:
    """The term with the words that nearly always stand beside it: "law outline" is "public law outline".

    Args:
        term: as printed.
        texts: where to look.
    """
    words = term.split()
    if len(term) < _SHORTEST or term.isupper():
        return term
    printed = texts if isinstance(texts, Printed) else Printed(texts)
    while len(words) < _LONGEST:
        grown = next((more for more in _grown(words, printed) if len(more) <= _LONGEST), None)
        if grown is None:
            break
        words = grown
    return " ".join(words)


def _grown(words: Sequence[str], printed: Printed) -> list[list[str]]:
    """The words with one more before or after them, or two if a linking word stands between, the surest first."""
    size = len(words)
    wanted = list(words)
    beside: Counter[tuple[str, ...]] = Counter()
    there = 0
    for plain in printed.having(words[0]):
        for at in range(len(plain) - size + 1):
            if plain[at] != wanted[0] or plain[at : at + size] != wanted:
                continue
            there += 1
            for first, last in ((at - 1, at + size), (at - 2, at + size), (at, at + size + 1), (at, at + size + 2)):
                if first < 0 or last > len(plain):
                    continue
                before, after = plain[first:at], plain[at + size : last]
                end, *link = before or after[::-1]
                if end[0].isalnum() and end not in _OPEN and (not link or link[0] in LINKS):
                    beside[tuple(plain[first:last])] += 1
    sure = [(n, phrase) for phrase, n in beside.items() if there >= 2 and n >= _AT_LEAST * there]
    return [list(phrase) for _, phrase in sorted(sure, key=lambda pair: (-pair[0], len(pair[1]), pair[1]))]


def distinctive(
    wording: Wording, inside: Any, texts: Sequence[str], wanted: int = TERMS, title: str = ""
) -> tuple[tuple[str, ...], float]:
    """The terms that tell a cluster from the rest of its theme; none that shares a word with an earlier one.

    A term's weight is its share of the cluster's findings times the logarithm of how many times as frequent it is
    there as in the rest of the theme; phrases count half as much again. Each next term is worth less the more of its
    findings have one of the terms before. A word that mostly stands in one phrase is shown as that phrase. Of a cluster
    that is the whole theme, the most frequent terms are taken. Where they cover few of the findings, further terms
    are added, among them words that every report uses ("quality") if they are more frequent here.

    Args:
        wording: words of all findings of the theme and kind.
        inside: for each of them whether it belongs to the cluster (n, bool).
        texts: the cluster's findings.
        wanted: so many terms, and at most ``MOST_TERMS`` where these cover few findings.
        title: of the theme; a term that only repeats it does not count as covering any, where more could be added.

    Returns:
        The terms, and the share of the cluster's findings that use any of them in any form.
    """
    import numpy

    size = int(inside.sum())
    own, weight = _weighed(wording.counts, inside)
    weight = weight * [0.0 if term in _WEAK else 1.5 if " " in term else 1.0 for term in wording.terms]
    order = numpy.lexsort((numpy.array(wording.terms), -numpy.round(weight, _DIGITS)))[:_CANDIDATES]
    has = own[:, order].toarray() > 0
    free = numpy.ones(size, dtype=bool)
    left_out, unsaid = free.copy(), free.copy()
    terms: list[str] = []
    used: set[str] = set()
    printed = Printed(texts)
    left = [k for k in range(len(order)) if weight[order[k]] > 0]
    general = _general(wording, inside)
    while len(terms) < wanted or (unsaid.mean() > 1 - _WELL_COVERED and len(terms) < MOST_TERMS):
        worth = {
            k: round(float(weight[order[k]]) * (has[free, k].sum() / has[:, k].sum()) ** 0.5, _DIGITS) for k in left
        }
        best = max(left, key=lambda k: (worth[k], -k), default=-1)
        most = worth.get(best, 0.0)
        if (len(terms) >= wanted or most <= 0) and unsaid.mean() > 1 - _WELL_COVERED:
            word, value = _worthiest(general, free)
            if value > most:
                uses = general.pop(word)[1]
                terms.append(wording.plain_general(word))
                free, left_out, unsaid = free & ~uses, left_out & ~uses, unsaid & ~uses
                used.add(word)
                left = [k for k in left if not _stems(wording.terms[order[k]]) & used]
                continue
        if most <= 0:
            break
        shown = _phrase(wording.terms, order, has, best, used)
        own_stems = _stems(wording.terms[order[shown]])
        term = whole_phrase(wording.plain(wording.terms[order[shown]]), printed)
        within_it = [known for known in terms if _stems(known) <= _stems(term)]
        if within_it:
            terms[terms.index(within_it[0])] = term
            terms = [known for known in terms if known == term or known not in within_it]
        elif (_stems(term) - own_stems) & used:
            terms.append(wording.plain(wording.terms[order[shown]]))
        else:
            terms.append(term)
        used |= own_stems | _stems(term)
        uses = has[:, best] | _any_form(wording, own, wording.terms[order[best]])
        left_out &= ~uses
        if not _stems(term) <= _stems(title):
            free, unsaid = free & ~has[:, best], unsaid & ~uses
        left = [k for k in left if not _stems(wording.terms[order[k]]) & used]
        general = {word: found for word, found in general.items() if word not in used}
    return tuple(terms), float(1 - left_out.mean()) if size else 0.0


def _weighed(counts: Any, inside: Any) -> tuple[Any, Any]:
    """The rows of a cluster, and what each term is worth to it."""
    import numpy

    size = int(inside.sum())
    own = counts[inside]
    within = numpy.asarray(own.sum(axis=0)).ravel()
    everywhere = numpy.asarray(counts.sum(axis=0)).ravel()
    rate = within / max(size, 1)
    rest = (everywhere - within + 0.5) / (len(inside) - size + 1)
    weight = rate if inside.all() else rate * numpy.log(numpy.maximum(rate, 1e-12) / rest)
    return own, numpy.where(within >= max(2, math.ceil(_FEWEST * size)), weight, 0)


def _general(wording: Wording, inside: Any) -> dict[str, tuple[float, Any]]:
    """Of the general words that a cluster uses more than its theme does, the worth and which findings use them."""
    own, weight = _weighed(wording.general_counts, inside)
    uses = own.toarray() > 0
    return {
        term: (float(weight[column]), uses[:, column])
        for column, term in enumerate(wording.general_terms)
        if weight[column] > 0
    }


def _worthiest(general: Mapping[str, tuple[float, Any]], free: Any) -> tuple[str, float]:
    """The general word worth most where no other term stands yet, and its worth; "" and 0 if there is none."""
    worth = {
        word: round(value * (uses[free].sum() / uses.sum()) ** 0.5, _DIGITS) for word, (value, uses) in general.items()
    }
    word = min(worth, key=lambda word: (-worth[word], word), default="")
    return word, float(worth.get(word, 0.0))


def _any_form(wording: Wording, own: Any, term: str) -> Any:
    """Which of a cluster's findings use a single word in any of its forms (n, bool)."""
    import numpy

    if " " in term:
        return numpy.zeros(own.shape[0], dtype=bool)
    return numpy.asarray(own[:, wording.forms[stem(term)]].sum(axis=1)).ravel() > 0


def _phrase(terms: Sequence[str], order: Any, has: Any, best: int, used: set[str]) -> int:
    """The longest phrase in which a term mostly stands, or the term itself."""
    words = _stems(terms[order[best]])
    longer = [
        k
        for k in range(len(order))
        if words < _stems(terms[order[k]])
        and not _stems(terms[order[k]]) & used
        and has[has[:, best], k].mean() >= _MOSTLY
    ]
    return max(longer, key=lambda k: (len(terms[order[k]].split()), has[:, k].sum(), -k), default=best)


@lru_cache(maxsize=200_000)
def _stems(term: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.split(r"[ ’'-]", term.casefold()) if word and word not in LINKS)


def label(theme: str, kind: str, terms: tuple[str, ...], covered: float = 1.0) -> str:
    """The plain-English label: theme, kind and terms.

    Args:
        theme: code.
        kind: concern, strength or recommendation.
        terms: what ``distinctive`` gave.
        covered: share of the cluster's findings that use any of the terms; where it is small the label says so.
    """
    title = f"{themes()[theme].title} ({kind})"
    if not terms:
        return title
    return f"{title}: {'mixed matters, among them ' if covered < _LEAST_COVERED else ''}{', '.join(terms)}"


def typical(nearest: Sequence[Row]) -> tuple[str, ...]:
    """The ids of the first few of these findings, of different authorities and wording where that can be."""
    seen: set[str] = set()
    first: list[str] = []
    for row in nearest:
        if len(first) == TYPICAL:
            return tuple(first)
        words = row.text.casefold().strip()
        if not {row.authority, words} & seen:
            seen |= {row.authority, words}
            first.append(row.id)
    chosen = set(first)
    rest = [row.id for row in nearest if row.id not in chosen]
    return tuple([*first, *dict.fromkeys(rest)][:TYPICAL])
