"""Judgements of invented reports, the samples and, where present, the real ones."""

import json
from pathlib import Path

import pytest
from documents import document

from ofsted_nlp.extraction.grades import bare_grade, grade_in
from ofsted_nlp.extraction.judgements import judgements, previous_judgements
from ofsted_nlp.extraction.kind import kind_of
from ofsted_nlp.extraction.sections import sections
from ofsted_nlp.extraction.send import outcome
from ofsted_nlp.frameworks import ILACS, JTAI, OTHER, SIF, SLAC
from ofsted_nlp.reading.pdf import read_pdf


def judged(framework, *parts):
    """Code to (grade, page)."""
    report = document(*parts)
    return {j.code: (j.grade, j.page) for j in judgements(report, framework, sections(report, framework))}


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Requires improvement to be good", ("requires_improvement", "requires improvement to be good")),
        ("requires further improvement", ("requires_improvement", "requires further improvement")),
        ("are inadequate", ("inadequate", "inadequate")),
        ("Adequate", ("adequate", "adequate")),
        ("was not judged", ("not_judged", "not judged")),
        ("a goodly number", None),
    ],
)
def test_grade_words(text, grade):
    assert grade_in(text) == grade


@pytest.mark.parametrize(
    ("cell", "code"),
    [("Grade 3 (adequate)", "adequate"), ("Good", "good"), ("The grade is good", "good"), ("Good progress", None)],
)
def test_a_cell_that_is_nothing_but_a_grade(cell, code):
    assert (bare_grade(cell) or (None,))[0] == code


@pytest.mark.parametrize(
    ("sentence", "grade"),
    [
        ("Children’s services in Fernshire are inadequate", "inadequate"),
        ("Children’s services in Fernshire require improvement to be good", "requires_improvement"),
        ("The overall judgement is good", "good"),
        ("The overall judgement is that children’s services are outstanding", "outstanding"),
        ("The overall judgement is that children’s services require improvement", "requires_improvement"),
    ],
)
def test_the_overall_grade_stands_in_the_heading_sentence(sentence, grade):
    assert judged(SIF, ("heading", 1, sentence)) == {"overall_effectiveness": (grade, 1)}


def test_what_is_not_yet_so_is_no_grade():
    assert judged(SIF, ("heading", 3, "Children’s services in Fernshire are not yet good")) == {}


def test_the_table_of_a_single_inspection_framework_report():
    rows = [
        ("heading", 1, "Children’s services in Fernshire require improvement to be good"),
        ("table_row", 2, "1. Children who need help and protection\tRequires improvement"),
        ("table_row", 2, "2. Children looked after and achieving permanence\tRequires improvement"),
        ("table_row", 2, "2.1 Adoption performance\tOutstanding"),
        ("table_row", 3, "2.3 Experiences and progress of care leavers\tInadequate"),
        ("table_row", 3, "3. Leadership, management and governance\tGood"),
        ("heading", 30, "The Local Safeguarding Children Board is good"),
    ]
    expected = {
        "overall_effectiveness": ("requires_improvement", 1),
        "help_and_protection": ("requires_improvement", 2),
        "looked_after_permanence": ("requires_improvement", 2),
        "adoption": ("outstanding", 2),
        "care_leavers": ("inadequate", 3),
        "leadership": ("good", 3),
        "lscb": ("good", 30),
    }
    assert judged(SIF, *rows) == expected
    assert judged(SIF, rows[0], *reversed(rows[1:6]), rows[6]) == expected


def test_not_judged_is_left_out_even_where_a_heading_seems_to_grade():
    rows = [("table_row", 2, "2. Children looked after and achieving permanence\tNot judged"),
            ("table_row", 2, "3. Leadership, management and governance\tGood")]  # fmt: skip
    assert judged(SIF, *rows) == {"leadership": ("good", 2)}


def test_the_table_counts_before_the_heading_of_the_section():
    parts = [("table_row", 2, "2.1 Adoption performance\tGood"),
             ("heading", 20, "The graded judgement for adoption performance is that it is outstanding")]  # fmt: skip
    assert judged(SIF, *parts) == {"adoption": ("good", 2)}


def test_grades_of_earlier_inspections_are_kept_apart():
    parts = [
        ("heading", 1, "Children’s services in Fernshire are good"),
        ("heading", 5, "Previous Ofsted inspections"),
        ("bullet", 5, "The previous inspection of the local authority’s safeguarding arrangements was in May 2012. The "
         "local authority was judged to be adequate."),
        ("bullet", 5, "The previous inspection of services for looked after children was in May 2011. The local "
         "authority was judged to be good."),
        ("bullet", 5, "The authority operates three children’s homes. One was judged to be inadequate."),
        ("heading", 6, "Local leadership"),
    ]  # fmt: skip
    assert judged(SIF, *parts) == {"overall_effectiveness": ("good", 1)}
    earlier = previous_judgements(SIF, sections(document(*parts), SIF))
    assert [(j.code, j.grade, j.page) for j in earlier] == [
        ("safeguarding", "adequate", 5),
        ("looked_after_children", "good", 5),
    ]


def test_the_table_of_a_local_authority_inspection_with_misprinted_label():
    rows = [
        ("table_row", 1, "Judgement\tGrade"),
        ("table_row", 1, "The impact of leaders on social work practice with children and families\tGood"),
        ("table_row", 1, "The experiences and progress of children who need help and protection\tRequires improvement "
         "to be good"),
        ("table_row", 1, "The experiences and progress of children in care\tGood"),
        ("table_row", 1, "The experiences and progress of children care leavers\tOutstanding"),
        ("table_row", 1, "Overall effectiveness\tGood"),
    ]  # fmt: skip
    assert judged(ILACS, *rows) == {
        "overall_effectiveness": ("good", 1),
        "impact_of_leaders": ("good", 1),
        "help_and_protection": ("requires_improvement", 1),
        "care_leavers": ("outstanding", 1),
        "in_care": ("good", 1),
    }


def test_the_combined_judgement_on_care_is_one_of_its_own():
    row = ("table_row", 1, "The experiences and progress of children in care and care leavers\tGood")
    assert judged(ILACS, row) == {"care_and_care_leavers": ("good", 1)}


def test_a_grade_of_another_framework_is_none():
    assert judged(ILACS, ("table_row", 1, "Overall effectiveness\tAdequate")) == {}


def test_the_judgements_before_2014_use_adequate_and_their_printed_labels():
    parts = [("table_row", 30, "Overall effectiveness\tAdequate"),
             ("table_row", 30, "Outcomes for looked after children and young people\tGood"),
             ("table_row", 30, "Capacity for improvement\tInadequate")]  # fmt: skip
    assert judged(SLAC, *parts) == {
        "overall_effectiveness": ("adequate", 30),
        "capacity_to_improve": ("inadequate", 30),
        "outcomes_for_looked_after_children_and_young_people": ("good", 30),
    }


def test_a_review_of_a_board_alone_and_a_joint_letter():
    heading = ("heading", 2, "The Local Safeguarding Children Board requires improvement to be good")
    assert judged(OTHER, heading) == {"lscb": ("requires_improvement", 2)}
    assert judged(JTAI, heading) == {}


def facts_of(folder: Path) -> dict[str, dict]:
    lines = (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    return {fact["file"]: fact for fact in map(json.loads, lines)}


def read_judgements(path: Path) -> tuple[str, dict[str, str]]:
    report = read_pdf(path)
    framework = kind_of(report)
    if framework.code == "send":
        found = outcome(report)
        return framework.code, {found.code: found.grade} if found else {}
    made = judgements(report, framework, sections(report, framework))
    return framework.code, {j.code: j.grade for j in made}


def test_framework_and_judgements_of_the_samples(samples):
    for file, fact in facts_of(samples / "gold").items():
        assert read_judgements(samples / file) == (fact["framework"], fact["judgements"]), file


@pytest.mark.corpus
def test_framework_and_judgements_of_the_real_reports(corpus_reports):
    gold = corpus_reports.parent.parent / "gold"
    if not gold.is_dir():
        pytest.skip(f"no gold annotations in {gold}")
    wrong = {
        file: found
        for file, fact in facts_of(gold).items()
        if (found := read_judgements(corpus_reports / file)) != (fact["framework"], fact["judgements"])
    }
    assert wrong == {}
