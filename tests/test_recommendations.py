"""Action lists of invented reports, the samples and, where present, the real ones: every item, once, whole."""

import difflib
import json
from pathlib import Path

import pytest
from documents import document, numbered

from ofsted_nlp.extraction.kind import kind_of
from ofsted_nlp.extraction.recommendations import is_list_of_none, item_text, recommendations
from ofsted_nlp.extraction.sections import sections
from ofsted_nlp.extraction.send import recommendation_rows
from ofsted_nlp.frameworks import FOCUSED_VISIT, ILACS, JTAI, OTHER, SIF, SLAC
from ofsted_nlp.reading.pdf import read_pdf

RECOMMENDATIONS = ("heading", 7, "Recommendations")
IMPROVE = ("heading", 2, "What needs to improve?1")


def listed(framework, *parts):
    return recommendations(framework, sections(document(*parts), framework))


def texts(framework, *parts):
    return [item.text for item in listed(framework, *parts)]


def test_numbered_items_with_number_page_and_span():
    report = document(RECOMMENDATIONS, numbered(1, 7, "Improve plans."), numbered(2, 8, "See children alone."))
    items = recommendations(SIF, sections(report, SIF))
    assert [(i.kind, i.section, i.number, i.text, i.page) for i in items] == [
        ("recommendation", "authority", "1", "Improve plans.", 7),
        ("recommendation", "authority", "2", "See children alone.", 8),
    ]
    assert [report.text[i.start : i.end] for i in items] == ["Improve plans.", "See children alone."]


def test_kind_and_section_follow_the_headings():
    items = listed(
        SIF,
        ("heading", 4, "What does the local authority need to improve?"),
        ("heading", 4, "Priority and immediate action"), numbered(10, 4, "Act now."),
        ("heading", 4, "Areas for improvement"), numbered(11, 4, "Improve plans."),
        ("heading", 5, "The local authority’s strengths"), numbered(12, 5, "Leaders are visible."),
        ("heading", 40, "The Local Safeguarding Children Board"),
        ("heading", 40, "Priority and immediate action"), numbered(101, 40, "Publish the report."),
        ("heading", 40, "Areas for improvement"), numbered(102, 40, "Audit cases."),
    )  # fmt: skip
    assert [(i.kind, i.section, i.number) for i in items] == [
        ("priority_action", "authority", "10"),
        ("area_for_improvement", "authority", "11"),
        ("priority_action", "lscb", "101"),
        ("area_for_improvement", "lscb", "102"),
    ]


def test_sub_bullets_belong_to_their_item_over_a_page_end():
    found = texts(
        SIF, RECOMMENDATIONS,
        numbered(1, 7, "Improve the quality of plans by ensuring that:"),
        ("bullet", 7, "they have dates.", {"level": 2}), ("bullet", 8, "they are shared.", {"level": 2}),
        numbered(2, 8, "See children alone."),
    )  # fmt: skip
    assert found == [
        "Improve the quality of plans by ensuring that: they have dates; they are shared.",
        "See children alone.",
    ]


def test_full_sentences_under_a_short_line_are_items_of_their_own():
    found = texts(
        SIF, RECOMMENDATIONS,
        ("bullet", 7, "Early help"), ("bullet", 7, "Extend the offer to all ages.", {"level": 2}),
        ("bullet", 7, "Tell families of it.", {"level": 2}),
    )  # fmt: skip
    assert found[1:] == ["Extend the offer to all ages.", "Tell families of it."]


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("Improve plans (paragraph 36).", "Improve plans."),
        ("Improve plans. (Paragraphs 101 - 103)", "Improve plans."),
        ("Improve plans (paras 3, 7–9 and 12).", "Improve plans."),
        ("Improve plans [see paragraph 4].", "Improve plans."),
        ("Improve plans (page 13, paragraph 21).", "Improve plans."),
        ("Improve plans. (pages 13, 30 paragraphs 27, 29, 103)", "Improve plans."),
        ("Improve plans (Page 12, paragraph 32. Page 19, paragraph 64).", "Improve plans."),
        ("Improve plans (outcome 3, national framework).", "Improve plans (outcome 3, national framework)."),
        ("Improve plans [Enabler 1, national framework].", "Improve plans [Enabler 1, national framework]."),
        ("Visit children (aged 16 and 17) alone.", "Visit children (aged 16 and 17) alone."),
        ("Say in the paragraph (of 20 words) why.", "Say in the paragraph (of 20 words) why."),
    ],
)
def test_references_to_paragraphs_are_left_out_and_tags_are_kept(printed, text):
    assert texts(SIF, RECOMMENDATIONS, numbered(1, 7, printed)) == [text]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["Improve plans by:", "dates.", "reviews."], "Improve plans by: dates; reviews."),
        (["Improve plans", "dates;", "and", "reviews."], "Improve plans dates; and reviews."),
        (["Improve plans by (paragraph 3)", "dates (paragraph 4);", "reviews (paragraph 5)."],
         "Improve plans by dates; reviews."),
        (["(paragraph 3)"], ""),
    ],
)  # fmt: skip
def test_the_parts_of_an_item_are_joined(parts, text):
    assert item_text(parts) == text


@pytest.mark.parametrize(
    "sentence",
    [
        "There are no priority actions.",
        "There are no areas for priority or immediate action.",
        "There were no areas requiring priority action.",
        "The inspection did not find any areas for priority and immediate action.",
        "Inspectors identified no areas for priority action.",
        "No areas were identified for immediate improvement.",
        "None.",
        "None identified.",
    ],
)
def test_a_list_of_none_has_no_items(sentence):
    assert is_list_of_none(sentence)
    heading = ("heading", 4, "Priority and immediate action")
    assert texts(SIF, heading, numbered(9, 4, sentence)) == texts(SIF, heading, ("paragraph", 4, sentence)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "There are no specialist nurses in the hub, so information is not shared.",
        "None of the agencies reviews its own referrals.",
        "No agency has oversight of children who go missing.",
    ],
)
def test_a_finding_of_something_missing_is_an_item(sentence):
    assert texts(JTAI, ("heading", 9, "Areas for improvement"), ("bullet", 9, sentence)) == [sentence]


def test_items_that_end_like_a_lead_in_are_items():
    ending = ["Understand need and improve responses in these areas.", "Ask for help when they need to."]
    parts = [numbered(number, 7, text) for number, text in enumerate(ending, 1)]
    assert texts(SIF, RECOMMENDATIONS, *parts) == ending


def test_lead_ins_and_sub_headings_are_no_items():
    found = texts(
        SIF, RECOMMENDATIONS,
        ("paragraph", 7, "The following recommendations are priorities:"),
        ("paragraph", 7, "Quality of practice"), numbered(1, 7, "Improve plans."),
        ("paragraph", 7, "Leadership, management and governance"), numbered(2, 7, "Audit plans."),
    )  # fmt: skip
    assert found == ["Improve plans.", "Audit plans."]


def test_the_list_does_not_run_on_into_the_text_for_children():
    found = texts(
        SIF, RECOMMENDATIONS, numbered(1, 8, "Improve plans."),
        ("heading", 9, "Summary for children"), ("bullet", 9, "Most social workers meet children often."),
    )  # fmt: skip
    assert found == ["Improve plans."]


def test_the_bullets_of_a_local_authority_inspection_with_and_without_full_stop():
    found = listed(
        ILACS, IMPROVE, ("bullet", 2, "The quality of plans"),
        ("bullet", 2, "Support for care leavers, including:"), ("bullet", 2, "housing", {"level": 2}),
        ("bullet", 3, "Supervision. (enabler 3, national framework)"), ("footnote", 3, "1 See the framework."),
        ("heading", 3, "The experiences and progress of children who need help and protection: good"),
        numbered(1, 3, "Help comes early."),
    )  # fmt: skip
    assert [(i.kind, i.section, i.number, i.text, i.page) for i in found] == [
        ("area_for_improvement", "authority", None, "The quality of plans", 2),
        ("area_for_improvement", "authority", None, "Support for care leavers, including: housing", 2),
        ("area_for_improvement", "authority", None, "Supervision. (enabler 3, national framework)", 3),
    ]


def test_a_list_without_marks_is_its_paragraphs():
    parts = [IMPROVE, ("paragraph", 2, "Leaders should improve:"), ("paragraph", 2, "The quality of plans.")]
    assert texts(ILACS, *parts) == ["The quality of plans."]


def test_the_findings_of_an_older_joint_letter_up_to_the_boxed_study():
    found = listed(
        JTAI, ("heading", 9, "Areas for improvement"),
        ("heading", 9, "Leadership and management"), ("bullet", 9, "Audits are rare."),
        ("heading", 10, "The ‘front door’"), ("bullet", 10, "Referrals wait."),
        ("heading", 11, "Case study: area for improvement", {"boxed": True}),
        ("bullet", 11, "A child waited.", {"boxed": True}),
        ("heading", 12, "Next steps"), ("bullet", 12, "A plan is due."),
    )  # fmt: skip
    assert [(i.kind, i.section, i.text, i.page) for i in found] == [
        ("area_for_improvement", "partnership", "Audits are rare.", 9),
        ("area_for_improvement", "partnership", "Referrals wait.", 10),
    ]


def test_the_list_of_a_newer_joint_letter_stops_at_the_strengths():
    found = listed(
        JTAI, ("heading", 2, "What needs to improve?"), ("bullet", 2, "The sharing of information."),
        ("heading", 2, "Early help strengths"), ("bullet", 2, "Partners meet weekly."),
        ("heading", 3, "Areas for priority action"), ("paragraph", 3, "Urgent action is needed in these areas:"),
        ("bullet", 3, "Partners should agree who decides."),
    )  # fmt: skip
    assert [(i.kind, i.text) for i in found] == [
        ("area_for_improvement", "The sharing of information."),
        ("priority_action", "Partners should agree who decides."),
    ]


def test_a_focused_visit():
    found = listed(
        FOCUSED_VISIT, ("heading", 1, "Areas for priority action"), ("bullet", 1, "See children at risk."),
        ("heading", 2, "What needs to improve in this area of social work practice?"), ("bullet", 2, "Plans."),
    )  # fmt: skip
    assert [(i.kind, i.section, i.text) for i in found] == [
        ("priority_action", "authority", "See children at risk."),
        ("area_for_improvement", "authority", "Plans."),
    ]


def test_timed_lists_of_the_inspections_before_2014():
    announcement = (
        "In order to improve services, the local authority and its partners should take the following action."
    )
    found = listed(
        SLAC, ("heading", 8, "Areas for improvement"), numbered(22, 8, announcement),
        ("heading", 8, "Immediately:"), ("bullet", 8, "improve supervision"),
        ("heading", 9, "Within three months:"), ("bullet", 9, "review care plans"),
        ("bullet", 9, "publish the offer."),
    )  # fmt: skip
    assert [(i.text, i.deadline, i.page, i.number) for i in found] == [
        ("improve supervision", "immediately", 8, None),
        ("review care plans", "within three months", 9, None),
        ("publish the offer.", "within three months", 9, None),
    ]


def test_a_numbered_paragraph_may_only_announce_the_bullets():
    found = listed(
        OTHER, ("heading", 7, "Priorities for further improvement"),
        numbered(13, 7, "Priorities for further improvement:"),
        ("bullet", 7, "The council should act.", {"level": 2}), ("bullet", 8, "The police should act.", {"level": 2}),
    )  # fmt: skip
    assert [(i.number, i.text, i.page) for i in found] == [
        (None, "The council should act.", 7),
        (None, "The police should act.", 8),
    ]


def gold_of(folder: Path) -> dict[str, list[dict]]:
    lines = (folder / "recommendations.jsonl").read_text(encoding="utf-8").splitlines()
    return {entry["file"]: entry["items"] for entry in map(json.loads, lines)}


def read_items(path: Path) -> list[dict]:
    report = read_pdf(path)
    framework = kind_of(report)
    rows = framework.code == "send"
    items = recommendation_rows(report) if rows else recommendations(framework, sections(report, framework))
    return [{key: getattr(item, key) for key in ("kind", "section", "number", "text", "page")} for item in items]


def test_the_action_lists_of_the_samples(samples):
    for file, items in gold_of(samples / "gold").items():
        assert read_items(samples / file) == items, file


@pytest.mark.corpus
def test_the_action_lists_of_the_real_reports(corpus_reports):
    gold = corpus_reports.parent.parent / "gold"
    if not gold.is_dir():
        pytest.skip(f"no gold annotations in {gold}")
    right = found = printed = 0
    for file, items in gold_of(gold).items():
        read = read_items(corpus_reports / file)
        found, printed = found + len(read), printed + len(items)
        free = list(items)
        for item in read:
            same = [
                g for g in free if (g["kind"], g["section"], g["page"]) == (item["kind"], item["section"], item["page"])
            ]
            alike = [g for g in same if difflib.SequenceMatcher(None, g["text"], item["text"]).ratio() > 0.95]
            if alike:
                free.remove(alike[0])
                right += 1
    assert 2 * right / (found + printed) >= 0.99
