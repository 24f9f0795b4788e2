"""Whatever a folder holds, each file gets a record with a reason and an advice, and the batch goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from ofsted_nlp import batch
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.records import Report

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "corpus" / "sample"
BROKEN = SAMPLES / "broken"
GOOD = SAMPLES / "wexbury-ilacs-2024.pdf"
REAL = Path(os.environ.get("OFSTED_NLP_CORPUS", ROOT / "../shared/corpus")) / "reports"

REASONS = {
    "empty.pdf": ("empty_file", "Download it again"),
    "encrypted.pdf": ("encrypted_pdf", "without the password"),
    "html_page.pdf": ("html_page", "look for the report"),
    "image_only.pdf": ("no_text", "text recognition"),
    "minutes.pdf": ("not_a_report", "Check that it is the right file"),
    "random.pdf": ("not_a_pdf", "Check that it is the right file"),
    "truncated.pdf": ("damaged_pdf", "Download it again"),
}


def read(path: Path) -> Report:
    (report,) = batch.read_many(path)
    return report


@pytest.mark.parametrize("name", REASONS)
def test_a_bad_file_is_recorded_with_reason_and_advice(name: str) -> None:
    code, advice = REASONS[name]
    report = read(BROKEN / name)
    assert (report.status, report.source.file) == ("failed", name)
    assert report.source.sha256 == batch.content_hash(BROKEN / name)
    assert report.error is not None
    assert report.error.code == code
    assert name in report.error.message
    assert advice in report.error.message
    assert (report.findings, report.judgements, report.recommendations) == ((), (), ())


def test_every_sort_of_bad_file_has_a_sample() -> None:
    assert {path.name for path in BROKEN.iterdir()} == set(REASONS)


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF of 2,000 pages."""
    path = tmp_path_factory.mktemp("endless") / "endless.pdf"
    pdf = pdfium.PdfDocument.new()
    for _ in range(2000):
        pdf.new_page(595, 842)
    pdf.save(path)
    return path


def test_an_endless_pdf_is_refused(endless: Path) -> None:
    report = read(endless)
    assert report.error is not None
    assert report.error.code == "too_many_pages"
    assert "2000 pages" in report.error.message.replace(",", "")


def test_missing_paths_and_empty_folders_are_recorded(tmp_path: Path) -> None:
    reports = list(batch.read_many([tmp_path, tmp_path / "gone.pdf"]))
    assert [report.error and report.error.code for report in reports] == ["no_documents", "not_found"]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.7, 0.97, 0.999])
def test_a_download_cut_short_never_raises(tmp_path: Path, share: float) -> None:
    whole = GOOD.read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole[: int(len(whole) * share)])
    report = read(path)
    assert report.status in ("failed", "partial")
    assert report.error is not None or report.warnings


def test_the_batch_goes_on(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ofsted_nlp.cli", "extract", BROKEN, GOOD, tmp_path, "gone.pdf", "--jobs", "2"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    names = [*sorted(REASONS), GOOD.name, tmp_path.name, "gone.pdf"]
    assert [row["source"]["file"] for row in rows] == names
    by_name = {row["source"]["file"]: row for row in rows}
    assert by_name[GOOD.name]["status"] != "failed"
    assert by_name[GOOD.name]["findings"]
    failed = [name for name in names if by_name[name]["status"] == "failed"]
    assert failed == [name for name in names if name != GOOD.name]
    assert done.stderr.splitlines()[0] == f"{len(failed)} of {len(names)} documents could not be read:"
    listed = done.stderr.splitlines()[1:]
    assert len(listed) == len(failed)
    for name, line in zip(failed, listed, strict=True):
        error = by_name[name]["error"]
        assert error["message"] in line
        assert line.endswith(f"({error['code']})")
    assert "Traceback" not in done.stderr


def test_failures_are_stored_and_not_tried_again(tmp_path: Path) -> None:
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    first = corpus.add([BROKEN / "empty.pdf", BROKEN / "random.pdf", GOOD], jobs=1)
    assert (first.new, [item.code for item in first.failed]) == (1, ["empty_file", "not_a_pdf"])
    again = corpus.add([BROKEN / "empty.pdf", BROKEN / "random.pdf", GOOD], jobs=1)
    assert (again.new, again.unchanged, again.failed) == (0, 1, first.failed)


@pytest.mark.corpus
@pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not here (OFSTED_NLP_CORPUS)")
def test_web_pages_saved_as_reports() -> None:
    bad = [path for path in sorted(REAL.glob("*.pdf")) if not path.read_bytes()[:1024].lstrip().startswith(b"%PDF")]
    assert len(bad) == 4
    reports = [read(path) for path in bad]
    assert [report.error and report.error.code for report in reports] == ["html_page"] * 4
