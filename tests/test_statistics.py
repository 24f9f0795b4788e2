"""The national picture counts each authority once, with its latest published grade."""

import datetime
import json
import os
import re
from pathlib import Path

import pytest

from ofsted_nlp.analysis.statistics import national_picture
from ofsted_nlp.authorities import register
from ofsted_nlp.records import Authority, Inspection, Judgement, Report, Source

SHARED = Path(os.environ.get("OFSTED_NLP_CORPUS", Path(__file__).parents[1] / "../shared/corpus")).parent
DAY = datetime.date.fromisoformat


def report(urn, end, overall, framework="ilacs", published=None, site=None, authority=None, **grades):
    grades = {"overall_effectiveness": overall, **grades}
    return Report(
        source=Source(f"{urn}-{framework}-{end}.pdf", "0" * 64, 10, published_on=site and DAY(site)),
        framework=framework,
        authority=authority or register().by_urn(urn).authority,
        inspection=Inspection(end=end and DAY(end), published=published and DAY(published)),
        judgements=tuple(Judgement(code, grade, code, 1) for code, grade in grades.items() if grade),
    )


DARLINGTON, YORK, BARNET, BURY = 80458, 80453, 80487, 80443


def test_the_latest_grade_of_each_authority_counts():
    picture = national_picture(
        [
            report(DARLINGTON, "2022-05-20", "good", help_and_protection="requires_improvement"),
            report(DARLINGTON, "2018-02-16", "inadequate"),
            report(YORK, "2015-02-16", "good", framework="sif", help_and_protection="outstanding"),
            report(BARNET, "2019-02-16", "requires_improvement", help_and_protection="good"),
            report(BARNET, "2023-02-16", None, framework="send", outcome="positive"),
            report(BURY, "2024-04-01", "outstanding"),
        ],
        as_of=DAY("2024-03-31"),
    )
    assert picture.to_dict() == {
        "as_of": "2024-03-31",
        "published_by": None,
        "authorities": 3,
        "good_or_outstanding": {"n": 2, "of": 3, "share": 0.6667},
        "by_grade": {"good": 2, "requires_improvement": 1},
        "by_judgement": {
            "overall_effectiveness": {"n": 2, "of": 3, "share": 0.6667},
            "help_and_protection": {"n": 2, "of": 3, "share": 0.6667},
        },
        "by_region": {
            "London": {"n": 0, "of": 1, "share": 0.0},
            "North East": {"n": 1, "of": 1, "share": 1.0},
            "Yorkshire and the Humber": {"n": 1, "of": 1, "share": 1.0},
        },
        "reinspected": {"authorities": 1, "improved": 1, "declined": 0, "kept_good_or_outstanding": 0},
        "ungraded_since": [],
        "left_out": [],
    }
    assert json.loads(picture.to_json()) == picture.to_dict()
    assert repr(picture) == "<NationalPicture 2024-03-31: 2 of 3 authorities good or outstanding>"


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (["good", "outstanding"], (1, 1, 0, 0)),
        (["good", "inadequate"], (1, 0, 1, 0)),
        (["outstanding", "good", "outstanding"], (1, 0, 0, 1)),
        (["inadequate", "inadequate"], (1, 0, 0, 0)),
        (["good"], (0, 0, 0, 0)),
    ],
)
def test_reinspections_compare_the_latest_with_the_first(grades, expected):
    history = [report(YORK, f"{2018 + i}-06-30", grade) for i, grade in enumerate(grades)]
    history.append(report(YORK, "2014-06-30", "requires_improvement", framework="sif"))
    picture = national_picture(history, DAY("2024-03-31"))
    assert tuple(picture.reinspected.values()) == expected


def test_published_by_uses_the_printed_date_and_else_the_site():
    reports = [
        report(YORK, "2024-03-01", "good", published="2024-09-01", site="2024-04-01"),
        report(BARNET, "2024-03-01", "good", site="2024-04-01"),
        report(BURY, "2024-03-01", "good"),
    ]
    picture = national_picture(reports, DAY("2024-03-31"), published_by=DAY("2024-07-31"))
    assert (picture.authorities, picture.by_region["London"].n) == (1, 1)
    assert picture.left_out == (("80443-ilacs-2024-03-01.pdf", "no date of publication"),)
    assert national_picture(reports, DAY("2024-03-31")).authorities == 3


def test_an_abolished_authority_counts_until_its_end():
    reports = [report(135513, "2022-09-30", "good"), report(2733690, "2024-06-30", "inadequate")]
    assert national_picture(reports, DAY("2023-03-31")).by_grade == {"good": 1}
    assert national_picture(reports, DAY("2023-04-01")).by_grade == {}
    assert national_picture(reports, DAY("2024-12-31")).by_grade == {"inadequate": 1}


def test_an_inspection_without_overall_grade_leaves_the_older_one_and_says_so():
    reports = [
        report(YORK, "2022-06-30", "good", help_and_protection="good"),
        report(YORK, "2026-05-30", None, help_and_protection="inadequate"),
    ]
    picture = national_picture(reports, DAY("2026-12-31"))
    assert picture.by_grade == {"good": 1}
    assert picture.ungraded_since == (YORK,)
    assert picture.by_judgement["help_and_protection"].to_dict() == {"n": 0, "of": 1, "share": 0.0}


def test_the_same_inspection_twice_and_unknown_authorities():
    stranger = Authority(1, 2, "X", "Northmere")
    reports = [report(YORK, "2022-06-30", "good"), report(YORK, "2022-06-30", "good")]
    reports.append(report(1, "2022-06-30", "good", authority=stranger))
    picture = national_picture(reports, DAY("2023-01-01"))
    assert (picture.authorities, picture.reinspected["authorities"]) == (1, 0)
    assert picture.left_out == (("1-ilacs-2022-06-30.pdf", "Northmere (URN 1) is not in the register"),)


def test_nothing_read_is_no_division_by_zero():
    empty = national_picture([], DAY("2024-03-31")).to_dict()
    assert empty["good_or_outstanding"] == {"n": 0, "of": 0, "share": None}


@pytest.mark.corpus
def test_the_published_figures_of_march_2024():
    """Ofsted, main findings as at 31 March 2024 (official statistics, 30 August 2024)."""
    gold = SHARED / "gold/facts.jsonl"
    if not gold.exists():
        pytest.skip(f"no {gold}; set OFSTED_NLP_CORPUS")
    reports = []
    for line in gold.read_text(encoding="utf-8").splitlines():
        fact = json.loads(line)
        site = re.search(r"(\d{4}-\d\d-\d\d)\.pdf$", fact["file"])[1]
        grades = dict(fact["judgements"])
        overall = grades.pop("overall_effectiveness", None)
        urn = int(fact["file"].split("-")[0])
        reports.append(
            report(urn, fact["inspection_end"], overall, fact["framework"], fact["published"], site, **grades)
        )
    earlier = national_picture(reports, DAY("2022-03-31")).good_or_outstanding
    assert round(100 * earlier.share) == 53
    picture = national_picture(reports, DAY("2024-03-31"), DAY("2024-07-31"))
    assert picture.authorities == 151
    assert round(100 * picture.good_or_outstanding.share, 1) == 60.3
    assert round(100 * picture.by_region["London"].share, 1) == 84.8
    assert round(100 * picture.by_region["North West"].share, 1) == 36.4
    assert round(100 * picture.by_judgement["help_and_protection"].share, 1) == 54.3
    assert picture.reinspected == {
        "authorities": 65,
        "improved": 26,
        "declined": 12,
        "kept_good_or_outstanding": 15,
    }
    assert picture.left_out == ()
