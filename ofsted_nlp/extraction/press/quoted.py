"""What stands between quotation marks: straight or curly, single or double, left open at the end of a paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOUBLE = re.compile('["“”„]')
_SINGLE = re.compile(r"['‘’]")
_CONTRACTED = re.compile(r"(?:s|t|d|m|re|ve|ll|em|til|tis|twas|cause|n|\d0s)\b", re.I)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch between quotation marks.

    Attributes:
        start, end: span in the paragraph, the marks not included.
        closed: whether a mark closes it; an open one goes on in the next paragraph.
        double: whether its marks are double.
    """

    start: int
    end: int
    closed: bool
    double: bool


def quoted(text: str) -> list[Quoted]:
    """The quoted stretches of a paragraph, in order; what stands in single marks inside double ones is not apart.

    An opening mark inside an open stretch (as after a paragraph break that was lost) goes on with it.
    """
    found = _double(text)
    found += [
        single
        for single in _single(text)
        if not any(single.start < other.end and other.start < single.end for other in found)
    ]
    return sorted(found, key=lambda q: q.start)


def _double(text: str) -> list[Quoted]:
    found: list[Quoted] = []
    opened: int | None = None
    for match in _DOUBLE.finditer(text):
        at, mark = match.start(), match[0]
        before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
        opening = mark in "“„" or (mark == '"' and (before.isspace() or before in "([–—-'‘") and not after.isspace())
        if opening:
            opened = at + 1 if opened is None else opened
        elif opened is not None:
            found.append(Quoted(opened, at, True, True))
            opened = None
    if opened is not None and len(text) - opened > 1:
        found.append(Quoted(opened, len(text), False, True))
    return found


def _single(text: str) -> list[Quoted]:
    found: list[Quoted] = []
    at = 0
    marks = [m.start() for m in _SINGLE.finditer(text)]
    for place in marks:
        if place < at or not _opens(text, place):
            continue
        closes = [m for m in marks if m > place + 1 and _closes(text, m)]
        inner = next((m for m in marks if m > place and _opens(text, m)), len(text) + 1)
        usable = [m for m in closes if m < inner]
        if not usable:
            if place == 0 and len(text) > 60:
                found.append(Quoted(1, len(text), False, False))
                at = len(text)
            continue
        # A plural's apostrophe ("families' needs") closes nothing if another mark follows that can.
        end = next(
            (m for m in usable if not (text[m - 1] == "s" and text[m + 1 : m + 3].strip()[:1].islower())), usable[0]
        )
        found.append(Quoted(place + 1, end, True, False))
        at = end + 1
    return found


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] if at else " ", text[at + 1 : at + 2]
    if not after or after.isspace() or text[at] == "’":
        return False
    if text[at] == "'" and _CONTRACTED.match(text, at + 1) and not text[at + 1].isupper():
        return False
    return before.isspace() or before in '([–—-"“'


def _closes(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2] or " "
    return text[at] in "'’" and not text[at - 1].isspace() and not after.isalnum()
