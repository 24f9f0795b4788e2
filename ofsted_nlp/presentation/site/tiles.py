"""The tile map: one square an authority, placed roughly as on the map (``data/tile_map.csv``).

Rows and columns were laid out by hand from the regions and approximate positions of the authorities; London's
boroughs take their usual places among each other. Squares of abolished authorities lie where their successors lie.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ofsted_nlp.authorities import AuthorityEntry, register


@dataclass(frozen=True, slots=True)
class Tile:
    """A square: whose it is, what stands in it, and its row and column from 0."""

    entry: AuthorityEntry
    short: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class State:
    """What a square shows.

    Attributes:
        code: class of its pattern: "o", "g", "r", "i" or "n".
        letter: sign in the square.
        words: the same in words.
    """

    code: str
    letter: str
    words: str


GRADES = {
    "outstanding": State("o", "O", "Outstanding"),
    "good": State("g", "G", "Good"),
    "requires_improvement": State("r", "R", "Requires improvement"),
    "inadequate": State("i", "I", "Inadequate"),
}
NO_GRADE = State("n", "–", "No grade")

BALANCES = {
    "praised": State("o", "++", "Strengths, no concern"),
    "rather praised": State("g", "+", "More strengths than concerns"),
    "rather criticised": State("r", "−", "As many concerns as strengths, or more"),
    "criticised": State("i", "−−", "Concerns, no strength"),
}
NOT_RAISED = State("n", "·", "Not raised, or no report")


def balance(concerns: int, strengths: int) -> State:
    """The square of a theme with that many concerns and strengths in the latest full report."""
    if not concerns and not strengths:
        return NOT_RAISED
    if not concerns:
        return BALANCES["praised"]
    if not strengths:
        return BALANCES["criticised"]
    return BALANCES["rather praised" if strengths > concerns else "rather criticised"]


def grade_state(grade: str | None) -> State:
    """The square of an overall grade; "adequate" of older reports stands with no grade."""
    return GRADES.get(grade or "", NO_GRADE)


@cache
def tiles() -> tuple[Tile, ...]:
    """All squares, abolished authorities too, by region, then in reading order."""
    text = resources.files("ofsted_nlp").joinpath("data/tile_map.csv").read_text(encoding="utf-8")
    known = register()
    made = [
        Tile(known.by_la_code(int(row["la_code"])), row["short"], int(row["row"]), int(row["column"]))
        for row in csv.DictReader(text.splitlines())
    ]
    return tuple(sorted(made, key=lambda tile: (tile.entry.region, tile.row, tile.column, tile.entry.abolished)))
