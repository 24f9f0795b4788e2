"""Folders of static encoders are read as model2vec reads them; damaged ones give plain errors."""

import json

import numpy as np
import pytest
from encoder_folders import (
    BUNDLED,
    ODD,
    TEXTS,
    VOCABULARY,
    arrays_to_file,
    header_and_data,
    minilm_folder,
    needs_model2vec,
    small_folder,
    write_safetensors,
)

from ofsted_nlp.encoders import EncoderError, encoder
from ofsted_nlp.encoders.safetensors import read_safetensors
from ofsted_nlp.encoders.static import FILES, StaticEncoder
from ofsted_nlp.errors import OfstedNlpError
from ofsted_nlp.training.encoder import write


@pytest.fixture
def small(tmp_path):
    table = np.random.default_rng(1).normal(size=(len(VOCABULARY), 8)).astype(np.float32)
    return small_folder(tmp_path / "small", embeddings=table), table


def test_the_name_tells_encoders_apart(small, tmp_path):
    folder, table = small
    model = encoder(folder)
    assert model.name.startswith("small-") and model.name == StaticEncoder(folder).name
    changed = table.copy()
    changed[3, 3] += 1
    assert encoder(small_folder(tmp_path / "small", embeddings=changed)).name != model.name
    assert encoder().name.startswith("encoder-")


def test_sum_of_the_pieces(small):
    folder, table = small
    got = encoder(str(folder)).encode(["Social workers plan."])[0]
    number = VOCABULARY.index
    wanted = table[number("social")] + table[number("plan")]
    wanted = wanted + table[number("work")] + table[number("##er")] + table[number("##s")]
    assert np.allclose(got, wanted / np.linalg.norm(wanted), atol=1e-6)


def test_weights_and_mapping(small, tmp_path):
    _, table = small
    n = len(VOCABULARY)
    weights = np.linspace(0.5, 2, n).astype(np.float32)
    mapping = np.arange(n)[::-1].copy()
    full = encoder(small_folder(tmp_path / "full", embeddings=(table[mapping] * weights[:, None])))
    short = encoder(small_folder(tmp_path / "short", embeddings=table, weights=weights, mapping=mapping))
    text = ["Social work needs a care plan"]
    assert np.allclose(full.encode(text), short.encode(text), atol=1e-6)


@pytest.mark.parametrize("kind", ["float16", "int8"])
def test_other_kinds_of_number(small, tmp_path, kind):
    _, table = small
    rounded = (table * 20).round().astype(kind)
    got = encoder(small_folder(tmp_path / kind, embeddings=rounded)).encode(["care plan social"])
    wanted = encoder(small_folder(tmp_path / "single", embeddings=rounded.astype(np.float32))).encode(
        ["care plan social"]
    )
    assert np.allclose(got, wanted, atol=1e-6)


def test_what_training_writes_is_read_again(tmp_path):
    pytest.importorskip("safetensors", reason="safetensors is not installed: pip install -e .[train]")
    numbers = {piece: k for k, piece in enumerate(VOCABULARY)}
    table = np.random.default_rng(2).normal(size=(len(VOCABULARY), 8)).astype(np.float32)
    write(tmp_path / "model", numbers, table)
    found = encoder(tmp_path / "model").encode(["a care plan"])[0]
    row = table[VOCABULARY.index("care plan")]
    assert found @ row / np.linalg.norm(row) > 0.999


def break_nothing_there(folder):
    for name in FILES:
        (folder / name).unlink()


def edit_tokeniser(change):
    def edit(folder):
        path = folder / "tokenizer.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return edit


def put(**arrays):
    return lambda folder: arrays_to_file(folder / "model.safetensors", **arrays)


N = len(VOCABULARY)
TABLE = np.ones((N, 4), dtype=np.float32)
BROKEN = {
    "empty folder": (break_nothing_there, "no_model"),
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "no_model"),
    "tokeniser no JSON": (lambda folder: (folder / "tokenizer.json").write_text("{"), "settings_damaged"),
    "tokeniser a list": (lambda folder: (folder / "tokenizer.json").write_text("[]"), "settings_damaged"),
    "tokeniser without model": (edit_tokeniser(lambda t: t.pop("model")), "tokeniser_damaged"),
    "gap in the vocabulary": (edit_tokeniser(lambda t: t["model"]["vocab"].update(new=99)), "tokeniser_damaged"),
    "vocabulary of another kind": (edit_tokeniser(lambda t: t["model"].update(vocab=[1])), "tokeniser_damaged"),
    "other model": (edit_tokeniser(lambda t: t["model"].update(type="BPE")), "tokeniser_unknown"),
    "other splitting": (edit_tokeniser(lambda t: t["pre_tokenizer"].update(type="Whitespace")), "tokeniser_unknown"),
    "other pairs": (
        edit_tokeniser(lambda t: t["pre_tokenizer"]["pattern"].update(Regex="[a-z]+")),
        "tokeniser_unknown",
    ),
    "other normaliser": (edit_tokeniser(lambda t: t.update(normalizer={"type": "NFKC"})), "tokeniser_unknown"),
    "no table": (put(other=TABLE), "weights_unfit"),
    "flat table": (put(embeddings=TABLE.ravel()), "weights_unfit"),
    "too few rows": (put(embeddings=TABLE[1:]), "weights_unfit"),
    "not a number": (put(embeddings=TABLE * np.float32("nan")), "weights_unfit"),
    "weights too short": (put(embeddings=TABLE, weights=TABLE[1:, 0]), "weights_unfit"),
    "mapping too high": (put(embeddings=TABLE, mapping=np.full(N, N)), "weights_unfit"),
    "mapping below zero": (put(embeddings=TABLE, mapping=np.full(N, -1)), "weights_unfit"),
    "mapping of floats": (put(embeddings=TABLE, mapping=TABLE[:, 0]), "weights_unfit"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_folders_give_plain_errors(small, case):
    folder, _ = small
    damage, code = BROKEN[case]
    damage(folder)
    with pytest.raises(EncoderError) as caught:
        encoder(folder)
    assert caught.value.code == code and isinstance(caught.value, OfstedNlpError)
    assert caught.value.message.endswith(".")


def test_safetensors_are_read_as_views():
    found = read_safetensors(BUNDLED / "model.safetensors")
    assert set(found) == {"embeddings", "weights"} and found["embeddings"].dtype == np.int8
    assert not found["embeddings"].flags.writeable


def damaged_headers(header, data):
    entry = header["embeddings"]
    size = len(data)
    changed = {
        "no place": {key: entry[key] for key in ("dtype", "shape")},
        "no object": 7,
        "negative place": {**entry, "data_offsets": [-4, size]},
        "place beyond the end": {**entry, "data_offsets": [0, size + 4]},
        "place backwards": {**entry, "data_offsets": [size, 0]},
        "place not whole": {**entry, "data_offsets": [0.0, size]},
        "place of three": {**entry, "data_offsets": [0, 1, 2]},
        "shape too large": {**entry, "shape": [10**30, 10**30]},
        "shape negative": {**entry, "shape": [-1, -1]},
        "shape true": {**entry, "shape": [True, True]},
        "shape missing": {**entry, "shape": None},
    }
    return {name: json.dumps({"embeddings": value}).encode() for name, value in changed.items()}


def test_damaged_safetensors_give_plain_errors(small, tmp_path):
    header, data = header_and_data(small[0] / "model.safetensors")
    header.pop("__metadata__")
    good = (small[0] / "model.safetensors").read_bytes()
    contents = {name: len(h).to_bytes(8, "little") + h + data for name, h in damaged_headers(header, data).items()}
    twice = json.dumps({"a": header["embeddings"], "b": header["embeddings"]}).encode()
    contents |= {
        "empty": b"",
        "seven bytes": good[:7],
        "cut in the header": good[:40],
        "cut in the data": good[:-3],
        "too long": good + b"more",
        "huge header": b"\xff" * 8 + good[8:],
        "no JSON": (9).to_bytes(8, "little") + b"{" * 9 + data,
        "no text": (4).to_bytes(8, "little") + b"\xff\xfe\xfd\xfc" + data,
        "a list": (2).to_bytes(8, "little") + b"[]" + data,
        "deep": (100_000).to_bytes(8, "little") + b"[" * 100_000,
        "overlap": len(twice).to_bytes(8, "little") + twice + data,
    }
    for name, content in contents.items():
        (tmp_path / "x.safetensors").write_bytes(content)
        with pytest.raises(EncoderError) as caught:
            read_safetensors(tmp_path / "x.safetensors")
        assert caught.value.code == "weights_damaged", name
    for kind in ("BF16", ["F32"], None):
        write_safetensors(tmp_path / "x.safetensors", {"embeddings": {**header["embeddings"], "dtype": kind}}, data)
        with pytest.raises(EncoderError) as caught:
            read_safetensors(tmp_path / "x.safetensors")
        assert caught.value.code == "weights_kind"
    with pytest.raises(EncoderError) as caught:
        read_safetensors(tmp_path / "absent.safetensors")
    assert caught.value.code == "weights_unreadable"


def test_every_changed_header_byte_is_an_error_or_harmless(small, tmp_path):
    good = (small[0] / "model.safetensors").read_bytes()
    length = 8 + int.from_bytes(good[:8], "little")
    for place in range(length):
        (tmp_path / "x.safetensors").write_bytes(good[:place] + bytes([good[place] ^ 5]) + good[place + 1 :])
        try:
            read_safetensors(tmp_path / "x.safetensors")
        except EncoderError as error:
            assert error.code.startswith("weights_")


@needs_model2vec
def test_model2vec_gives_the_same_vectors():
    from model2vec import StaticModel

    theirs = StaticModel.from_pretrained(BUNDLED)
    texts = TEXTS + ODD + [" ".join(TEXTS * 30), "", "\N{SNOWMAN}"]
    assert np.allclose(theirs.encode(texts), encoder().encode(texts), atol=2e-6)


@needs_model2vec
def test_a_model_of_model2vec_is_taken(tmp_path):
    from model2vec import StaticModel
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    table = np.random.default_rng(3).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float16)
    theirs = StaticModel(table, tokenizer, config={"model_type": "model2vec"}, normalize=True)
    theirs.save_pretrained(tmp_path / "theirs")
    assert np.allclose(theirs.encode(TEXTS + ODD), encoder(tmp_path / "theirs").encode(TEXTS + ODD), atol=2e-3)
