"""Invented stories in six manners without a report: what is read of them, and the general rules behind it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from test_press import f1, hits, same, squeeze

import ofsted_nlp as ofs
from ofsted_nlp.extraction.press.judgements import reported_judgements
from ofsted_nlp.extraction.press.quotes import read_quotes
from ofsted_nlp.extraction.press.recommendations import recommendation_count, reported_recommendations
from ofsted_nlp.extraction.press.speakers import speaker_fields
from ofsted_nlp.reading.web import page_of
from ofsted_nlp.stories import Page

FOLDER = Path(__file__).resolve().parent.parent / "corpus" / "sample" / "press" / "reading"
FILLER = "Nobody in Wexbury had expected the inspectors of Ofsted to come back so soon, and many were glad of it. " * 3
LEAST = {
    "judgements": 0.95,
    "direct text": 0.95,
    "direct speaker": 0.92,
    "indirect text": 0.82,
    "indirect speaker": 0.78,
    "recommendations": 0.95,
    "figures": 0.88,
    "comparisons": 0.85,
    "strengths": 0.5,
    "concerns": 0.65,
    "planned_actions": 0.7,
}
"""A little below what is reached; docs/press.md."""


def _texts(rows: list[Any]) -> list[str]:
    return [row["text"] if isinstance(row, dict) else row for row in rows]


def _near(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and abs(a - b) <= 0.02 * a


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each story's annotations with what is read of it."""
    empty = tmp_path_factory.mktemp("reports")
    pairs = []
    for gold in json.loads((FOLDER / "gold.json").read_text(encoding="utf-8"))["articles"]:
        rows = ofs.read_article(FOLDER / gold["file"], reports=empty).to_dicts()
        assert len(rows) == 1, gold["file"]
        pairs.append((gold, rows[0]))
    return pairs


def test_stories_are_read_as_their_gold_says(read) -> None:
    counts = {name: [0, 0, 0] for name in LEAST}

    def add(name: str, found: list[Any], made: list[Any], meant: list[Any]) -> None:
        counts[name] = [a + b for a, b in zip(counts[name], (len(found), len(made), len(meant)), strict=True)]

    for gold, row in read:
        given = {(item["about"], item["grade"]) for item in gold["reported_judgements"]}
        told = {(item["about"], item["grade"]) for item in row["judgements"]}
        add("judgements", list(given & told), list(told), list(given))
        for kind in ("direct", "indirect"):
            meant = [quote for quote in gold["quotes"] if quote["kind"] == kind]
            made = [quote for quote in row["quotes"] if quote["kind"] == kind]
            found = hits(meant, made, lambda a, b: same(a["text"], b["text"]))
            add(f"{kind} text", found, made, meant)
            right = [a for a, b in found if squeeze(a["speaker"]).split()[-1:] == squeeze(b["speaker"]).split()[-1:]]
            add(f"{kind} speaker", right, made, meant)
        asked = hits(gold["recommendations_reported"], row["recommendations"], lambda a, b: same(a["text"], b["text"]))
        add("recommendations", asked, row["recommendations"], gold["recommendations_reported"])
        figures = hits(gold["figures"], row["figures"], lambda a, b: _near(a["value"], b["value"]))
        add("figures", figures, row["figures"], gold["figures"])
        compared = [
            a
            for a, b in figures
            if a["comparison"] and b["comparison"] and _near(a["comparison"]["value"], b["comparison"]["value"])
        ]
        add("comparisons", compared, [f for f in row["figures"] if f["comparison"]],
            [f for f in gold["figures"] if f["comparison"]])  # fmt: skip
        for name, key in (("strengths", "strengths_claimed"), ("concerns", "concerns_claimed")):
            add(name, hits(gold[key], _texts(row[name]), same), row[name], gold[key])
        planned = hits(gold["planned_actions"], _texts(row["planned_actions"]), same)
        add("planned_actions", planned, row["planned_actions"], gold["planned_actions"])
    got = {name: f1(*count) for name, count in counts.items()}
    assert {name: round(value, 3) for name, value in got.items() if value < LEAST[name]} == {}


def test_stories_say_what_they_are(read) -> None:
    for gold, row in read:
        for name in ("title", "authority", "published", "byline", "recommendation_count_claimed"):
            assert row[name] == gold[name], (gold["file"], name)


def _page(*paragraphs: str) -> Page:
    return page_of("\n\n".join([*paragraphs, FILLER]).encode(), "page.txt")


def _asked(*paragraphs: str) -> list[str]:
    return [item.text for item in reported_recommendations(read_quotes(_page(*paragraphs).paragraphs, ["Wexbury"]))]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (
            ["Ofsted recommended that the council open on Sundays. It also recommended that every lamp be lit."],
            ["the council open on Sundays", "every lamp be lit"],
        ),
        (
            ["Ofsted said Wexbury needed to improve:", "• the lamps in its corridors", "• the bread in its canteens"],
            ["the lamps in its corridors", "the bread in its canteens"],
        ),
        (
            [
                FILLER,
                "Inspectors said leaders must:",
                "Light the lamps in the corridors",
                "Bake better bread in canteens",
            ],
            ["Light the lamps in the corridors", "Bake better bread in canteens"],
        ),
        (
            ["The council was also urged to “put an end to bread without butter”."],
            ["put an end to bread without butter"],
        ),
        (
            ["It is also recommended that managers count the lamps again."],
            ["managers count the lamps again"],
        ),
        (
            ["Two areas are highlighted for improvement: the light in corridors, and the bread in canteens."],
            ["the light in corridors", "the bread in canteens"],
        ),
        (
            ["The board was told to make three improvements. Leaders should light every lamp before dusk."],
            ["Leaders should light every lamp before dusk"],
        ),
        (["The report said: “Leaders keep a promise, that no child should have to read in the dark.”"], []),
        (["Inspectors found that children should have been given lamps long ago."], []),
        (["“The council must light its lamps,” said Ida Falk, leader of the opposition."], []),
    ],
)
def test_recommendations(paragraphs, expected) -> None:
    assert _asked(*paragraphs) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ofsted set out 11 recommendations.", 11),
        ("Two areas are identified for improvement.", 2),
        ("The trust was told to make five improvements.", 5),
        ("There were five improvements since the last visit.", None),
    ],
)
def test_how_many_recommendations_are_claimed(text, count) -> None:
    assert recommendation_count(_page(text).paragraphs) == count


def _graded(text: str) -> set[tuple[str, str]]:
    page = _page("Published: 1 June 2024", text)
    return {(about, item.grade) for about, item in reported_judgements(page.paragraphs, None, page.published)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ofsted rated the impact of leaders as outstanding and the experiences of children in care as good.",
            {("leadership", "outstanding"), ("in_care", "good")},
        ),
        (
            "Inspectors graded Wexbury inadequate for help and protection, requires improvement for the impact of "
            "leaders, good for children in care and outstanding for care leavers.",
            {
                ("help_and_protection", "inadequate"),
                ("leadership", "requires_improvement"),
                ("in_care", "good"),
                ("care_leavers", "outstanding"),
            },
        ),
        (
            "Inspectors judged adoption to be good but rated services for children in care inadequate.",
            {("adoption", "good"), ("in_care", "inadequate")},
        ),
        ("Wexbury has slipped from good to requires improvement to be good.",
         {("overall_effectiveness", "requires_improvement")}),
        (
            "Care leavers were judged to be well served and rated outstanding, as was the impact of leaders.",
            {("care_leavers", "outstanding"), ("leadership", "outstanding")},
        ),
        ("Its services were rated good overall, with two areas judged outstanding.",
         {("overall_effectiveness", "good")}),
        ("Wexbury’s safeguarding children board was not judged on this occasion.", set()),
        ("Wexbury was rated inadequate in July 2021. Services for children in care were said to require improvement.",
         set()),
        ("Services had got worse since 2021, when the authority was found to be good.", set()),
        ("The council’s services were branded inadequate last year.", set()),
    ],
)  # fmt: skip
def test_judgements(text, expected) -> None:
    assert _graded(text) == expected


def _said(*paragraphs: str) -> list[tuple[Any, str, str]]:
    reading = read_quotes(_page(*paragraphs).paragraphs, ["Wexbury"])
    return [(speaker_fields(said.speaker, "Wexbury City Council")[0], said.kind, said.text) for said in reading.said]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (
            ["The inspectors say that lamps burn in every corridor."],
            [("Ofsted", "indirect", "lamps burn in every corridor")],
        ),
        (
            ["Ofsted found that the Family Front Door opens at dawn.", "They said that it is lit by lamps at night."],
            [
                ("Ofsted", "indirect", "the Family Front Door opens at dawn"),
                ("Ofsted", "indirect", "it is lit by lamps at night"),
            ],
        ),
        (
            ["Wexbury Parent Carer Voice said the news was “no surprise to anyone”."],
            [("Wexbury Parent Carer Voice", "direct", "no surprise to anyone")],
        ),
        (
            [
                "Leader Ida Falk and director Tobias Renn said: “We are sorry.”",
                "They said every lamp would be lit.",
            ],
            [
                ("Ida Falk and Tobias Renn", "direct", "We are sorry."),
                ("Ida Falk and Tobias Renn", "indirect", "every lamp would be lit"),
            ],
        ),
        (
            ["Mila, 19, who left care last year, said she had seen the change. “It is lighter now,” said Mila."],
            [("Mila", "indirect", "she had seen the change"), ("Mila", "direct", "It is lighter now,")],
        ),
        (
            [
                "Ms Ida Falk was there.",
                "A mother, who asked not to be named, said: “It was dark.” “So dark,” she added.",
            ],
            [("mother", "direct", "It was dark. So dark,")],
        ),
        (
            ["Lamps were missing from half of the corridors, inspectors found, and the bread was stale."],
            [("Ofsted", "indirect", "Lamps were missing from half of the corridors, and the bread was stale")],
        ),
        (
            ["Ida Falk said the council would buy new lamps in April, adding: “We are not asking for applause.”"],
            [
                ("Ida Falk", "direct", "We are not asking for applause."),
                ("Ida Falk", "indirect", "the council would buy new lamps in April"),
            ],
        ),
    ],
)
def test_who_says_what(paragraphs, expected) -> None:
    assert sorted(_said(*paragraphs), key=str) == sorted(expected, key=str)


def _seconds(quotations: int) -> float:
    names = ("Ada Birtwell", "Ben Corran", "Cleo Dalby", "Dan Eastley", "Eve Gorse", "Finn Hollin", "Gwen Ibbot")
    lines = [
        f"Councillor {names[n % 7].split()[0]} {chr(65 + n % 26)}{names[n // 7 % 7].split()[1].lower()}"
        f"{'abcdefg'[n // 49 % 7]}, who sits on panel {n}, said: “We asked about lamp {n} and nobody knew.” "
        "She added that work was slow."
        for n in range(quotations)
    ]
    page = page_of("\n\n".join([FILLER, *lines]).encode(), "page.txt")
    best = 1e9
    for _ in range(2):
        started = time.process_time()
        made = read_quotes(page.paragraphs, ["Wexbury"])
        reported_recommendations(made)
        best = min(best, time.process_time() - started)
    assert sum(said.kind == "direct" for said in made.said) == quotations
    return best


def test_long_stories_take_time_in_proportion() -> None:
    _seconds(20)
    assert _seconds(640) < 9 * _seconds(160)
