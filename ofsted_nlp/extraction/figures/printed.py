"""The numbers a sentence gives with what they count, so that they can be compared; dates and ages left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ofsted_nlp.extraction.figures.numbers import DIGITS, NUMBER_WORDS, PARTS, TENS, WORDS, magnitude, value_of
from ofsted_nlp.extraction.figures.phrases import counted_noun, strip_determiners
from ofsted_nlp.extraction.figures.rules import CUE_BEFORE, Verdict, label_or_bare
from ofsted_nlp.extraction.wordlists import word_set


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as it stands in a sentence.

    Attributes:
        start, end: its span in the sentence, the noun that it counts included.
        value: the number.
        unit: "%", "percentage points", "£", "share", "ratio", "per 10,000 children", "days", or the noun counted.
        kind: "money", "rate", "percentage", "share", "ratio", "duration", "count" (with its noun) or "bare".
        number_end: where the number without its noun ends.
    """

    start: int
    end: int
    value: float
    unit: str
    kind: str
    number_end: int


_DIGIT = re.compile(r"\d")
_MONEY = re.compile(rf"£\s?(?P<n>{DIGITS})\s?(?P<many>million|billion|thousand|bn|m|k)?\b", re.I)
_SHARE = re.compile(
    rf"(?<![\w£.,])(?P<n>{DIGITS}|(?:{WORDS})(?:-(?:one|two|three|four|five|six|seven|eight|"
    rf"nine))?(?= p))\s?(?P<u>%|per cent\b|percent\b|percentage points?\b)",
    re.I,
)
_RATE = re.compile(
    rf"(?<![\w£.,])(?P<n>{DIGITS}) (?:children )?(?P<unit>per (?P<base>\d{{1,3}}(?:,\d{{3}})+|100|1000|10000)"
    r"(?: (?P<noun>[a-z]+))?)",
    re.I,
)
_RATIO = re.compile(
    rf"\b(?P<a>one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,3}}) (?:in|out of)(?: every)? "
    rf"(?P<b>{WORDS}|\d{{1,4}})\b(?! (?:years?|months?|weeks?|days?)\b|[-–\d%.,]\d)(?P<noun> [a-z][\w’-]+)?",
    re.I,
)
_TO_ONE = re.compile(r"(?<![\w:.,])(?P<a>\d{1,2}) ?: ?(?P<b>\d{1,3})(?![\w:]|[.,]\d| ?[ap]\.?m\b)")
_PART = re.compile(
    r"\b(?P<a>one|two|three|four|nine|a)[- ](?P<b>third|quarter|fifth|tenth|eighth|sixth|half)s?\b"
    r"(?! (?:part(?:y|ies)|sectors?|visit|inspection|year|quarter|term|time|hour|day|one|level|tier|stage|way|"
    r"of (?:the )?(?:year|20\d\d))\b)"
    r"|\b(?P<half>half)\b(?= (?:of|the|all|a|were|are|had|have|remain(?:ed|ing)?|"
    r"lived?|received?|said|felt|achieved)\b)",
    re.I,
)
_PART_WORD = re.compile(r"hird|uarter|ifth|enth|ighth|ixth|alf")

_NUMBER = re.compile(
    rf"(?=[0-9TtFfSsEeNnOoZzHh])(?i:(?:(?<![\w£.,/+*’-])|(?<=\d-))"
    rf"(?P<n>{DIGITS}|(?:{TENS}) (?:one|two|three|four|five|six|seven|eight|nine)\b|"
    rf"(?:{WORDS}|one|zero)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?\b)"
    r"(?P<half> and a half| ?½)?(?P<many> (?:hundred|thousand|million))?"
    r"(?!\d|[.,]\d|[%/+*:]|(?:st|nd|rd|th)\b))"
)
_HOURS = r"minutes?|hours?|(?:working |school |calendar )?days?|weeks?|months?|years?"
_DURATION = re.compile(
    rf"[- ]?(?P<and>(?:and a half )?)(?P<u>{_HOURS}|miles?|kilometres?)\b(?!-old| olds?\b)(?P<s>’)?", re.I
)
_PERIOD_BEFORE = re.compile(
    r"\b(?:last|past|previous|preceding|prior|recent|next|coming|first|final|over (?:a|the)|during (?:a|the)|"
    r"in the|for (?:the )?over|every year for)(?: (?:around|about|approximately|nearly|almost|over|full))?"
    r"(?: [a-z\d]+ (?:to|or))?\s*\Z",
    re.I,
)
_PERIOD_AFTER = re.compile(
    r"’?(?: (?:period|average|rolling|scorecard|plan|strategy|programme|contract|project|cycle)\b|,? (?:ago|"
    r"earlier|previously|later|old)\b|"
    r"[- ](?:a|each|per)[- ](?:day|week|year)\b| (?:prior to|before|preceding|leading up to|since|up to) (?:the|"
    r"this|our)?"
    r" ?(?:\w+ )?(?:inspection|visit)|, (?:\d+|seven) days| of age\b)",
    re.I,
)
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages|under|over|beyond|until|turn(?:ing|s)?|than|to|and|or|up to|at)\s*\Z", re.I)
_PLANNED = re.compile(r" (?:(?!of |and |in |for |to )[a-z]+ ){1,2}(?:plan|strategy|programme)\b")
_NEXT_VISIT = re.compile(r"\b(?:re)?(?:inspection|visit) will (?:be|take|follow)\b[^.;]*\Z", re.I)
"""The inspectorate's own plan ("The next full inspection will be within three years") says nothing of an area."""
_COMING_OF_AGE = re.compile(r"\b(?:reach(?:es|ed|ing)?|approach(?:es|ed|ing)?|(?<!for )up to)\s*\Z", re.I)
_AGED = re.compile(r"\b(?:under|over|aged?)\s*\Z", re.I)
ASIDE = re.compile(r" \(\d[\d.]*(?:%| per cent)\)(?= [a-z])")
"""A percentage between a number and its noun ("110 (80%) families")."""
_SUPERLATIVE = re.compile(r" of (?:the|its|their|our) (?:\w+ )?(?:most|least|best|worst|[a-z]{3,}est)\b")
_LASTING = re.compile(r"\b(?:for|within|more than|less than|up to|over|under) (?:\w+ )?\Z")
_RANGE = re.compile(r"\s?(?:[-–−]|to|and|or)\s?")
_NIL = re.compile(r"\b(?P<n>no|none|neither|nil)\b(?! (?:longer|more|later|less)\b)", re.I)
_SERVICE = word_set("service services team teams provision project pathway offer hub programme strategy agenda age")


def printed_figures(text: str, statistics: bool = False) -> list[Printed]:
    """The figures of a sentence with their spans, in the order they stand.

    Args:
        text: one sentence, list item or cell.
        statistics: whether it stands in a section of statistics, where "one" and "no" are numbers too.
    """
    if (
        not _DIGIT.search(text)
        and NUMBER_WORDS.isdisjoint(text.lower().replace("-", " ").replace(",", " ").split())
        and not (statistics and _NIL.search(text))
    ):
        return []
    found: list[Printed] = []
    for figure in _marked(text):
        if not any(figure.start < other.end and other.start < figure.end for other in found):
            found.append(figure)
    found.extend(_numbers(text, found, statistics))
    found.sort(key=lambda figure: figure.start)
    return found


def figures_of(text: str) -> list[tuple[str, float, str]]:
    """The figures of a sentence in the order they stand.

    Counts, percentages, sums of money, rates, durations and shares in words. Left out: years, dates, times, ages,
    periods ("in the last 12 months"), and the numbers of sections, paragraphs, key stages and recommendations.

    Args:
        text: one sentence or cell.

    Returns:
        ``(text, value, unit)``: the figure as printed, with its noun; its value ("72%" is 72.0 with unit "%",
        "£1.2 million" is 1200000.0 with unit "£", "one in five" and "two thirds" are shares of 1 with unit
        "share"); and what it counts, a rate with its base ("per 10,000 children"). A number whose noun stands
        elsewhere ("a further 23 were seen") has the unit "".

    Example:
        >>> figures_of("In 2019, 94 assessments (72%) were seen, at a cost of £1.2 million.")
        [('94 assessments', 94.0, 'assessments'), ('72%', 72.0, '%'), ('£1.2 million', 1200000.0, '£')]
    """
    return [(text[figure.start : figure.end], figure.value, figure.unit) for figure in printed_figures(text)]


def _marked(text: str) -> Iterator[Printed]:
    """Money, rates, percentages and shares: figures that show what they are."""
    if "£" in text:
        for match in _MONEY.finditer(text):
            value = round(value_of(match["n"]) * magnitude(match["many"]), 2)
            yield Printed(match.start(), match.end(), value, "£", "money", match.end())
    if " per " in text:
        for match in _RATE.finditer(text):
            yield Printed(match.start(), match.end(), value_of(match["n"]), match["unit"], "rate", match.end("n"))
    if "%" in text or "per cent" in text or "percent" in text:
        for match in _SHARE.finditer(text):
            unit = "percentage points" if match["u"].lower().startswith("percentage") else "%"
            yield Printed(match.start(), match.end(), value_of(match["n"]), unit, "percentage", match.end())
    if " in " in text or " out of " in text:
        for match in _RATIO.finditer(text):
            a, b = value_of(match["a"]), value_of(match["b"])
            if a < b and not (1900 < b < 2100):
                end = match.end("b")
                yield Printed(match.start(), end, round(a / b, 4), "share", "share", end)
    if ":" in text:
        for match in _TO_ONE.finditer(text):
            a, b = value_of(match["a"]), value_of(match["b"])
            if a and b > 1 and "ratio" in text.lower():
                yield Printed(match.start(), match.end(), round(a / b, 4), "ratio", "ratio", match.end())
    if _PART_WORD.search(text):
        for match in _PART.finditer(text):
            if text[max(0, match.start() - 4) : match.start()].lower() in ("and ", "and-") and "half" in match.group():
                continue
            top = 1.0 if match["half"] or match["a"].lower() == "a" else value_of(match["a"])
            share = top / PARTS[(match["half"] or match["b"]).lower()]
            if share < 1:
                yield Printed(match.start(), match.end(), round(share, 4), "share", "share", match.end())


def _numbers(text: str, marked: list[Printed], statistics: bool) -> Iterator[Printed]:
    """Counts and durations, and numbers whose noun stands elsewhere."""
    spans = [(figure.start, figure.end) for figure in marked]
    waiting: list[re.Match[str]] = []
    found: list[Printed] = []
    after = sorted(marked, key=lambda figure: figure.start)
    for match in _NUMBER.finditer(text):
        start, end = match.start(), match.end()
        if any(start < b and a < end for a, b in spans):
            continue
        follower = next((f for f in after if 0 <= f.start - end <= 5), None)
        if follower and follower.unit != "£" and _RANGE.fullmatch(text, end, follower.start):
            value = value_of(match["n"])
            if match["n"][0].isdigit() and value < 1900 and text[max(0, start - 1) : start] not in ("–", "−", "-", "/"):
                found.append(Printed(start, end, value, follower.unit, follower.kind, end))
            continue
        figure = _number(text, match, statistics)
        if found and found[-1].end == start - 1 and text[start - 1] in "–−-":
            if not isinstance(figure, Printed):
                figure = replace(found[-1], start=start, end=end, value=value_of(match["n"]), number_end=end)
            found[-1] = replace(found[-1], unit=figure.unit)
        if figure is None:
            continue
        if not isinstance(figure, Printed):
            waiting.append(match)
            continue
        found.append(figure)
    if statistics:
        found.extend(_nil(text))
    yield from found
    for match in reversed(waiting):
        figure = _joined(text, match, [*found, *marked])
        if figure:
            found.append(figure)
            yield figure


def _number(text: str, match: re.Match[str], statistics: bool) -> Printed | bool | None:
    """A number as a figure; True if only its neighbours can say whether it is one, None if it is none."""
    start, end = match.start(), match.end()
    printed = match["n"]
    value = value_of(printed) * magnitude(match["many"]) + (0.5 if match["half"] else 0)
    before = text[max(0, start - 60) : start]
    after = text[end : end + 90]
    single = printed.lower() == "one"
    verdict = label_or_bare(printed, value, before, after)
    if verdict is Verdict.LABEL:
        return None
    lasting = _DURATION.match(after)
    if lasting:
        return None if single else _duration(text, start, end, value, before, after, lasting)
    if after[:1] and after[:1] in "-–−":
        # "16–25" is a range of ages more often than not; "90–95" is one of numbers
        other = re.match(r"[-–−](\d+)\b(?![-–−/])", after)
        numeric = other and (verdict is Verdict.BARE or int(other[1]) > 25) and value < float(other[1]) and value < 1900
        return Printed(start, end, value, "", "bare", end) if numeric else None
    if before[-1:] and before[-1:] in "–−-" and value <= 25:
        return None
    if single and _SUPERLATIVE.match(after):
        return None
    if single and not statistics:
        alone = CUE_BEFORE.search(before.lower()) and after[:1] in ".,;)"
        return Printed(start, end, 1.0, "", "bare", end) if alone else None
    aside = ASIDE.match(after)
    if aside and counted_noun(after[aside.end() :], single):
        return Printed(start, end, value, "", "bare", end)
    noun = counted_noun(after, single)
    if noun and after[:1] == " ":
        unit = strip_determiners(after[:noun].strip()).rstrip("’")
        if unit:
            return Printed(start, end + noun, value, unit, "count", end)
    if verdict is Verdict.BARE or (statistics and (start == 0 or before.rstrip().endswith((",", "and", "whom")))):
        return Printed(start, end, value, "", "bare", end)
    return True


def _duration(
    text: str, start: int, end: int, value: float, before: str, after: str, lasting: re.Match[str]
) -> Printed | None:
    """A duration or distance; None for an age, or for a period that only dates something else."""
    unit = lasting["u"].lower()
    rest = after[lasting.end() :]
    if unit.startswith("year"):
        aged = value <= 26 and _AGE_BEFORE.search(before) and not _LASTING.search(before)
        if aged or (value >= 4 and _AGED.search(before)) or (16 <= value <= 26 and _COMING_OF_AGE.search(before)):
            return None
    if unit == "year" and value > 1 and re.match(r"[- ]?olds?\b", rest):
        return None
    if _PERIOD_BEFORE.search(before) or _PERIOD_AFTER.match(rest) or re.match(r"’? (?:old|of age)\b", rest):
        return None
    if value == 24 and unit.startswith("hour") and not re.search(r"\b(?:within|than|of|in|for|after)\s*\Z", before):
        return None
    if unit == "year" and _PLANNED.match(rest):
        return None
    if value == 1 or _NEXT_VISIT.search(before):
        return None
    stop = end + lasting.end("u")
    name = unit if unit.endswith("s") else unit + "s"
    return Printed(start, stop, value + (0.5 if lasting["and"] else 0), name, "duration", end)


def _nil(text: str) -> Iterator[Printed]:
    """In a section of statistics, "no adoptions" and "none live ...": counts of zero."""
    for match in _NIL.finditer(text):
        after = text[match.end() : match.end() + 90]
        if match["n"].lower() != "no":
            yield Printed(match.start(), match.end(), 0.0, "", "bare", match.end())
            continue
        noun = counted_noun(after, False) or counted_noun(after, True)
        if noun and after[:1] == " ":
            unit = strip_determiners(after[:noun].strip())
            if unit and unit.split()[-1] not in ("information", "change", "data"):
                yield Printed(match.start(), match.end() + noun, 0.0, unit, "count", match.end())


_PARTED = re.compile(r" (?:where|who|whose)\b")
_LIST_AFTER = re.compile(r"(?:,| and| or| to|,? and|–|-)\s?(?:a further |another )?")


def _joined(text: str, match: re.Match[str], found: list[Printed]) -> Printed | None:
    """A number in a row with others: it is a figure where its neighbour is one ("six, 12 and 18 months")."""
    start, end = match.start(), match.end()
    value = value_of(match["n"]) * magnitude(match["many"])
    for other in found:
        gap = other.start - end
        if 0 < gap < 14 and _LIST_AFTER.fullmatch(text, end, other.start):
            kind = other.kind if other.kind != "count" else "bare"
            return Printed(start, end, value, other.unit, kind, end)
    before = text[max(0, start - 9) : start]
    # "14 where the carer stayed, two where the child left": further parts of what was counted before
    parted = _PARTED.match(text, end) and re.search(r"(?:, | and )\Z", before) and match["n"].lower() != "one"
    if parted and any(other.kind in ("count", "bare") and other.end <= start for other in found):
        return Printed(start, end, value, "", "bare", end)
    if not match["n"][0].isdigit() or not re.search(r"(?:, | and |\()\Z", before):
        return None
    # "111 feature neglect, 73 parental drug use": in the same list as a bare number
    if any(other.kind == "bare" and other.end <= start and "." not in text[other.end : start] for other in found):
        following = text[end : end + 30].split()
        if following and following[0][0].islower() and following[0].lower() not in _SERVICE:
            return Printed(start, end, value, "", "bare", end)
    return None
