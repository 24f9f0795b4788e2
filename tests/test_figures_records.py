"""Figures with what they count, what they are compared with, and where they stand."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from documents import document

from ofsted_nlp.extraction.figures.records import figures
from ofsted_nlp.extraction.kind import kind_of
from ofsted_nlp.extraction.sections import Section, sections
from ofsted_nlp.reading.pdf import read_pdf
from ofsted_nlp.records import Comparison, Figure, Finding, Polarity, Report, Source

ANNOTATIONS = Path(__file__).resolve().parent.parent / "corpus" / "annotations" / "figures.jsonl"


def read(*items: str | tuple[str, int], code: str = "help_and_protection") -> list[Figure]:
    """The figures of items, paragraphs or (bullet, level), in one section."""
    made = document(
        *(
            ("paragraph", 3, item) if isinstance(item, str) else ("bullet", 3, item[0], {"level": item[1]})
            for item in items
        )
    )
    part = Section(code, "authority", code != "local_information", "", None, None, list(made.blocks))
    found = figures([part])
    for figure in found:
        assert made.text[figure.start : figure.end] == figure.text
    return list(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eight of the 12 plans are sound.", [(8, "plans"), (12, "plans")]),
        ("Most carers (194) have a mentor.", [(194, "carers")]),
        ("Five adopters were matched and a further 23 were approved.", [(5, "adopters"), (23, "adopters")]),
        ("In Wexbury, 72% of care leavers are in work.", [(72, "care leavers")]),
        ("The large majority (88%) of children looked after are well.", [(88, "children looked after")]),
        (
            "Of 40 children who had a plan, 12 were moved.",
            [(40, "children who had a plan"), (12, "children who had a plan")],
        ),
        ("The proportion of visits made in time is 61%.", [(61, "visits made in time")]),
        ("The average caseload of 16 is low.", [(16, None)]),
        ("Children wait 487 days, or 14 months on average.", [(487, None), (14, None)]),
        ("They are seen within 45 days.", [(45, None)]),
        ("Workers hold 16 to 18 cases.", [(16, "cases"), (18, "cases")]),
        ("One in five children wait.", [(0.2, "children")]),
        ("Less than half the eligible children are seen.", [(0.5, "eligible children")]),
        ("Of children who left care, only 13% have a plan.", [(13, "children who left care")]),
        ("In all, 110 (80%) new families were seen.", [(110, "new families"), (80, "new families")]),
        ("A third of carers who replied said so.", [(1 / 3, "carers who replied")]),
        ("Half of pupils made good progress.", [(0.5, "pupils")]),
        (
            "Over 70% of carers aged 18 and over, and 9% of those adopted, wait.",
            [(70, "carers aged 18 and over"), (9, "those adopted")],
        ),
        ("Plans for 4% of initial visits and 2% of reviews are late.", [(4, "initial visits"), (2, "reviews")]),
        ("There are two careers advisers.", [(2, "careers advisers")]),
        ("Only children under 5 and care leavers over 21 are asked.", []),
        ("In the last 12 months the 0–19 service and the 16+ team moved.", []),
    ],
)
def test_what_is_counted(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert [(pytest.approx(figure.value, abs=0.001), figure.counts) for figure in read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is 72%, compared with 65% nationally.", [("national", 65, "above"), "national"]),
        ("At 61%, it is below the national average of 70%.", [("national", 70, "below"), "national"]),
        ("In Thornley 40% were late, higher than statistical neighbours.", [("statistical_neighbours", None, "above")]),
        ("The number of plans rose from 45 in 2014 to 60 in 2015.", ["previous", ("previous", 45, "up")]),
        ("The rate fell from 18% to 12%.", ["previous", ("previous", 18, "down")]),
        ("Numbers have fallen to 23.", [("previous", None, "down")]),
        ("There was a 9% decrease in referrals.", [("previous", None, "down")]),
        ("Cases take 30 weeks against a target of 26 weeks.", [("target", 26, "above"), "target"]),
        ("The rate is 20%, in line with the regional average of 20%.", [("region", 20, "same"), "region"]),
        ("Up to 44 families and 30 carers were helped.", [None, None]),
        ("Waits are up to 40 weeks.", [None]),
        ("Numbers grew, from 120 in 2014–15 to 140 in 2015–16.", ["previous", ("previous", 120, "up")]),
        ("Only 1% are late, rather than 50% a year ago.", [("previous", 50, "down"), "previous"]),
        ("Half are seen within 15 days, which was below the national level.", [None, None]),
        ("Courses last from 12 to 18 months.", [None, None]),
    ],
)
def test_what_figures_are_compared_with(text: str, expected: list[object]) -> None:
    found = [
        figure.comparator
        or (figure.comparison and (figure.comparison.kind, figure.comparison.value, figure.comparison.direction))
        for figure in read(text)
    ]
    assert found == expected


def test_dates_of_figures() -> None:
    found = read("At 31 March 2015, 90 plans were open, and plans closed rose from 45 in 2014 to 60 in 2016–17.")
    assert [figure.as_of for figure in found] == ["31 March 2015", "2014", "2016–17"]


def test_local_statistics() -> None:
    found = read(
        ("The proportion of pupils who have free meals:", 1),
        ("in primary schools is 20% (the national average is 14%)", 2),
        ("At 3 May 2017, 320 children were being looked after (a rate of 60 per 10,000 children). "
         "This is an increase from 300 (55 per 10,000 children) at 31 March 2016.", 1),
        ("Of this number, 88 (or 28%) live outside Eastmere", 1),
        ("None live in hostels", 1),
        ("In the last 12 months:", 1),
        ("there has been one adoption", 2),
        code="local_information",
    )  # fmt: skip
    rows = [(f.value, f.counts, f.predicate, f.comparison, f.comparator, f.as_of) for f in found]
    pupils, children = "pupils who have free meals", "children"
    assert rows == [
        (20, pupils, "in primary schools", Comparison("national", 14, "above"), None, None),
        (14, pupils, None, None, "national", None),
        (320, children, "were being looked after", Comparison("previous", 300, "up"), None, "3 May 2017"),
        (60, children, None, Comparison("previous", 55, "up"), None, "3 May 2017"),
        (300, children, None, None, "previous", "31 March 2016"),
        (55, children, None, None, "previous", "31 March 2016"),
        (88, children, "live outside Eastmere", None, None, None),
        (28, children, "live outside Eastmere", None, None, None),
        (0, children, "live in hostels", None, None, None),
        (1, "adoption", None, None, None, "last 12 months"),
    ]


def test_a_figure_names_its_finding() -> None:
    made = document(("paragraph", 3, "Plans are good. In 2019, 94 plans were late."))
    part = Section("help_and_protection", "authority", True, "", None, None, list(made.blocks))
    late = Finding(
        "f2", 3, "help_and_protection", "In 2019, 94 plans were late.", Polarity.CONCERN, 1.0, start=16, end=44
    )
    (found,) = figures([part], [late])
    assert (found.finding, found.section, found.page) == ("f2", "help_and_protection", 3)
    assert figures([part])[0].finding is None


def test_figures_survive_as_plain_data() -> None:
    figure = Figure(
        "72%", 72.0, "%", 4, "care leavers", "are in work", Comparison("national", 65.0, "above"), as_of="2015"
    )
    report = Report(Source("a.pdf", "0" * 64, 4), figures=(figure, Figure("3 visits", 3.0, "visits", 5)))
    data = report.to_dict()
    assert data["figures"][0]["comparison"] == {"kind": "national", "value": 65.0, "direction": "above"}
    assert Report.from_dict(json.loads(json.dumps(data))).figures == report.figures
    older = {"text": "3 visits", "value": 3.0, "unit": "visits", "page": 5}
    assert Report.from_dict({**data, "figures": [older]}).figures == (Figure("3 visits", 3.0, "visits", 5),)


def _words(text: str | None) -> Counter[str]:
    return Counter(w for w in re.findall(r"\w+", (text or "").lower()) if w not in ("the", "of", "a"))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("chosen", "floors"),
    [("development", (0.97, 0.97, 0.93, 0.95)), ("held_out", (0.95, 0.93, 0.83, 0.89))],
)
def test_annotated_figures(corpus_reports: Path, chosen: str, floors: tuple[float, ...]) -> None:
    """Precision and recall of figures, and the share right of what they count and of comparison and direction."""
    rows = [row for row in map(json.loads, ANNOTATIONS.read_text().splitlines()) if row["set"] == chosen]
    rows = [row for row in rows if row["sha256"][0] in "01234"]  # a third of the reports: each has to be read whole
    made: dict[str, tuple[str, tuple[Figure, ...]]] = {}
    right = extra = missed = counted = counts_right = compared = comparison_right = 0
    for row in rows:
        if row["file"] not in made:
            read_one = read_pdf(corpus_reports / row["file"])
            assert read_one.source.sha256 == row["sha256"]
            made[row["file"]] = read_one.text, figures(sections(read_one, kind_of(read_one)))
        text, found = made[row["file"]]
        there = [figure for figure in found if row["start"] <= figure.start < row["end"]]
        for want in row["figures"]:
            at = (f for f in there if f.start < want["end"] and want["start"] < f.end)
            figure = next((f for f in at if abs(f.value - want["value"]) < 0.006), None)
            if figure:
                there.remove(figure)
            if want.get("doubtful"):
                continue
            if figure is None:
                missed += 1
                continue
            right += 1
            unmarked = want.get("unmarked", ())
            if "counts" not in unmarked:
                counted += 1
                gold = _words(text[slice(*want["counts"])] if want["counts"] else "")
                ours = _words(figure.counts)
                shared = 2 * (gold & ours).total()
                counts_right += shared >= 0.5 * (gold.total() + ours.total())
            if "comparison" not in unmarked:
                compared += 1
                ours_compared = figure.comparison and (figure.comparison.kind, figure.comparison.direction)
                gold_compared = want["comparison"] and (want["comparison"]["kind"], want["comparison"]["direction"])
                comparison_right += (figure.comparator, ours_compared) == (want["comparator"], gold_compared)
        extra += len(there)
    scores = right / (right + extra), right / (right + missed), counts_right / counted, comparison_right / compared
    print(chosen, [round(score, 3) for score in scores])
    assert all(score >= floor for score, floor in zip(scores, floors, strict=True)), scores
