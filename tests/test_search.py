"""A search finds what is meant, keeps vectors beside the store, and the commands print what the contracts promise."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest
from typer import Typer
from typer.testing import CliRunner

from ofsted_nlp.analysis.clustering.search import search_texts
from ofsted_nlp.analysis.clustering.vectors import KeptVectors, folder_beside
from ofsted_nlp.analysis.clustering.whole_numbers import whole
from ofsted_nlp.cli import clusters as cli_clusters
from ofsted_nlp.encoders import encoder
from ofsted_nlp.errors import UsageError

TEXTS = [
    "Assessments are not completed quickly enough, and families wait for weeks.",
    "Care leavers live in safe and suitable homes.",
    "Foster carers feel well supported by their supervising social workers.",
    "The virtual school tracks the attainment of children in care.",
    "Care leavers live in safe  and suitable homes.",
]


def found(words: str, k: int = 3) -> list[int]:
    named = encoder()
    return [hit.number for hit in search_texts(words, TEXTS, whole(named.encode(TEXTS)), named, k)]


def test_meaning_is_found_whatever_the_words() -> None:
    assert found("children wait too long for assessments")[0] == 0
    assert found("accommodation of care leavers")[0] in (1, 4)
    assert found("education of looked after children")[0] == 3


def test_equal_sentences_are_found_once() -> None:
    numbers = found("suitable homes for care leavers", 5)
    assert not {1, 4} <= set(numbers)
    assert len(found("homes", 1)) == 1


@pytest.mark.parametrize("words", ["", "  \n", "\x00\x01", "\u6f22\u5b57", "x" * 3000])
def test_senseless_queries_are_refused(words: str) -> None:
    with pytest.raises(UsageError):
        found(words)


def test_what_judges_alike_comes_first() -> None:
    texts = ["Turnover of staff is low.", "Turnover of staff is high."]
    named = encoder()
    vectors = whole(named.encode(texts))
    for words, first in (
        ("the high turnover of staff is a serious concern", 1),
        ("staff turnover is low, which is good", 0),
    ):
        hits = search_texts(words, texts, vectors, named, 2, ["strength", "concern"])
        assert hits[0].number == first


def test_nothing_to_search_gives_nothing() -> None:
    named = encoder()
    assert search_texts("homes", [], whole(numpy.zeros((0, named.dimensions))), named) == []
    with pytest.raises(UsageError, match="k is the number"):
        found("homes", 0)


class Counting:
    """The package's encoder, counting the texts it is given."""

    def __init__(self) -> None:
        self.inner = encoder()
        self.name, self.dimensions, self.texts = self.inner.name, self.inner.dimensions, 0

    def encode(self, texts: list[str]) -> numpy.ndarray:
        self.texts += len(texts)
        return self.inner.encode(texts)


def test_vectors_are_made_once_and_anew_for_other_texts(tmp_path: Path) -> None:
    documents = [("a" * 64, TEXTS[:2]), ("b" * 64, TEXTS[2:])]
    counting = Counting()
    first = KeptVectors(tmp_path / "v", counting).of(documents)
    assert counting.texts == 5
    again = KeptVectors(tmp_path / "v", counting).of(documents)
    assert counting.texts == 5
    assert (first == again).all()
    assert (first == whole(encoder().encode(TEXTS))).all()
    KeptVectors(tmp_path / "v", counting).of([("a" * 64, ["Other words."]), documents[1]])
    assert counting.texts == 6
    assert KeptVectors(tmp_path / "v", counting).tidy(documents) == 1
    assert len(list(tmp_path.rglob("*.npy"))) == 2


def test_damaged_and_unwritable_caches_only_cost_time(tmp_path: Path) -> None:
    documents = [("a" * 64, TEXTS)]
    kept = KeptVectors(tmp_path / "v", encoder())
    first = kept.of(documents)
    (path,) = tmp_path.rglob("*.npy")
    for content in (b"", b"no array", path.read_bytes()[:200]):
        path.write_bytes(content)
        assert (KeptVectors(tmp_path / "v", encoder()).of(documents) == first).all()
    (tmp_path / "file").write_text("")
    assert (KeptVectors(tmp_path / "file", encoder()).of(documents) == first).all()
    assert (KeptVectors(None, encoder()).of(documents) == first).all()
    assert folder_beside(":memory:") is None
    assert KeptVectors(None, encoder()).of([]).shape == (0, encoder().dimensions)


APP = Typer()
for command in (cli_clusters.cluster, cli_clusters.similar, cli_clusters.search):
    APP.command()(command)


def run(*arguments: str, fine: bool = True) -> str:
    done = CliRunner().invoke(APP, list(arguments))
    assert (done.exit_code == 0) == fine, done.output
    return str(done.exception) if not fine else done.stdout


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "findings.jsonl"
    rows = [{"id": f"f{n}", "file": f"8045{n}-place-la-2020-01-01.pdf", "text": text} for n, text in enumerate(TEXTS)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_similar_prints_what_the_contract_says(file: Path) -> None:
    out = run("similar", "--findings", str(file), "--k", "2", "--other-authorities", "--format", "jsonl")
    made = [json.loads(line) for line in out.splitlines()]
    assert [list(row) for row in made] == [["finding_id", "neighbours"]] * 5
    assert made[1]["neighbours"][0] == "f4"
    assert "f4" in run("similar", "--findings", str(file))
    assert "Give the id" in run("similar", fine=False)


def test_cluster_prints_what_the_contract_says_and_keeps_its_model(file: Path, tmp_path: Path) -> None:
    arguments = ("cluster", "--findings", str(file), "--model", str(tmp_path / "model"), "--format", "jsonl")
    first = run(*arguments)
    rows = [json.loads(line) for line in first.splitlines()]
    assert all({"finding_id", "file", "text", "cluster", "label", "probability", "reason"} <= set(row) for row in rows)
    assert rows[1]["cluster"] == rows[4]["cluster"]
    assert run(*arguments) == first
    assert run(*arguments, "--recluster").splitlines()[-5:] == first.splitlines()
    assert "Findings" in run("cluster", "--findings", str(file))
    kinds = {json.loads(line)["polarity"] for line in run(*arguments, "--polarity", "strength").splitlines()}
    assert kinds <= {"strength", "mixed"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "Line 1 of"),
        ("[]", "is not a JSON object"),
        ("[" * 100_000, "Line 1 of"),
        ('{"id": 1}', "has no file or text"),
    ],
)
def test_unusable_files_are_refused(file: Path, content: str, message: str) -> None:
    file.write_text(content)
    assert message in run("cluster", "--findings", str(file), fine=False)
    assert "cannot be read" in run("cluster", "--findings", str(file.parent), fine=False)


def test_senseless_options_are_refused(file: Path) -> None:
    assert "goes with --findings" in run("cluster", "--model", "x", fine=False)
    assert "--recluster needs" in run("cluster", "--findings", str(file), "--recluster", fine=False)
