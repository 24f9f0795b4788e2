"""Puts findings whose cluster is on record beside new ones that are assigned here, so that both are shown as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.clusters import check_encoder
from ofsted_nlp.analysis.clustering.model import Placed, vectors_of
from ofsted_nlp.analysis.clustering.rows import Given, Part, Reason, plain_rows, read_rows

if TYPE_CHECKING:
    from ofsted_nlp.analysis.clustering.model import ClusterModel
    from ofsted_nlp.encoders import Encoder


def place_known(
    rows: Sequence[Mapping[str, Any]],
    model: ClusterModel,
    further: Mapping[tuple[str, str], int],
    encoder: Callable[[], Encoder],
) -> tuple[Given, list[Placed]]:
    """Where each finding belongs: on record, or by its text.

    Args:
        rows: see ``cluster_rows.read_rows``; ``cluster`` is the number on record, of a mixed finding that of the
        concern
            in it; ``text`` is empty where it is not at hand.
        model: the clusters.
        further: numbers on record of recommendations and of the strengths in mixed findings, by id and kind.
        encoder: gives the encoder, if any text must be read.
    """
    given = Given(plain_rows(rows))
    placed: list[Placed] = []
    new: list[int] = []
    for number, row in enumerate(rows):
        parts, places = _on_record(number, row, model, further)
        if row["text"] and all(place.cluster is None for place in places):
            new.append(number)
            continue
        given.parts += parts
        placed += places
    if new:
        found = read_rows([rows[number] for number in new])
        named = encoder()
        check_encoder(model, named)
        placed += model.place(found, vectors_of(found, named))
        given.parts += [
            Part(new[part.row], part.text, part.kind, part.theme, part.likely, part.reason, part.clause)
            for part in found.parts
        ]
    return given, placed


def _on_record(
    number: int, row: Mapping[str, Any], model: ClusterModel, further: Mapping[tuple[str, str], int]
) -> tuple[list[Part], list[Placed]]:
    polarity = "recommendation" if row.get("kind") else str(row["polarity"])
    theme = row["themes"][0] if row["themes"] else "none"
    kinds = ("concern", "strength") if polarity == "mixed" else (polarity,)
    words = dict(row.get("clauses") or ())
    parts, places = [], []
    for kind in kinds:
        cluster = further.get((row["id"], kind))
        if cluster is None:
            cluster = row["cluster"]
        if cluster not in model.named or model.named[cluster].kind != kind:
            cluster = None
        if polarity == "mixed" and cluster is None:
            continue
        reason = None
        if cluster is None:
            reason = Reason.NEUTRAL if kind == "neutral" else Reason.UNLIKE_ALL if row["themes"] else Reason.NO_THEME
        parts.append(Part(number, words.get(kind, row["text"]), "" if kind == "neutral" else kind, theme, 1.0, reason))
        places.append(Placed(cluster, reason, 0.0 if reason else 1.0, None))
    if not parts:
        parts = [Part(number, row["text"], "concern", theme, 1.0, Reason.UNLIKE_ALL)]
        places = [Placed(None, Reason.UNLIKE_ALL, 0.0, None)]
    return parts, places
