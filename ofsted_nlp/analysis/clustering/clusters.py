"""Clusters of like findings across authorities, so that one authority's concern is seen beside the others'.

Concerns, strengths and recommendations are clustered apart, on two levels: by leading theme, and within a theme by
what is said. The halves of mixed findings go to a concern and a strength. ``docs/clusters.md`` says how, and how well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.labels import typical
from ofsted_nlp.analysis.clustering.rows import Given, Reason, Row, read_rows
from ofsted_nlp.analysis.clustering.trends import Dated, Trend, trend

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure

    from ofsted_nlp.analysis.clustering.model import ClusterModel, Placed
    from ofsted_nlp.encoders import Encoder


@dataclass(frozen=True)
class Cluster:
    """Findings that say alike things.

    Attributes:
        id: number, unique within the clustering; it stays with the cluster when findings are added.
        label: theme, kind and the words that set it apart.
        polarity: "concern", "strength" or "recommendation".
        theme: code of the theme, the upper of the two levels.
        terms: its distinctive words and phrases, the strongest first.
        size: how many findings.
        authorities: their names, in order of the alphabet.
        years: findings by year of the report, where known.
        typical: ids of the findings nearest its centre, the nearest first, each of another authority where that can be.
        trend: whether more or fewer reports raise it over the years; None where it was not worked out.
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
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class HalfAssignment:
    """Where the half of a mixed finding went; fields as in ``Assignment``."""

    polarity: str
    text: str
    cluster: int | None
    label: str | None
    probability: float
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a finding went: its cluster, or None if it fits nowhere.

    Attributes:
        finding_id, file, text: of the finding.
        cluster: number of its cluster; of a mixed finding the cluster of the concern in it, else of the strength.
        label: the cluster's.
        probability: how much more it is like this cluster than the theme's others (their shares sum to 1), times the
            probability of the theme where the sentence was classified here. It ranks; it is not calibrated.
        reason: why it is in none: a code of ``cluster_rows.Reason``.
        polarity: what it was taken for: "concern", "strength", "recommendation", "mixed" or "neutral".
        halves: of a mixed finding, where the concern and the strength went.
    """

    finding_id: str
    file: str
    text: str
    cluster: int | None
    label: str | None
    probability: float
    reason: str | None = None
    polarity: str = ""
    halves: tuple[HalfAssignment, ...] = ()

    @property
    def clusters(self) -> tuple[int, ...]:
        """The numbers of all clusters it is in: of a mixed finding up to two."""
        numbers = [half.cluster for half in self.halves] or [self.cluster]
        return tuple(number for number in numbers if number is not None)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, in the shape of ``ofsted-nlp cluster --format jsonl``."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "halves"}
        return {**plain, "halves": [half.to_dict() for half in self.halves]}


@dataclass(frozen=True)
class Clustering:
    """All clusters, and one assignment for each finding in the order given.

    ``model`` holds the fitted clusters, by which further findings can be assigned; None where they are not at hand.
    """

    clusters: tuple[Cluster, ...]
    assignments: tuple[Assignment, ...]
    model: ClusterModel | None = field(default=None, compare=False)

    def __iter__(self) -> Iterator[Cluster]:
        return iter(self.clusters)

    def __len__(self) -> int:
        return len(self.clusters)

    def __getitem__(self, number: int) -> Cluster:
        """The cluster with this number.

        Raises:
            NotFoundError: there is none.
        """
        for cluster in self.clusters:
            if cluster.id == number:
                return cluster
        from ofsted_nlp.errors import NotFoundError

        raise NotFoundError(f"There is no cluster {number!r} here; the numbers are in the column id of .table.")

    def __repr__(self) -> str:
        alone = sum(item.cluster is None for item in self.assignments)
        return f"<Clustering of {len(self.assignments)} findings: {len(self)} clusters, {alone} findings in none>"

    def only(self, polarity: str) -> Clustering:
        """The clusters of one kind, and the findings of that kind; of mixed findings the half that is of it."""
        kept = tuple(cluster for cluster in self.clusters if cluster.polarity == polarity)
        chosen = []
        for item in self.assignments:
            half = next((half for half in item.halves if half.polarity == polarity), None)
            if half is not None:
                changed = {name: getattr(half, name) for name in ("cluster", "label", "probability", "reason")}
                chosen.append(replace(item, **changed))
            elif item.polarity == polarity:
                chosen.append(item)
        return Clustering(kept, tuple(chosen), self.model)

    @property
    def unclustered(self) -> dict[str, int]:
        """How many findings are in no cluster, by reason."""
        found = Counter(item.reason or "" for item in self.assignments if item.cluster is None)
        return dict(sorted(found.items()))

    @property
    def unclustered_share(self) -> float:
        """Share of the findings in no cluster, of all but the neutral ones, which are not to be clustered."""
        evaluative = [item for item in self.assignments if item.reason != Reason.NEUTRAL]
        return sum(item.cluster is None for item in evaluative) / len(evaluative) if evaluative else 0.0

    @property
    def table(self) -> pandas.DataFrame:
        """One row a cluster: id, label, polarity, theme, size, authorities (number), first and last year, trend."""
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
                "trend": c.trend.direction.value if c.trend else None,
            }
            for c in self.clusters
        ]
        columns = ["id", "label", "polarity", "theme", "size", "authorities", "first_year", "last_year", "trend"]
        return pandas.DataFrame(rows, columns=columns)

    def plot(self, wanted: int | None = None) -> Figure:
        """How findings fall into clusters, by theme and kind; see ``presentation.plots_national.cluster_map``."""
        from ofsted_nlp.presentation.plots_national import cluster_map

        return cluster_map(self, wanted)

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import clustering_table

        return clustering_table(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import clustering_html

        return clustering_html(self)


def cluster_findings(
    rows: Iterable[Mapping[str, Any]], model: ClusterModel | None = None, *, encoder: Encoder | None = None
) -> Clustering:
    """Clusters findings, or assigns them to fitted clusters.

    Args:
        rows: see ``cluster_rows.read_rows``.
        model: the clusters to assign to; without, clusters are fitted to the rows.
        encoder: None for the one that the package brings.

    Raises:
        UsageError: a row cannot be used, or the clusters were fitted with another encoder.
    """
    from ofsted_nlp.analysis.clustering.model import fit, vectors_of

    encoder = encoder or _encoder()
    if model is not None:
        check_encoder(model, encoder)
    given = read_rows(rows)
    vectors = vectors_of(given, encoder)
    model = fit(given, vectors, encoder.name) if model is None else model
    return describe(given, model, model.place(given, vectors))


def check_encoder(model: ClusterModel, encoder: Encoder) -> None:
    """Raises ``UsageError`` unless the clusters lie in the encoder's space."""
    if model.encoder != encoder.name:
        from ofsted_nlp.errors import UsageError

        raise UsageError(
            f"These clusters were fitted with the encoder {model.encoder}, and this is {encoder.name}: "
            "recluster, or give the encoder they were fitted with."
        )


def _encoder() -> Encoder:
    from ofsted_nlp.encoders import encoder

    return encoder()


def describe(given: Given, model: ClusterModel, placed: Sequence[Placed]) -> Clustering:
    """The clusters that hold any of these findings, and where each finding went."""
    inside: dict[int, list[int]] = defaultdict(list)
    of_row: dict[int, list[int]] = defaultdict(list)
    for number, (part, place) in enumerate(zip(given.parts, placed, strict=True)):
        of_row[part.row].append(number)
        if place.cluster is not None:
            inside[place.cluster].append(number)
    reports = _reports(given)
    clusters = []
    for number in sorted(inside):
        named = model.named[number]
        members = [given.rows[given.parts[k].row] for k in inside[number]]
        near = sorted(inside[number], key=lambda k: (-(placed[k].likeness or 0.0), given.rows[given.parts[k].row].id))
        on_record = named.typical if any(placed[k].likeness is None for k in inside[number]) else ()
        raising = Counter(row.file for row in members if row.year)
        clusters.append(
            Cluster(
                id=number,
                label=named.label,
                polarity=named.kind,
                theme=named.theme,
                terms=named.terms,
                size=len(members),
                authorities=tuple(sorted({row.authority for row in members})),
                years=dict(sorted(Counter(row.year for row in members if row.year).items())),
                typical=on_record or typical([given.rows[given.parts[k].row] for k in near]),
                trend=trend(reports[named.kind], raising),
            )
        )
    assignments = tuple(_assignment(given, model, placed, n, row, of_row[n]) for n, row in enumerate(given.rows))
    return Clustering(tuple(clusters), assignments, model)


def _reports(given: Given) -> dict[str, dict[str, Dated]]:
    """The dated reports by kind and file, with how many findings of the kind each has."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    years: dict[str, int] = {}
    for part in given.parts:
        row = given.rows[part.row]
        if row.year and part.kind:
            counts[part.kind][row.file] += 1
            years[row.file] = row.year
    return defaultdict(
        dict,
        {kind: {file: Dated(years[file], n) for file, n in sorted(found.items())} for kind, found in counts.items()},
    )


def _assignment(
    given: Given, model: ClusterModel, placed: Sequence[Placed], number: int, row: Row, parts: Sequence[int]
) -> Assignment:
    halves = []
    for k in parts:
        part, place = given.parts[k], placed[k]
        name = None if place.cluster is None else model.named[place.cluster].label
        reason = place.reason.value if place.reason else None
        halves.append(HalfAssignment(part.kind, part.text, place.cluster, name, place.probability, reason))
    chief = next((half for half in halves if half.cluster is not None), halves[0])
    shown = tuple(halves) if len(halves) > 1 else ()
    polarity = "mixed" if shown else chief.polarity or "neutral"
    return Assignment(
        row.id, row.file, row.text, chief.cluster, chief.label, chief.probability, chief.reason, polarity, shown
    )
