"""How well vectors find like sentences: by the annotated themes, and beside MiniLM's own likeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def authority(file: str) -> str:
    """The number of the authority, with which file names begin."""
    return file.split("-")[0]


def precision_at_5(
    queries: Sequence[dict[str, Any]], near: np.ndarray, rows: Sequence[dict[str, Any]], vectors: np.ndarray
) -> dict[str, float]:
    """Of the five nearest sentences of other authorities, how many share the theme.

    Rows with the theme "none" are left out on both sides.

    Args:
        queries: annotated sentences with "file", "theme" and "theme2".
        near: their vectors, of unit length.
        rows: annotated sentences among which the nearest are sought.
        vectors: theirs.

    Returns:
        "same": share with the same primary theme; "either": share where the primary theme of one is the primary or
        the second one of the other; "first": share of the nearest with the same primary theme; "n": queries.
    """
    asked = [k for k, row in enumerate(queries) if row["theme"] != "none"]
    kept = [k for k, row in enumerate(rows) if row["theme"] != "none"]
    where = np.array([authority(rows[k]["file"]) for k in kept])
    like = near[asked] @ vectors[kept].T
    for i, k in enumerate(asked):
        like[i, where == authority(queries[k]["file"])] = -np.inf
    same = either = first = 0
    for i, order in enumerate(np.argsort(-like, axis=1, kind="stable")[:, :5]):
        one = queries[asked[i]]
        others = [rows[kept[j]] for j in order]
        hits = [other["theme"] == one["theme"] for other in others]
        same += sum(hits)
        first += hits[0]
        either += sum(
            other["theme"] in {one["theme"], one.get("theme2")} or one["theme"] == other.get("theme2")
            for other in others
        )
    n = len(asked)
    return {"same": same / (5 * n), "either": either / (5 * n), "first": first / n, "n": n}


def agreement(vectors: np.ndarray, other: np.ndarray, neighbours: int = 10) -> dict[str, float]:
    """How far two encoders agree on the same texts.

    Returns:
        "spearman": rank correlation of the likeness of all pairs; "neighbours": share of the ``neighbours`` nearest
        that both have.
    """
    from scipy.stats import spearmanr

    likes = [a @ a.T for a in (vectors, other)]
    upper = np.triu_indices(len(vectors), 1)
    rank = spearmanr(likes[0][upper], likes[1][upper]).statistic
    for like in likes:
        np.fill_diagonal(like, -np.inf)
    nearest = [np.argsort(-like, axis=1, kind="stable")[:, :neighbours] for like in likes]
    shared = [len(set(a) & set(b)) for a, b in zip(*(n.tolist() for n in nearest), strict=True)]
    return {"spearman": float(rank), "neighbours": float(np.mean(shared)) / neighbours}
