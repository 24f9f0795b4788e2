"""A page for each cluster of like findings, made from whatever ``Corpus.clusters`` gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.rows import recommendation_id
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.presentation.site.facts import Facts
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Report
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.analysis.clustering.clusters import Clustering

KINDS = {"concern": "Concerns", "strength": "Strengths", "recommendation": "Recommendations"}


@dataclass(frozen=True)
class Member:
    """A finding, or a recommendation, of a cluster: where it stands, and its text or ""."""

    id: str
    report: Report
    page: int
    text: str


@dataclass(frozen=True)
class SiteCluster:
    """A cluster as its page shows it.

    Attributes:
        id, label, theme, terms: as in ``analysis.clusters.Cluster``.
        kind: a key of ``KINDS``.
        members: its findings, by authority, then by date.
        typical: ids of those nearest its centre.
        trend: whether reports raise it more or less often over the years, or "".
    """

    id: int
    label: str
    kind: str
    theme: str
    terms: tuple[str, ...]
    members: tuple[Member, ...]
    typical: tuple[str, ...]
    trend: str

    @property
    def size(self) -> int:
        """How many findings."""
        return len(self.members)

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"clusters/{self.id}.html"

    @cached_property
    def by_authority(self) -> list[tuple[AuthorityEntry, list[tuple[Report, list[Member]]]]]:
        """Its findings by authority and report, the latest report first."""
        found: dict[int, dict[int, tuple[Report, list[Member]]]] = {}
        for member in self.members:
            urn = member.report.authority.urn if member.report.authority else 0
            found.setdefault(urn, {}).setdefault(id(member.report), (member.report, []))[1].append(member)
        entries = {entry.urn: entry for entry in register()}
        made = [(entries[urn], list(reports.values())) for urn, reports in found.items() if urn in entries]
        for _, reports in made:
            reports.sort(key=lambda pair: (str(inspected(pair[0])), pair[0].source.file), reverse=True)
        return sorted(made, key=lambda pair: pair[0].display_name.lower())

    @cached_property
    def years(self) -> list[tuple[int, int]]:
        """How many of its findings stand in reports of each year."""
        counts: dict[int, int] = {}
        for member in self.members:
            when = inspected(member.report)
            if when:
                counts[when.year] = counts.get(when.year, 0) + 1
        return sorted(counts.items())


def site_clusters(facts: Facts, clustering: Clustering | None) -> list[SiteCluster]:
    """The clusters that hold anything of the site's reports, the largest first."""
    if clustering is None:
        return []
    places = _places(facts.reports)
    inside: dict[int, list[Member]] = {}
    for item in clustering.assignments:
        if item.finding_id not in places:
            continue
        report, page, text = places[item.finding_id]
        for number in item.clusters:
            inside.setdefault(number, []).append(Member(item.finding_id, report, page, text))
    made = [
        SiteCluster(
            cluster.id,
            cluster.label,
            cluster.polarity,
            cluster.theme,
            cluster.terms,
            tuple(inside[cluster.id]),
            cluster.typical,
            cluster.trend.direction.value if cluster.trend else "",
        )
        for cluster in clustering.clusters
        if cluster.id in inside
    ]
    return sorted(made, key=lambda cluster: (-cluster.size, cluster.id))


def _places(reports: Iterable[Report]) -> dict[str, tuple[Report, int, str]]:
    places = {}
    for report in reports:
        for finding in report.findings:
            places[finding.id] = (report, finding.page, finding.text)
        for position, item in enumerate(report.recommendations):
            places[recommendation_id(report.source.sha256, position)] = (report, item.page, item.text)
    return places


def rows_for_benchmark(clusters: Iterable[SiteCluster]) -> list[Mapping[str, Any]]:
    """The clusters as ``analysis.benchmark.benchmark`` takes them."""
    return [{"id": c.id, "label": c.label, "polarity": c.kind, "theme": c.theme} for c in clusters]


def write(
    facts: Facts, writer: Writer, clusters: Sequence[SiteCluster], numbers: Mapping[str, int], chunk: int
) -> None:
    """Write a page for each cluster, and their list.

    Args:
        facts: the reports.
        writer: writes them.
        clusters: those with a page.
        numbers: the places of sentences in the files of ``texts.Texts``, by id; scripts take them from there.
        chunk: sentences in a file.
    """
    if not clusters:
        return
    known = themes()
    for cluster in clusters:
        typical = {member.id: member for member in cluster.members if member.id in cluster.typical}
        writer.page(
            cluster.page,
            "cluster.html.j2",
            cluster=cluster,
            theme=known.get(cluster.theme),
            kinds=KINDS,
            typical=[typical[id_] for id_ in cluster.typical if id_ in typical],
            most=max((n for _, n in cluster.years), default=1),
            has_page={theme.code for theme in facts.themes},
            numbers=numbers,
            chunk=chunk,
        )
    writer.page(
        "clusters/index.html", "clusters.html.j2", clusters=clusters, themes=known, kinds=KINDS, listed=facts.themes
    )
