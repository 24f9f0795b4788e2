"""Qualifiers: what a story drops or adds, and what it may say otherwise without dropping anything."""

from __future__ import annotations

import pytest

from ofsted_nlp.analysis.coverage.qualifiers import dropped, qualifiers

DROPPED = [
    ("Some social workers hold caseloads that are too high.", "Social workers hold caseloads that are too high"),
    ("A small number of children wait too long for an assessment.", "Children wait too long for an assessment"),
    ("Visits to children are not always timely.", "Visits to children are not timely"),
    ("In most cases, plans are clear about what must change.", "Plans are clear about what must change"),
    (
        "Until recently, managers did not know how many children were missing.",
        "Managers did not know how many children were missing",
    ),
    ("Almost all care leavers have a personal adviser.", "All care leavers have a personal adviser"),
    ("Up to 40 referrals a week were left unread.", "40 referrals a week were left unread"),
    ("Supervision is sometimes infrequent.", "Supervision is infrequent"),
    ("Records of return interviews are missing in a few cases.", "Records of return interviews are missing"),
    ("Delays may leave children at risk of harm.", "Delays leave children at risk of harm"),
    ("The majority of foster carers feel well supported.", "Foster carers feel well supported"),
    ("Nearly 60 children had no allocated worker.", "60 children had no allocated worker"),
    ("Some assessments are weak.", "Most assessments are weak"),
    ("Reports for conferences are occasionally late.", "Reports for conferences are late"),
    ("Thresholds are generally understood by partners.", "Thresholds are understood by partners"),
    ("Leaders have not yet secured enough placements.", "Leaders have not secured enough placements"),
    ("A minority of young people live in unsuitable flats.", "Young people live in unsuitable flats"),
    ("Chronologies are out of date in some teams.", "Chronologies are out of date"),
    (
        "Homes are well run; in isolated cases records are incomplete.",
        "In the homes, records are incomplete",
    ),
]
ADDED = [
    ("Children wait too long for an assessment.", "Some children wait too long for an assessment"),
    ("Plans are clear about what must change.", "Plans are usually clear about what must change"),
    ("60 children had no allocated worker.", "Up to 60 children had no allocated worker"),
    ("Social workers know their children well.", "Most social workers know their children well"),
    ("Visits are late.", "Visits are sometimes late"),
    ("All care leavers have a personal adviser.", "Almost all care leavers have a personal adviser"),
    ("Delays leave children at risk of harm.", "Delays could leave children at risk of harm"),
]
KEPT = [
    ("Some social workers hold caseloads that are too high.", "A few social workers hold caseloads that are too high"),
    ("Visits to children are not always timely.", "Visits to children are sometimes late"),
    ("In some cases plans are not clear.", "Some plans are not clear"),
    ("A significant number of children wait too long.", "Many children wait too long"),
    ("Social workers are committed, although some have caseloads that are too high.", "Social workers are committed"),
    ("There were 18 recommendations.", "There were no fewer than 18 recommendations"),
    ("Not all social workers can provide a good service.", "Not every social worker can provide a good service"),
    ("The most vulnerable children are seen quickly.", "Vulnerable children are seen quickly"),
    ("Some 40 referrals a week were left unread.", "About 40 referrals a week were left unread"),
    ("Children were seen quickly in May 2015.", "Children were seen quickly"),
    ("Some parents said that workers change often; all children have a plan.", "All children have a plan"),
    ("Almost 70% of care leavers are in work.", "Seven in ten care leavers are in work"),
    ("The quality of assessments is inconsistent and some are weak.", "The quality of assessments is inconsistent"),
    ("Managers do not have a grip, and in a few teams supervision is late.", "Managers do not have a grip"),
    ("A high number of assessments (94) were late.", "94 assessments were late"),
    ("Too many children wait for help.", "Children wait for help"),
]


@pytest.mark.parametrize(("report", "story"), DROPPED)
def test_dropped(report: str, story: str) -> None:
    assert dropped(report, story)
    assert not dropped(story, report) or "most" in story.lower()


@pytest.mark.parametrize(("report", "story"), ADDED)
def test_added(report: str, story: str) -> None:
    assert dropped(story, report)
    assert not dropped(report, story)


@pytest.mark.parametrize(("report", "story"), KEPT)
def test_nothing_dropped_or_added(report: str, story: str) -> None:
    assert not dropped(report, story)
    assert not dropped(story, report)


def test_a_qualifier_around_the_words_counts() -> None:
    report = "In a small number of cases, children wait too long for a social worker."
    assert [found.words for found in dropped(report, "children wait too long for a social worker")] == [
        "In a small number of cases"
    ]
    assert not dropped(report, "children wait too long for a social worker", also="It said that a few children wait")


def test_kinds_and_levels() -> None:
    found = qualifiers("Until recently, up to 40 children may have waited; most, but not all, now have a plan.")
    assert [(q.kind, q.words.lower()) for q in found] == [
        ("time", "until recently"),
        ("about", "up to"),
        ("hedge", "may"),
        ("extent", "most"),
        ("extent", "not all"),
    ]
    text = "a few, some, many and most of them"
    assert [q.level for q in qualifiers(text)] == [1, 2, 3, 4]
    assert all(text[q.start : q.end] == q.words for q in qualifiers(text))
