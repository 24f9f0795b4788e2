"""Names clusters by their own words, so that a label says what its findings say and others of the theme do not."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ofsted_nlp.analysis.clustering.rows import Row
from ofsted_nlp.analysis.clustering.wording import LINKS, Wording, plainly
from ofsted_nlp.themes import themes

TERMS = 3
"""Words or phrases in a label."""

TYPICAL = 5
"""How many typical findings a cluster names."""

_DIGITS = 9
_CANDIDATES = 80
_MOSTLY = 0.5
_FEWEST = 0.06
_LEAST_COVERED = 0.35

_WEAK_TEXT = """
    impact information lack action address change issue given effectiveness judged feel age aged regularly updated
    reflect understand understood know known expected completed complete improving creative miss group achieve
    practitioner comprehensive engage response arrive senior member written second wide full better consider
    considered enable enabled focus level right hard live experience"""
_WEAK = frozenset(_WEAK_TEXT.split())
"""Words that say too little alone; in phrases they may stand."""

_AT_LEAST = 0.6
_LONGEST = 5
_SHORTEST = 3
_ENDINGS = (
    "ments",
    "ment",
    "ingly",
    "ings",
    "ing",
    "edly",
    "ed",
    "ions",
    "ion",
    "ly",
    "ance",
    "ence",
    "ent",
    "es",
    "s",
)
_WORD = re.compile(r"[^\W_](?:[\w’'-]*[^\W_])?|[^\s\w]")
_OPEN_TEXT = """
    a an the their this that these those is are was were be been has have had not no or by at on as it its they who
    which when where all most some many any than more very also both well good including frequent"""
_OPEN = LINKS | frozenset(_OPEN_TEXT.split())
"""Words with which no phrase begins or ends."""


def whole_phrase(term: str, texts: Sequence[str]) -> str:
    """The term with the words that nearly always stand beside it: "law outline" is "public law outline".

    Args:
        term: as printed.
        texts: where to look.
    """
    words = term.split()
    if len(term) < _SHORTEST or term.isupper():
        return term
    while len(words) < _LONGEST:
        grown = next((more for more in _grown(words, texts) if len(more) <= _LONGEST), None)
        if grown is None:
            break
        words = grown
    return " ".join(words)


def _grown(words: Sequence[str], texts: Sequence[str]) -> list[list[str]]:
    """The words with one more before or after them, or two if a linking word stands between, the surest first."""
    size = len(words)
    wanted = list(words)
    beside: Counter[tuple[str, ...]] = Counter()
    there = 0
    for text in texts:
        plain = [plainly(token) for token in _WORD.findall(text)]
        for at in range(len(plain) - size + 1):
            if plain[at : at + size] != wanted:
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
    wording: Wording, inside: Any, texts: Sequence[str], wanted: int = TERMS
) -> tuple[tuple[str, ...], float]:
    """The terms that tell a cluster from the rest of its theme; none that shares a word with an earlier one.

    A term's weight is its share of the cluster's findings times the logarithm of how many times as frequent it is
    there as in the rest of the theme; phrases count half as much again. Each next term is worth less the more of its
    findings have one of the terms before. A word that mostly stands in one phrase is shown as that phrase. Of a cluster
    that is the whole theme, the most frequent terms are taken.

    Args:
        wording: words of all findings of the theme and kind.
        inside: for each of them whether it belongs to the cluster (n, bool).
        texts: the cluster's findings.
        wanted: at most so many terms.

    Returns:
        The terms, and the share of the cluster's findings that use any of them.
    """
    import numpy

    size = int(inside.sum())
    own = wording.counts[inside]
    within = numpy.asarray(own.sum(axis=0)).ravel()
    everywhere = numpy.asarray(wording.counts.sum(axis=0)).ravel()
    rate = within / max(size, 1)
    rest = (everywhere - within + 0.5) / (len(inside) - size + 1)
    weight = rate if inside.all() else rate * numpy.log(numpy.maximum(rate, 1e-12) / rest)
    weight = numpy.where(within >= max(2, math.ceil(_FEWEST * size)), weight, 0)
    weight = weight * [1.5 if " " in term else 0.0 if term in _WEAK else 1.0 for term in wording.terms]
    order = numpy.lexsort((numpy.array(wording.terms), -numpy.round(weight, _DIGITS)))[:_CANDIDATES]
    has = own[:, order].toarray() > 0
    free = numpy.ones(size, dtype=bool)
    terms: list[str] = []
    used: set[str] = set()
    left = [k for k in range(len(order)) if weight[order[k]] > 0]
    while left and len(terms) < wanted:
        worth = {
            k: round(float(weight[order[k]]) * (has[free, k].sum() / has[:, k].sum()) ** 0.5, _DIGITS) for k in left
        }
        best = max(left, key=lambda k: (worth[k], -k))
        if worth[best] <= 0:
            break
        shown = _phrase(wording.terms, order, has, best, used)
        own_stems = _stems(wording.terms[order[shown]])
        term = whole_phrase(wording.plain(wording.terms[order[shown]]), texts)
        within_it = [known for known in terms if _stems(known) <= _stems(term)]
        if within_it:
            terms[terms.index(within_it[0])] = term
            terms = [known for known in terms if known == term or known not in within_it]
        elif (_stems(term) - own_stems) & used:
            terms.append(wording.plain(wording.terms[order[shown]]))
        else:
            terms.append(term)
        used |= own_stems | _stems(term)
        free &= ~has[:, best]
        left = [k for k in left if not _stems(wording.terms[order[k]]) & used]
    return tuple(terms), float(1 - free.mean()) if size else 0.0


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


def _stems(term: str) -> set[str]:
    return {stem(word) for word in re.split(r"[ ’'-]", term.casefold()) if word and word not in LINKS}


def stem(word: str) -> str:
    """The start of a word that its forms share, roughly: enough to see that "assess" and "assessments" repeat."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e")


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
    return f"{title}: {'various, such as ' if covered < _LEAST_COVERED else ''}{', '.join(terms)}"


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
