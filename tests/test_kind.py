"""Which framework a document is of, told from its first pages."""

import pytest
from documents import document

from ofsted_nlp.extraction.kind import kind_of

LETTER = "Dear Ms Fennimore"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (
            [
                ("heading", 1, "Fernshire County Council"),
                ("heading", 1, "Inspection of services for children in need of help and protection, children looked "
                 "after and care leavers"),
            ],
            "sif",
        ),
        ([("heading", 1, "Fernshire"), ("heading", 1, "Re-inspection of services for children in need of help and "
           "protection, children looked after and care leavers")], "sif"),
        ([("heading", 1, "Inspection of Fernshire local authority children’s services"),
          ("table_row", 1, "The impact of leaders on social work practice with children and families\tGood")], "ilacs"),
        ([("heading", 1, "Inspection of children’s social care services"),
          ("heading", 3, "The impact of leaders on social work practice with children and families: good")], "ilacs"),
        ([("heading", 1, "Focused visit to Fernshire children’s services"), ("paragraph", 1, LETTER)],
         "ilacs_focused_visit"),
        ([("paragraph", 1, LETTER), ("paragraph", 1, "This letter summarises the findings of a focused visit to "
           "Fernshire on 3 May.")], "ilacs_focused_visit"),
        ([("heading", 1, "Monitoring visit of Fernshire children’s services"), ("paragraph", 1, LETTER)],
         "ilacs_monitoring_visit"),
        ([("paragraph", 1, "This letter summarises the findings of the first monitoring visit to Fernshire since the "
           "authority was judged inadequate.")], "ilacs_monitoring_visit"),
        ([("heading", 1, "Joint targeted area inspection of Fernshire"), ("paragraph", 1, "Dear partners")], "jtai"),
        ([("heading", 1, "Area SEND inspection of Fernshire Local Area Partnership")], "send"),
        ([("heading", 1, "Area SEND full inspection of Fernshire Local Area Partnership")], "send"),
        ([("heading", 1, "Inspection of looked after children services"), ("heading", 1, "Fernshire")], "slac"),
        ([("heading", 1, "Inspection of safeguarding and looked after children services")], "slac"),
        ([("heading", 1, "Review of the effectiveness of the Local Safeguarding Children Board")], "other"),
        ([("heading", 1, "Minutes of the cabinet"), ("paragraph", 1, "Present: Councillor Fern.")], "other"),
    ],
)  # fmt: skip
def test_the_framework_is_told_from_title_and_first_sentences(parts, code):
    assert kind_of(document(*parts)).code == code


def test_a_letter_on_one_visit_may_speak_of_another():
    report = document(
        ("heading", 1, "Monitoring visit of Fernshire children’s services"),
        ("paragraph", 1, "It follows the focused visit to Fernshire in March."),
    )
    assert kind_of(report).code == "ilacs_monitoring_visit"


def test_an_inspection_may_speak_of_earlier_visits():
    report = document(
        ("heading", 1, "Inspection of Fernshire local authority children’s services"),
        ("table_row", 1, "The impact of leaders on social work practice with children and families\tInadequate"),
        ("paragraph", 1, "Progress since the monitoring visit of Fernshire in May has been slow."),
    )
    assert kind_of(report).code == "ilacs"


def test_only_the_first_pages_count():
    report = document(
        ("heading", 1, "Minutes of the cabinet"), ("paragraph", 9, "The joint targeted area inspection was noted.")
    )
    assert kind_of(report).code == "other"
