"""Words that narrow what is said ("some", "not always", "up to"): which of them one text has and another drops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ofsted_nlp.extraction.figures.numbers import WORDS
from ofsted_nlp.extraction.press.wording import stems

_CASES = r"(?:cases|instances|areas|teams|services|places|parts|respects|occasions|examples|localities|records|plans)"
_SMALL = r"(?:very )?(?:small|tiny|limited|low|handful|minority)"
_LARGE = r"(?:significant|large|high|considerable|substantial|sizeable|great|growing)"
_EXTENTS: tuple[tuple[float, str], ...] = (
    (1, rf"in (?:a )?(?:few|{_SMALL} (?:number|minority|proportion) of|handful of|minority of|rare|isolated|"
        rf"exceptional|one or two) {_CASES}"),
    (1, rf"(?:an? )?{_SMALL} (?:number|minority|proportion|percentage|group)s?(?: of)?"),
    (1, r"(?<!quite )a few(?: of)?|a handful of|(?:an? )?minority of|occasional(?:ly)?|rare(?:ly)?|seldom|isolated|"
        r"exceptionally|only (?:a )?(?:few|some|one|two)"),
    (2, rf"in (?:some|several|certain|a number of) {_CASES}|in places|in part|at times|sometimes|"
        r"on occasions?|from time to time|to (?:some|an) extent|partly|partially"),
    (2, r"not (?:always|consistently|routinely|invariably|universally|necessarily)|not (?:yet )?(?:all|every|everyone)|"
        r"some(?! (?:\d|time\b|day\b|way\b))(?: of)?|several(?: of)?|certain (?=\w+s\b)|"
        rf"an?(?!\w) (?!{_LARGE}|{_SMALL})number of"),
    (3, rf"in (?:many|too many) {_CASES}|(?:an? )?{_LARGE} (?:number|minority|proportion|percentage)s?(?: of)?|"
        r"(?<!how )(?<!too )(?<!as )many(?: of)?|(?<!too )often|(?<!too )frequently"),
    (4, rf"in (?:the )?(?:most|majority of|large majority of|vast majority of) {_CASES}|"
        r"(?<!the )(?<!at )most(?: of)?(?! (?:recent|vulnerable|important|serious|complex|effective|significant|"
        r"appropriate|likely|senior|experienced|in need|at risk|notably|notable|basic|recently|common|suitable|"
        r"difficult|challenging|disadvantaged|urgent|relevant|severe|damning|critical|pressing|of all))|"
        r"(?:the )?(?:vast |large |overwhelming |great |clear )?majority of|usually|generally|mostly|mainly|largely|"
        r"typically|on the whole|in the main|for the most part|by and large|in general"),
    (4.4, r"(?:almost|nearly|virtually|practically|not quite) (?:all|every|always|everyone|none|no|never|without|any)"),
)  # fmt: skip
_NUMBER = (
    rf"(?=(?:the |its |all )?(?:£?\d|(?:{WORDS})\b|half\b|(?:one|a)[ -](?:third|quarter|fifth|half|hundred|dozen)\b))"
)
_OTHERS: tuple[tuple[str, str, str], ...] = (
    ("time", "until", r"until (?:very |quite |relatively |fairly )?recently|until (?:last|this) \w+"),
    ("time", "past", r"in the past|historically|formerly|at one time|for a (?:short )?time|temporarily|initially|"
                     r"in previous years"),
    ("time", "yet", r"not yet|yet to|as yet|too early to|not possible to say(?: yet)?|remains to be seen"),
    ("hedge", "may", r"(?-i:may|might)(?! (?:19|20)?\d)|could (?=(?:be|have|lead|leave|put|result|mean)\b)"
                     r"(?!be improved)|appear(?:s|ed)? to|"
                     r"seem(?:s|ed)? to|likely(?: to)?|potential(?:ly)?|possibly|perhaps|suspected|alleged(?:ly)?"),
    ("about", "near", rf"(?:almost|nearly|about|around|approximately|roughly|circa|just (?:under|over|above|below)|"
                      rf"close to|some|an estimated|in the region of) {_NUMBER}"),
    ("about", "upper", rf"(?:up to|no more than|at most|fewer than|less than|under|below|a maximum of) {_NUMBER}"),
    ("about", "lower", rf"(?:at least|more than|over|above|a minimum of|upwards of) {_NUMBER}"),
)  # fmt: skip
"""Kind, group and words of qualifiers that are not of extent. "No fewer than 18" only stresses the 18."""
_EMPHASIS = re.compile(r"\b(?:no|not) (?:fewer|less|more) than\s", re.I)
_ALSO_EXTENT = re.compile(
    r"\b(?:not every\w*|not (?:\w+ )?enough|inconsisten\w+|variab\w+|varied|varies|patchy|patchily|mixed|uneven\w*|"
    r"part of|parts of|half|third|quarter|\d+ (?:of|out of)|one (?:of|in)|two of|minority|majority|fraction|"
    r"\d+%|per cent|exceptions?|pockets|elements?|too (?:many|few|often))\b",
    re.I,
)
"""Other words by which a text keeps to a part: they save it from having dropped a qualifier, and are none."""
_NOT_ALL = re.compile(r"\bnot\b.{0,60}?\b(?:all|every|everyone|always|each)\b|\ball\b.{0,30}?\bnot\b", re.I)
_BREAK = re.compile(
    r"[;:–—]|, (?=(?:but|and|which|who|with|while|although|whereas|though|however|or|so|meaning|leading|leaving)\b)|"
    r"\b(?:but|although|though|whereas|while|however|because|so that|which means)\b",
    re.I,
)
_QUALIFIERS = re.compile(
    "|".join(
        [
            *(f"(?P<extent{n}>\\b(?:{words})(?!\\w))" for n, (_, words) in enumerate(_EXTENTS)),
            *(f"(?P<other{n}>\\b(?:{words}))" for n, (_, _, words) in enumerate(_OTHERS)),
        ]
    ),
    re.I,
)
_AND_OF_OTHERS = re.compile(
    r"(?<=\band )(?=(?:some|most|many|several|few|a few|often|seldom|rarely|sometimes|usually|an? (?:small |large )?"
    r"(?:number|minority|majority)) )",
    re.I,
)
"""Where another clause begins after "and", without a comma: "… and some have not been seen"."""
_FAR = 1.5
"""Difference of level from which another word of extent says something else ("some" and "most")."""
_OF_CLAUSE = 0.4
"""Share of the stems of a qualified clause that the other text must have to speak of the same."""


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A qualifier in a text.

    Attributes:
        kind: "extent" (of how many, how often), "time", "hedge" or "about" (before a number).
        group: qualifiers of a kind that say alike; of extent "".
        level: of extent, from 1 (a few) to 4.4 (almost all); else 0.
        words: as printed.
        start, end: its span in the text.
    """

    kind: str
    group: str
    level: float
    words: str
    start: int
    end: int


def qualifiers(text: str) -> list[Qualifier]:
    """The qualifiers of a text, in order."""
    found = []
    for match in _QUALIFIERS.finditer(text):
        name = match.lastgroup or ""
        if _EMPHASIS.search(text[max(0, match.start() - 12) : match.end()]):
            continue
        words = match[0].strip()
        at = match.start(), match.start() + len(words)
        if name.startswith("extent"):
            found.append(Qualifier("extent", "", _EXTENTS[int(name[6:])][0], words, *at))
        else:
            kind, group, _ = _OTHERS[int(name[5:])]
            found.append(Qualifier(kind, group, 0, words, *at))
    return found


def dropped(of: str, by: str, *, also: str = "") -> list[Qualifier]:
    """The qualifiers that one text has and another, which says the same, leaves out.

    A qualifier counts as dropped only where the other text speaks of what it qualifies: it has most words of the
    clause and the word that follows the qualifier. "Some" where the other has "most" counts too.

    Args:
        of: the text with qualifiers, a sentence.
        by: the text that says the same.
        also: what stands around it, where the qualifier may have gone.
    """
    kept = qualifiers(f"{by}\n{also}")
    there = set(stems(by))
    missing = []
    for found in qualifiers(of):
        clause, before, after = _clause(of, found)
        own = stems(_plain(clause))
        if not own or sum(stem in there for stem in own) / len(own) < _OF_CLAUSE:
            continue
        # The first words after it, else the last before it, must be spoken of.
        near = stems(_plain(after))[:2] or stems(_plain(before))[-2:]
        if not near or not any(stem in there for stem in near):
            continue
        if found.kind == "about" and not _same_number(of[found.end :], by):
            continue
        if not _is_kept(found, kept, f"{by}\n{also}", of):
            missing.append(found)
    return missing


def left_out(words: str, by: str, of: str) -> list[Qualifier]:
    """The qualifiers among words that a quotation leaves out, unless the text around it has them.

    Args:
        words: what the quotation leaves out.
        by: the quotation with what stands around it.
        of: the sentence in which the other text has the words.
    """
    kept = qualifiers(by)
    return [found for found in qualifiers(words) if not _is_kept(found, kept, by, of)]


def _is_kept(found: Qualifier, kept: list[Qualifier], text: str, of: str) -> bool:
    """Whether a text keeps a qualifier in other words; those that stand in the sentence besides say nothing."""
    if found.kind != "extent":
        return any(other.kind == found.kind and other.group == found.group for other in kept) or (
            found.kind in ("time", "about") and any(other.kind == found.kind for other in kept)
        )
    levels = [other.level for other in kept if other.kind == "extent"]
    if re.search(r"\bnumbers?\b", found.words, re.I) and re.search(r"(?<![£\w])\d+(?!\w| ?%)", text):
        return True  # The number itself is given.
    if levels:
        return min(abs(level - found.level) for level in levels) <= _FAR
    also = {match[0].lower() for match in _ALSO_EXTENT.finditer(text)}
    besides = {match[0].lower() for match in _ALSO_EXTENT.finditer(of[: found.start] + " " + of[found.end :])}
    return bool(also - besides or _NOT_ALL.search(text))


def _clause(text: str, found: Qualifier) -> tuple[str, str, str]:
    """The clause of a qualifier without it, and what stands in it before and after."""
    breaks = [m.end() for m in _BREAK.finditer(text, 0, found.start)]
    breaks += [m.start() for m in _AND_OF_OTHERS.finditer(text) if m.start() <= found.start]
    start = max(breaks, default=0)
    following = [m.start() for m in (_BREAK.search(text, found.end), _AND_OF_OTHERS.search(text, found.end)) if m]
    end = min(following, default=len(text))
    before, after = text[start : found.start], text[found.end : end]
    return f"{before} {after}", before, after


def _plain(text: str) -> str:
    """A text without its qualifiers, which are no words of the matter."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    at = 0
    for found in qualifiers(text):
        yield text[at : found.start]
        yield " "
        at = found.end
    yield text[at:]


def _same_number(after: str, other: str) -> bool:
    """Whether the number after a qualifier stands in the other text too; it was rounded if it does not."""
    number = re.match(r"\s*(?:the |its |all )?(£?[\d.,]*\d|\w+)", after)
    return bool(number and re.search(rf"(?<![\w.,]){re.escape(number[1])}(?!\d|[.,]\d)", other, re.I))
