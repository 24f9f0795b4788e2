"""Divides texts on one theme by their wording, the same way on every machine and in whatever order they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.wording import Wording

MIN_SIZE = 6
"""A cluster of fewer texts is dissolved into the others."""

MIN_LIKENESS = 0.1
"""A text whose cosine to its cluster's centre is less fits nowhere."""

UNDIVIDED = 40
"""Fewer texts than this stay together."""

_ROUNDS = 10
_DIGITS = 9


@dataclass(frozen=True)
class Division:
    """Which part each text belongs to.

    Attributes:
        members: for each text the number of its part, -1 for none.
        likeness: texts x parts, cosine of each text to each centre.
        terms: for each part its distinctive words and phrases, the strongest first.
    """

    members: Any
    likeness: Any
    terms: list[tuple[str, ...]]


def divide(texts: Sequence[str], owners: Sequence[str]) -> Division:
    """Divides texts into parts of like wording.

    Args:
        texts: in a fixed order (of their ids), so that ties fall alike.
        owners: whose report each text is from; a word that only one owner uses does not count.
    """
    import numpy

    wording = Wording(texts)
    shared = _shared(wording.counts, owners)
    weights = _weights(wording.counts * shared)
    starts = [] if len(texts) < UNDIVIDED else _starts(wording.counts, shared, len(texts))
    if len(starts) < 2:
        centre = numpy.asarray(weights.sum(axis=0))
        likeness = numpy.round(weights @ _unit(centre).T, _DIGITS)
        members = numpy.zeros(len(texts), dtype=int)
        return Division(members, likeness, [_distinctive(wording, members, 0)])
    members, likeness = _settle(weights, starts)
    return Division(members, likeness, [_distinctive(wording, members, part) for part in range(likeness.shape[1])])


def _shared(counts: Any, owners: Sequence[str]) -> Any:
    """A diagonal matrix that keeps the terms which at least two owners use (all terms, if there is one owner)."""
    import numpy
    from scipy import sparse

    codes = {owner: i for i, owner in enumerate(sorted(set(owners)))}
    if len(codes) < 2:
        return sparse.identity(counts.shape[1], format="csr")
    columns = [codes[owner] for owner in owners]
    by_owner = sparse.csr_matrix(
        (numpy.ones(len(owners)), (columns, range(len(owners)))), shape=(len(codes), len(owners))
    )
    users = numpy.diff((by_owner @ counts).tocsc().indptr)
    return sparse.diags((users >= 2).astype(float), format="csr")


def _weights(counts: Any) -> Any:
    """Inverse-document-frequency weights, each row of length one (rows without terms stay zero)."""
    import numpy
    from scipy import sparse

    n = counts.shape[0]
    frequency = numpy.asarray(counts.sum(axis=0)).ravel()
    inverse = numpy.log((1 + n) / (1 + frequency)) + 1
    weighted = counts @ sparse.diags(inverse)
    lengths = numpy.sqrt(numpy.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (sparse.diags(1 / numpy.maximum(lengths, 1e-12)) @ weighted).tocsr()


def _starts(counts: Any, shared: Any, n: int) -> list[Any]:
    """Sets of texts to start from: those with a term that many texts have and few of the earlier sets cover."""
    import numpy

    wanted = max(2, round((n / 5) ** 0.5))
    columns = (counts @ shared).tocsc()
    frequency = numpy.diff(columns.indptr) * (numpy.asarray(columns.sum(axis=0)).ravel() > 0)
    worth = numpy.where(frequency <= n / 3, frequency * numpy.log((1 + n) / (1 + frequency)), 0)
    starts: list[Any] = []
    covered = numpy.zeros(n, dtype=bool)
    for term in numpy.lexsort((numpy.arange(len(worth)), -numpy.round(worth, _DIGITS))):
        rows = columns.indices[columns.indptr[term] : columns.indptr[term + 1]]
        if len(starts) == wanted or len(rows) < MIN_SIZE:
            break
        if worth[term] > 0 and covered[rows].mean() < 0.5:
            starts.append(rows)
            covered[rows] = True
    return starts


def _settle(weights: Any, starts: list[Any]) -> tuple[Any, Any]:
    """Spherical k-means from the given starts; small parts are dissolved once the rest has settled."""
    import numpy

    centres = numpy.vstack([_unit(numpy.asarray(weights[rows].sum(axis=0))) for rows in starts])
    members = numpy.full(weights.shape[0], -2)
    rounds = 0
    while True:
        likeness = numpy.round(weights @ centres.T, _DIGITS)
        best = numpy.where(likeness.max(axis=1) >= MIN_LIKENESS, likeness.argmax(axis=1), -1)
        sizes = numpy.bincount(best[best >= 0], minlength=len(centres))
        settled = (best == members).all() or rounds >= _ROUNDS
        members, rounds = best, rounds + 1
        if settled and (sizes >= MIN_SIZE).all():
            return members, likeness
        keep = [part for part in range(len(centres)) if not settled or sizes[part] >= MIN_SIZE]
        if not keep:
            return numpy.zeros(weights.shape[0], dtype=int), likeness[:, :1]
        if settled:
            centres, members = centres[keep], numpy.full(len(members), -2)
            continue
        centres = numpy.vstack(
            [
                _unit(numpy.asarray(weights[members == part].sum(axis=0))) if sizes[part] else centres[[part]]
                for part in keep
            ]
        )


def _unit(rows: Any) -> Any:
    import numpy

    rows = numpy.atleast_2d(rows)
    return rows / numpy.maximum(numpy.sqrt((rows * rows).sum(axis=1, keepdims=True)), 1e-12)


def _distinctive(wording: Wording, members: Any, part: int, wanted: int = 3) -> tuple[str, ...]:
    """The terms most over-represented in a part; none that shares a word with a stronger one."""
    import numpy

    inside = members == part
    within = numpy.asarray(wording.counts[inside].sum(axis=0)).ravel()
    everywhere = numpy.asarray(wording.counts.sum(axis=0)).ravel()
    rate = within / max(int(inside.sum()), 1)
    rest = (everywhere - within + 0.5) / (len(members) - int(inside.sum()) + 1)
    score = rate if inside.all() else rate * numpy.log(numpy.maximum(rate, 1e-12) / rest)
    score = numpy.where(within >= 2, score, 0)
    score = score * [1.0 + 0.5 * (" " in term) for term in wording.terms]
    terms: list[str] = []
    used: set[str] = set()
    for column in numpy.lexsort((numpy.array(wording.terms), -numpy.round(score, _DIGITS)))[:50]:
        words = set(wording.terms[column].split())
        if score[column] > 0 and not words & used:
            terms.append(wording.plain(wording.terms[column]))
            used |= words
        if len(terms) == wanted:
            break
    return tuple(terms)
