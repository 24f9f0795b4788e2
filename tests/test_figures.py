import pytest

from ofsted_nlp.extraction.figures.printed import figures_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2019, 94 assessments were late.", [("94 assessments", 94.0, "assessments")]),
        ("Of these, 72% were seen, up 7.5 per cent.", [("72%", 72.0, "%"), ("7.5 per cent", 7.5, "%")]),
        ("It cost £1.2 million, then £300,500.", [("£1.2 million", 1.2e6, "£"), ("£300,500", 300500.0, "£")]),
        ("One in five children left.", [("One in five", 0.2, "share")]),
        ("Three out of four families agree.", [("Three out of four", 0.75, "share")]),
        ("Two thirds are good; half of visits are late.", [("Two thirds", 0.6667, "share"), ("half", 0.5, "share")]),
        ("A rate of 59.8 per 10,000 children is high.", [("59.8 per 10,000 children", 59.8, "per 10,000 children")]),
        ("There are 1,204 open cases.", [("1,204 open cases", 1204.0, "open cases")]),
        ("Twenty-three children waited.", [("Twenty-three children", 23.0, "children")]),
        ("Twenty six children waited.", [("Twenty six children", 26.0, "children")]),
        ("They waited 26 weeks.", [("26 weeks", 26.0, "weeks")]),
        ("It is one of the board’s five aims.", [("five aims", 5.0, "aims")]),
        ("Inspectors met six of the young people.", [("six of the young people", 6.0, "young people")]),
        (
            "It has 14.5 posts and 20 care leavers.",
            [("14.5 posts", 14.5, "posts"), ("20 care leavers", 20.0, "care leavers")],
        ),
    ],
)
def test_figures_with_what_they_count(text, expected):
    assert figures_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In 2016 and 2017–18 the service moved.",
        "It began on 31 March 2016 and ended in May 2017.",
        "Homeless 16- and 17-year-olds are helped.",
        "Children aged 5 to 10 and those up to the age of 25 years are helped.",
        "Enquiries under section 47 and section 20 are sound.",
        "See paragraphs 12 and 14 and recommendation 3.",
        "The Children Act 1989 applies.",
        "Pupils in key stage 4 and Year 11 do well.",
        "The office opens at 5.30 p.m. and 9 am.",
        "No numbers here.",
        "The next full inspection will be within approximately three years.",
        "A monitoring inspection will be carried out within approximately 18 months.",
        "Over the last six to nine months the pace has quickened.",
        "Providers for post-16 and 18 pupils meet, as do those of the 0 to 19 service.",
        "Care leavers up to 25 years are helped until they reach 21 years.",
        "They are seen until they are 17-and-a-half.",
        "The ‘three islands’ tool and wave 2 of Bright Homes are in use.",
        "The forums are 1 Hope and 1 Voice.",
        "They hold six-weekly meetings.",
        "",
    ],
)
def test_dates_ages_and_numbering_are_no_figures(text):
    assert figures_of(text) == []
