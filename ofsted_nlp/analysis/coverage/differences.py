"""What tells two texts apart that are otherwise alike: a telling word, an opposite, a number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ofsted_nlp.extraction.figures.numbers import DIGITS, PARTS, TENS, WORDS, value_of
from ofsted_nlp.extraction.press.wording import stems
from ofsted_nlp.extraction.wordlists import word_set

_NOT = re.compile(
    r"\b(?:not?|never|cannot|without|neither|nor|none|hardly|rather than|instead of|fail(?:s|ed|ing|ures?)?|"
    r"lack(?:s|ed|ing)?|unable)\b|n['’]t\b",
    re.I,
)
_BAD = re.compile(
    r"\b(?:insufficient\w*|inadequate\w*|inconsisten\w+|poor\w*|weak\w*|too (?:few|many|long|late|slow\w*|often|much|"
    r"little)|"
    r"delay\w*|drift\w*|late|few|rarely|limited|absen\w+|overdue|miss(?:ed|ing)|un\w{4,}|in(?:appropriate|effective)\w*|"
    r"shortfalls?|shortcomings?|concern\w*|wors\w+|below|declin\w+|deficits?|gaps?|need(?:s|ed)? to|requires?|"
    r"criticis\w+|risk\w*|stop\w*|avoid\w*|end(?:ed)?|prevent\w*|reduc\w+|little|barely)\b",
    re.I,
)
_CLAUSES = re.compile(r"[,;:]|\bbut\b|\balthough\b|\bwhile\b|\bhowever\b")
_NEAR = 75
"""Likeness of letters (0 to 100) from which two words are one in another form, or with a slip."""
_PRONOUN = word_set("it its they their them he his him she her this that these those we our us i my")
_DENYING = re.compile(r"(?:un|in|im|ir|il|dis|non|mis)")
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:{DIGITS})|\b(?:(?:{TENS})[ -](?:one|{WORDS})|{WORDS})\b(?![ -](?:{'|'.join(PARTS)})s?\b)", re.I
)
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{one})\b", re.I), re.compile(rf"\b(?:{other})\b", re.I))
    for one, other in (
        (
            r"early|prompt(?:ly)?|swift(?:ly)?|quick(?:ly)?|rapid(?:ly)?|timely|on time|without delay",
            r"late|slow(?:ly)?|(?<!without )delay(?:s|ed)?|drift(?:s|ed|ing)?|overdue",
        ),
        (r"already", r"still (?:wait\w*|to )|await\w*|yet to"),
        (r"(?<!too )(?<!how )many|most|widely", r"(?<!\ba )(?<!very )few|little"),
        (r"easy|easily|simple", r"hard|difficult(?:y|ies)?"),
        (r"strong(?:ly)?|effective(?:ly)?|excellent", r"poor(?:ly)?|weak(?:ly)?|ineffective(?:ly)?"),
        (r"well", r"poorly|badly"),
        (r"more", r"fewer|less"),
        (r"rising|risen|rose|increas(?:ed|es|ing)|grew|grown", r"falling|fallen|fell|decreas(?:ed|es|ing)|reduced"),
        (r"always|often|frequent(?:ly)?|common(?:ly)?|usually", r"seldom|rare(?:ly)?|never|uncommon"),
        (r"better|improv(?:ed|es|ing)", r"worse|worsen(?:ed|s|ing)|deteriorat(?:ed|es|ing)|declin(?:ed|es|ing)"),
        (r"prais(?:ed|es|ing)|commend(?:ed|s|ing)", r"criticis(?:ed|es|ing)|condemn(?:ed|s|ing)"),
        (r"(?:the )?same", r"(?:less|lower|fewer|worse|more|higher|better)(?=\b.{0,30}\bthan)"),
    )
)
"""Words that say the opposite of each other; either side of a pair may be the story's."""


def altered(replaced: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The first telling word that a quotation has in place of another: (theirs, own); None if forms alone differ.

    A changed tense, a pronoun made plain, another spelling and a slip are no other word; numbers are told elsewhere.

    Args:
        replaced: stretches of the report, and what the quotation has for each; either may be "".
    """
    for theirs, own in replaced:
        there = [word for word in theirs.split() if stems(word)]
        here = [word for word in own.split() if stems(word) and not word.isdigit()]
        if not here or _is_near("".join(there), "".join(here)) or (not there and set(theirs.split()) & _PRONOUN):
            continue
        other = [word for word in here if not any(_is_near(word, old) for old in there)]
        if other:
            return theirs, own
    return None


def _is_near(word: str, other: str) -> bool:
    from rapidfuzz import fuzz

    if word == other or (set(stems(word)) & set(stems(other))):
        return True
    short, long = sorted((word, other), key=len)
    if long.endswith(short) and _DENYING.fullmatch(long.removesuffix(short)):
        return False
    return len(short) > 3 and fuzz.ratio(word, other) >= _NEAR


def is_negated(text: str) -> bool:
    """Whether a text denies something: "not", "never", "failed", "lack" and the like."""
    return bool(_NOT.search(text))


def one_denies(statement: str, theirs: str, *, bad: bool = False) -> bool:
    """Whether a negation stands in one of two texts and nothing like it in the other.

    Args:
        statement: a text.
        theirs: what the report says of the same.
        bad: whether what the report says is known for a concern, so that it may deny without a word of denial.
    """
    if is_negated(statement) and not (is_negated(theirs) or _BAD.search(theirs)):
        return not bad
    if is_negated(theirs) and not (is_negated(statement) or _BAD.search(statement)):
        return is_negated(_nearest_clause(theirs, statement))
    return False


def opposite(statement: str, theirs: str) -> tuple[str, str] | None:
    """The words by which two texts say the opposite of the same, if neither denies anything.

    Args:
        statement: a text.
        theirs: what the report says of the same; its clause that is nearest to the statement counts.

    Returns:
        The word of the statement and that of the report.
    """
    clause = _nearest_clause(theirs, statement)
    if is_negated(statement) or is_negated(clause):
        return None
    for one, other in _OPPOSITES:
        for first, second in ((one, other), (other, one)):
            own, there = first.search(statement), second.search(clause)
            if own and there and not second.search(statement) and not first.search(clause):
                return own[0], there[0]
    for word in re.findall(r"[a-z]{5,}", f"{statement} {clause}".lower()):
        for text, against, turned in ((statement, clause, False), (clause, statement, True)):
            plain = re.compile(rf"\b{word}\b", re.I)
            denied = re.search(rf"\b{_DENYING.pattern}{word}\b", against, re.I)
            if denied and plain.search(text) and not plain.search(against):
                return (denied[0], word) if turned else (word, denied[0])
    return None


def _nearest_clause(sentence: str, statement: str) -> str:
    """The clause that shares most stems with a statement."""
    wanted = set(stems(statement))
    return max(_CLAUSES.split(sentence), key=lambda part: len(set(stems(part)) & wanted))


def numbers_in(text: str) -> set[float]:
    """The values of the numbers of a text, in digits or words; shares in words ("a third") and "one" are left out."""
    return {value_of(match[0]) for match in _NUMBER.finditer(text)}
