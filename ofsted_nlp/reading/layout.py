"""Pages of runs -> a document's text and blocks: the order in which the reading steps happen."""

from __future__ import annotations

from ofsted_nlp.reading import tables
from ofsted_nlp.reading.blocks import PageItems, Row, build
from ofsted_nlp.reading.furniture import contents, furniture
from ofsted_nlp.reading.joining import Hyphens
from ofsted_nlp.reading.lines import Line, line_of, rows_of_runs
from ofsted_nlp.reading.pdfium import PageContent, Run
from ofsted_nlp.records import Block


class PageLayout:
    """The lines, tables and boxes of one page, before furniture is told from text."""

    def __init__(self, content: PageContent, page: int) -> None:
        self.page = page
        self.width, self.height = content.width, content.height
        self.rows: list[Row] = []
        self.unsure = False
        self.boxes: list[tables.Grid] = []
        free = content.runs
        for grid in tables.grids(content) if content.shapes else []:
            inside = [run for run in free if grid.holds(run)]
            if not inside:
                continue
            if not grid.is_table:
                self.boxes.append(grid)
                continue
            if tables.is_unsure(grid, inside):
                self.unsure = True
                continue
            rows = rows_of_cells(tables.cells(grid, inside), page)
            if not rows:
                continue
            if max(len(row.cells) for row in rows) < 2:
                if len(rows) > 1 or rows[0].cells[0][0] == 0:
                    continue
                rows[0].rest = True
            self.rows += rows
            taken = {id(run) for run in inside}
            free = [run for run in free if id(run) not in taken]
        self.lines = lines_of(free, page)

    def boxed(self) -> set[int]:
        """The ``id`` of the lines that stand in a box that does not span the whole page."""
        found = set()
        for line in self.lines:
            for box in self.boxes:
                if box.x0 - 2 <= line.x0 and line.x1 <= box.x1 + 4 and box.top - 2 <= line.baseline <= box.bottom + 2:
                    found.add(id(line))
        return found

    def row_starts(self) -> set[int]:
        """The ``id`` of the first line of each row of a box but its first: it starts an item of its own."""
        found = set()
        for box in self.boxes:
            row = None
            for line in self.lines:
                if not (box.x0 - 2 <= line.x0 and line.x1 <= box.x1 + 4 and box.top <= line.baseline <= box.bottom):
                    continue
                here = tables.row_at(box, line.baseline - 0.35 * line.size)
                if row is not None and here != row:
                    found.add(id(line))
                row = here
        return found


def lines_of(runs: list[Run], page: int) -> list[Line]:
    """The printed lines of runs, top to bottom."""
    return [line for row in rows_of_runs(runs) if (line := line_of(row, page)) is not None]


def rows_of_cells(cells: list[tables.TableCell], page: int) -> list[Row]:
    """Table rows made of cells."""
    rows: dict[int, Row] = {}
    columns = 1 + max((cell.column for cell in cells), default=0)
    for cell in cells:
        lines = lines_of(cell.runs, page)
        if lines:
            row = rows.setdefault(cell.row, Row(page, lines[0].top, [], columns))
            row.cells.append((cell.column, lines))
            row.top = min(row.top, lines[0].top)
    return [rows[index] for index in sorted(rows)]


def assemble(layouts: list[PageLayout]) -> tuple[str, list[Block]]:
    """The text and blocks of a document whose pages have been laid out."""
    pages = [layout.lines for layout in layouts]
    around = furniture(pages, [layout.height for layout in layouts])
    listing = contents([[line for line in lines if id(line) not in around] for lines in pages])
    ready = []
    for layout in layouts:
        text: list[Line | Row] = [line for line in layout.lines if id(line) not in around and id(line) not in listing]
        text += layout.rows
        text.sort(key=lambda item: item.top if isinstance(item, Row) else item.baseline - 0.8 * item.size)
        ends = sorted(item.x1 for item in text if isinstance(item, Line))
        ready.append(
            PageItems(
                page=layout.page,
                items=text,
                boxed=layout.boxed(),
                starts=layout.row_starts(),
                furniture=[line for line in layout.lines if id(line) in around],
                contents=[line for line in layout.lines if id(line) in listing and id(line) not in around],
                right=ends[int(0.95 * (len(ends) - 1))] if ends else layout.width - 70,
            )
        )
    return build(ready, Hyphens([line for lines in pages for line in lines]))
