"""Model files are used only as they were published, and nothing in them can run."""

from __future__ import annotations

import ast
import pickletools
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ofsted_nlp import encoders, model_files
from ofsted_nlp.errors import OfstedNlpError
from ofsted_nlp.extraction import classify, pipeline, spans
from ofsted_nlp.extraction.report import read_or_record
from ofsted_nlp.model_files import SUMS, ModelFileError, check_models, read_model, record_models

ROOT = Path(__file__).resolve().parent.parent
MODELS = model_files.MODELS


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the models that the package takes for its own."""
    copy = tmp_path / "models"
    shutil.copytree(MODELS, copy)
    monkeypatch.setattr(model_files, "MODELS", copy)
    monkeypatch.setattr(encoders, "MODELS", copy)
    monkeypatch.setattr(pipeline, "ENGLISH", copy / "english")
    model_files._sums.cache_clear()
    yield copy
    model_files._sums.cache_clear()


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_the_published_files_are_all_listed_and_right() -> None:
    assert check_models() == sum(p.is_file() for p in MODELS.rglob("*")) - 1 >= 25
    assert all(len(line.split("  ")[0]) == 64 for line in (MODELS / SUMS).read_text().splitlines())


LOADERS: dict[str, Callable[[], object]] = {
    "findings.npz": classify.model.__wrapped__,
    "findings.json": classify.model.__wrapped__,
    "strengths.npz": spans.tagger.__wrapped__,
    "strengths.json": spans.tagger.__wrapped__,
    "encoder/model.safetensors": encoders._bundled.__wrapped__,
    "encoder/tokenizer.json": encoders._bundled.__wrapped__,
    "english/parser/model": lambda: pipeline._build.__wrapped__(True),
    "english/config.cfg": lambda: pipeline._build.__wrapped__(True),
}


@pytest.mark.parametrize("name", LOADERS)
def test_an_altered_file_is_not_loaded(name: str, models: Path) -> None:
    alter(models / name)
    with pytest.raises(ModelFileError) as caught:
        LOADERS[name]()
    assert caught.value.code == "model_altered"
    assert name.split("/")[-1] in caught.value.message and "Install ofsted-nlp anew" in caught.value.message


@pytest.mark.parametrize("name", LOADERS)
def test_the_published_files_load(name: str, models: Path) -> None:
    assert LOADERS[name]() is not None


def test_a_missing_file_is_named(models: Path) -> None:
    (models / "encoder" / "config.json").unlink()
    with pytest.raises(ModelFileError, match=r"encoder/config\.json") as caught:
        check_models("encoder")
    assert caught.value.code == "model_missing"
    (models / "findings.npz").unlink()
    with pytest.raises(ModelFileError) as caught:
        read_model("findings.npz")
    assert caught.value.code == "model_missing"


def test_a_file_that_no_one_published_is_not_accepted(models: Path) -> None:
    (models / "english" / "code.py").write_text("print('run')")
    with pytest.raises(ModelFileError) as caught:
        check_models("english")
    assert caught.value.code == "model_unlisted"


def test_without_the_list_nothing_is_loaded(models: Path) -> None:
    (models / SUMS).unlink()
    with pytest.raises(ModelFileError) as caught:
        read_model("findings.json")
    assert caught.value.code == "model_missing"


def test_training_into_the_package_renews_the_list(models: Path, tmp_path: Path) -> None:
    alter(models / "strengths.npz")
    assert record_models(tmp_path / "elsewhere") is False
    with pytest.raises(ModelFileError):
        check_models()
    assert record_models(models / "encoder") is True
    assert check_models() == len((models / SUMS).read_text().splitlines())


def test_every_training_command_of_a_shipped_model_renews_it() -> None:
    for name in ("student", "classifier", "strengths", "encoder", "pipeline"):
        source = (ROOT / "ofsted_nlp" / "training" / f"{name}.py").read_text(encoding="utf-8")
        calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        assert any(isinstance(call, ast.Name) and call.id == "record_models" for call in calls), name


def test_it_is_an_error_that_users_meet_as_a_sentence(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert issubclass(ModelFileError, OfstedNlpError)
    alter(models / "findings.npz")
    monkeypatch.setattr(classify, "model", classify.model.__wrapped__)
    report = read_or_record(ROOT / "corpus" / "sample" / "wexbury-ilacs-2024.pdf")
    assert report.error is not None and report.error.code == "model_altered"


def test_no_model_file_is_a_pickle() -> None:
    for path in MODELS.rglob("*"):
        if not path.is_file() or path.name == SUMS:
            continue
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                parts = [packed.read(name) for name in packed.namelist()]
        for content in parts:
            assert not is_pickle(content), path


def is_pickle(content: bytes) -> bool:
    try:
        return sum(1 for _ in pickletools.genops(content)) > 2
    except Exception:
        return False


BETWEEN_PROCESSES = ROOT / "ofsted_nlp" / "batch"
"""Hands documents and reports from a process to its own child; it reads no pickle from a file."""
FORBIDDEN = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "yaml", "skops"}


def test_no_code_comes_from_data() -> None:
    for path in (ROOT / "ofsted_nlp").rglob("*.py"):
        forbidden = FORBIDDEN - ({"pickle"} if path.parent == BETWEEN_PROCESSES else set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & forbidden, path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in forbidden, path
            elif isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Name):
                    assert called.id not in ("eval", "exec", "compile", "__import__"), path
                if isinstance(called, ast.Attribute) and called.attr == "load":
                    owner = called.value.id if isinstance(called.value, ast.Name) else ""
                    if owner in ("np", "numpy"):
                        kept = {k.arg: getattr(k.value, "value", None) for k in node.keywords}
                        assert kept.get("allow_pickle") is False, path
