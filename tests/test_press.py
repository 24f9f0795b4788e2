"""Article pages: what is read of them, who says what, and how it is held against the report."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

import ofsted_nlp as ofs
from ofsted_nlp.errors import ReadingError, UsageError
from ofsted_nlp.extraction.article import extract_article
from ofsted_nlp.extraction.press.judgements import coded, reported_judgements
from ofsted_nlp.extraction.press.quoted import quoted
from ofsted_nlp.extraction.press.quotes import read_quotes
from ofsted_nlp.extraction.press.speakers import speaker_fields
from ofsted_nlp.reading.web import MAX_BYTES, page_of, read_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "corpus" / "sample" / "press"
FILLER = "Nobody in Wexbury had expected the inspectors of Ofsted to come back so soon, and many were glad of it. " * 3


def squeeze(text: str | None) -> str:
    return re.sub(r"\W+", " ", (text or "").lower()).strip()


def same(one: str, other: str) -> bool:
    """As the scorer of press annotations: alike to 85 of 100, or one holds the other of at least 30 characters."""
    one, other = squeeze(one), squeeze(other)
    held = min(len(one), len(other)) >= 30 and (one in other or other in one)
    return bool(one and other) and (fuzz.ratio(one, other) >= 85 or held)


def hits(gold: list[Any], got: list[Any], key: Any) -> list[tuple[Any, Any]]:
    used: set[int] = set()
    found = []
    for wanted in gold:
        for index, item in enumerate(got):
            if index not in used and key(wanted, item):
                used.add(index)
                found.append((wanted, item))
                break
    return found


def f1(hit: int, got: int, gold: int) -> float:
    return 2 * hit / (got + gold) if got + gold else 1.0


def scores(gold: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, float]:
    """F1 of each kind of record over all stories, and the share of flags that agree."""
    pairs = [
        (
            wanted,
            next(row for row in rows if row["source"]["file"] == wanted["file"] and row["story"] == wanted["story"]),
        )
        for wanted in gold
    ]
    counts: dict[str, list[int]] = {}
    agree = [0, 0]

    def add(name: str, hit: int, got: int, want: int) -> None:
        counts[name] = [a + b for a, b in zip(counts.get(name, [0, 0, 0]), (hit, got, want), strict=True)]

    for wanted, row in pairs:
        made = {(item["about"], item["grade"]) for item in row["judgements"]}
        meant = {(item["about"], item["grade"]) for item in wanted["reported_judgements"]}
        add("judgements", len(made & meant), len(made), len(meant))
        for kind in ("direct", "indirect"):
            said = [quote for quote in wanted["quotes"] if quote["kind"] == kind]
            read = [quote for quote in row["quotes"] if quote["kind"] == kind]
            found = hits(said, read, lambda a, b: same(a["text"], b["text"]))
            add(f"{kind} text", len(found), len(read), len(said))
            right = [squeeze(a["speaker"]).split()[-1:] == squeeze(b["speaker"]).split()[-1:] for a, b in found]
            add(f"{kind} speaker", sum(right), len(read), len(said))
            if kind == "direct":
                agree[0] += sum(a["in_report"] == b["in_report"] for a, b in found)
                agree[1] += len(found)
        numbered = [item for item in wanted["recommendations_reported"] if item["report_number"]]
        matched = [item for item in row["recommendations"] if item["report_number"]]
        found = hits(numbered, matched, lambda a, b: a["report_number"] == b["report_number"])
        add("recommendations", len(found), len(matched), len(numbered))
        near = hits(wanted["figures"], row["figures"], lambda a, b: abs(a["value"] - b["value"]) <= 0.02 * a["value"])
        add("figures", len(near), len(row["figures"]), len(wanted["figures"]))
        left = hits(
            wanted["excluded"], row["excluded"], lambda a, b: same(a["text"], b["text"]) and a["why"] == b["why"]
        )
        add("excluded", len(left), len(row["excluded"]), len(wanted["excluded"]))
    return {**{name: f1(*count) for name, count in counts.items()}, "flags": agree[0] / max(agree[1], 1)}


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    return json.loads((PAGES / "gold.json").read_text(encoding="utf-8"))["articles"]


@pytest.fixture(scope="module")
def articles(gold: list[dict[str, Any]], samples: Path) -> dict[str, ofs.Article]:
    return {name: ofs.read_article(PAGES / name, reports=samples) for name in sorted({g["file"] for g in gold})}


def test_sample_pages_are_read_as_their_gold_says(gold, articles):
    rows = [row for article in articles.values() for row in article.to_dicts()]
    assert [(row["source"]["file"], row["story"]) for row in rows] == sorted((g["file"], g["story"]) for g in gold)
    got = scores(gold, rows)
    least = {
        "judgements": 0.95,
        "direct text": 0.95,
        "direct speaker": 0.95,
        "indirect text": 0.9,
        "indirect speaker": 0.9,
        "recommendations": 0.95,
        "figures": 0.95,
        "excluded": 1.0,
        "flags": 0.95,
    }
    assert {name: value for name, value in got.items() if value < least[name]} == {}


def test_pages_say_what_they_are(gold, articles):
    for wanted in gold:
        article = articles[wanted["file"]]
        story = article.stories[wanted["story"] - 1]
        first, last = story.paragraphs
        page = article.page
        assert page.paragraphs[first].text.startswith(wanted["start"]), wanted["file"]
        assert page.paragraphs[last - 1].text.endswith(wanted["end"]), wanted["file"]
        assert (story.title, story.authority) == (wanted["title"], wanted["authority"])
        assert (page.site, page.byline, page.partial) == (wanted["site"], wanted["byline"], wanted["partial"])
        assert str(page.published) == wanted["published"]
        assert story.report is not None and story.report.file == wanted["report_file"]
        assert story.recommendation_count_claimed == wanted["recommendation_count_claimed"]


def test_every_record_points_to_its_words(articles):
    for article in articles.values():
        text = article.page.text
        for paragraph in article.page.paragraphs:
            assert text[paragraph.start : paragraph.end] == paragraph.text
        for story in article:
            for quote in story.quotes:
                span = squeeze(text[quote.start : quote.end])
                assert span.startswith(squeeze(quote.text)[:20]) and span.endswith(squeeze(quote.text)[-8:])
            for claim in (*story.strengths, *story.concerns, *story.planned_actions, *story.recommendations):
                assert text[claim.start : claim.end] == claim.text
            for figure in story.figures:
                assert text[figure.start : figure.end].strip() == figure.text


def test_what_the_wall_hides_is_not_read(articles):
    article = articles["eastmere-chronicle-2025.html"]
    assert "The wall hides" in (PAGES / "eastmere-chronicle-2025.html").read_text(encoding="utf-8")
    assert "wall hides" not in json.dumps(article.to_dicts())
    assert article.to_dicts()[0]["status"] == "partial"


def test_without_a_report_nothing_is_compared():
    article = extract_article(read_page(PAGES / "wexbury-gazette-2015.html"))
    (story,) = article.stories
    assert story.report is None
    assert {item.agrees_with_report for item in story.judgements} == {None}
    assert {item.in_report for item in (*story.quotes, *story.figures)} == {None}
    assert {item.report_number for item in story.recommendations} == {None}
    assert any("not known" in warning for warning in article.warnings)


def test_national_annotations_give_date_and_grades_without_any_pdf(tmp_path):
    text = (
        "Ofsted has judged children's services in Darlington to be inadequate.\n\n"
        "The report, published yesterday (Tuesday, 1 September 2015), found care leavers' services to be "
        "outstanding, while adoption was rated good.\n\n" + FILLER.replace("Wexbury", "Darlington")
    )
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    (story,) = ofs.read_article(path, reports=tmp_path).stories
    assert (story.authority, story.urn) == ("Darlington", 80458)
    assert story.report is not None and str(story.report.published) == "2015-09-01"
    assert {item.about: (item.agrees_with_report, item.report_grade) for item in story.judgements} == {
        "overall_effectiveness": (True, "inadequate"),
        "care_leavers": (False, "good"),
        "adoption": (True, "good"),
    }


@pytest.mark.corpus
def test_real_press_texts(corpus_reports: Path):
    shared = corpus_reports.parent.parent
    if not (shared / "gold" / "press.json").is_file():
        pytest.skip(f"no press texts with gold beside {corpus_reports.parent}")
    gold = json.loads((shared / "gold" / "press.json").read_text(encoding="utf-8"))["articles"]
    rows = [
        row
        for name in sorted({wanted["file"] for wanted in gold})
        for row in ofs.read_article(shared / "press" / name, reports=corpus_reports).to_dicts()
    ]
    assert sorted((r["source"]["file"], r["story"]) for r in rows) == sorted((g["file"], g["story"]) for g in gold)
    got = scores(gold, rows)
    assert got.pop("indirect text") >= 0.8 and got.pop("indirect speaker") >= 0.8
    assert {name: value for name, value in got.items() if value < 0.95} == {}
    assert {row["report"]["published"] for row in rows} == {"2015-09-01"}


def _said(*paragraphs: str) -> list[tuple[Any, str, str]]:
    page = page_of("\n\n".join([*paragraphs, FILLER]).encode(), "page.txt")
    reading = read_quotes(page.paragraphs, ["Wexbury"])
    return [(speaker_fields(said.speaker, "Wexbury City Council")[0], said.kind, said.text) for said in reading.said]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (
            ["Ida Falk, leader of the council, said: “We will learn from this. “We have begun.”"],
            [("Ida Falk", "direct", "We will learn from this. We have begun.")],
        ),
        (
            ['Ida Falk met Mr Tobias Renn. She said: "It was a long day."', 'He added: "And a cold one."'],
            [("Ida Falk", "direct", "It was a long day."), ("Tobias Renn", "direct", "And a cold one.")],
        ),
        (
            ["“We accept it,” said council chief executive Ida Falk. “We will act on it.”"],
            [("Ida Falk", "direct", "We accept it. We will act on it.")],
        ),
        (
            ["The decision was “long overdue”, a senior councillor has said.", "Ida Falk is leader of the opposition."],
            [("Ida Falk", "direct", "long overdue")],
        ),
        (
            ["Ida Falk, chief executive, admitted that many plans had been late.", "“We were too slow to see it.”"],
            [
                ("Ida Falk", "indirect", "many plans had been late"),
                ("Ida Falk", "direct", "We were too slow to see it."),
            ],
        ),
        (
            ["Plans are “written for the file and not for the child”.", "The report continued: “Visits are rare.”"],
            [
                ("the report", "direct", "written for the file and not for the child"),
                ("the report", "direct", "Visits are rare."),
            ],
        ),
        (
            ["Services were rated ‘inadequate’ and the “Signs of Safety” model was dropped, Ofsted found."],
            [("Ofsted", "indirect", "Services were rated ‘inadequate’ and the “Signs of Safety” model was dropped")],
        ),
    ],
)
def test_who_says_what(paragraphs, expected):
    assert _said(*paragraphs) == expected


def test_quotation_marks():
    text = "'It's the families' turn,' she said, and \"so it is\" – 'not yet"
    assert [text[q.start : q.end] for q in quoted(text)] == ["It's the families' turn,", "so it is"]
    assert not quoted("“It goes on")[0].closed


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Ofsted rated the council requires improvement overall, and good for adoption.",
         {"overall_effectiveness": "requires_improvement", "adoption": "good"}),
        ("The council, previously rated good, has been judged inadequate.", {"overall_effectiveness": "inadequate"}),
        ("It was rated good in 2012.", {}),
        ("There is good practice, and outcomes are good for many children.", {}),
        ("Leadership was graded ‘outstanding’ while help and protection requires improvement to be good.",
         {"impact_of_leaders": "outstanding", "help_and_protection": "requires_improvement"}),
        ("Inspectors found widespread and/or systemic failings in SEND services.", {"outcome": "systemic_failings"}),
    ],
)  # fmt: skip
def test_reported_judgements(sentence, expected):
    page = page_of(f"{sentence}\n\n{FILLER}".encode(), "page.txt")
    made = coded(reported_judgements(page.paragraphs), None, None)
    assert {item.about: item.grade for item in made} == expected


def test_a_text_with_two_stories_and_a_remark_below():
    text = (
        f"A COUNCIL leader has welcomed a report by Ofsted on the city of Wexbury.\n\n{FILLER}\n\nNEW HOMES PLAN\n\n"
        f"The Daily Wexbury:\n\nTHE county's tenants will have new kitchens by the spring, it was said.\n\n{FILLER}\n\n"
        "I have lived here forty years and nothing ever changes!!"
    )
    article = extract_article(page_of(text.encode(), "page.txt"))
    assert [story.title for story in article] == [None, "NEW HOMES PLAN"]
    assert [[item.why for item in story.excluded] for story in article] == [[], ["caption", "reader comment"]]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.html", b"", "empty"),
        ("a.html", b"%PDF-1.4 body", "not_text"),
        ("a.txt", bytes(range(256)) * 10, "not_text"),
        ("a.html", b"<html><body><p>Too short</p></body></html>", "not_an_article"),
        ("a.html", b"<html><body>" + b"<div>" * 20000 + b"x", "not_an_article"),
        (
            "a.html",
            b"<ul>" + b"<li><a href='x'>A headline of a story, one of many of them</a></li>" * 50,
            "not_an_article",
        ),
        ("a.html", b"<html>" + b"<p>a</p>" * 120_000, "too_large"),
        ("a.html", b"<p>" + b"x" * MAX_BYTES, "too_large"),
        ("a.txt", b"Ofsted said so. " * 20_000, "too_large"),
    ],
)
def test_bad_pages_have_typed_errors(tmp_path, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadingError) as caught:
        ofs.read_article(path)
    assert caught.value.code == code
    assert name in caught.value.message


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the hidden word is marzipan", encoding="utf-8")
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>'
        f"<html><body><article><h1>Title</h1><p>&leak; {FILLER}</p><p>{FILLER}</p></article></body></html>"
    )
    made = page_of(page.encode(), "page.html")
    assert "Wexbury" in made.text
    assert "marzipan" not in made.text


def test_damaged_metadata_does_no_harm():
    ld = '{"@graph": [[{"@type": 5, "author": {"name": {}}}], {"@type": "NewsArticle", "headline": ["x"]}]}'
    page = (
        f'<html><head><script type="application/ld+json">{ld}</script><script type="application/ld+json">'
        f'{"[" * 50_000}</script><meta property="article:published_time" content="2015-99-99"></head>'
        f"<body><article><h1>Title</h1><p>{FILLER}</p><p>{FILLER}</p></article></body></html>"
    )
    made = page_of(page.encode(), "page.html")
    assert (made.title, made.published) == ("Title", None)


def _run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ofsted_nlp.cli", "press", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
        env={**os.environ, "OFSTED_NLP_STORE": str(cwd / "none.duckdb"), "OFSTED_NLP_CONTACT": ""},
    )


def test_command(samples, tmp_path):
    bad = tmp_path / "empty.html"
    bad.touch()
    page = PAGES / "marlshire-mercury-2026.html"
    done = _run(str(page), str(bad), "--reports", str(samples), "--format", "jsonl", cwd=tmp_path)
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["source"]["file"], row["story"]) for row in rows] == [(page.name, 1), (page.name, 2)]
    keys = "source title published site authority report judgements quotes recommendations figures strengths concerns"
    assert {*keys.split(), "planned_actions", "excluded", "tone"} <= set(rows[0])
    assert "1 of 2 pages could not be read" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["https://news.example/story"], "--contact you@council.gov.uk"),
        (["ftp://news.example/story"], "should begin with https://"),
        (["*.nothing"], "No file matches"),
        (["page.html", "--reports", "nowhere"], "nowhere is no folder"),
    ],
)
def test_wrong_use_is_told_plainly(tmp_path, arguments, said):
    done = _run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


def test_reports_must_be_a_folder(tmp_path):
    with pytest.raises(UsageError):
        ofs.read_article(PAGES / "care-post-2024.html", reports=tmp_path / "none")
