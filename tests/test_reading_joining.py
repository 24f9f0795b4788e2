"""Lines become running text: hyphens at line ends, spans of the lines."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ofsted_nlp.reading.joining import Hyphens, join
from ofsted_nlp.reading.lines import Line


def line(text: str) -> Line:
    return Line(1, text, 70.0, 500.0, 90.0, 102.0, 100.0, 12.0, False)


def joined(*texts: str, rest: str = "") -> str:
    lines = [line(text) for text in texts]
    text, spans = join(lines, Hyphens([*lines, line(rest)]))
    assert len(spans) == len(lines)
    assert spans[0][0] == 0 and spans[-1][1] == len(text)
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start
    return text


def test_lines_are_joined_by_one_space() -> None:
    assert joined("Children are", "well cared", "for.") == "Children are well cared for."


def test_each_line_keeps_its_span() -> None:
    text, spans = join([line("Children are"), line(""), line("cared for.")], Hyphens([]))
    assert [text[a:b] for a, b in spans] == ["Children are", "", "cared for."]


@pytest.mark.parametrize("hyphen", ["\x02", "-"])
class TestHyphens:
    def test_a_broken_word_that_is_whole_elsewhere_is_made_whole(self, hyphen: str) -> None:
        assert joined(f"The ser{hyphen}", "vices are good.", rest="Many services") == "The services are good."

    def test_a_compound_that_is_hyphened_elsewhere_keeps_its_hyphen(self, hyphen: str) -> None:
        assert joined(f"a multi{hyphen}", "agency hub", rest="multi-agency work, multiagency") == "a multi-agency hub"

    def test_a_prefix_keeps_its_hyphen(self, hyphen: str) -> None:
        assert joined(f"a cross{hyphen}", "borough team") == "a cross-borough team"

    def test_two_words_of_the_report_keep_their_hyphen(self, hyphen: str) -> None:
        assert joined(f"life{hyphen}", "story work", rest="the story of a life") == "life-story work"

    def test_a_compound_of_three_keeps_its_second_hyphen(self, hyphen: str) -> None:
        assert joined(f"day-to{hyphen}", "day care", rest="today") == "day-to-day care"

    def test_numbers_keep_their_hyphen(self, hyphen: str) -> None:
        assert joined(f"COVID{hyphen}", "19 has") == "COVID-19 has"

    def test_spans_end_before_the_hyphen_that_is_gone(self, hyphen: str) -> None:
        lines = [line(f"The ser{hyphen}"), line("vices are good.")]
        text, spans = join(lines, Hyphens([line("services")]))
        assert [text[a:b] for a, b in spans] == ["The ser", "vices are good."]


def test_a_dash_between_words_is_no_hyphen() -> None:
    assert (
        joined("help is good –", "for most", "and late -", "for some") == "help is good – for most and late - for some"
    )


def test_years_are_joined_without_a_space() -> None:
    assert joined("in 2013–", "14 and", "2014/", "15") == "in 2013–14 and 2014/15"


def test_a_hyphen_at_the_end_of_the_text_stays() -> None:
    assert joined("short- and long\x02") == "short- and long-"
