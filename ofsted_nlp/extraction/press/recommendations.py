"""Recommendations that a story reports, matched to the report's action list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ofsted_nlp.extraction.figures.numbers import WORDS, value_of
from ofsted_nlp.extraction.press.attribution import OFSTED, THE_REPORT
from ofsted_nlp.extraction.press.behind import Behind
from ofsted_nlp.extraction.press.quotes import Reading, Unit
from ofsted_nlp.extraction.press.wording import held, weights
from ofsted_nlp.stories import Paragraph, ParagraphKind, ReportedRecommendation

_LIST = re.compile(
    r"\b(?:recommendations?|recommended|areas? (?:for|of) improvement|improvements?|priority actions?|must|"
    r"should|told to|"
    r"need(?:s|ed)? to|ordered to|called (?:on|for)|action points?|requirements?)\b",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:told|ordered|instructed|urged|advised|asked|called (?:on|upon)|directed|required|wants?|tasked) "
    r"(?!of\b|about\b|why\b|how\b|them\b)(?:the |its |their )?(?:[\w’'-]+ ){0,4}?(?:to|that (?:it|they|"
    r"the \w+) (?:must|should|needs? to))\s+(?P<what>.+)",
    re.I,
)
_WAS_TOLD = re.compile(
    r"\b(?:was|were|has been|have been|is|are|been) (?:(?:also|further|strongly|now) )*"
    r"(?:told|ordered|instructed|urged|advised|asked|required|called on|directed|"
    r"instructed)(?: by (?:the )?[\w ]{3,30}?)? to\s+(?P<what>.+)",
    re.I,
)
_ADDRESSED = re.compile(
    r"\b(?:council|authority|board|leaders|managers|trust|partnership|partners|it|they|borough|county|city|department)"
    r"(?: (?:has|have|also))*\s*\Z",
    re.I,
)
_MODAL = r"(?:must (?!have\b)|should (?!have\b)|need(?:s|ed)? to |need to be |ought to |there (?:needs?|must|should) )"
_RECOMMENDED = re.compile(
    r"\b(?:recommend(?:ed|s|ing)?|propose[ds]?)(?: also)? (?:that (?P<what>.+)|(?!that\b|by\b|in\b|the report\b)"
    r"(?P<thing>[a-z].+))|"
    r"\brecommendations?(?: of the report| in the report)? (?:is|was|are|were|includes?|included) (?:that |to |for )?"
    r"(?P<is>(?!in\b|made\b|that\b|not\b|being\b|accepted\b)[a-z].+)",
    re.I,
)
_PASSIVE = re.compile(r"\b(?:it (?:is|was|has been)|is|was) (?:\w+ )?recommended that\b", re.I)
_THAT = re.compile(
    r"\b(?:said|says?|stated|found|concluded|insisted|stressed|warned|wrote|writes?)(?: that)?:? "
    rf"(?P<what>(?:(?!\b(?:which|who|that)\b)[^.;:]){{0,140}}?\b{_MODAL}.+)",
    re.I,
)
_CALLED_FOR = re.compile(
    r"\b(?:called for|calls for|calling for|demanded|asked for) (?P<what>(?!that\b|"
    r"the report\b)[a-z].+)",
    re.I,
)
_GOING_ON = re.compile(
    rf"(?P<what>(?:(?!\b(?:which|who|that|if|because)\b)[^.;:“\"]){{3,140}}?\b{_MODAL}.+?)"
    r"(?:,? (?:the report|inspectors|ofsted|it|they) (?:says?|said|adds?|added))?[.\s]*\Z",
    re.I,
)
"""A further sentence of a paragraph in which the inspectorate said what has to be done."""
_WANTED = re.compile(
    r"(?:it|they) (?:also |further )?(?:wants?|asks?|urges?|expects?) [\w’' ]{3,40}? to (?P<what>.+)", re.I
)
_ONLY_COUNTED = re.compile(r"(?:to )?make (?:\w+ ){1,3}(?:improvements?|changes?)\Z", re.I)
_AREAS = re.compile(
    r"\bareas?\b(?:[^.:;]{0,60}?)\b(?:improve(?:ment|d)?|attention|do better|further work)\b[^.:;]{0,40}: (?P<what>.+)|"
    r"\brecommendations?(?: (?!said|says|added)\w+){0,5}: (?:that |to )?(?P<asked>[a-z].+)",
    re.I,
)
_AFTER = re.compile(
    r"(?P<what>.+?\b(?:needs? to|must|should|needed to) (?:not |also )?\w.+?),? (?:the|an?|"
    r"its)? ?(?:ofsted )?(?:watchdog|report|inspectors?|"
    r"ofsted|inspectorate|letter|regulator)s? (?:has |have |also )?(?:recommended|recommends|said|says|added|concluded|"
    r"stated|advised|warned|found)\b",
    re.I,
)
_LISTED = re.compile(r",? and (?=(?:the|that|to|how|its|their|an?)\b)|[,;] (?=(?:the|that|to|how|its|their)\b)", re.I)
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
    r"actions? for improvement|areas (?:are|were|have been) (?:\w+ )?(?:identified|highlighted|named|listed|picked out|"
    rf"noted) (?:for|as needing) (?:\w+ )?improvement)\b|\bto make (?P<more>\d{{1,2}}|{WORDS}) (?:\w+ )?improvements\b",
    re.I,
)
_ITEM = 4
"""Least words of an item of a list that is printed without bullets."""
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
            return int(value_of((found["n"] or found["more"]).lower()))
    return None


def reported_recommendations(reading: Reading) -> list[ReportedRecommendation]:
    """The recommendations that a story reports: its lists, and what inspectors told the authority to do."""
    found: list[ReportedRecommendation] = []
    listing = False
    for number, paragraph in enumerate(reading.paragraphs):
        text = paragraph.text
        if listing and _is_item(paragraph):
            first = len(text) - len(text.lstrip(" •-–"))
            words = re.sub(r"[\s;,.]+(?:and)?\s*\Z", "", text[first:])
            found.append(_made(paragraph, first, words))
            continue
        if paragraph.kind is ParagraphKind.BULLET:
            continue
        units = reading.units_in(number)
        persons = {u.found[-1].speaker for u in units if u.found and not isinstance(u.found[-1].speaker, str)}
        listing = bool(_LIST.search(text)) and (text.rstrip().endswith((":", "including", "include", "to")))
        listing = listing and not persons
        telling = False
        for unit in units:
            sentence = text[unit.start : min(unit.end, unit.start + _LONGEST)]
            if listing and unit is units[-1]:
                continue
            if not _is_theirs(reading, unit, sentence):
                again = telling and not unit.found and _GOING_ON.match(sentence)
                wanted = telling and not unit.found and _WANTED.match(sentence)
                if wanted:
                    found += _parts(paragraph, wanted, "what", unit.start)
                elif again and reading.said_in(number, unit.start, unit.end) is None:
                    found += _parts(paragraph, again, "what", unit.start)
                else:
                    telling = False
                continue
            made = _in_sentence(paragraph, sentence, unit.start)
            telling = telling or bool(made) or bool(_WAS_TOLD.search(sentence))
            found += made
    return found


def _is_item(paragraph: Paragraph) -> bool:
    """Whether a paragraph under a list's first line is an item: a bullet, or a line that ends as no sentence does."""
    if paragraph.kind is ParagraphKind.BULLET:
        return True
    text = paragraph.text
    return len(text.split()) >= _ITEM and len(text) < 250 and (text[-1].isalnum() or text.endswith((";", "; and")))


def _is_theirs(reading: Reading, unit: Unit, sentence: str) -> bool:
    """Whether a sentence gives what the inspectorate says, or what the authority was told."""
    speakers = {a.speaker for a in unit.found}
    told = _WAS_TOLD.search(sentence)
    said = reading.said_in(unit.number, unit.start, unit.end)
    if said is not None and not isinstance(said[0].speaker, str) and not told:
        return False
    theirs = bool(speakers & {OFSTED, THE_REPORT}) or bool(
        re.search(r"\b(?:ofsted|inspectors|watchdog|the report|inspectorate)\b", sentence, re.I)
    )
    if told and not theirs and not _ADDRESSED.search(sentence[: told.start()]):
        told = None
    passive = (
        _PASSIVE.search(sentence)
        or _AREAS.search(sentence)
        or re.match(r"(?:an|one|a)?other recommendations?\b", sentence, re.I)
    )
    if not theirs and not told and not (passive and not speakers - {"it"}):
        return False
    return bool(told) or not speakers or bool(speakers & {OFSTED, THE_REPORT})


def _in_sentence(paragraph: Paragraph, sentence: str, at: int) -> list[ReportedRecommendation]:
    told = _WAS_TOLD.search(sentence)
    if told and not re.search(r"\b(?:ofsted|inspectors|watchdog|report|inspectorate)\b", sentence, re.I):
        told = told if _ADDRESSED.search(sentence[: told.start()]) else None
    listed = _AREAS.search(sentence)
    if listed:
        return _parts(paragraph, listed, "what" if listed["what"] else "asked", at, _LISTED)
    match = told or _RECOMMENDED.search(sentence) or _AFTER.match(sentence) or _TOLD.search(sentence)
    match = match or _THAT.search(sentence) or _CALLED_FOR.search(sentence)
    if match is None:
        return []
    return _parts(paragraph, match, next(name for name in match.groupdict() if match[name]), at)


def _parts(
    paragraph: Paragraph, match: re.Match[str], group: str, at: int, cuts: re.Pattern[str] = _CLAUSES
) -> list[ReportedRecommendation]:
    """The recommendations in the words of a match, one for each of what they ask for."""
    first = match.start(group)
    what = re.sub(r"[\s.,;:\"“”]+\Z", "", match[group])
    made = []
    start = 0
    for cut in [*cuts.finditer(what), None]:
        end = cut.start() if cut else len(what)
        words = re.split(r" (?:after|following) (?:finding|discovering|an? |the )", what[start:end])[0]
        lead = re.match(r"[\"“]?(?:(?:that|to|for)\s+)?[\"“]?", words)
        offset = lead.end() if lead else 0
        if len(words) - offset >= 15 and not _ONLY_COUNTED.fullmatch(words):
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
