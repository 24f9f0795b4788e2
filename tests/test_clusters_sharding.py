"""Findings assigned shard by shard are assigned as they are all together, in order, and a lost process loses none."""

import io
import json
import multiprocessing
import os
import random
import signal
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from test_clusters import rows
from test_clusters_model import added
from typer.testing import CliRunner

from ofsted_nlp.analysis.clustering import sharding
from ofsted_nlp.analysis.clustering.clusters import cluster_findings
from ofsted_nlp.analysis.clustering.model import ClusterModel
from ofsted_nlp.analysis.clustering.sharding import Survey, assign_in_shards, count_in_shards, fit_to_sample
from ofsted_nlp.batch import ExecutorLostError, SameThread
from ofsted_nlp.cli import app
from ofsted_nlp.cli.clusters import read_lines
from ofsted_nlp.errors import UsageError

UNREAD = [
    {"id": f"unread-{n}", "file": "f", "text": text, "prev": "Plans are reviewed."}
    for n, text in enumerate(
        (
            "They are visited often.",
            "Visits are regular, but plans are poor.",
            "Otters drift.",
            "",
            "Care leavers live in homes that are safe and warm.",
        )
        * 5
    )
]


@pytest.fixture(scope="module")
def model() -> ClusterModel:
    fitted = cluster_findings(rows()).model
    assert fitted is not None
    return fitted


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_shards_change_nothing(model, size):
    given = [*rows(), *UNREAD, *added()]
    together = cluster_findings(given, model).assignments
    assert tuple(assign_in_shards(given, model, executor=SameThread(), shard=size)) == together


def test_any_executor_gives_the_same(model):
    given = [*rows(), *UNREAD]
    together = cluster_findings(given, model).assignments
    assert tuple(assign_in_shards(given, model, jobs=1, shard=50)) == together
    assert tuple(assign_in_shards(given, model, jobs=2, shard=50)) == together
    with ThreadPoolExecutor(2) as pool:
        assert tuple(assign_in_shards(given, model, executor=pool, jobs=2, shard=50)) == together
        assert pool.submit(len, given).result() == len(given)  # it is left open


def test_findings_are_taken_only_as_they_are_needed(model):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield {**rows()[0], "id": f"endless-{taken}"}

    made = assign_in_shards(endless(), model, executor=SameThread(), jobs=2, shard=10)
    for number in range(1, 201):
        assert next(made).finding_id == f"endless-{number}"
        assert taken <= number + 10 * (sharding.LOOK_AHEAD * 2 + 1)
    made.close()


def test_a_lost_process_loses_no_finding(model, tmp_path):
    given = rows()
    together = cluster_findings(given, model).assignments
    made = assign_in_shards(_killing(given, tmp_path / "killed"), model, jobs=1 + 1, shard=20)
    assert tuple(made) == together
    assert (tmp_path / "killed").exists()


def _killing(given, mark):
    """The rows; on the way to the last of them a worker of the pool is killed."""
    for number, row in enumerate(given):
        if number == 100 and not mark.exists():
            mark.touch()
            workers = [child for child in multiprocessing.active_children() if "ForkServer" in type(child).__name__]
            os.kill(workers[0].pid, signal.SIGKILL)
        yield row


class Broken(Executor):
    """An executor whose workers are gone."""

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        future.set_exception(RuntimeError("KilledWorker"))
        return future


def test_an_executor_that_broke_is_said_plainly(model):
    with pytest.raises(ExecutorLostError, match="assign the findings 1 to 161 stopped"):
        list(assign_in_shards(rows(), model, executor=Broken()))
    closed = ProcessPoolExecutor(1)
    closed.shutdown()
    with pytest.raises(ExecutorLostError):
        list(assign_in_shards(rows(), model, executor=closed))


def test_unusable_findings_are_named_by_their_place_among_all(model):
    for bad, message in (
        ({"id": "x", "file": "f"}, "Finding 162 has no text"),
        ({**rows()[0], "id": "x", "themes": ["otters"]}, "Finding 162 has the theme 'otters'"),
        ({**rows()[0], "id": "x", "kind": ["a"]}, "The kind of finding 162"),
        ({**rows()[0], "id": "x", "themes": 7}, "The themes of finding 162"),
        ({**rows()[0], "id": "x", "clauses": [1]}, "The clauses of finding 162"),
    ):
        with pytest.raises(UsageError, match=message):
            list(assign_in_shards([*rows(), bad], model, executor=SameThread(), shard=25))
        with pytest.raises(UsageError, match=message):
            cluster_findings([*rows(), bad], model)


def test_a_survey_finds_what_occurs_twice():
    given = [*rows(), rows()[3]]
    with pytest.raises(UsageError, match="1 ids occur more than once, the first is 'chronology-03'"):
        Survey(lambda: given)
    assert len(Survey(lambda: [])) == 0
    assert Survey(lambda: []).sample() == []


def test_the_sample_does_not_depend_on_the_order_and_is_spread_over_all():
    given = [{"id": f"{n:05}", "file": "f", "text": ""} for n in range(2000)]
    shuffled = random.Random(1).sample(given, len(given))
    first = {row["id"] for row in Survey(lambda: given).sample(500)}
    assert len(first) == 500
    assert first == {row["id"] for row in Survey(lambda: shuffled).sample(500)}
    assert 80 < len([id_ for id_ in first if id_ < "00400"]) < 120
    assert Survey(lambda: given).sample(2000) == given


def test_clusters_of_a_sample_are_those_of_its_findings():
    given = rows()
    assert fit_to_sample(lambda: given).named == cluster_findings(given).model.named
    some = Survey(lambda: given).sample(120)
    assert fit_to_sample(lambda: given, 120).named == cluster_findings(some).model.named


def test_counts_are_those_of_all_together(model):
    given = [*rows(), *UNREAD, *added()]
    together = cluster_findings(given, model)
    clusters, alone = count_in_shards(given, model, executor=SameThread(), shard=30)
    assert [_without_typical(c) for c in clusters] == [_without_typical(c) for c in together.clusters]
    assert alone == together.unclustered
    clusters, alone = count_in_shards(given, model, "strength", executor=SameThread())
    assert [c.id for c in clusters] == [c.id for c in together.only("strength").clusters]
    assert alone == together.only("strength").unclustered


def _without_typical(cluster):
    return {name: getattr(cluster, name) for name in cluster.__dataclass_fields__ if name != "typical"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "findings.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in [*rows(), *UNREAD]), encoding="utf-8")
    return path


def run(*arguments, code=0, **options):
    done = CliRunner().invoke(app, list(map(str, arguments)), **options)
    assert done.exit_code == code, done.output
    return done


def test_a_file_too_large_to_fit_to_is_clustered_by_a_sample(file, monkeypatch, tmp_path):
    monkeypatch.setattr(Survey.sample, "__defaults__", (130,))
    monkeypatch.setattr(sharding, "SHARD", 40)
    given = [*rows(), *UNREAD]
    fitted = cluster_findings(Survey(lambda: given).sample(130)).model
    together = [item.to_dict() for item in cluster_findings(given, fitted).assignments]
    for jobs in ("1", "2"):
        out = tmp_path / f"{jobs}.jsonl"
        run("cluster", "--findings", file, "--format", "jsonl", "--jobs", jobs, "--out", out)
        assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == together
    table = run("cluster", "--findings", file, "--polarity", "concern", "--jobs", "1")
    shown = table.stdout.splitlines()[1:]
    assert len(shown) == len(cluster_findings(given, fitted).only("concern").clusters)
    assert "In no cluster: " in table.stderr


def test_kept_clusters_are_assigned_to_in_a_stream_and_from_standard_input(file, tmp_path):
    folder = tmp_path / "model"
    first = run("cluster", "--findings", file, "--model", folder, "--format", "jsonl").stdout
    again = run("cluster", "--findings", file, "--model", folder, "--format", "jsonl").stdout
    piped = run("cluster", "--findings", "-", "--model", folder, "--format", "jsonl", input=file.read_text()).stdout
    assert first == again == piped
    assert len(first.splitlines()) == len(rows()) + len(UNREAD)
    bad = json.dumps(rows()[0]) + "\nnonsense\n"
    refused = run("cluster", "--findings", "-", "--model", folder, input=bad, code=1)
    assert "Line 2 of - is not JSON" in str(refused.exception)


def test_with_kept_clusters_further_findings_move_nothing(file, tmp_path):
    arguments = ("cluster", "--findings", file, "--model", tmp_path / "model", "--format", "jsonl")
    before = run(*arguments).stdout.splitlines()
    file.write_text("\n".join(json.dumps(row) for row in [*added(), *rows(), *UNREAD]), encoding="utf-8")
    after = run(*arguments).stdout.splitlines()
    assert after[len(added()) :] == before


def test_nothing_is_written_of_a_file_with_a_bad_line(file, tmp_path):
    folder, out = tmp_path / "model", tmp_path / "out.jsonl"
    run("cluster", "--findings", file, "--model", folder, "--out", tmp_path / "first")
    file.write_text(file.read_text(encoding="utf-8") + "\n[1]\n", encoding="utf-8")
    found = run("cluster", "--findings", file, "--model", folder, "--format", "jsonl", "--out", out, code=1)
    assert "Line 187 of" in str(found.exception)
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["findings.jsonl", "first", "model"]


def test_standard_input_that_is_not_text_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe{}"), encoding="utf-8"))
    with pytest.raises(UsageError, match="- cannot be read: it is not text"):
        list(read_lines(Path("-")))
