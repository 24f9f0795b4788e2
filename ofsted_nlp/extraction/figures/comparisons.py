"""What a figure is set against in its sentence: the national average, last year's figure, a target."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ofsted_nlp.extraction.figures.printed import Printed


@dataclass(frozen=True, slots=True)
class Comparing:
    """What a sentence says of one figure beside others.

    Attributes:
        kind: what it is compared with (see ``records.Comparison``); None if with nothing.
        value: the compared value, if printed.
        direction: "above", "below", "same", "up", "down" or None.
        comparator: the kind, if the figure itself is the compared value ("65% nationally").
        carried: of a comparator whose own figure stands in the sentence before ("This is an increase from 45").
    """

    kind: str | None = None
    value: float | None = None
    direction: str | None = None
    comparator: str | None = None
    carried: bool = False


NOTHING = Comparing()

_SIGNS = (
    "national",
    "england",
    "neighbour",
    "compar",
    "target",
    "threshold",
    "benchmark",
    "region",
    " than ",
    "against",
    " from ",
    "increas",
    "decreas",
    "reduc",
    "rise",
    "rose",
    "fall",
    "fell",
    "drop",
    "declin",
    "improv",
    "grew",
    "grow",
    "rising",
    "previous",
    "same",
    "country",
    "peers",
    "similar",
    "down",
    "in line",
    "elsewhere",
)
"""A sentence without one of these compares nothing: the patterns need not be tried."""
_REFERENCE = re.compile(
    r"(?P<target>\b(?:(?:national|government|statutory) (?:requirement|expectation|timescale|timeframe|guideline|"
    r"limit)s?|targets?|thresholds?|benchmarks?)\b)"
    r"|(?P<statistical_neighbours>\b(?:statistical(?:ly)?(?: similar)? neighbour\w*|neighbours|"
    r"(?:similar|comparable|comparator|neighbouring)(?: local)? (?:authorit\w+|areas?|councils)|comparators)\b)"
    r"|(?P<region>\b(?:regional(?:ly)?|(?:the |this )region|(?:London|(?:North|South|East|"
    r"West)(?: \w+)?)(?= (?:average|region|rate|figure)))\b)"
    r"|(?P<national>\b(?:national(?:ly)?|England|English|(?:the )?country|across the UK)\b)"
    r"|(?P<other>\b(?:peers|elsewhere|(?:all|other) (?:local )?(?:children|pupils|young people|authorities|schools)|"
    r"(?:general|overall|whole|county|city|borough)(?: \w+)? (?:average|population)|non-looked after children|"
    r"[A-Z]\w+(?: \w+)?(?= average))\b)"
)
_CUE = re.compile(
    r"\b(?:compar\w+|than|against|above|below|in line with|similar|same|versus|while|whereas|exceed\w*|outside|within|"
    r"short of|short|meet\w*|close to|closer to|equal\w*|match\w*|and|although|but|beyond|over|under|beats|with|"
    r"better|behind|on)\b|\(|,|\A\W*(?:the|an?|its)?\W*$",
    re.I,
)
_LEADS_TO = re.compile(
    r"(?:’s?)?(?: (?:averages?|rates?|levels?|figures?|performance|scorecard|proportion|thresholds?|timescales?|"
    r"targets?|mean|"
    r"authorit(?:y|ies)|neighbours?|England|as a whole|overall|position|data|set|local|three-year|government|"
    r"(?:for|in|during|over|from) [^.,;()]{2,60}?|"
    r"(?:looked after )?children(?: looked after)?|pupils|which|that|currently|and|or|both|expected))*"
    r"(?:,? (?:of|is|was|at|are|were|being|stands at|stood at|to)|,|:)*(?: (?:just|only|about|around|"
    r"approximately|over|under|nearly|"
    r"almost|the|a|some|slightly|both|which is|which was))*[\s(]*\Z"
)
_FOLLOWED_BY = re.compile(
    r"\)?,?(?: (?:of|for|in|across|among|by|found|as|on)(?: all)?(?: (?:other|similar|looked after|the|children|"
    r"pupils|young people|care "
    r"leavers|looked after))*)*(?: (?:the|its|their|local|government|government’s|current|latest|all|of|average|"
    r"ambitious))* "
    r"(?=(?P<ref>national|England|English|statistical|similar|comparable|comparator|region|country|target|"
    r"threshold|benchmark|neighbour))",
    re.I,
)
_CLOSE = re.compile(
    r"\)?(?: days?| weeks?| months?)? ?(?:of )?(?=(?:national|England|target|threshold|regional|statistical))", re.I
)
_UP = r"increas\w*|rise[ns]?|rising|rose|grew|grown|growth|growing|climb\w*|doubl\w*|went up|gone up|up"
_DOWN = r"decreas\w*|reduc\w*|fall\w*|fell|drop\w*|declin\w*|lower(?:ed|ing)|went down|gone down|down|halv\w*"
_CHANGE = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<none>improv\w*|chang\w*|mov\w*|deteriorat\w*|went|gone|progress\w*))\b",
    re.I,
)
_CHANGED_TO = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<none>improv\w*))(?: (?!in\b|and\b)\w+){{0,3}}? (?:to|by|of)"
    r"(?: (?:just|only|about|around|approximately|over|under|nearly|almost|a|an|some|more than|less than|below|"
    r"above|further))*\s*\Z",
    re.I,
)
_UP_TO = re.compile(r"\b(?:up|down) to\s*\Z", re.I)
"""A limit ("up to 44 families"), not a change, unless something went there."""
_WENT_TO = re.compile(r"\b(?:(?:went|gone) up|(?:went|gone|is|are|was|were) down) to\s*\Z")
_WITHIN = re.compile(r"\b(?:within|for|in|over|less than|more than) \Z")
_CHANGE_AFTER = re.compile(
    r"(?: (?:point|percentage point|year-on-year|overall))? (?:(?P<up>increase|rise|growth)|(?P<down>decrease|"
    r"reduction|fall|drop))\b|"
    r" (?:more|(?P<fewer>fewer|less)) (?:\w+ ){0,3}than (?:in|at|the (?:previous|same)|last)\b",
    re.I,
)
_FROM = re.compile(
    r"\b(?:from|(?:improvement|increase|reduction|decrease|rise) on)(?: (?:just|only|about|around|approximately|"
    r"over|under|nearly|almost|a|an|the|"
    r"around|slightly|(?:very )?(?:low|high)(?: (?:rate|base|baseline|figure|level|point|position))? of|base of|"
    r"more than|less than|total of|figure of|average of|rate of|previous))*\s*\Z",
    re.I,
)
_AGAINST = re.compile(
    r"\b(?:compar(?:ed|es|ison)(?: \w+)? (?:with|to)|as against|against|as opposed to|rather than|versus|(?:similar|"
    r"identical) to|in line with|the same as)(?: (?:just|only|about|around|slightly|figures of|"
    r"approximately|over|under|nearly|almost|a|an|the|average of|rate of|figure of|fewer than|more than|"
    r"less than))*\s*\Z",
    re.I,
)
_EARLIER = re.compile(
    r"(?: \([^)]*\))?\W{0,2}[^.;,]{0,40}?\b(?:(?:19|20)\d\d|previous|last|earlier|before|ago|same (?:period|"
    r"time)|at the (?:point|time|end)|prior|"
    r"preceding|in-year|January|February|March|April|May|June|July|August|September|October|November|December)\b",
    re.I,
)
_EARLIER_IN_BRACKETS = re.compile(r"\((?:compared (?:with|to) )?\Z")
_RELATION = re.compile(
    r"\b(?:(?P<above>above|higher|greater|exceed\w*|more than|longer than|larger|over|beyond|double|outside)|"
    r"(?P<below>below|lower|fewer than|less than|shorter|under|short of|smaller|half)|"
    r"(?P<same>same|in line|similar|comparable|equal\w*|match\w*|consistent|close to|closer to|on a par)|"
    r"(?P<none>better|worse|compar\w+|meets?|within|quicker|favourabl\w+|faster|slower|poorer|against))\b",
    re.I,
)
_THIS = re.compile(
    r"\W*(?:however, |although )?(?:this|these|it|that|the (?:rate|figure|number)|which)\b[^,;]{0,25}?\b(?:is|"
    r"are|was|were|compar\w+|"
    r"represents?|has|have|had|shows?|means|remains)\b",
    re.I,
)


def comparisons(text: str, figures: list[Printed]) -> list[Comparing]:
    """For every figure of a sentence what it is compared with, in the same order.

    Args:
        text: the sentence.
        figures: its figures, as ``printed_figures`` returns them.
    """
    low = text.lower()
    if not any(sign in low for sign in _SIGNS):
        return [NOTHING] * len(figures)
    gaps = [
        (text[(figures[i - 1].end if i else 0) : figure.start], text[figure.end : _end_of_gap(text, figures, i)])
        for i, figure in enumerate(figures)
    ]
    roles: list[str | None] = [_role(text, figures, i, *gap) for i, gap in enumerate(gaps)]
    for i in range(1, len(figures)):
        if roles[i] is None and roles[i - 1] and text[figures[i - 1].end : figures[i].start] in (" (", " (or ", " or "):
            roles[i] = roles[i - 1]
    made: list[Comparing] = [Comparing(comparator=role) if role else NOTHING for role in roles]
    for i, role in enumerate(roles):
        if role is None:
            continue
        own = _own(text, figures, roles, i)
        if own is None:
            made[i] = Comparing(comparator=role, carried=bool(_THIS.match(text)))
        elif made[own].kind is None:
            direction = _direction(figures[own], figures[i], role, text)
            made[own] = Comparing(role, figures[i].value, direction)
    for i, role in enumerate(roles):
        if role is None and made[i].kind is None:
            made[i] = _unvalued(text, figures[i], *gaps[i])
    return made


def _end_of_gap(text: str, figures: list[Printed], i: int) -> int:
    return figures[i + 1].start if i + 1 < len(figures) else len(text)


def _role(text: str, figures: list[Printed], i: int, before: str, after: str) -> str | None:
    """The kind of comparison that a figure is the compared value of; None if it is a figure in its own right."""
    last = None
    for match in _REFERENCE.finditer(before):
        last = match
    if last and _LEADS_TO.match(before, last.end()):
        cued = _CUE.search(before[: last.start()]) or (i == 0 and last.start() < 30)
        valued = last.lastgroup != "other" or "average" in before[last.end() :] or _AGAINST.search(before[: last.end()])
        if cued and valued:
            return str(last.lastgroup)
    follows = _FOLLOWED_BY.match(after) if after else None
    if follows and (i or _AGAINST.search(before) or _CLOSE.match(after)):
        reference = _REFERENCE.search(after, follows.end() - 1)
        plain = _CUE.search(before[-40:]) and not re.search(r"\b(?:is|are|was|were)\b", after[: follows.end()])
        if reference and (plain or _CLOSE.match(after)):
            further = re.compile(r"(?: \w+){0,2} (?:target|threshold|benchmark)\b").match(after, reference.end())
            return "target" if further else str(reference.lastgroup)
    if re.match(r" (?:statutory |court )?(?:target|threshold)\b", after):
        return "target"
    if _FROM.search(before):
        near = text[max(0, figures[i].start - 110) : figures[i].start]
        if re.search(r"\bon (?:the )?\Z", before) or _CHANGE.search(near):
            return "previous"
        if _CHANGE.search(after[:60]) and re.search(r"\bto\b", after):
            return "previous"
        return None
    if _AGAINST.search(before):
        return "previous" if _EARLIER.match(after) else "other"
    if i and _EARLIER_IN_BRACKETS.search(before) and re.match(r" (?:in|at|for) (?:[\w ]+ )?(?:19|20)\d\d", after):
        return "previous" if figures[i].unit == figures[i - 1].unit else None
    return None


def _own(text: str, figures: list[Printed], roles: list[str | None], i: int) -> int | None:
    """The figure that the comparator ``i`` is set against."""
    if roles[i] == "previous" and i + 1 < len(figures) and roles[i + 1] is None:
        between = text[figures[i].end : figures[i + 1].start]
        if re.search(r"\bto\b", between) and ";" not in between and _alike(figures[i], figures[i + 1]):
            return i + 1
    for j in range(i - 1, -1, -1):
        if roles[j] is None and _alike(figures[j], figures[i]):
            return j
        if roles[j] is None and roles[i] in ("previous", "target") and _CHANGE_AFTER.match(text, figures[j].end):
            return j
    if re.match(r"\W*(?:compared|against|while|whereas)\b", text, re.I):
        later = (j for j in range(i + 1, len(figures)) if roles[j] is None)
        return next((j for j in later if _alike(figures[j], figures[i])), None)
    return None


def _alike(one: Printed, other: Printed) -> bool:
    plain = ("count", "bare")
    if one.kind in plain and other.kind in plain:
        return True
    bare = "bare" in (one.kind, other.kind)
    return one.unit == other.unit or (bare and bool({"duration", "rate"} & {one.kind, other.kind}))


def _direction(own: Printed, other: Printed, kind: str, text: str) -> str | None:
    """By the two values where they are of one unit, else by the words between them."""
    if _alike(own, other) and not _CHANGE_AFTER.match(text, own.end):
        if own.value == other.value:
            return "same"
        higher = own.value > other.value
        return ("up" if higher else "down") if kind == "previous" else ("above" if higher else "below")
    return change_in(text) if kind == "previous" else None


def change_in(text: str) -> str | None:
    """Whether a sentence tells of an increase ("up") or a decrease ("down")."""
    match = _CHANGE.search(text)
    return match.lastgroup if match and match.lastgroup in ("up", "down") else None


def _unvalued(text: str, figure: Printed, before: str, after: str) -> Comparing:
    """A comparison whose other value is not printed: "72%, above the national average", "fell to 23"."""
    clause = re.split(r"[;:]", after, maxsplit=1)[0][:130]
    relation = _RELATION.search(clause)
    within = figure.kind == "duration" and _WITHIN.search(before)
    if relation and relation.start() < (10 if within else 70):
        reference = _REFERENCE.search(clause, relation.end(), min(len(clause), relation.end() + 60))
        broken = reference and re.search(
            r",(?! (?:and|or) )| and \w+ (?:is|are)\b", clause[relation.end() : reference.start()]
        )
        near = reference and (figure.kind != "duration" or reference.start() - relation.end() < 25)
        if reference and near and not broken:
            kind = str(reference.lastgroup)
            if re.match(r"(?: \w+)? (?:target|threshold|benchmark)", clause[reference.end() :]):
                kind = "target"
            direction = relation.lastgroup
            return Comparing(kind, None, None if direction == "none" else direction)
    changed = _CHANGED_TO.search(before)
    if changed and (not _UP_TO.search(before) or _WENT_TO.search(before)):
        return Comparing("previous", None, None if changed.lastgroup == "none" else changed.lastgroup)
    after_change = _CHANGE_AFTER.match(after)
    if after_change:
        return Comparing("previous", None, "down" if after_change["down"] or after_change["fewer"] else "up")
    return NOTHING
