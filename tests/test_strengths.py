import json
from importlib import resources

import numpy as np
import pytest

from ofsted_nlp.errors import UsageError
from ofsted_nlp.extraction.names.rules import name_spans
from ofsted_nlp.extraction.names.tagged import named_in, names_of
from ofsted_nlp.extraction.spans import Spans, Tagger, shape, tagger
from ofsted_nlp.extraction.strengths import strength_of, strengths_of, subject_in, subject_of
from ofsted_nlp.records import Strength
from ofsted_nlp.training.annotations import annotated, folds, tokens_of
from ofsted_nlp.training.strength_scores import alike, matches, score, token_f1


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The virtual school is highly effective.", "virtual school"),
        ("Children benefit from a wide range of early help services.", "early help services"),
        ("There is strong and effective management oversight.", "management oversight"),
        ("The quality of assessments is good.", "assessments"),
        ("However, foster carers feel well supported.", "foster carers"),
        ("When children go missing, return home interviews are timely.", "return home interviews"),
        ("Social workers who visit often build trust.", "Social workers"),
        ("Most child protection plans set out what must change.", "child protection plans"),
        ("Senior leaders know their services well.", "Senior leaders"),
        ("This helps families to stay together.", "This"),
        ("Care leavers receive advice and guidance from their workers.", "advice and guidance"),
        ("Children are supported by the Bright Lanterns team, which provides skilled help.", "Bright Lanterns team"),
        ("The Harbour Project helps families in crisis.", "Harbour Project"),
    ],
)
def test_subject_is_what_is_praised(text, subject):
    assert subject_of(text) == subject


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The virtual school and the MASH work well together.", ("virtual school", "MASH")),
        ("Families praise the Bright Lanterns project.", ("Bright Lanterns project",)),
        ("The Family Anchor Service (FAS) is valued by parents.", ("Family Anchor Service (FAS)",)),
        ("The ‘Steady Steps’ programme helps parents.", ("Steady Steps",)),
        ("YOS, CAMHS and Cafcass share plans.", ("YOS", "CAMHS", "Cafcass")),
        ("It is overseen by the corporate parenting panel.", ("corporate parenting panel",)),
        ("Social workers and PAs write clear plans.", ()),
        ("An effective service is in place in Darlington.", ()),
        ("Assessments are timely and of good quality.", ()),
    ],
)
def test_named_things_and_nothing_else(text, named):
    assert named_in(text) == named


def test_strength_holds_both():
    assert strength_of("The virtual school is highly effective.") == Strength("virtual school", ("virtual school",))


def test_a_batch_says_what_single_sentences_say():
    texts = [
        "The virtual school is highly effective.",
        "",
        "Children benefit from a wide range of early help services.",
        "This helps families, carers and the many people who work with them every day to plan ahead with confidence.",
        "…",
    ]
    assert strengths_of(texts) == [strength_of(text) for text in texts]


def test_one_string_is_not_a_list():
    with pytest.raises(UsageError, match="list"):
        strengths_of("The virtual school is highly effective.")


@pytest.mark.parametrize("text", ["", "Good.", "…", "(", "‘’", "Well, well.", "x" * 5000, "word " * 500])
def test_odd_text_does_not_fail(text):
    assert isinstance(strength_of(text).subject, str)
    assert strength_of(text).named == ()


def test_probabilities_are_probabilities():
    spans = tagger().read(["The virtual school is highly effective."])[0]
    assert spans.names.sum(1) == pytest.approx(1, abs=1e-4)
    assert spans.likely.sum() == pytest.approx(1, abs=0.05)
    assert (spans.subjects[:, 0] <= spans.subjects[:, 1]).all()
    assert (np.diff(spans.likely) <= 1e-6).all()


def read_by_hand(text, names, subjects=((0, 0),), likely=(1.0,)):
    inside = {k for first, last in names for k in range(first, last + 1)}
    begins = {first for first, _ in names}
    bounds = [(a, b) for _, a, b in tokens_of(text)]
    tags = [
        [0.1, 0.8, 0.1] if k in begins else [0.1, 0.1, 0.8] if k in inside else [1, 0, 0] for k in range(len(bounds))
    ]
    return Spans(text, bounds, np.array(subjects), np.array(likely), np.array(tags))


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("The Blue Kite team (BKT) helps.", [(1, 3)], ("Blue Kite team (BKT)",)),
        ("Families like the ‘Blue Kite’ scheme.", [(4, 7)], ("Blue Kite",)),
        ("The Blue Kite team (BKT) helps.", [(1, 5)], ("Blue Kite team (BKT)",)),
        ("They run the ‘Blue Kite’ club.", [(3, 6)], ("Blue Kite",)),
        ("The Blue Kite, Red Kite and others help.", [(1, 2), (4, 5)], ("Blue Kite", "Red Kite")),
        ("The Blue Kite works in Darlington.", [(1, 2), (5, 5)], ("Blue Kite",)),
        ("A and B.", [(0, 0)], ()),
    ],
)
def test_names_are_tidy(text, names, found):
    assert names_of(read_by_hand(text, names), 0.5) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Families praise the Bright Lanterns project.", ["Bright Lanterns project"]),
        ("The Family Anchor Service (FAS) is valued.", ["Family Anchor Service (FAS)"]),
        ("The reunification team and an effective triage service help.", ["reunification team", "triage service"]),
        ("Social workers and PAs write EHC plans.", []),
        ("Inspectors visited Darlington in May 2019.", []),
    ],
)
def test_rules_say_where_names_may_stand(text, names):
    assert [text[a:b] for a, b in name_spans(text)] == names


def test_a_doubtful_name_needs_the_rules():
    text = "Families praise the Bright Lanterns project."
    doubtful = Spans(
        text, [(a, b) for _, a, b in tokens_of(text)], np.zeros((0, 2), int), np.zeros(0), np.zeros((7, 3))
    )
    doubtful.names[:] = [1.0, 0.0, 0.0]
    assert names_of(doubtful, 0.5) == ()
    doubtful.names[3] = [0.8, 0.1, 0.1]
    assert names_of(doubtful, 0.5) == ("Bright Lanterns project",)
    doubtful.names[3], doubtful.names[0] = [1.0, 0.0, 0.0], [0.8, 0.1, 0.1]
    assert names_of(doubtful, 0.5) == ()


def test_subject_is_the_span_that_shares_most():
    spans = read_by_hand("Skilled direct work helps.", [], [(1, 2), (0, 2), (2, 2)], [0.4, 0.35, 0.25])
    assert subject_in(spans) == "direct work"


@pytest.mark.parametrize(
    ("word", "at", "number"),
    [("The", 0, 11), ("The", 3, 10), ("MASH", 0, 9), ("kite", 2, 14), ("2019", 1, 1), ("‘", 1, 2)],
)
def test_shape_tells_capitals(word, at, number):
    assert shape(word, at) == number


def test_model_files_are_small_and_hold_no_objects():
    folder = resources.files("ofsted_nlp").joinpath("data/models")
    weights = folder.joinpath("strengths.npz").read_bytes()
    settings = folder.joinpath("strengths.json").read_text(encoding="utf-8")
    assert len(weights) + len(settings) < 2_000_000
    assert 0 < json.loads(settings)["name_threshold"] < 1
    again = Tagger.from_bytes(weights, settings).read(["The virtual school is highly effective."])[0]
    assert subject_in(again) == "virtual school"


def test_gold_is_read_as_tokens(tmp_path):
    row = {"id": "1", "file": "a.pdf", "text": "12. The Blue Kite team and the hub help.", "subject": "Blue Kite team"}
    (tmp_path / "train-strengths.jsonl").write_text(json.dumps(row | {"named": ["Blue Kite team", "hub"]}) + "\n")
    (found,) = annotated(tmp_path)
    assert found.text == "The Blue Kite team and the hub help."
    assert found.subject == (1, 3)
    assert found.tags == [0, 1, 2, 2, 0, 0, 1, 0, 0]
    assert score([found], [read_by_hand(found.text, found.names, [found.subject])], 0.5) == {
        "n": 1,
        "subject_token_f1": 1.0,
        "named_precision": 1.0,
        "named_recall": 0.5,
        "named_f1": 0.6667,
    }


def test_a_subject_that_is_not_in_its_sentence_is_an_error(tmp_path):
    row = {"id": "x7", "file": "a.pdf", "text": "The hub helps.", "subject": "team", "named": []}
    (tmp_path / "train-strengths.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.raises(ValueError, match="x7"):
        annotated(tmp_path)


def test_folds_part_reports_evenly():
    fold = folds(f"{k}.pdf" for k in range(40))
    assert fold == folds(f"{k}.pdf" for k in reversed(range(40)))
    assert [list(fold.values()).count(k) for k in range(4)] == [10, 10, 10, 10]


def test_scores_count_as_the_scorer_does():
    from rapidfuzz import fuzz

    for a, b in [("blue kite team", "blue kite"), ("virtual school", "school"), ("mash", "edt"), ("a", "")]:
        assert alike(a, b) == pytest.approx(fuzz.ratio(a, b))
    assert token_f1("The early help offer", "early help") == pytest.approx(0.8)
    assert matches(["Blue Kite team", "MASH"], ["The MASH", "Blue Kite teams", "MASH"]) == 2
