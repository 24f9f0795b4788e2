"""Pages of runs become blocks in reading order, joined over page breaks."""

from __future__ import annotations

from ofsted_nlp.documents import Block, BlockKind
from ofsted_nlp.reading.layout import PageLayout, assemble
from ofsted_nlp.reading.pdfium import Font, PageContent, Run

TAHOMA = Font("Tahoma", False)
BOLD = Font("Tahoma-Bold", True)
FULL = "so that the plans of all of the children are clear to everyone in the team"
"""Words that fill a line up to the right margin."""


def run(text: str, x0: float, baseline: float, size: float = 12.0, font: Font = TAHOMA) -> Run:
    x1 = x0 + 0.5 * size * len(text.rstrip())
    return Run(text, x0, x1, baseline - size, baseline + 0.2 * size, baseline, size, font, (0, 0, 0))


def paragraph(*lines: str, x0: float = 71.0, top: float = 100.0, size: float = 12.0, font: Font = TAHOMA) -> list[Run]:
    return [run(text, x0, top + 14.5 * index, size, font) for index, text in enumerate(lines)]


def item(mark: str, *lines: str, mark_x: float = 71.0, x0: float = 99.0, top: float = 100.0) -> list[Run]:
    return [run(mark, mark_x, top), *paragraph(*lines, x0=x0, top=top)]


def read(*pages: list[Run], shapes: dict[int, list[tuple[float, float, float, float]]] | None = None) -> list[Block]:
    layouts = [
        PageLayout(PageContent(595.0, 842.0, runs, (shapes or {}).get(number, []), 0), number)
        for number, runs in enumerate(pages, 1)
    ]
    text, blocks = assemble(layouts)
    for block in blocks:
        silent = block.kind in (BlockKind.FURNITURE, BlockKind.CONTENTS)
        assert block.start == block.end if silent else text[block.start : block.end] == block.text
        assert all(block.start <= line.start <= line.end <= block.end for line in block.lines)
    return blocks


def kinds(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in blocks]


def test_lines_near_one_another_are_one_paragraph() -> None:
    blocks = read([*paragraph(FULL, "and families."), *paragraph("Leaders know this.", top=145.0)])
    assert kinds(blocks) == [("paragraph", f"{FULL} and families."), ("paragraph", "Leaders know this.")]


def test_headings_are_ranked_by_size_and_weight() -> None:
    blocks = read(
        [
            *paragraph("Wexbury City Council", size=26.0),
            *paragraph("Executive summary", top=140.0, size=14.0, font=BOLD),
            *paragraph("Adoption", top=170.0, font=BOLD),
            *paragraph(FULL, "and families.", top=200.0),
        ]
    )
    assert [(block.text, block.level) for block in blocks if block.kind is BlockKind.HEADING] == [
        ("Wexbury City Council", 1),
        ("Executive summary", 2),
        ("Adoption", 3),
    ]


def test_a_heading_over_two_lines_is_one() -> None:
    blocks = read(
        [
            *paragraph("The experiences and progress of", "care leavers: good", size=14.0, font=BOLD),
            *paragraph(FULL, FULL, "and families.", top=150.0),
        ]
    )
    assert kinds(blocks)[0] == ("heading", "The experiences and progress of care leavers: good")


def test_bold_words_that_end_a_sentence_are_no_heading() -> None:
    blocks = read(
        [
            *paragraph("The arrangements in place to evaluate the work of the board are"),
            *paragraph("inadequate.", top=114.5, font=BOLD),
            *paragraph(FULL, FULL, "and families.", top=160.0),
        ]
    )
    assert kinds(blocks)[0] == (
        "paragraph",
        "The arrangements in place to evaluate the work of the board are inadequate.",
    )


def test_a_passage_in_bold_is_a_paragraph() -> None:
    bold = ["We found much good work in the city. Leaders know what has still to be done", "and are doing it. " + FULL]
    blocks = read([*paragraph(*bold, font=BOLD), *paragraph(FULL, FULL, FULL, "and families.", top=160.0)])
    assert blocks[0].kind is BlockKind.PARAGRAPH
    assert blocks[0].bold


def test_numbered_paragraphs_carry_their_number_apart() -> None:
    blocks = read([*item("1.", FULL, "and families."), *item("2.", "Leaders know this.", top=141.0)])
    assert [(block.kind.value, block.number, block.text) for block in blocks] == [
        ("numbered", "1", f"{FULL} and families."),
        ("numbered", "2", "Leaders know this."),
    ]


def test_a_number_at_the_head_of_a_wrapped_line_stays_in_its_sentence() -> None:
    full = "Many of the young people remain in touch with the service beyond the age of"
    blocks = read([*item("1.", full, "18. Others move on."), *item("2.", "Leaders know this.", top=141.0)])
    assert [(block.number, block.text) for block in blocks] == [
        ("1", f"{full} 18. Others move on."),
        ("2", "Leaders know this."),
    ]


def test_a_number_that_ends_a_sentence_on_a_line_of_its_own_stays() -> None:
    full = "There is no group that speaks for those of the children who are younger than"
    blocks = read([*item("1.", full, "13."), *item("2.", "Leaders know this.", top=155.0)])
    assert [(block.number, block.text) for block in blocks] == [("1", f"{full} 13."), ("2", "Leaders know this.")]


def test_a_list_in_a_numbered_paragraph_is_a_level_deeper() -> None:
    blocks = read(
        [
            *item("1.", "Offer each care leaver a plan that:"),
            *item("•", "is written with the young person;", mark_x=99.0, x0=117.0, top=120.0),
            *item("•", "names an adviser.", mark_x=99.0, x0=117.0, top=140.0),
            *item("2.", "Leaders know this.", top=166.0),
        ]
    )
    assert [(block.kind.value, block.level, block.number) for block in blocks] == [
        ("numbered", 1, "1"),
        ("bullet", 2, None),
        ("bullet", 2, None),
        ("numbered", 1, "2"),
    ]


def test_marks_a_few_points_apart_are_of_one_level() -> None:
    blocks = read([*item("9.", "Plans are clear.", mark_x=64.0), *item("10.", "Visits are late.", top=126.0)])
    assert [block.level for block in blocks] == [1, 1]


def test_items_larger_than_the_body_keep_their_lines() -> None:
    body = [run(FULL, 71.0, 400.0 + 14.5 * index) for index in range(12)]
    large = [
        run("•", 71.0, 100.0, 14.0),
        run("Social workers try hard to find families for every child who", 89.0, 100.0, 14.0),
        run("needs one, but this can take too long.", 89.0, 117.0, 14.0),
    ]
    assert kinds(read([*large, *body]))[0] == (
        "bullet",
        "Social workers try hard to find families for every child who needs one, but this can take too long.",
    )


def test_a_smaller_line_inside_a_sentence_belongs_to_it() -> None:
    words = paragraph("The board has sought to improve the range of figures at hand to it by the", size=11.0)
    blocks = read([*words, *paragraph("adoption of a new framework.", FULL, top=114.5)])
    assert len(blocks) == 1


def test_a_paragraph_goes_on_over_a_page_round_a_footnote() -> None:
    note = [run("3", 71.0, 716.0, 6.5), run("Figures of the council’s own.", 78.0, 721.0, 9.0)]
    blocks = read(
        [*item("1.", FULL, FULL, top=600.0), *note, run("7", 500.0, 810.0, 20.0)],
        [*item("2.", "Leaders know this.", top=140.0), run("and families.", 99.0, 100.0), run("8", 500.0, 810.0, 20.0)],
    )
    assert kinds(blocks) == [
        ("numbered", f"{FULL} {FULL} and families."),
        ("footnote", "Figures of the council’s own."),
        ("furniture", "7"),
        ("numbered", "Leaders know this."),
        ("furniture", "8"),
    ]
    first = blocks[0]
    assert [first.page_at(first.start), first.page_at(first.end - 1)] == [1, 2]
    assert blocks[1].mark == "3"


def test_a_new_sentence_at_the_margin_of_a_new_page_starts_a_paragraph() -> None:
    blocks = read([*paragraph(FULL, "and families.", top=600.0)], [*paragraph("Leaders know this.", FULL)])
    assert [block.text for block in blocks] == [f"{FULL} and families.", f"Leaders know this. {FULL}"]


def test_a_number_left_blank_is_kept_out_of_the_text() -> None:
    blocks = read(
        [*item("88.", FULL, "and families.", top=600.0), run("89.", 71.0, 660.0)],
        [*item("90.", "Leaders know this.")],
    )
    assert kinds(blocks) == [
        ("numbered", f"{FULL} and families."),
        ("furniture", "89."),
        ("numbered", "Leaders know this."),
    ]


def test_contents_stand_apart_and_have_no_span() -> None:
    listing = [run("Contents", 71.0, 100.0, 26.0)]
    for index, (title, page) in enumerate([("Executive summary", "2"), ("Recommendations", "3"), ("The board", "9")]):
        listing += [run(title, 71.0, 140.0 + 20 * index), run(page, 500.0, 140.0 + 20 * index)]
    blocks = read(listing, paragraph(FULL, "and families."))
    assert kinds(blocks) == [
        ("contents", "Contents"),
        ("contents", "Executive summary 2"),
        ("contents", "Recommendations 3"),
        ("contents", "The board 9"),
        ("paragraph", f"{FULL} and families."),
    ]


def test_text_in_a_box_says_so_and_its_rows_start_blocks() -> None:
    box = [(65.0, y, 530.0, y + 0.5) for y in (85.0, 120.0, 160.0)] + [(x, 85.0, x + 0.5, 160.0) for x in (65.0, 529.5)]
    runs = [run("Plans should be clear and", 71.0, 110.0), run("visits should be kept.", 71.0, 135.0)]
    blocks = read([*runs, *paragraph(FULL, "and families.", top=300.0)], shapes={1: box})
    assert [(block.boxed, block.text) for block in blocks] == [
        (True, "Plans should be clear and"),
        (True, "visits should be kept."),
        (False, f"{FULL} and families."),
    ]


class TestTableRows:
    GRID = ([65.0, 220.0, 530.0], [80.0, 120.0, 200.0])

    @staticmethod
    def rules(ys: list[float]) -> list[tuple[float, float, float, float]]:
        xs = [65.0, 220.0, 530.0]
        return [*[(xs[0], y, xs[-1], y + 0.5) for y in ys], *[(x, ys[0], x + 0.5, ys[-1]) for x in xs]]

    def test_cells_are_parted_by_tabs_and_items_by_line_ends(self) -> None:
        runs = [
            run("The council", 70.0, 100.0),
            run("Leaders should:", 225.0, 100.0),
            *item("•", "cut waiting times", mark_x=225.0, x0=243.0, top=140.0),
            *item("•", "publish them", mark_x=225.0, x0=243.0, top=155.0),
            run("The board", 70.0, 140.0),
        ]
        first, second = read(runs, shapes={1: self.rules([80.0, 120.0, 200.0])})
        assert (first.text, first.cells) == ("The council\tLeaders should:", ("The council", "Leaders should:"))
        assert second.text == "The board\tcut waiting times\npublish them"

    def test_a_row_goes_on_over_a_page(self) -> None:
        first = [run("Body", 70.0, 700.0), run("Action", 225.0, 700.0)]
        first += [run("The council", 70.0, 740.0), run("Leaders should take", 225.0, 740.0)]
        second = [run("steps at once.", 225.0, 100.0)]
        second += [run("The board", 70.0, 140.0), run("Leaders should wait.", 225.0, 140.0)]
        blocks = read(first, second, shapes={1: self.rules([685.0, 720.0, 760.0]), 2: self.rules([80.0, 120.0, 160.0])})
        assert [block.cells for block in blocks] == [
            ("Body", "Action"),
            ("The council", "Leaders should take steps at once."),
            ("The board", "Leaders should wait."),
        ]
        assert [box.page for box in blocks[1].boxes] == [1, 1, 2]

    def test_the_last_row_goes_on_over_a_page(self) -> None:
        first = [run("Body", 70.0, 700.0), run("Action", 225.0, 700.0)]
        first += [run("The council", 70.0, 740.0), run("Leaders should take", 225.0, 740.0)]
        blocks = read(
            first,
            [run("steps at once.", 225.0, 100.0), run("Next steps", 70.0, 200.0)],
            shapes={1: self.rules([685.0, 720.0, 760.0]), 2: self.rules([80.0, 120.0])},
        )
        assert [block.text for block in blocks] == [
            "Body\tAction",
            "The council\tLeaders should take steps at once.",
            "Next steps",
        ]

    def test_a_row_below_a_merged_cell_is_a_row_of_its_own(self) -> None:
        wide = [65.0, 110.0, 380.0, 530.0]

        def rules(ys: list[float]) -> list[tuple[float, float, float, float]]:
            return [*[(65.0, y, 530.0, y + 0.5) for y in ys], *[(x, ys[0], x + 0.5, ys[-1]) for x in wide]]

        blocks = read(
            [
                *(run("Adoption", 115.0, 700.0), run("Good", 385.0, 700.0)),
                *(run("Care leavers", 115.0, 740.0), run("Good", 385.0, 740.0)),
            ],
            [
                *(run("Leaders", 115.0, 100.0), run("Good", 385.0, 100.0)),
                *(run("The board", 115.0, 140.0), run("Inadequate", 385.0, 140.0)),
            ],
            shapes={1: rules([685.0, 720.0, 760.0]), 2: rules([80.0, 120.0, 160.0])},
        )
        assert [block.cells for block in blocks] == [
            ("", "Adoption", "Good"),
            ("", "Care leavers", "Good"),
            ("", "Leaders", "Good"),
            ("", "The board", "Inadequate"),
        ]
