"""Texts are cut into the words, pairs of words and pieces of the vocabulary."""

import json

import pytest
from encoder_folders import BUNDLED, ODD, TEXTS, VOCABULARY, minilm_folder, needs_tokenizers

from ofsted_nlp.encoders.wordpieces import Tokeniser, words_pattern
from ofsted_nlp.training.encoder_vocabulary import UNKNOWN, choose, description


def pieces(tokeniser, text):
    names = {number: piece for piece, number in tokeniser.vocabulary.items()}
    return [names[number] for number in tokeniser([text])[0].tolist()]


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
