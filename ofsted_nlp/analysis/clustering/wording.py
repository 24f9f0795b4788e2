"""Words and short phrases of findings, so that clusters compare what is said and not who says it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from functools import cached_property, lru_cache
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

_GENERAL_TEXT = """
    appropriate appropriately clear clearly consistent consistently effective effectively family families good help
    helped helping helps identified identify improve improved improvement improvements leader leaders manager managers
    partner partners quality receive received receives recent recently service services staff sufficient sufficiently
    support supported supporting supports timely need needs"""
_GENERAL = frozenset(_GENERAL_TEXT.split())
"""Those of the words above that may tell what a cluster says where no other words do."""

LINKS = frozenset(("of", "and", "for", "in", "to", "with", "from"))
"""Words that may stand inside a phrase, as in "rights and entitlements"."""

_MOST_OF_A_LINK = 6
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


@lru_cache(maxsize=200_000)
def plainly(word: str) -> str:
    """A word in small letters, but for abbreviations ("PLO", "PEPs")."""
    return word if sum(letter.isupper() for letter in word) > 1 else word.lower()


def stem(word: str) -> str:
    """The start of a word that its forms share, roughly: enough to see that "assess" and "assessments" repeat."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e")


class Wording:
    """Turns texts into rows of a sparse matrix of words and phrases, and turns columns back into plain words.

    Attributes:
        counts: texts x terms, 1 where the text has the term.
        terms: the folded words and phrases of the columns.
        general_counts: texts x general terms, the same of words that every report uses.
        general_terms: the stems of these words.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._words = _Words()
        self._surfaces: list[dict[str, int]] = []
        self._number: dict[str, int] = {}
        found, lengths = array("q"), array("q")
        for text in texts:
            terms = self._analyse(text)
            found.extend(terms)
            lengths.append(len(terms))
        names = list(self._number)
        self.counts: Any
        self.terms: list[str]
        self.counts, self.terms = _matrix(found, lengths, names, [not name.startswith(_MARK) for name in names])
        self.general_counts: Any
        self.general_counts, marked = _matrix(found, lengths, names, [name.startswith(_MARK) for name in names])
        self.general_terms = [name.removeprefix(_MARK) for name in marked]

    def plain(self, term: str) -> str:
        """The commonest printed form of a folded term; of equals the first in the alphabet."""
        forms = self._surfaces[self._number[term]]
        return min(forms, key=lambda form: (-forms[form], form))

    def plain_general(self, term: str) -> str:
        """The commonest printed form of a general term."""
        return self.plain(_MARK + term)

    @cached_property
    def forms(self) -> dict[str, list[int]]:
        """The columns of the single words of each stem."""
        found: dict[str, list[int]] = {}
        for column, term in enumerate(self.terms):
            if " " not in term:
                found.setdefault(stem(term), []).append(column)
        return found

    def _analyse(self, text: str) -> set[int]:
        """The numbers of the terms in a text; new ones are numbered, and the printed forms of all are counted."""
        found: set[int] = set()
        before = before_surface = ""
        end = 0
        for match in _WORD.finditer(text):
            use, word, plain = self._words[match.group()]
            if use == _LINK:
                continue
            if use >= _APART:
                before = ""
                if use == _GENERALLY:
                    found.add(self._counted(word, plain))
                continue
            found.add(self._counted(word, plain))
            if before:
                between = text[end : match.start()]
                if between == " " or (len(between) <= _MOST_OF_A_LINK and between[1:-1] in LINKS):
                    found.add(self._counted(f"{before}{between}{word}", f"{before_surface}{between}{plain}"))
            before, before_surface, end = word, plain, match.end()
        return found

    def _counted(self, term: str, surface: str) -> int:
        number = self._number.get(term)
        if number is None:
            number = self._number[term] = len(self._number)
            self._surfaces.append({surface: 1})
        else:
            forms = self._surfaces[number]
            forms[surface] = forms.get(surface, 0) + 1
        return number


_TERM, _LINK, _APART, _GENERALLY = range(4)
_MARK = "\0"


class _Words(dict[str, tuple[int, str, str]]):
    """Of each printed word: whether it is a term, a link inside phrases, general or none; its folded and plain form."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        super().__init__()
        self._stop = ENGLISH_STOP_WORDS | {_folded(word) for word in _EVERYWHERE} | _EVERYWHERE
        self._places = frozenset(word for entry in register() for word in _WORD.findall(entry.name))

    def __missing__(self, surface: str) -> tuple[int, str, str]:
        word = _folded(surface)
        use = _TERM
        if surface in self._places:
            use = _APART
        elif word in LINKS:
            use = _LINK
        elif surface.lower() in _GENERAL:
            use, word = _GENERALLY, _MARK + stem(word)
        elif word in self._stop or len(word) < 2:
            use = _APART
        self[surface] = made = use, word, plainly(surface)
        return made


def _matrix(
    found: array[int], lengths: array[int], terms: Sequence[str], wanted: Sequence[bool]
) -> tuple[Any, list[str]]:
    """Texts x terms of those wanted that two texts use, 1 where the text has the term, and these terms by the alphabet.

    Args:
        found: numbers of the terms of each text, one text after the other.
        lengths: how many each text has.
        terms: all terms by number.
        wanted: which of them.
    """
    import numpy
    from scipy import sparse

    numbers = numpy.array(found, dtype=numpy.int64)
    frequency = numpy.bincount(numbers, minlength=len(terms))
    often = (frequency >= min(2, len(lengths))) & numpy.array(wanted, dtype=bool)
    kept = sorted(numpy.flatnonzero(often).tolist(), key=terms.__getitem__)
    column = numpy.full(len(terms), -1, dtype=numpy.int64)
    column[kept] = numpy.arange(len(kept))
    columns = column[numbers]
    rows = numpy.repeat(numpy.arange(len(lengths)), lengths)[columns >= 0]
    columns = columns[columns >= 0]
    shape = (len(lengths), max(len(kept), 1))
    counts = sparse.csr_matrix((numpy.ones(len(columns)), (rows, columns)), shape=shape)
    counts.sort_indices()
    return counts, [terms[number] for number in kept] or [""]
