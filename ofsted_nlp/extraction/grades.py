"""Printed grade words -> grade codes."""

from __future__ import annotations

import re

from ofsted_nlp.frameworks import plain

_GRADE = re.compile(
    r"\b(requires? (?:further )?improvement(?: to be good)?|outstanding|inadequate|adequate|good)\b|"
    r"\b(not (?:been )?(?:judged|graded|applicable|inspected))\b"
)


def grade_in(text: str) -> tuple[str, str] | None:
    """The first grade in a text as (code, words as printed), or None; "not judged" has the code "not_judged"."""
    found = _GRADE.search(plain(text))
    if not found:
        return None
    if found.group(2):
        return "not_judged", found.group(2)
    words = found.group(1)
    code = "requires_improvement" if words.startswith("require") else words
    return code, words


def bare_grade(text: str) -> tuple[str, str] | None:
    """The grade of a cell that holds nothing but a grade (and perhaps its number, as in "Grade 3 (adequate)")."""
    rest = re.sub(r"[^a-z ]", " ", _GRADE.sub(" ", plain(text)))
    rest = re.sub(r"\b(?:grade|judge?d|to be|but|is|are|the|that|good|improvement)\b", " ", rest)
    return grade_in(text) if not rest.strip() else None
