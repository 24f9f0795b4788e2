"""Encoders turn texts into vectors: the bundled one, a transformer, and what is no model."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from encoder_folders import (
    BUNDLED,
    TEXTS,
    minilm_folder,
)

from ofsted_nlp.encoders import EncoderError, encoder
from ofsted_nlp.encoders.static import FILES, StaticEncoder
from ofsted_nlp.errors import MissingExtraError, UsageError
from ofsted_nlp.training.encoder_scores import agreement, precision_at_5


def test_vectors_of_the_bundled_encoder():
    model = encoder()
    vectors = model.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), model.dimensions) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert encoder() is model


def test_texts_that_mean_alike_lie_closer():
    like = (lambda v: v @ v.T)(encoder().encode(TEXTS))
    assert like[0, 1] > max(like[0, [2, 3, 5]])
    assert like[2, 3] > max(like[2, [0, 1, 4, 5]])


def test_a_vector_does_not_depend_on_the_batch():
    model = encoder()
    many = [f"{a} {b}" for a in TEXTS for b in TEXTS] * 40
    together = model.encode(many)
    alone = np.concatenate([model.encode([text]) for text in many[:36]])
    assert (together[:36] == alone).all()
    assert (model.encode(many[::-1])[::-1] == together).all()
    assert (StaticEncoder(BUNDLED).encode(many) == together).all()


def test_empty_and_unknown_texts_get_the_zero_vector():
    model = encoder()
    vectors = model.encode(["", TEXTS[0], "  \n", "\N{SNOWMAN}"])
    assert not vectors[[0, 2, 3]].any()
    assert (vectors[1] == model.encode([TEXTS[0]])[0]).all()
    assert model.encode([]).shape == (0, model.dimensions)


def test_case_and_white_space_do_not_matter():
    plain, other = encoder().encode(["Social workers know children.", " SOCIAL\tworkers  know\nchildren."])
    assert (plain == other).all()


@pytest.mark.parametrize(("texts", "word"), [("one text", "list"), ([TEXTS[0], None], "number 2"), ([3], "int")])
def test_what_is_no_list_of_texts_is_refused(texts, word):
    with pytest.raises(UsageError, match=word):
        encoder().encode(texts)


def test_the_bundled_folder_is_small_and_holds_no_sentence():
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) <= 8_000_000
    assert {path.name for path in BUNDLED.iterdir()} == {*FILES, "scores.json"}
    vocabulary = json.loads((BUNDLED / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    assert max(piece.count(" ") for piece in vocabulary) == 1


def test_it_needs_nothing_but_numpy():
    code = (
        "import sys; from ofsted_nlp.encoders import encoder; encoder().encode(['Children are safe.']); "
        "print(sorted({'scipy', 'sklearn', 'spacy', 'torch', 'tokenizers', 'transformers', 'safetensors', 'pandas'} "
        "& set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_speed():
    model, many = encoder(), [f"{a} {b}" for a in TEXTS for b in TEXTS] * 100
    model.encode(many[:100])
    begun = time.process_time()
    model.encode(many)
    assert len(many) / (time.process_time() - begun) > 5_000  # about 30,000 of this length on an idle machine


@pytest.fixture(scope="module")
def minilm():
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("sentence-transformers is not installed: pip install -e .[transformers]")
    return encoder(minilm_folder())


def test_minilm_as_an_encoder(minilm):
    vectors = minilm.encode([*TEXTS, "", "  "])
    assert vectors.shape == (8, 384) and vectors.dtype == np.float32 and minilm.dimensions == 384
    assert np.allclose(np.linalg.norm(vectors[:6], axis=1), 1, atol=1e-5) and not vectors[6:].any()
    like = vectors @ vectors.T
    assert like[0, 1] > max(like[0, 2:6]) and like[2, 3] > max(like[2, [0, 1, 4, 5]])


def test_minilm_does_not_depend_on_the_batch(minilm):
    together = minilm.encode([*TEXTS, "word " * 200])[: len(TEXTS)]
    alone = np.concatenate([minilm.encode([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-6


def test_minilm_has_a_name_of_its_own(minilm):
    assert minilm.name.startswith("model-") and len(minilm.name) == len("model-") + 12


def test_a_damaged_transformer_is_a_plain_error(minilm, tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderError) as caught:
        encoder(tmp_path)
    assert caught.value.code == "model_damaged" and str(tmp_path) in caught.value.message


@pytest.mark.parametrize("settings", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}])
def test_a_name_that_cannot_be_had_is_a_plain_error(minilm, settings):
    code = (
        "from ofsted_nlp.encoders import encoder, EncoderError\n"
        "try:\n    encoder('nobody/no-such-model')\n"
        "except EncoderError as error:\n    print(error.code, error.message)"
    )
    environment = {**os.environ, **settings}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    assert done.stdout.startswith("not_available") and "nobody/no-such-model" in done.stdout


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch, tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "sentence_transformers" else real(name, *rest)
    )
    for wanted in ("all-MiniLM-L6-v2", tmp_path):
        with pytest.raises(MissingExtraError, match=r"ofsted-nlp\[transformers\]"):
            encoder(wanted)


@pytest.mark.parametrize("wanted", ["", "  ", "/no/such/folder", "./no-such-folder", Path("absent")])
def test_what_is_no_model_is_a_plain_error(wanted):
    with pytest.raises(EncoderError) as caught:
        encoder(wanted)
    assert caught.value.code == "no_model"


def test_a_file_is_no_model(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(EncoderError, match="is a file"):
        encoder(tmp_path / "model.bin")


def test_precision_counts_other_authorities_only():
    rows = [
        {"file": f"{80000 + k // 2}-name-2020-01-01.pdf", "theme": theme, "theme2": None}
        for k, theme in enumerate(["a", "a", "a", "b", "a", "b", "a", "b", "none", "b"])
    ]
    near = np.eye(10, dtype=np.float32)
    near[:, 0] = 1
    found = precision_at_5(rows[:1], near[:1], rows, near / np.linalg.norm(near, axis=1, keepdims=True))
    assert found == {"same": 0.6, "either": 0.6, "first": 1.0, "n": 1}


def test_agreement_of_an_encoder_with_itself():
    vectors = encoder().encode([f"{a} {b}" for a in TEXTS for b in TEXTS if a < b])
    assert agreement(vectors, vectors) == {"spearman": pytest.approx(1), "neighbours": 1.0}
