"""Articles in the store: kept whole and once, compared with the reports known when they are asked for."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import ofsted_nlp as ofs
from ofsted_nlp.authorities import register
from ofsted_nlp.errors import StoreError
from ofsted_nlp.store import Store
from ofsted_nlp.store.schema import PRESS_TABLES
from ofsted_nlp.stories import (
    Article,
    Claim,
    CoveredReport,
    Excluded,
    Page,
    Paragraph,
    ParagraphKind,
    Quote,
    ReportedFigure,
    ReportedJudgement,
    ReportedRecommendation,
    Story,
)

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "corpus" / "sample" / "press"
DAY = datetime.date.fromisoformat
DARLINGTON = register().named("Darlington")


def article(number: int = 1, **page: Any) -> Article:
    """An invented article with something in every field."""
    text = f"Otters {number}\nThey thrive, said Ann."
    made = Page(
        file=f"{number}.html",
        sha256=f"{number:064x}",
        text=text,
        paragraphs=(
            Paragraph(0, ParagraphKind.HEADING, text[:8], 0, 8),
            Paragraph(1, ParagraphKind.PARAGRAPH, text[9:], 9, len(text), 1),
        ),
        excluded=(Excluded("reader comment", "Nonsense!", 1, 1),),
        url=f"https://news.example/{number}",
        title=f"Otters {number}",
        site="The Daily Otter",
        byline="Bo Bee",
        published=DAY("2022-10-20"),
        titles=("Otters", None),
        partial=True,
        warnings=("Only a part.",),
    )
    story = Story(
        number=1,
        title="Otters",
        authority="Darlington",
        urn=DARLINGTON.urn,
        report=CoveredReport("ab" * 32, DAY("2022-10-14"), "d.pdf", "good", True),
        judgements=(
            ReportedJudgement("overall_effectiveness", "good", "rated good", True, "good", 1, 9, 12),
            ReportedJudgement("adoption", "good", "good adoption", False, "inadequate"),
        ),
        quotes=(
            Quote("Ann", "keeper", None, "They thrive", "direct", False, 1, 9, 20),
            Quote(None, None, None, "it is so", "indirect"),
        ),
        recommendations=(ReportedRecommendation("Count.", 1, 0.75, 1, 9, 12), ReportedRecommendation("Sing.")),
        recommendation_count_claimed=2,
        figures=(ReportedFigure("94%", 94.5, "%", "otters", {"value": 90, "of": "2021"}, True, 1, 9, 12),),
        strengths=(Claim("They thrive", 1, 9, 20, ("workforce", "plans")),),
        concerns=(Claim("Otters drift", 1, 9, 20),),
        excluded=(Excluded("teaser", "More otters"),),
        tone="favourable",
        paragraphs=(0, 2),
    )
    return Article(replace(made, **page), (story, Story(2, None, None)), ("Not compared.",))


def sample(value: Any, depth: int = 0) -> Iterator[Any]:
    """Every dataclass within a value."""
    if is_dataclass(value):
        yield value
        for item in fields(value):
            yield from sample(getattr(value, item.name), depth + 1)
    elif isinstance(value, tuple):
        for item in value:
            yield from sample(item, depth + 1)


@pytest.fixture(scope="module")
def articles(samples: Path) -> list[Article]:
    return [ofs.read_article(path, reports=samples) for path in sorted(PAGES.glob("*.html"))]


def there_and_back(made: Article) -> Article:
    return Article.from_dict(json.loads(json.dumps(made.to_dict())))


def test_sample_pages_come_back_as_they_were(articles: list[Article]) -> None:
    assert len(articles) == 6
    for made in articles:
        assert there_and_back(made) == made


def test_every_field_comes_back() -> None:
    made = article()
    assert there_and_back(made) == made
    held = {type(item) for item in sample(made)}
    assert held == {
        Article, Page, Paragraph, Excluded, Story, CoveredReport, ReportedJudgement, Quote, ReportedRecommendation,
        ReportedFigure, Claim,
    }  # fmt: skip
    back = list(sample(there_and_back(made)))
    assert [type(item) for item in sample(made)] == [type(item) for item in back]
    for before, after in zip(sample(made), back, strict=True):
        for item in fields(before):
            assert type(getattr(before, item.name)) is type(getattr(after, item.name)), item.name


def test_any_text_comes_back() -> None:
    chance = random.Random(4)
    letters = "aé“”’\n\t\u2028<&>\\\"'\0😀 "
    for number in range(200):
        words = ["".join(chance.choices(letters, k=chance.randrange(12))) for _ in range(4)]
        day = DAY("2000-01-01") + datetime.timedelta(chance.randrange(20000))
        made = article(number, title=words[0] or None, site=words[1], text=words[2], published=day)
        quote = Quote(words[3], None, words[0], words[1], "direct", chance.choice([True, False, None]))
        story = replace(made.stories[0], quotes=(quote,) * chance.randrange(3), urn=chance.choice([None, 7]))
        made = replace(made, stories=(story,) * chance.randrange(4))
        assert there_and_back(made) == made


def test_what_is_not_known_is_passed_over_and_what_is_missing_gets_its_default() -> None:
    data = article().to_dict()
    data["new"] = data["page"]["new"] = data["stories"][0]["quotes"][0]["new"] = 1
    del data["stories"][1]["tone"], data["warnings"]
    made = Article.from_dict(data)
    assert made == replace(article(), warnings=())
    del data["page"]["sha256"]
    with pytest.raises(KeyError, match="sha256"):
        Article.from_dict(data)


@pytest.mark.corpus
def test_real_press_texts_come_back_as_they_were(corpus_reports: Path) -> None:
    texts = sorted((corpus_reports.parent.parent / "press").glob("*.txt"))
    if not texts:
        pytest.skip(f"no press texts beside {corpus_reports.parent}")
    for path in texts:
        made = ofs.read_article(path, reports=corpus_reports)
        assert there_and_back(made) == made


def test_an_article_is_kept_whole_and_once() -> None:
    made = article()
    with Store.open(":memory:") as store:
        assert store.add_article(made, extractor_version="1", source="feed", path="x.html") == "new"
        assert store.add_article(replace(made, warnings=()), extractor_version="1", source="other") == "unchanged"
        assert store.articles() == store.articles(DARLINGTON.urn) == [made]
        assert store.articles(1) == []
        assert store.article_hashes() == {made.page.sha256: "1"}
        assert store.article_counts() == {"articles": 1, "stories": 2}
        row = store.query("SELECT * FROM articles").iloc[0]
        assert (row["source"], row["site"], row["url"]) == ("feed", "The Daily Otter", "https://news.example/1")
        assert row["path"] == str(Path("x.html").resolve())
        story = store.query("SELECT * FROM stories WHERE number = 1").iloc[0].to_dict()
        assert story.pop("report_published").date() == DAY("2022-10-14")
        assert story == {
            "sha256": made.page.sha256, "number": 1, "urn": DARLINGTON.urn, "authority": "Darlington",
            "title": "Otters", "report_sha256": "ab" * 32, "report_grade": "good", "grade": "good",
            "tone": "favourable", "judgements": 2, "judgements_agreeing": 1, "judgements_differing": 1, "quotes": 2,
            "quotes_in_report": 0, "quotes_not_in_report": 1, "recommendations": 2, "recommendations_matched": 1,
            "figures": 1, "figures_in_report": 1, "figures_not_in_report": 0, "strengths": 1, "concerns": 1,
            "planned_actions": 0,
        }  # fmt: skip
        assert set(story) | {"report_published"} == set(PRESS_TABLES["stories"])


def test_a_newer_reader_replaces_and_what_is_known_of_the_page_stays() -> None:
    made = article()
    with Store.open(":memory:") as store:
        store.add_article(made, extractor_version="1.9", source="feed", path="x.html", compared_with="a")
        newer = replace(made, stories=made.stories[:1])
        assert store.add_article(newer, extractor_version="1.10") == "replaced"
        assert store.add_article(made, extractor_version="1.9") == "unchanged"
        (kept,) = store.kept_articles()
        assert (kept.article, kept.extractor_version, kept.source) == (newer, "1.10", "feed")
        assert (kept.path, kept.compared_with) == (str(Path("x.html").resolve()), "a")
        assert store.article_counts() == {"articles": 1, "stories": 1}


def test_a_page_takes_the_place_of_what_its_address_held_before() -> None:
    first, later = article(1), article(2)
    with Store.open(":memory:") as store:
        store.add_article(first, extractor_version="1", url="https://news.example/a")
        store.add_article(article(3), extractor_version="1", repeats=first.page.sha256)
        assert store.add_article(later, extractor_version="1", url="https://news.example/a") == "replaced"
        assert [kept.repeats for kept in store.kept_articles()] == [None, later.page.sha256]
        assert store.articles() == [later, article(3)]


def test_an_article_is_kept_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> dict[str, Any]:
        raise RuntimeError("power cut")

    with Store.open(":memory:") as store:
        store.add_article(article(), extractor_version="1")
        with monkeypatch.context() as patched:
            patched.setattr("ofsted_nlp.store.articles.story_row", broken)
            with pytest.raises(RuntimeError):
                store.add_article(article(), extractor_version="2")
            with pytest.raises(RuntimeError):
                store.add_article(article(2), extractor_version="2")
        assert store.article_hashes() == {article().page.sha256: "1"}
        assert store.article_counts() == {"articles": 1, "stories": 2}
        assert store.add_article(article(2), extractor_version="1") == "new"


def test_readers_cannot_write_articles(tmp_path: Path) -> None:
    Store.open(tmp_path / "s.duckdb").close()
    with (
        Store.open(tmp_path / "s.duckdb", read_only=True) as store,
        pytest.raises(StoreError, match="reading only"),
    ):
        store.add_article(article(), extractor_version="1")


def test_articles_show_themselves_escaped() -> None:
    script = "<script>alert(1)</script>"
    made = article(title=script, url="javascript:alert(1)", site=script)
    story = made.stories[0]
    quote = replace(story.quotes[0], text=script, speaker=script)
    made = replace(made, stories=(replace(story, quotes=(quote,), title=script, authority=script),), warnings=(script,))
    shown = made._repr_html_()
    assert "<script" not in shown and "javascript:" not in shown
    assert shown.count("&lt;script&gt;") >= 6
    assert "requires" not in shown and "Inadequate" in shown and "not in the report" in shown
    assert '<a href="https://news.example/1">' in article()._repr_html_()
    assert story._repr_html_() in article()._repr_html_().replace("\n\n", "\n") or "Overall" in story._repr_html_()
    assert repr(story) == (
        "<Story 1 Darlington, report of 2022-10-14: 2 judgements, 2 quotations, 2 recommendations, 1 figures, "
        "favourable>"
    )
    assert repr(made.stories[0]).count("\n") == 0
    assert repr(article().stories[1]).startswith("<Story 2 unknown authority, report not known:")
