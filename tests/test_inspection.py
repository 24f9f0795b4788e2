"""Dates, lead inspectors and what is said of other inspections, from invented pages."""

import datetime

import pytest

from ofsted_nlp.extraction.inspection import read_inspection
from ofsted_nlp.records import Block, BlockKind, Box, Document, Missing, Source, TextLine

DAY = datetime.date.fromisoformat
FOOTER = BlockKind.FURNITURE


def document(*blocks, published_on=None):
    """A document of (page, text) or (page, text, kind); a footer stands at the foot of its page."""
    made, text = [], ""
    for page, content, *rest in blocks:
        kind = rest[0] if rest else BlockKind.PARAGRAPH
        top = 800 if kind is FOOTER else 100
        start, end = (0, 0) if kind is FOOTER else (len(text), len(text) + len(content))
        lines = (TextLine(Box(page, 57, top, 500, top + 12), start, end),)
        made.append(Block(kind, content, start, end, lines))
        if kind is not FOOTER:
            text += content + "\n"
    pages = max(page for page, *_ in blocks)
    source = Source("invented.pdf", "0" * 64, pages, published_on=published_on)
    return Document(source, text, tuple(made), ((595.0, 842.0),) * pages)


def read(framework, *blocks, **keywords):
    return read_inspection(document(*blocks, **keywords), framework)


def dates(inspection):
    return tuple(day and day.isoformat() for day in (inspection.start, inspection.end, inspection.published))


@pytest.mark.parametrize(
    ("framework", "texts", "expected"),
    [
        (
            "sif",
            ["Inspection date: 3 – 26 March 2015", "Report published: 5 June 2015"],
            "2015-03-03 2015-03-26 2015-06-05",
        ),
        ("sif", ["Inspection date: 3 – 26 March 2015 Report published: 5/06/2015"], "2015-03-03 2015-03-26 2015-06-05"),
        (
            "sif",
            ["The board Inspection dates: 3 March – 26 March", "Report published: 5 June 2015"],
            "2015-03-03 2015-03-26 2015-06-05",
        ),
        (
            "slac",
            ["Inspection dates: 8 – 12 July 2013", "Reporting inspector Ann Low HMI", "Published: 16 August 2013"],
            "2013-07-08 2013-07-12 2013-08-16",
        ),
        ("ilacs", ["Inspection dates:", "8 to 12 July 2019 and 7 to 8 August 2019"], "2019-07-08 2019-08-08 None"),
        (
            "send",
            ["Inspection dates: 6 to 10 March 2023", "Dates of previous inspection: 3 to 7 July 2017"],
            "2023-03-06 2023-03-10 None",
        ),
        (
            "jtai",
            ["6 May 2023", "This inspection took place from 6 to 10 March 2023. It was"],
            "2023-03-06 2023-03-10 2023-05-06",
        ),
        (
            "jtai",
            ["06 March 2017", "Between 5 and 9 December, three inspectorates undertook a joint inspection."],
            "2016-12-05 2016-12-09 2017-03-06",
        ),
        (
            "ilacs_focused_visit",
            ["The findings of the focused visit to Marlshire children’s services on 14 and 15 March 2023 follow."],
            "2023-03-14 2023-03-15 None",
        ),
        (
            "ilacs_monitoring_visit",
            ["2 June 2022", "The findings of the monitoring visit to Eastmere services on 3 and 4 May 2022."],
            "2022-05-03 2022-05-04 2022-06-02",
        ),
    ],
)
def test_dates_come_from_labels_and_opening_sentences(framework, texts, expected):
    inspection = read(framework, *((1, text) for text in texts))
    assert " ".join(map(str, dates(inspection))) == expected
    for name in ("start", "end", "published"):
        assert (getattr(inspection, name) is None) == (name in inspection.absent)


def test_the_first_page_wins_over_the_footers():
    inspection = read("ilacs", (1, "Inspection dates: 2 to 6 May 2022"), (1, "4 to 6 May 2022", FOOTER))
    assert dates(inspection)[:2] == ("2022-05-02", "2022-05-06")


def test_footers_serve_where_the_first_page_prints_no_dates():
    footers = [
        (page, text, FOOTER) for page, text in ((1, "2 to 6 May 2022 1"), (2, "2 to 6 May 2022 2"), (3, "4 May 2022"))
    ]
    inspection = read("ilacs", (1, "Inspection of Wexbury children’s services"), *footers)
    assert dates(inspection) == ("2022-05-02", "2022-05-06", None)


def test_other_periods_are_not_taken_for_the_inspection():
    inspection = read("sif", (1, "Wexbury"), (2, "Between 3 March 2014 and 2 May 2014, referrals fell by a third."))
    assert dates(inspection) == (None, None, None)
    assert inspection.absent["start"] is inspection.absent["end"] is Missing.UNREADABLE


def test_a_footer_that_is_a_date_is_not_a_letters_date():
    inspection = read("ilacs_focused_visit", (1, "Inspection date: 26 November 2024"), (1, "26 November 2024", FOOTER))
    assert inspection.published is None
    assert inspection.absent["published"] is Missing.NOT_PUBLISHED


def test_a_footnote_about_another_publication_is_not_this_reports():
    note = (1, "Parts of this report were originally published on 4 May 2014", BlockKind.FOOTNOTE)
    assert read("sif", (1, "Inspection date: 3 – 26 March 2014"), note).published is None


def test_a_year_printed_nowhere_comes_from_the_day_it_went_up():
    inspection = read("ilacs", (1, "Inspection dates: 5 to 9 December"), published_on=DAY("2023-01-20"))
    assert dates(inspection) == ("2022-12-05", "2022-12-09", None)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Lead inspector: Ann Low", "Ann Low"),
        ("Lead inspector: Ann Low, Her Majesty’s Inspector", "Ann Low"),
        ("Lead inspector: Ann Low His Majesty's Inspector", "Ann Low"),
        ("Lead inspector: Ann Low (Senior HMI)", "Ann Low"),
        ("Lead inspector on site: Mr Ann-Marie O’Dell HMI.", "Ann-Marie O’Dell"),
        ("Reporting inspector Ann J Low HMI", "Ann J Low"),
        ("Lead inspectors: Ann Low, His Majesty’s Inspector, and Máire de Souza, HMI", "Ann Low and Máire de Souza"),
        ("Lead inspector: Ann Low HMI Deputy lead inspector: Ben High HMI Team inspectors: Cy Mid", "Ann Low"),
        ("Lead inspector\tAnn Low HMI", "Ann Low"),
        ("Deputy lead inspector: Ben High", None),
        ("Parents told the lead inspector about Green Lane School.", None),
    ],
)
def test_lead_inspectors_are_named_without_titles(text, lead):
    inspection = read("sif", (1, "Wexbury"), (2, text))
    assert inspection.lead_inspector == lead
    assert ("lead_inspector" in inspection.absent) == (lead is None)


def test_a_lead_inspector_under_its_label_is_found_and_a_missing_one_explained():
    assert read("ilacs", (1, "Lead inspector:"), (1, "Ann Low, HMI")).lead_inspector == "Ann Low"
    assert read("ilacs", (1, "Lead inspector: to be confirmed")).absent["lead_inspector"] is Missing.UNREADABLE
    assert read("ilacs", (1, "Wexbury")).absent["lead_inspector"] is Missing.NOT_PUBLISHED
    assert read("jtai", (1, "Lead inspector: Ann Low")).absent["lead_inspector"] is Missing.NOT_IN_FRAMEWORK


@pytest.mark.parametrize(
    ("texts", "lead"),
    [
        (
            ["Ann Low, Ofsted HMI Lead inspector Ben High, CQC Lead inspector Cy Mid, Ofsted HMI"],
            "Ann Low and Ben High",
        ),
        (
            ["Ann Low HMI, Ofsted Lead inspector Ben High, CQC Lead inspector Cy Mid HMI, Ofsted Lead inspector"],
            "Ann Low and Cy Mid and Ben High",
        ),
        (
            [
                "Mr Ann Low, Ofsted HMI lead Ben High-Tor, CQC lead inspector inspector",
                "Cy Mid, Ofsted HMI (social care)",
            ],
            "Ann Low and Ben High-Tor",
        ),
        (["Ann Low, Ofsted HMI", "Ben High, CQC lead inspector", "Cy Mid, Ofsted inspector"], "Ann Low and Ben High"),
    ],
)
def test_team_lists_name_the_leads_of_both_inspectorates(texts, lead):
    small_print = "If you are not happy with the inspection or the report, you can complain to Ofsted lead officers."
    inspection = read(
        "send",
        (1, "Inspection dates: 6 to 10 March 2023"),
        (7, "Inspection team", BlockKind.HEADING),
        (7, "Ofsted Care Quality Commission", BlockKind.HEADING),
        *((7, text) for text in texts),
        (8, small_print),
    )
    assert inspection.lead_inspector == lead


@pytest.mark.parametrize(
    "text",
    [
        "It took place in May. His Majesty’s Inspectors for this visit were Ann Low and Ben High. The council",
        "Her Majesty’s Inspectors for the monitoring visit were: Ann Low, HMI, and Ben High, HMI.",
        "The visit was carried out by Her Majesty’s Inspectors (HMI) Ann Low and Ben High.",
    ],
)
def test_letters_name_the_inspectors_of_a_visit(text):
    assert read("ilacs_focused_visit", (1, text)).lead_inspector == "Ann Low and Ben High"


def test_a_letter_without_names_is_led_by_who_signs_it():
    letter = [(1, "Monitoring visit of Eastmere"), (3, "Yours sincerely"), (3, "Ann Low His Majesty’s Inspector")]
    assert read("ilacs_monitoring_visit", *letter).lead_inspector == "Ann Low"


@pytest.mark.parametrize(
    ("framework", "text", "previous"),
    [
        ("send", "Dates of previous inspection: 23 to 27 January 2017", "2017-01-27"),
        (
            "send",
            "Date of previous inspection: The full one was on 19 March 2018. A revisit was on 4 May 2020.",
            "2018-03-19",
        ),
        ("send", "Date of previous inspection: Not previously inspected", None),
        ("sif", "The previous inspection of the council’s safeguarding arrangements was in January 2012.", None),
        (
            "sif",
            "The last inspection of child protection took place between 25 February and 6 March 2013.",
            "2013-03-06",
        ),
        ("sif", "The previous adoption inspection took place on 8 June 2010.", None),
        ("sif", "Between the last inspection in 2011 and 30 September 2014, eleven notifications were made.", None),
        ("ilacs", "Since the last inspection on 12 November 2018, services have improved.", "2018-11-12"),
    ],
)
def test_the_previous_inspection_of_the_same_kind_needs_a_full_date(framework, text, previous):
    inspection = read(framework, (1, "Inspection dates: 6 to 10 March 2023"), (2, text))
    assert inspection.previous == (previous and DAY(previous))
    assert ("previous" in inspection.absent) is (previous is None)


def test_what_is_said_of_the_next_inspection_is_kept():
    first = "A monitoring inspection will be carried out within approximately 18 months."
    second = "The next full reinspection will be within approximately three years."
    other = "Schools prepare young people for their next steps. The plan will be inspected by no one."
    blocks = ((1, f"There are failings. {first} {second}"), (2, other))
    inspection = read("send", *blocks)
    assert inspection.next_inspection == f"{first} {second}"
    assert "next_inspection" not in inspection.absent
    assert read("send", (1, other)).absent["next_inspection"] is Missing.NOT_PUBLISHED
    assert read("sif", *blocks).absent["next_inspection"] is Missing.NOT_IN_FRAMEWORK


def test_the_theme_of_a_joint_inspection_is_left_to_others():
    assert "theme" not in read("jtai", (1, "6 May 2023")).absent
    assert read("sif", (1, "Wexbury")).absent["theme"] is Missing.NOT_IN_FRAMEWORK


def test_a_progress_report_may_print_no_inspection_dates():
    inspection = read("other", (1, "Published: 3 July 2009"), (1, "Progress in Eastmere"))
    assert dates(inspection) == (None, None, "2009-07-03")
    assert inspection.absent["start"] is Missing.NOT_PUBLISHED


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The previous inspection of Marlshire’s services was in January 2012.", Missing.NO_DAY),
        ("Services have improved since the last inspection in 2018.", Missing.NO_DAY),
        ("Leaders act on what inspections find.", Missing.NOT_PUBLISHED),
    ],
)
def test_a_previous_inspection_without_a_day_has_its_reason(sentence, reason):
    inspection = read("sif", (1, "Inspection date: 23 June 2015 – 16 July 2015"), (3, sentence))
    assert inspection.previous is None and inspection.absent["previous"] is reason
