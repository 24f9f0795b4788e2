"""The verdict on each figure of a story: the report's, another one of the same thing, or none of the report's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ofsted_nlp.analysis.coverage.matching import Number, ReportText
from ofsted_nlp.analysis.coverage.qualifiers import Qualifier, qualifiers
from ofsted_nlp.analysis.coverage.verdicts import NO_REPORT, NO_TEXT, Checked, Verdict, around
from ofsted_nlp.extraction.press.attribution import OFSTED, THE_REPORT
from ofsted_nlp.extraction.press.wording import stems
from ofsted_nlp.stories import Page, ReportedFigure, Story

_MANY = {"£k": 1e3, "£m": 1e6, "£bn": 1e9}
_ACTIONS = re.compile(r"recommendation|areas? (?:for|of) improvement|priority action|improvement point", re.I)
_NAMES = r"(?:ofsted|inspectors?|inspectorate|watchdog|regulator|(?:the|its|their) (?:inspection )?report)"
_INSPECTORATE = re.compile(
    rf"\b{_NAMES}\b[^.;:]{{0,60}}?\b(?:sa(?:id|ys?|w|ying)|f(?:ound|inds?|inding)|not(?:ed|es?)|report(?:ed|s)|wrote|"
    r"writes?|add(?:ed|s)|heard|told|identif(?:ied|ies)|show(?:ed|s|ing)|reveal(?:ed|s)|stat(?:ed|es?)|"
    r"conclud(?:ed|es?)|discovered|counted|rated|judged|praised|criticised|warned|puts?|gives?|gave|describe[sd]?|"
    r"highlight(?:ed|s)|read|examined|looked)\b|"
    r"\b(?:according to|told|in|(?:found|read|seen|counted|examined|sampled|visited|reviewed|identified) by) "
    rf"(?:the )?{_NAMES}\b",
    re.I,
)
"""Where a sentence gives something as the inspectorate's; that it names it is not enough."""
_ROUNDED = 0.05
"""How far, as a share, a share in words ("two thirds") may lie from the report's percentage."""
_NEARLY = 0.1
"""How far a number after "about", "more than" or the like may lie from the report's."""
_SMALL = 10
"""Numbers below this stand everywhere: what they count must be the same."""
_TOPIC, _TOPIC_OF_SMALL, _SAME_THING = 0.3, 0.5, 0.6
"""Least shares of the weight of a figure's sentence that a sentence of the report must have: to be about it, about a
small number, and so near that another number there is another value of the same thing."""
_ENDS = re.compile(r"[;:]|, (?:and|but|while|which|whereas)\b|, (?=[^,]{0,40}\b(?:said|says|found|finds)\b)")
_COMPARED = re.compile(r"\b(?:national|england|english|regional|neighbours?|average|target|comparable|similar)\b", re.I)


def figures(story: Story, page: Page, text: ReportText | None) -> list[Checked]:
    """The figures of a story; the number of recommendations that it claims is judged with those."""
    made = []
    for item in story.figures:
        if _ACTIONS.search(f"{item.unit} {item.about or ''}") and story.recommendation_count_claimed == item.value:
            continue
        row = _attributed(item, story, page)
        if text is None:
            row = replace(row, why=NO_REPORT)
        elif not text.at_hand:
            row = replace(row, why=NO_TEXT)
        else:
            row = _judged(row, item, around(page, item.start, item.end), text)
        if row.verdict is Verdict.NOT_IN_REPORT and not row.theirs:
            row = _not_theirs(row, item, story)
        made.append(row)
    return made


def _attributed(item: ReportedFigure, story: Story, page: Page) -> Checked:
    """The figure with who gives it: the inspectorate, a person, or the paper itself."""
    inside = [quote for quote in story.quotes if quote.start <= item.start < quote.end]
    speaker = inside[0].speaker if inside else None
    theirs = speaker in (OFSTED, THE_REPORT) or (
        not inside and bool(_INSPECTORATE.search(around(page, item.start, item.end)))
    )
    value = f"{item.value:g}"
    return Checked(
        "figure",
        item.text if not item.about or item.about in item.text else f"{item.text} ({item.about})",
        Verdict.NOT_COMPARED,
        theirs=theirs,
        speaker=speaker,
        story_value=f"{value}%" if item.unit == "%" else f"£{value}{item.unit[1:]}" if item.unit[:1] == "£" else value,
        start=item.start,
        end=item.end,
    )


def _not_theirs(row: Checked, item: ReportedFigure, story: Story) -> Checked:
    """A figure that is nowhere given as the inspectorate's and that the report lacks: no error."""
    if row.speaker is not None:
        return replace(row, verdict=Verdict.OWN_WORDS, why="said by a person, so it need not stand in the report")
    if any(plan.start <= item.start < plan.end for plan in story.planned_actions):
        return replace(row, verdict=Verdict.NOT_COMPARED, why="part of a plan, not of what was inspected")
    return replace(row, why="the report does not print it; the story does not say that it does")


def _judged(row: Checked, item: ReportedFigure, sentence: str, text: ReportText) -> Checked:
    value = item.value * _MANY.get(item.unit, 1)
    unit = "£" if item.unit.startswith("£") else item.unit
    before = _before(sentence, item.text)
    wanted = _topic(item, sentence)
    alike = [number for number in text.numbers if _class(number.unit) == _class(unit)]
    topics = {n: text.held(wanted, (n,)) for n in {number.sentence for number in alike}}
    clauses = {n: max(topic, text.held(_clause(item, sentence), (n,))) for n, topic in topics.items()}
    same = []
    for number in alike:
        if _equal(value, _value(number), item.text, before):
            named = set(stems(unit)) <= set(stems(text.sentences[number.sentence].text))
            exact = round(value, 1) == round(_value(number), 1)
            topic = topics[number.sentence]
            if topic >= _least(value, unit, named=named, exact=exact) or (
                exact and clauses[number.sentence] >= _SAME_THING
            ):
                same.append((topic, number))
    if same:
        same.sort(key=lambda pair: (-pair[0], pair[1].sentence))
        return _found(row, item, before, same, text)
    near = [n for n in sorted(clauses, key=lambda n: -clauses[n]) if clauses[n] >= _SAME_THING]
    for n in near:
        others = [number for number in alike if number.sentence == n and _same_thing(unit, wanted, number, text)]
        own = [number for number in others if not _is_compared(number, text)] or others
        if own:
            row = _placed(row, own[0], text, clauses[n])
            values = " or ".join(dict.fromkeys(number.text for number in own))
            return replace(
                row, verdict=Verdict.OTHER_VALUE, report_value=values, why=f"the report’s number for this is {values}"
            )
    if not text.full:
        return replace(row, why=f"not among the findings; {NO_TEXT}")
    return replace(row, verdict=Verdict.NOT_IN_REPORT, why="the report does not give this number of anything like it")


def _least(value: float, unit: str, *, named: bool, exact: bool) -> float:
    """How near a sentence of the report must be to a figure's, which prints the same number."""
    if _class(unit) != "count":
        return _TOPIC
    if value < _SMALL:
        return _TOPIC_OF_SMALL if named else 1.1
    return _TOPIC / 2 if named and exact else _TOPIC


def _found(
    row: Checked, item: ReportedFigure, before: list[Qualifier], same: Sequence[tuple[float, Number]], text: ReportText
) -> Checked:
    """The verdict on a number that the report prints: what stands before it, and what it is compared with."""
    rows = []
    for topic, number in same:
        found = replace(_placed(row, number, text, topic), verdict=Verdict.IN_REPORT, report_value=number.text)
        there = _before(text.sentences[number.sentence].text, number.text)
        exact = abs(item.value * _MANY.get(item.unit, 1) - _value(number)) < 1e-6
        lost, more = (there, before) if exact else ([], [])
        if lost and not more:
            words = lost[0].words
            found = replace(
                found, verdict=Verdict.DROPS_QUALIFIER, qualifier=words, why=f"the report says it with “{words}”"
            )
        elif more and not lost:
            words = more[0].words
            found = replace(
                found, verdict=Verdict.ADDS_QUALIFIER, qualifier=words, why=f"the report says it without “{words}”"
            )
        rows.append(_compared(found, item, number, text))
    best = min(rows, key=lambda found: found.verdict is not Verdict.IN_REPORT)
    return best if rows[0].verdict is not Verdict.OTHER_VALUE or best.verdict is Verdict.IN_REPORT else rows[0]


def _compared(row: Checked, item: ReportedFigure, number: Number, text: ReportText) -> Checked:
    """The verdict, after the value that the figure is compared with."""
    value = (item.comparison or {}).get("value")
    if value is None:
        return row
    beside = [other for other in text.numbers if other.sentence == number.sentence and other is not number]
    beside = [other for other in beside if _class(other.unit) == _class(number.unit) and _is_compared(other, text)]
    if not beside or any(_equal(float(value), _value(other), "", []) for other in beside):
        return row
    return replace(
        row,
        verdict=Verdict.OTHER_VALUE,
        story_value=f"{row.story_value} against {value:g}",
        report_value=f"{number.text} against {beside[0].text}",
        why=f"the report compares it with {beside[0].text}",
    )


def _is_compared(number: Number, text: ReportText) -> bool:
    """Whether a number is only what another one is set against ("the national average of 45%")."""
    words = text.sentences[number.sentence].text
    at = words.find(number.text)
    clause = re.split(r"[,;(]|\b(?:and|but)\b", words[:at])[-1]
    after = re.split(r"[,;)]", words[at + len(number.text) :])[0][:30]
    return bool(
        _COMPARED.search(clause) or re.match(r"\s*(?:nationally|in england|for england|regionally)", after, re.I)
    )


def _placed(row: Checked, number: Number, text: ReportText, topic: float) -> Checked:
    sentence = text.sentences[number.sentence]
    return replace(
        row,
        page=sentence.page,
        finding=sentence.finding.id if sentence.finding else None,
        report_words=sentence.text,
        likeness=round(topic, 2),
    )


def _before(sentence: str, printed: str) -> list[Qualifier]:
    """The word before a number that makes it no exact one ("almost", "up to")."""
    at = sentence.find(printed)
    if at < 0:
        return []
    lead = sentence[max(0, at - 40) : at + len(printed)]
    start = min(at, 40)
    return [q for q in qualifiers(lead) if q.kind == "about" and 0 <= start - q.end <= 5]


def _topic(item: ReportedFigure, sentence: str) -> str:
    """What a figure is about: what it counts and what is said of it, else its sentence."""
    about = item.about or ""
    clause = re.split(r"[;:]|, (?:and|but|while|which)\b", sentence[sentence.find(item.text) :])[0]
    words = f"{item.unit if len(item.unit) > 2 else ''} {about}"
    found = words if len(stems(words)) >= 3 else f"{words} {clause}" if len(stems(clause)) >= 3 else sentence
    return found.replace(item.text, item.text.split(" ", 1)[-1] if " " in item.text else " ")


def _clause(item: ReportedFigure, sentence: str) -> str:
    """The clause in which a figure stands, without the number itself."""
    at = max(sentence.find(item.text), 0)
    start = max((m.end() for m in _ENDS.finditer(sentence, 0, at)), default=0)
    following = _ENDS.search(sentence, at + len(item.text))
    words = sentence[start : following.start() if following else len(sentence)]
    bare = words.replace(item.text, item.text.split(" ", 1)[-1] if " " in item.text else " ")
    return bare if len(stems(bare)) >= 4 else ""


def _class(unit: str) -> str:
    if unit in ("%", "share"):
        return "%"
    if unit.startswith(("£", "per ", "percentage")):
        return unit.split()[0]
    return unit if unit in ("days", "weeks", "months", "years", "hours") else "count"


def _value(number: Number) -> float:
    return number.value * 100 if number.unit == "share" else number.value


def _same_thing(unit: str, wanted: str, number: Number, text: ReportText) -> bool:
    """Whether a number of the report counts what one of the story counts: the same noun, or the same is said of it."""
    if _class(unit) != "count":
        return True
    if unit and number.unit:
        return bool(set(stems(unit)) & set(stems(number.unit)))
    words = text.sentences[number.sentence].text
    after = re.split(r"[,;:(]", words[words.find(number.text) + len(number.text) :])[0]
    there = set(stems(after))
    own = set(stems(wanted))
    return bool(own) and len(own & there) / len(own) >= _SAME_THING


def _equal(value: float, other: float, printed: str, before: list[Qualifier]) -> bool:
    if abs(value - other) < 1e-6:
        return True
    apart = abs(value - other) / max(abs(other), 1e-9)
    if printed and not re.search(r"\d", printed) and value >= _SMALL:
        return apart <= _ROUNDED
    for found in before:
        fits = {"near": True, "upper": other <= value, "lower": other >= value}[found.group]
        if fits and apart <= _NEARLY:
            return True
    return False
