"""On annotated sentences of real reports, clusters and neighbours follow the themes; adding reports moves nothing."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from ofsted_nlp.analysis.clustering.clusters import cluster_findings
from ofsted_nlp.analysis.clustering.labels import MOST_TERMS
from ofsted_nlp.analysis.clustering.rows import Reason
from ofsted_nlp.analysis.clustering.similar import similar_findings

ANNOTATIONS = Path(__file__).resolve().parent.parent / "corpus" / "annotations" / "sentences.jsonl"
REPORTS = 24
SAMPLE = 1250

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def labelled(corpus_reports: Path) -> list[dict[str, Any]]:
    """Annotated sentences with a theme, of the reports that have most of them, with their text from the PDFs."""
    from ofsted_nlp.training.pool import sentences_of
    from ofsted_nlp.training.text import read_jsonl, sentence_key

    known: dict[str, dict[str, Any]] = {}
    for row in read_jsonl(ANNOTATIONS):
        known.setdefault(row["file"], {})[row["sentence"]] = row
    made = []
    for file in sorted(known, key=lambda name: (-len(known[name]), name))[:REPORTS]:
        if not (corpus_reports / file).is_file():
            continue
        left = dict(known[file])
        for sentence in sentences_of(corpus_reports / file):
            row = left.pop(sentence_key(sentence.text), None)
            if row and row["theme"] != "none":
                made.append({**row, "id": f"{len(made):05}", "text": sentence.text, "prev": sentence.before})
    if len(made) < 700:
        pytest.skip(f"only {len(made)} annotated sentences are in the reports here")
    return made


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in ("id", "file", "text", "prev")} for row in rows]


def test_clusters_follow_themes(labelled: list[dict[str, Any]]) -> None:
    """The classifier has learnt from these sentences, so the floors are above the aims (0.60, 0.35, 10%)."""
    metrics = pytest.importorskip("sklearn.metrics")
    rows = random.Random(1).sample(labelled, min(SAMPLE, len(labelled)))
    made = cluster_findings(plain(rows))
    labels = ["none" if item.cluster is None else str(item.cluster) for item in made.assignments]
    truth = [row["theme"] for row in rows]
    assert metrics.v_measure_score(truth, labels) >= 0.70
    assert metrics.adjusted_rand_score(truth, labels) >= 0.40
    assert labels.count("none") / len(labels) <= 0.10


def test_neighbours_share_themes(labelled: list[dict[str, Any]]) -> None:
    rows = {row["id"]: row for row in labelled}
    hits = total = 0
    for found in similar_findings(plain(labelled), 5, other_authorities=True):
        one = rows[found["finding_id"]]
        for other in (rows[id_] for id_ in found["neighbours"]):
            assert other["file"].split("-")[0] != one["file"].split("-")[0]
            hits += other["theme"] in {one["theme"], one["theme2"]} or one["theme"] == other["theme2"]
        total += 5
    assert hits / total >= 0.75


def test_further_reports_move_nothing_and_are_assigned_at_once(labelled: list[dict[str, Any]]) -> None:
    files = sorted({row["file"] for row in labelled})
    first = [row for row in plain(labelled) if row["file"] not in files[-20:]]
    made = cluster_findings(first)
    before = {item.finding_id: (item.cluster, item.reason) for item in made.assignments}
    everything = plain(labelled)
    random.Random(5).shuffle(everything)
    both = cluster_findings(everything, made.model)
    after = {item.finding_id: (item.cluster, item.reason) for item in both.assignments}
    assert {id_: after[id_] for id_ in before} == before
    assert all((cluster is None) == (reason in set(Reason)) for cluster, reason in after.values())
    one = [row for row in everything if row["file"] == files[-1]]
    begun = time.process_time()
    cluster_findings(one, made.model)
    assert time.process_time() - begun < 1


def test_the_national_clusters_hold_no_sentence() -> None:
    from ofsted_nlp.analysis.clustering.model import ARRAYS, SETTINGS
    from ofsted_nlp.corpus.clusters import MEMBERS, NATIONAL

    if not (NATIONAL / SETTINGS).is_file():
        pytest.skip("the package carries no national clusters")
    assert sum((NATIONAL / name).stat().st_size for name in (ARRAYS, SETTINGS, MEMBERS)) < 2_000_000
    settings = json.loads((NATIONAL / SETTINGS).read_text(encoding="utf-8"))
    for row in settings["clusters"]:
        assert len(row["terms"]) <= MOST_TERMS
        assert all(len(term.split()) <= 5 for term in row["terms"])
