"""A page for each theme: who has it as a concern or as a strength, where, and how that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.presentation.site.cluster import SiteCluster
from ofsted_nlp.presentation.site.england import by_region
from ofsted_nlp.presentation.site.facts import Facts, pages_of
from ofsted_nlp.presentation.site.tiles import BALANCES, NOT_RAISED, balance, tiles
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Report
from ofsted_nlp.themes import Theme, groups


@dataclass(frozen=True)
class Raised:
    """How many reports raise a theme, as a concern and as a strength, out of how many."""

    name: str
    of: int
    concern: int
    strength: int


def page_of(code: str) -> str:
    """The name of a theme's page."""
    return f"themes/{code.replace('_', '-')}.html"


def write(facts: Facts, writer: Writer, clusters: Sequence[SiteCluster]) -> None:
    """Write a page for each theme, and their list."""
    latest = {entry: report for entry in facts.entries if not entry.abolished and (report := facts.latest(entry))}
    inside: dict[str, list[SiteCluster]] = {}
    for cluster in clusters:
        inside.setdefault(cluster.theme, []).append(cluster)
    for theme in facts.themes:
        _page(facts, writer, theme, latest, inside.get(theme.code, []))
    whole = [(theme, _raised("England", facts, theme, list(latest.values()))) for theme in facts.themes]
    writer.page("themes/index.html", "themes.html.j2", themes=whole, groups=groups(), inside=inside)


def _page(
    facts: Facts,
    writer: Writer,
    theme: Theme,
    latest: Mapping[AuthorityEntry, Report],
    clusters: Sequence[SiteCluster],
) -> None:
    states = []
    for tile in (tile for tile in tiles() if not tile.entry.abolished):
        report = latest.get(tile.entry)
        states.append((tile, balance(*facts.balance(report, theme.code)) if report else NOT_RAISED))
    writer.page(
        page_of(theme.code),
        "theme.html.j2",
        theme=theme,
        group=groups()[theme.group],
        england=_raised("England", facts, theme, list(latest.values())),
        by_region=[
            _raised(region, facts, theme, [report for entry, report in latest.items() if entry.region == region])
            for region in facts.regions
        ],
        years=_years(facts, theme),
        regions=by_region(states),
        region_names=facts.regions,
        states=[*BALANCES.values(), NOT_RAISED],
        rows=[_row(facts, theme, entry, report) for entry, report in latest.items()],
        clusters=sorted(clusters, key=lambda cluster: (cluster.kind, -cluster.size, cluster.id)),
    )


def _row(facts: Facts, theme: Theme, entry: AuthorityEntry, report: Report) -> dict[str, Any]:
    sides = {side: facts.on(report, side, theme.code) for side in ("concern", "strength")}
    return {
        "entry": entry,
        "report": report,
        "grade": report.grade("overall_effectiveness"),
        "state": balance(len(sides["concern"]), len(sides["strength"])),
        "sides": [(len(found), pages_of(found)) for found in sides.values()],
    }


def _raised(name: str, facts: Facts, theme: Theme, reports: Sequence[Report]) -> Raised:
    found = [facts.balance(report, theme.code) for report in reports if facts.profile(report).evaluative]
    return Raised(name, len(found), sum(c > 0 for c, _ in found), sum(s > 0 for _, s in found))


def _years(facts: Facts, theme: Theme) -> list[Raised]:
    """By year in which the inspection ended, over all full reports."""
    by_year: dict[int, list[Report]] = {}
    for entry in facts.entries:
        for report in facts.full(entry):
            when = inspected(report)
            if when:
                by_year.setdefault(when.year, []).append(report)
    return [_raised(str(year), facts, theme, reports) for year, reports in sorted(by_year.items())]
