import pytest

from ofsted_nlp.extraction.names import named_in
from ofsted_nlp.extraction.strengths import strength_of, subject_of
from ofsted_nlp.records import Strength


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The virtual school is highly effective.", "virtual school"),
        ("Children benefit from a wide range of early help services.", "early help services"),
        ("There is strong and effective oversight by managers.", "oversight"),
        ("Inspectors saw examples of creative direct work in schools.", "direct work"),
        ("The quality of assessments is good.", "assessments"),
        ("Care leavers receive advice and guidance from their workers.", "advice and guidance"),
        ("However, foster carers feel well supported.", "foster carers"),
        ("When children go missing, return home interviews are timely.", "return home interviews"),
        ("Managers and senior leaders know their services well.", "Managers and senior leaders"),
        ("Support, advice and guidance for families are strong.", "Support, advice and guidance for families"),
        ("Social workers who visit often build trust.", "Social workers"),
        ("Most child protection plans set out what must change.", "child protection plans"),
        ("This supports them well.", "This"),
        ("They work hard for children.", "They"),
    ],
)
def test_subject_is_what_is_praised(text, subject):
    assert subject_of(text) == subject


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The virtual school and the MASH work well.", ("virtual school", "MASH")),
        ("Families praise the Bright Lanterns project.", ("Bright Lanterns project",)),
        ("The ‘Steady Steps’ programme helps parents.", ("Steady Steps",)),
        ("The Family Anchor Service (FAS) is valued.", ("Family Anchor Service (FAS)",)),
        ("The reunification team and an effective triage service help.", ("reunification team", "triage service")),
        ("It is overseen by the corporate parenting panel.", ("corporate parenting panel",)),
        ("YOS, CAMHS and Cafcass share plans.", ("YOS", "CAMHS", "Cafcass")),
        ("Social workers and PAs write EHC plans.", ()),
        ("An effective service is in place in Darlington.", ()),
        ("Inspectors visited in May 2019.", ()),
    ],
)
def test_named_things_and_nothing_else(text, named):
    assert named_in(text) == named


def test_strength_holds_both():
    assert strength_of("The Bright Lanterns team provides skilled help.") == Strength(
        "Bright Lanterns team", ("Bright Lanterns team",)
    )


@pytest.mark.parametrize("text", ["", "Good.", "…", "(", "‘’", "Well, well."])
def test_odd_text_does_not_fail(text):
    assert isinstance(strength_of(text).subject, str)
    assert strength_of(text).named == ()
