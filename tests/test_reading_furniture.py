"""Running headers, footers, page numbers and tables of contents are told from the text."""

from __future__ import annotations

import pytest

from ofsted_nlp.reading.furniture import contents, furniture, is_entry
from ofsted_nlp.reading.lines import Line

HEIGHT = 842.0


def line(text: str, baseline: float, size: float = 12.0, page: int = 1, segments: tuple[str, ...] = ()) -> Line:
    parts = [(70.0 + 200.0 * i, 240.0 + 200.0 * i, part) for i, part in enumerate(segments or (text,))]
    return Line(page, text, 70.0, 500.0, baseline - size, baseline, baseline, size, False, parts)


def found(*pages: list[Line]) -> list[str]:
    ids = furniture(list(pages), [HEIGHT] * len(pages))
    return [item.text for page in pages for item in page if id(item) in ids]


def test_a_footer_that_comes_again_and_its_page_number_are_furniture() -> None:
    pages = [
        [
            line("Children are helped.", 300.0),
            line("Inspection of Wexbury", 800.0, 8.0),
            line(f"8 to 19 July 2024 {number}", 812.0, 8.0),
        ]
        for number in range(1, 6)
    ]
    assert found(*pages) == [
        text for number in range(1, 6) for text in ("Inspection of Wexbury", f"8 to 19 July 2024 {number}")
    ]


@pytest.mark.parametrize("number", ["7", "Page 7", "Page 7 of 12", "7/12", "vii"])
def test_a_page_number_is_furniture_on_a_single_page(number: str) -> None:
    assert found([line("Children are helped.", 300.0), line(number, 810.0, 20.0)]) == [number]


def test_a_number_in_the_middle_of_a_page_is_text() -> None:
    assert found([line("7", 400.0), line("Children are helped.", 414.0)]) == []


def test_the_first_and_last_lines_of_text_are_text() -> None:
    pages = [[line(f"Sentence {word} ends.", 95.0), line(f"Another {word} ends.", 765.0)] for word in ("one", "two")]
    assert found(*pages) == []


def test_a_protective_marking_is_furniture() -> None:
    assert found([line("OFFICIAL - SENSITIVE", 40.0), line("Children are helped.", 300.0)]) == ["OFFICIAL - SENSITIVE"]


def test_entries_of_a_table_of_contents() -> None:
    assert is_entry(line("Executive summary 3", 100.0, segments=("Executive summary", "3")))
    assert is_entry(line("Recommendations........12", 100.0))
    assert not is_entry(line("Inspectors saw 12", 100.0))


def test_contents_reach_from_their_heading_to_the_last_entry() -> None:
    page = [
        line("Contents", 100.0, 26.0),
        line("Executive summary 3", 130.0, segments=("Executive summary", "3")),
        line("The experiences and progress of children who need help and", 150.0),
        line("protection 6", 165.0, segments=("protection", "6")),
        line("Leaders have made progress.", 300.0),
    ]
    ids = contents([[line("Wexbury", 100.0)], page])
    assert [item.text for item in page if id(item) in ids] == [item.text for item in page[:4]]


def test_the_word_contents_alone_is_no_table() -> None:
    assert contents([[line("Contents", 100.0), line("of the plans were vague.", 120.0)]]) == set()
