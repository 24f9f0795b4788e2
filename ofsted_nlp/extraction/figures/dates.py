"""The date or period that a figure is of: "at 31 March 2015", "in the last 12 months"."""

from __future__ import annotations

import re

from ofsted_nlp.extraction.figures.printed import Printed

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:of )?{_MONTH}(?:,? (?:19|20)\d\d)?"
_YEAR = r"(?:19|20)\d\d(?:\s?[–−/-]\s?(?:(?:19|20)\d\d|\d\d)\b)?"
_COUNT = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple of)"
_WHEN = re.compile(
    rf"\b(?=[\dJFMASONDbcefnlpqst])(?:(?:the )?(?:end of |start of |beginning of )?(?P<when>{_DAY}(?: (?:to|and|"
    rf"until|–) (?:the end of )?(?:{_DAY}|{_YEAR}))?"
    rf"|{_YEAR}(?: (?:to|and|–) {_YEAR})?"
    r"|(?:last|past|previous|preceding) (?:academic |financial |calendar |full )?(?:year|month|quarter)"
    rf"|(?:last|past|previous|preceding|first) {_COUNT} (?:days|weeks|months|years)"
    rf"|{_COUNT} (?:months|years|weeks) (?:prior to|before|preceding|leading up to) (?:the |this )?(?:\w+ )?inspection"
    r"|(?:this|the current|current) (?:academic |financial |calendar )?year|quarter (?:one|two|three|four|"
    r"[1-4])(?: of (?:the )?(?:\d{4}\S*|year))?"
    r"|time of (?:the |this |our )?(?:\w+ )?(?:inspection|visit)|point of (?:the |this )?(?:inspection|visit)))"
)
_HAS_WHEN = re.compile(rf"(?:19|20)\d\d|{_MONTH}|\b(?:last|past|previous|preceding|inspection|visit|year|quarter)\b")
_BASE = re.compile(r"\b(?:on|than|than in|than at|than for|from|with|to) (?:the )?\Z")
"""Before a date that says what an increase is counted from, not when the figure is of."""
_CLAUSE = re.compile(r"[;.]")


def dates_of(text: str, figures: list[Printed]) -> list[str | None]:
    """For every figure of a sentence the date or period printed with it, in the same order.

    A date goes with the figure before it where nothing else stands between ("45 in 2014"), and one that opens the
    sentence or clause with every figure after it.

    Args:
        text: the sentence.
        figures: its figures.
    """
    if not figures or not _HAS_WHEN.search(text):
        return [None] * len(figures)
    found = [
        match
        for match in _WHEN.finditer(text)
        if not any(f.start < match.end() and match.start() < f.end for f in figures)
    ]
    if not found:
        return [None] * len(figures)
    made: list[str | None] = []
    opening: str | None = None
    used: set[int] = set()
    for i, figure in enumerate(figures):
        before = figures[i - 1].end if i else 0
        stop = figures[i + 1].start if i + 1 < len(figures) else len(text)
        for match in found:
            if before <= match.start() < figure.start and match.start() not in used:
                opening = match["when"]
        own = next((match for match in found if figure.end <= match.start() < stop), None)
        if own and _CLAUSE.search(text, figure.end, own.start()):
            own = None
        if own and _BASE.search(text[figure.end : own.start()]):
            used.add(own.start())
            own = None
        # a date that opens the next clause belongs to the figure after it
        if (
            own
            and stop < len(text)
            and re.search(
                r"(?:\band|,|but|while|to)\s(?:in|at|for|by|during) (?:the )?\Z", text[figure.end : own.start()]
            )
        ):
            own = None
        if own:
            used.add(own.start())
            made.append(own["when"])
        else:
            made.append(opening)
    for i in range(len(figures) - 1):
        if text[figures[i].end : figures[i + 1].start] in (" (", " (or ", " or ") and made[i + 1] not in (
            None,
            opening,
        ):
            made[i] = made[i + 1]
    return made


def date_in(text: str) -> str | None:
    """The first date or period that a text names, or None."""
    match = _WHEN.search(text)
    return match["when"] if match else None
