"""Fitted clusters stay where they are when findings are added, are kept in files, and change only on purpose."""

import json
import random

import numpy
import pytest
from test_clusters import by_id, rows

from ofsted_nlp.analysis.clustering import whole_numbers
from ofsted_nlp.analysis.clustering.clusters import cluster_findings
from ofsted_nlp.analysis.clustering.model import ARRAYS, SETTINGS, ClusterModel, fit, vectors_of
from ofsted_nlp.analysis.clustering.reclustering import recluster, renumbered
from ofsted_nlp.analysis.clustering.rows import Reason, read_rows
from ofsted_nlp.encoders import encoder
from ofsted_nlp.errors import UsageError

SIBLINGS = "Brothers and sisters of {} children are not asked what they think."


def added(reports=20):
    """Findings of further reports, some like those that are there and some on a matter of their own."""
    made = []
    for number in range(reports):
        file = f"80{number:03}-otterton-la-2021-03-{1 + number:02}.pdf"
        for place, text in enumerate(
            (
                f"Chronologies in sample {number} are out of date.",
                f"Families in ward {number} wait weeks for a decision.",
                SIBLINGS.format(["older", "younger", "fostered", "adopted"][number % 4]),
            )
        ):
            about = {"polarity": "concern", "themes": ["assessment"]}
            made.append({"id": f"new-{number:02}-{place}", "file": file, "text": text, **about})
    return made


def fitted(given):
    read, named = read_rows(given), encoder()
    vectors = vectors_of(read, named)
    return read, vectors, fit(read, vectors, named.name)


def test_twenty_new_reports_move_nothing_that_is_there():
    first = cluster_findings(rows())
    both = cluster_findings([*added(), *rows()], first.model)
    before, after = by_id(first), by_id(both)
    assert all(after[id_].cluster == item.cluster for id_, item in before.items())
    assert {c.id: c.label for c in first}.items() == {c.id: c.label for c in both}.items()
    joined = {after[f"new-{number:02}-0"].cluster for number in range(20)}
    assert joined == {before["chronology-00"].cluster}


def test_what_the_clusters_do_not_know_is_left_out():
    made = cluster_findings(
        [
            {
                "id": "a",
                "file": "f",
                "text": "Adopters wait long for a match.",
                "polarity": "concern",
                "themes": ["adoption"],
            }
        ],
        cluster_findings(rows()).model,
    )
    assert made.assignments[0].reason == Reason.NO_CLUSTER


def test_clusters_come_back_from_their_files(tmp_path):
    _, _, model = fitted(rows())
    model.save(tmp_path)
    again = ClusterModel.load(tmp_path)
    assert again.named == model.named
    assert again.ids == model.ids
    assert cluster_findings(rows(), again).clusters == cluster_findings(rows(), model).clusters
    texts = (tmp_path / SETTINGS).read_text(encoding="utf-8")
    assert not [row["text"] for row in rows() if row["text"] in texts]
    first = {name: (tmp_path / name).read_bytes() for name in (ARRAYS, SETTINGS)}
    shuffled = rows()
    random.Random(3).shuffle(shuffled)
    fitted(shuffled)[2].save(tmp_path)
    assert (tmp_path / SETTINGS).read_bytes() == first[SETTINGS]
    with numpy.load(tmp_path / ARRAYS) as data:
        assert all((data[name] == array).all() for name, array in arrays_of(model).items())


def arrays_of(model):
    groups = (model.groups[key] for key in sorted(model.groups))
    return {
        f"{n:04}": numpy.vstack([group.whole[None], group.middle[None], group.centres])
        for n, group in enumerate(groups)
    }


@pytest.mark.parametrize("damage", ["absent", "cut", "text", "other"])
def test_damaged_files_are_refused(tmp_path, damage):
    fitted(rows())[2].save(tmp_path)
    if damage == "absent":
        (tmp_path / ARRAYS).unlink()
    elif damage == "cut":
        (tmp_path / ARRAYS).write_bytes((tmp_path / ARRAYS).read_bytes()[:900])
    elif damage == "text":
        (tmp_path / SETTINGS).write_text("{")
    else:
        settings = json.loads((tmp_path / SETTINGS).read_text())
        settings["groups"][0]["ids"].append(77)
        (tmp_path / SETTINGS).write_text(json.dumps(settings))
    with pytest.raises(UsageError):
        ClusterModel.load(tmp_path)


def test_another_encoder_is_refused():
    _, _, model = fitted(rows())
    model.encoder = "other-000000000000"
    with pytest.raises(UsageError, match="fitted with the encoder other-000000000000"):
        cluster_findings(rows(), model)


def test_reclustering_the_same_findings_keeps_every_number():
    given, vectors, model = fitted(rows())
    again, events = recluster(model, given, vectors, model.encoder)
    assert {event.event for event in events} == {"kept"}
    assert again.named == model.named
    assert (again.edition, again.next_id) == (2, model.next_id)


def test_reclustering_logs_births_and_keeps_what_goes_on():
    first = [row for row in rows() if not row["id"].startswith("father")]
    _, _, model = fitted(first)
    more = [
        {"id": f"sibling-{n:02}", "file": f"f{n % 5}", "text": SIBLINGS.format(word), "polarity": "concern"}
        for n, word in enumerate(["older", "younger", "fostered", "adopted", "disabled", "small"] * 9)
    ]
    given = read_rows([*first, *({**row, "themes": ["assessment"]} for row in more)])
    vectors = vectors_of(given, encoder())
    again, events = recluster(model, given, vectors, model.encoder)
    said = {event.id: event for event in events}
    born = [event for event in events if event.event == "born"]
    assert len(born) == 1
    assert born[0].id == model.next_id
    assert born[0].after == 54
    assert str(born[0]).startswith(f"{model.next_id} Assessment (concern): ")
    assert all(said[number].event == "kept" for number in model.named)
    before, after = (by_id(cluster_findings(first, fitted_)) for fitted_ in (model, again))
    assert {id_: item.cluster for id_, item in before.items()} == {id_: item.cluster for id_, item in after.items()}


def test_merged_and_retired_numbers_are_named_and_never_used_again():
    _, _, model = fitted(rows())
    old = sorted(number for number, named in model.named.items() if named.kind == "concern")
    _, _, fresh = fitted(rows())
    was = [old[0]] * 10 + [old[1]] * 6 + [old[2]] * 4
    now = [old[0]] * 16 + [old[1], old[2], None, None]
    made, events = renumbered(model, fresh, was, now)
    said = {event.id: event for event in events}
    assert said[old[0]].event == "kept"
    assert (said[old[1]].event, said[old[1]].into) == ("merged", old[0])
    assert "merged into" in str(said[old[1]])
    assert said[old[2]].event == "retired"
    assert made.retired[old[1]] == old[0]
    assert made.retired[old[2]] is None
    assert not set(made.retired) & set(made.named)
    assert made.next_id > model.next_id
    assert sorted(made.named) == sorted(number for ids in made.ids.values() for number in ids)


def test_sums_of_whole_numbers_do_not_depend_on_their_order():
    generator = numpy.random.default_rng(1)
    vectors = generator.normal(size=(500, 256))
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    rows_ = whole_numbers.whole(vectors)
    order = generator.permutation(256)
    straight, mixed = (
        whole_numbers.likeness(rows_, rows_[:40]),
        whole_numbers.likeness(rows_[:, order], rows_[:40, order]),
    )
    assert (straight == mixed).all()
    exact = (rows_.astype(int) @ rows_[:40].astype(int).T) / whole_numbers.SCALE**2
    assert (straight == exact.astype(numpy.float32)).all()
    assert numpy.abs(straight - vectors @ vectors[:40].T).max() < 0.01
