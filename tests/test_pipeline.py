import json
import subprocess
import sys

import pytest
import srsly

from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.extraction import pipeline
from ofsted_nlp.extraction.pipeline import ENGLISH, nlp
from ofsted_nlp.extraction.sentences import split

TEXT = (
    "Social workers in Darlington are well supported, e.g. under s.47 of the Children Act 1989. "
    "The multi-agency safeguarding hub does not respond to referrals quickly enough.3 They wait too long."
)
GRAMMAR = "Senior leaders have improved the service. Children’s plans are reviewed, but visits don’t happen in time."
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def document():
    return nlp()(TEXT)


@pytest.fixture(scope="module")
def parsed():
    return nlp(parse=True)(GRAMMAR)


def words(text):
    return [token.text for token in nlp().make_doc(text)]


def token(doc, text):
    (found,) = [one for one in doc if one.text == text]
    return found


def test_components_in_order():
    assert nlp().pipe_names == ["ofsted_sentences", "entity_ruler", "ofsted_findings"]
    trained = ["tok2vec", "tagger", "morphologizer", "lemmatizer", "parser"]
    assert nlp(parse=True).pipe_names == [*nlp().pipe_names, *trained]


def test_each_pipeline_is_built_once():
    assert nlp(parse=False) is nlp()
    assert nlp(True) is nlp(parse=True) is not nlp()


def test_sentences_are_ours(document):
    assert [sentence.text.split()[0] for sentence in document.sents] == ["Social", "The", "They"]


def test_abbreviations_are_one_token(document):
    assert {"e.g.", "s.47"} <= {token.text for token in document}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16- and 17-year-olds", ["16-", "and", "17-year-olds"]),
        ("a 4-year-old’s plan", ["a", "4-year-old", "’s", "plan"]),
        ("under section 20, i.e. with consent", ["under", "section", "20", ",", "i.e.", "with", "consent"]),
        ("(s.17/s.47)", ["(", "s.17", "/", "s.47", ")"]),
        ("IROs and the IRO’s 16+ team", ["IROs", "and", "the", "IRO", "’s", "16+", "team"]),
        ("quickly enough.3 Then", ["quickly", "enough", ".", "3", "Then"]),
        ("looked-after children", ["looked", "-", "after", "children"]),
        ("a rise of 4.5%", ["a", "rise", "of", "4.5", "%"]),
    ],
)
def test_words_of_the_field(text, expected):
    assert words(text) == expected


def test_entities_carry_label_and_identity(document):
    assert [(entity.text, entity.label_, entity.ent_id_) for entity in document.ents] == [
        ("Social workers", "ROLE", "social worker"),
        ("Darlington", "AUTHORITY", "E06000005"),
        ("s.47", "STATUTE", "section 47"),
        ("Children Act 1989", "STATUTE", "Children Act 1989"),
        ("multi-agency safeguarding hub", "BODY", "multi-agency safeguarding hub"),
    ]


@pytest.mark.parametrize(
    ("text", "label", "identity"),
    [
        ("section 20", "STATUTE", "section 20"),
        ("Section 47", "STATUTE", "section 47"),
        ("s. 17", "STATUTE", "section 17"),
        ("s47", "STATUTE", "section 47"),
        ("Public Law Outline", "STATUTE", "Public Law Outline"),
        ("IROs", "ROLE", "IRO"),
        ("independent reviewing officers", "ROLE", "independent reviewing officer"),
        ("Virtual School", "BODY", "virtual school"),
    ],
)
@pytest.mark.parametrize("parse", [False, True])
def test_statutes_roles_and_bodies(text, label, identity, parse):
    found = nlp(parse)(f"They work with {text} now.").ents
    assert [(entity.text, entity.label_, entity.ent_id_) for entity in found] == [(text, label, identity)]


def test_findings_are_a_span_group(document):
    found = [(span.label_, span.id_) for span in document.spans["findings"]]
    assert [label for label, _ in found] == ["strength", "concern", "concern"]
    assert found[1][1] == "front_door"


def test_heads_and_dependencies(parsed):
    found = {text: (token(parsed, text).head.text, token(parsed, text).dep_) for text in ("leaders", "have", "service")}
    assert found == {"leaders": ("improved", "nsubj"), "have": ("improved", "aux"), "service": ("improved", "obj")}
    assert token(parsed, "Children").head.text == "plans"
    assert token(parsed, "plans").dep_ == "nsubj:pass"
    assert token(parsed, "n’t").head.text == "happen"


def test_parts_of_speech_features_and_lemmas(parsed):
    assert [token.pos_ for token in parsed[:7]] == ["ADJ", "NOUN", "AUX", "VERB", "DET", "NOUN", "PUNCT"]
    assert token(parsed, "leaders").tag_ == "NNS"
    assert token(parsed, "visits").morph.get("Number") == ["Plur"]
    lemmas = {text: token(parsed, text).lemma_ for text in ("leaders", "improved", "reviewed", "visits", "n’t")}
    assert lemmas == {"leaders": "leader", "improved": "improve", "reviewed": "review", "visits": "visit", "n’t": "not"}


@pytest.mark.parametrize("text", [TEXT, GRAMMAR, "Leaders act. ▪ plans (e.g. No. 2) drift ▪ Visits: late; few; short."])
def test_parser_keeps_our_sentences(text):
    doc = nlp(parse=True)(text)
    assert {sentence.start_char for sentence in doc.sents} == {start for start, _ in split(text)}
    assert sum(token.dep_ == "ROOT" for token in doc) == len(split(text))


def test_empty_text():
    assert len(nlp()("").spans["findings"]) == 0
    assert len(nlp(parse=True)("")) == 0


def test_trained_folder_is_small_and_holds_only_text_json_and_msgpack():
    files = [path for path in ENGLISH.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 8 * MEGABYTE
    for path in files:
        content = path.read_bytes()
        if path.name in ("LICENSE", "config.cfg"):
            content.decode("utf-8")
        elif path.suffix == ".json" or path.name == "cfg":
            json.loads(content)
        else:
            srsly.msgpack_loads(content)  # fails on a pickle: it begins as an empty map and goes on


def test_trained_folder_says_its_licence_and_scores():
    meta = json.loads((ENGLISH / "meta.json").read_text(encoding="utf-8"))
    assert meta["license"] == "CC BY-SA 4.0"
    assert meta["sources"][0]["name"] == "Universal Dependencies English EWT"
    assert meta["performance"]["given_dep_las"] > 0.8
    licence = (ENGLISH / "LICENSE").read_text(encoding="utf-8")
    assert "Attribution-ShareAlike 4.0" in licence
    assert "UD_English-EWT" in licence


def test_missing_folder_is_said_plainly(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "ENGLISH", tmp_path)
    pipeline._build.cache_clear()
    with pytest.raises(NotFoundError, match="trained spaCy components"):
        nlp(parse=True)


def test_import_leaves_spacy_alone():
    code = "import sys, ofsted_nlp.extraction.pipeline; print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_components_are_known_by_name_to_any_pipeline(tmp_path):
    code = (
        "import spacy, ofsted_nlp.extraction.language.components\n"
        "nlp = spacy.blank('en')\n"
        "nlp.add_pipe('ofsted_sentences')\n"
        "nlp.add_pipe('ofsted_findings')\n"
        f"nlp.to_disk({str(tmp_path)!r})\n"
        f"doc = spacy.load({str(tmp_path)!r})('Dr. Ash leads. Visits are too often late.')\n"
        "print([s.text for s in doc.sents], len(doc.spans['findings']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['Dr. Ash leads.', 'Visits are too often late.'] 2"
