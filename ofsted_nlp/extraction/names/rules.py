"""Where a sentence may name a service, team, panel, programme or body, by rules: a second opinion for the tagger."""

from __future__ import annotations

import re
from functools import cache

from ofsted_nlp.authorities import register
from ofsted_nlp.extraction.grammar import ARTICLES, AUXILIARY, DETERMINERS, LINKS, NOUNS_TOO, VERBS
from ofsted_nlp.extraction.wordlists import word_set

_KINDS = word_set(
    "team teams panel sub-committee subcommittee committee subgroup hub unit board agency consortium forum school "
    "service project scheme pathway police partnership trust council network register programme model strategy "
    "group meeting"
)
_ACRONYM = re.compile(r"\b[A-Z][A-Z&]{2,6}\b")
NOT_NAMES = word_set(
    "SEND SEN EHC EHCP EET NEET LAC CIN CPP GCSE IRO PAS PEP PA UASC SGO SDQ LADO CSE FGM DFE PLO ICPC YPA DCS "
    "CSC NHS JTAI ILACS AND THE RAG ASD ADHD FTE VCS CCE LGBT LGBTQ DBS ICT HMI CQC IRH RHI CYP QA IDVA COVID BME "
    "BAME MARF YPA IT"
)
_NAME = re.compile(
    r"\b[A-Z][\w’'-]+(?:(?:, | )(?:(?:of|and|for|the|in) )*[A-Z][\w’'-]*)+"
    r"(?: \([A-Z]+\))?(?: (?:teams?|panel|hub|board|project|scheme|programme|model|service|network|group|subgroup|"
    r"meeting))?\b"
    r"|\b[A-Z][\w’'-]+ (?:[a-z]+ )?(?:team|teams|programme|project|model|service|panel|hub|network|board)\b"
)
_BRACKETS = re.compile(r" \([A-Z][\w& ]{1,30}\)")
_QUOTED = re.compile(r"‘([^‘’]{3,50}(?:’s [^‘’]{1,30})?)’(?= |[,.;)])")
_COMMON = re.compile(
    r"\b(?:virtual school|corporate parenting (?:advisory )?(?:panel|board)|emergency duty team|probation service|"
    r"youth (?:justice|offending) (?:service|team)|edge[- ]of[- ]care (?:service|team)|adoption panel|"
    r"fostering (?:and adoption )?panel|family hubs|family centres|children’s centres|school nursing service|"
    r"children in care council|fair access panel|health and wellbeing board|multi-agency safeguarding hub|"
    r"children and young people’s select committee|safeguarding children (?:board|partnership)|"
    r"regional adoption agency|care leavers’ forum|signs of safety|assessed and supported year in employment|"
    r"family group conferencing|cafcass|makaton)\b",
    re.I,
)
_DESCRIBED = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Nn]ew|[Dd]edicated|and|[Ee]ach|[Tt]heir|its|through|other)\s+"
    r"((?:(?!(?:the|an?|of|in|is|are|has|have|by|for|who|which|from|on|at|their|its|through) )[\w’–-]+ ){1,6}?"
    r"(?:teams?|panel|sub-?committee|select committee|subgroup|hub|project|unit|service|strategy|scheme))"
    r"\b(?! manager| leader| plan)"
)
_PRAISE = DETERMINERS | word_set(
    "effective whole same social work staff leadership senior responsive excellent leaving integrated valued "
    "timely supportive continuous specific energetic necessary onward therapeutic professional children’s "
    "management developing emerging formed commissioned multi-agency local specialist dedicated universal "
    "targeted authority"
)
_STARTS = word_set(
    "The A An This These Those Most Some All Many In For At When Where While There Senior Social Children Young "
    "Care Child Leaders Managers Inspectors However Their Its Foster Parents Good Strong Effective As If Although "
    "Since Through Both Other One Joint Well They It He She During Staff Partners Early Services Summary Chief "
    "Access"
)
_PLACES = word_set(
    "England English Ofsted Local Authority Council Key Stage Act Children’s Services UK Year Level Inspectors "
    "City County Borough Government Public Law Outline Home Office Department Education Secretary State Director "
    "Chief Executive Families Early Help Children Young People Care Leavers Looked After Education Health Plan "
    "Plans"
)
_MONTH = re.compile(
    r"(?:,| in| of| on)? ?(?:January|February|March|April|May|June|July|August|September|October|November|December)\b,?"
)


@cache
def authority_names() -> frozenset[str]:
    """All names of local authorities."""
    return frozenset(name for entry in register() for name in (entry.name, entry.display_name, *entry.aliases))


def name_spans(text: str) -> list[tuple[int, int]]:
    """First character and end of what looks like a name, in the order they stand.

    Capitalised runs of words, short quotations, abbreviations (joined to the name they stand for), the sector's
    standing bodies ("virtual school", "MASH"), and a described team, panel or hub after "the" or "a". Local
    authorities, places and the sector's abbreviations for people and papers ("PA", "EHC") are left out.
    """
    spans: list[tuple[int, int]] = []

    def add(start: int, end: int) -> None:
        if start < end and not any(start < b and a < end for a, b in spans):
            spans.append((start, end))

    for match in _QUOTED.finditer(text):
        if match[1].count(" ") <= 4 and match[1][-1] not in ".,;!?" and match[1][:1].isupper():
            add(match.start(1), match.end(1))
    for match in _NAME.finditer(text):
        for start, end in _parts(text, match.start(), match.end()):
            if _is_name(text, start, end):
                add(start, _with_abbreviation(text, end))
    for match in _COMMON.finditer(text):
        add(match.start(), _with_abbreviation(text, match.end()))
    for match in _DESCRIBED.finditer(text):
        phrase = _described(match[1])
        if phrase:
            add(match.end(1) - len(phrase), _with_abbreviation(text, match.end(1)))
    for match in _ACRONYM.finditer(text):
        if match.group() not in NOT_NAMES and text[match.start() - 1 : match.start()] != "(":
            add(match.start(), match.end())
    return sorted(spans)


def _described(phrase: str) -> str:
    """A described team or panel without the praise before it; "" if nothing particular is left, or it is no phrase."""
    chosen = phrase.split()
    while chosen and chosen[0].lower() in _PRAISE and chosen[0].lower() not in ("multi-agency", "local", "specialist"):
        chosen.pop(0)
    inner = [word.lower() for word in chosen[:-1]]
    if any(word in ARTICLES or word == "of" or word.endswith("ly") or word in AUXILIARY for word in inner):
        return ""
    if any(
        (word in LINKS and word not in ("to", "with")) or (word in VERBS and word not in NOUNS_TOO) for word in inner
    ):
        return ""
    return " ".join(chosen) if any(word not in _PRAISE for word in inner) else ""


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts a capitalised run: the sentence's first word, dates, and "A and B" that end in no common kind of body."""
    first = text[start:end].split(" ", 1)
    if first[0] in _STARTS and len(first) == 2 and (start == 0 or text[start - 2 : start] in (". ", ", ")):
        start += len(first[0]) + 1
    month = _MONTH.search(text, start, end)
    if month:
        return (
            [*_parts(text, start, month.start()), *_parts(text, month.end(), end)]
            if month.end() < end
            else [(start, month.start())]
        )
    run = text[start:end]
    acronyms = all(word.strip(",").isupper() or word.islower() for word in run.split())
    if " and " in run and text[end : end + 2] != " (" and (acronyms or run.split()[-1].lower() not in _KINDS):
        at = start + run.rindex(" and ")
        return [*_parts(text, start, at), *_parts(text, at + 5, end)]
    while start < end and text[start].islower() | (text[start] in " ,"):
        start += 1
    return [(start, end)]


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a capitalised run names a body, programme or model, and not a place, an authority or a paper."""
    run = text[start:end]
    content = [word.strip("(),") for word in run.replace("’s", "").split()]
    if (
        len(content) < 2
        or len(content[-1]) < 2
        or all(word in _PLACES or word in NOT_NAMES or word.islower() for word in content)
    ):
        return False
    if run in authority_names() or content[-1] in ("Council", "Borough", "City", "Report", "Act"):
        return False
    if all(word.strip(",").isupper() for word in content):
        return False
    return content[-1].lower() in _KINDS or text[:start].rsplit(" ", 2)[-2:-1] not in (["in"], ["across"], ["of"])


def _with_abbreviation(text: str, end: int) -> int:
    """The end of a name with the abbreviation in brackets that may follow it."""
    match = _BRACKETS.match(text, end)
    return match.end() if match else end
