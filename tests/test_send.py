"""Area SEND reports: the outcome box and the tables of actions, on invented documents."""

import os
from pathlib import Path

import pytest

from ofsted_nlp.extraction.items import join_items
from ofsted_nlp.extraction.send import next_inspection, outcome, recommendation_rows
from ofsted_nlp.records import Block, BlockKind, Box, Document, Source, TextLine


def document(*parts):
    """A document of (kind, page, text or cells, other attributes of the block)."""
    blocks, texts, position = [], [], 0
    for kind, page, content, *rest in parts:
        cells = tuple(content) if isinstance(content, (list, tuple)) else ()
        text = "\t".join(c for c in cells if c) if cells else content
        line = TextLine(Box(page, 60, 100, 500, 112), position, position + len(text))
        values = {"level": 2 if kind == "heading" else 0, **(rest[0] if rest else {})}
        blocks.append(
            Block(BlockKind(kind), text, position, position + len(text), (line,), cells=cells, size=12.0, **values)
        )
        texts.append(text)
        position += len(text) + 1
    return Document(Source("invented.pdf", "0" * 64, 9), "\n".join(texts), tuple(blocks))


BOX = {"boxed": True}


def outcome_box(*sentences):
    return document(
        ("heading", 1, "Area SEND inspection of Fernshire Local Area Partnership"),
        ("heading", 1, "Inspection outcome", BOX),
        *(("paragraph", 1, sentence, BOX) for sentence in sentences),
        ("heading", 1, "Information about the local area partnership"),
        ("paragraph", 1, "There were systemic failings before 2020. The next inspection of schools is planned."),
    )


@pytest.mark.parametrize(
    ("sentence", "grade"),
    [
        ("The arrangements typically lead to positive experiences and outcomes for children.", "positive"),
        ("The arrangements lead to inconsistent experiences and outcomes for children.", "inconsistent"),
        ("There are widespread and/or systemic failings leading to significant concerns.", "systemic_failings"),
    ],
)
def test_the_outcome_is_told_by_its_wording_in_the_box(sentence, grade):
    found = outcome(outcome_box(f"{sentence} The partnership must act."))
    assert (found.code, found.grade, found.label, found.page) == ("outcome", grade, "Inspection outcome", 1)
    assert found.printed == sentence


def test_without_the_box_or_its_words_there_is_no_outcome():
    assert outcome(document(("heading", 1, "Fernshire"), ("paragraph", 1, "Children are well supported."))) is None
    assert outcome(document(("paragraph", 3, "There are systemic failings."))) is None


def test_the_next_inspections_are_those_the_box_announces():
    report = outcome_box(
        "There are systemic failings.",
        "A monitoring inspection will be carried out within 18 months. The next full reinspection is in three years.",
        "As a result of this inspection, a priority action plan is required.",
    )
    assert next_inspection(report) == (
        "A monitoring inspection will be carried out within 18 months. The next full reinspection is in three years."
    )
    assert next_inspection(outcome_box("There are systemic failings.")) is None


def test_rows_of_both_tables_with_the_responsible_bodies():
    report = document(
        ("bullet", 5, "Children wait too long."),
        ("heading", 6, "Areas for priority action"),
        ("table_row", 6, ("Responsible body", "Areas for priority action"), {"bold": True}),
        ("table_row", 6, ("Fernshire Council and NHS Fern ICB", "Leaders must plan together.")),
        ("heading", 6, "Areas for improvement"),
        ("heading", 6, "Areas for improvement", {"boxed": True, "level": 3}),
        ("paragraph", 6, "Leaders should listen to families.", BOX),
        ("paragraph", 7, "Leaders should shorten waits.", BOX),
        ("heading", 7, "Local area partnership details"),
        ("table_row", 7, ("Fernshire Council", "NHS Fern ICB")),
    )
    found = recommendation_rows(report)
    assert [(r.kind, r.section, r.page, r.responsible, r.text) for r in found] == [
        ("priority_action", "partnership", 6, "Fernshire Council and NHS Fern ICB", "Leaders must plan together."),
        ("area_for_improvement", "partnership", 6, None, "Leaders should listen to families."),
        ("area_for_improvement", "partnership", 7, None, "Leaders should shorten waits."),
    ]
    assert [report.text[r.start : r.end] for r in found] == [r.text for r in found]


def test_rows_torn_by_a_page_end_are_joined():
    report = document(
        ("heading", 5, "Areas for priority action"),
        ("table_row", 5, ("Responsible body", "Areas for priority action")),
        ("table_row", 5, ("Fernshire Council and", "Leaders should plan services so that")),
        ("table_row", 6, ("NHS Fern ICB", "no child waits.")),
        ("table_row", 6, ("Fernshire", "Leaders should share data.")),
        ("table_row", 7, ("Council", "")),
        ("table_row", 7, ("Responsible body", "Areas for priority action")),
        ("table_row", 7, ("NHS Fern ICB", "Health leaders should improve:\naudiology;\nspeech therapy")),
        ("table_row", 8, ("", "physiotherapy."), {"mark": "•"}),
        ("table_row", 8, ("", "They should report on it.")),
    )
    assert [(r.page, r.responsible, r.text) for r in recommendation_rows(report)] == [
        (5, "Fernshire Council and NHS Fern ICB", "Leaders should plan services so that no child waits."),
        (6, "Fernshire Council", "Leaders should share data."),
        (
            7,
            "NHS Fern ICB",
            "Health leaders should improve: audiology; speech therapy; physiotherapy. They should report on it.",
        ),
    ]


@pytest.mark.parametrize(
    "header", [("Areas for priority action", "Responsible bodies"), ("Areas for priority action", "")]
)
def test_the_bodies_may_stand_in_the_second_column_with_or_without_a_heading(header):
    report = document(
        ("heading", 5, "Areas for priority action"),
        ("table_row", 5, header),
        ("table_row", 5, ("Leaders must urgently plan together for all children.", "Fernshire Council")),
    )
    (row,) = recommendation_rows(report)
    assert (row.text, row.responsible) == ("Leaders must urgently plan together for all children.", "Fernshire Council")


def test_bullets_and_carried_on_text_belong_to_their_row():
    report = document(
        ("heading", 5, "Areas for improvement"),
        ("paragraph", 5, "Leaders should improve plans. This includes:", BOX),
        ("bullet", 5, "better advice.", {"boxed": True, "mark": "•", "level": 1}),
        ("bullet", 6, "timely reviews.", {"boxed": True, "mark": "•", "level": 1}),
        ("paragraph", 6, "Leaders should shorten waits.", BOX),
        ("paragraph", 7, "They should tell families how long they will wait.", BOX),
    )
    assert [r.text for r in recommendation_rows(report)] == [
        "Leaders should improve plans. This includes: better advice; timely reviews.",
        "Leaders should shorten waits. They should tell families how long they will wait.",
    ]


def test_printed_numbers_are_kept_in_paragraphs_and_in_cells():
    report = document(
        ("heading", 5, "Areas for priority action"),
        ("table_row", 5, ("1", "Leaders must plan together.", "Fernshire Council")),
        ("heading", 5, "Areas for improvement"),
        ("numbered", 5, "Leaders should listen.", {"number": "1", "mark": "1", "boxed": True}),
        ("numbered", 5, "Leaders should act.", {"number": "2", "mark": "2", "boxed": True}),
    )
    assert [(r.number, r.text, r.responsible) for r in recommendation_rows(report)] == [
        ("1", "Leaders must plan together.", "Fernshire Council"),
        ("1", "Leaders should listen.", None),
        ("2", "Leaders should act.", None),
    ]


def test_no_priority_actions_is_no_item():
    report = document(
        ("heading", 5, "Areas for priority action"),
        ("paragraph", 5, "There are no priority actions."),
        ("heading", 5, "Areas for improvement"),
        ("paragraph", 5, "No child should wait for a plan.", BOX),
    )
    assert [r.text for r in recommendation_rows(report)] == ["No child should wait for a plan."]


def test_items_are_joined_with_semicolons_once():
    assert join_items(["Improve:", "a;", "b; and", "c."]) == "Improve: a; b; and c."
    assert join_items(["Improve plans.", "Share data."]) == "Improve plans; Share data."
    assert join_items([]) == ""


CORPUS = Path(os.environ.get("OFSTED_NLP_CORPUS", Path(__file__).parents[1] / "../shared/corpus")) / "reports"


@pytest.mark.corpus
def test_every_real_report_has_an_outcome_and_items():
    files = sorted(CORPUS.glob("*-send-*.pdf"))
    if not files:
        pytest.skip(f"no area SEND reports in {CORPUS}")
    from ofsted_nlp.reading.pdf import read_pdf

    for file in files:
        report = read_pdf(file)
        judgement, rows = outcome(report), recommendation_rows(report)
        assert judgement is not None, file.name
        assert (judgement.grade == "systemic_failings") == any(r.kind == "priority_action" for r in rows), file.name
        assert any(r.kind == "area_for_improvement" for r in rows), file.name
        assert all(r.text.endswith((".", "’")) for r in rows), file.name
        assert all(r.responsible for r in rows if r.kind == "priority_action"), file.name
