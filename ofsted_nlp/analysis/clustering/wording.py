"""Words and short phrases of findings, so that clusters compare what is said and not who says it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ofsted_nlp.authorities import register

_WORD = re.compile(r"(?<![\w])[A-Za-z][A-Za-z’'-]*[A-Za-z]|(?<![\w])[A-Za-z]\d+")

# Words that every report uses of everything; a cluster named after them would say nothing.
_EVERYWHERE_TEXT = """
    child children young people person service services local authority area areas inspector inspectors ofsted
    effective effectively good strong well quality improve improved improvement improvements better need needs
    ensure ensures ensured include includes including result mean means meant example number small large
    majority minority case cases significant significantly consistent consistently inconsistent timely clear
    clearly appropriate appropriately high low positive poor weak sufficient sufficiently year years month months
    time recent recently current currently new key make makes made making take taken takes place available
    increasingly continue continues remain remains receive receives received provide provides provided support
    supported supports helping help helps helped work works working range used use using identified identify
    place many social worker workers staff partner partners family families leader leaders manager managers
    lead leading led does did don particular particularly looked always different
    aspect required specific finding findings inspection inspections seen individual variable overall relevant
    additional various range area areas way ways"""
_EVERYWHERE = frozenset(_EVERYWHERE_TEXT.split())

LINKS = frozenset(("of", "and", "for", "in", "to", "with", "from"))
"""Words that may stand inside a phrase, as in "rights and entitlements"."""

_MOST_OF_A_LINK = 6


@lru_cache(maxsize=200_000)
def _folded(word: str) -> str:
    """The singular of a plural noun, roughly: enough to count "plan" and "plans" together."""
    word = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plainly(word: str) -> str:
    """A word in small letters, but for abbreviations ("PLO", "PEPs")."""
    return word if sum(letter.isupper() for letter in word) > 1 else word.lower()


class Wording:
    """Turns texts into rows of a sparse matrix of words and phrases, and turns columns back into plain words.

    Attributes:
        counts: texts x terms, 1 where the text has the term.
        terms: the folded words and phrases of the columns.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy
        from scipy import sparse
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        self._surfaces: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._stop = ENGLISH_STOP_WORDS | {_folded(word) for word in _EVERYWHERE} | _EVERYWHERE
        self._places = frozenset(word for entry in register() for word in _WORD.findall(entry.name))
        found = [set(self._analyse(text)) for text in texts]
        frequency = Counter(term for terms in found for term in terms)
        least = min(2, len(texts))
        self.terms: list[str] = sorted(term for term, n in frequency.items() if n >= least) or [""]
        column = {term: i for i, term in enumerate(self.terms)}
        rows = [(i, column[term]) for i, terms in enumerate(found) for term in sorted(terms) if term in column]
        places = numpy.array(rows, dtype=int).reshape(-1, 2).T
        shape = (len(texts), len(self.terms))
        self.counts: Any = sparse.csr_matrix((numpy.ones(len(rows)), (places[0], places[1])), shape=shape)

    def plain(self, term: str) -> str:
        """The commonest printed form of a folded term; of equals the first in the alphabet."""
        forms = self._surfaces[term]
        return min(forms, key=lambda form: (-forms[form], form))

    def _analyse(self, text: str) -> list[str]:
        found: list[str] = []
        before = before_surface = ""
        end = 0
        for match in _WORD.finditer(text):
            surface = match.group()
            if surface in self._places:
                before = ""
                continue
            word = _folded(surface)
            plain = plainly(surface)
            if word in LINKS:
                continue
            if word in self._stop or len(word) < 2:
                before = ""
                continue
            found.append(word)
            self._surfaces[word][plain] += 1
            between = text[end : match.start()] if before else ""
            if between == " " or (len(between) <= _MOST_OF_A_LINK and between[1:-1] in LINKS):
                phrase = f"{before}{between}{word}"
                found.append(phrase)
                self._surfaces[phrase][f"{before_surface}{between}{plain}"] += 1
            before, before_surface, end = word, plain, match.end()
        return found
