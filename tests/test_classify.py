import json
import random
from importlib import resources

import numpy as np
import pytest

from ofsted_nlp.errors import UsageError
from ofsted_nlp.extraction.classify import Classified, Model, classify, model, with_neighbours
from ofsted_nlp.extraction.convolution import Network
from ofsted_nlp.extraction.features import Vocabulary, words
from ofsted_nlp.extraction.places import Place, Places, place_in
from ofsted_nlp.themes import themes
from ofsted_nlp.training.classifier import Examples
from ofsted_nlp.training.mixing import Development, macro_f1, mixture
from ofsted_nlp.training.pool import PoolSentence
from ofsted_nlp.training.teacher import POLARITIES
from ofsted_nlp.training.vocabulary import choose

TEXTS = [
    "Social workers know children well and visit them regularly.",
    "Too many children wait too long for an assessment of their needs.",
    "Foster carers are well trained and feel supported.",
    "The inspection was carried out under section 136 of the Education and Inspections Act 2006.",
]

STARTS = ["Social workers", "Leaders", "Foster carers", "Most care leavers", "Too few children", "Health partners"]
ENDS = [
    "receive good support.",
    "do not always receive good support, although this has begun to improve.",
    "know their area well; they act quickly.",
    "wait too long for help and, in some cases, risk is not recognised until it has risen.",
    "met inspectors.",
    "told inspectors that the virtual school helps them to achieve 94% attendance.",
]


def test_plain_strengths_concerns_and_neutral_sentences():
    assert [one.polarity for one in classify(TEXTS)] == ["strength", "concern", "strength", "neutral"]


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Foster carers are well trained and feel supported.", "fostering"),
        ("Care leavers live in suitable accommodation.", "care_leaver_accommodation"),
        ("The virtual school helps children in care to attend school and achieve.", "education_in_care"),
        ("Strategy discussions are timely and lead to thorough section 47 enquiries.", "strategy_enquiries"),
        ("Private fostering arrangements are well assessed and monitored.", "private_fostering"),
        ("Education, health and care plans are not reviewed on time.", "ehc_plans"),
        ("Social workers’ caseloads are too high and turnover remains a problem.", "workforce"),
    ],
)
def test_the_likeliest_theme(text, theme):
    assert classify([text])[0].themes[0] == theme


def test_boilerplate_has_no_theme():
    assert classify([TEXTS[3]])[0].themes == ()


def test_negation_and_contrast_turn_the_polarity():
    texts = [
        "Management oversight is robust.",
        "Management oversight is not robust.",
        "Social workers do not visit children regularly.",
        "Assessments are thorough, although not all are timely.",
        "Leaders are ambitious but progress has been too slow.",
        "Progress has been too slow.",
    ]
    polarities = ["strength", "concern", "concern", "mixed", "mixed", "concern"]
    assert [one.polarity for one in classify(texts)] == polarities


def test_the_sentence_before_gives_the_theme():
    text = "They are well supported and feel listened to."
    carers, leavers = classify([text, text], ["Foster carers receive good training.", "Care leavers have a say."])
    assert carers.themes[0] == "fostering"
    assert leavers.themes[0].startswith("care_leaver")


def test_scores_are_probabilities_in_order():
    for one in classify(TEXTS):
        assert isinstance(one, Classified)
        assert set(one.scores) == {"strength", "concern", "mixed", "neutral"}
        assert sum(one.scores.values()) == pytest.approx(1, abs=3e-4)
        assert all(round(score, 4) == score for score in [*one.scores.values(), *one.theme_scores])
        assert one.score == max(one.scores.values()) == one.scores[one.polarity]
        assert len(one.themes) == len(one.theme_scores) <= 3
        assert list(one.theme_scores) == sorted(one.theme_scores, reverse=True)
        assert "none" not in one.themes
        assert set(one.themes) <= set(themes())


def test_the_result_does_not_depend_on_the_company():
    many = classify(TEXTS * 700)
    assert len(many) == 2800
    alone = [classify([text])[0] for text in TEXTS]
    for one, other in zip(many[-4:], alone, strict=True):
        assert (one.polarity, one.themes) == (other.polarity, other.themes)
        assert one.score == pytest.approx(other.score, abs=1e-5)


def test_neither_the_order_nor_the_batches_change_a_result():
    texts = [f"{start} {end}" for start in STARTS for end in ENDS]
    before = [TEXTS[k % 4] for k in range(len(texts))]
    whole = classify(texts, before)
    order = list(range(len(texts)))
    random.Random(7).shuffle(order)
    parts = [order[k : k + 17] for k in range(0, len(order), 17)]
    found = [classify([texts[k] for k in part], [before[k] for k in part]) for part in parts]
    for k, one in zip(order, [one for part in found for one in part], strict=True):
        assert (one.polarity, one.themes) == (whole[k].polarity, whole[k].themes)
        assert one.score == pytest.approx(whole[k].score, abs=1.5e-4)


def test_running_text_gives_the_same_as_single_pairs():
    before = ["", *TEXTS[:-1]]
    running = classify(TEXTS, before)
    single = [classify([text], [previous])[0] for text, previous in zip(TEXTS, before, strict=True)]
    assert [one.score for one in running] == pytest.approx([one.score for one in single], abs=1e-5)


def test_no_sentences_and_odd_sentences():
    assert classify([]) == []
    odd = classify(["", "^ $ \x1e", "☃☃", "1 2 3", "word " * 5000])
    assert len(odd) == 5


def test_usage_errors_say_what_is_wrong():
    with pytest.raises(UsageError, match="2 sentences and 1 sentences before"):
        classify(["A.", "B."], ["A."])
    with pytest.raises(UsageError, match="one string"):
        classify("A sentence.")


def test_words_fold_case_possessives_digits_and_marks():
    assert words(["The child’s plan: 94.5% (co-led)!"]) == [
        "^",
        "the",
        "child",
        "plan",
        ":",
        "##",
        "#",
        "%",
        "co",
        "led",
        "$",
    ]
    assert words(["a ^ b", "c\x1ed"]) == ["^", "a", "b", "$", "^", "c", "d", "$"]


def test_vocabulary_marks_each_run_in_its_row():
    texts, before = ["plans are not good", "plans are good", "plans are good"], ["", "help is late", "help is late"]
    vocabulary = Vocabulary(choose(texts, before, least=2, least_before=2))
    matrix = vocabulary.matrix(texts, before, 0.5).toarray()
    assert "not" not in vocabulary.words
    assert {"help", "late", "good"} <= set(vocabulary.words)
    good = vocabulary.words.index("good")
    assert (matrix[:, good] > 0).all()
    own = matrix[:, : vocabulary.offsets[5]]
    assert (own**2).sum(axis=1) == pytest.approx([1, 1, 1])
    context = matrix[:, vocabulary.offsets[5] :]
    assert (context**2).sum(axis=1) == pytest.approx([0, 0.25, 0.25])
    assert (matrix[1] == matrix[2]).all()
    assert (matrix[0] != matrix[1]).any()


def test_the_model_is_small_plain_and_whole():
    folder = resources.files("ofsted_nlp").joinpath("data/models")
    found = [item for item in folder.iterdir() if item.name.startswith("findings.")]
    files = {item.name: len(item.read_bytes()) for item in found}
    assert set(files) == {"findings.npz", "findings.json"}
    assert sum(files.values()) <= 8_000_000
    settings = json.loads(folder.joinpath("findings.json").read_text(encoding="utf-8"))
    assert settings["themes"] == list(themes())
    assert settings["development"]["random"]["polarity_accuracy"] > 0.92
    assert settings["development"]["random"]["theme_top1"] > 0.72
    with np.load(str(folder.joinpath("findings.npz")), allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
        assert len(arrays["polarity"]) == model().vocabulary.width
        for name in settings["networks"]:
            assert len(arrays[f"{name}_words"]) == len(model().vocabulary.words) + 1


def test_a_model_is_made_of_arrays_and_settings():
    arrays = choose(["good work", "late work"], ["", ""], least=1, least_before=1)
    width = Vocabulary(arrays).width
    polarity = np.zeros((width, 4), dtype=np.float16)
    column = Vocabulary(arrays).words.index("late")
    polarity[column] = [0, 9, 0, 0]
    built = Model(
        {
            **arrays,
            "polarity": polarity,
            "polarity_bias": np.array([1, 0, 0, 0], dtype=np.float32),
            "theme": np.zeros((1, 2), dtype=np.int8),
            "theme_scale": np.ones(2, dtype=np.float32),
            "theme_columns": np.array([0]),
            "theme_bias": np.array([2.0, 0.0], dtype=np.float32),
        },
        {
            "polarities": ["strength", "concern", "mixed", "neutral"],
            "themes": ["health", "none"],
            "before_weight": 0.5,
            "polarity_temperature": 1.0,
            "theme_temperature": 1.0,
            "themes_kept": {"least": [0.05, 0.1, 0.15], "none": 0.6},
        },
    )
    first, second = built.classify(["good work", "late work"], ["", ""])
    assert (first.polarity, second.polarity) == ("strength", "concern")
    assert first.themes == ("health",)


def network_arrays(words):
    """A network of one filter that answers to the word before last: "not" two places before the word at hand."""
    none = np.zeros(1, dtype=np.float16)
    return {
        "n_words": np.array([[127 * (word == "not")] for word in [*words, None]], dtype=np.int8),
        "n_scale": np.full(len(words) + 1, 1 / 127, dtype=np.float32),
        "n_window": np.array([[[1]], [[0]], [[0]], [[0]], [[0]]], dtype=np.float16),
        "n_window_bias": none,
        "n_before": np.array([[2]], dtype=np.float16),
        "n_before_bias": none,
        "n_hidden": np.eye(4, dtype=np.float16),
        "n_hidden_bias": np.zeros(4, dtype=np.float16),
        "n_out": np.eye(4, dtype=np.float16),
        "n_out_bias": np.zeros(4, dtype=np.float16),
    }


def test_a_network_sees_the_order_of_words_and_the_sentence_before():
    texts = ["this is not at all good", "this is good not", "", "they are not all good"]
    vocabulary = Vocabulary(choose(texts, texts, least=1, least_before=1))
    network = Network(vocabulary, network_arrays(vocabulary.words), "n")
    own, before = vocabulary.read_both(texts, ["", "not", "is not", ""])
    found = network.logits(own, before, 4, np.zeros((4, 3), dtype=np.int64))
    assert found[:, 0].tolist() == pytest.approx([1, 0, 0, 1])  # the word two places after "not" answers
    assert found[:, 1].tolist() == pytest.approx([1 / 6, 0, 0, 1 / 5], abs=1e-6)  # one word in six, in five
    assert found[:, 2].tolist() == pytest.approx([0, 2, 2, 0])
    assert found[:, 3].tolist() == pytest.approx([0, 2, 1, 0])


def test_a_second_convolution_sees_the_words_beside_each_but_not_the_next_sentence():
    texts = ["this is not good", "so it is", "not so good"]
    vocabulary = Vocabulary(choose(texts, texts, least=1, least_before=1))
    arrays = network_arrays(vocabulary.words)
    arrays["n_window"] = np.array([[[0]], [[0]], [[1]], [[0]], [[0]]], dtype=np.float16)  # answers to "not" itself
    arrays["n_deep"] = np.array([[[4]], [[0]], [[2]]], dtype=np.float16)  # 4 after "not", 2 before it
    arrays["n_deep_bias"] = np.zeros(1, dtype=np.float16)
    arrays["n_hidden"] = arrays["n_out"] = np.eye(6, dtype=np.float16)
    arrays["n_hidden_bias"] = arrays["n_out_bias"] = np.zeros(6, dtype=np.float16)
    own, before = vocabulary.read_both(texts, ["", "", ""])
    found = Network(vocabulary, arrays, "n").logits(own, before, 3, np.zeros((3, 3), dtype=np.int64))
    assert found[:, 0].tolist() == pytest.approx([1, 0, 1])
    assert found[:, 2].tolist() == pytest.approx([4, 0, 4])
    assert found[:, 3].tolist() == pytest.approx([6 / 4, 0, 4 / 3], abs=1e-6)


def test_places_have_numbers_of_their_own():
    places = Places.of([Place("in_care", "good"), Place("lscb", "inadequate"), Place()])
    assert (places.sections, places.grades, places.width) == (["in_care", "lscb"], ["good", "inadequate"], 8)
    found = places.numbers([Place("lscb", "good"), Place("in_care"), Place("elsewhere", "good"), Place()])
    assert found.tolist() == [[1, 2, 6], [0, 8, 8], [8, 2, 8], [8, 8, 8]]
    assert places.numbers([]).shape == (0, 3)


def test_the_grade_of_a_section_stands_before_that_of_the_whole():
    grades = {"overall_effectiveness": "good", "adoption": "outstanding"}
    assert place_in("adoption", grades) == ("adoption", "outstanding")
    assert place_in("summary", grades) == ("summary", "good")
    assert place_in("effective", {"outcome": "inconsistent"}).words() == "effective inconsistent"
    assert place_in("introduction", {}) == ("introduction", "")


def test_neighbours_of_a_stretch_lend_their_themes():
    scores = np.log(np.array([[0.9, 0.1], [0.5, 0.5], [0.9, 0.1], [0.5, 0.5], [0.1, 0.9]], dtype=np.float32))
    found = with_neighbours(scores, [1, 1, 1, 2, 2], reach=2, weight=0.5)
    assert found[1, 0] > found[1, 1]
    assert found[3, 1] > found[3, 0]
    assert np.exp(found).sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    alone = with_neighbours(scores, [1, 2, 3, 4, 5], reach=2, weight=0.5)
    assert alone == pytest.approx(scores, abs=1e-5)
    assert with_neighbours(scores, [1] * 5, reach=2, weight=0.0) is scores


def test_the_network_computes_what_was_trained():
    torch = pytest.importorskip("torch", reason="needs the extra train")
    from ofsted_nlp.training import student

    texts, before = TEXTS[:3], ["", TEXTS[0], TEXTS[3]]
    vocabulary = Vocabulary(choose(texts, before, least=1, least_before=1))
    settings = student.Settings(vector=8, filters=6, deep=4, before=5, hidden=7)
    torch.manual_seed(3)
    where = [Place("lscb", "good"), Place("in_care"), Place()]
    places = Places.of(where)
    trained = student.build(len(vocabulary.words) + 1, places.width, settings).eval()
    torch.nn.init.normal_(trained.place.weight[: places.width], std=0.5)
    examples = Examples(texts, before, where, np.zeros((3, 4)), np.zeros((3, 49)), np.ones(3))
    data = student.Numbered(vocabulary, examples, 100)
    with torch.inference_mode():
        wanted = trained(*map(torch.from_numpy, [*data.arrays([0, 1, 2], 2), places.numbers(where)])).numpy()
    ((polarity, theme),) = student.heads(vocabulary, places, {"n": student.arrays(trained, settings)}, examples)
    assert np.concatenate([polarity, theme], axis=1) == pytest.approx(wanted, abs=0.02)
    assert np.ptp(wanted, axis=0).max() > 0.04


def development(gold, gap=1):
    """A development report whose sentences stand ``gap`` stretches apart, with these polarities."""
    sentences = [PoolSentence("a.pdf", f"Sentence {n}.", "", "lscb", "", n, n + 1, gap * n) for n in range(len(gold))]
    rows = [
        {"polarity": POLARITIES[k], "theme": "fostering", "set": "random" if n % 2 else "hard"}
        for n, k in enumerate(gold)
    ]
    return Development(sentences, rows, np.arange(len(gold)))


def test_the_shift_for_mixed_helps_mixed_and_costs_no_accuracy():
    rng = np.random.default_rng(5)
    gold = rng.integers(0, 4, 300)
    scores = 2.0 * np.eye(4)[gold] + rng.normal(size=(300, 4))
    scores[:, 2] -= 1.5
    theme = np.tile(np.eye(len(themes()))[list(themes()).index("fostering")], (300, 1))
    found = mixture(development(gold), [scores, theme], [[scores, theme]])
    shift = found["polarity_shift"]
    assert shift[2] > 0 and shift[0] == shift[1] == 0
    assert found["around"] == {"reach": 2, "theme": 0.0}
    scores = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    assert found["development"]["all"]["polarity_accuracy"] >= (scores.argmax(1) == gold).mean()
    assert found["development"]["all"]["polarity_macro_f1"] > macro_f1(gold, scores.argmax(1))
    assert macro_f1(np.arange(4), np.arange(4)) == 1


def test_neighbours_get_the_weight_with_which_most_themes_are_right():
    rng = np.random.default_rng(6)
    adoption, fostering = (list(themes()).index(code) for code in ("adoption", "fostering"))
    gold = np.repeat(rng.integers(0, 2, 60), 5)  # five sentences running have the same theme
    report = development(np.zeros(300, dtype=int), gap=0)
    for row, code in zip(report.rows, gold, strict=True):
        row["theme"] = ("adoption", "fostering")[code]
    theme = np.full((300, len(themes())), -9.0)
    theme[:, [adoption, fostering]] = 1.2 * np.eye(2)[gold] + rng.normal(size=(300, 2))
    polarity = np.tile([5.0, 0, 0, 0], (300, 1))
    found = mixture(report, [polarity, theme], [], 0.0)
    assert found["around"]["theme"] > 0
    alone = (theme[:, fostering] > theme[:, adoption]) == gold
    assert found["development"]["all"]["theme_top1"] > alone.mean() + 0.03
