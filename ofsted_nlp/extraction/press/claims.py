"""What a story counts as strengths, as concerns and as planned actions, and its tone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ofsted_nlp.extraction.classify import classify
from ofsted_nlp.extraction.press.attribution import OFSTED, THE_REPORT
from ofsted_nlp.extraction.press.quotes import Reading
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.stories import Claim, ParagraphKind, ReportedRecommendation

_SURE = 0.5
"""Probability from which a sentence's polarity counts."""
_PLANNED = re.compile(
    r"\b(?:(?:we|it|i|council|authority|leaders?|board|members|department|managers)(?:['’]ll| will| (?:is|are|"
    r"am) going to| "
    r"(?:has|have) (?:already |now |also )?(?:decided|agreed|pledged|committed|promised|begun|started|drawn up|set up|"
    r"appointed|recruited|launched|invested|put in place|taken|asked|brought in)| (?:is|are|am) (?:already |now |also "
    r"|currently )?(?:to\b|setting|recruiting|working (?:on|to)|investing|creating|drawing up|putting|"
    r"taking|introducing|developing|determined to|committed to)| plans? to| intends? to|"
    r" (?:am|are) determined)|"
    r"(?:is|are) being (?:created|recruited|set up|introduced|put in place|drawn up|appointed|developed|brought in)|"
    r"(?:will|is to|are to|due to) (?:be )?(?:set up|recruit|created?|introduced?|go live|launch(?:ed)?|appoint(?:ed)?|"
    r"implement(?:ed)?|establish(?:ed)?|invest(?:ed)?|meet|oversee|report|publish(?:ed)?|begin|start|open|receive)|"
    r"action plan (?:is|has been|will be)|"
    r"\w+ would (?:not )?(?:be (?:spent|capped|closed|set up|recruited|appointed|opened|invested|published|introduced|"
    r"created|in place)|put|set up|spend|invest|recruit|appoint|open|publish|meet|introduce|create|bring in|hire|"
    r"launch|review|start|begin)|"
    r"will (?:also )?(?:hire|recruit|open|publish|spend|invest|set up|appoint|introduce|launch|meet))\b",
    re.I,
)
_NOT_PLANNED = re.compile(r"\b(?:will remember|hoped?|would like|if we|inspectors will|ofsted will)\b", re.I)
_GOOD = re.compile(
    r"\b(?:proud|pride|good outcomes?|strengths?|committed|commitment|tremendous|excellent|praise[ds]?|praising|"
    r"recognised "
    r"(?:for|as|nationally)|well above|better than|are safe|strong|effective|impress\w+|hard[- ]working|"
    r"dedicated|"
    r"rated (?:as )?[\"'‘“]?(?:good|outstanding)|improv(?:ed|ement) (?:since|in the)|pleased|success\w*|positive|"
    r"valued|brilliant|loved|listened to|never give up|well[- ](?:trained|known|led)|source of strength|"
    r"making progress|turn(?:ed)? the corner|realistic|on time|"
    r"outstanding|warm(?:ly|th)?|stable|well (?:supported|served|run)|trusted|thrive|first[- ]rate|delighted)\b",
    re.I,
)
_BAD = re.compile(
    r"\b(?:fail(?:ing|ed|s|ures?|ings?)?|not (?:good enough|always|all|enough|acceptable)|poor(?:ly)?|"
    r"weak(?:ness(?:es)?)?|"
    r"too (?:many|few|long|late|slow(?:ly)?|often)|dreadful|devastating|shortcomings?|concern(?:s|ed|ing)?|"
    r"worr(?:y|ied|ies|ying)|"
    r"at risk|delays?|delayed|drift|critic(?:al|ised|ism)|cannot be (?:sure|confident)|"
    r"need(?:s|ed)? (?:to be )?improv\w+|need to improve|improvements? to be made|"
    r"issues? with|unsafe|"
    r"left (?:children|in danger)|lack(?:s|ed|ing)?|insufficient|problem(?:s)?|let down|appalling|"
    r"irregular|wanting|out of date|rarely|worn out|(?:were|was|had) not (?:been )?(?:visited|seen|read|met|told)|"
    r"do not yet|inconsistent|unacceptable|serious|widespread|slow(?:ly)?|unsuitable|overdue|backlog|missed)\b",
    re.I,
)


_SORRY = re.compile(r"\b(?:disappoint(?:ed|ing|ment)|regret|sorry|apologis\w+)\b", re.I)


def claims(
    reading: Reading, recommended: Sequence[ReportedRecommendation]
) -> tuple[list[Claim], list[Claim], list[Claim]]:
    """The strengths, the concerns and the planned actions of a story, a sentence or a half of one each.

    Args:
        reading: the story.
        recommended: the recommendations it reports, which are neither.
    """
    rows: list[tuple[int, int, str, bool]] = []
    for number, paragraph in enumerate(reading.paragraphs):
        if paragraph.kind is not ParagraphKind.PARAGRAPH:
            continue
        for start, end in split(paragraph.text):
            for first, last in _halves(paragraph.text, start, end):
                inner = reading.said_in(number, first, last)
                if inner is not None and inner[2] - inner[1] > 20:
                    first, last = inner[1], inner[2]
                at = paragraph.start + first
                if any(item.start < at + (last - first) and at < item.end for item in recommended):
                    continue
                rows.append((number, first, paragraph.text[first:last], _is_theirs(reading, number, first, last)))
    strengths: list[Claim] = []
    concerns: list[Claim] = []
    planned: list[Claim] = []
    labels = classify([text for _, _, text, _ in rows]) if rows else []
    for (number, first, text, theirs), label in zip(rows, labels, strict=True):
        paragraph = reading.paragraphs[number]
        words, offset = _trimmed(text)
        start = paragraph.start + first + offset
        claim = Claim(words, paragraph.index, start, start + len(words), label.themes)
        if _PLANNED.search(words) and not theirs and not _NOT_PLANNED.search(words):
            planned.append(claim)
            continue
        good, bad = bool(_GOOD.search(words)), bool(_BAD.search(words))
        if _SORRY.search(words) and not bad:
            continue
        score = label.scores["strength"] - label.scores["concern"]
        if bad and (not good or score < 0):
            concerns.append(claim)
        elif good and not bad:
            strengths.append(claim)
        elif theirs and label.score >= _SURE and label.polarity in ("strength", "concern"):
            (strengths if label.polarity == "strength" else concerns).append(claim)
    return strengths, concerns, planned


def tone_of(strengths: int, concerns: int) -> str:
    """Whether a story is "critical", "balanced" or "favourable".

    Args:
        strengths: how many strengths it names.
        concerns: how many concerns.
    """
    both = strengths + concerns
    if not both:
        return "balanced"
    if concerns / both > 0.55:
        return "critical"
    return "favourable" if concerns / both < 0.25 else "balanced"


def _is_theirs(reading: Reading, number: int, start: int, end: int) -> bool:
    """Whether the inspectorate is speaking in a stretch of a paragraph."""
    inner = reading.said_in(number, start, end)
    if inner is not None:
        return inner[0].speaker in (OFSTED, THE_REPORT)
    for unit in reading.units_in(number):
        if unit.start <= start < unit.end:
            return any(a.speaker in (OFSTED, THE_REPORT) for a in unit.found)
    return False


def _halves(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence cut at "but", "while" and the like where both halves are long enough to say something."""
    cuts = [
        (start + m.start(), start + m.end())
        for m in re.finditer(
            r",? (?:but|although|however|while),? |; |,? and that |, and (?=(?:our|the|its|we|\w+ said)\b)",
            text[start:end],
        )
        if m.start() > 25 and end - start - m.end() > 25
    ]
    halves, at = [], start
    for first, last in cuts:
        halves.append((at, first))
        at = last
    halves.append((at, end))
    return halves


def _trimmed(text: str) -> tuple[str, int]:
    """A piece without quotation marks around it and words of saying before it."""
    lead = re.match(
        r"[\"“”'‘’\s]*(?:(?:(?:[A-Z][\w’'-]+|the|The) ){1,4}(?:also |has )?(?:said|found|added|replied|"
        r"told \w+)(?: that)?[:,]?\s+"
        r"[\"“'‘]?)?", text,
    )  # fmt: skip
    offset = lead.end() if lead else 0
    words = text[offset:]
    tail = re.search(r"[\s,.]*[\"“”]?(?:,? (?:\w+ ){0,3}said)?[\s.\"“”,]*\Z", words)
    if tail:
        words = words[: tail.start()]
    return words, offset
