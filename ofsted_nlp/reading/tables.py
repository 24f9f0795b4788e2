"""Ruled tables and boxes: drawn lines -> grids -> rows of cells."""

from __future__ import annotations

from dataclasses import dataclass

from ofsted_nlp.reading.pdfium import PageContent, Run

Shape = tuple[float, float, float, float]

_THIN = 3.0
_NEAR = 4.0
_NARROW = 10.0
"""Nothing can be printed in a column narrower than this at the edge of a table: it is the rule of a box beside it."""
_MOST_BARS = 1000
"""Rules of a page above which it is a drawing; the pages of reports have at most 126 shapes."""


@dataclass(slots=True)
class Grid:
    """A ruled area: its outline, the x of its column rules and the y of its row rules (points from top left)."""

    x0: float
    top: float
    x1: float
    bottom: float
    columns: list[float]
    rows: list[float]
    verticals: list[Shape]

    def columns_of(self, row: int) -> list[float]:
        """The x of the inner column rules that cross a row; merged cells have fewer than the table."""
        top, bottom = self.rows[row], self.rows[row + 1]
        wanted = 0.6 * (bottom - top)
        return [
            x
            for x in self.columns[1:-1]
            if sum(
                max(0.0, min(s[3], bottom) - max(s[1], top))
                for s in self.verticals
                if abs((s[0] + s[2]) / 2 - x) <= _NEAR
            )
            >= wanted
        ]

    @property
    def is_table(self) -> bool:
        """Whether it has at least two columns; otherwise it is a box drawn round text."""
        return len(self.columns) > 2

    def holds(self, run: Run) -> bool:
        """Whether the middle of the run stands inside."""
        middle = (run.top + run.bottom) / 2
        return self.x0 - 2 <= run.x0 <= self.x1 + 2 and self.top - 2 <= middle <= self.bottom + 2


@dataclass(slots=True)
class TableCell:
    """The runs of one cell."""

    row: int
    column: int
    runs: list[Run]


def grids(page: PageContent) -> list[Grid]:
    """The ruled tables and boxes of a page, top to bottom."""
    bars: list[tuple[str, Shape]] = []
    filled: list[Shape] = []
    for shape in page.shapes:
        x0, top, x1, bottom = shape
        width, height = x1 - x0, bottom - top
        if width > page.width * 0.97 and height > page.height * 0.9:
            continue
        if height <= _THIN and width <= _THIN:
            continue
        if height <= _THIN:
            bars.append(("h", shape))
        elif width <= _THIN:
            bars.append(("v", shape))
        elif height > 20 and width > 30:
            filled.append(shape)
    found = _grids(bars)
    # Areas of colour are tables or boxes of their own only where no rules are drawn: else they shade cells.
    alone = [s for s in filled if not any(_touch(s, (g.x0, g.top, g.x1, g.bottom)) for g in found)]
    edges: list[tuple[str, Shape]] = []
    for x0, top, x1, bottom in alone:
        edges += [("h", (x0, top, x1, top)), ("h", (x0, bottom, x1, bottom))]
        edges += [("v", (x0, top, x0, bottom)), ("v", (x1, top, x1, bottom))]
    found += _grids(edges)
    found.sort(key=lambda g: (g.top, g.x0))
    return [g for g in found if not any(o is not g and _inside(g, o) and not o.is_table for o in found)]


def _grids(bars: list[tuple[str, Shape]]) -> list[Grid]:
    found: list[Grid] = []
    for group in _connected(bars):
        horizontal = [s for kind, s in group if kind == "h"]
        vertical = [s for kind, s in group if kind == "v"]
        if len(horizontal) < 2 or not vertical:
            continue
        x0, x1 = min(s[0] for _, s in group), max(s[2] for _, s in group)
        top, bottom = min(s[1] for _, s in group), max(s[3] for _, s in group)
        if x1 - x0 < 60 or bottom - top < 12:
            continue
        rows = _levels([((s[1] + s[3]) / 2, s[2] - s[0]) for s in horizontal], 0.35 * (x1 - x0))
        rows = _with_ends(rows, top, bottom, _NEAR)
        columns = _levels([((s[0] + s[2]) / 2, s[3] - s[1]) for s in vertical], 10.0)
        columns = _with_ends(columns, x0, x1, _NARROW)
        found += _bands(Grid(x0, top, x1, bottom, columns, rows, vertical))
    return found


def _bands(grid: Grid) -> list[Grid]:
    """A grid cut into tables and boxes: rows that column rules cross, and rows that none does.

    Reports set a judgement in a two-column row on top of a box with the text that explains it.
    """
    inner = [grid.columns_of(row) for row in range(len(grid.rows) - 1)]
    crossed = [bool(columns) for columns in inner]
    for row in range(1, len(crossed) - 1):
        # A merged row between others belongs to the table.
        if crossed[row - 1] and crossed[row + 1] and grid.rows[row + 1] - grid.rows[row] < 60:
            crossed[row] = True
    bands: list[Grid] = []
    start = 0
    for row in range(1, len(crossed) + 1):
        if row < len(crossed) and crossed[row] == crossed[start]:
            continue
        used = {x for columns in inner[start:row] for x in columns}
        bands.append(
            Grid(
                grid.x0,
                grid.rows[start],
                grid.x1,
                grid.rows[row],
                [grid.x0, *(x for x in grid.columns[1:-1] if x in used), grid.x1],
                grid.rows[start : row + 1],
                grid.verticals,
            )
        )
        start = row
    return bands


def _inside(inner: Grid, outer: Grid) -> bool:
    return (
        outer.x0 - 2 <= inner.x0
        and inner.x1 <= outer.x1 + 2
        and outer.top - 2 <= inner.top
        and inner.bottom <= outer.bottom + 2
        and not inner.is_table
    )


def _connected(bars: list[tuple[str, Shape]]) -> list[list[tuple[str, Shape]]]:
    """Groups of rules that touch one another."""
    if len(bars) > _MOST_BARS:
        return []
    groups: list[tuple[list[float], list[tuple[str, Shape]]]] = []
    for bar in sorted(bars, key=lambda b: (b[1][1], b[1][0])):
        x0, top, x1, bottom = bar[1]
        touching = []
        for index, (outline, members) in enumerate(groups):
            if (
                x0 <= outline[2] + _NEAR
                and x1 >= outline[0] - _NEAR
                and top <= outline[3] + _NEAR
                and bottom >= outline[1] - _NEAR
                and any(_touch(bar[1], other) for _, other in members)
            ):
                touching.append(index)
        merged = [bar]
        outline = [x0, top, x1, bottom]
        for index in reversed(touching):
            box, members = groups.pop(index)
            merged.extend(members)
            outline = [
                min(outline[0], box[0]),
                min(outline[1], box[1]),
                max(outline[2], box[2]),
                max(outline[3], box[3]),
            ]
        groups.append((outline, merged))
    return [members for _, members in groups]


def _touch(a: Shape, b: Shape) -> bool:
    return a[0] <= b[2] + _NEAR and a[2] >= b[0] - _NEAR and a[1] <= b[3] + _NEAR and a[3] >= b[1] - _NEAR


def _levels(marks: list[tuple[float, float]], wanted: float) -> list[float]:
    """Positions at which rules add up to at least ``wanted`` points."""
    levels: list[list[float]] = []
    for position, length in sorted(marks):
        if levels and position - levels[-1][0] <= _NEAR:
            levels[-1][1] += length
        else:
            levels.append([position, length])
    return [position for position, length in levels if length >= wanted]


def _with_ends(levels: list[float], low: float, high: float, near: float) -> list[float]:
    inner = [v for v in levels if low + near < v < high - near]
    return [low, *inner, high]


def row_at(grid: Grid, y: float) -> int:
    """The number (from 0) of the row that holds the height ``y``."""
    return sum(rule <= y for rule in grid.rows[1:-1])


def _row_of(grid: Grid, run: Run) -> int:
    middle = run.baseline - 0.35 * run.size
    return row_at(grid, middle)


def cells(grid: Grid, runs: list[Run]) -> list[TableCell]:
    """The runs of a table by cell, row by row; cells without text are left out."""
    inner = [grid.columns_of(row) for row in range(len(grid.rows) - 1)]
    found: dict[tuple[int, int], list[Run]] = {}
    for run in runs:
        if run.text.strip():
            row = _row_of(grid, run)
            column = sum(x <= run.x0 + 1.5 for x in inner[row])
            found.setdefault((row, column), []).append(run)
    return [TableCell(row, column, members) for (row, column), members in sorted(found.items())]


def is_unsure(grid: Grid, runs: list[Run]) -> bool:
    """Whether text crosses a column rule: then the rules were not understood."""
    inner = [grid.columns_of(row) for row in range(len(grid.rows) - 1)]
    texts = [run for run in runs if len(run.text.strip()) > 3]
    crossing = sum(1 for r in texts if any(r.x0 + 8 < x < r.x1 - 8 for x in inner[_row_of(grid, r)]))
    return crossing > 0.05 * len(texts)
