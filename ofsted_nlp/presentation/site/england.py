"""The page on England: all authorities with their grades on any year's end, and the tile map."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from ofsted_nlp.analysis.inspections import GRADES, POSITIVE, inspected
from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.presentation.site.facts import STRANDS, Facts, slug, strand_grades
from ofsted_nlp.presentation.site.tiles import BALANCES, NO_GRADE, NOT_RAISED, State, Tile, grade_state, tiles
from ofsted_nlp.presentation.site.tiles import GRADES as TILE_GRADES
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Report

CODES = {"outstanding": "o", "good": "g", "adequate": "a", "requires_improvement": "r", "inadequate": "i"}
"""Grades in the embedded data."""

YEAR_END = (3, 31)
"""Month and day on which official statistics are struck."""


def write(facts: Facts, writer: Writer) -> None:
    """Write ``index.html`` and the counts that its map by theme needs."""
    rows = [_row(facts, entry) for entry in facts.entries]
    today = [row for row in rows if not row["entry"].abolished]
    writer.page(
        "index.html",
        "england.html.j2",
        facts=facts,
        rows=sorted(rows, key=lambda row: row["entry"].abolished),
        strands=list(STRANDS),
        days=year_ends(facts),
        summary=summary(today),
        regions=by_region(tile_states(facts)),
        states=[*TILE_GRADES.values(), NO_GRADE],
        data=data(facts),
    )
    writer.script("data/themes.js", "ofstedNlp.themes", theme_counts(facts))


def year_ends(facts: Facts) -> list[datetime.date]:
    """The ends of the years to 31 March, the latest first, for which there are graded inspections."""
    days = [day for entry in facts.entries for report in facts.graded(entry) if (day := inspected(report))]
    if not days:
        return []
    first, last = min(days), max(days)
    ends = [datetime.date(year, *YEAR_END) for year in range(last.year, first.year - 1, -1)]
    return [day for day in ends if first <= day <= last]


def _row(facts: Facts, entry: AuthorityEntry) -> dict[str, Any]:
    standing = facts.standing(entry)
    given = strand_grades(standing.newest) if standing.newest else [None] * len(STRANDS)
    grades = [None if grade is None else grade[0] for grade in given]
    if standing.overall and standing.overall is not standing.newest:
        grades[0] = standing.overall.grade("overall_effectiveness")
    return {
        "entry": entry,
        "newest": standing.newest,
        "grades": grades,
        "overall_of": standing.overall if standing.overall is not standing.newest else None,
        "before": standing.before and standing.before.grade("overall_effectiveness"),
    }


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How many authorities have which overall grade, and how many are good or outstanding."""
    counts = Counter(row["grades"][0] for row in rows if row["grades"][0])
    total = counts.total()
    positive = sum(counts[grade] for grade in POSITIVE)
    return {
        "of": total,
        "positive": positive,
        "share": positive / total if total else None,
        "grades": {grade: counts[grade] for grade in GRADES if counts[grade]},
        "without": len(rows) - total,
    }


def tile_states(facts: Facts) -> list[tuple[Tile, State]]:
    """The squares with the overall grades of now; those of abolished authorities are left to the script."""
    made = []
    shown = {entry.urn for entry in facts.entries}
    for tile in (tile for tile in tiles() if tile.entry.urn in shown):
        overall = facts.standing(tile.entry).overall
        made.append((tile, grade_state(overall.grade("overall_effectiveness") if overall else None)))
    return made


def by_region(states: list[tuple[Tile, State]]) -> list[tuple[str, list[tuple[Tile, State]]]]:
    """The squares by region."""
    found: dict[str, list[tuple[Tile, State]]] = {}
    for tile, state in states:
        found.setdefault(tile.entry.region, []).append((tile, state))
    return sorted(found.items())


def data(facts: Facts) -> dict[str, Any]:
    """What the script needs to work out any day: of each authority its full inspections.

    Each is a list: day of the end, framework, and for each of ``STRANDS`` the code of its grade, or "".
    """
    return {
        "authorities": {
            str(entry.urn): {
                "name": entry.display_name,
                "from": _iso(facts.existing(entry)[0]),
                "to": _iso(facts.existing(entry)[1]),
                "graded": [_compact(report) for report in facts.graded(entry)],
            }
            for entry in facts.entries
        },
        "strands": list(STRANDS),
        "themes": [[theme.code, theme.title] for theme in facts.themes],
        "grades": {code: [*_state(TILE_GRADES.get(grade, NO_GRADE)), grade] for grade, code in CODES.items()},
        "balances": [_state(state) for state in (*BALANCES.values(), NOT_RAISED)],
        "last": _iso(facts.last),
    }


def _state(state: State) -> list[str]:
    return [state.code, state.letter, state.words]


def _compact(report: Report) -> list[str]:
    grades = [CODES.get(grade[0], "") if grade else "" for grade in strand_grades(report)]
    return [_iso(inspected(report)) or "", report.framework, *grades]


def theme_counts(facts: Facts) -> dict[str, list[Any]]:
    """Of each authority and full report: its day, then theme, concerns and strengths of each theme raised."""
    out: dict[str, list[Any]] = {}
    for entry in facts.entries:
        reports = []
        for report in facts.full(entry):
            flat: list[int] = []
            for number, theme in enumerate(facts.themes):
                concerns, strengths = facts.balance(report, theme.code)
                if concerns or strengths:
                    flat += [number, concerns, strengths]
            reports.append([_iso(inspected(report)), flat])
        out[str(entry.urn)] = reports
    return out


def page_of(entry: AuthorityEntry) -> str:
    """The name of an authority's page."""
    return f"authorities/{slug(entry)}.html"


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
