"""Numbers in digits and in words -> values."""

from __future__ import annotations

from ofsted_nlp.extraction.wordlists import phrases

_SMALL = {
    word: value
    for value, word in enumerate(
        phrases(
            "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, "
            "fifteen, sixteen, seventeen, eighteen, nineteen, twenty"
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}

PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
"""Fractions in words and what they divide by."""

WORDS = "|".join(sorted((word for word in _SMALL if word not in ("zero", "one")), key=len, reverse=True))
"""Number words as alternatives of a pattern; "one" is more often a pronoun, and stands only where patterns add it."""

TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
"""Words that another can follow after a space ("Twenty six") or a hyphen."""

DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in digits as alternatives of a pattern."""

_MANY = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9, "k": 1e3}

NUMBER_WORDS = frozenset(_SMALL) | frozenset(PARTS) | {f"{part}s" for part in PARTS} | {"halves"}
"""A sentence without a digit and without one of these holds no figure: the patterns need not be tried."""


def value_of(printed: str) -> float:
    """The value of a number in digits or words ("1,204", "Twenty-three")."""
    if printed[0].isdigit():
        return float(printed.replace(",", ""))
    return float(sum(_SMALL[part] for part in printed.lower().replace("-", " ").split()))


def magnitude(printed: str | None) -> float:
    """What "hundred", "thousand", "million", "bn" and the like multiply by; 1 for None."""
    return _MANY[printed.strip().lower()] if printed else 1.0
