"""Grades that a story gives, with what each is about."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

from ofsted_nlp.extraction.press.behind import Behind
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.frameworks import plain
from ofsted_nlp.stories import Paragraph, ParagraphKind, ReportedJudgement

_GRADE = re.compile(
    r"\b(?P<ri>requir(?:e[sd]?|ing) (?:further )?improvements?(?: to be (?:rated )?(?:as )?[\"']?good[\"']?)?)\b|"
    r"\b(?P<plain>inadequate|adequate)\b|"
    r"\b(?P<grade>outstanding|good)\b(?! (?:outcomes?|practice|quality|progress|enough|work|service|"
    r"start|news|idea|things?|social|care|relationships?|understanding|example|support|access|level|use|way|will|"
    r"examples|decisions|homes|features|for|at)\b)|"
    r"\b(?P<for>good|outstanding)(?= for \w)"
)
_LONGEST = 2000
"""Characters of a sentence that are read."""
_STALE = 8
"""Months before a story's date from which a dated grade is an earlier inspection's."""
_JUDGING = re.compile(
    r"\b(?:rat(?:ed|ing|es)|re-?rated|judged|judge?ments?|grad(?:ed|es?|ing)|branded|deemed|found to be|described as|"
    r"classed as|classified|labelled|declared|ranked|scored|given|gave|giving|awarded|handed|received|earned|"
    r"verdict|concluded (?:that )?|slammed as|considered|marked|ruled|assessed as|downgraded|upgraded|lowest|highest|"
    r"received|improved to|fallen to|dropped to|remains?|retained|kept|maintained|were|was|are|is|as)\b"
)
_STRONG = re.compile(
    r"\b(?:rat(?:ed|ing|es)|re-?rated|judged|judge?ments?|grad(?:ed|es?|ing)|branded|deemed|"
    r"found (?:[^.;]{0,70}? )?to be|labelled|"
    r"classed as|classified|declared|ranked|scored|awarded|handed|verdict|downgraded|upgraded|assessed as|"
    r"described as|given an?|gave (?:it|them|the \w+) an?|ruled|"
    r"(?:slip|slipp|fall|fell|drop|dropp|mov|improv|ris|rose|go|went|gone|declin|return)(?:s|es|ed|en|ing|e)? "
    r"(?:up |down )?from [^.;]{3,40} to)\b"
)
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter"
)
_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|last (?:inspection|inspected|time|visit|full)|former(?:ly)?|had (?:been|previously)|used to|"
    r"up from|down from|moved from|from|in (?:19|20)\d\d|was (?:last )?(?:rated|judged|"
    r"graded) .{0,40}\bin (?:19|20)\d\d|"
    r"(?:19|20)\d\d,? (?:when|after)|before that|compared with|earlier (?:inspection|report)|(?:two|three|four|"
    r"five|six|seven|\d+) years (?:ago|earlier))\b"
)
_FROM_TO = re.compile(
    r"\bfrom (?:an? |its |being )?(?:previous )?(?:rated )?[\"']?(?:outstanding|good|adequate|inadequate|"
    r"requir\w+ improvement(?: to be good)?)[\"']?(?: rating| grade)? to\b"
)
_WHEN = re.compile(
    rf"[\"']?(?: overall)?(?: rating| grade| judgement)? (?:(?:in|at|after|following|back in) (?:the |its |a |an )?"
    rf"(?:(?P<month>{_MONTHS}) )?(?P<year>(?:19|20)\d\d)|"
    r"(?P<before>(?:in |at |after |following )?(?:the |its |a |an )?(?:previous|last|earlier)\b|"
    r"(?:\w+ years?|a decade) (?:ago|earlier|before)))"
)
_NOW = re.compile(r"\b(?:now|this time|today|latest|new|but|however|still|again)\b")
_COUNTED_AREAS = re.compile(
    r"\b(?:that|this) (?:part|area|aspect|judge?ment)\b[^.;]{0,40}\Z|"
    r"\b(?:\d|one|two|three|four|five|six|some|several|other|another|all|every|each|most|remaining|which) "
    r"(?:\w+ ){0,2}?(?:areas?|categor(?:y|ies)|aspects?|judge?ments?|services)\b[^.;]{0,30}\Z"
)
_NOT_YET = re.compile(
    r"\b(?:not|never|no longer|to become|aim(?:s|ing)? (?:to be|for)|journey to|towards|want(?:s)? to be|until|"
    r"if|would be|could be|hope)\b.{0,30}\Z"
)
_AREAS: tuple[tuple[str, str], ...] = (
    ("overall_effectiveness", r"overall|children's (?:social )?(?:care )?services (?:as a whole|department)"),
    ("adoption", r"adoption"),
    ("care_leavers", r"care leavers|leaving care|(?:young people|those) (?:who (?:have )?)?(?:leave|leaving|"
    r"left) care"),
    ("lscb", r"(?:local )?safeguarding children(?:'s)? board|safeguarding board|lscb"),
    ("in_care", r"children in (?:\w+ )?care|looked[- ]after children|"
    r"children (?:who are )?(?:being )?looked after|permanence|fostering|in its care"),
    ("help_and_protection", r"help and protection|child protection|early help|"
    r"children (?:who )?(?:in )?need(?:ing)? (?:of )?(?:help|protection)|protecting (?:vulnerable )?children"),
    ("leadership", r"leadership|(?:impact of |senior )?leaders(?! of the)|management and governance|governance"),
)  # fmt: skip
_OUTCOMES = (
    ("systemic_failings", re.compile(r"\b(?:widespread and(?:/| )?or )?systemic (?:failings|failures)\b")),
    ("inconsistent", re.compile(r"\binconsistent experiences\b")),
    ("positive", re.compile(r"\btypically (?:lead|leads|leading) to positive (?:experiences|outcomes)\b")),
)
_SAME_GRADE = re.compile(
    r"\bthe same (?:grade|rating|judgement|verdict) (?:for|to) (?P<rest>[^.;]+)|"
    r"\A[\"']?,? as (?:was|were|is|are) (?P<also>[^.;,]+)"
)
_CODES = {
    "in_care": ("in_care", "looked_after_permanence", "care_and_care_leavers"),
    "care_leavers": ("care_leavers", "care_and_care_leavers"),
    "leadership": ("leadership", "impact_of_leaders"),
}
_SINGLE_INSPECTION = datetime.date(2013, 11, 1), datetime.date(2018, 1, 15)
"""When the single inspection framework was in force; its judgement codes differ from those that followed."""


def reported_judgements(
    paragraphs: Sequence[Paragraph], title: str | None = None, published: datetime.date | None = None
) -> list[tuple[str, ReportedJudgement]]:
    """The grades that a story gives to the services inspected, each once, earlier inspections' left out.

    Args:
        paragraphs: those of the story.
        title: its headline; a grade that stands only there counts too.
        published: the story's date, by which a dated grade is an earlier inspection's or this one's.

    Returns:
        What each is about in this module's own words ("in_care", "leadership"), and the record with that as code;
        ``coded`` gives the codes of the framework.
    """
    found: dict[tuple[str, str], ReportedJudgement] = {}
    for paragraph in paragraphs:
        if paragraph.kind is ParagraphKind.HEADING:
            continue
        past = False
        for start, end in split(paragraph.text):
            sentence = paragraph.text[start : min(end, start + _LONGEST)]
            given, dropped = _in_sentence(sentence, published)
            if past and not _NOW.search(sentence.lower()):
                continue
            past = dropped and not given
            for about, grade, first, last in given:
                if (
                    about == "overall_effectiveness"
                    and "overall" not in sentence.lower()
                    and any(had == about and other != grade for had, other in found)
                ):
                    # A second grade that is not said to be of all services is of one of them.
                    continue
                found.setdefault(
                    (about, grade),
                    ReportedJudgement(
                        about,
                        grade,
                        paragraph.text[start + first : start + last],
                        paragraph=paragraph.index,
                        start=paragraph.start + start + first,
                        end=paragraph.start + start + last,
                    ),
                )
    if title and not any(about == "overall_effectiveness" for about, _ in found) and paragraphs:
        for about, grade, first, last in _in_sentence(title, published)[0]:
            at = paragraphs[0]
            found.setdefault(
                (about, grade),
                ReportedJudgement(about, grade, title[first:last], paragraph=at.index, start=at.start, end=at.start),
            )
    return [(key[0], value) for key, value in found.items()]


def _in_sentence(text: str, published: datetime.date | None) -> tuple[list[tuple[str, str, int, int]], bool]:
    """Each grade of a sentence with what it is about and the span of the words that give it.

    The second is whether grades of an earlier inspection were left out.
    """
    low = plain(text)
    if len(low) != len(text):
        low = text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    made: list[tuple[str, str, int, int]] = []
    dropped = False
    for grade, outcome in _OUTCOMES:
        if (said := outcome.search(low)) and re.search(r"\b(?:send|special educational|ofsted|inspectors?)\b", low):
            made.append(("outcome", grade, said.start(), said.end()))
    grades = _judged(low)
    for index, match in enumerate(grades):
        start = grades[index - 1].end() if index else 0
        stop = grades[index + 1].start() if index + 1 < len(grades) else len(low)
        before, after = low[start : match.start()], low[match.end() : stop]
        clause = re.split(r"[;:]|, (?:but|while|although|with|and (?=its|the))|\bwhile\b|\bbut\b", after)[0]
        areas: list[str] = []
        following = re.match(
            r"[\"']?,? (?:rating |grade |judgement )?(?:for|in|on|at|in relation to) (?P<rest>.+)", clause
        )
        if following:
            areas = _areas(following["rest"])
        pieces = re.split(r"[;:]|\bwhile\b|\bbut\b|, and (?=\w+ (?:said|says))", before)
        if not areas:
            if _COUNTED_AREAS.search(pieces[-1]):
                continue
            areas = _areas(pieces[-1])
        lead = re.split(r"[;:]|\bwhile\b|\bbut\b|\bsince\b|\bnow\b", _FROM_TO.sub(" ", before))[-1][-90:]
        if _EARLIER.search(lead) or _is_past(low[match.end() :], published):
            dropped = True
            continue
        grade = "requires_improvement" if match["ri"] else (match["grade"] or match["plain"] or match["for"])
        first = _clause_start(low, match.start(), bool(areas))
        for about in areas or ["overall_effectiveness"]:
            if about == "overall_effectiveness" and areas and len(areas) > 1:
                continue
            same = _SAME_GRADE.search(after)
            for code in _areas(same["rest"] or same["also"]) if same and about == (areas or [about])[-1] else ():
                made.append((code, grade, match.end() + same.start(), match.end() + same.end()))  # type: ignore[union-attr]
            last = min(match.end() + (low[match.end() : match.end() + 1] in ('"', "'")), len(text))
            made.append((about, grade, first, last))
    return made, dropped


def _is_past(after: str, published: datetime.date | None) -> bool:
    """Whether the words after a grade say that it was given at an earlier inspection."""
    when = _WHEN.match(after)
    if when is None:
        return False
    if when["before"] or published is None or when["month"] is None:
        return True
    names = _MONTHS.split("|")
    month = names.index(when["month"]) + 1 if when["month"] in names[:12] else {"spring": 4, "summer": 7}.get(
        when["month"], 10
    )  # fmt: skip
    return (published.year - int(when["year"])) * 12 + published.month - month > _STALE


def _judged(low: str) -> list[re.Match[str]]:
    """The grades of a sentence that are judgements, those of a list by the first of them."""
    made: list[re.Match[str]] = []
    for match in _GRADE.finditer(low):
        if _is_judgement(low, match):
            made.append(match)
        elif made and not _NOT_YET.search(low[max(0, match.start() - 110) : match.start()]):
            between = low[made[-1].end() : match.start()]
            after = low[match.end() : match.end() + 60]
            listed = re.search(r"(?:\b(?:as|to be|was|were|and)|,)\s+(?:an? )?[\"']?\Z", between)
            named = _areas(between) or re.match(r"[\"']? (?:for|in) ", after)
            if listed and named and not re.search(r"[.;:]|\b(?:said|because|which|that|whether)\b", between):
                made.append(match)
    return made


def _is_judgement(low: str, match: re.Match[str]) -> bool:
    before = low[max(0, match.start() - 110) : match.start()]
    before = re.split(r"[.;]", before)[-1]
    marked = low[match.start() - 1 : match.start()] in ("'", '"')
    if _NOT_YET.search(before):
        return False
    if match["ri"]:
        subject = re.search(
            r"\b(?:services?|authority|council|leadership|performance|care leavers|protection|care|overall|help)\b",
            before,
        )
        return bool(_STRONG.search(before) or marked or subject or _areas(before))
    near = next(reversed(list(_STRONG.finditer(before))), None)
    if near is None:
        rated = re.match(r"[\"']? (?:rating|grade|judgement|verdict|ofsted)", low[match.end() :])
        return bool(rated) or (marked and bool(_JUDGING.search(before[-40:])))
    if marked:
        return True
    gap = before[near.end() :]
    few = len(gap.split()) <= 9 or bool(re.search(r"\b(?:as|is|are|and|an?|to)\s*\Z", gap) and len(gap.split()) <= 16)
    # "rated services for ... inadequate": what is graded stands between the verb and the grade.
    return few or (len(gap.split()) <= 18 and bool(_areas(gap)) and "," not in gap)


def _areas(text: str) -> list[str]:
    found = []
    for code, pattern in _AREAS:
        match = re.search(rf"\b(?:{pattern})\b", text)
        if match:
            found.append((match.start(), code))
    codes = [code for _, code in sorted(found)]
    return codes


def _clause_start(low: str, at: int, areas: bool) -> int:
    """Where the words that give a grade begin: its clause if that says what is graded, else the verb."""
    breaks = [m.end() for m in re.finditer(r"[;:]\s+|, (?:and|but|while|which) |\bwhile |, ", low[:at])]
    verbs = [m.start() for m in _STRONG.finditer(low[:at])]
    if areas or not verbs:
        return breaks[-1] if breaks and not areas else 0
    return verbs[-1]


def coded(
    found: Sequence[tuple[str, ReportedJudgement]], report: Behind | None, published: datetime.date | None
) -> list[ReportedJudgement]:
    """The judgements with the codes of the report's framework and whether the report agrees.

    Args:
        found: as ``reported_judgements`` returns them.
        report: the report that the story covers, if known.
        published: the story's date, which tells the framework where no report is known.
    """
    made: dict[tuple[str, str], ReportedJudgement] = {}
    grades: Mapping[str, str] = report.grades if report else {}
    for about, item in found:
        codes = _CODES.get(about, (about,))
        code = next((c for c in codes if c in grades), None)
        if code is None and not grades:
            first, last = _SINGLE_INSPECTION
            single = published is not None and first <= published <= last
            code = {"in_care": "looked_after_permanence", "leadership": "leadership"}.get(about, about) if single else (
                {"leadership": "impact_of_leaders"}.get(about, about))  # fmt: skip
        code = code or codes[0]
        given = grades.get(code)
        agrees = (given == item.grade) if grades else None
        made.setdefault(
            (code, item.grade),
            ReportedJudgement(code, item.grade, item.quote, agrees, given, item.paragraph, item.start, item.end),
        )
    return list(made.values())
