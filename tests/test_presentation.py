"""Pages, tables and workbooks show the benchmark's own figures, escaped, and in the right types."""

import datetime
import io
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from rich.console import Console
from test_benchmark import DARLINGTON, report, reports

from ofsted_nlp.analysis.benchmark import benchmark
from ofsted_nlp.analysis.statistics import national_picture
from ofsted_nlp.errors import NotFoundError, ReadingError, UsageError
from ofsted_nlp.presentation.html import page_link
from ofsted_nlp.presentation.notebook import report_html
from ofsted_nlp.presentation.tables import report_tables
from ofsted_nlp.reading import evidence
from ofsted_nlp.records import Box, Failure, Finding, Polarity, Recommendation, Report, Source

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
    assert "Assessment 2 50% (median 0%) more than most more than in 6 of 6 33% 9.7% to 70%, 2 of 6" in text
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
    assert book.sheetnames == ["Summary", "Themes", "Timeline", "Peers", "Recommendations", "Findings", "Figures"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
    cells = {str(c.value): c for row in book["Recommendations"].iter_rows(min_row=2) for c in row}
    for text in ("=HYPERLINK(1)", "+44", "-3", "@sum"):
        assert cells[text].data_type == "s"
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
    assert [row[4] for row in rows] == [
        SCRIPT,
        "=1+1",
        "add the report file to see the sentence",
    ]


def test_an_empty_sheet_says_so(tmp_path):
    path = tmp_path / "book.xlsx"
    benchmark([report(DARLINGTON, grade=None)], "Darlington").to_xlsx(path)
    assert openpyxl.load_workbook(path)["Findings"]["A1"].value == "Nothing read"


def printed(thing):
    console = Console(width=200, file=io.StringIO(), color_system=None)
    console.print(thing)
    return console.file.getvalue()


def test_terminal_tables():
    text = printed(hostile())
    assert re.search(r"Assessment +3 +3 +100% +0% +more than most +33%", text)
    assert re.search(r"Gateshead +30 Jun 2021 +ILACS +Good", text)
    assert "Inspections of Darlington" in text and "no graded judgement" in text
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


def test_the_plot_has_a_bar_a_theme_on_either_side():
    figure = benchmark(reports(), "Darlington").plot()
    axes = figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["Assessment", "Adoption", "Homes and placements"]
    assert [round(bar.get_width(), 2) for bar in axes.patches] == [-0.5, 0, -0.25, 0, 0.25, 0]
    figure.savefig(io.BytesIO())
    with pytest.raises(NotFoundError, match="no findings of Darlington to plot"):
        benchmark([report(DARLINGTON)], "Darlington").plot()


@pytest.fixture
def pdf(tmp_path):
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 100)
    document.new_page(200, 100)
    path = tmp_path / "two.pdf"
    document.save(path)
    return path


def test_evidence_is_marked_on_the_page(pdf):
    picture = evidence.show(pdf, [Box(2, 50, 20, 150, 80), Box(1, 0, 0, 10, 10)], resolution=72)
    assert picture.size == (200, 100)
    assert picture.getpixel((100, 50)) != picture.getpixel((10, 50))
    assert picture.getpixel((5, 5))[:3] == (255, 255, 255)


def test_evidence_that_cannot_be_shown_says_why(pdf, tmp_path):
    with pytest.raises(UsageError, match="a page or at least one box"):
        evidence.show(pdf, [])
    with pytest.raises(NotFoundError, match="has 2 pages; there is no page 3"):
        evidence.show(pdf, [], page=3)
    with pytest.raises(NotFoundError, match="is not on disk"):
        evidence.show(tmp_path / "gone.pdf", [], page=1)
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no pdf at all")
    with pytest.raises(ReadingError, match=r"bad\.pdf cannot be opened as a PDF"):
        evidence.show(bad, [], page=1)
