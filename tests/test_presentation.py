"""Pages, tables and workbooks show the benchmark's own figures, escaped, and in the right types."""

import datetime
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import openpyxl
import pytest
from rich.console import Console
from test_benchmark import DARLINGTON, report, reports
from typer.testing import CliRunner

import ofsted_nlp as ofs
from ofsted_nlp.analysis.benchmark import benchmark
from ofsted_nlp.analysis.clustering.clusters import Assignment, Cluster, Clustering
from ofsted_nlp.analysis.statistics import national_picture
from ofsted_nlp.cli import app
from ofsted_nlp.errors import UsageError
from ofsted_nlp.listings import Findings
from ofsted_nlp.presentation.benchmark_markdown import benchmark_markdown
from ofsted_nlp.presentation.html import page_link
from ofsted_nlp.presentation.notebook import clustering_html, report_html
from ofsted_nlp.presentation.tables import CLUSTERS_SHOWN, INSIGHTS, clustering_table, report_tables
from ofsted_nlp.records import Failure, Finding, Polarity, Recommendation, Report, Source

SCRIPT = "<script>alert('x')</script> & co"


class Outline(HTMLParser):
    """Open tags, headings and tables of a page; fails on tags that close in the wrong order."""

    VOID = ("meta", "br", "hr", "img", "link")

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.captions, self.headers = [], [], 0, []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.captions += tag == "caption"
        if tag == "th":
            self.headers.append(dict(attrs).get("scope"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def hostile():
    """A latest report whose texts try to be markup and formulas."""
    findings = tuple(
        Finding(f"f{i}", 3, "body", text, Polarity.CONCERN, 0.9, ("assessment",))
        for i, text in enumerate([SCRIPT, "=1+1", ""])
    )
    items = tuple(
        Recommendation("recommendation", "authority", str(i), text, 4, themes=("assessment",))
        for i, text in enumerate(["=HYPERLINK(1)", "+44", "-3", "@sum", "[bold]plain[/bold]"], 1)
    )
    made = report(DARLINGTON, "2023-01-31", recommendations=items)
    object.__setattr__(made, "findings", findings)
    object.__setattr__(made, "source", Source("a&b.pdf", "0" * 64, 9, url="https://files.example.org/1"))
    return benchmark([made, *reports()], "Darlington")


def test_the_page_is_well_formed_self_contained_and_escaped():
    page = hostile().to_html()
    outline = Outline(page)
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="en-GB">' in page
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("table") == outline.captions == 4
    assert set(outline.headers) == {"col", "row"}
    assert "script" not in outline.tags
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; co" in page
    assert not re.search(r"(?:src|@import|<link)", page)
    assert '<a href="https://files.example.org/1#page=3">page&nbsp;3</a>' in page
    assert "add the report file to see the sentence" in page


def test_the_page_shows_the_figures(tmp_path):
    result = benchmark(reports(), "Darlington")
    assert result.to_html(tmp_path / "page.html") is None
    page = result.to_html()
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Assessment 2 50% (median 0%) too few to tell more than in 6 of 6 33% 9.7% to 70%, 2 of 6" in text
    assert "no full inspection report at hand" in text
    assert "29 November 2024 Area SEND inspection no graded judgement" in text


def test_a_page_without_full_report_and_one_against_england():
    alone = benchmark([report(DARLINGTON, "2024-11-29", None, framework="send")], "Darlington").to_html()
    assert Outline(alone).tags.count("table") == 2
    assert benchmark(reports(), "Darlington", "england").to_html().count("<tr") > 152


@pytest.mark.parametrize("url", ["javascript:alert(1)", None, "file:///etc/passwd"])
def test_only_web_addresses_become_links(url):
    assert page_link(Report(Source("a.pdf", "0", 1, url)), 1) is None


def test_the_workbook_has_typed_cells_and_no_formulas(tmp_path):
    path = tmp_path / "book.xlsx"
    hostile().to_xlsx(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        *("Summary", "Authorities", "History", "Themes", "More or less", "Persistence", "Follow-up", "Timeline"),
        *("Recommendations", "Findings", "Named", "Figures", "Method"),
    ]
    for sheet in book:
        assert sheet.freeze_panes in ("A2", "E2")
        assert sheet.auto_filter.ref.startswith("A1:")
    cells = {str(c.value): c for row in book["Recommendations"].iter_rows(min_row=2) for c in row}
    for text in ("=HYPERLINK(1)", "+44", "-3", "@sum"):
        assert (cells[text].data_type, cells[text].quotePrefix) == ("s", True)
    timeline = book["Timeline"]
    assert timeline["A2"].value == datetime.datetime(2018, 3, 22)
    assert timeline["A2"].is_date
    header = [cell.value for cell in book["Themes"][1]]
    (row,) = [r for r in book["Themes"].values if r[0] == "Assessment" and r[2] == "concern"]
    values = dict(zip(header, row, strict=True))
    assert (values["Findings"], values["Share of findings"], values["Recommendations"]) == (3, 1.0, 5)
    assert values["neighbours: share"] == pytest.approx(1 / 3)
    heads, *rows = book["Findings"].values
    assert {row[heads.index("Sure")] for row in rows} == {"yes"}
    assert [row[heads.index("Concern in a mixed one")] for row in rows] == [None] * 3
    assert [row[heads.index("Text")] for row in rows] == [
        SCRIPT,
        "=1+1",
        "add the report file to see the sentence",
    ]
    place = book["Findings"].cell(2, heads.index("Source page") + 1)
    assert (place.value, place.hyperlink.target, place.hyperlink.location) == (
        "page 3",
        "https://files.example.org/1",
        "page=3",
    )


def test_an_empty_sheet_says_so(tmp_path):
    path = tmp_path / "book.xlsx"
    benchmark([report(DARLINGTON, grade=None)], "Darlington").to_xlsx(path)
    assert openpyxl.load_workbook(path)["Findings"]["A1"].value == "Nothing read"


def test_the_formats_of_a_benchmark_write_what_they_return(tmp_path):
    result = hostile()
    for name, save in (("b.md", result.to_markdown), ("b.csv", result.to_csv), ("b.html", result.to_html)):
        assert save(tmp_path / name) is None
        assert (tmp_path / name).read_text(encoding="utf-8") == save()


def test_markdown_takes_no_text_for_marks():
    page = benchmark_markdown(hostile())
    assert page.startswith("# Darlington beside its statistical neighbours\n\n- ")
    assert "[page 4](<https://files.example.org/1#page=4>): \\[bold\\]plain\\[/bold\\]" in page
    assert "<script>" not in page
    assert "| Gateshead | 30 June 2021 | ILACS | Good |" in page
    assert "| Assessment | 3 | [page 3](<https://files.example.org/1#page=3>) | 100% | 0% |" in page
    assert "no graded judgement" in page


def test_markdown_of_an_authority_without_full_report():
    alone = benchmark_markdown(benchmark([report(DARLINGTON, "2024-11-29", None, framework="send")], "Darlington"))
    assert "## Concerns by theme" not in alone and "## Timeline" in alone


def clustering():
    sizes = {number: 20 - number for number in range(CLUSTERS_SHOWN + 2)}
    clusters = tuple(
        Cluster(n, f"Assessment: [red]{n}", "concern", "assessment", (), size, ("Wexbury",), {2019: 1, 2021: 2}, ())
        for n, size in sizes.items()
    )
    return Clustering(clusters, (Assignment("f", "a.pdf", "", None, None, 0.0, "no_text", "concern"),))


def test_clusters_show_the_largest_and_what_is_in_none():
    text = printed(clustering_table(clustering()))
    assert f"Concerns: {CLUSTERS_SHOWN + 2} clusters, the {CLUSTERS_SHOWN} largest" in text
    assert re.search(r"0 +Assessment: \[red\]0 +20 +1 +2019 to 2021 +–", text)
    assert "In no cluster: 1 of 1 findings (1 no text)." in text
    page = clustering_html(clustering())
    assert Outline(page).tags.count("table") == 1
    assert page.count("<tr>") == CLUSTERS_SHOWN + 1


def test_one_cluster_shows_itself():
    words = {"label": "Front door [red]: <i>drift</i>", "terms": ("drift", "delay"), "typical": ("a1-7",)}
    made = replace(clustering().clusters[0], **words)
    table = printed(made.__rich__())
    assert f"Cluster {made.id}: Front door [red]" in table and "drift, delay" in table
    assert re.search(r"Findings +20", table) and "a1-7" in table
    page = made._repr_html_()
    assert "&lt;i&gt;drift" in page and "<i>" not in page and "drift, delay" in page


def test_lists_show_themselves():
    latest = hostile().latest
    assert re.search(r"3 +concern +90% +Assessment +<script>", printed(latest.concerns))
    assert "3 findings" in printed(Findings(latest.findings)) and latest.strengths == []
    assert re.search(r"Overall effectiveness +Good", printed(latest.judgements))
    assert "[bold]plain[/bold]" in printed(latest)
    for thing in (latest.concerns, Findings(latest.findings), latest.judgements, latest.findings[0]):
        assert "<script>" not in thing._repr_html_()
        Outline(thing._repr_html_())
    assert latest.findings == tuple(latest.findings) and latest.to_dict()["judgements"][0]["grade"] == "good"
    many = Findings(latest.findings * 10)
    assert "30 findings; the first 20 are shown" in many._repr_html_()


def printed(thing):
    console = Console(width=200, file=io.StringIO(), color_system=None)
    console.print(thing)
    return console.file.getvalue()


def test_terminal_tables():
    text = printed(hostile())
    assert re.search(r"Assessment +3 +3 +100% +0% +too few to tell +33%", text)
    assert re.search(r"Gateshead +30 Jun 2021 +ILACS +Good", text)
    assert "Inspections of Darlington" in text and "no graded judgement" in text
    found = hostile()
    assert INSIGHTS in text and found.insights[0][:60] in text
    assert INSIGHTS in found._repr_html_() and INSIGHTS in found.to_html()
    assert "[bold]plain[/bold]" in printed(report_tables(hostile().latest))
    picture = printed(national_picture(reports(), datetime.date(2024, 3, 31)))
    assert re.search(r"England +5 +7 +71%", picture)


def test_notebook_displays_are_escaped_and_well_formed():
    result = hostile()
    for html in (result._repr_html_(), report_html(result.latest), result.latest._repr_html_()):
        assert "<script>" not in html
        Outline(html)
    assert "a&amp;b.pdf" in report_html(result.latest)
    assert "Findings: 3, of them 0 strengths and 3 concerns" in report_html(result.latest)
    picture = national_picture(reports(), datetime.date(2024, 3, 31))
    assert "improved on the first judgement 1" in picture._repr_html_()
    failed = Report(Source("x.pdf", "0", 0), status="failed", error=Failure("empty", "The file is empty."))
    assert "Could not be read: The file is empty." in report_html(failed)


def test_export_writes_a_workbook_or_a_folder_of_csv(tmp_path, monkeypatch):
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "store.duckdb"))
    monkeypatch.setattr(ofs.Corpus, "reports", lambda self, as_of=None: reports())
    run = CliRunner().invoke(app, ["export", str(tmp_path / "all.xlsx"), "--as-of", "2020-12-31"])
    assert (run.exit_code, run.output) == (0, "")
    head, *body = openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True)["Authorities"].values
    row = next(dict(zip(head, row, strict=True)) for row in body if row[head.index("Authority")] == "Darlington")
    assert row["Overall effectiveness"] == "Requires improvement"
    run = CliRunner().invoke(app, ["export", str(tmp_path / "folder"), "--format", "csv"])
    assert run.output.count(".csv") == len(list((tmp_path / "folder").iterdir())) == 7
    for wrong, said in ((["x.ods"], "is no workbook"), ([str(tmp_path / "all.xlsx"), "--format", "csv"], "is a file")):
        with pytest.raises(UsageError, match=said):
            CliRunner().invoke(app, ["export", *wrong], catch_exceptions=False)
    with ofs.Corpus.open(":memory:") as corpus:
        corpus.to_xlsx(tmp_path / "again.xlsx", as_of="2020-12-31")
        assert corpus.plot("heat_map", wanted=3).axes[0].images
    assert "Authorities" in openpyxl.load_workbook(tmp_path / "again.xlsx", read_only=True).sheetnames


def test_benchmark_command_writes_csv_and_markdown(tmp_path, monkeypatch):
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "store.duckdb"))
    for name, start in (("csv", "Theme,Part of the service,As,"), ("md", "# Darlington beside its statistical")):
        run = CliRunner().invoke(app, ["benchmark", "Darlington", "--format", name, "--out", str(tmp_path / name)])
        assert run.exit_code == 0, run.output
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
