"""The command line keeps its contracts: what goes to which stream, and which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_corpus import DARLINGTON, KNOWN, OLD, OTHER, read

from ofsted_nlp import __version__, batch
from ofsted_nlp.cli import main
from ofsted_nlp.corpus import corpus as corpus_module
from ofsted_nlp.corpus import national
from ofsted_nlp.records import Report

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command in this process, with an empty store, two annotated reports and a reader of our own."""
    national.write([OLD, OTHER], tmp_path / "seed", extractor_version="1")
    monkeypatch.setattr(national, "FOLDER", tmp_path / "seed")
    monkeypatch.setattr(corpus_module, "extractor_version", lambda: "1")
    monkeypatch.setattr(batch, "read_document", read)
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "s.duckdb"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ofsted-nlp", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pdfs = tmp_path / "pdfs"
    pdfs.mkdir()
    for name in KNOWN:
        (pdfs / name).write_text(name)
    return pdfs


def test_extract_writes_a_line_a_document_in_order(run: Run, folder: Path) -> None:
    code, out, err = run("extract", folder / "y.pdf", "--format", "jsonl")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert Report.from_dict(data) == OTHER
    assert {key: data[key] for key in ("schema_version", "status", "error", "framework")} == {
        "schema_version": 1,
        "status": "ok",
        "error": None,
        "framework": "ilacs",
    }
    assert data["authority"] == {"urn": 80453, "la_code": 816, "gss_code": "E06000014", "name": "York"}
    finding = data["findings"][0]
    assert (finding["page"], finding["polarity"], finding["themes"], finding["strength"]) == (
        1,
        "concern",
        ["early_help", "workforce"],
        None,
    )


def test_extract_leaves_out_unsure_findings_and_says_how_many(run: Run, folder: Path) -> None:
    code, out, err = run("extract", folder / "y.pdf", folder / "d-old.pdf", "--least-score", "0.99")
    rows = [json.loads(line) for line in out.splitlines()]
    missing = [row["findings_left_out"] for row in rows]
    assert code == 0 and sum(missing) > 0
    assert all(finding["score"] >= 0.99 for row in rows for finding in row["findings"])
    kept = sum(len(row["findings"]) for row in rows)
    assert kept + sum(missing) == sum(len(KNOWN[name].findings) for name in ("y.pdf", "d-old.pdf"))
    assert err == f"{sum(missing)} findings with a score below 0.99 are left out.\n"
    code, out, err = run("extract", folder / "y.pdf", "--least-score", "2")
    assert (code, out) == (2, "")
    assert err == "ofsted-nlp: A least score is between 0 and 1, not 2.0.\n"


def test_extract_lists_failures_and_goes_on(run: Run, folder: Path, tmp_path: Path) -> None:
    out_file = tmp_path / "r.jsonl"
    missing = folder / "gone.pdf"
    code, out, err = run("extract", folder, missing, folder / "y.pdf", "--jobs", 2, "--out", out_file)
    assert (code, out) == (1, "")
    lines = [json.loads(line) for line in out_file.read_text().splitlines()]
    assert [(line["source"]["file"], line["status"]) for line in lines] == [
        ("d-new.pdf", "ok"),
        ("d-old.pdf", "ok"),
        ("lost.pdf", "failed"),
        ("y.pdf", "ok"),
        ("gone.pdf", "failed"),
        ("y.pdf", "ok"),
    ]
    assert lines[4]["error"]["code"] == "not_found"
    assert err.splitlines() == [
        "2 of 6 documents could not be read:",
        "  lost.pdf: It is no PDF. (not_a_pdf)",
        f"  There is no file {missing}. Check the name and the folder. (not_found)",
    ]


def test_a_file_appears_only_when_whole(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out_file = tmp_path / "out" / "r.jsonl"
    code, _, err = run("extract", folder / "y.pdf", "--out", out_file)
    assert code == 2
    assert err == f"ofsted-nlp: {out_file} cannot be written: No such file or directory.\n"
    out_file.parent.mkdir()
    out_file.write_text("before")

    def cut(path: Path, *, findings: bool = True) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "read_document", cut)
    code, _, _ = run("extract", folder / "y.pdf", "--out", out_file)
    assert code != 0
    assert out_file.read_text() == "before"
    assert list(out_file.parent.iterdir()) == [out_file]
    monkeypatch.setattr(batch, "read_document", read)
    assert run("extract", folder / "y.pdf", "--out", out_file)[0] == 0
    assert json.loads(out_file.read_text())["source"]["file"] == "y.pdf"
    assert out_file.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def test_add_keeps_reports_and_repeats_failures(run: Run, folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    code, out, err = run("add", folder, "--jobs", 1)
    assert (code, out) == (1, f"3 new, 0 read again, 0 unchanged, 1 failed; store {store}\n")
    assert err == "1 of 4 documents could not be read:\n  lost.pdf: It is no PDF. (not_a_pdf)\n"
    code, out, err = run("add", folder)
    assert (code, out) == (1, f"0 new, 0 read again, 3 unchanged, 1 failed; store {store}\n")
    assert run("add", folder / "y.pdf")[0] == 0


def test_info(run: Run, folder: Path) -> None:
    run("add", folder / "d-new.pdf")
    code, out, _ = run("info", "--format", "json")
    facts = json.loads(out)
    assert code == 0
    assert (facts["version"], facts["documents"], facts["store"]["documents"], facts["last"]) == (
        __version__,
        3,
        1,
        "2022-10-14",
    )
    code, out, _ = run("info")
    assert code == 0
    assert "1 document (0 failed), 3 findings" in out
    assert "2015-07-16 to 2022-10-14" in out


def test_statistics(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("statistics", "--as-of", "2022-12-31", "--published-by", "2023-01-31", "--format", "json")
    data = json.loads(out)
    assert code == 0
    assert (data["as_of"], data["authorities"], data["good_or_outstanding"]["n"]) == ("2022-12-31", 2, 1)
    code, out, err = run("statistics", "--as-of", "christmas")
    assert (code, out, err) == (2, "", "ofsted-nlp: 'christmas' is not a date; write it as 2024-03-31.\n")


def test_benchmark_as_data(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("benchmark", "darlington", "--against", "York,Leeds", "--format", "json")
    data = json.loads(out)
    assert code == 0
    assert data["authority"]["name"] == DARLINGTON.name
    assert data["report"]["file"] == "d-old.pdf"
    code, out, err = run("benchmark", "Darlingtun")
    assert (code, out) == (2, "")
    assert err.startswith("ofsted-nlp: “Darlingtun” is not an English local authority")
    assert "Did you mean Darlington or Warrington?" in err


@pytest.mark.parametrize(("form", "start"), [("html", b"<!"), ("xlsx", b"PK")])
def test_benchmark_as_a_file(run: Run, folder: Path, tmp_path: Path, form: str, start: bytes) -> None:
    run("add", folder / "d-new.pdf")
    out_file = tmp_path / f"b.{form}"
    code, out, err = run("benchmark", "Darlington", "--against", "York", "--format", form, "--out", out_file)
    assert (code, out) == (0, ""), err
    assert out_file.read_bytes().startswith(start)


def test_benchmark_as_a_table(run: Run, folder: Path) -> None:
    run("add", folder / "d-new.pdf")
    code, out, _ = run("benchmark", "Darlington", "--against", "York")
    assert code == 0
    assert "Darlington" in out
    assert "Early help" in out


def test_clusters_of_a_file(run: Run, tmp_path: Path) -> None:
    rows = [
        {"id": str(i), "file": f"{i}.pdf", "text": f"Otter {i} waits.", "polarity": "concern", "themes": ["early_help"]}
        for i in range(8)
    ]
    rows.append({**rows[0], "id": "8", "polarity": "strength"})
    path = tmp_path / "f.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    code, out, _ = run("cluster", "--findings", path, "--format", "jsonl")
    made = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["finding_id"] for row in made] == [str(i) for i in range(9)]
    assert set(made[0]) >= {"finding_id", "file", "text", "cluster", "label", "probability"}
    code, out, _ = run("cluster", "--findings", path, "--polarity", "concern", "--format", "jsonl")
    assert len(out.splitlines()) == 8
    code, out, _ = run("cluster", "--findings", path)
    assert code == 0
    assert "Authorities" in out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"id": "1", "file": "a.pdf", "text": "Plans are clear."}\n{oops', "Line 2 of"),
        ("[1]", "Line 1 of"),
        ('{"id": "1", "file": "a.pdf"}', "Finding 1 has no text"),
        (None, "No such file"),
    ],
)
def test_bad_findings_are_a_sentence(run: Run, tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "f.jsonl"
    if content is not None:
        path.write_text(content)
    code, out, err = run("cluster", "--findings", path, "--format", "jsonl")
    assert (code, out) == (2, "")
    assert message in err


def test_clusters_of_the_store(run: Run, folder: Path) -> None:
    run("add", folder / "d-new.pdf")
    code, out, _ = run("cluster", "--polarity", "concern", "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(row["file"], row["text"]) for row in rows] == [
        ("d-old.pdf", ""),
        ("y.pdf", ""),
        ("d-new.pdf", "Otters drift."),
        ("d-new.pdf", "Otters nap."),
    ]


def test_a_locked_store_is_a_sentence(run: Run, folder: Path, tmp_path: Path) -> None:
    run("add", folder / "y.pdf")
    code = (
        f"import duckdb, sys; c = duckdb.connect({str(tmp_path / 's.duckdb')!r}); print('open', flush=True); "
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        code_, out, err = run("add", folder / "d-new.pdf")
        other.communicate("")
    assert (code_, out) == (3, "")
    assert f"in use by process {other.pid}" in err


@pytest.mark.parametrize(
    "arguments",
    [["extract"], ["statistics"], ["extract", "x.pdf", "--format", "xml"], ["extract", "x.pdf", "--jobs", "0"], ["no"]],
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error" in err


def test_an_input_is_never_overwritten(run: Run, folder: Path) -> None:
    before = (folder / "y.pdf").read_text()
    code, out, err = run("extract", folder, "--out", folder / "y.pdf")
    assert (code, out) == (2, "") and "one of the files to read" in err
    assert (folder / "y.pdf").read_text() == before


def test_an_interruption_is_a_sentence(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object, **keywords: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "read_many", interrupt)
    code, _, err = run("extract", folder)
    assert code == 130 and "interrupted" in err.lower()


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"ofsted-nlp {__version__}\n", "")


def test_a_closed_pipe_is_no_traceback(folder: Path) -> None:
    command = f"{sys.executable} -m ofsted_nlp.cli extract {' '.join(['nope.pdf'] * 3000)} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["source"]["file"] == "nope.pdf"
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_help_and_import_are_light() -> None:
    heavy = "{'spacy', 'sklearn', 'pandas', 'duckdb', 'matplotlib', 'pdfplumber', 'pyarrow', 'numpy'}"
    code = f"import sys, ofsted_nlp.cli, ofsted_nlp.corpus; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr
    begun = os.times()
    shown = subprocess.run([sys.executable, "-m", "ofsted_nlp.cli", "--help"], capture_output=True, text=True)
    ended = os.times()
    worked = ended.children_user + ended.children_system - begun.children_user - begun.children_system
    assert worked < 5, "seconds of the processor, not of the clock: a busy machine is no fault"
    for command in ("extract", "add", "benchmark", "statistics", "cluster", "info"):
        assert f"\n  {command} " in shown.stdout
