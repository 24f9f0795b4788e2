"""Findings like a given one, in other authorities: by what they say, what they are about, and how they judge it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.rows import check_rows, plain_rows
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Polarity
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.encoders import Encoder

THEMES = 0.8
"""Weight of the chance that two findings are on one theme, beside the cosine of their vectors, which has 1."""

POLARITIES = 0.1
"""Weight of the chance that they judge alike."""

RANKED = (0.6, 0.25, 0.15)
"""Taken for the probabilities of a finding's themes, the likeliest first, where only their order is known."""

_DIGITS = 5
_BLOCK = 512


@dataclass(frozen=True)
class Profiles:
    """What findings are compared by.

    Attributes:
        ids: of the findings.
        owners: whose report each is from.
        vectors: of their texts (n x d, float32, unit length).
        beside: square roots of the weights, times the probabilities of themes and polarities (n x k, float32).
    """

    ids: tuple[str, ...]
    owners: tuple[str, ...]
    vectors: Any
    beside: Any

    def nearest(self, of: Sequence[int], k: int, *, other_authorities: bool = False) -> list[list[tuple[int, float]]]:
        """For each of these findings the ``k`` most like it, and how like they are, the nearest first.

        Of equal ones the one with the lower id comes first, so that the order of the findings does not matter.

        Args:
            of: numbers of findings.
            k: at most so many.
            other_authorities: leave out findings of the same authority.
        """
        import numpy

        codes = {name: n for n, name in enumerate(sorted(set(self.owners)))}
        owner = numpy.array([codes[name] for name in self.owners])
        rank = numpy.empty(len(self.ids), dtype=int)
        rank[sorted(range(len(self.ids)), key=lambda n: self.ids[n])] = numpy.arange(len(self.ids))
        out: list[list[tuple[int, float]]] = []
        for start in range(0, len(of), _BLOCK):
            some = numpy.array(of[start : start + _BLOCK], dtype=int)
            near = self.vectors[some] @ self.vectors.T + self.beside[some] @ self.beside.T
            near = numpy.round(near.astype(numpy.float64), _DIGITS)
            near[numpy.arange(len(some)), some] = -numpy.inf
            if other_authorities:
                near[owner[some][:, None] == owner[None]] = -numpy.inf
            for line in near:
                out.append(_first(line, rank, k))
        return out


def _first(line: Any, rank: Any, k: int) -> list[tuple[int, float]]:
    import numpy

    count = min(k, len(line))
    if not count:
        return []
    least = numpy.partition(line, len(line) - count)[len(line) - count]
    few = numpy.flatnonzero((line >= least) & (line > -numpy.inf))
    few = few[numpy.lexsort((rank[few], -line[few]))][:count]
    return [(int(number), round(float(line[number]), 4)) for number in few]


def similar_findings(
    rows: Iterable[Mapping[str, Any]], k: int = 5, *, other_authorities: bool = False, encoder: Encoder | None = None
) -> list[dict[str, Any]]:
    """For each finding the ids of those most like it: ``{"finding_id", "neighbours"}``, in the order given.

    Args:
        rows: see ``cluster_rows.read_rows``.
        k: how many neighbours.
        other_authorities: whether to leave out findings of the same authority.
        encoder: None for the one that the package brings.

    Raises:
        UsageError: a row cannot be used, or ``k`` is not positive.
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise UsageError(f"k is the number of findings wanted, 1 or more, not {k!r}.")
    made = profiles(rows, encoder=encoder)
    near = made.nearest(range(len(made.ids)), k, other_authorities=other_authorities)
    return [
        {"finding_id": id_, "neighbours": [made.ids[number] for number, _ in found]}
        for id_, found in zip(made.ids, near, strict=True)
    ]


def profiles(rows: Iterable[Mapping[str, Any]], *, encoder: Encoder | None = None, vectors: Any = None) -> Profiles:
    """What findings are compared by.

    Args:
        rows: see ``cluster_rows.read_rows``.
        encoder: None for the one that the package brings.
        vectors: of the texts (n x d, unit length), if they are at hand.
    """
    import numpy

    kept = list(rows)
    check_rows(kept)
    given = plain_rows(kept)
    if vectors is None:
        if encoder is None:
            from ofsted_nlp.encoders import encoder as named

            encoder = named()
        vectors = encoder.encode([row.text for row in given])
    likely = _likely(kept)
    return Profiles(
        tuple(row.id for row in given),
        tuple(row.authority for row in given),
        numpy.asarray(vectors, dtype=numpy.float32),
        likely,
    )


def _likely(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Probabilities of themes and polarities, each weighted: n x (themes + polarities)."""
    import numpy

    codes = {code: n for n, code in enumerate(themes())}
    polarities = {polarity.value: n for n, polarity in enumerate(Polarity)}
    theme = numpy.zeros((len(rows), len(codes)), dtype=numpy.float32)
    polarity = numpy.zeros((len(rows), len(polarities)), dtype=numpy.float32)
    unread = []
    for number, row in enumerate(rows):
        if row.get("polarity") is None or row.get("themes") is None:
            unread.append(number)
            continue
        known = [code for code in row["themes"] if code in codes][: len(RANKED)]
        for code, weight in zip(known, RANKED, strict=False):
            theme[number, codes[code]] = weight
        if row["polarity"] in polarities:
            polarity[number, polarities[row["polarity"]]] = 1
    if unread:
        from ofsted_nlp.extraction.classify import model

        classifier = model()
        before = [str(rows[number].get("prev") or "") for number in unread]
        judged, about = classifier.probabilities([rows[number]["text"] for number in unread], before)
        theme[numpy.ix_(unread, [codes[code] for code in classifier.themes])] = about.round(4)
        polarity[numpy.ix_(unread, [polarities[code] for code in classifier.polarities])] = judged.round(4)
    theme[:, list(codes).index("none")] = 0
    return numpy.hstack([theme * numpy.float32(THEMES**0.5), polarity * numpy.float32(POLARITIES**0.5)])
