"""Drawn rules become tables with rows and cells, or boxes round text."""

from __future__ import annotations

from ofsted_nlp.reading import tables
from ofsted_nlp.reading.layout import PageLayout, rows_of_cells
from ofsted_nlp.reading.pdfium import Font, PageContent, Run

TAHOMA = Font("Tahoma", False)
Shape = tuple[float, float, float, float]


def run(text: str, x0: float, baseline: float, size: float = 12.0) -> Run:
    x1 = x0 + 0.5 * size * len(text.rstrip())
    return Run(text, x0, x1, baseline - size, baseline + 0.2 * size, baseline, size, TAHOMA, (0, 0, 0))


def rules(xs: list[float], ys: list[float]) -> list[Shape]:
    """The rules of a full grid."""
    across = [(xs[0], y, xs[-1], y + 0.5) for y in ys]
    down = [(x, ys[0], x + 0.5, ys[-1]) for x in xs]
    return [*across, *down]


def page(runs: list[Run], shapes: list[Shape]) -> PageContent:
    return PageContent(595.0, 842.0, runs, shapes, 0)


def texts(content: PageContent) -> list[list[tuple[int, str]]]:
    (grid,) = tables.grids(content)
    rows = rows_of_cells(tables.cells(grid, content.runs), 1)
    return [[(column, " ".join(line.text for line in lines)) for column, lines in row.cells] for row in rows]


def test_a_grid_gives_rows_of_cells() -> None:
    content = page(
        [
            run("Judgement", 75.0, 115.0),
            run("Grade", 305.0, 115.0),
            run("The experiences of", 75.0, 145.0),
            run("care leavers", 75.0, 159.0),
            run("Good", 305.0, 152.0),
        ],
        rules([70.0, 300.0, 520.0], [100.0, 130.0, 170.0]),
    )
    assert texts(content) == [
        [(0, "Judgement"), (1, "Grade")],
        [(0, "The experiences of care leavers"), (1, "Good")],
    ]


def test_a_merged_cell_has_the_number_of_its_first_column() -> None:
    # The middle rule crosses the lower row only; the first runs through both.
    shapes = [
        *[(70.0, y, 520.0, y + 0.5) for y in (100.0, 130.0, 160.0)],
        *[(x, 100.0, x + 0.5, 160.0) for x in (70.0, 380.0, 519.5)],
        (110.0, 130.0, 110.5, 160.0),
    ]
    content = page(
        [
            run("Children looked after", 75.0, 120.0),
            run("Good", 385.0, 120.0),
            run("Adoption", 115.0, 150.0),
            run("Outstanding", 385.0, 150.0),
        ],
        shapes,
    )
    assert texts(content) == [
        [(0, "Children looked after"), (1, "Good")],
        [(1, "Adoption"), (2, "Outstanding")],
    ]


def test_an_outline_is_a_box_and_its_text_stays_text() -> None:
    content = page([run("Executive summary", 75.0, 120.0)], rules([70.0, 520.0], [100.0, 400.0]))
    (grid,) = tables.grids(content)
    assert not grid.is_table
    layout = PageLayout(content, 1)
    assert (len(layout.rows), [line.text for line in layout.lines]) == (0, ["Executive summary"])
    assert layout.boxed() == {id(layout.lines[0])}


def test_a_table_on_a_box_is_parted_from_it() -> None:
    shapes = [*rules([70.0, 520.0], [100.0, 130.0, 400.0]), (300.0, 100.0, 300.5, 130.0)]
    content = page([run("Leadership", 75.0, 120.0), run("Good", 305.0, 120.0), run("Summary", 75.0, 150.0)], shapes)
    assert [grid.is_table for grid in tables.grids(content)] == [True, False]
    layout = PageLayout(content, 1)
    assert [len(row.cells) for row in layout.rows] == [2]
    assert [line.text for line in layout.lines] == ["Summary"]


def test_the_edge_of_a_box_beside_a_table_is_no_column() -> None:
    shapes = [*rules([70.0, 512.0, 520.0], [100.0, 130.0, 400.0]), (300.0, 100.0, 300.5, 130.0)]
    content = page([run("Leadership", 75.0, 120.0), run("Good", 305.0, 120.0), run("Summary", 75.0, 150.0)], shapes)
    layout = PageLayout(content, 1)
    assert [[column for column, _ in row.cells] for row in layout.rows] == [[0, 1]]
    assert [line.text for line in layout.lines] == ["Summary"]


def test_shaded_areas_are_a_box_where_no_rules_are_drawn() -> None:
    content = page([run("Inspection outcome", 75.0, 120.0)], [(70.0, 100.0, 520.0, 200.0)])
    assert [(grid.is_table, grid.top, grid.bottom) for grid in tables.grids(content)] == [(False, 100.0, 200.0)]


def test_a_page_wide_background_and_dots_are_nothing() -> None:
    content = page([run("Text", 75.0, 120.0)], [(0.0, 0.0, 595.0, 842.0), (70.0, 100.0, 72.0, 102.0)])
    assert tables.grids(content) == []


def test_text_across_a_column_rule_makes_a_table_unsure() -> None:
    content = page(
        [run("Key judgement and its grade and more words", 75.0, 120.0)],
        rules([70.0, 200.0, 520.0], [100.0, 130.0, 160.0]),
    )
    (grid,) = tables.grids(content)
    assert tables.is_unsure(grid, content.runs)
    assert PageLayout(content, 1).unsure
