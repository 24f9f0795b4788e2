"""The annotations hold facts and spans of reports, and nothing of their text."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest
from pyarrow import parquet

from ofsted_nlp.corpus import national
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import (
    Authority,
    Failure,
    Finding,
    Inspection,
    Judgement,
    Missing,
    Passage,
    Polarity,
    Recommendation,
    Report,
    Source,
    Strength,
)
from ofsted_nlp.training.national import main, renew

DAY = datetime.date.fromisoformat
WORDS = "Badgers hum quietly"
FULL = Report(
    source=Source("b.pdf", "bb" * 32, 9, "https://example.org/b", DAY("2021-05-01")),
    status="partial",
    warnings=(WORDS,),
    framework="jtai",
    authority=Authority(99001, 991, "E09999991", "Wexham"),
    inspection=Inspection(
        start=DAY("2021-03-01"),
        end=DAY("2021-03-05"),
        published=DAY("2021-04-30"),
        lead_inspector="Ann Other",
        previous=DAY("2016-01-01"),
        theme="neglect",
        next_inspection=WORDS,
        absent={"published": Missing.UNREADABLE},
    ),
    judgements=(
        Judgement("overall_effectiveness", "good", WORDS * 9, 1, WORDS),
        Judgement("care_leavers", "outstanding", "Care leavers", 2),
    ),
    previous_judgements=(
        Judgement("leadership", "good", "Leadership in Wexham is good", 3),
        Judgement("overall_effectiveness", "inadequate", "Overall", 3),
    ),
    recommendations=(
        Recommendation("priority_action", "partnership", "2", WORDS, 4, 10, 29, WORDS, WORDS, ("plans", "voice")),
    ),
    findings=(
        Finding("0123456789abcdef", 5, "body", WORDS, Polarity.STRENGTH, 0.8754, ("plans",), 40, 59, Strength(WORDS)),
        Finding("fedcba9876543210", 6, "body", WORDS, Polarity.CONCERN, 0.5, (), 60, 79, cluster=3),
    ),
    headline_findings=(Passage(WORDS, 1),),
)
LOST = Report(Source("a.pdf", "aa" * 32, 0), status="failed", error=Failure("html_page", f"/home/me/{WORDS}"))
CLUSTER = {
    "id": 4,
    "label": "Plans: hum",
    "polarity": "strength",
    "theme": "plans",
    "terms": ["hum"],
    "size": 1,
    "typical": ["0123456789abcdef"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    counts = national.write(
        [FULL, LOST],
        tmp_path / "national",
        extractor_version="7",
        cluster_of={"0123456789abcdef": 4},
        clusters=[CLUSTER],
    )
    assert counts == {"documents": 2, "judgements": 4, "recommendations": 1, "findings": 2, "clusters": 1}
    return tmp_path / "national"


def test_no_word_of_a_report_is_written(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        "clusters.parquet",
        "documents.parquet",
        "findings.parquet",
        "judgements.parquet",
        "recommendations.parquet",
    ]
    for file in files:
        assert "Badgers" not in str(parquet.read_table(file).to_pylist())
    columns = set(parquet.read_schema(folder / "findings.parquet").names)
    assert not columns & {"text", "subject", "named"}


def test_everything_else_comes_back(folder: Path) -> None:
    lost, full = national.reports(folder=folder)
    assert full == replace(
        FULL,
        warnings=(national.NO_TEXT,),
        inspection=replace(FULL.inspection, next_inspection=None),
        judgements=(
            Judgement("overall_effectiveness", "good", "", 1),
            Judgement("care_leavers", "outstanding", "Care leavers", 2),
        ),
        previous_judgements=(
            Judgement("leadership", "good", "", 3),
            Judgement("overall_effectiveness", "inadequate", "Overall", 3),
        ),
        recommendations=(
            Recommendation("priority_action", "partnership", "2", "", 4, 10, 29, None, None, ("plans", "voice")),
        ),
        findings=(
            replace(FULL.findings[0], text="", strength=None, cluster=4, score=pytest.approx(0.875)),
            replace(FULL.findings[1], text=""),
        ),
        headline_findings=(),
    )
    assert (lost.source, lost.status, lost.error.code) == (LOST.source, "failed", "html_page")
    assert national.clusters(folder) == [CLUSTER]


def test_documents_can_be_chosen(folder: Path) -> None:
    assert [r.source.file for r in national.reports(only={"bb" * 32, "cc" * 32}, folder=folder)] == ["b.pdf"]
    assert [r.findings for r in national.reports(findings=False, folder=folder)] == [(), ()]


def test_without_files_there_are_none(tmp_path: Path) -> None:
    assert not national.available(tmp_path)
    assert national.reports(folder=tmp_path) == []
    assert national.clusters(tmp_path) == []


def test_the_command_makes_them_from_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = replace(
        FULL,
        source=replace(FULL.source, url=None, published_on=None),
        authority=None,
        findings=tuple(
            Finding(
                f"{i:016x}", 5, "body", f"Badger {i} waits for ages.", Polarity.CONCERN, 0.9, ("early_help",), i, i + 9
            )
            for i in range(8)
        ),
    )
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "index.csv").write_text(
        "file,urn,authority,published,kind,title,url,sha256,bytes\n"
        f"b.pdf,80458,darlington,2021-05-01,la,x,https://example.org/b,{FULL.source.sha256},1\n"
    )
    records = tmp_path / "records.jsonl"
    records.write_text("".join(json.dumps(report.to_dict()) + "\n" for report in (LOST, bare)))
    sheet = tmp_path / "README.md"
    sheet.write_text("# Sheet\n<!-- counts -->\nold\n<!-- end of counts -->\nEnd\n")
    out = tmp_path / "out"
    main(["--corpus", str(corpus), "--records", str(records), "--out", str(out), "--datasheet", str(sheet)])
    lost, full = national.reports(folder=out)
    assert lost.source.file == "a.pdf"
    assert full.source == FULL.source
    assert full.authority is not None
    assert full.authority.name == "Darlington"
    (cluster,) = national.clusters(out)
    assert (cluster["theme"], cluster["polarity"], cluster["size"]) == ("early_help", "concern", 8)
    assert {finding.cluster for finding in full.findings} == {cluster["id"]}
    text = sheet.read_text()
    assert text.startswith("# Sheet\n<!-- counts -->\n|What|Number|")
    assert "|findings: concern|8|" in text
    assert "|of these failed|1|" in text
    assert text.endswith("\n<!-- end of counts -->\nEnd\n")
    assert "old" not in text


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds index"):
        main(["--corpus", str(tmp_path)])
    (tmp_path / "sheet.md").write_text("no marks")
    with pytest.raises(UsageError, match="no marks"):
        renew(tmp_path / "sheet.md", "|x|")


def test_the_package_carries_the_national_corpus() -> None:
    reports = national.reports()
    assert len(reports) == 601
    assert sum(report.status != "failed" for report in reports) == 597
    assert all(f.text == "" and f.strength is None for report in reports for f in report.findings)
    assert sum(len(report.findings) for report in reports) > 80_000
    assert sum(file.stat().st_size for file in national.FOLDER.iterdir()) < 8_000_000
    darlington = [r for r in reports if r.authority and r.authority.name == "Darlington"]
    assert {(r.framework, r.grade("overall_effectiveness"), r.inspection.end) for r in darlington} >= {
        ("sif", "inadequate", DAY("2015-07-16"))
    }
