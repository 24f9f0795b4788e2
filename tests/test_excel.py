"""Workbooks read back: one value a cell, dates as dates, numbers as numbers, nothing that is taken for a formula."""

import csv
import datetime
import io

import openpyxl
import pytest
from test_benchmark import DARLINGTON, NEIGHBOURS, report, reports

from ofsted_nlp.analysis.benchmark import benchmark
from ofsted_nlp.authorities import register
from ofsted_nlp.presentation.excel import Link, Share, csv_text, link, write_workbook
from ofsted_nlp.presentation.excel_authorities import national_csv, national_sheets, national_workbook
from ofsted_nlp.presentation.export import benchmark_csv, benchmark_workbook
from ofsted_nlp.records import Inspection, Judgement, Report, Source

DAY = datetime.date(2024, 3, 31)
FORMULAS = ["=1+1", "\uff1d1+1", "\n=1", "+44 20", "-3", "@sum", "\t=2", '=HYPERLINK("https://example.org")']


def written(sheets, **options):
    buffer = io.BytesIO()
    write_workbook(buffer, sheets, title="Invented", **options)
    return openpyxl.load_workbook(buffer)


def rows(sheet):
    head, *body = sheet.values
    return [dict(zip(head, row, strict=True)) for row in body]


def named(sheet, name):
    return next(row for row in rows(sheet) if row["Authority"] == name)


def visit(entry, end, framework, grade=None, url=None, inspector=None):
    judged = (Judgement("outcome", grade, "Outcome", 1),) if grade else ()
    day = datetime.date.fromisoformat(end)
    return Report(
        Source(f"{entry.urn}-{framework}.pdf", "1" * 64, 5, url=url),
        framework=framework,
        authority=entry.authority,
        inspection=Inspection(start=day, end=day, lead_inspector=inspector),
        judgements=judged,
    )


def test_cells_keep_their_types_and_formulas_stay_text():
    cells = {"Text": "plain", "Day": DAY, "Count": 3, "Score": 0.25, "Share": Share(0.5), "Sure": True, "Gone": None}
    book = written({"One": [cells], "Two": [{"Text": text} for text in FORMULAS], "Three": []}, frozen={"One": 2})
    one = {cell.value: book["One"].cell(2, cell.column) for cell in book["One"][1]}
    assert (one["Day"].value, one["Day"].is_date) == (datetime.datetime(2024, 3, 31), True)
    assert [one[name].data_type for name in ("Text", "Count", "Score", "Share", "Sure")] == ["s", "n", "n", "n", "s"]
    assert (one["Share"].number_format, one["Score"].number_format) == ("0.0%", "General")
    assert (one["Sure"].value, one["Gone"].value) == ("yes", None)
    assert (book["One"].freeze_panes, book["Two"].freeze_panes) == ("C2", "A2")
    assert book["One"].auto_filter.ref == "A1:G2"
    kept = [book["Two"].cell(number, 1) for number in range(2, 2 + len(FORMULAS))]
    assert [cell.value for cell in kept] == FORMULAS
    long = written({"Long": [{"Text": "word " * 100}, {"Text": "short"}]})["Long"]
    assert [long.row_dimensions[n].height for n in (2, 3)] == [105.0, None]
    narrow, wide = written({"A": [cells], "B": [{str(n): "x" * 20 for n in range(40)}]}, frozen={"B": 2}).worksheets
    assert (narrow.sheet_properties.pageSetUpPr.fitToPage, wide.print_title_cols) == (True, "$A:$B")
    assert {(cell.data_type, cell.quotePrefix) for cell in kept} == {("s", True)}
    assert book["Three"]["A1"].value == "Nothing read"


def test_links_are_of_the_web_alone_and_long_texts_say_that_they_are_cut():
    assert link("javascript:alert(1)", "report") is link(None, "report") is link("file:///etc/passwd", "report") is None
    long = "x" * 40_000
    book = written({"One": [{"Report": link("https://example.org/1", "report"), "Text": long}]})
    cell = book["One"]["A2"]
    assert (cell.value, cell.hyperlink.target) == ("report", "https://example.org/1")
    assert book["One"]["B2"].value.endswith("(cut: a cell holds no more)")
    assert len(book["One"]["B2"].value) == 32_767


def test_csv_has_plain_values_and_no_formulas():
    given = [
        {"A": text, "B": DAY, "C": Share(1 / 3), "D": Link("https://example.org", "x"), "E": None} for text in FORMULAS
    ]
    found = list(csv.DictReader(io.StringIO(csv_text(given))))
    assert [row["A"] for row in found] == [f"'{text}" for text in FORMULAS]
    assert {(row["B"], row["C"], row["D"], row["E"]) for row in found} == {
        ("2024-03-31", "0.333333", "https://example.org", "")
    }


@pytest.fixture(scope="module")
def national():
    extra = [
        visit(DARLINGTON, "2024-11-29", "send", "inconsistent", "https://example.org/2", "Ann Ash and Ben Birch"),
        visit(DARLINGTON, "2019-05-01", "ilacs_focused_visit"),
        report(register().named("Cumbria"), "2022-05-01", "good"),
    ]
    buffer = io.BytesIO()
    given = [item for item in reports() if item.framework != "send"]
    national_workbook([*given, *extra], buffer)
    return openpyxl.load_workbook(buffer)


def test_the_national_workbook_has_a_row_an_authority(national):
    sheet = national["Authorities"]
    assert sheet.max_row == len(register().current()) + 1
    assert sheet.freeze_panes == "E2"
    row = named(sheet, "Darlington")
    assert (row["DfE code"], row["Ofsted URN"], row["ONS code"], row["Region"]) == (
        841,
        80458,
        "E06000005",
        "North East",
    )
    assert row["Inspection ended"] == datetime.datetime(2022, 10, 21)
    assert (row["Overall effectiveness"], row["Latest overall grade"]) == ("Good", "Good")
    assert (row["Overall grade before that"], row["Change"]) == ("Requires improvement", "better")
    assert (row["Concerns found"], row["Strengths found"], row["Share of concerns"]) == (3, 1, 0.75)
    assert row["Latest focused visit"] == datetime.datetime(2019, 5, 1)
    assert row["Area SEND outcome"] == "Inconsistent"
    assert [row[f"Neighbour {n}"] for n in (1, 10)] == [NEIGHBOURS[0].display_name, NEIGHBOURS[9].display_name]
    assert [row[f"Neighbour {n}: grade"] for n in (1, 5, 10)] == ["Good", "Inadequate", None]
    assert (row["Neighbours with a grade"], row["Neighbours good or outstanding"]) == (6, 4)
    assert named(sheet, "Kent")["Inspection ended"] is None


def test_history_judgements_and_themes(national):
    history = rows(national["History"])
    assert [row["Framework"] for row in history if row["Authority"] == "Cumbria"] == [
        "Children's services inspection (ILACS)"
    ]
    own = [row for row in history if row["Authority"] == "Darlington"]
    assert [row["Inspection ended"].year for row in own] == [2018, 2019, 2022, 2024]
    assert (own[-1]["Lead inspector"], own[-1]["Second lead inspector"]) == ("Ann Ash", "Ben Birch")
    judged = [row for row in rows(national["Judgements"]) if row["Authority"] == "Darlington"]
    assert [row["Grade"] for row in judged] == ["Requires improvement", "Good", "Inconsistent"]
    assert national["Judgements"].cell(2, 1).data_type == "n"
    concerns = named(national["Concerns"], "Darlington")
    assert (concerns["Assessment"], concerns["Homes and placements"], concerns["Adoption"]) == (2, 1, 0)
    assert named(national["Strengths"], "Darlington")["Adoption"] == 1
    assert named(national["Strengths"], "Kent")["Adoption"] is None


def test_every_cell_holds_one_value_of_a_plain_type(national):
    for sheet in national:
        for row in sheet.iter_rows(min_row=2, values_only=True):
            for value in row:
                assert value is None or isinstance(value, (str, int, float, datetime.datetime))
                assert not isinstance(value, str) or not value.startswith(("[", "(", "{", "array")), value


def test_the_national_sheets_as_of_a_day_and_as_csv(tmp_path):
    sheets = national_sheets(reports(), datetime.date(2020, 1, 1))
    row = next(row for row in sheets["Authorities"] if row["Authority"] == "Darlington")
    assert row["Overall effectiveness"] == "Requires improvement"
    assert row["Change"] is None
    assert [row["Authorities"] for row in sheets["Statistics"] if row["Area"] == "England"][:1] == [1]
    paths = national_csv(reports(), tmp_path / "out")
    assert [path.name for path in paths][:3] == ["about.csv", "authorities.csv", "history.csv"]
    with paths[1].open(encoding="utf-8-sig") as file:
        found = {row["Authority"]: row for row in csv.DictReader(file)}
    assert (found["Darlington"]["Inspection ended"], found["Darlington"]["DfE code"]) == ("2022-10-21", "841")


def test_the_benchmark_workbook_has_the_depth_of_the_benchmark():
    buffer = io.BytesIO()
    benchmark_workbook(benchmark(reports(), "Darlington"), buffer)
    book = openpyxl.load_workbook(buffer)
    assert [row["Authority"] for row in rows(book["Authorities"])] == [
        "Darlington",
        *[e.display_name for e in NEIGHBOURS],
    ]
    assert len(rows(book["History"])) == 3 + 6
    odds = {(row["Theme"], row["As"]): row for row in rows(book["More or less"])}
    assert odds["Assessment", "concern"]["Findings"] == 2
    assert odds["Assessment", "concern"]["Verdict"] == "too few to tell"
    assert {row["State"] for row in rows(book["Persistence"])} == {"new", "gone"}
    assert book["Follow-up"]["A1"].value == "Nothing read"
    assert rows(book["Method"])[0]["How it is made"] == "Darlington"


def test_the_benchmark_as_csv():
    found = list(csv.DictReader(io.StringIO(benchmark_csv(benchmark(reports(), "Darlington")))))
    row = next(row for row in found if (row["Theme"], row["As"]) == ("Assessment", "concern"))
    assert (row["Findings"], row["Share of findings"], row["Standing"]) == ("2", "0.5", "too few to tell")
