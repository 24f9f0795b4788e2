"""Copies of a story are recognised however they were edited; other stories on the same report are not."""

from __future__ import annotations

import datetime
import hashlib
import random
import re
import time
from pathlib import Path

import pytest

from ofsted_nlp.extraction.press.alike import same_stories
from ofsted_nlp.reading.web import read_page
from ofsted_nlp.stories import Page, Paragraph, ParagraphKind

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "sample" / "press"
DAY = datetime.date(2024, 5, 1)
QUOTES = [
    '"Every child in Wexbury deserves a worker who stays, and we know that too many of them have had to tell their '
    'story again and again to somebody new," said Councillor Idris Fennimore.',
    "“We have listened to what the inspectors told us, we have put in another four million pounds, and we have asked "
    "our young people to sit on every interview panel from now on,” said the director, Morwenna Tate.",
    '"Nobody in this building will rest until the next inspectors who walk through the door see a service that each '
    'of us would be happy for our own children to use," she added.',
]
FIRST = [
    "A city council has been told by Ofsted that it must look after its teenagers better than it does now.",
    "Inspectors who came to Wexbury in March read the files of seventy children and sat in on meetings.",
    QUOTES[0],
    "Their report says that plans are too long and that few families can say what has to change before they end.",
    "It praises the fostering team, whose carers are visited each month and who rarely leave the service.",
    QUOTES[1],
    "The city has been given until the autumn to show what is different for young people leaving care.",
    QUOTES[2],
    "Four recommendations ask for better housing, shorter plans, steadier managers and a look at old cases.",
    "The full council will debate the findings at its meeting on the last Thursday of the month.",
]
SECOND = [
    "Trade unions say that the warning signs were there for years before inspectors arrived at the civic centre.",
    "Branch secretary Gethin Sorrell points to sickness among social workers, which doubled after the restructure.",
    QUOTES[0],
    "He wants a limit of sixteen cases for each worker and an end to the freeze on administrative posts.",
    QUOTES[1],
    "Ofsted's findings on leaving care are the third in nine years, and former residents of the hostel are angry.",
    QUOTES[2],
    "A petition for an independent review had gathered eleven thousand names by Tuesday night, organisers claim.",
]
LOCAL = (
    "The news comes in the week in which the paper's own appeal for the Quay Street youth club passed its first "
    "milestone, with gifts from readers in all parts of the city and from as far away as Norway."
)


def page(paragraphs: list[str], *, title: str = "A story", day: datetime.date | None = DAY, byline: str = "A") -> Page:
    made, at = [], 0
    for index, text in enumerate(paragraphs):
        made.append(Paragraph(index, ParagraphKind.PARAGRAPH, text, at, at + len(text)))
        at += len(text) + 1
    text = "\n".join(paragraphs)
    sha256 = hashlib.sha256(f"{title}{byline}{text}".encode()).hexdigest()
    return Page("p.html", sha256, text, tuple(made), title=title, published=day, byline=byline)


def edited(paragraphs: list[str], every: int) -> list[str]:
    """The paragraphs with one in so many words replaced."""
    count = 0

    def change(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"other{count}" if count % every == 0 else match[0]

    return [re.sub(r"[\w']+", change, text) for text in paragraphs]


@pytest.mark.parametrize(
    "copy",
    [
        page(FIRST, title="Quite another headline", byline="Somebody Else"),
        page(FIRST[:-1]),
        page(FIRST[:7]),
        page(FIRST[:5]),
        page([FIRST[0], LOCAL, *FIRST[1:]]),
        page([*FIRST, LOCAL, LOCAL.replace("news", "report")]),
        page([FIRST[0], *FIRST[2:4], *FIRST[5:]]),
        page([text.upper() if k == 0 else text.replace('"', "”") for k, text in enumerate(FIRST)]),
        page(edited(FIRST, 30)),
        page(edited(FIRST, 15)),
        page(edited(FIRST, 10)),
        page([*edited(FIRST, 25)[:-2], LOCAL]),
    ],
    ids=["headline", "cut by 1", "cut by 3", "cut to half", "local", "two added", "two dropped", "capitals", "1/30",
         "1/15", "1/10", "all at once"],
)  # fmt: skip
def test_a_copy_is_recognised(copy: Page):
    assert same_stories([page(FIRST), copy]) == [None, 0]


def test_other_stories_with_the_same_quotations_are_not():
    assert same_stories([page(FIRST), page(SECOND)]) == [None, None]


def test_a_later_story_that_takes_over_some_background_is_another():
    assert same_stories([page(FIRST), page([*SECOND, FIRST[1], FIRST[8]])]) == [None, None]


def test_a_story_written_anew_is_another():
    assert same_stories([page(FIRST), page(edited(FIRST, 4))]) == [None, None]


def test_sample_pages_on_one_report_are_different_stories():
    pages = [read_page(path) for path in sorted(SAMPLES.glob("*.html"))]
    assert same_stories(pages) == [None] * len(pages)
    assert same_stories([*pages, *pages]) == [None] * len(pages) + list(range(len(pages)))


def test_an_alert_of_a_few_lines_is_not_the_story_told_later():
    assert same_stories([page(FIRST[:1]), page(FIRST)]) == [None, None]


def test_short_texts_are_compared_whole():
    short = [FIRST[0], FIRST[1], QUOTES[0]]
    assert same_stories([page(short), page(short, title="Other"), page([FIRST[4], SECOND[0]])]) == [None, 0, None]
    assert same_stories([page([QUOTES[0]]), page([QUOTES[0], SECOND[0], SECOND[1]])]) == [None, None]


def test_the_earliest_is_the_original_whatever_the_order():
    late, early, undated = (
        page(FIRST, title=str(day), day=day) for day in (DAY + datetime.timedelta(days=1), DAY, None)
    )
    assert same_stories([late, early, undated]) == [1, None, 1]
    assert same_stories([undated, late, early]) == [2, 2, None]
    assert same_stories([early, undated, late]) == [None, 0, 0]
    same_day = [page(FIRST, title="x"), page(FIRST, title="y"), page(SECOND)]
    assert same_stories(same_day) == [None, 0, None]


def test_a_repeated_page_repeats_none_itself():
    pages = [page(edited(FIRST, 40 - k), title=str(k)) for k in range(5)] + [page(SECOND), page(SECOND[:-1])]
    found = same_stories(pages)
    assert found == [None, 0, 0, 0, 0, None, 5]
    assert all(found[number] is None for number in found if number is not None)


def test_none_and_one():
    assert same_stories([]) == []
    assert same_stories([page(FIRST)]) == [None]
    assert same_stories([page([""]), page([""], title="b")]) == [None, None]


def synthetic(count: int, *, copies: bool) -> tuple[list[Page], list[int | None]]:
    """Pages of made-up words with the same closing lines, every fifth a copy of an earlier one."""
    chance = random.Random(7)
    words = [f"w{k}" for k in range(4000)]
    closing = "This paper belongs to nobody and is printed on Tuesdays in the old works by the river bridge."
    pages: list[Page] = []
    wanted: list[int | None] = []
    originals: list[tuple[int, list[str]]] = []
    for number in range(count):
        if copies and number % 5 == 4:
            position, text = chance.choice(originals)
            pages.append(page([*edited(text, 20), closing], title=str(number)))
            wanted.append(position)
        else:
            text = [" ".join(chance.choices(words, k=60)) for _ in range(6)]
            originals.append((number, text))
            pages.append(page([*text, closing], title=str(number)))
            wanted.append(None)
    return pages, wanted


def test_two_thousand_pages_take_seconds():
    pages, wanted = synthetic(2000, copies=True)
    start = time.process_time()
    assert same_stories(pages) == wanted
    assert time.process_time() - start < 60


def test_a_story_that_a_thousand_papers_print_takes_seconds():
    pages = [page(edited(FIRST, 20 + k % 7), title=str(k)) for k in range(1000)]
    start = time.process_time()
    assert same_stories(pages)[1:] == [0] * 999
    assert time.process_time() - start < 60


def test_the_order_of_pages_changes_nothing_but_positions():
    pages, _ = synthetic(120, copies=True)
    dated = [
        Page(p.file, p.sha256, p.text, p.paragraphs, title=p.title, published=DAY + datetime.timedelta(days=k))
        for k, p in enumerate(pages)
    ]
    found = same_stories(dated)
    order = list(range(len(dated)))
    random.Random(3).shuffle(order)
    shuffled = same_stories([dated[k] for k in order])
    for place, original in enumerate(order):
        other = shuffled[place]
        assert found[original] == (None if other is None else order[other])
