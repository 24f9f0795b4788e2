"""Whether two sentences speak of the same matter, so that praise of a neighbouring one is not taken for an answer.

Vectors tell that two sentences are on one topic; they put the quality of assessments beside their timeliness, and the
health of children in care beside that of care leavers. So besides the likeness of vectors it takes shared words for the
thing itself (rare ones and pairs weigh more), the same people where the wanted text names some, and, where it asks for
something to be in time, recorded, regular, evaluated or of quality, a sentence that says something on that.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from ofsted_nlp.analysis.benchmark.evidence import Evidence, Likeness
from ofsted_nlp.extraction.press.wording import stems
from ofsted_nlp.records import Finding, Polarity

LEAST_LIKENESS = 0.5
"""Cosine below which sentences are not compared word by word."""

SAME = 0.78
"""Match from which a sentence counts as on the same matter (docs/benchmark.md says how often it is)."""

CLOSE = 1.0
"""Match from which it is called close."""

LEAST_SHARED, LEAST_WEIGHT = 0.22, 3.8
"""Share of the weight of a text's words that a sentence has too, and their weight, unless it has a pair of them."""

BEHIND = 0.15
"""Sentences that match by so much less than the best one are left out: they are mostly on something beside."""

_ASKING = """
    ensure improve improvement strengthen develop development continue increase review further make sure take
    taken steps order effective effectively effectiveness consistent consistently consistency quality good
    better robust strong clear clearly appropriate appropriately sufficient sufficiently accurate accurately
    child young people family parent social worker service local authority work working practice support
    supported provide provided receive received need meet met including include particular well use used using
    across within progress progressed experience help outcome all new part range high enable enabled implement
    implementation implemented put place arrangement system process approach action area level number key
    understand understanding impact inform address so every lead leading result focus council staff partner
    agency opportunity drive accelerate raise current standard establish effect care risk concern leaver looked
    after plan year time way go record recording regular regularly frequency frequently quick swift protection
    subject"""
_ASKED = frozenset(stem for word in _ASKING.split() for stem in stems(word))
"""Stems that say what is to be done, or that stand in sentences on everything: alone they name no matter."""

_FORMS = {"manager": "manage", "managerial": "manage", "management": "manage", "reviewing": "review"}

_ASPECTS = {
    "time": r"time(?:ly|liness|scales?)|prompt\w*|swift\w*|delay\w*|drift\w*|quick\w*|speed\w*|pace|late|too long|"
    r"wait\w*|soon\w*|immediate\w*|(?:in|on|out of|right) time|overdue|rapid\w*|slow\w*|prolonged",
    "record": r"record(?!ed (?:an? )?(?:increase|high))\w*|written|files?|chronolog\w*|minutes|document(?:ed|ation)",
    "often": r"frequen\w+|regular\w*|(?:sufficiently )?often",
    "impact": r"evaluat\w+|impact|measur\w+|monitor\w*",
    "quality": r"qualit\w+|thorough\w*|detail\w*|comprehensive\w*|analy\w+|rigo\w+|robust\w*|sensitive\w*|specific\w*|"
    r"smart|clear\w*|descriptive|effective\w*|skil\w+|strong\w*|good|better|variable|inconsisten\w+|consistent\w*",
}
_QUALITY_ASKED = r"qualit\w+|thorough\w*|rigo\w+|detail\w*|analy\w+|specific|smart|measurable|clear"
_SAID = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _ASPECTS.items()}
_WANTED = _SAID | {"quality": re.compile(rf"\b(?:{_QUALITY_ASKED})\b", re.IGNORECASE)}

_PEOPLE = (
    r"elected members?\b|members\b|councillors?\b|lead member|portfolio|political|scrutiny",
    r"care leavers?\b|leav\w* care|left care|pathway plan|personal advis[eo]r",
    r"foster(?:ing)?\b(?! to adopt)|(?<!kinship )(?<!connected )carers?\b",
    r"kinship|connected (?:carer|person)|special guardian|family and friends",
    r"adopt",
    r"independent reviewing|IROs?\b|reviewing officer|conference chair",
    r"newly qualified|NQSW|ASYE",
)
_THINGS = (
    r"disab|additional needs",
    r"unaccompanied|asylum",
    r"homeless",
    r"young carers?\b",
    r"private(?:ly)? foster",
    r"neglect",
    r"domestic (?:abuse|violence)|MARAC",
    r"exploit|gangs?\b|radicali",
    r"missing|return (?:home )?interview|RHI",
    r"supervis",
    r"caseloads?\b|workloads?\b",
    r"designated officers?\b|LADO|allegation",
)
_PEOPLE_AND_THINGS = tuple(re.compile(rf"\b(?:{words})", re.IGNORECASE) for words in (*_PEOPLE, *_THINGS))
"""Where a text names some of these, a sentence on the same matter names one of them too."""

_PARTS = re.compile(
    r"(?<=[.;])\s+|,? and (?=(?:ensure|improve|that|to|implement|increase|develop|make sure|take|provide|use|agree|"
    r"monitor|identify)\b)|, (?=(?:ensure|improve|to include|including|so that|in order)\b)| (?=(?:so that|in order)\b)"
)
_PURPOSE = re.compile(r"(?:so that|in order)\b", re.IGNORECASE)
_DESPITE = re.compile(
    r"\s*(?:However, )?(?:although|despite|while|whilst|notwithstanding|even though)\b[^,]*, ", re.IGNORECASE
)
_OF_THOSE_BEFORE = re.compile(r"\b(?:they|them|their)\b", re.IGNORECASE)


def parts(text: str) -> list[str]:
    """What an item of an action list asks for, one by one, without what it is asked for the sake of.

    Example:
        >>> parts("Improve pathway plans and ensure that supervision is recorded, so that managers can follow it.")
        ['Improve pathway plans', 'ensure that supervision is recorded']
    """
    found = [part.strip(" ,") for part in _PARTS.split(text)]
    kept = [part for part in found if not _PURPOSE.match(part) and _enough(part)]
    return kept or [text]


def _enough(part: str) -> bool:
    """Whether a part names a matter; "including by managers" and the like only name those who have a hand in it."""
    single = [term for term in terms(part) if " " not in term]
    return len(single) >= (3 if part.lower().startswith("including") else 1)


@lru_cache(maxsize=100_000)
def _without_despite(text: str) -> str:
    return _DESPITE.sub("", text, count=1) if _DESPITE.match(text) else text


def main_clause(finding: Finding) -> str:
    """The text without a leading "Although ...," or "Despite ...,", of which the polarity does not hold; mixed: all."""
    if finding.polarity is Polarity.MIXED:
        return finding.text
    return _without_despite(finding.text)


@lru_cache(maxsize=100_000)
def terms(text: str) -> frozenset[str]:
    """The stems that name a sentence's matter, and its pairs of neighbouring stems."""
    found = [_FORMS.get(stem, stem) for stem in stems(text)]
    single = {stem for stem in found if stem not in _ASKED}
    pairs = {
        f"{first} {second}"
        for first, second in pairwise(found)
        if (first not in _ASKED or second not in _ASKED) and "time" not in (first, second)
    }
    return frozenset(single | pairs)


@lru_cache(maxsize=100_000)
def _aspects(text: str) -> frozenset[str]:
    return frozenset(name for name, words in _SAID.items() if words.search(text))


@lru_cache(maxsize=10_000)
def _asked(text: str) -> frozenset[str]:
    return frozenset(name for name, words in _WANTED.items() if words.search(text))


class Matter:
    """Compares sentences by their matter.

    Args:
        texts: sentences by which rare words are told from common ones: those of the reports compared.
        likeness: compares sentences by their vectors.
    """

    def __init__(self, texts: Iterable[str], likeness: Likeness) -> None:
        counts: Counter[str] = Counter()
        many = 0
        for text in texts:
            counts.update(terms(text))
            many += 1
        self._weight = {term: math.log((many + 1) / (count + 0.5)) for term, count in counts.items()}
        self._rarest = math.log((many + 1) / 0.5)
        self._likeness = likeness

    def on(
        self, wanted: str, themes: Sequence[str], found: Sequence[Evidence], *, behind: float | None = BEHIND
    ) -> list[Evidence]:
        """The findings on the matter of a text, the best match first, each with ``likeness`` and ``match``.

        Args:
            wanted: an item of an action list, or a finding.
            themes: its themes, the likeliest first.
            found: findings; those without a text are left out.
            behind: by how much a match may be less than the best; None for any.
        """
        best: dict[str, Evidence] = {}
        texts = [item for item in found if item.finding.text]
        for part in parts(wanted):
            people = _named(part) or (_named(wanted) if _OF_THOSE_BEFORE.search(part) else frozenset())
            for item in self._likeness.to_any([part], texts, LEAST_LIKENESS):
                if item.likeness is None or item.likeness < LEAST_LIKENESS:
                    break
                if people and not people & _named(item.finding.text):
                    continue
                match = self.match(part, main_clause(item.finding), item.likeness)
                match += 0.05 if set(themes[:2]) & set(item.finding.themes[:2]) else -0.05
                known = best.get(item.finding.id)
                if match >= SAME and (known is None or match > (known.match or 0.0)):
                    best[item.finding.id] = replace(item, match=match)
        ranked = sorted(best.values(), key=lambda item: (-(item.match or 0.0), item.finding.page, item.finding.id))
        if behind is None or not ranked:
            return ranked
        least = (ranked[0].match or 0.0) - behind
        return [item for item in ranked if (item.match or 0.0) >= least]

    def naming(self, wanted: str, found: Sequence[Evidence]) -> list[Evidence]:
        """The findings alike in wording that name the same narrow thing ("neglect"), the likest first; no ``match``."""
        named = [item for item in found if item.finding.text and same_thing(wanted, item.finding.text)]
        ranked = self._likeness.to_any([wanted], named)
        return [item for item in ranked if (item.likeness or 0.0) >= LEAST_LIKENESS]

    def match(self, wanted: str, said: str, likeness: float) -> float:
        """How well a sentence fits the matter of a text: 0 for another matter; about 0.5 to 1.5 otherwise."""
        asked = _asked(wanted)
        if asked and not asked & _aspects(said):
            return 0.0
        own = terms(wanted)
        shared = own & terms(said)
        whole = self._sum(term for term in own if " " not in term)
        part = self._sum(term for term in shared if " " not in term) / whole if whole else 0.0
        weight = self._sum(shared)
        rare = part >= LEAST_SHARED and weight >= LEAST_WEIGHT
        if not (rare or part >= 0.5 or any(" " in term for term in shared)):
            return 0.0
        return likeness + 0.25 * part + 0.012 * min(weight, 20.0)

    def _sum(self, found: Iterable[str]) -> float:
        return math.fsum(self._weight.get(term, self._rarest) for term in found)


@lru_cache(maxsize=100_000)
def _named(text: str) -> frozenset[int]:
    return frozenset(place for place, named in enumerate(_PEOPLE_AND_THINGS) if named.search(text))


def same_thing(wanted: str, said: str) -> bool:
    """Whether both name the same narrow thing, such as neglect or private fostering."""
    return any(place >= len(_PEOPLE) for place in _named(wanted) & _named(said))
