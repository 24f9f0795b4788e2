"""Divides findings of one kind and theme into clusters, the same way on every machine and in whatever order they come.

Spherical k-means on what sets each finding apart from the middle of its theme. It starts from phrases: sets of texts
that share a phrase which many have and few of the earlier sets cover. There is no chance in it, and all arithmetic is
exact (``whole_numbers``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.clustering.whole_numbers import beside, directions, likeness, mean
from ofsted_nlp.analysis.clustering.wording import Wording

MIN_SIZE = 6
"""A cluster of fewer findings is dissolved into the others."""

UNDIVIDED = 100
"""Fewer findings than this stay together."""

MOST = 16
"""The largest number of clusters of one kind and theme."""

_ROUNDS = 20
_DIGITS = 9


@dataclass(frozen=True)
class Division:
    """Where the clusters of one kind and theme lie.

    Attributes:
        whole: direction of all findings together (d, int16).
        middle: what is taken from a finding before it is compared with the centres (d, int16); zero if undivided.
        centres: clusters x d, int16.
    """

    whole: Any
    middle: Any
    centres: Any

    def likeness(self, rows: Any) -> Any:
        """Cosine of each row (n x d, int16) to each centre: n x clusters."""
        return likeness(beside(rows, self.middle), self.centres)


def wanted(n: int) -> int:
    """How many clusters so many findings are divided into at most: a quarter of the root of their number, rounded down.

    A theme then shows few enough clusters to read through, and each holds a share of it that can be compared.
    """
    return 1 if n < UNDIVIDED else min(MOST, math.isqrt(n) // 4)


def divide(rows: Any, wording: Wording, owners: Sequence[str]) -> Division:
    """Divides findings.

    Args:
        rows: their vectors (n x d, int16).
        wording: their words.
        owners: whose report each is from; a phrase that only one owner uses starts no cluster.
    """
    import numpy

    whole = directions(rows.sum(axis=0, dtype=numpy.int64))
    starts = starting_sets(wording.counts @ shared(wording.counts, owners), wanted(len(rows)))
    if len(starts) < 2:
        return Division(whole[0], numpy.zeros(rows.shape[1], dtype=numpy.int16), whole)
    middle = mean(rows)
    apart = beside(rows, middle)
    centres = _settled(apart, _sums(apart, starts))
    if len(centres) < 2:
        return Division(whole[0], numpy.zeros(rows.shape[1], dtype=numpy.int16), whole)
    return Division(whole[0], middle, centres)


def shared(counts: Any, owners: Sequence[str]) -> Any:
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


def starting_sets(counts: Any, most: int) -> list[Any]:
    """At most so many sets of texts, each with a term that many texts have and few of the earlier sets cover."""
    import numpy

    n = counts.shape[0]
    columns = counts.tocsc()
    frequency = numpy.asarray(columns.sum(axis=0)).ravel()
    worth = numpy.where(frequency <= n / 2, frequency * numpy.log((1 + n) / (1 + frequency)), 0)
    starts: list[Any] = []
    covered = numpy.zeros(n, dtype=bool)
    for term in numpy.lexsort((numpy.arange(len(worth)), -numpy.round(worth, _DIGITS))):
        rows = columns.indices[columns.indptr[term] : columns.indptr[term + 1]]
        rows = rows[columns.data[columns.indptr[term] : columns.indptr[term + 1]] > 0]
        if most < 2 or len(starts) == most or len(rows) < MIN_SIZE:
            break
        if worth[term] > 0 and covered[rows].mean() < 0.5:
            starts.append(rows)
            covered[rows] = True
    return starts


def _sums(rows: Any, sets: Sequence[Any]) -> Any:
    """The direction of the sum of each set of rows."""
    import numpy

    return directions(numpy.stack([rows[inside].sum(axis=0, dtype=numpy.int64) for inside in sets]))


def _settled(rows: Any, centres: Any) -> Any:
    """Spherical k-means from the given centres; small clusters are dissolved once the rest has settled."""
    import numpy

    members = numpy.full(len(rows), -1)
    rounds = 0
    while True:
        best = likeness(rows, centres).argmax(axis=1)
        sizes = numpy.bincount(best, minlength=len(centres))
        settled = bool((best == members).all()) or rounds >= _ROUNDS
        if settled and (sizes >= MIN_SIZE).all():
            return centres
        members, rounds = best, rounds + 1
        if settled:
            smallest = int(numpy.lexsort((-numpy.arange(len(sizes)), sizes))[0])
            centres = numpy.delete(centres, smallest, axis=0)
            members, rounds = numpy.full(len(rows), -1), max(0, _ROUNDS - 5)
            if not len(centres):
                return centres
        else:
            kept = [part for part in range(len(centres)) if sizes[part]]
            centres = _sums(rows, [numpy.flatnonzero(best == part) for part in kept])
