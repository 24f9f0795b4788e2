import pytest

from ofsted_nlp.extraction.pipeline import nlp

TEXT = (
    "Social workers in Darlington are well supported, e.g. under s.47 of the Children Act 1989. "
    "The multi-agency safeguarding hub does not respond to referrals quickly enough.3 They wait too long."
)


@pytest.fixture(scope="module")
def document():
    return nlp()(TEXT)


def test_components_in_order():
    assert nlp().pipe_names == ["ofsted_sentences", "entity_ruler", "ofsted_findings"]


def test_sentences_are_ours(document):
    assert [sentence.text.split()[0] for sentence in document.sents] == ["Social", "The", "They"]


def test_abbreviations_are_one_token(document):
    assert {"e.g.", "s.47"} <= {token.text for token in document}


def test_entities_carry_label_and_identity(document):
    assert [(entity.text, entity.label_, entity.ent_id_) for entity in document.ents] == [
        ("Social workers", "ROLE", "social worker"),
        ("Darlington", "AUTHORITY", "E06000005"),
        ("s.47", "STATUTE", "section 47"),
        ("Children Act 1989", "STATUTE", "Children Act 1989"),
        ("multi-agency safeguarding hub", "BODY", "multi-agency safeguarding hub"),
    ]


def test_findings_are_a_span_group(document):
    found = [(span.label_, span.id_) for span in document.spans["findings"]]
    assert [label for label, _ in found] == ["strength", "concern", "concern"]
    assert found[1][1] == "front_door"


def test_empty_text():
    assert len(nlp()("").spans["findings"]) == 0
