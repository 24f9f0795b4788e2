"""Sentences of the site with the pages they name as links, and small forms of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PAGES = re.compile(r"\bpages? (\d+(?:(?:, | and )\d+)*)")


def linked(sentence: str) -> Iterator[tuple[str, int | None]]:
    """A sentence in pieces, each with the page of the report that it names, or None.

    Example:
        >>> list(linked("Raised twice (pages 2 and 3)."))
        [('Raised twice (pages ', None), ('2', 2), (' and ', None), ('3', 3), (').', None)]
    """
    done = 0
    for match in _PAGES.finditer(sentence):
        for number in re.finditer(r"\d+", match[1]):
            start = match.start(1) + number.start()
            yield sentence[done:start], None
            yield number[0], int(number[0])
            done = match.start(1) + number.end()
    yield sentence[done:], None


def signed(number: float) -> str:
    """A ratio in two figures: "0.25", "1.3", "12"."""
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}" if number >= 0.95 else f"{number:.2f}"
