"""Clusters of like findings across authorities, so that one authority's concern is seen beside the others'.

Concerns, strengths and recommendations are clustered apart, on two levels: by leading theme, and within a theme by
what is said. The halves of mixed findings go to a concern and a strength. ``docs/clusters.md`` says how, and how well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.labels import typical
from ofsted_nlp.analysis.clustering.rows import KINDS, Given, Reason, Row, read_rows
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

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import cluster_table

        return cluster_table(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import cluster_html

        return cluster_html(self)


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
        chosen = (of_kind(item, polarity) for item in self.assignments)
        return Clustering(kept, tuple(item for item in chosen if item is not None), self.model)

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
    tally = Tally(model)
    inside: dict[int, list[int]] = defaultdict(list)
    for number, (part, place) in enumerate(zip(given.parts, placed, strict=True)):
        tally.add(given.rows[part.row], part.kind, place.cluster)
        if place.cluster is not None:
            inside[place.cluster].append(number)

    def nearest(number: int) -> tuple[str, ...]:
        members = inside[number]
        if any(placed[k].likeness is None for k in members) and model.named[number].typical:
            return model.named[number].typical
        near = sorted(members, key=lambda k: (-(placed[k].likeness or 0.0), given.rows[given.parts[k].row].id))
        return typical([given.rows[given.parts[k].row] for k in near])

    return Clustering(tally.clusters(nearest), tuple(assignments(given, model, placed)), model)


class Tally:
    """Counts what is in each cluster, finding by finding; it grows with clusters and reports, not with findings.

    Args:
        model: the clusters.
    """

    def __init__(self, model: ClusterModel) -> None:
        self._model = model
        self._sizes: Counter[int] = Counter()
        self._authorities: defaultdict[int, set[str]] = defaultdict(set)
        self._years: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._raising: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._reports: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self._year_of: dict[str, int] = {}

    def add(self, row: Row, kind: str, cluster: int | None) -> None:
        """Count a finding, or the half of a mixed one, that is of this kind ("" if of none) and in this cluster."""
        if row.year and kind:
            self._reports[kind][row.file] += 1
            self._year_of[row.file] = row.year
        if cluster is not None:
            self._sizes[cluster] += 1
            self._authorities[cluster].add(row.authority)
            if row.year:
                self._years[cluster][row.year] += 1
                self._raising[cluster][row.file] += 1

    def clusters(self, nearest: Callable[[int], tuple[str, ...]] | None = None) -> tuple[Cluster, ...]:
        """The clusters that hold any of what was counted, by number.

        Args:
            nearest: gives the ids of the typical findings of a cluster; None for those that it had when fitted.
        """
        reports = {
            kind: {file: Dated(self._year_of[file], n) for file, n in sorted(found.items())}
            for kind, found in self._reports.items()
        }
        made = []
        for number in sorted(self._sizes):
            named = self._model.named[number]
            made.append(
                Cluster(
                    id=number,
                    label=named.label,
                    polarity=named.kind,
                    theme=named.theme,
                    terms=named.terms,
                    size=self._sizes[number],
                    authorities=tuple(sorted(self._authorities[number])),
                    years=dict(sorted(self._years[number].items())),
                    typical=nearest(number) if nearest else named.typical,
                    trend=trend(reports[named.kind], self._raising[number]),
                )
            )
        return tuple(made)


def assignments(given: Given, model: ClusterModel, placed: Sequence[Placed]) -> Iterator[Assignment]:
    """Where each finding went, one by one, in the order given."""
    of_row: list[list[int]] = [[] for _ in given.rows]
    for number, part in enumerate(given.parts):
        of_row[part.row].append(number)
    for number, row in enumerate(given.rows):
        yield _assignment(given, model, placed, row, of_row[number])


def _assignment(
    given: Given, model: ClusterModel, placed: Sequence[Placed], row: Row, parts: Sequence[int]
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


def of_kind(item: Assignment, polarity: str) -> Assignment | None:
    """The assignment as far as it is of one kind, of a mixed finding its half; None if it is of another."""
    half = next((half for half in item.halves if half.polarity == polarity), None)
    if half is not None:
        changed = {name: getattr(half, name) for name in ("cluster", "label", "probability", "reason")}
        return replace(item, **changed)
    return item if item.polarity == polarity else None
