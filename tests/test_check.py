"""Every kind of corruption is found by its code, and what can be mended by reading again is mended."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ofsted_nlp.batch import read_document
from ofsted_nlp.cli.commands import app
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.corpus.checking import CheckResult
from ofsted_nlp.corpus.exchange import export_store
from ofsted_nlp.errors import StoreError
from ofsted_nlp.extraction.report import EXTRACTOR_VERSION
from ofsted_nlp.records import Failure, Report
from ofsted_nlp.store import Store

REPORT, OTHER = "wexbury-ilacs-2024.pdf", "thornley-focused-visit-2024.pdf"
PAGE = "".join(
    (
        "<html><head><title>Otters inspected</title></head><body><article><h1>Otters inspected</h1>",
        *(
            f"<p>Ofsted said that Wexbury’s otters of pool {n} are good at swimming and at waiting.</p>"
            for n in range(9)
        ),
        "</article></body></html>",
    )
)


@pytest.fixture(scope="module")
def template(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two reports, an article, and the store that holds them."""
    home = tmp_path_factory.mktemp("template")
    for name in (REPORT, OTHER):
        shutil.copy(samples / name, home)
    (home / "page.html").write_text(PAGE, encoding="utf-8")
    corpus = Corpus.open(home / "s.duckdb", seed=False)
    for name in (REPORT, OTHER):
        corpus.add(home / name, jobs=1, strengths=True)
    corpus.add_articles(home / "page.html")
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A copy of it whose paths are its own."""
    made = tmp_path / "home"
    shutil.copytree(template, made)
    with Store.open(made / "s.duckdb") as store:
        for table in ("documents", "articles"):
            store.connection.execute(f"UPDATE {table} SET path = ? || file", [f"{made}/"])
    return made


def check(home: Path, **options: Any) -> CheckResult:
    return Corpus.open(home / "s.duckdb", seed=False).check(**options)


def codes(made: CheckResult) -> list[str]:
    return sorted(fault.code for fault in made.faults)


def content(home: Path) -> bytes:
    with Corpus.open(home / "s.duckdb", seed=False) as corpus:
        export_store(corpus._holdings, home / "export.zip")
    return (home / "export.zip").read_bytes()


def test_a_store_that_is_right_has_no_faults(home: Path) -> None:
    made = check(home)
    assert (made.documents, made.articles, made.opened, made.faults) == (2, 1, 3, ())
    assert check(home, files=False).opened == 0


def sql(text: str) -> Callable[[Path], None]:
    """A corruption of the rows of ``REPORT``; "{it}" stands for its hash."""

    def plant(home: Path) -> None:
        with Store.open(home / "s.duckdb") as store:
            (it,) = store.connection.execute("SELECT sha256 FROM documents WHERE file = ?", [REPORT]).fetchone() or (
                "",
            )
            for part in text.split(";"):
                store.connection.execute(part.replace("{it}", f"'{it}'"))

    return plant


PLANTED: dict[str, tuple[Callable[[Path], None], list[str], bool]] = {
    # what is planted, the codes it has with files, whether the store itself can tell
    "a word of a finding": (
        sql("UPDATE findings SET text = text || '!' WHERE sha256 = {it} AND position = 3"),
        ["findings_changed", "wrong_text"],
        True,
    ),
    "a score": (
        sql("UPDATE findings SET score = score / 2 WHERE sha256 = {it} AND position = 0"),
        ["findings_changed"],
        True,
    ),
    "a span": (
        sql("UPDATE findings SET span_start = span_start + 1, span_end = span_end + 1 WHERE sha256 = {it}"),
        ["findings_changed", "wrong_text"],
        True,
    ),
    "a span outside, without a digest": (
        sql(
            "UPDATE findings SET span_end = 99999999 WHERE sha256 = {it} AND position = 1;"
            "UPDATE documents SET digest = NULL WHERE sha256 = {it}"
        ),
        ["wrong_text"],
        False,
    ),
    "a page": (
        sql("UPDATE findings SET page = 99 WHERE sha256 = {it} AND position = 1"),
        ["findings_changed", "wrong_pages"],
        True,
    ),
    "a finding lost": (sql("DELETE FROM findings WHERE sha256 = {it} AND position = 2"), ["rows_differ"], True),
    "the last finding lost": (
        sql(
            "DELETE FROM findings WHERE sha256 = {it} AND position = "
            "(SELECT max(position) FROM findings WHERE sha256 = {it})"
        ),
        ["findings_changed"],
        True,
    ),
    "a finding twice": (
        sql("INSERT INTO findings SELECT * FROM findings WHERE sha256 = {it} AND position = 2"),
        ["rows_differ"],
        True,
    ),
    "a judgement": (
        sql("UPDATE judgements SET grade = 'outstanding' WHERE sha256 = {it} AND position = 0"),
        ["rows_differ"],
        True,
    ),
    "judgements lost": (sql("DELETE FROM judgements WHERE sha256 = {it}"), ["rows_differ"], True),
    "a recommendation": (
        sql("UPDATE recommendations SET text = 'Fly to the moon.' WHERE sha256 = {it} AND position = 0"),
        ["rows_differ", "wrong_text"],
        True,
    ),
    "a figure": (
        sql("UPDATE figures SET value = value + 1 WHERE sha256 = {it} AND position = 0"),
        ["rows_differ"],
        True,
    ),
    "a fact": (sql("UPDATE documents SET published = '1999-01-01' WHERE sha256 = {it}"), ["facts_differ"], True),
    "a record that is none": (
        sql("UPDATE documents SET record = 'cats' WHERE sha256 = {it}"),
        ["bad_record"],
        True,
    ),
    "the record of another": (
        sql(
            "UPDATE documents SET record = (SELECT record FROM documents WHERE sha256 <> {it} LIMIT 1) "
            "WHERE sha256 = {it}"
        ),
        ["bad_record"],
        True,
    ),
    "orphans": (
        sql("INSERT INTO findings SELECT * REPLACE (repeat('9', 64) AS sha256) FROM findings WHERE sha256 = {it}"),
        ["orphan_rows"],
        True,
    ),
    "an orphan without a hash": (
        sql("INSERT INTO figures (sha256, text) VALUES (NULL, 'nine')"),
        ["orphan_rows"],
        True,
    ),
    "a document's row lost": (sql("DELETE FROM documents WHERE sha256 = {it}"), ["orphan_rows"] * 4, True),
    "an old reader": (
        sql("UPDATE documents SET extractor_version = '0.1' WHERE sha256 = {it}"),
        ["stale_version"],
        True,
    ),
    "a crash": (
        sql("UPDATE documents SET error_code = 'reader_crashed' WHERE sha256 = {it}"),
        ["facts_differ", "reader_crashed"],
        True,
    ),
    "an article's record": (sql("UPDATE articles SET record = '[]'"), ["bad_record"], True),
    "an article's stories": (sql("UPDATE articles SET stories = 7"), ["rows_differ"], True),
    "an old article reader": (sql("UPDATE articles SET extractor_version = '0.1'"), ["stale_version"], True),
    "stories of nothing": (
        sql("INSERT INTO stories (sha256, number) VALUES (repeat('9', 64), 1)"),
        ["orphan_rows"],
        True,
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found_and_mended(home: Path, what: str) -> None:
    plant, expected, alone = PLANTED[what]
    before = content(home)
    plant(home)
    found = check(home)
    assert set(codes(found)) == set(expected)
    assert bool(check(home, files=False).faults) is alone
    mended = check(home, repair=True)
    assert mended.faults == ()
    assert sorted({fault.code for fault in mended.repaired}) == sorted(set(expected))
    if what == "a document's row lost":  # nothing says any more which file it was: it is added anew
        Corpus.open(home / "s.duckdb", seed=False).add(home / REPORT, jobs=1, strengths=True)
    assert content(home) == before


def test_a_file_that_changed_or_went_away_is_told_and_found_again(home: Path) -> None:
    kept = (home / REPORT).read_bytes()
    (home / REPORT).write_bytes(kept + b"\n")
    assert codes(check(home)) == ["file_changed"]
    assert codes(check(home, repair=True)) == ["file_changed"]
    (home / REPORT).unlink()
    assert codes(check(home)) == ["file_missing"]
    made = check(home, repair=True)
    assert (codes(made), made.repaired) == (["file_missing"], ())
    assert check(home, files=False).faults == ()
    (home / "reports").mkdir()
    (home / "reports" / REPORT).write_bytes(kept)  # where pulled reports lie
    assert check(home).faults == ()
    (home / "page.html").write_text("cats")
    assert codes(check(home)) == ["file_changed"]


def test_a_file_that_cannot_be_read_any_more(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ofsted_nlp.errors import ReadingError

    def fail(_: Path) -> None:
        raise ReadingError("It is damaged.")

    monkeypatch.setattr("ofsted_nlp.reading.pdf.read_pdf", fail)
    assert codes(check(home)) == ["unreadable", "unreadable"]


def test_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        check(tmp_path)
    assert caught.value.code == "no_store"


def test_the_command(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFSTED_NLP_STORE", str(home / "s.duckdb"))
    run = CliRunner()
    out = run.invoke(app, ["check"])
    assert (out.exit_code, out.stdout) == (
        0,
        "2 documents and 1 article pages looked at, 3 files opened: 0 faults.\n",
    )
    PLANTED["a judgement"][0](home)
    out = run.invoke(app, ["check", "--quiet"])
    assert out.exit_code == 1 and "(rows_differ)" in out.stderr and REPORT in out.stderr
    out = run.invoke(app, ["check", "--no-files", "--format", "json"])
    made = json.loads(out.stdout)
    assert (out.exit_code, made["counts"], made["faults"][0]["file"]) == (1, {"rows_differ": 1}, REPORT)
    out = run.invoke(app, ["check", "--repair"])
    assert out.exit_code == 0 and "0 faults, 1 repaired" in out.stdout
    assert run.invoke(app, ["check", "--quiet"]).output == ""


@pytest.mark.parametrize("code", ["reader_crashed", "time_limit", "memory_limit"])
def test_what_was_set_aside_is_told_and_read_again(home: Path, code: str) -> None:
    sha256 = whole_and_set_aside(home, code)
    assert codes(check(home, files=False)) == [code]
    made = check(home, repair=True)
    assert (made.faults, [fault.code for fault in made.repaired]) == ((), [code])
    with Store.open(home / "s.duckdb") as store:
        assert store.failure(sha256) is None


def whole_and_set_aside(home: Path, code: str) -> str:
    """Stores a report as one that stopped its reader; its SHA-256."""
    with Store.open(home / "s.duckdb") as store:
        (report,) = store.reports(where="file = ?", parameters=[REPORT])
        failed = Report(report.source, status="failed", error=Failure(code, "It stopped its reader."))
        store.add(failed, extractor_version=EXTRACTOR_VERSION, path=home / REPORT, again=True)
        return report.source.sha256


def test_a_document_that_stops_its_reader_does_not_stop_the_repair(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_and_set_aside(home, "reader_crashed")
    with Store.open(home / "s.duckdb") as store:
        store.connection.execute("UPDATE documents SET lead_inspector = 'An Otter' WHERE file = ?", [OTHER])
    monkeypatch.setenv("TEST_PROCESS", str(os.getpid()))
    monkeypatch.setattr("ofsted_nlp.corpus.checking.read_document", read_or_end)
    made = check(home, repair=True)
    assert codes(made) == ["reader_crashed"] and [fault.code for fault in made.repaired] == ["facts_differ"]


def test_a_record_is_not_lost_to_a_reader_that_stops(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(home / "s.duckdb") as store:
        store.connection.execute("UPDATE documents SET lead_inspector = 'An Otter' WHERE file = ?", [REPORT])
    monkeypatch.setenv("TEST_PROCESS", str(os.getpid()))
    monkeypatch.setattr("ofsted_nlp.corpus.checking.read_document", read_or_end)
    assert codes(check(home, repair=True)) == ["facts_differ"]
    assert all(report.error is None for report in Corpus.open(home / "s.duckdb", seed=False).reports())


def read_or_end(path: Path, *, findings: bool = True, strengths: bool = True) -> Report:
    """Reads, but for one file, which ends the process."""
    if path.name == REPORT:
        if os.environ["TEST_PROCESS"] == str(os.getpid()):
            raise AssertionError("it is read by the process that repairs")
        os._exit(9)
    return read_document(path, findings=findings, strengths=strengths)
