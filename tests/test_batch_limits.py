"""A document that hangs, takes all memory or kills its process costs only itself, and is set aside."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from batch_reader import documents, export, read
from test_cli import Run, run  # noqa: F401

from ofsted_nlp import batch
from ofsted_nlp.batch.guard import Guard, Reserve, can_be_sent
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.corpus.adding import quarantined
from ofsted_nlp.errors import StoreError, UsageError
from ofsted_nlp.records import Report
from ofsted_nlp.store import Store

STRICT = batch.Limits(seconds=3)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's figures are those of Linux")


def codes(reports: list[Report]) -> dict[str, str]:
    return {r.source.file: r.error.code for r in reports if r.error}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return documents(tmp_path / "pdfs", 8)


@linux
def test_bombs_and_killers_are_set_aside(folder: Path) -> None:
    for number, order in ((3, "bomb"), (4, "ask"), (6, "kill")):
        (folder / f"{number:03}.pdf").write_text(order)
    limits = batch.Limits(seconds=None, megabytes=300)
    reports = list(batch.read_many(folder, jobs=2, reader=read, limits=limits))
    assert [r.source.file for r in reports] == [f"{n:03}.pdf" for n in range(8)]
    assert codes(reports) == {"003.pdf": "memory_limit", "004.pdf": "memory_limit", "006.pdf": "reader_crashed"}
    bomb, killer = (reports[n].error.message for n in (3, 6))  # type: ignore[union-attr]
    assert "300 MB" in bomb
    assert "status 9" in killer and str(folder / "006.pdf") in killer


def test_a_hang_in_c_is_ended(folder: Path) -> None:
    (folder / "001.pdf").write_text("hang")
    reports = list(batch.read_many(folder, jobs=2, reader=read, limits=STRICT))
    assert codes(reports) == {"001.pdf": "time_limit"}
    hung = reports[1].error.message  # type: ignore[union-attr]
    assert str(folder / "001.pdf") in hung and "3 seconds, twice" in hung
    assert reports[1].source.sha256 == hashlib.sha256(b"hang").hexdigest()


def test_limits_hold_in_a_given_executor(folder: Path) -> None:
    (folder / "002.pdf").write_text("kill")
    (folder / "005.pdf").write_text("hang")
    with ThreadPoolExecutor(2) as executor:
        reports = list(batch.read_many(folder, executor=executor, reader=read, limits=STRICT))
    assert codes(reports) == {"002.pdf": "reader_crashed", "005.pdf": "time_limit"}


def test_a_passing_fault_leaves_no_trace(folder: Path) -> None:
    whole = list(batch.read_many(folder, jobs=2, reader=read))
    (folder / "002.pdf").write_text("once 1")
    reports = list(batch.read_many(folder, jobs=2, reader=read))
    assert (folder / "tried").exists()
    assert codes(reports) == {}
    assert [r for r in reports if r.source.file != "002.pdf"] == [r for r in whole if r.source.file != "002.pdf"]


def test_quarantine_is_kept_and_left_only_when_asked(folder: Path, tmp_path: Path) -> None:
    poison = folder / "002.pdf"
    poison.write_text("once 2")
    store = tmp_path / "s.duckdb"
    corpus = Corpus.open(store, seed=False)
    once = batch.Limits(tries=1)
    first = corpus.add(folder, jobs=2, reader=read, limits=once)
    assert (first.new, [item.code for item in first.failed]) == (7, ["reader_crashed"])
    with Store.open(store, read_only=True) as opened:
        assert [(item.file, item.code) for item in quarantined(opened)] == [("002.pdf", "reader_crashed")]
    for _ in range(2):
        again = corpus.add(folder, jobs=2, reader=never, limits=once)
        assert (again.new, again.unchanged, again.failed) == (0, 7, first.failed)
    asked = corpus.add(folder, jobs=2, reader=read, limits=once, retry_quarantined=True)
    assert (asked.new, asked.replaced, asked.unchanged, asked.failed) == (0, 1, 7, ())
    with Store.open(store, read_only=True) as opened:
        assert quarantined(opened) == ()
    assert b"002.pdf" in export(store)


def never(path: Path, *, findings: bool = True) -> Report:
    os._exit(3)


def test_a_quarantined_document_that_fails_again_is_tried_once_a_run(folder: Path, tmp_path: Path) -> None:
    (folder / "002.pdf").write_text("kill")
    (folder / "003.pdf").write_text("kill")
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    for asked in (False, True):
        made = corpus.add(folder, jobs=1, reader=read, retry_quarantined=asked)
        assert [(item.file, item.code) for item in made.failed] == [
            ("002.pdf", "reader_crashed"),
            ("003.pdf", "reader_crashed"),
        ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process that hangs outlives its parent")
def test_a_process_that_hangs_ends_with_the_one_that_started_it(folder: Path) -> None:
    (folder / "000.pdf").write_text("hang")
    script = (
        "import sys, threading, time; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; from batch_reader import read\n"
        "from ofsted_nlp.batch.guard import Guard, Limits\n"
        "guard = Guard(Limits(seconds=None))\n"
        "threading.Thread(target=guard.read, args=(read, Path(sys.argv[2]), True), daemon=True).start()\n"
        "while guard._process is None: time.sleep(0.01)\n"
        "print(guard._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    arguments = [sys.executable, "-c", script, str(Path(__file__).parent), str(folder / "000.pdf")]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    for _ in range(3000):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            break
        time.sleep(0.01)
    else:
        os.kill(child, 9)
        pytest.fail("the reading process goes on without its parent")


def test_limits_that_no_document_can_keep_condemn_none(samples: Path, tmp_path: Path) -> None:
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    with pytest.raises(UsageError, match="too low"):
        corpus.add(samples / "wexbury-ilacs-2024.pdf", limits=batch.Limits(megabytes=20))
    assert corpus.info()["store"]["documents"] == 0


def test_a_reader_that_cannot_be_imported_condemns_no_document(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lonely.py").write_text("def read(path, *, findings=True): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    import lonely  # type: ignore[import-not-found]

    (tmp_path / "lonely.py").write_text("raise ImportError('not today')\n")
    with pytest.raises(batch.ExecutorLostError, match="not today"):
        list(batch.read_many(folder, jobs=2, reader=lonely.read))


def test_a_batch_given_up_ends_its_processes(folder: Path) -> None:
    (folder / "001.pdf").write_text("hang")
    reports = batch.read_many(folder, jobs=2, reader=read, limits=batch.Limits(seconds=None))
    assert next(reports).source.file == "000.pdf"
    reports.close()  # would wait for ever otherwise


def test_a_process_without_work_is_started_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ofsted_nlp.batch.guard.IDLE_SECONDS", 0.01)
    guard = Guard(batch.Limits(tries=1))
    first = guard.read(read, folder / "000.pdf", True)
    assert guard._process is not None
    guard._process.wait(60)
    second = guard.read(read, folder / "001.pdf", True)
    guard.close()
    assert (first.error, second.error) == (None, None)


def test_the_commands_hold_limits_and_tell_of_quarantine(
    run: Run,  # noqa: F811
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "read_document", read)
    (folder / "003.pdf").write_text("hang")
    code, out, err = run("extract", folder, "--time-limit", "2", "--jobs", 2)
    assert code == 1 and "1 of 8" in err and "2 seconds, twice" in err and err.rstrip().endswith("(time_limit)")
    assert [json.loads(line)["status"] for line in out.splitlines()].count("ok") == 7
    code, out, _ = run("add", folder, "--time-limit", "2")
    assert code == 1
    assert "1 failed" in out and "1 of them is in quarantine" in out
    (told,) = json.loads(run("info", "--format", "json")[1])["quarantined"]
    assert (told["file"], told["code"]) == ("003.pdf", "time_limit")
    assert "003.pdf (time_limit)" in run("info")[1]
    (folder / "003.pdf").unlink()
    assert run("add", folder)[0] == 0
    code, out, err = run("add", folder, "--memory-limit", "-1")
    assert code == 2 and "Error" in err


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"megabytes": -1}, {"tries": 0}])
def test_limits_make_sense(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        batch.Limits(**wrong)


SCRIPT = """
from functools import partial
from ofsted_nlp import batch
from ofsted_nlp.records import Report, Source

def mine(path, *, findings=True, word=""):
    return Report(Source(path.name + word, "ab" * 32, 1))

"""


def script(folder: Path, call: str) -> subprocess.CompletedProcess[str]:
    """What a script says that reads the folder's documents with a reader of its own."""
    path = folder.parent / "script.py"
    path.write_text(f"{SCRIPT}FOLDER = {str(folder)!r}\n{call}")
    return subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=120, check=False)


READ = "for r in batch.read_many(FOLDER, jobs=1, reader=partial(mine, word='!')): print(r.source.file)"


def test_a_reader_of_the_script_with_fixed_arguments(folder: Path) -> None:
    ran = script(folder, f'if __name__ == "__main__":\n    {READ}')
    assert ran.stdout.splitlines() == [f"{n:03}.pdf!" for n in range(8)]


def test_a_script_that_reads_when_it_is_imported_is_told_so(folder: Path) -> None:
    ran = script(folder, READ)
    assert ran.returncode == 1 and 'if __name__ == "__main__"' in ran.stderr.splitlines()[-1]
    assert ran.stderr.count("Traceback") == 1  # that of the script itself


def test_a_reader_of_a_notebook_with_fixed_arguments_is_called_here(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = partial(read)
    assert can_be_sent(reader)
    monkeypatch.setattr(read, "__module__", "__main__")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", None, raising=False)
    monkeypatch.setattr(sys.modules["__main__"], "read", read, raising=False)
    assert not can_be_sent(reader)


def test_threads_that_ended_leave_no_process(folder: Path) -> None:
    reserve = Reserve()
    for number in range(3):
        thread = threading.Thread(
            target=reserve.read, args=(read, folder / f"{number:03}.pdf", True, batch.Limits(seconds=30))
        )
        thread.start()
        thread.join()
    assert len(reserve._all) == 1
    reserve.close()


def test_what_is_being_read_ends_when_a_report_cannot_be_stored(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    closed = []
    close = Reserve.close

    def closing(reserve: Reserve) -> None:
        closed.append(reserve)
        close(reserve)

    monkeypatch.setattr(Reserve, "close", closing)
    monkeypatch.setattr(Store, "add", add)
    with pytest.raises(StoreError) as caught:
        Corpus.open(tmp_path / "s.duckdb", seed=False).add(folder, jobs=2, reader=read)
    assert len(closed) == 1, caught  # while the error, and so the frames it went through, is still held
