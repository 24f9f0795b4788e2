"""Dates are read as they are printed, slips included."""

import datetime

import pytest

from ofsted_nlp.extraction.dates import find_dates, find_ranges, parse_date, parse_range

DAY = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("4 June – 9 July 2019", "2019-06-04", "2019-07-09"),
        ("9 to 13 February 2026", "2026-02-09", "2026-02-13"),
        ("12–23 January 2026", "2026-01-12", "2026-01-23"),
        ("6 September 2021 to 17 September 2021", "2021-09-06", "2021-09-17"),
        ("20 June 2017 ─ 13 July 2017", "2017-06-20", "2017-07-13"),
        ("03/11/2014 – 26/11/2014", "2014-11-03", "2014-11-26"),
        ("3.11.2014 to 26.11.14", "2014-11-03", "2014-11-26"),
        ("21 to 25 May and 4 to 8 June 2018", "2018-05-21", "2018-06-08"),
        ("5 to 9 December 2022 (first visit) and 14 to 15 February 2023", "2022-12-05", "2023-02-15"),
        ("First visit: 5 to 9 December 2022. Second visit: 14 February 2023.", "2022-12-05", "2023-02-14"),
        ("on 14th and 15th March 2023", "2023-03-14", "2023-03-15"),
        ("28, 29 and 30 June 2022", "2022-06-28", "2022-06-30"),
        ("between 16 and 20 October 2017", "2017-10-16", "2017-10-20"),
        ("Monday 3 June to Friday 7 June 2019", "2019-06-03", "2019-06-07"),
        ("the 3rd of June 2019", "2019-06-03", "2019-06-03"),
        ("18 Feb 2014 – 12 Sept. 2014", "2014-02-18", "2014-09-12"),
        ("15 December – 12 January 2014", "2013-12-15", "2014-01-12"),
        ("14 December 2023 to 16 January", "2023-12-14", "2024-01-16"),
        ("9 Febuary to 3 Novemeber 2015", "2015-02-09", "2015-11-03"),
        ("2 3 June 20 15", "2015-06-23", "2015-06-23"),
        ("under section 20 and 14 March 2023", "2023-03-14", "2023-03-14"),
        ("9\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}13 February 2026", "2026-02-09", "2026-02-13"),
    ],
)
def test_ranges_run_from_the_earliest_start_to_the_latest_end(text, start, end):
    assert parse_range(text) == (DAY(start), DAY(end))


@pytest.mark.parametrize(
    "text",
    ["", "3.5% of 20 children", "12 assessments in May 2014", "31 February 2015", "20 to 24 June", "14/2015", "1,234"],
)
def test_what_is_no_complete_date_is_none(text):
    assert parse_range(text) is None
    assert parse_date(text) is None
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "hint", "start", "end"),
    [
        ("20 to 24 June", DAY("2016-08-02"), "2016-06-20", "2016-06-24"),
        ("30 November to 4 December", DAY("2016-02-02"), "2015-11-30", "2015-12-04"),
        ("14 December – 8 January", DAY("2016-02-02"), "2015-12-14", "2016-01-08"),
        ("20 to 24 June", 2018, "2018-06-20", "2018-06-24"),
        ("20 to 24 June 2014", 2018, "2014-06-20", "2014-06-24"),
    ],
)
def test_a_missing_year_is_taken_from_the_hint(text, hint, start, end):
    assert parse_range(text, hint) == (DAY(start), DAY(end))


def test_ranges_not_joined_stay_apart():
    text = "The full inspection was on 19 to 23 March 2018. A revisit followed on 24 March 2020."
    ranges = find_ranges(text)
    assert [r[:2] for r in ranges] == [(DAY("2018-03-19"), DAY("2018-03-23")), (DAY("2020-03-24"),) * 2]
    assert [text[r[2] : r[3]] for r in ranges] == ["19 to 23 March 2018", "24 March 2020"]


def test_found_dates_point_to_their_characters():
    text = "Inspected on 14 and 15 March 2023; published: 02/05/2023."
    assert [(day.isoformat(), text[start:end]) for day, start, end in find_dates(text)] == [
        ("2023-03-14", "14"),
        ("2023-03-15", "15 March 2023"),
        ("2023-05-02", "02/05/2023"),
    ]


def test_parse_date_takes_the_first():
    assert parse_date("Report published: 1st September 2015 (revised 3 May 2016)") == DAY("2015-09-01")
