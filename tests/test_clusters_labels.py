"""Labels are made of words that tell a cluster from its theme; where few findings share any, they say so."""

import numpy

from ofsted_nlp.analysis.clustering.labels import Printed, distinctive, label, whole_phrase
from ofsted_nlp.analysis.clustering.wording import Wording, stem

OTHERS = [f"Chronologies of {word} files are out of date." for word in ("older", "closed", "open", "urgent") * 10]
MIXED = [
    "Otters swim in clean rivers.",
    "Lanterns hang above every doorway.",
    "The bakery opens before dawn.",
    "Kites are flown on windy hills.",
    "Bees make honey in the orchard.",
    "Trains stop at the harbour.",
] * 2


def named(texts, others=OTHERS, title=""):
    wording = Wording([*texts, *others])
    inside = numpy.arange(len(texts) + len(others)) < len(texts)
    return distinctive(wording, inside, texts, title=title)


def test_terms_are_those_that_the_rest_of_the_theme_does_not_use():
    terms, covered = named([f"Fathers are seldom met in {word} enquiries." for word in ("older", "open") * 6])
    assert "seldom met" in terms
    assert "chronologies" not in " ".join(terms)
    assert covered == 1


def test_words_that_every_report_uses_are_named_only_where_others_cover_little():
    places = ("lamps", "boats", "roofs", "gates", "wells", "carts", "barns", "kilns")
    texts = [f"Of {place}: the quality has improved." for place in places]
    terms, covered = named(texts * 2)
    assert {"quality", "improved"} & set(terms)
    assert covered == 1
    assert len(terms) <= 5
    shared = [f"Fathers are met and the quality of {word} has improved." for word in ("lamps", "boats", "roofs") * 4]
    assert "quality" not in named(shared)[0]


def test_a_cluster_of_mixed_matters_is_called_so():
    terms, covered = named(MIXED)
    assert 0 < covered < 1
    assert len(terms) <= 5
    assert label("adoption", "concern", terms, 0.39).startswith("Adoption (concern): mixed matters, among them ")
    assert label("adoption", "concern", ("adopters",), 0.4) == "Adoption (concern): adopters"
    assert label("adoption", "strength", ()) == "Adoption (strength)"


def test_a_term_that_repeats_the_theme_is_followed_by_others():
    places = ("lamps", "boats", "roofs", "gates", "wells", "carts")
    texts = [f"Of {place}, adopters: the quality is poor." for place in places * 2]
    plain, _ = named(texts)
    told, covered = named(texts, title="Adopters")
    assert "quality" not in plain
    assert "quality" in told
    assert covered == 1


def test_all_forms_of_a_word_count_as_using_it():
    forms = ("challenge", "challenges", "challenged", "challenging")
    texts = [f"Chairs {form} the {word}." for form in forms for word in ("lamp", "boat", "roof")]
    wording = Wording([*texts, *OTHERS])
    columns = wording.forms[stem("challenged")]
    assert {wording.terms[column] for column in columns} == {"challenge", "challenged", "challenging"}
    assert named(texts)[1] == 1


def test_phrases_grow_by_what_nearly_always_stands_beside_them():
    texts = ["The public law outline is late.", "A public law outline was begun.", "Public law outlines differ."]
    assert whole_phrase("law outline", texts) == "public law outline"
    assert whole_phrase("law outline", Printed(texts)) == "public law outline"
    assert whole_phrase("PLO", ["The PLO process.", "The PLO process."]) == "PLO"
    assert whole_phrase("partners", ["Partners should act.", "Partners should wait."]) == "partners"


def test_what_recommendations_cite_names_no_cluster():
    endings = [f"(Outcome {number}, national framework)." for number in (1, 2, 3, 4)]
    texts = [f"Homeless {word} wait {end}" for word in ("boys", "girls", "pairs") for end in endings]
    terms = named(texts)[0]
    assert "homeless" in " ".join(terms)
    assert not [term for term in terms if "national" in term or "framework" in term]


def test_the_matrix_holds_each_term_of_a_text_once_and_words_of_one_text_alone_not_at_all():
    wording = Wording(["Otters and otters swim.", "Otters sleep in reeds.", "Otters swim well.", ""])
    assert wording.terms == ["otter", "otter swim", "swim"]
    assert wording.counts.toarray().tolist() == [[1, 1, 1], [1, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert wording.plain("otter") == "otters"
    assert Wording([]).terms == [""]
