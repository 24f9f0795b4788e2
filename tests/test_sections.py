"""Sections of invented reports: what begins one, what ends one, and which of them hold findings."""

import pytest
from documents import document, numbered

from ofsted_nlp.extraction.sections import finding_blocks, sections
from ofsted_nlp.frameworks import (
    FOCUSED_VISIT,
    ILACS,
    JTAI,
    MONITORING_VISIT,
    OTHER,
    SEND,
    SIF,
    SLAC,
)

TEXT = "Social workers know their children well."


def told(framework, *parts):
    """(code, part, whether findings, kind of actions) of every section that holds text."""
    found = sections(document(*parts), framework)
    return [(s.code, s.part, s.findings, s.actions) for s in found if s.blocks]


def codes(framework, *headings):
    """The code of the section under each heading, each on a page of its own from page 3."""
    parts = []
    for page, heading in enumerate(headings, 3):
        parts += [("heading", page, heading), ("paragraph", page, TEXT)]
    return [section[0] for section in told(framework, *parts)]


def test_every_block_of_the_text_is_in_one_section():
    report = document(
        ("heading", 1, "Fernshire"), ("paragraph", 3, TEXT), ("heading", 3, "Executive summary"),
        ("paragraph", 3, TEXT), ("heading", 4, "A heading of its own"), numbered(1, 4, TEXT),
    )  # fmt: skip
    found = sections(report, SIF)
    held = [block for s in found for block in ([s.heading] if s.heading else []) + s.blocks]
    assert held == list(report.body)


def test_the_sections_of_a_single_inspection_framework_report():
    assert codes(
        SIF,
        "Executive summary",
        "Information about this local authority area",
        "Recommendations",
        "Summary for children and young people",
        "The experiences and progress of children who need help and protection",
        "Inspection findings",
        "The experiences and progress of children looked after and achieving permanence",
        "The graded judgement for adoption performance is that it is good",
        "The graded judgement about the experience and progress of care leavers is that it requires improvement",
        "Leadership, management and governance",
        "The Local Safeguarding Children Board (LSCB)",
        "Executive summary",
        "Information about this inspection",
    ) == [
        "executive_summary", "local_information", "recommendations", "summary_for_children", "help_and_protection",
        "help_and_protection", "looked_after_permanence", "adoption", "care_leavers", "leadership", "lscb", "lscb",
        "about",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Section 1: the local authority – summary of findings", "executive_summary"),
        ("The local authority - Summary of findings", "executive_summary"),
        ("Children’s services in Fernshire are inadequate because:", "executive_summary"),
        ("Adoption performance is good", "adoption"),
        ("The experience and progress of care leavers requires improvement", "care_leavers"),
        ("The local authority’s strengths", "strengths"),
        ("Progress since the last inspection", "progress"),
        ("Summary for children", "summary_for_children"),
        ("The casework model used in this area", "local_information"),
        ("What the inspection judgements mean", "about"),
        ("The LSCB is likely to be judged to be good if the following apply:", "about"),
    ],
)
def test_other_headings_of_the_single_inspection_framework(heading, code):
    assert codes(SIF, "Executive summary", heading)[-1] == code


def test_judgements_about_the_board_are_findings_and_what_they_mean_is_not():
    parts = [
        ("heading", 30, "Inspection judgement about the LSCB"), numbered(99, 30, TEXT),
        ("heading", 33, "What the inspection judgements mean"), ("paragraph", 33, "An outstanding authority leads."),
        ("heading", 33, "The LSCB"), ("paragraph", 33, "An outstanding LSCB is highly influential."),
    ]  # fmt: skip
    assert told(SIF, *parts) == [
        ("lscb", "lscb", True, ""),
        ("about", "lscb", False, ""),
        ("about", "lscb", False, ""),
    ]


def test_a_cover_begins_no_section_but_the_executive_summary():
    cover = [("heading", 1, "Review of the effectiveness of the Local Safeguarding Children Board"),
             ("heading", 1, "Executive summary"), ("paragraph", 1, TEXT)]  # fmt: skip
    assert told(SIF, *cover) == [("introduction", "authority", False, ""), ("executive_summary", "authority", True, "")]


def test_lines_of_a_table_of_contents_begin_no_section():
    contents = [("heading", 2, "Executive summary 6"), ("heading", 2, "The Local Safeguarding Children Board 42"),
                ("heading", 6, "Recommendations"), numbered(1, 6, "Improve plans.")]  # fmt: skip
    assert told(SIF, *contents)[-1] == ("recommendations", "authority", False, "recommendation")
    assert len(told(SIF, *contents)) == 2


def test_the_part_on_the_board_goes_back_to_the_authority():
    parts = [("heading", 3, "The Local Safeguarding Children Board"), ("paragraph", 3, TEXT),
             ("heading", 5, "Leadership, management and governance"), ("paragraph", 5, TEXT)]  # fmt: skip
    assert told(SIF, *parts) == [("lscb", "lscb", True, ""), ("leadership", "authority", True, "")]


def test_a_heading_in_a_ruled_box_beside_its_grade_begins_a_section():
    parts = [("table_row", 9, "The experiences and progress of children looked after\tNot judged"),
             ("paragraph", 9, TEXT),
             ("table_row", 12, "Leadership, management and governance\tRequires improvement"),
             ("paragraph", 12, TEXT)]  # fmt: skip
    assert [section[0] for section in told(SIF, *parts)] == ["looked_after_permanence", "leadership"]


def test_a_grade_read_into_the_middle_of_a_heading_does_not_hide_it():
    heading = "The experiences and progress of children Requires improvement who need help and protection"
    assert codes(SIF, heading) == ["help_and_protection"]


def test_a_heading_that_no_rule_tells_ends_a_list_of_its_rank():
    parts = [("heading", 8, "Recommendations"), numbered(1, 8, "Improve plans."),
             ("heading", 9, "A letter to children"), ("bullet", 9, TEXT)]  # fmt: skip
    assert [s[2:] for s in told(SIF, *parts)] == [(False, "recommendation"), (True, "")]


def test_a_heading_of_lower_rank_is_a_sub_heading_of_the_list():
    parts = [("heading", 8, "Areas for improvement"), numbered(1, 8, "Improve plans."),
             ("heading", 8, "Care leavers", {"level": 3}), numbered(2, 8, "Visit care leavers.")]  # fmt: skip
    assert told(SIF, *parts) == [("areas_for_improvement", "authority", False, "area_for_improvement")]


def test_the_sections_of_a_local_authority_inspection():
    assert codes(
        ILACS,
        "What needs to improve?1",
        "The experiences and progress of children who need help and protection: good",
        "The experiences and progress of children in care: requires improvement to be good",
        "The experiences and progress of children in care and care leavers: outstanding",
        "The experiences and progress of children care leavers: good",
        "The impact of leaders on social work practice with children and families: good",
    ) == [
        "areas_for_improvement", "help_and_protection", "in_care", "care_and_care_leavers", "care_leavers",
        "impact_of_leaders",
    ]  # fmt: skip


def test_the_first_page_of_a_local_authority_inspection_holds_findings_but_not_dates_and_names():
    report = document(
        ("paragraph", 1, "Inspection dates: 4 to 15 March 2024"),
        ("paragraph", 1, "Lead inspector: Clemency Fairweather"),
        ("paragraph", 1, "Children in Fernshire receive help when they need it."),
    )
    held = [(section.code, block.text) for section, block in finding_blocks(sections(report, ILACS))]
    assert held == [("executive_summary", "Children in Fernshire receive help when they need it.")]


def test_the_page_on_the_inspectorate_holds_no_findings():
    report = document(
        ("heading", 8, "The impact of leaders on social work practice with children and families: good"),
        ("paragraph", 8, TEXT),
        ("paragraph", 9, "The Office for Standards in Education, Children’s Services and Skills (Ofsted) regulates and "
         "inspects services."),
        ("paragraph", 9, "You may reuse this sentence free of charge."),
    )  # fmt: skip
    assert [block.text for _, block in finding_blocks(sections(report, ILACS))] == [TEXT]


def test_sub_headings_in_body_type_are_no_findings():
    report = document(
        ("heading", 4, "Areas for improvement"),
        ("paragraph", 4, "Leadership, management and governance"),
        numbered(1, 4, "Improve plans."),
    )
    assert [block.text for _, block in finding_blocks(sections(report, SIF))] == ["Improve plans."]


@pytest.mark.parametrize("framework", [FOCUSED_VISIT, MONITORING_VISIT, JTAI])
def test_a_letter_from_addressees_to_signatures(framework):
    found = told(
        framework,
        ("paragraph", 1, "Clemency Fairweather, director of children’s services, Fernshire."),
        ("paragraph", 1, "Dear Ms Fairweather"),
        ("paragraph", 1, "This letter summarises the findings."),
        ("heading", 1, "Headline findings"), ("paragraph", 1, TEXT),
        ("heading", 2, "What needs to improve?"), ("bullet", 2, "The quality of plans."),
        ("heading", 2, "Areas for priority action"), ("bullet", 2, "Leaders should act on risk."),
        ("heading", 2, "Early help strengths"), ("bullet", 2, TEXT),
        ("heading", 3, "Main findings"), ("paragraph", 3, TEXT),
        ("heading", 5, "Next steps"), ("paragraph", 5, "A plan is due in May."),
        ("paragraph", 5, "Yours sincerely"), ("paragraph", 5, "Tobias Moor, His Majesty’s Inspector."),
    )  # fmt: skip
    party = framework.party
    assert found == [
        ("introduction", party, False, ""), ("introduction", party, True, ""), ("headline_findings", party, True, ""),
        ("areas_for_improvement", party, False, "area_for_improvement"),
        ("priority_action", party, False, "priority_action"), ("strengths", party, True, ""),
        ("main_findings", party, True, ""), ("about", party, False, ""), ("about", party, False, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("What needs to improve in this area of social work practice?", "areas_for_improvement"),
        ("What needs to improve in this area of practice", "areas_for_improvement"),
        ("Areas for development", "areas_for_improvement"),
        ("Area for priority action", "priority_action"),
        ("Areas covered by the visit", "about"),
        ("Findings and evaluation of progress", "main_findings"),
        ("Evaluation of progress", "main_findings"),
        ("Overall findings", "main_findings"),
        ("Overview", "headline_findings"),
        ("Summary of findings", "headline_findings"),
    ],
)
def test_headings_of_visits(heading, code):
    assert codes(FOCUSED_VISIT, heading) == codes(MONITORING_VISIT, heading) == [code]


def test_an_unknown_heading_ends_the_list_of_a_letter():
    parts = [("heading", 2, "What needs to improve?"), ("bullet", 2, "The quality of plans."),
             ("heading", 2, "Fernshire Safeguarding Children Partnership"), ("paragraph", 2, TEXT)]  # fmt: skip
    assert [s[0] for s in told(JTAI, *parts)] == ["areas_for_improvement", "main_findings"]


def test_a_boxed_study_interrupts_a_section_only():
    parts = [("heading", 4, "Main findings"), ("paragraph", 4, TEXT),
             ("heading", 5, "Practice study: highly effective practice", {"boxed": True}),
             ("paragraph", 5, "A child was helped.", {"boxed": True}),
             ("footnote", 5, "A note."),
             ("paragraph", 6, TEXT)]  # fmt: skip
    assert [(s[0], s[3]) for s in told(JTAI, *parts)] == [
        ("main_findings", ""), ("practice_study", ""), ("main_findings", ""),
    ]  # fmt: skip


def test_text_below_a_boxed_study_is_no_more_of_the_list_above_it():
    parts = [("heading", 4, "Areas for improvement"), ("bullet", 4, TEXT),
             ("paragraph", 5, "Case study: area for improvement", {"boxed": True, "bold": True}),
             ("paragraph", 5, "A child was not seen.", {"boxed": True}),
             ("bullet", 6, TEXT)]  # fmt: skip
    assert [(s[0], s[3]) for s in told(JTAI, *parts)] == [
        ("areas_for_improvement", "area_for_improvement"), ("practice_study", ""), ("main_findings", ""),
    ]  # fmt: skip


def test_the_sections_of_an_area_send_report():
    assert codes(
        SEND,
        "Inspection outcome",
        "Information about the local area partnership",
        "What is it like to be a child or young person with special educational needs in this area?",
        "What is the area partnership doing that is effective?",
        "What does the area partnership need to do better?",
        "Areas for priority action",
        "Areas for improvement",
        "Local area partnership details",
    ) == [
        "outcome", "local_information", "experience", "effective", "needs_to_improve", "priority_action",
        "areas_for_improvement", "about",
    ]  # fmt: skip


def test_the_sections_of_the_inspections_before_2014():
    assert codes(
        SLAC, "About this inspection", "Overall effectiveness", "Areas for improvement", "Capacity for improvement",
        "Safeguarding outcomes for children and young people", "Quality of provision", "Leadership and management",
        "Record of main findings",
    ) == [
        "about", "overall_effectiveness", "areas_for_improvement", "capacity_to_improve", "outcomes",
        "quality_of_provision", "leadership_and_management", "about",
    ]  # fmt: skip


def test_another_document_is_findings_throughout_but_for_what_is_about_it():
    assert told(OTHER, ("paragraph", 1, TEXT), ("heading", 2, "About the inspection"), ("paragraph", 2, TEXT)) == [
        ("document", "authority", True, ""),
        ("about", "authority", False, ""),
    ]
