"""Printed dates, read as people print them: ranges, missing years, ordinals, two visits, slips of the keyboard."""

from __future__ import annotations

import datetime
import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_ABBREVIATED = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\.?", re.I)
_SEPARATOR = r"\s?[/.\-]\s?"
_YEAR = r"(?:19|20)\d\d(?!\d)|20\s\d\d(?!\d)|20\d\s\d(?!\d)|2\s0\d\d(?!\d)"
_DATE = re.compile(
    rf"""
    (?<![\d/.,£]) (?:
        (?P<number_day>\d{{1,2}}) {_SEPARATOR} (?P<number_month>\d{{1,2}})
            {_SEPARATOR} (?P<number_year>\d{{4}}|\d\d) (?![\d/])
      | (?P<day>(?:[12]\s\d|3\s[01])(?=\s?(?:st|nd|rd|th)?\s+[JFMASOND][a-z]{{2}})|\d{{1,2}}(?!\d|[.,:]\d|%))
        (?:\s?(?:st|nd|rd|th)\b)?
        (?:
            (?:\s+of)? \s* (?P<month>[JFMASOND][A-Za-z]{{2,9}}\b\.?)
            (?:,?\s* (?P<year>{_YEAR}))?
        )?
    )
    """,
    re.X,
)
_LINK = re.compile(
    r"\s*(?:\([^()]*\))?\s*"
    r"(?:[-–—―─‐‑−,;&]|to|and|until|till|through|up to)"
    r"(?:\s*(?:and|then|again|from|between|on|the|followed by|(?:mon|tues|wednes|thurs|fri|satur|sun)day))*\s*",
    re.I,
)


@dataclass(slots=True)
class _Printed:
    """A date as printed: the parts that stand there (``month`` 1 to 12), and where."""

    day: int
    month: int | None
    year: int | None
    start: int
    end: int

    def date(self) -> datetime.date | None:
        if self.month is None or self.year is None:
            return None
        try:
            return datetime.date(self.year, self.month, self.day)
        except ValueError:
            return None


@lru_cache(maxsize=512)
def _month(word: str) -> int | None:
    """The month (1 to 12) that a word names, in full, shortened or slightly misspelt."""
    word = word.lower()
    if _ABBREVIATED.fullmatch(word):
        return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(word[:3]))
    close = difflib.get_close_matches(word.rstrip("."), MONTHS, n=1, cutoff=0.85)
    return MONTHS.index(close[0]) + 1 if close else None


def _printed(text: str) -> list[_Printed]:
    found = []
    position = 0
    while match := _DATE.search(text, position):
        position = match.end()
        if match["number_day"]:
            day, month, year = (int(match[name]) for name in ("number_day", "number_month", "number_year"))
            item = _Printed(day, month, year + 2000 * (year < 100), *match.span())
        else:
            day = int(re.sub(r"\s", "", match["day"]))
            item = _Printed(day, _month(match["month"]) if match["month"] else None, None, *match.span())
            if item.month and match["year"]:
                item.year = int(re.sub(r"\s", "", match["year"]))
            elif match["month"] and not item.month:
                item.end = position = match.end("day")
        if 1 <= item.day <= 31 and (item.month is None or 1 <= item.month <= 12):
            found.append(item)
    return found


def _groups(text: str) -> list[list[_Printed]]:
    """Runs of dates joined by "to", "and", a dash or the like; each ends in one that names its month."""
    groups: list[list[_Printed]] = []
    current: list[_Printed] = []
    for item in _printed(text):
        if current:
            before = current[-1]
            linked = _LINK.fullmatch(text, before.end, item.start) is not None
            # "under section 20 and on 14 March" is no list of days: bare days come in rising order
            if not linked or (before.month is None and before.day >= item.day):
                groups.append(current)
                current = []
        current.append(item)
    groups.append(current)
    for group in groups:
        while group and group[-1].month is None:
            group.pop()
    return [group for group in groups if group]


def _completed(group: list[_Printed], year_hint: datetime.date | int | None) -> list[_Printed]:
    """The group with the months and years that its dates borrow from each other, in place."""
    after: _Printed | None = None
    for item in reversed(group):
        if after is not None:
            if item.month is None:
                item.month, item.year = after.month, item.year or after.year
            elif item.year is None and after.year is not None and after.month is not None:
                item.year = after.year - (item.month > after.month)
        after = item
    before: _Printed | None = None
    for item in group:
        if item.year is None and before is not None and before.year and before.month and item.month:
            item.year = before.year + (item.month < before.month)
        before = item
    if group[-1].year is None and year_hint is not None:
        year = year_hint if isinstance(year_hint, int) else year_hint.year
        group[-1].year = year
        last = group[-1].date()
        if not isinstance(year_hint, int) and last and last > year_hint:
            group[-1].year = year - 1
        return _completed(group, None)
    return group


def find_dates(text: str) -> list[tuple[datetime.date, int, int]]:
    """Every complete date in a text, in order, with its character span.

    A date of a range or list borrows the month and the year it does not print ("14 and 15 March 2023").
    Impossible dates and dates without any year are left out.
    """
    found = []
    for group in _groups(text):
        for item in _completed(group, None):
            day = item.date()
            if day:
                found.append((day, item.start, item.end))
    return found


def find_ranges(
    text: str, year_hint: datetime.date | int | None = None
) -> list[tuple[datetime.date, datetime.date, int, int]]:
    """Every date or run of joined dates in a text: first day, last day and character span.

    Dates joined by "to", "and", a comma or a dash are one run: "21 to 25 May and 4 to 8 June 2018" gives
    21 May and 8 June.

    Args:
        text: the text to look in.
        year_hint: for dates without any year: the year, or a date that they cannot lie after.
    """
    found = []
    for group in _groups(text):
        days = [day for item in _completed(group, year_hint) if (day := item.date())]
        if days:
            found.append((min(days), max(days), group[0].start, group[-1].end))
    return found


def parse_range(text: str, year_hint: datetime.date | int | None = None) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day of all that a text names, or None; a single date is both.

    Args:
        text: such as "23 June – 16 July 2015" or "5 to 9 December 2022 and 14 to 15 February 2023".
        year_hint: for dates without any year: the year, or a date that they cannot lie after.
    """
    ranges = find_ranges(text, year_hint)
    if not ranges:
        return None
    return min(r[0] for r in ranges), max(r[1] for r in ranges)


def parse_date(text: str) -> datetime.date | None:
    """The first complete date of a text, or None."""
    return next((day for day, _, _ in find_dates(text)), None)
