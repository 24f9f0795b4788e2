"""Reports that are not on an authority's services, and what is written about reports, are read and not misread."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import ModuleType

import pytest
from documents import document
from other_reports import KINDS, pdf_of

from ofsted_nlp.analysis.inspections import FULL_FRAMEWORKS
from ofsted_nlp.analysis.statistics import national_picture
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.extraction.kind import kind_of
from ofsted_nlp.extraction.report import ELSEWHERE, extract, read_or_record
from ofsted_nlp.reading.pdf import read_pdf
from ofsted_nlp.records import Missing, Report

PLACE = next(iter(register())).name
ADDRESSED_TO_AN_AUTHORITY = {"old_send_letter"}


@pytest.fixture(scope="module")
def folder(sample_builder: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("others")
    for name, text in KINDS.items():
        (made / f"{name}.pdf").write_bytes(pdf_of(text, PLACE, sample_builder))
    return made


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[str, Report]:
    return {name: read_or_record(folder / f"{name}.pdf") for name in KINDS}


def test_there_are_many_kinds() -> None:
    assert len(KINDS) >= 20


@pytest.mark.parametrize("name", KINDS)
def test_it_is_read_and_of_no_framework(name: str, folder: Path, reports: dict[str, Report]) -> None:
    report, read = reports[name], read_pdf(folder / f"{name}.pdf")
    assert (report.status, report.error, report.framework) == ("partial", None, "other")
    assert report.findings, "its sentences are read"
    for finding in report.findings:
        assert " ".join(read.text[finding.start : finding.end].split()) == finding.text
        assert 1 <= finding.page <= report.source.pages


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_read_into_it(name: str, reports: dict[str, Report]) -> None:
    report = reports[name]
    assert report.judgements == () and report.previous_judgements == ()
    if name in ADDRESSED_TO_AN_AUTHORITY:
        assert report.authority is not None and report.authority.name == PLACE
        return
    assert report.authority is None
    assert report.recommendations == ()
    assert report.warnings == (ELSEWHERE,)
    assert report.inspection.published is None and report.inspection.previous is None
    assert {finding.section for finding in report.findings} == {"document"}


def test_when_a_school_was_inspected_is_generic(reports: dict[str, Report]) -> None:
    inspection = reports["ungraded_school"].inspection
    assert (inspection.start, inspection.end) == (datetime.date(2025, 1, 14), datetime.date(2025, 1, 15))
    assert inspection.absent["published"] is Missing.NOT_IN_FRAMEWORK


def test_statistics_and_benchmarks_pass_them_by(reports: dict[str, Report]) -> None:
    assert national_picture(reports.values(), datetime.date(2026, 1, 1)).authorities == 0
    assert not any(report.framework in FULL_FRAMEWORKS for report in reports.values())


def test_in_a_store_they_change_no_statistics(folder: Path, tmp_path: Path) -> None:
    with Corpus.open(tmp_path / "s.duckdb") as corpus:
        before = corpus.statistics(as_of="2025-03-31").to_dict()
        added = corpus.add(folder, jobs=1)
        assert added.new == len(KINDS) and not added.failed
        assert corpus.statistics(as_of="2025-03-31").to_dict() == before


def test_an_excerpt_of_a_letter_is_still_one() -> None:
    letter = document(
        ("heading", 1, "Focused visit to Fernshire children’s services"),
        ("paragraph", 1, "Inspectors looked at the front door. " * 60),
        ("paragraph", 2, "Yours sincerely, Owen Dray, His Majesty’s Inspector"),
    )
    assert kind_of(letter).code == "ilacs_focused_visit"


@pytest.mark.parametrize(
    "title",
    [
        "Ofsted Annual Report 2024/25: inspection of local authority children’s services",
        "Self-evaluation for the inspection of local authority children’s services",
        "Press statement: inspection of Fernshire local authority children’s services",
        "Guidance for inspection of local authority children’s services",
        "Inspecting local authority children’s services",
        "Report of the Director of Children’s Services: joint targeted area inspection of Fernshire",
        "Post-inspection improvement plan",
        "Local area SEND inspection in Fernshire",
        "Joint targeted area inspections: thematic report",
    ],
)
def test_what_is_written_about_inspections_is_told_by_its_title(title: str) -> None:
    paper = document(
        ("heading", 1, title),
        ("table_row", 1, "The impact of leaders on social work practice with children and families\tGood"),
        ("paragraph", 1, "His Majesty’s Inspectors made a focused visit to Fernshire. Ofsted’s letter is attached."),
    )
    assert kind_of(paper).code == "other"
    assert extract(paper, findings=False).judgements == ()
