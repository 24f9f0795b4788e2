"""Clusters of like findings across authorities, so that one authority's concern is seen beside the others'.

Findings of one polarity and one leading theme are divided by their wording: words and two-word phrases weighted
by inverse document frequency, centres started at phrases that divide the theme well, then spherical k-means. The
start is worked out from the texts and all sums run in a fixed order, so the same findings give the same
clusters on every machine, in whatever order they come.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.division import divide
from ofsted_nlp.authorities import register
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Polarity
from ofsted_nlp.themes import NONE, themes

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Cluster:
    """Findings that say alike things.

    Attributes:
        id: number, unique within the clustering.
        label: theme, polarity and the words that set it apart.
        polarity, theme: of all its findings.
        terms: its distinctive words and phrases, the strongest first.
        size: how many findings.
        authorities: their names, in order of the alphabet.
        years: findings by year of the report, where known.
        typical: ids of the findings nearest its centre, the nearest first.
    """

    id: int
    label: str
    polarity: str
    theme: str
    terms: tuple[str, ...]
    size: int
    authorities: tuple[str, ...]
    years: Mapping[int, int]
    typical: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a finding went: its cluster, or None if it fits nowhere.

    ``probability`` is the finding's degree of membership, 0 to 1: its squared likeness to this cluster's centre
    over the sum for all clusters of the theme. It ranks; it is not calibrated.
    """

    finding_id: str
    file: str
    text: str
    cluster: int | None
    label: str | None
    probability: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data, in the shape of ``ofsted-nlp cluster --format jsonl``."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Clustering:
    """All clusters, and one assignment for each finding in the order given."""

    clusters: tuple[Cluster, ...]
    assignments: tuple[Assignment, ...]

    def __iter__(self) -> Iterator[Cluster]:
        return iter(self.clusters)

    def __len__(self) -> int:
        return len(self.clusters)

    def __repr__(self) -> str:
        alone = sum(item.cluster is None for item in self.assignments)
        return f"<Clustering of {len(self.assignments)} findings: {len(self)} clusters, {alone} findings in none>"

    @property
    def table(self) -> pandas.DataFrame:
        """One row a cluster: id, label, polarity, theme, size, authorities (their number), first and last year."""
        import pandas

        rows = [
            {
                "id": c.id,
                "label": c.label,
                "polarity": c.polarity,
                "theme": c.theme,
                "size": c.size,
                "authorities": len(c.authorities),
                "first_year": min(c.years, default=None),
                "last_year": max(c.years, default=None),
            }
            for c in self.clusters
        ]
        columns = ["id", "label", "polarity", "theme", "size", "authorities", "first_year", "last_year"]
        return pandas.DataFrame(rows, columns=columns)

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False)


@dataclass
class _Row:
    id: str
    file: str
    text: str
    polarity: str
    theme: str
    authority: str
    year: int | None


def cluster_findings(rows: Iterable[Mapping[str, Any]]) -> Clustering:
    """Clusters findings by polarity, leading theme and wording.

    Args:
        rows: one mapping a finding with "id", "file" and "text"; optional: "polarity", "themes" (codes, the
            leading one first), "prev" (the sentence before), "authority" (name) and "year". Polarity and themes
            are classified where no row has them; authority and year are taken from a file name that starts
            with a URN and ends with a date.

    Raises:
        UsageError: a row lacks id, file or text, or two rows have the same id.
    """
    given = list(rows)
    known = _rows(given)
    order = sorted(range(len(known)), key=lambda i: known[i].id)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i in order:
        groups[known[i].polarity, known[i].theme].append(i)
    clusters: list[Cluster] = []
    cluster_of: dict[int, tuple[int, float]] = {}
    for polarity in (value.value for value in Polarity):
        for theme in themes():
            members = groups.get((polarity, theme), [])
            if members and theme != NONE:
                for found, likeness in _clusters([known[i] for i in members], len(clusters)):
                    clusters.append(found)
                    cluster_of |= {members[j]: (found.id, p) for j, p in likeness.items()}
    labels = {cluster.id: cluster.label for cluster in clusters}
    assignments = []
    for i, row in enumerate(known):
        number, probability = cluster_of.get(i, (None, 0.0))
        label = None if number is None else labels[number]
        assignments.append(Assignment(row.id, row.file, row.text, number, label, round(probability, 4)))
    return Clustering(tuple(clusters), tuple(assignments))


def _rows(given: Sequence[Mapping[str, Any]]) -> list[_Row]:
    for number, row in enumerate(given, 1):
        absent = [key for key in ("id", "file", "text") if row.get(key) is None]
        if absent:
            raise UsageError(f"Finding {number} has no {' or '.join(absent)}; each needs id, file and text.")
    repeated = [key for key, n in Counter(str(row["id"]) for row in given).items() if n > 1]
    if repeated:
        raise UsageError(f"{len(repeated)} ids occur more than once, the first is {repeated[0]!r}.")
    labels = [(row.get("polarity"), row.get("themes")) for row in given]
    if any(polarity is None or codes is None for polarity, codes in labels):
        from ofsted_nlp.extraction.classify import classify

        previous = [str(row.get("prev") or "") for row in given] if any(r.get("prev") for r in given) else None
        read = classify([str(row["text"]) for row in given], previous)
        labels = [
            (item.polarity if polarity is None else polarity, item.themes if codes is None else codes)
            for (polarity, codes), item in zip(labels, read, strict=True)
        ]
    names = {entry.urn: entry.display_name for entry in register()}
    rows = []
    for row, (polarity, codes) in zip(given, labels, strict=True):
        file = str(row["file"])
        urn = re.match(r"(\d{5,7})-", file)
        date = re.search(r"(\d{4})-\d\d-\d\d(?:\.\w+)?$", file)
        rows.append(
            _Row(
                id=str(row["id"]),
                file=file,
                text=str(row["text"]),
                polarity=str(polarity),
                theme=codes[0] if codes else NONE,
                authority=str(row.get("authority") or (urn and names.get(int(urn[1]))) or file),
                year=row.get("year") or (int(date[1]) if date else None),
            )
        )
    return rows


def _clusters(rows: list[_Row], first_id: int) -> list[tuple[Cluster, dict[int, float]]]:
    """The clusters of one polarity and theme, the largest first, each with its rows and their probabilities."""
    import numpy

    division = divide([row.text for row in rows], [row.authority for row in rows])
    squares = division.likeness**2
    share = squares / numpy.maximum(squares.sum(axis=1, keepdims=True), 1e-12)
    if share.shape[1] == 1:
        share[:] = 1.0
    insides = [numpy.flatnonzero(division.members == part) for part in range(share.shape[1])]
    found: list[tuple[Cluster, dict[int, float]]] = []
    for part in sorted(range(len(insides)), key=lambda part: (-len(insides[part]), insides[part][:1].tolist())):
        members = [rows[i] for i in insides[part]]
        near = sorted(insides[part], key=lambda i: (-division.likeness[i, part], rows[i].id))
        terms = division.terms[part]
        title = f"{themes()[members[0].theme].title} ({members[0].polarity})"
        cluster = Cluster(
            id=first_id + len(found),
            label=f"{title}: {', '.join(terms)}" if terms else title,
            polarity=members[0].polarity,
            theme=members[0].theme,
            terms=terms,
            size=len(members),
            authorities=tuple(sorted({row.authority for row in members})),
            years=dict(sorted(Counter(row.year for row in members if row.year).items())),
            typical=tuple(rows[i].id for i in near[:5]),
        )
        found.append((cluster, {int(i): float(share[i, part]) for i in insides[part]}))
    return found
