"""Days as article pages print them; only what gives day, month and year counts."""

from __future__ import annotations

import datetime
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WORDS = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([A-Z][a-z]{2,8})\.?,?\s+(\d{4})\b|\b([A-Z][a-z]{2,8})\.? (\d{1,2}), (\d{4})\b"
)
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


def day_of(text: str) -> datetime.date | None:
    """The first whole day in a text: "2015-09-01T08:30", "1 September 2015", "Sep 1, 2015" or "01/09/2015".

    Example:
        >>> day_of("Published: 1 September 2015")
        datetime.date(2015, 9, 1)
    """
    text = text[:300]
    try:
        if found := _ISO.match(text):
            return datetime.date(int(found[1]), int(found[2]), int(found[3]))
        if found := _WORDS.search(text):
            day, month, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
            return datetime.date(int(year), _MONTHS.index(month[:3].lower()) + 1, int(day))
        if found := _SLASHED.search(text):
            return datetime.date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None
