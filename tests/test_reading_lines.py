"""Runs of characters become printed lines: marks, bullets, numbers, gaps and odd glyphs."""

from __future__ import annotations

import pytest

from ofsted_nlp.reading.lines import BULLET, NUMBER, Line, clean, line_of, rows_of_runs
from ofsted_nlp.reading.pdfium import Font, Run

TAHOMA = Font("Tahoma", False)
BOLD = Font("Tahoma-Bold", True)


def run(text: str, x0: float, baseline: float = 100.0, size: float = 12.0, font: Font = TAHOMA) -> Run:
    """Characters half as wide as they are high."""
    x1 = x0 + 0.5 * size * len(text.rstrip())
    return Run(text, x0, x1, baseline - size, baseline + 0.2 * size, baseline, size, font, (0, 0, 0))


def lines(*runs: Run) -> list[Line]:
    return [line for row in rows_of_runs(list(runs)) if (line := line_of(row, 1)) is not None]


def only(*runs: Run) -> Line:
    (line,) = lines(*runs)
    return line


def test_ligatures_and_odd_spaces_are_made_plain() -> None:
    assert clean("e\ufb00ective o\ufb03ce\u00a0of\u2011\ufb01ce\u200b\ufeff") == "effective office of-fice"
    assert clean("ser\u00advices") == clean("ser\ufffevices") == "ser\x02vices"


def test_a_dash_of_a_symbol_font_inside_a_sentence_is_a_dash() -> None:
    assert clean("in 2016\uf02d17 and 2017\u0335–18") == "in 2016–17 and 2017–18"


def test_runs_on_one_baseline_are_one_line_left_to_right() -> None:
    line = only(run("beach", 130.0), run("by the ", 88.0), run("The house ", 28.0))
    assert line.text == "The house by the beach"
    assert (line.x0, line.x1, line.baseline, line.bold) == (28.0, 160.0, 100.0, False)


def test_lines_come_out_from_top_to_bottom() -> None:
    found = lines(run("third", 70.0, 129.0), run("first", 70.0, 100.0), run("second", 70.0, 114.5))
    assert [line.text for line in found] == ["first", "second", "third"]


def test_wide_gaps_part_a_line_into_segments() -> None:
    line = only(run("Judgement", 70.0), run("Grade", 300.0))
    assert line.segments == [(70.0, 124.0, "Judgement"), (300.0, 330.0, "Grade")]


def test_bold_is_what_most_characters_are() -> None:
    assert only(run("Lead inspector: ", 70.0, font=BOLD), run("A Name", 166.0)).bold
    assert not only(run("Lead: ", 70.0, font=BOLD), run("A Very Long Name Indeed", 106.0)).bold


class TestFootnoteMarks:
    def test_a_raised_mark_leaves_the_text(self) -> None:
        line = only(run("special schools", 70.0), run("3", 160.0, 95.0, 8.0), run(" in the area", 165.0))
        assert line.text == "special schools in the area"
        assert line.footnote == ""

    def test_no_space_is_left_before_a_stop(self) -> None:
        line = only(run("special schools ", 70.0), run("3 ", 160.0, 95.0, 8.0), run(", of whom two", 165.0))
        assert line.text == "special schools, of whom two"

    def test_a_raised_mark_at_the_start_numbers_a_footnote(self) -> None:
        line = only(run("2", 70.0, 716.3, 6.5), run("Schools with boarders.", 77.0, 721.0, 10.0))
        assert (line.text, line.footnote) == ("Schools with boarders.", "2")

    def test_a_mark_hardly_smaller_than_its_note_is_one_when_it_stands_high(self) -> None:
        line = only(run("3", 70.9, 716.3, 8.0), run("The council’s own figures.", 79.1, 721.8, 9.0))
        assert (line.text, line.footnote) == ("The council’s own figures.", "3")

    def test_a_number_of_the_same_height_stays(self) -> None:
        assert only(run("aged under ", 70.0), run("18", 136.0), run(" years", 148.0)).text == "aged under 18 years"


class TestBullets:
    @pytest.mark.parametrize("glyph", ["◼", "■", "▪", "•", "\uf06e", "\uf0b7", "\uf0a7", "─", "−", "―", "\u0336"])
    def test_a_glyph_of_its_own_is_the_mark(self, glyph: str) -> None:
        line = only(run(f"{glyph} ", 70.0), run("in primary schools", 88.0))
        assert (line.text, line.mark, line.mark_kind, line.mark_x, line.x0) == (
            "in primary schools",
            glyph,
            BULLET,
            70.0,
            88.0,
        )

    def test_any_single_sign_of_a_symbol_font_is_one(self) -> None:
        line = only(run("n", 70.0, font=Font("Wingdings-Regular", False)), run("early help", 88.0))
        assert (line.text, line.mark_kind) == ("early help", BULLET)

    @pytest.mark.parametrize("glyph", ["•", "─", "―"])
    def test_a_bullet_may_be_in_the_run_of_its_text(self, glyph: str) -> None:
        line = only(run(f"{glyph} there have been six adoptions", 70.0))
        assert (line.text, line.mark, line.mark_kind) == ("there have been six adoptions", glyph, BULLET)

    def test_a_dash_inside_the_run_of_a_sentence_is_none(self) -> None:
        line = only(run("– a rise of four", 70.0))
        assert (line.text, line.mark_kind) == ("– a rise of four", "")

    def test_a_bullet_alone_is_a_mark_without_text(self) -> None:
        line = only(run("•", 70.0))
        assert (line.text, line.mark, line.mark_kind) == ("", "•", BULLET)


class TestNumbers:
    def test_a_number_before_a_gap(self) -> None:
        line = only(run("12.", 70.9), run("Plans are clear.", 99.3))
        assert (line.text, line.mark, line.mark_kind, line.printed) == ("Plans are clear.", "12", NUMBER, "12.")
        assert (line.mark_x, line.x0) == (70.9, 99.3)

    def test_a_number_cut_into_runs(self) -> None:
        line = only(run("1", 70.0), run("0", 76.0), run(". ", 82.0), run("Plans are clear.", 99.3))
        assert (line.text, line.mark) == ("Plans are clear.", "10")

    def test_a_number_without_a_stop_needs_a_wider_gap(self) -> None:
        assert only(run("12 ", 70.0), run("Plans are clear.", 99.3)).mark == "12"
        assert only(run("12 ", 70.0), run("children were seen.", 86.0)).text == "12 children were seen."

    @pytest.mark.parametrize("printed", ["15. Children", "15.Children", "15..Children", "15.‘Children"])
    def test_a_number_in_the_run_of_its_text(self, printed: str) -> None:
        line = only(run(f"{printed} are helped.", 70.9))
        assert (line.mark, line.mark_kind) == ("15", NUMBER)
        assert line.text.lstrip("‘") == "Children are helped."

    @pytest.mark.parametrize("text", ["10.2 per cent of children", "15 children were seen", "1.5million was spent"])
    def test_a_quantity_is_no_number_of_a_paragraph(self, text: str) -> None:
        line = only(run(text, 70.9))
        assert (line.text, line.mark_kind) == (text, "")

    def test_a_letter_in_brackets(self) -> None:
        line = only(run("(a)", 70.0), run("names an adviser;", 99.0))
        assert (line.text, line.mark, line.mark_kind, line.printed) == ("names an adviser;", "a", NUMBER, "(a)")

    def test_a_number_alone_is_a_mark_without_text(self) -> None:
        line = only(run("89.", 70.9))
        assert (line.text, line.mark, line.mark_kind) == ("", "89", NUMBER)

    def test_a_mark_put_back_is_the_first_word_again(self) -> None:
        line = only(run("18. ", 99.3), run("Others move on sooner.", 125.0))
        assert line.mark == "18"
        line.put_mark_back()
        assert (line.text, line.mark, line.mark_kind, line.x0) == ("18. Others move on sooner.", "", "", 99.3)
        assert line.segments[0] == (99.3, 257.0, "18. Others move on sooner.")
