"""All stories of an authority: who reported what, copies, the command, and pages that show it."""

from __future__ import annotations

import csv
import datetime
import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from coverage_samples import (
    ACTIONS,
    ENTRY,
    article,
    asked,
    bare,
    claim,
    grade,
    page,
    quote,
    report,
    story,
)
from test_corpus import OLD, OTHER

from ofsted_nlp.analysis.coverage import AuthorityCoverage, authority_coverage
from ofsted_nlp.analysis.coverage.balance import Balance, balance_sentence
from ofsted_nlp.analysis.coverage.stories import originals
from ofsted_nlp.cli import main
from ofsted_nlp.corpus import national
from ofsted_nlp.documents import Source
from ofsted_nlp.presentation.coverage import csv_rows, csv_text
from ofsted_nlp.stories import Article

REPORT, TEXT = report()
SHA = REPORT.source.sha256
LATER = replace(
    REPORT,
    source=Source("later.pdf", "b" * 64, 4, None, datetime.date(2018, 5, 1)),
    inspection=replace(REPORT.inspection, published=None),
)
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def told(name: str, site: str, day: str | None, *numbers: int, **more: Any) -> Article:
    """A page with one story that reports these recommendations."""
    words = [ACTIONS[number - 1].replace("Make sure", "The council must make sure") for number in numbers]
    where = page("Ofsted rated Northmere inadequate.", *words, name=name, site=site, day=day)
    parts: dict[str, Any] = {
        "judgements": (grade("overall_effectiveness", "inadequate"),),
        "recommendations": tuple(asked(where, text) for text in words),
        **more,
    }
    return article(where, story(REPORT, title=f"Title {name}", **parts))


def coverage(*articles: Article, repeats: dict[str, str] | None = None, **more: Any) -> AuthorityCoverage:
    return authority_coverage(ENTRY, articles, [REPORT, LATER], {SHA: TEXT}, repeats=repeats or {}, **more)


@pytest.fixture(scope="module")
def several() -> AuthorityCoverage:
    first, second = told("a", "Gazette", "2015-08-04", 1, 4), told("b", "Mercury", "2015-08-03", 1)
    undated = told("c", "Gazette", None, 2)
    copy = told("d", "Echo", "2015-08-06", 1)
    lost = article(page("Northmere", name="e", site="Blog", day="2016-01-01"), story(None, title="Lost"))
    return coverage(first, second, undated, copy, lost, repeats={copy.page.sha256: second.page.sha256})


def test_who_reported_what(several: AuthorityCoverage) -> None:
    (on,) = several.reports
    assert [one.page.file for one in on.stories] == ["b.html", "a.html", "c.html"]
    table = on.table.set_index(on.table["number"].fillna(on.table["text"]))
    assert list(on.sites) == ["Mercury", "Gazette"]
    assert table.loc["1", ["Mercury", "Gazette", "stories", "first", "delay"]].tolist() == [True, True, 2, "Mercury", 0]
    assert table.loc["4", ["Mercury", "Gazette", "stories", "first", "delay"]].tolist() == [
        False,
        True,
        1,
        "Gazette",
        1,
    ]
    assert table.loc["2", ["Mercury", "Gazette", "stories"]].tolist() == [False, True, 1]
    assert table.loc["3", "stories"] == 0
    assert table["first"].isna()["3"]
    assert table.loc["Adoption", ["kind", "findings", "page"]].tolist() == ["strengths", 2, 3]
    assert [point.number for point in on.left_out if point.kind == "recommendation"] == ["3"]
    assert on.first is not None
    assert (on.first.label, on.first.delay) == ("Mercury", 0)


def test_a_copy_is_counted_once_and_told(several: AuthorityCoverage) -> None:
    first = several.reports[0].stories[0]
    assert [(copy.site, copy.file) for copy in first.copies] == [("Echo", "d.html")]
    assert "Echo" not in several.reports[0].sites
    assert any("1 page with the same stories is not counted" in line for line in several.summary())
    alone = told("d", "Echo", "2015-08-06", 1)
    assert len(coverage(alone, repeats={alone.page.sha256: "0" * 64}).stories) == 1


def test_chains_and_rings_of_copies() -> None:
    pages = [told(name, name, None, 1) for name in "xyz"]
    x, y, z = (one.page.sha256 for one in pages)
    assert originals(pages, {z: y, y: x}) == {z: x, y: x}
    assert set(originals(pages, {x: y, y: x})) != {x, y, z}


def test_stories_of_an_unknown_report_and_silent_reports_are_listed(several: AuthorityCoverage) -> None:
    assert [one.story.title for one in several.unknown] == ["Lost"]
    assert [one.source.file for one in several.silent] == ["later.pdf"]
    said = " ".join(several.summary())
    assert "not known of 1 story: Lost (Blog, 1 January 2016)" in said
    assert "No story here covers 1 other report" in said


def test_stories_of_other_authorities_are_passed_over() -> None:
    where = page("Southmere was rated inadequate.")
    other = replace(story(REPORT), authority="Southmere", urn=2)
    assert coverage(article(where, other)).stories == []
    assert len(coverage(article(where, replace(other, authority="northmere", urn=None))).stories) == 1


def test_a_report_is_found_by_its_day_where_its_hash_is_not_known() -> None:
    one = told("a", "Gazette", None, 1)
    covered = replace(one.stories[0].report, sha256="c" * 64)  # type: ignore[type-var]
    found = coverage(replace(one, stories=(replace(one.stories[0], report=covered),)))
    assert [on.report.source.file for on in found.reports] == ["northmere.pdf"]


def test_without_words_the_table_says_not_compared() -> None:
    one = told("a", "Gazette", "2015-08-04", 1, strengths=())
    found = authority_coverage(ENTRY, [one], [bare(REPORT)], {}, repeats={})
    table = found.reports[0].table
    assert table[table.kind == "recommendation"]["Gazette"].isna().all()
    assert table[table.kind == "judgement"]["Gazette"].tolist() == [True, False, False]
    assert "cannot be told" in " ".join(found.summary())
    assert "not compared" in found.to_html()
    assert "not compared" in found.to_markdown()


def test_strengths_are_mentioned_by_theme_without_words() -> None:
    where = page("Adopters are prepared with great care.")
    praise = story(REPORT, strengths=(claim(where, "Adopters are prepared with great care", "adoption"),))
    found = authority_coverage(ENTRY, [article(where, praise)], [bare(REPORT)], {}, repeats={})
    table = found.reports[0].table.set_index("text")
    assert table.loc["Adoption", "stories"] == 1
    assert table[table.kind == "strengths"]["stories"].sum() == 1


def test_plain_data_frames_and_sentences(several: AuthorityCoverage) -> None:
    data = json.loads(json.dumps(several.to_dict()))
    assert data["reports"][0]["first"] == {"site": "Mercury", "published": "2015-08-03", "delay_days": 0}
    assert data["reports"][0]["stories"][0]["items"][0]["verdict"] == "in the report"
    assert data["unknown_report"][0]["title"] == "Lost"
    assert data["without_story"][0]["file"] == "later.pdf"
    assert len(several.items) == sum(len(one.items) for one in several.stories)
    assert set(several.table["report"]) == {datetime.date(2015, 8, 3)}
    assert repr(several) == "<AuthorityCoverage Northmere: 4 stories, 1 reports, 1 of an unknown report>"
    assert coverage().table.empty
    assert coverage().summary() == ["There is no article on Northmere here."]


@pytest.mark.parametrize(
    ("press", "said"),
    [
        (Balance(0, 0, {}), "no point was read"),
        (Balance(1, 1, {}), "too few to say"),
        (Balance(3, 3, {}), "about as critical as"),
        (Balance(0, 6, {}), "more critical than"),
        (Balance(6, 0, {}), "more favourable than"),
    ],
)
def test_the_balance_in_a_sentence(press: Balance, said: str) -> None:
    assert said in balance_sentence(press, Balance(10, 10, {}))


def hostile() -> AuthorityCoverage:
    where = page(f"The report says “{HOSTILE}”.", site=HOSTILE, name="h")
    where = replace(where, url=f"javascript:alert(3)//{HOSTILE}")
    one = story(REPORT, title=f"=1+1|{HOSTILE}", quotes=(quote(where, HOSTILE, "the report", "direct"),))
    two = story(None, title="[x](javascript:alert(4))\n# y", quotes=())
    pages = [article(where, one), article(page("x", name="i", site=HOSTILE), two)]
    return coverage(*pages, warnings=[HOSTILE])


def test_nothing_of_a_hostile_page_gets_into_html() -> None:
    found = hostile()
    on = found.reports[0]
    for shown in (
        found.to_html(),
        found._repr_html_(),
        on.to_html(),
        on._repr_html_(),
        on.stories[0].to_html(),
        on.stories[0]._repr_html_(),
    ):
        assert "alert(1)" in shown
        assert not {"<script", "<img", 'href="javascript'} & {part for part in ("<script", "<img", 'href="javascript')
                                                              if part in shown.lower()}  # fmt: skip


def test_nothing_of_a_hostile_page_gets_into_markdown_or_csv() -> None:
    found = hostile()
    for shown in (found.to_markdown(), found.reports[0].to_markdown(), found.reports[0].stories[0].to_markdown()):
        assert "<script>" not in shown.replace("\\<", "")
        assert "\n# y" not in shown
        assert "](javascript" not in shown.replace("\\]", "")
    rows = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert rows[0]["title"].startswith("'=1+1")
    assert len(rows) == len(csv_rows(found)) == 2


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Runs the command in this process, with an empty store and two annotated reports."""
    national.write([OLD, OTHER], tmp_path / "seed", extractor_version="1")
    monkeypatch.setattr(national, "FOLDER", tmp_path / "seed")
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "s.duckdb"))
    monkeypatch.delenv("OFSTED_NLP_REPORTS", raising=False)
    monkeypatch.delenv("OFSTED_NLP_CORPUS", raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ofsted-nlp", "coverage", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved page about the authority of the annotated reports; invented."""
    day = OLD.inspection.published or OLD.source.published_on or OLD.inspection.end
    filler = "Parents in the town told this paper that they had seen it coming for years and were glad it was out. " * 3
    path = tmp_path / "story.txt"
    path.write_text(
        f"Children's services in Darlington were rated inadequate by Ofsted in {day:%B %Y}\n\n"
        "Ofsted has rated children's services at Darlington Borough Council inadequate overall, a report shows.\n\n"
        f"{filler}\n\nThe council said it would read the report with care.\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(("format", "sign"), [("table", "- 1 story"), ("md", "# Darlington"), ("html", "<!DOCTYPE")])
def test_the_command_writes_each_format(run: Any, saved: Path, format: str, sign: str) -> None:
    code, out, _ = run("Darlington", saved, "--format", format)
    assert code == 0
    assert sign in out


def test_the_command_writes_data(run: Any, saved: Path, tmp_path: Path) -> None:
    code, out, _ = run("Darlington", saved, "--format", "json")
    assert code == 0
    data = json.loads(out)
    assert data["authority"]["name"] == "Darlington"
    assert len(data["reports"]) + len(data["unknown_report"]) == 1
    code, out, _ = run("Darlington", saved, "--format", "csv", "--out", tmp_path / "c.csv")
    assert (code, out) == (0, "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text(encoding="utf-8"))))
    assert [row["kind"] for row in rows][:1] == ["judgement"]


def test_the_command_says_what_is_wrong(run: Any, saved: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (("Darlingtn", saved), "Darlington"),
        (("Darlington",), "ofsted-nlp pull"),
        (("Leeds", saved), "No story on Leeds is on the pages named"),
        (("Darlington", tmp_path / "none.html"), "none.html"),
        (("Darlington", saved, "--report", "1999-01-01"), "There is no report"),
        (("Darlington", saved, "--report", "the last one"), "neither a date"),
        (("Darlington", saved, "--reports", tmp_path / "no"), "is no folder"),
        (("Darlington", saved, "--out", saved), "one of the pages"),
        (("Darlington", "https://example.org/a"), "is an address"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) in ((2, ""), (3, "")), (arguments, code, out)
        assert said in err, (arguments, err)
