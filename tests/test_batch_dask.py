"""A Dask cluster reads as one machine does, also when one of its workers is killed."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest
from batch_reader import documents, export, read

from ofsted_nlp import batch
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.errors import MissingExtraError

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed: pip install -e .[dask]"
)
LIMITS = batch.Limits(seconds=30, megabytes=500)


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Executor, int]]:
    with batch.dask_executor("local", 2) as made:
        yield made


def test_a_worker_killed_in_mid_run_changes_nothing(cluster: tuple[Executor, int], tmp_path: Path) -> None:
    executor, workers = cluster
    assert workers == 2
    folder = documents(tmp_path / "pdfs", 60, "slow")
    Corpus.open(tmp_path / "whole.duckdb", seed=False).add(folder, jobs=1, reader=read)
    processes = executor._client.run(os.getpid)  # type: ignore[attr-defined]
    assert len(set(processes.values())) == 2
    killed = []

    def kill(done: int, total: int) -> None:
        if done == 5:
            process = next(iter(processes.values()))
            os.kill(process, signal.SIGKILL)
            killed.append(process)

    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    made = corpus.add(folder, executor=executor, jobs=2, reader=read, limits=LIMITS, progress=kill)
    assert (len(killed), made.new, made.failed) == (1, 60, ())
    assert export(tmp_path / "s.duckdb") == export(tmp_path / "whole.duckdb")


def test_a_local_cluster_is_for_this_machine_alone(cluster: tuple[Executor, int]) -> None:
    psutil = pytest.importorskip("psutil")
    made = psutil.Process()
    listening = [
        item.laddr.ip
        for process in (made, *made.children(recursive=True))
        for item in process.net_connections()
        if item.status == "LISTEN"
    ]
    assert listening and set(listening) == {"127.0.0.1"}


def test_workers_of_a_local_cluster_leave_interruptions_to_the_program(cluster: tuple[Executor, int]) -> None:
    handlers = cluster[0]._client.run(signal.getsignal, signal.SIGINT)  # type: ignore[attr-defined]
    assert handlers and set(handlers.values()) == {signal.SIG_IGN}


def test_limits_hold_on_its_workers(cluster: tuple[Executor, int], tmp_path: Path) -> None:
    executor, _ = cluster
    folder = documents(tmp_path / "pdfs", 6)
    (folder / "002.pdf").write_text("kill")
    reports = list(batch.read_many(folder, executor=executor, jobs=2, reader=read, limits=LIMITS))
    assert [r.source.file for r in reports if r.error] == ["002.pdf"]
    assert reports[2].error is not None and reports[2].error.code == "reader_crashed"


def test_a_document_that_kills_its_worker_comes_as_failed(cluster: tuple[Executor, int], tmp_path: Path) -> None:
    """Without limits the worker itself reads; the cluster gives such a document up after some workers.

    What is on those workers at the same time may be given up with it, so only what is never lost is asked for.
    """
    executor, _ = cluster
    folder = documents(tmp_path / "pdfs", 3)
    (folder / "001.pdf").write_text("kill")
    reports = list(batch.read_many(folder, executor=executor, jobs=2, reader=read))
    codes = [r.error.code if r.error else "ok" for r in reports]
    assert codes[1] == "reader_crashed" and set(codes) <= {"ok", "reader_crashed"} and len(codes) == 3


def test_a_cluster_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    folder = documents(tmp_path / "pdfs", 40, "slow")
    with batch.dask_executor("local", 1) as (executor, _):
        reports = batch.read_many(folder, executor=executor, jobs=1, reader=read)
        assert next(reports).error is None
        executor._client.close()  # type: ignore[attr-defined]
        with pytest.raises(batch.ExecutorLostError, match="cluster is gone"):
            list(reports)


def test_no_scheduler_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ofsted_nlp.batch.executors.CONNECT_SECONDS", 1)
    with (
        pytest.raises(batch.ExecutorLostError, match="no Dask scheduler") as caught,
        batch.dask_executor("tcp://127.0.0.1:9"),
    ):
        pass
    assert caught.value.code == "no_cluster"


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"ofsted-nlp\[dask\]"), batch.dask_executor("local"):
        pass
