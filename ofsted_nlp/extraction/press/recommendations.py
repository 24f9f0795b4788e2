"""Recommendations that a story reports, matched to the report's action list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ofsted_nlp.extraction.figures.numbers import WORDS, value_of
from ofsted_nlp.extraction.press.attribution import OFSTED, THE_REPORT
from ofsted_nlp.extraction.press.behind import Behind
from ofsted_nlp.extraction.press.quotes import Reading
from ofsted_nlp.extraction.press.wording import held, weights
from ofsted_nlp.stories import Paragraph, ParagraphKind, ReportedRecommendation

_LIST = re.compile(
    r"\b(?:recommendations?|recommended|areas? (?:for|of) improvement|improvements?|priority actions?|must|"
    r"should|told to|"
    r"needs? to|ordered to|called (?:on|for)|action points?|requirements?)\b",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:told|ordered|instructed|urged|advised|asked|called (?:on|upon)|directed|required|wants?|tasked) "
    r"(?!of\b|about\b|why\b|how\b|them\b)(?:the |its |their )?(?:[\w’'-]+ ){0,4}?(?:to|that (?:it|they|"
    r"the \w+) (?:must|should|needs? to))\s+(?P<what>.+)",
    re.I,
)
_WAS_TOLD = re.compile(
    r"\b(?:was|were|has been|have been|is|are|been) (?:told|ordered|instructed|urged|advised|asked|required|called on)"
    r"(?: by (?:the )?[\w ]{3,30}?)? to\s+(?P<what>.+)",
    re.I,
)
_ADDRESSED = re.compile(
    r"\b(?:council|authority|board|leaders|managers|trust|partnership|partners|it|they|borough|county|city|department)"
    r"(?: (?:has|have|also))*\s*\Z",
    re.I,
)
_THAT = re.compile(
    r"\b(?:recommend(?:ed|s|ing)?|said|says|stated|found|concluded|insisted|stressed)(?: that)?:? (?P<what>(?:[^.;]*?)"
    r"\b(?:must|should|needs? to|need to be|ought to|there (?:needs?|must|should))\b.+)",
    re.I,
)
_CALLED_FOR = re.compile(
    r"\b(?:called for|calls for|recommended|recommends|demanded|asked for|recommend) (?P<what>(?!that\b|"
    r"the (?:report|council)\b)[a-z].+)",
    re.I,
)
_AFTER = re.compile(
    r"(?P<what>.+?\b(?:needs? to|must|should|needed to) (?:not |also )?\w.+?),? (?:the|an?|"
    r"its)? ?(?:ofsted )?(?:watchdog|report|inspectors?|"
    r"ofsted|inspectorate|letter|regulator)s? (?:has |have |also )?(?:recommended|recommends|said|says|added|concluded|"
    r"stated|advised|warned|found)\b",
    re.I,
)
_CLAUSES = re.compile(
    r",?\s+(?:and|while|as well as)\s+(?=(?:that )?(?:there (?:needs?|must|should)|(?:the|its|their|it|they|"
    r"leaders|managers|"
    r"social workers|children|senior \w+|staff)\b[^,;]{0,80}?\b(?:must|should|needs? to)\b|"
    r"to (?!be\b)[a-z]+ (?:the|its|that|how|"
    r"all|more|every)))|;\s+(?:and\s+)?",
    re.I,
)
_CLAIMED = re.compile(
    rf"\b(?P<n>\d{{1,2}}|{WORDS}|one)\s+(?:[a-z-]+ ){{0,3}}?(?P<what>recommendations?|areas? (?:for|of) improvement|"
    r"areas? (?:to|that need to|where it must) improve|priority actions?|improvement points?|"
    r"actions? for improvement)\b",
    re.I,
)
_LONGEST = 2000
"""Characters of a sentence that are read."""
_LEAST = 0.42
"""Share of the weight of its words from which a reported recommendation counts as one of the report's."""


def recommendation_count(paragraphs: Sequence[Paragraph]) -> int | None:
    """How many recommendations a story says the report makes."""
    for paragraph in paragraphs:
        found = _CLAIMED.search(paragraph.text)
        if found and not re.search(r"\b(?:previous|last|met|completed|of the|one of|first|earlier)\s*\Z",
                                   paragraph.text[max(0, found.start() - 20) : found.start()], re.I):  # fmt: skip
            return int(value_of(found["n"].lower()))
    return None


def reported_recommendations(reading: Reading) -> list[ReportedRecommendation]:
    """The recommendations that a story reports: its lists, and what inspectors told the authority to do."""
    found: list[ReportedRecommendation] = []
    listing = False
    for number, paragraph in enumerate(reading.paragraphs):
        text = paragraph.text
        if paragraph.kind is ParagraphKind.BULLET:
            if listing:
                first = len(text) - len(text.lstrip(" •-–"))
                words = re.sub(r"[\s;,.]+(?:and)?\s*\Z", "", text[first:])
                found.append(_made(paragraph, first, words))
            continue
        units = [unit for unit in reading.units if unit.number == number]
        persons = {u.found[-1].speaker for u in units if u.found and not isinstance(u.found[-1].speaker, str)}
        listing = bool(_LIST.search(text)) and (text.rstrip().endswith((":", "including", "include", "to")))
        listing = listing and not persons
        for unit in units:
            sentence = text[unit.start : min(unit.end, unit.start + _LONGEST)]
            speakers = {a.speaker for a in unit.found}
            said = reading.said_in(number, unit.start, unit.end)
            if said is not None and not isinstance(said[0].speaker, str) and not _WAS_TOLD.search(sentence):
                continue
            if listing and unit is units[-1]:
                continue
            theirs = bool(speakers & {OFSTED, THE_REPORT}) or bool(
                re.search(r"\b(?:ofsted|inspectors|watchdog|the report|inspectorate)\b", sentence, re.I)
            )
            told = _WAS_TOLD.search(sentence)
            if told and not theirs and not _ADDRESSED.search(sentence[: told.start()]):
                told = None
            if not theirs and not told:
                continue
            if speakers and not speakers & {OFSTED, THE_REPORT} and not told:
                continue
            found += _in_sentence(paragraph, sentence, unit.start, told)
    return found


def _in_sentence(
    paragraph: Paragraph, sentence: str, at: int, told: re.Match[str] | None
) -> list[ReportedRecommendation]:
    match = told or _AFTER.match(sentence) or _TOLD.search(sentence) or _THAT.search(sentence)
    if match is None:
        called = _CALLED_FOR.search(sentence)
        match = called if called else None
    if match is None:
        return []
    first = match.start("what")
    what = re.sub(r"[\s.,;:\"“”]+\Z", "", match["what"])
    made = []
    start = 0
    for cut in [*_CLAUSES.finditer(what), None]:
        end = cut.start() if cut else len(what)
        words = re.split(r" (?:after|following) (?:finding|discovering|an? |the )", what[start:end])[0]
        lead = re.match(r"(?:that|to|for)\s+", words)
        offset = lead.end() if lead else 0
        if len(words) - offset >= 15:
            made.append(_made(paragraph, at + first + start + offset, words[offset:].rstrip(" ,;.")))
        start = cut.end() if cut else end
    return made


def _made(paragraph: Paragraph, first: int, words: str) -> ReportedRecommendation:
    start = paragraph.start + first
    return ReportedRecommendation(words, paragraph=paragraph.index, start=start, end=start + len(words))


def matched(found: Sequence[ReportedRecommendation], report: Behind | None) -> list[ReportedRecommendation]:
    """The recommendations with the number of the report's that each renders; no two with the same one."""
    if report is None or not report.actions:
        return list(found)
    from dataclasses import replace

    weight = weights([action.text for action in report.actions])
    pairs = []
    for index, item in enumerate(found):
        for action in report.actions:
            own = held(item.text, action.text, weight)
            back = held(action.text, item.text, weight)
            share = 0.75 * own + 0.25 * back - (0.05 if action.section != "authority" else 0)
            pairs.append((share, index, action))
    pairs.sort(key=lambda pair: (-pair[0], pair[1]))
    made: list[ReportedRecommendation | None] = list(found)
    used: set[tuple[str, int]] = set()
    done: set[int] = set()
    for share, index, action in pairs:
        key = (action.section, action.number)
        if share < _LEAST or index in done:
            continue
        if key in used:
            # Said again elsewhere in the story.
            made[index] = None
            done.add(index)
            continue
        made[index] = replace(found[index], report_number=action.number, similarity=round(share, 3))
        done.add(index)
        used.add(key)
    return [item for item in made if item is not None]
