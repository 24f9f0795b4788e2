"""The numbers a sentence gives with what they count, so that they can be compared; dates and ages left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ofsted_nlp.extraction.wordlists import phrases, word_set


class Number(NamedTuple):
    """A number as printed with its noun, its value, and what it counts ("%", "£", "assessments", "children")."""

    text: str
    value: float
    unit: str


_SMALL = {
    word: value
    for value, word in enumerate(
        phrases(
            "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, "
            "fifteen, sixteen, seventeen, eighteen, nineteen, twenty"
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_WORDS = "|".join(sorted((word for word in _SMALL if word not in ("zero", "one")), key=len, reverse=True))
_MANY = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9, "k": 1e3}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

_DIGIT = re.compile(r"\d")
_NUMBER_WORDS = frozenset(_SMALL) | frozenset(_PARTS) | {f"{part}s" for part in _PARTS} | {"halves"}
"""A sentence without a digit and without one of these holds no figure: the patterns need not be tried."""

_MONEY = re.compile(rf"£\s?(?P<n>{_DIGITS})\s?(?P<many>million|billion|thousand|bn|m|k)?\b", re.I)
_SHARE = re.compile(rf"(?<![\w£.,])(?P<n>{_DIGITS})\s?(?:%|per cent\b|percent\b|percentage points?\b)", re.I)
_RATIO = re.compile(
    rf"\b(?P<a>one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,3}}) (?:in|out of)(?: every)? "
    rf"(?P<b>{_WORDS}|\d{{1,4}})\b(?! (?:years?|months?|weeks?|days?)\b|[-–\d%.,]\d)(?P<noun> [a-z][\w’-]+)?",
    re.I,
)
_PART = re.compile(
    r"\b(?P<a>one|two|three|four|nine|a)[- ](?P<b>third|quarter|fifth|tenth|eighth|sixth|half)s?\b"
    r"|\b(?P<half>half)\b(?= (?:of|the|all|a)\b)",
    re.I,
)
_RATE = re.compile(rf"(?<![\w£.,])(?P<n>{_DIGITS}) per (?P<base>\d{{1,3}}(?:,\d{{3}})*) (?P<noun>[a-z]+)", re.I)
_COUNT = re.compile(
    rf"(?<![\w£.,/–-])(?P<n>{_DIGITS}|(?:{_WORDS})(?:-(?:one|two|three|four|five|six|seven|eight|nine))?)"
    rf"(?P<many> (?:hundred|thousand|million))?(?![\d%]|[-–/]\d| ?%|[.,]\d|(?:st|nd|rd|th)\b|[-–]?\s?(?:to|and) \d)"
    r"(?=(?P<rest>(?: of (?:the|these|those|their|all|its))? [^\W\d_][^.;:()‘“]{0,70}))",
    re.I,
)
_MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun "
    "jul aug sept sep oct nov dec"
)
_NUMBERED = re.compile(
    r"\b(?:sections?|sect|ss?|regulations?|reg|articles?|art|paragraphs?|paras?|part|chapter|schedule|step|stage|"
    r"phase|level|tier|years?|key stage|ks|page|pp?|no|number|recommendations?|priority|standard|volume|version|aged?|"
    r"ages|age of|figure|table|annex|appendix|day|week|month|band|room|form|grade|act|covid|outcome|theme)"
    r"\.?\s?(?:\d+\s?(?:and|to|,|–|-)\s?)*\Z",
    re.I,
)
_NOUN_END = re.compile(r"[^\W\d_][\w’'-]*")
_SKIPPED = word_set(
    "of the these those their all its more other further additional new separate different current recent looked "
    "individual local young small large full whole further eligible disabled available agency permanent newly "
    "social early serious unaccompanied in-house independent"
)
_STOPS = word_set(
    "and or but who that which were was are is have has had been being in on at by for from with to during since "
    "between within across as per not did do does will would can could may aged under over when where while "
    "through had out into than reported placed received live living subject remain remained left went were "
    "waiting completed currently"
)
_NEVER = word_set("year years-old am pm yearold")
_TIME = word_set("a.m p.m am pm o’clock")


def figures_of(text: str) -> list[tuple[str, float, str]]:
    """The figures of a sentence in the order they stand.

    Counts, percentages, sums of money, rates and shares in words. Left out: years, dates, times, ages, and the
    numbers of sections, paragraphs, key stages and recommendations.

    Args:
        text: one sentence or cell.

    Returns:
        ``(text, value, unit)``: the figure as printed, with its noun; its value ("72%" is 72.0 with unit "%",
        "£1.2 million" is 1200000.0 with unit "£", "one in five" and "two thirds" are shares of 1 with unit
        "share"); and what it counts, a rate with its base ("per 10,000 children").

    Example:
        >>> figures_of("In 2019, 94 assessments (72%) were seen, at a cost of £1.2 million.")
        [('94 assessments', 94.0, 'assessments'), ('72%', 72.0, '%'), ('£1.2 million', 1200000.0, '£')]
    """
    if not _DIGIT.search(text) and _NUMBER_WORDS.isdisjoint(text.lower().replace("-", " ").split()):
        return []
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Number]] = []
    for start, end, number in (*_marked(text), *_counts(text)):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            found.append((start, number))
    return [(number.text, number.value, number.unit) for _, number in sorted(found)]


def _marked(text: str) -> Iterator[tuple[int, int, Number]]:
    """Money, rates, percentages and shares: figures that show what they are."""
    for match in _MONEY.finditer(text):
        value = _value(match["n"]) * _MANY.get((match["many"] or "").lower(), 1)
        yield match.start(), match.end(), Number(match.group(), round(value, 2), "£")
    for match in _RATE.finditer(text):
        unit = f"per {match['base']} {match['noun']}"
        yield match.start(), match.end(), Number(match.group(), _value(match["n"]), unit)
    for match in _SHARE.finditer(text):
        yield match.start(), match.end(), Number(match.group(), _value(match["n"]), "%")
    for match in _RATIO.finditer(text):
        a, b = _value(match["a"]), _value(match["b"])
        if a < b:
            printed = match.group()[: len(match.group()) - len(match["noun"] or "")]
            yield match.start(), match.start() + len(printed), Number(printed, round(a / b, 4), "share")
    for match in _PART.finditer(text):
        top = 1.0 if match["half"] or match["a"].lower() == "a" else _value(match["a"])
        share = top / _PARTS[(match["half"] or match["b"]).lower()]
        if share < 1:
            yield match.start(), match.end(), Number(match.group(), round(share, 4), "share")


def _counts(text: str) -> Iterator[tuple[int, int, Number]]:
    """Numbers with the noun they count."""
    for match in _COUNT.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()].rstrip()
        value = _value(match["n"]) * _MANY.get((match["many"] or "").strip().lower(), 1)
        if _is_label(before, match["n"], value, match["rest"].split()[0]):
            continue
        end = _noun(match["rest"])
        if end:
            stop = match.start("rest") + end
            unit = text[match.start("rest") : stop].strip()
            words = [
                word for word in unit.split() if word not in ("of", "the", "these", "those", "their", "all", "its")
            ]
            if words:
                yield match.start(), stop, Number(text[match.start() : stop], value, " ".join(words).rstrip("’"))


def _is_label(before: str, printed: str, value: float, following: str) -> bool:
    """Whether the number is a year, a date, an age or the number of a section or the like."""
    if following.lower().strip(",") in _MONTHS or following.lower() in _TIME or following.lower() in _NEVER:
        return True
    last = re.search(r"([^\W\d_]+)\Z", before)
    if last and last[1].lower() in _MONTHS and last[1][0].isupper():
        return True
    if printed.isdigit() and len(printed) == 4 and 1900 <= value <= 2100:
        return True
    if following[0].isupper() and not following.strip(",’s").isupper():
        return True
    return bool(_NUMBERED.search(before))


def _noun(rest: str) -> int:
    """How far the noun phrase that is counted reaches into the words after a number; 0 if there is none."""
    end = 0
    for count, match in enumerate(_NOUN_END.finditer(rest)):
        word = match.group().lower()
        gap = rest[end : match.start()]
        if count and gap.strip():
            break
        if word in _STOPS or count > 6:
            break
        end = match.end()
        if word not in _SKIPPED and (word.endswith("s") or word in ("children", "people")) and not word.endswith("’s"):
            break
    words = rest[:end].split()
    if not words or all(word.lower() in _SKIPPED for word in words):
        return 0
    last = words[-1].lower()
    return end if (last.endswith("s") and not last.endswith("ss")) or last in ("children", "people", "staff") else 0


def _value(printed: str) -> float:
    """The value of a number in digits or words."""
    if printed[0].isdigit():
        return float(printed.replace(",", ""))
    return float(sum(_SMALL[part] for part in printed.lower().split("-")))
