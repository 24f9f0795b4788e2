"""Figures of many authorities: a heat map by theme, themes over the years, and how findings fall into clusters."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.trends import Dated, trend
from ofsted_nlp.analysis.comparison import FEWEST, Profile
from ofsted_nlp.analysis.inspections import FULL_FRAMEWORKS, by_authority, inspected, known_on
from ofsted_nlp.analysis.narrative import counted, listed
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Polarity, Report
from ofsted_nlp.themes import NONE, theme, themes

if TYPE_CHECKING:
    import datetime

    from matplotlib.axes import Axes

    from ofsted_nlp.analysis.clustering.clusters import Clustering
    from ofsted_nlp.presentation.chart import Chart

KINDS = ("heat_map", "trends", "clusters")
"""What ``corpus_plot`` draws."""

NUMBERS_FIT = 60
"""Rows up to which a heat map has the number of findings in its cells."""


def corpus_plot(corpus: Any, kind: str = "heat_map", *, as_of: Any = None, **options: Any) -> Chart:
    """A figure of all that a corpus holds.

    Args:
        corpus: a ``Corpus``.
        kind: "heat_map" (``heat_map``), "trends" (``theme_trends``) or "clusters" (``cluster_map``).
        as_of: only inspections that ended by this day; not for clusters.
        **options: those of the function.

    Raises:
        UsageError: no such kind.
        NotFoundError: there is nothing to plot.
    """
    if kind == "heat_map":
        return heat_map(latest_full(corpus.reports(as_of=as_of)), **options)
    if kind == "trends":
        return theme_trends(corpus.reports(as_of=as_of), **options)
    if kind == "clusters":
        return cluster_map(corpus.clusters(), **options)
    raise UsageError(f"There is no plot {kind!r} of a corpus: {', '.join(KINDS)}.")


def latest_full(reports: Iterable[Report], as_of: datetime.date | None = None) -> dict[int, Report]:
    """The latest full report with findings of each authority that exists (on that day), by URN."""
    known = by_authority(known_on(reports, as_of))
    found = {}
    for entry in register():
        full = [r for r in known.get(entry.urn, []) if r.framework in FULL_FRAMEWORKS and r.findings]
        if full and (entry.existed_on(as_of) if as_of else not entry.abolished):
            found[entry.urn] = full[-1]
    return found


def heat_map(
    latest: Mapping[int, Report], side: str = "concern", *, wanted: int | None = None, title: str = ""
) -> Chart:
    """Authorities by theme: the darker a cell, the larger the share of the report's findings on that theme.

    The number in a cell (up to 60 authorities) is of findings; a letter after the name is the overall grade. With one
    region, or in the order given if there are few, the rows stand as given; all England stands by region.

    Args:
        latest: the latest full report of each authority, by URN, in the order of the rows.
        side: "concern" or "strength".
        wanted: how many themes, those with the largest shares; None: all for up to 60 authorities, else 24.
        title: of the figure.

    Raises:
        NotFoundError: no report has findings.
        UsageError: no such side.
    """
    from matplotlib.colors import LinearSegmentedColormap

    from ofsted_nlp.presentation.chart import GRADES, NOUNS, SIDES, chart

    if side not in ("concern", "strength"):
        raise UsageError(f"A heat map is of side concern or strength, not {side!r}.")
    profiles = {urn: profile for urn, report in latest.items() if (profile := Profile(report)).evaluative}
    if not profiles:
        raise NotFoundError("There are no findings to plot.")
    polarity = Polarity(side)
    many = len(profiles) > NUMBERS_FIT
    entries = [register().by_urn(urn) for urn in profiles]
    if many:
        entries.sort(key=lambda entry: (entry.region, entry.display_name))
    total = {code: sum(p.share(polarity, code) for p in profiles.values()) for code in _themes()}
    least = 24 if many else 30
    top = sorted((code for code in total if total[code] > 0), key=lambda code: -total[code])[: wanted or least]
    codes = [code for code in _themes() if code in top]
    shares = [[profiles[entry.urn].share(polarity, code) for code in codes] for entry in entries]
    n = sum(profile.findings(polarity) for profile in profiles.values())
    note = (
        f"n = {counted(len(entries), 'report')} (the latest full one of each authority; SIF, ILACS or SLAC), "
        f"{counted(n, side)}. Colour: share of a report's evaluative findings. "
        + ("" if many else "Number: findings. ")
        + "Letter after a name: overall grade (O outstanding, G good, RI requires improvement, I inadequate, – none). "
        "Reports differ in length and framework: read a row, not one cell against another."
    )
    title = title or f"{NOUNS[side]} by authority and theme"
    height = 3.6 + (0.135 if many else 0.27) * len(entries)
    alt = _heat_alt(side, codes, total, len(entries))
    figure = chart(3.2 + (0.3 if many else 0.34) * len(codes), height, title, note, alt)
    axes = figure.add_subplot()
    colours = LinearSegmentedColormap.from_list(side, ["#ffffff", SIDES[side], "#1c1c1c"])
    highest = max(0.02, sorted(share for row in shares for share in row)[int(0.99 * len(codes) * len(entries)) - 1])
    image = axes.imshow(shares, aspect="auto", cmap=colours, vmin=0, vmax=highest, interpolation="nearest")
    grades = [GRADES.get(latest[e.urn].grade("overall_effectiveness") or "", ("–", "", ""))[0] for e in entries]
    names = [f"{entry.display_name}  {grade}" for entry, grade in zip(entries, grades, strict=True)]
    size = 5.5 if many else 8
    axes.set_yticks(range(len(entries)), names, fontsize=size)
    axes.set_xticks(range(len(codes)), [themes()[c].title for c in codes], rotation=60, ha="left", fontsize=7.5)
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.set_xticks([x - 0.5 for x in range(1, len(codes))], minor=True)
    axes.set_yticks([y - 0.5 for y in range(1, len(entries))], minor=True)
    axes.grid(which="minor", color="#e4e4e4", linewidth=0.4)
    axes.tick_params(which="minor", length=0)
    if many:
        _regions(axes, entries, len(codes))
    else:
        for y, row in enumerate(shares):
            for x, share in enumerate(row):
                if share:
                    ink = "white" if share > 0.55 * highest else "black"
                    count = profiles[entries[y].urn].findings(polarity, codes[x])
                    axes.text(x, y, str(count), ha="center", va="center", fontsize=7, color=ink)
    bar = figure.colorbar(image, ax=axes, orientation="horizontal", shrink=0.5, aspect=40, pad=0.01, extend="max")
    bar.set_label("Share of the report's evaluative findings", fontsize=8)
    bar.ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    bar.ax.tick_params(labelsize=8)
    return figure


def _themes() -> list[str]:
    return [item.code for item in themes().values() if item.code != NONE and item.group != "send"]


def _regions(axes: Axes, entries: Sequence[AuthorityEntry], width: int) -> None:
    """A line between regions, and the name of each beside its rows."""
    for region in dict.fromkeys(entry.region for entry in entries):
        places = [y for y, entry in enumerate(entries) if entry.region == region]
        axes.axhline(places[-1] + 0.5, color="black", linewidth=0.9)
        axes.text(width - 0.3, statistics.mean(places), region, rotation=90, va="center", fontsize=7.5)


def _heat_alt(side: str, codes: Sequence[str], total: Mapping[str, float], n: int) -> str:
    top = sorted(codes, key=lambda code: -total[code])[:5]
    named = [f"{themes()[code].title} ({total[code] / n:.1%})" for code in top]
    return (
        f"Heat map of {counted(n, 'authority', 'authorities')} by {len(codes)} themes, by {side}s in the latest full "
        f"report. Largest mean share of a report's findings: {listed(named)}. The figures are in the table of the "
        "benchmark and in the workbook."
    )


def theme_trends(reports: Iterable[Report], names: str | Sequence[str] = "management_oversight") -> Chart:
    """Themes over the years: the mean share of a report's evaluative findings, as concern and as strength.

    Bars are 95% intervals of the mean over the reports of a year (Student's t); years with fewer than five reports
    of a framework have no point. Frameworks are drawn apart, since they ask and report differently. Under each
    title stands what the test of ``analysis.trends`` says, which allows for the reports' length.

    Args:
        reports: reports of any frameworks; SIF and ILACS full reports count.
        names: codes or titles of themes, a panel each.

    Raises:
        NotFoundError: no such theme, or no dated report with findings.
    """
    from matplotlib.ticker import MaxNLocator

    from ofsted_nlp.presentation.chart import MARKERS, NOUNS, SIDES, chart, plain_axes

    codes = [theme(name).code for name in ([names] if isinstance(names, str) else names)]
    dated = [
        (when.year, Profile(report))
        for report in reports
        if report.framework in ("sif", "ilacs") and report.findings and (when := inspected(report))
    ]
    if not dated or not codes:
        raise NotFoundError("There are no dated full reports with findings to plot.")
    years = sorted({year for year, _ in dated})
    counts = Counter(year for year, _ in dated)
    directions = {(code, side): _direction(dated, code, side) for code in codes for side in ("concern", "strength")}
    columns = min(2, len(codes))
    lines = math.ceil(len(codes) / columns)
    titles = [themes()[code].title for code in codes]
    by_year = ", ".join(f"{year}: {counts[year]}" for year in years)
    note = (
        f"n = {counted(len(dated), 'full report')} ({by_year}). Bars: 95% interval of the mean over reports. No point "
        "where a framework has fewer than five reports in a year. Dashed: "
        "single inspections (SIF); solid: ILACS, whose reports are shorter, so the two are not joined. Under a title: "
        "whether over all years more or fewer reports raise the theme than their number of concerns (of strengths) "
        "lets expect; their number itself has changed too."
    )
    said = {c: f"among concerns {directions[c, 'concern']}, among strengths {directions[c, 'strength']}" for c in codes}
    alt = f"Line chart of {listed(titles)} over the years {years[0]} to {years[-1]}. " + " ".join(
        f"{themes()[code].title}: {said[code]}." for code in codes
    )
    title = f"{listed(titles)} in Ofsted's full reports, {years[0]} to {years[-1]}"
    figure = chart(9.5, 1.6 + 3.1 * lines, title, note, alt)
    grid = figure.subplots(lines, columns, squeeze=False, sharex=True)
    for place in range(lines * columns):
        axes = grid[place // columns][place % columns]
        if place >= len(codes):
            axes.set_visible(False)
            continue
        code = codes[place]
        for side, aside in (("concern", -0.06), ("strength", 0.06)):
            for framework, style, shift in (("sif", "--", aside - 0.12), ("ilacs", "-", aside + 0.12)):
                points = _means(dated, framework, Polarity(side), code)
                if not points:
                    continue
                axes.errorbar(
                    [year + shift for year, _, _ in points],
                    [mean for _, mean, _ in points],
                    yerr=[[min(half, mean) for _, mean, half in points], [half for *_, half in points]],
                    color=SIDES[side],
                    linestyle=style,
                    marker=MARKERS[side],
                    markersize=5,
                    markerfacecolor="white" if side == "strength" else SIDES[side],
                    capsize=2.5,
                    linewidth=1.4,
                    label=NOUNS[side] if framework == "ilacs" else None,
                )
        axes.set_title(f"{themes()[code].title}\n{said[code]}", fontsize=9, loc="left")
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.tick_params(labelbottom=True)
        plain_axes(axes, percent="y")
        axes.grid(axis="y", color="#e4e4e4", linewidth=0.6)
        if place % columns == 0:
            axes.set_ylabel("Mean share of a report's\nevaluative findings", fontsize=8)
        if place == 0:
            axes.legend(frameon=False, fontsize=8)
    return figure


def _means(
    dated: Sequence[tuple[int, Profile]], framework: str, polarity: Polarity, code: str
) -> list[tuple[int, float, float]]:
    """Year, mean share and half of its 95% interval, for years with enough reports of the framework."""
    from scipy.stats import t

    found: dict[int, list[float]] = defaultdict(list)
    for year, profile in dated:
        if profile.report.framework == framework and profile.evaluative:
            found[year].append(profile.share(polarity, code))
    return [
        (year, statistics.mean(s), float(t.ppf(0.975, len(s) - 1)) * statistics.stdev(s) / math.sqrt(len(s)))
        for year, s in sorted(found.items())
        if len(s) >= FEWEST
    ]


def _direction(dated: Sequence[tuple[int, Profile]], code: str, side: str) -> str:
    polarity = Polarity(side)
    of = {p.report.source.sha256: Dated(year, p.findings(polarity)) for year, p in dated if p.findings(polarity)}
    raising = {p.report.source.sha256: n for _, p in dated if (n := p.findings(polarity, code))}
    return trend(of, raising).direction.value


def cluster_map(clustering: Clustering, wanted: int | None = None) -> Chart:
    """How findings fall into clusters: a row a theme, a bar for each kind of finding, a block for each cluster.

    The width of a block is the number of findings. Nothing is projected: place on the page means theme and size only.

    Args:
        clustering: the clusters.
        wanted: how many themes, the largest; None: all.

    Raises:
        NotFoundError: there is no cluster.
    """
    from ofsted_nlp.presentation.chart import NOUNS, SIDES, chart, plain_axes

    known = themes()
    sizes: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for cluster in clustering.clusters:
        if cluster.theme in known and cluster.polarity in SIDES:
            sizes[cluster.theme][cluster.polarity].append(cluster.size)
    if not sizes:
        raise NotFoundError("There are no clusters to plot.")
    total = {code: sum(map(sum, found.values())) for code, found in sizes.items()}
    top = sorted(total, key=lambda code: -total[code])[: wanted or len(total)]
    codes = [code for code in known if code in top]
    kinds = [kind for kind in SIDES if any(kind in sizes[code] for code in codes)]
    alone = sum(clustering.unclustered.values())
    n = sum(total[code] for code in codes)
    clusters = sum(len(s) for code in codes for s in sizes[code].values())
    note = (
        f"n = {n:,} findings in {clusters:,} clusters; {alone:,} are in none. A block is a cluster, the largest first, "
        "its width the number of findings; the number after a bar is of clusters. The panels have different scales."
    )
    biggest = sorted(codes, key=lambda code: -total[code])[:5]
    named = listed([f"{known[code].title} ({total[code]:,})" for code in biggest])
    alt = f"Bars of {n:,} findings in {clusters:,} clusters by theme. Most findings are on {named}."
    figure = chart(10.5, 2.2 + 0.24 * len(codes), "Clusters of like findings, by theme and kind", note, alt)
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    for axes, kind in zip(panels, kinds, strict=True):
        reach = max(sum(sizes[code].get(kind, [0])) for code in codes)
        for y, code in enumerate(codes):
            left = 0
            for number, size in enumerate(sorted(sizes[code].get(kind, []), reverse=True)):
                axes.barh(
                    y,
                    size,
                    0.78,
                    left=left,
                    color=SIDES[kind],
                    alpha=1 if number % 2 == 0 else 0.6,
                    edgecolor="white",
                    linewidth=0.25,
                )
                left += size
            if left:
                axes.text(left + reach * 0.02, y, f"{len(sizes[code][kind])}", va="center", fontsize=7)
        axes.set_title(NOUNS[kind], fontsize=10, loc="left")
        axes.set_xlim(0, reach * 1.12)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.tick_params(axis="x", labelsize=7.5)
        axes.set_xlabel("Findings", fontsize=8)
        plain_axes(axes)
    panels[0].set_yticks(range(len(codes)), [known[code].title for code in codes], fontsize=8)
    panels[0].set_ylim(len(codes) - 0.4, -0.6)
    return figure
