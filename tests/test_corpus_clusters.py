"""A corpus assigns new findings to the national clusters, reclusters on purpose, searches, and finds like findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_corpus import KNOWN, NEW, OLD, OTHER, fill, folder, seeded, version  # noqa: F401

from ofsted_nlp.corpus import Corpus
from ofsted_nlp.corpus import clusters as corpus_clusters
from ofsted_nlp.errors import NotFoundError, UsageError

pytestmark = pytest.mark.usefixtures("version")


def test_new_findings_join_the_national_clusters(seeded: Corpus, folder: Path) -> None:  # noqa: F811
    before = {a.finding_id: a.cluster for a in seeded.clusters("concern").assignments}
    assert before == {OLD.findings[0].id: 3, OTHER.findings[0].id: 3}
    fill(seeded, folder / "d-new.pdf")
    after = {a.finding_id: (a.cluster, a.reason) for a in seeded.clusters("concern").assignments}
    assert {id_: after[id_][0] for id_ in before} == before
    short = {item.id for item in NEW.findings if item.text in ("Otters drift.", "Otters nap.")}
    assert {id_: reason for id_, (_, reason) in after.items() if id_ in short} == dict.fromkeys(short, "too_short")
    assert seeded.clusters()[3].typical == (OLD.findings[0].id,)
    with pytest.raises(UsageError, match="There are no clusters of 'wet'"):
        seeded.clusters("wet")


def test_a_report_is_assigned_without_being_stored(seeded: Corpus, folder: Path) -> None:  # noqa: F811
    found = seeded.assign(NEW)
    assert [item.finding_id for item in found][: len(NEW.findings)] == [item.id for item in NEW.findings]
    assert NEW.findings[0].id not in set(seeded.findings()["id"])
    fill(seeded, folder / "d-new.pdf")
    held = {item.finding_id: item for item in seeded.clusters().assignments}
    assert {item.finding_id: item for item in found}.items() <= held.items()
    with pytest.raises(NotFoundError, match="no fitted clusters to assign to"):
        Corpus.open(":memory:", seed=False).assign(NEW)


def test_recluster_keeps_a_model_and_a_log_beside_the_store(seeded: Corpus, folder: Path) -> None:  # noqa: F811
    with pytest.raises(UsageError, match="no text to cluster"):
        seeded.recluster()
    fill(seeded, folder)
    events = seeded.recluster()
    assert {event.id: event.event for event in events}[3] in ("kept", "retired")
    log = Path(f"{seeded.path}.clusters") / corpus_clusters.LOG
    assert [json.loads(line)["event"] for line in log.read_text().splitlines()] == [event.event for event in events]
    first = {a.finding_id: a.cluster for a in seeded.clusters().assignments}
    assert {event.event for event in seeded.recluster()} == {"kept"}
    assert {a.finding_id: a.cluster for a in seeded.clusters().assignments} == first
    with pytest.raises(UsageError, match="in memory"):
        Corpus.open(":memory:").recluster()


def test_after_a_recluster_further_reports_move_nothing(seeded: Corpus, folder: Path) -> None:  # noqa: F811
    fill(seeded, folder / "d-new.pdf")
    seeded.recluster()
    before = {item.finding_id: item for item in seeded.clusters().assignments}
    fill(seeded, folder)
    after = {item.finding_id: item for item in seeded.clusters().assignments}
    assert before.items() < after.items()


def test_search_and_similar_give_text_report_and_page(seeded: Corpus, folder: Path) -> None:  # noqa: F811
    with pytest.raises(NotFoundError, match="no such findings with their text"):
        seeded.search("otters")
    fill(seeded, folder)
    found = seeded.search("otters thrive", 2)
    assert found["text"][0] == "Otters thrive."
    assert found[["authority", "file", "page"]].values.tolist()[0] == ["Darlington", "d-new.pdf", 2]
    assert set(seeded.search("otters", polarity="concern")["polarity"]) == {"concern"}
    assert set(seeded.search("late", authority="York")["authority"]) == {"York"}
    assert list(Path(f"{seeded.path}.vectors").rglob("*.npy"))
    near = seeded.similar(OLD.findings[0].id, 3)
    assert set(near["authority"]) == {"York"}
    assert len(seeded.similar(OLD.findings[0].id, 3, other_authorities=False)) == 3
    with pytest.raises(NotFoundError, match="No finding 'x'"):
        seeded.similar("x")
    with pytest.raises(UsageError, match="Say what to search for"):
        seeded.search(" ")
