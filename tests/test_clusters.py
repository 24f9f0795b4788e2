"""Clusters do not depend on the order of the findings, keep polarities apart and are named by their own words."""

import random

import pytest

from ofsted_nlp.analysis.clusters import cluster_findings
from ofsted_nlp.errors import UsageError

FILES = [
    "80458-darlington-la-2015-09-01.pdf",
    "80453-york-la-2017-02-07.pdf",
    "80487-barnet-la-2019-06-11.pdf",
    "invented-without-date.pdf",
]
CHRONOLOGIES = "Chronologies in {} files are out of date and family history is lost."
TIMELINESS = "Deadlines for {} reports slip and families wait weeks for a decision."
FATHERS = "Fathers are seldom spoken to in {} enquiries and grandparents never."
ADJECTIVES = ["older", "complex", "recent", "urgent", "pre-birth", "closed", "transferred", "open"]


def rows():
    made = []
    for name, template in [("chronology", CHRONOLOGIES), ("deadline", TIMELINESS), ("father", FATHERS)]:
        for i in range(24):
            made.append(
                {
                    "id": f"{name}-{i:02}",
                    "file": FILES[i % 4],
                    "text": template.format(ADJECTIVES[i % 8]),
                    "polarity": "concern",
                    "themes": ["assessment", "recording"],
                }
            )
    made.append(
        {
            "id": "praise",
            "file": FILES[0],
            "text": "Chronologies are up to date.",
            "polarity": "strength",
            "themes": ["assessment"],
        }
    )
    made.append(
        {
            "id": "context",
            "file": FILES[0],
            "text": "The town lies on a river.",
            "polarity": "neutral",
            "themes": [],
        }
    )
    return made


def test_findings_divide_by_wording():
    result = cluster_findings(rows())
    by_id = {item.finding_id: item for item in result.assignments}
    assert [item.finding_id for item in result.assignments] == [row["id"] for row in rows()]
    chronologies = {by_id[f"chronology-{i:02}"].cluster for i in range(24)}
    deadlines = {by_id[f"deadline-{i:02}"].cluster for i in range(24)}
    assert len(chronologies) == len(deadlines) == 1
    assert chronologies != deadlines
    cluster = next(cluster for cluster in result if cluster.id in chronologies)
    assert cluster.label.startswith("Assessment (concern): ")
    assert set(" ".join(cluster.terms).split()) <= {"chronologies", "files", "date", "history", "lost"}
    assert cluster.size == 24
    assert cluster.authorities == ("Barnet", "Darlington", "York", "invented-without-date.pdf")
    assert cluster.years == {2015: 6, 2017: 6, 2019: 6}
    assert len(cluster.typical) == 5


def test_polarities_stay_apart_and_the_themeless_fit_nowhere():
    result = cluster_findings(rows())
    by_id = {item.finding_id: item for item in result.assignments}
    praise = by_id["praise"]
    assert next(c for c in result if c.id == praise.cluster).polarity == "strength"
    assert next(c for c in result if c.id == praise.cluster).size == 1
    assert by_id["context"].to_dict() == {
        "finding_id": "context",
        "file": FILES[0],
        "text": "The town lies on a river.",
        "cluster": None,
        "label": None,
        "probability": 0.0,
    }
    assert all(0 < item.probability <= 1 for item in result.assignments if item.cluster is not None)
    assert repr(result) == "<Clustering of 74 findings: 4 clusters, 1 findings in none>"


def test_the_order_of_the_findings_changes_nothing():
    shuffled = rows()
    random.Random(7).shuffle(shuffled)
    first, second = cluster_findings(rows()), cluster_findings(shuffled)
    assert first.clusters == second.clusters
    assert {a.finding_id: a for a in first.assignments} == {a.finding_id: a for a in second.assignments}


def test_the_table_has_one_row_a_cluster():
    table = cluster_findings(rows()).table
    assert table["size"].tolist() == [1, 24, 24, 24]
    assert table["authorities"].tolist() == [1, 4, 4, 4]
    assert table["first_year"].tolist() == [2015, 2015, 2015, 2015]


def test_texts_of_stop_words_alone_and_nothing_at_all():
    alone = [{"id": "a", "file": "f", "text": "The and of.", "polarity": "concern", "themes": ["adoption"]}]
    result = cluster_findings(alone)
    assert result.clusters[0].label == "Adoption (concern)"
    assert cluster_findings([]).assignments == ()


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([{"id": "a", "file": "f"}], "Finding 1 has no text"),
        (rows()[:1] * 2, "the first is 'chronology-00'"),
    ],
)
def test_unusable_rows_are_refused(bad, message):
    with pytest.raises(UsageError, match=message):
        cluster_findings(bad)
