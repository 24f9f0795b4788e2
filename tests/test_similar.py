"""Like findings are found by meaning, theme and judgement, in other authorities if asked, whatever their order."""

import random

import numpy
import pytest

from ofsted_nlp.analysis.clustering.similar import profiles, similar_findings
from ofsted_nlp.errors import UsageError

DARLINGTON, YORK, BARNET = "80458-darlington-la-2015-09-01.pdf", "80453-york-la-2017-02-07.pdf", "80487-barnet-la-x.pdf"
ROWS = [
    ("late", DARLINGTON, "Too many assessments take too long.", "concern", ["assessment"]),
    ("slow", YORK, "Assessments are not completed in time.", "concern", ["assessment"]),
    ("again", DARLINGTON, "Assessments take far too long.", "concern", ["assessment"]),
    ("quick", BARNET, "Assessments are completed in good time.", "strength", ["assessment"]),
    ("homes", YORK, "Care leavers live in suitable homes.", "strength", ["care_leaver_accommodation"]),
    ("panel", BARNET, "The fostering panel meets every week.", "neutral", ["fostering"]),
]


def rows():
    return [dict(zip(("id", "file", "text", "polarity", "themes"), row, strict=True)) for row in ROWS]


def near(made):
    return {item["finding_id"]: item["neighbours"] for item in made}


def test_the_nearest_says_the_same():
    found = near(similar_findings(rows(), k=5))
    assert list(found) == [row[0] for row in ROWS]
    assert found["late"][:2] == ["again", "slow"]
    assert found["late"][2] == "quick"
    assert all(len(ids) == 5 and id_ not in ids for id_, ids in found.items())


def test_other_authorities_alone():
    found = near(similar_findings(rows(), k=5, other_authorities=True))
    assert found["late"][:2] == ["slow", "quick"]
    assert "again" not in found["late"]
    assert len(found["late"]) == 4


def test_the_order_of_the_findings_changes_nothing():
    shuffled = rows()
    random.Random(2).shuffle(shuffled)
    assert near(similar_findings(rows())) == near(similar_findings(shuffled))


def test_equal_findings_come_by_id():
    same = [{**rows()[0], "id": id_} for id_ in ("c", "a", "b")]
    assert near(similar_findings(same)) == {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"]}


def test_unlabelled_findings_are_read_first():
    plain = [{key: row[key] for key in ("id", "file", "text")} for row in rows()]
    assert near(similar_findings(plain, k=1))["late"] in (["again"], ["slow"])
    made = profiles(plain)
    assert made.beside.shape[0] == len(plain)
    assert numpy.isfinite(made.beside).all()


@pytest.mark.parametrize("k", [0, -1, True, 2.0, "5"])
def test_a_senseless_number_of_neighbours_is_refused(k):
    with pytest.raises(UsageError, match="k is the number"):
        similar_findings(rows(), k)


def test_one_finding_none_and_empty_texts():
    assert similar_findings([]) == []
    assert near(similar_findings(rows()[:1])) == {"late": []}
    empty = [{"id": id_, "file": "f", "text": text} for id_, text in (("a", ""), ("b", "\x00"), ("c", " " * 9000))]
    assert {len(ids) for ids in near(similar_findings(empty)).values()} == {2}
    with pytest.raises(UsageError, match="Finding 1 has no id"):
        similar_findings([{"file": "f", "text": "x"}])
