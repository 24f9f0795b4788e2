"""A batch keeps its order and its documents, whatever its workers do."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ofsted_nlp import batch
from ofsted_nlp.records import Report, Source


def read(path: Path, *, findings: bool = True) -> Report:
    """A reader that follows the orders written in the file."""
    order = path.read_text()
    if order == "slow":
        time.sleep(0.3)
    if order == "kill":
        os._exit(9)
    if order == "kill in company" and not (path.parent / "tried").exists():
        (path.parent / "tried").touch()
        os._exit(9)
    if order == "raise":
        raise ValueError("a bug")
    return Report(Source(path.name, hashlib.sha256(order.encode()).hexdigest(), 1), framework=str(findings))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(8):
        (tmp_path / f"{number}.pdf").write_text("fine")
    return tmp_path


def outcome(reports: Iterator[Report]) -> list[tuple[str, str]]:
    return [(r.source.file, r.error.code if r.error else r.status) for r in reports]


ALL = [(f"{number}.pdf", "ok") for number in range(8)]


def test_paths_folders_and_patterns(folder: Path) -> None:
    (folder / "B.PDF").touch()
    (folder / "a.txt").touch()
    (folder / "c[1].pdf").touch()
    (folder / "empty").mkdir()
    (folder / "sub.pdf").mkdir()
    assert [p.name for p in batch.expand(folder)] == [*(f"{n}.pdf" for n in range(8)), "B.PDF", "c[1].pdf"]
    (folder / "2024").mkdir()
    (folder / "2024" / "z.pdf").write_bytes(b"")
    assert batch.expand(folder)[0] == folder / "0.pdf" and folder / "2024" / "z.pdf" in batch.expand(folder)
    assert batch.expand([folder / "3.pdf", str(folder / "a.txt")]) == [folder / "3.pdf", folder / "a.txt"]
    assert batch.expand(str(folder / "[12].p*")) == [folder / "1.pdf", folder / "2.pdf"]
    assert batch.expand(folder / "c[1].pdf") == [folder / "c[1].pdf"]
    none, lost, unmatched = batch.expand([folder / "empty", folder / "x.pdf", folder / "*.doc"])
    assert [r.status for r in (none, lost, unmatched)] == ["failed"] * 3
    assert [r.error.code for r in (none, lost, unmatched)] == ["no_documents", "not_found", "not_found"]
    assert [r.source for r in (none, lost)] == [Source("empty", "", 0), Source("x.pdf", "", 0)]
    assert str(folder / "empty") in none.error.message
    assert str(folder / "x.pdf") in lost.error.message


def test_processes_give_reports_in_order(folder: Path) -> None:
    (folder / "0.pdf").write_text("slow")
    seen: list[tuple[int, int]] = []
    made = batch.read_many(folder, jobs=2, reader=read, findings=False, progress=lambda n, of: seen.append((n, of)))
    reports = list(made)
    assert [(r.source.file, r.framework) for r in reports] == [(f"{n}.pdf", "False") for n in range(8)]
    assert seen == [(n, 8) for n in range(1, 9)]


def test_a_given_executor_does_the_work_and_stays_open(folder: Path) -> None:
    with ThreadPoolExecutor(3) as executor:
        reports = batch.read_many([folder / "nope.pdf", folder], executor=executor, reader=read)
        assert outcome(reports) == [("nope.pdf", "not_found"), *ALL]
        assert executor.submit(int, "3").result() == 3


def test_a_killer_costs_only_itself(folder: Path) -> None:
    (folder / "2.pdf").write_text("kill")
    (folder / "5.pdf").write_text("kill")
    expected = [(f, "reader_crashed" if f in ("2.pdf", "5.pdf") else "ok") for f, _ in ALL]
    reports = list(batch.read_many(folder, jobs=2, reader=read))
    assert outcome(iter(reports)) == expected
    assert reports[2].source.sha256 == hashlib.sha256(b"kill").hexdigest()
    assert str(folder / "2.pdf") in reports[2].error.message


def test_one_that_dies_in_company_is_read_alone(folder: Path) -> None:
    (folder / "2.pdf").write_text("kill in company")
    assert outcome(batch.read_many(folder, jobs=2, reader=read)) == ALL
    assert (folder / "tried").exists()


def test_an_error_of_the_worker_is_recorded(folder: Path) -> None:
    (folder / "2.pdf").write_text("raise")
    with ThreadPoolExecutor(2) as executor:
        reports = list(batch.read_many(folder, executor=executor, reader=read))
    assert outcome(iter(reports)) == [(f, "reader_crashed" if f == "2.pdf" else "ok") for f, _ in ALL]
    assert "ValueError: a bug" in reports[2].error.message


class Counting(Executor):
    """Runs at once and counts how many results nobody has fetched."""

    def __init__(self, fail_after: int | None = None) -> None:
        self.taken = 0
        self.fail_after = fail_after

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        if self.fail_after is not None and self.taken > self.fail_after:
            raise BrokenExecutor("gone")
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_the_look_ahead_is_bounded(folder: Path) -> None:
    executor = Counting()
    reports = batch.read_many([folder] * 10, executor=executor, jobs=2, reader=read)
    assert executor.taken == 0
    next(reports)
    assert executor.taken == 2 * batch.LOOK_AHEAD
    for _ in range(5):
        next(reports)
    assert executor.taken == 2 * batch.LOOK_AHEAD + 5
    reports.close()


def test_a_broken_executor_is_replaced(folder: Path) -> None:
    executor = Counting(fail_after=3)
    assert outcome(batch.read_many(folder, executor=executor, jobs=2, reader=read)) == ALL


def test_nothing_to_read() -> None:
    assert list(batch.read_many([])) == []


def test_a_script_without_a_guard_runs_once(folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from test_batch import read\n"
        "from ofsted_nlp.batch import read_many\n"
        f"print(len([r for r in read_many({str(folder)!r}, jobs=2, reader=read) if r.status == 'ok']))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("8\n", 0), done.stderr
