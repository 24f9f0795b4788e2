"""What the next report says of the items of an action list: the same matter, and not a neighbouring one."""

import pytest
from test_in_depth import CONCERN, DARLINGTON, MIXED, STRENGTH, item, report

from ofsted_nlp.analysis.benchmark.follow_up import follow_up
from ofsted_nlp.analysis.benchmark.subject import parts


def test_the_next_report_on_each_item_by_theme_where_texts_are_missing():
    items = [item(), item(theme="adoption"), item(theme="lado"), item(theme="recording"), item(section="lscb")]
    said = [(CONCERN, "assessment"), (STRENGTH, "assessment"), (STRENGTH, "adoption"), (CONCERN, "lado")]
    own = [
        report(DARLINGTON, "2018-06-30", said, items=items),
        report(DARLINGTON, "2022-06-30", said, items=[item(theme="lado", page=9)]),
    ]
    rows = follow_up(own)
    assert [row.verdict for row in rows] == [
        "theme praised and a concern",
        "theme praised",
        "theme a concern",
        "theme not found",
        "not inspected",
    ]
    assert [row.said for row in rows][1] == "its theme is praised in the next report"
    assert [row.basis for row in rows][:2] == ["theme", "theme"]
    assert [row.to_dict()["pages"] for row in rows] == [[2, 3], [4], [5], [], []]
    assert [again.page for again in rows[2].listed_again] == [9]
    assert follow_up(own[:1]) == []


def test_the_next_report_on_each_item_by_wording_where_texts_are_at_hand():
    items = [item("Make sure that assessments of children are completed in time.")]
    own = [
        report(DARLINGTON, "2018-06-30", [(CONCERN, "assessment", "Assessments are late.")], items=items),
        report(
            DARLINGTON,
            "2022-06-30",
            [
                (STRENGTH, "assessment", "Assessments of children are completed in time."),
                (CONCERN, "assessment", "The roof of the bus leaks."),
                (MIXED, "adoption", "Adopters are happy, but the forms are long."),
            ],
        ),
    ]
    (row,) = follow_up(own)
    assert (row.verdict, row.basis) == ("praised", "wording")
    assert [found.finding.page for found in row.evidence] == [2]
    assert row.evidence[0].likeness > 0.6
    assert row.said == "praised in the next report (close match: read both)"
    assert row.to_dict()["evidence"][0]["match"] == round(row.evidence[0].match, 2)


def followed(asked, *said, theme="assessment", items=()):
    """The follow-up of one invented item in a next report that says so; ``said`` is rows as ``report`` takes them."""
    first = report(DARLINGTON, "2018-06-30", [(CONCERN, theme, "The bus is late.")], items=[item(asked, theme)])
    (row,) = follow_up([first, report(DARLINGTON, "2022-06-30", said, items=items)])
    return row


@pytest.mark.parametrize(
    ("asked", "praised", "theme"),
    [
        ("Improve the timeliness of pathway plans.", "Pathway plans are detailed and thorough.", "care_leaver_support"),
        ("Improve the recording of supervision.", "Supervision is warm and friendly.", "management_oversight"),
        (
            "Improve the health histories of care leavers.",
            "The health histories of adopted children are full.",
            "care_leaver_health_offer",
        ),
        (
            "Improve the response to children who suffer neglect.",
            "The response to children who suffer domestic abuse is strong.",
            "specific_risks",
        ),
    ],
)
def test_praise_of_a_neighbouring_matter_is_no_answer(asked, praised, theme):
    assert followed(asked, (STRENGTH, theme, praised), theme=theme).verdict == "nothing found"
    same = asked.replace("Improve the ", "The ").rstrip(".") + " is good, regular and timely."
    assert followed(asked, (STRENGTH, theme, same), theme=theme).verdict == "praised"


def test_a_however_that_follows_takes_praise_back_in_part():
    asked, praise = "Reduce the caseloads of social workers.", "The caseloads of social workers have been reduced."
    however = (CONCERN, "workforce", "However, this change is fragile.")
    row = followed(asked, (STRENGTH, "workforce", praise), however, theme="workforce")
    assert row.verdict == "praised and a concern"
    assert [found.finding.page for found in row.evidence] == [2, 3]
    apart = (CONCERN, "workforce", "The windows of the office are dirty.")
    assert followed(asked, (STRENGTH, "workforce", praise), apart, however, theme="workforce").verdict == "praised"


def test_what_a_sentence_grants_with_although_is_not_what_it_says():
    granted = "Although caseloads of social workers have been reduced, the office is too small for them all."
    assert (
        followed("Reduce the caseloads of social workers.", (CONCERN, "workforce", granted)).verdict == "nothing found"
    )


def test_an_item_asked_for_again_is_a_concern_and_the_next_list_is_no_finding():
    asked = "Improve the quality of pathway plans."
    again = item("The quality of pathway plans.", "care_leaver_support", page=3)
    listed = (CONCERN, "care_leaver_support", again.text, None, "areas_for_improvement")
    row = followed(asked, listed, (STRENGTH, "lado", "Checks are quick."), items=[again], theme="care_leaver_support")
    assert (row.verdict, row.evidence, row.listed_again) == ("a concern", (), (again,))
    assert row.said == "a concern in the next report"
    other = item("The quality of life-story work.", "care_leaver_support", page=3)
    praise = (STRENGTH, "lado", "Checks are quick.")
    assert followed(asked, praise, items=[other], theme="care_leaver_support").listed_again == ()


def test_what_an_item_asks_for_is_taken_one_by_one():
    asked = (
        "Improve foster carers' training, including by managers, and ensure that supervision is recorded, so that "
        "children do well. Review private fostering."
    )
    assert parts(asked) == [
        "Improve foster carers' training",
        "ensure that supervision is recorded",
        "Review private fostering.",
    ]
    assert parts("Do better.") == ["Do better."]
