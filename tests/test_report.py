"""The whole way from the PDF of an invented report to its record, against the gold that stands beside it."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

import ofsted_nlp as ofs
from ofsted_nlp.errors import ReadingError
from ofsted_nlp.extraction.findings import findings
from ofsted_nlp.extraction.report import extract, read_or_record
from ofsted_nlp.extraction.sections import Section
from ofsted_nlp.frameworks import ALL
from ofsted_nlp.records import Block, BlockKind, Document, Polarity, Report, TextLine

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "sample"


def gold(name: str) -> dict[str, dict]:
    lines = (SAMPLES / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["file"]: row for row in map(json.loads, lines)}


FACTS = gold("facts")
LISTS = gold("recommendations")
DETAILS = gold("details")


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {name: ofs.read_report(SAMPLES / name) for name in FACTS}


@pytest.mark.parametrize("name", FACTS)
def test_facts_are_those_of_the_gold(reports, name):
    report, wanted = reports[name], FACTS[name]
    found = report.to_dict()["inspection"]
    assert report.framework == wanted["framework"]
    assert {j.code: j.grade for j in report.judgements} == wanted["judgements"]
    assert (found["start"], found["end"]) == (wanted["inspection_start"], wanted["inspection_end"])
    assert found["published"] == wanted["published"]
    assert found["lead_inspector"] == wanted["lead_inspector"]


@pytest.mark.parametrize("name", FACTS)
def test_every_absent_value_has_its_reason(reports, name):
    inspection = reports[name].inspection
    for value in ("start", "end", "published", "lead_inspector", "previous", "theme", "next_inspection"):
        assert (getattr(inspection, value) is None) == (value in inspection.absent), value


@pytest.mark.parametrize("name", LISTS)
def test_action_lists_are_those_of_the_gold(reports, name):
    found = [(r.kind, r.section, r.number, r.text, r.page) for r in reports[name].recommendations]
    wanted = [(i["kind"], i["section"], i["number"], i["text"], i["page"]) for i in LISTS[name]["items"]]
    assert found == wanted


@pytest.mark.parametrize("name", FACTS)
def test_findings_stand_where_they_say(reports, name):
    document = ofs.read_pdf(SAMPLES / name)
    report = reports[name]
    assert len(report.findings) >= 10
    assert len({f.id for f in report.findings}) == len(report.findings)
    for finding in report.findings:
        assert document.text[finding.start : finding.end] == finding.text
        assert document.block_at(finding.start).page_at(finding.start) == finding.page
        assert 0 < finding.score <= 1
        praises = finding.polarity is Polarity.STRENGTH or finding.clause(Polarity.STRENGTH) is not None
        assert (finding.strength is not None) == praises
        assert len(finding.clauses) in ((0, 2) if finding.polarity is Polarity.MIXED else (0,))
        for clause in finding.clauses:
            assert finding.start <= clause.start < clause.end <= finding.end
            assert document.text[clause.start : clause.end] == clause.text


def test_specials_of_a_joint_letter(reports):
    report, wanted = reports["marlshire-jtai-2024.pdf"], DETAILS["marlshire-jtai-2024.pdf"]
    assert report.inspection.theme == "serious youth violence"
    assert [(s.title, s.kind) for s in report.practice_studies] == [
        (s["title"], s["kind"]) for s in wanted["practice_studies"]
    ]
    assert len(report.headline_findings) == len(wanted["headline_findings"])


def test_specials_of_a_send_report(reports):
    report, wanted = reports["eastmere-send-2025.pdf"], DETAILS["eastmere-send-2025.pdf"]
    assert str(report.inspection.previous) == wanted["previous"]
    assert report.inspection.next_inspection == " ".join(wanted["next_inspection"])
    assert {r.text: r.responsible for r in report.recommendations if r.responsible} == wanted["responsible"]


@pytest.mark.parametrize("name", FACTS)
def test_the_record_survives_the_round_trip(reports, name):
    data = json.loads(json.dumps(reports[name].to_dict()))
    assert Report.from_dict(data) == reports[name]
    assert data["schema_version"] == 1
    assert data["framework"] in {framework.code for framework in ALL}


def test_no_sentence_is_a_finding_twice(reports):
    for name, report in reports.items():
        spans = sorted((finding.start, finding.end) for finding in report.findings)
        assert all(a[1] <= b[0] for a, b in pairwise(spans)), name


def test_like_sentences_of_a_document_have_ids_of_their_own():
    document = ofs.read_pdf(SAMPLES / "wexbury-ilacs-2024.pdf")
    block = next(b for b in document.body if b.kind is BlockKind.PARAGRAPH)
    text = "Visits to children are late. Visits to children are late! Visits to “children” are late."
    line = TextLine(block.lines[0].box, 0, len(text))
    twice = Block(BlockKind.PARAGRAPH, text, 0, len(text), (line,))
    part = Section("in_care", "authority", True, "", None, None, [twice])
    found = findings(Document(document.source, text, (twice,)), [part])
    assert len(found) == len({finding.id for finding in found}) == 3


def test_facts_alone_leave_the_findings_out():
    report = extract(ofs.read_pdf(SAMPLES / "wexbury-ilacs-2024.pdf"), findings=False)
    assert report.findings == () and report.figures == ()
    assert len(report.judgements) == 5 and len(report.recommendations) == 4


def test_minutes_are_not_taken_for_a_report():
    with pytest.raises(ReadingError) as caught:
        ofs.read_report(SAMPLES / "broken" / "minutes.pdf")
    assert caught.value.code == "not_a_report"
    record = read_or_record(SAMPLES / "broken" / "minutes.pdf")
    assert record.status == "failed" and record.error.code == "not_a_report" and len(record.source.sha256) == 64


def test_block_shows_its_page():
    document = ofs.read_pdf(SAMPLES / "wexbury-sif-2015.pdf")
    picture = next(b for b in document.body if b.page == 3).show(resolution=50)
    width, height = document.page_sizes[2]
    assert abs(picture.width - width * 50 / 72) <= 2 and abs(picture.height - height * 50 / 72) <= 2
    assert any(
        red > 240 and green > 220 and blue < 190 for _, (red, green, blue) in picture.convert("RGB").getcolors(1 << 20)
    )
