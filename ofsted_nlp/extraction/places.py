"""Where a sentence stands: its section and the grade given there, which say much about an unclear sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np


class Place(NamedTuple):
    """The section of a sentence and the grade that the report gives that section.

    Attributes:
        section: its code (frameworks.py); "" where it is not known.
        grade: the grade of the section, else that of the whole report; "" where none is given.
    """

    section: str = ""
    grade: str = ""

    def words(self) -> str:
        """The place in plain words: "help and protection requires improvement"."""
        return f"{self.section} {self.grade}".replace("_", " ").strip()


NOWHERE = Place()


def place_in(section: str, grades: Mapping[str, str]) -> Place:
    """The place of a section in a report with these grades.

    Args:
        section: code of the section.
        grades: the report's grades by judgement code.

    Example:
        >>> place_in("executive_summary", {"overall_effectiveness": "good", "adoption": "outstanding"})
        Place(section='executive_summary', grade='good')
    """
    for code in (section, "overall_effectiveness", "outcome"):
        if code in grades:
            return Place(section, grades[code])
    return Place(section)


class Places:
    """The places a model knows: each section, each grade and each pair of them has a number of its own.

    Args:
        sections, grades: codes, in the order of their numbers.
    """

    def __init__(self, sections: Sequence[str], grades: Sequence[str]) -> None:
        self.sections, self.grades = list(sections), list(grades)
        self._section = {code: k for k, code in enumerate(self.sections)}
        self._grade = {code: k for k, code in enumerate(self.grades)}

    @classmethod
    def of(cls, places: Sequence[Place]) -> Places:
        """The places that occur."""
        return cls(sorted({p.section for p in places} - {""}), sorted({p.grade for p in places} - {""}))

    @property
    def width(self) -> int:
        """How many numbers there are; the number ``width`` itself stands for what is not known."""
        return len(self.sections) + len(self.grades) + len(self.sections) * len(self.grades)

    def numbers(self, places: Sequence[Place]) -> np.ndarray:
        """The numbers of the section, the grade and the pair of each place (n x 3)."""
        known: dict[Place, tuple[int, int, int]] = {}
        for place in set(places):
            section, grade = self._section.get(place.section), self._grade.get(place.grade)
            pair = self.width
            if section is not None and grade is not None:
                pair = len(self.sections) + len(self.grades) + section * len(self.grades) + grade
            known[place] = (
                self.width if section is None else section,
                self.width if grade is None else len(self.sections) + grade,
                pair,
            )
        return np.array([known[place] for place in places], dtype=np.int64).reshape(len(places), 3)
