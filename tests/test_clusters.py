"""Clusters do not depend on order, threads or what else is there, keep kinds apart and are named by their own words."""

import json
import os
import random
import subprocess
import sys

import pytest

from ofsted_nlp.analysis.clustering.clusters import cluster_findings
from ofsted_nlp.analysis.clustering.rows import Reason
from ofsted_nlp.errors import NotFoundError, UsageError

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
        for i in range(52):
            made.append(
                {
                    "id": f"{name}-{i:02}",
                    "file": FILES[i % 4],
                    "text": template.format(ADJECTIVES[i % 8]),
                    "polarity": "concern",
                    "themes": ["assessment", "recording"],
                }
            )
    about = {"file": FILES[0], "themes": ["assessment"]}
    return [
        *made,
        {**about, "id": "praise", "text": "Chronologies are up to date.", "polarity": "strength"},
        {**about, "id": "action", "text": "Keep every chronology up to date.", "kind": "area_for_improvement"},
        {**about, "id": "context", "text": "The town lies on a river.", "polarity": "neutral"},
        {**about, "id": "odd", "text": "The town lies on a river.", "polarity": "concern", "themes": []},
        {**about, "id": "stub", "text": "Late.", "polarity": "concern"},
    ]


def by_id(made):
    return {item.finding_id: item for item in made.assignments}


def test_findings_divide_by_what_they_say():
    made = cluster_findings(rows())
    assert [item.finding_id for item in made.assignments] == [row["id"] for row in rows()]
    found = {
        name: {by_id(made)[f"{name}-{i:02}"].cluster for i in range(52)}
        for name in ("chronology", "deadline", "father")
    }
    assert [len(numbers) for numbers in found.values()] == [1, 1, 1]
    assert len(set.union(*found.values())) == 3
    cluster = made[next(iter(found["chronology"]))]
    assert cluster.label.startswith("Assessment (concern): ")
    assert set(" ".join(cluster.terms).split()) <= {
        "chronologies",
        "files",
        "are",
        "out",
        "of",
        "date",
        "family",
        "history",
        "is",
        "lost",
    }
    assert cluster.size == 52
    assert cluster.authorities == ("Barnet", "Darlington", "York", "invented-without-date.pdf")
    assert cluster.years == {2015: 13, 2017: 13, 2019: 13}
    assert cluster.trend.direction == "too few to tell"
    texts = {row["id"]: (row["file"], row["text"]) for row in rows()}
    assert len(cluster.typical) == 5
    assert len({texts[id_][0] for id_ in cluster.typical[:4]}) == 4
    with pytest.raises(NotFoundError):
        made[99]


def test_kinds_stay_apart():
    made = cluster_findings(rows())
    kinds = {name: made[by_id(made)[name].cluster].polarity for name in ("chronology-00", "praise", "action")}
    assert kinds == {"chronology-00": "concern", "praise": "strength", "action": "recommendation"}
    assert len({by_id(made)[name].cluster for name in kinds}) == 3


def test_what_fits_nowhere_says_why():
    made = cluster_findings(rows())
    reasons = {name: by_id(made)[name].reason for name in ("context", "odd", "stub")}
    assert reasons == {"context": Reason.NEUTRAL, "odd": Reason.NO_THEME, "stub": Reason.TOO_SHORT}
    assert by_id(made)["context"].to_dict() == {
        "finding_id": "context",
        "file": FILES[0],
        "text": "The town lies on a river.",
        "cluster": None,
        "label": None,
        "probability": 0.0,
        "reason": "neutral",
        "polarity": "neutral",
        "halves": [],
    }
    assert all(0 < item.probability <= 1 for item in made.assignments if item.cluster is not None)
    assert made.unclustered == {"neutral": 1, "no_theme": 1, "too_short": 1}
    assert made.unclustered_share == pytest.approx(2 / 160)
    assert repr(made) == "<Clustering of 161 findings: 5 clusters, 3 findings in none>"


def test_a_finding_unlike_its_theme_is_left_out():
    given = rows()[:156]
    strange = {**given[0], "id": "strange", "text": "Quartz zebras yodel under xylophones."}
    made = cluster_findings([*given, strange])
    assert by_id(made)["strange"].reason == Reason.UNLIKE_ALL
    assert made.unclustered == {"unlike_all": 1}


def test_a_mixed_finding_goes_by_its_halves():
    mixed = {
        "id": "both",
        "file": FILES[1],
        "text": "Chronologies are up to date, but families wait weeks for a decision.",
        "polarity": "mixed",
        "themes": ["assessment"],
    }
    clauses = [
        {"polarity": "strength", "text": "Chronologies are up to date"},
        {"polarity": "concern", "text": "families wait weeks for a decision"},
    ]
    made = cluster_findings([*rows(), {**mixed, "clauses": clauses}])
    found = by_id(made)["both"]
    assert [half.polarity for half in found.halves] == ["concern", "strength"]
    assert found.cluster == by_id(made)["deadline-00"].cluster == found.clusters[0]
    assert found.clusters[1] == by_id(made)["praise"].cluster
    assert [half["text"] for half in found.to_dict()["halves"]] == [clauses[1]["text"], clauses[0]["text"]]
    split = by_id(cluster_findings([*rows(), mixed]))["both"]
    assert [half.text for half in split.halves] == [clauses[1]["text"], clauses[0]["text"]]
    whole = by_id(cluster_findings([*rows(), {**mixed, "clauses": []}]))["both"]
    assert whole.halves == ()
    assert made[whole.cluster].polarity == "concern"


def test_the_order_of_the_findings_changes_nothing():
    shuffled = rows()
    random.Random(7).shuffle(shuffled)
    first, second = cluster_findings(rows()), cluster_findings(shuffled)
    assert first.clusters == second.clusters
    assert by_id(first) == by_id(second)


def test_the_number_of_threads_changes_nothing(tmp_path):
    path = tmp_path / "findings.jsonl"
    path.write_text("\n".join(json.dumps({k: r[k] for k in ("id", "file", "text")}) for r in rows()))
    code = "from ofsted_nlp.cli import main; main()"
    outputs = []
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        done = subprocess.run(
            [sys.executable, "-c", code, "cluster", "--findings", str(path), "--format", "jsonl"],
            env={**os.environ, **dict.fromkeys(names, threads)},
            capture_output=True,
            check=True,
        )
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == len(rows())


def test_the_table_has_one_row_a_cluster():
    table = cluster_findings(rows()).table
    assert table["size"].tolist() == [52, 52, 52, 1, 1]
    assert table["authorities"].tolist() == [4, 4, 4, 1, 1]
    assert table["first_year"].tolist() == [2015] * 5
    assert set(table["trend"]) == {"too few to tell"}


def test_texts_of_stop_words_alone_and_nothing_at_all():
    alone = [{"id": "a", "file": "f", "text": "The and of then.", "polarity": "concern", "themes": ["adoption"]}]
    made = cluster_findings(alone)
    assert [cluster.label for cluster in made] in (["Adoption (concern)"], [])
    assert cluster_findings([]).assignments == ()
    assert cluster_findings([]).unclustered_share == 0


def test_sentences_without_labels_are_classified():
    texts = {
        "plans": "Care leavers’ pathway plans are detailed and reviewed often, and personal advisers know them well.",
        "visits": "Children in need are not visited often enough, and managers do not notice.",
    }
    made = cluster_findings({"id": id_, "file": FILES[0], "text": text} for id_, text in texts.items())
    found = {id_: made[by_id(made)[id_].cluster] for id_ in texts}
    assert (found["plans"].polarity, found["plans"].theme) == ("strength", "care_leaver_support")
    assert found["visits"].polarity == "concern"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([{"id": "a", "file": "f"}], "Finding 1 has no text"),
        (rows()[:1] * 2, "the first is 'chronology-00'"),
        ([{**rows()[0], "text": 7}], "The text of finding 1 is of the kind int"),
        ([{**rows()[0], "themes": "assessment"}], "no list of codes"),
        ([{**rows()[0], "themes": ["otters"]}], "has the theme 'otters'"),
        ([{**rows()[0], "polarity": "wet"}], "has the polarity 'wet'"),
        ([{**rows()[0], "year": "2015"}], "no whole number: '2015'"),
    ],
)
def test_unusable_rows_are_refused(bad, message):
    with pytest.raises(UsageError, match=message):
        cluster_findings(bad)


@pytest.mark.parametrize(
    "text",
    ["", " \t\n", "\x00\x02\ufffd" * 50, "<script>alert(1)</script>", "word " * 20_000, "ﷺ漢字🙂" * 500, "a,b;" * 3000],
)
def test_hostile_texts_are_clustered_or_left_out_with_a_reason(text):
    row = {"id": "x", "file": "../../etc/passwd", "text": text}
    for labels in ({}, {"polarity": "mixed", "themes": ["assessment"]}):
        (item,) = cluster_findings([{**row, **labels}]).assignments
        assert (item.cluster is None) == (item.reason in set(Reason))
        assert item.text == text
