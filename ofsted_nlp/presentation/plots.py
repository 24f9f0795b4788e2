"""Figures of one authority: what it was judged, and its themes beside the peers'."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.inspections import JUDGEMENT_WORDS, framework_words, grade_words, inspected, judgement_words
from ofsted_nlp.analysis.narrative import counted, day, listed
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.analysis.benchmark.representation import Representation
    from ofsted_nlp.presentation.chart import Chart
    from ofsted_nlp.records import Report

KINDS = ("profile", "timeline", "heat_map")
"""What ``benchmark_plot`` draws."""

VISITS = {
    "ilacs_focused_visit": ("Focused visits", "v"),
    "ilacs_monitoring_visit": ("Monitoring visits", "D"),
    "jtai": ("Joint targeted inspections", "P"),
    "send": ("Area SEND inspections", "^"),
    "other": ("Other inspections", "X"),
}
"""Lanes below the graded judgements, each with its marker."""


def benchmark_plot(benchmark: Benchmark, kind: str = "profile", **options: Any) -> Chart:
    """A figure of a benchmark.

    Args:
        benchmark: the benchmark.
        kind: "profile" (``theme_profile``), "timeline" (``judgement_timeline``) or "heat_map"
            (``plots_national.heat_map`` of the authority and its peers).
        **options: those of the function.

    Raises:
        UsageError: no such kind.
        NotFoundError: there is nothing to plot.
    """
    if kind == "profile":
        return theme_profile(benchmark, **options)
    if kind == "timeline":
        return judgement_timeline(benchmark, **options)
    if kind == "heat_map":
        from ofsted_nlp.presentation.plots_national import heat_map

        latest = {entry.urn: report for entry, report in benchmark_rows(benchmark)}
        side = options.get("side", "concern")
        title = f"{side.capitalize()}s: {benchmark.entry.display_name} and {benchmark.group.title}"
        return heat_map(latest, **{"title": title, **options})
    raise UsageError(f"There is no plot {kind!r} of a benchmark: {', '.join(KINDS)}.")


def benchmark_rows(benchmark: Benchmark) -> list[tuple[Any, Report]]:
    """The authority, then its peers, each with its latest full report; those without one are left out."""
    own = [(benchmark.entry, benchmark.latest)] if benchmark.latest else []
    latest = benchmark.group.latest
    return [*own, *[(entry, latest[entry.urn]) for entry in benchmark.group.members if entry.urn in latest]]


def theme_profile(benchmark: Benchmark, wanted: int = 15) -> Chart:
    """Share of the latest full report's findings by theme: concerns to the left, strengths to the right.

    A bar is the authority, with its number of findings; a black mark is what a report of this length has with the
    share of the group's reports of the same framework, and the grey band is the range in which 95 of 100 such reports
    lie (``analysis.representation``). Where there are too few findings to tell, there is no band and the bar is pale.
    Shown are ``wanted`` themes in the order of the taxonomy: half of them those with the most concerns, as far as there
    are any, the others those with the largest shares of report and group.

    Raises:
        NotFoundError: the authority has no full report with evaluative findings.
    """
    from ofsted_nlp.presentation.chart import HATCHES, SIDES, chart, plain_axes

    name = benchmark.entry.display_name
    rows = benchmark.represented()
    base = rows[0].base if rows else 0
    if benchmark.latest is None or not base:
        raise NotFoundError(f"There are no findings of {name} to plot.")
    pairs = _both_sides(rows)
    size = {code: sum(row.share + row.expected_share for row in pair.values()) for code, pair in pairs.items()}
    raised = sorted((code for code in pairs if size[code] > 0), key=lambda code: -size[code])
    own = {code: pairs[code]["concern"].findings for code in raised}
    concerns = sorted((code for code in raised if own[code]), key=lambda code: -own[code])
    first = dict.fromkeys([*concerns[: wanted // 2], *raised])
    chosen = sorted(list(first)[:wanted], key=list(themes()).index)
    reports = rows[0].reports
    kind, ended = framework_words(benchmark.latest.framework), day(inspected(benchmark.latest))
    title = f"{name}, {kind}, ended on {ended}: themes beside {benchmark.group.title}"
    note = (
        f"n = {counted(base, 'finding')} of the report and {counted(reports, 'report')} of the group under the same "
        "framework. The number beside a bar is of findings. Expected: by the group's share. Usual range: where 95 of "
        "100 reports of this length lie. Pale bar, or no range: too few findings to tell."
    )
    if any(pairs[code][side].verdict.startswith("perhaps") for code in chosen for side in pairs[code]):
        note += " “Perhaps”: improbable by chance if it were the only theme compared."
    figure = chart(9.5, 2.2 + 0.36 * len(chosen), title, note, _profile_alt(benchmark, pairs, chosen))
    axes = figure.add_subplot()
    reach = {-1: 0.01, 1: 0.01}
    for sign, side in ((-1, "concern"), (1, "strength")):
        found = [pairs[code][side] for code in chosen]
        for y, row in enumerate(found):
            clear = row.usual is not None
            axes.barh(
                y,
                sign * row.share,
                0.6,
                color=SIDES[side],
                alpha=1 if clear else 0.4,
                hatch=HATCHES[side],
                edgecolor="white" if clear else SIDES[side],
                linewidth=0.6,
            )
            high = row.usual[1] / base if row.usual else 0.0
            if row.usual:
                low = row.usual[0] / base
                axes.barh(
                    y,
                    sign * (high - low),
                    0.24,
                    left=sign * low,
                    color="#d0d0d0",
                    edgecolor="black",
                    linewidth=0.7,
                    zorder=3,
                )
            furthest = max(row.share, high, row.expected_share)
            reach[sign] = max(reach[sign], furthest)
            if row.findings or row.verdict.endswith("expected"):
                word = f" {row.verdict.removesuffix(' than expected')}" if row.verdict.endswith("expected") else ""
                gap = 5 * sign
                axes.annotate(
                    f"{row.findings}{word}",
                    (sign * furthest, y),
                    xytext=(gap, 0),
                    textcoords="offset points",
                    ha="right" if sign < 0 else "left",
                    va="center",
                    fontsize=8,
                )
        axes.scatter(
            [sign * row.expected_share for row in found],
            range(len(found)),
            marker="|",
            s=130,
            linewidths=2.2,
            color="black",
            zorder=4,
        )
    axes.axvline(0, color="black", linewidth=0.8)
    room = 0.12 * sum(reach.values())
    axes.set_xlim(-reach[-1] - room, reach[1] + room)
    axes.set_yticks(range(len(chosen)), [pairs[code]["concern"].title for code in chosen])
    axes.invert_yaxis()
    plain_axes(axes, percent="x")
    axes.set_xlabel("← concerns     share of the report's evaluative findings     strengths →")
    axes.legend(handles=_profile_legend(), loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, fontsize=8)
    return figure


def _both_sides(rows: Sequence[Representation]) -> dict[str, dict[str, Representation]]:
    """By theme and side; a side that neither the report nor the group raises counts nothing."""
    from ofsted_nlp.records import Polarity

    pairs: dict[str, dict[str, Representation]] = {}
    for row in rows:
        pairs.setdefault(row.code, {})[row.side.value] = row
    for pair in pairs.values():
        known = next(iter(pair.values()))
        for side in {"concern", "strength"} - set(pair):
            nothing = replace(known, side=Polarity(side), findings=0, expected=0.0, raised_by=0, usual=None, p=None)
            pair[side] = replace(nothing, odds_ratio=None, low=None, high=None, adjusted=None)
    return pairs


def _profile_legend() -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    from ofsted_nlp.presentation.chart import HATCHES, NOUNS, SIDES

    return [
        *[
            Patch(facecolor=SIDES[side], hatch=HATCHES[side], edgecolor="white", label=NOUNS[side])
            for side in ("concern", "strength")
        ],
        Line2D(
            [], [], linestyle="none", marker="|", markersize=12, markeredgewidth=2.2, color="black", label="Expected"
        ),
        Patch(facecolor="#d0d0d0", edgecolor="black", linewidth=0.7, label="Usual range"),
    ]


def _profile_alt(benchmark: Benchmark, pairs: dict[str, dict[str, Representation]], chosen: Sequence[str]) -> str:
    parts = []
    for side in ("concern", "strength"):
        found = sorted((pairs[code][side] for code in chosen), key=lambda row: -row.findings)
        top = [f"{row.title} {row.findings} ({row.expected:.0f} expected)" for row in found[:4] if row.findings]
        if top:
            parts.append(f"{side}s most often on {listed(top)}")
    odd = [row for code in chosen for row in pairs[code].values() if row.verdict.endswith("expected")]
    told = listed([f"{row.title} as a {row.side.value} {row.verdict}" for row in odd]) or "no theme stands out clearly"
    return (
        f"Bar chart of the themes of {benchmark.entry.display_name}'s latest full report beside "
        f"{benchmark.group.title}: {'; '.join(parts)}. {told[:1].upper()}{told[1:]}."
    )


def judgement_timeline(benchmark: Benchmark) -> Chart:
    """Every judgement of an authority's inspections over time, each grade as a letter on its colour.

    Inspections and visits that give no grade stand as marks in lanes of their own. Frameworks judge different things
    under different names, so a row may begin or end.

    Raises:
        NotFoundError: no inspection has a date.
    """
    history = [(when, report) for report in benchmark.history if (when := inspected(report))]
    return timeline(benchmark.entry.display_name, history)


def timeline(name: str, history: Sequence[tuple[datetime.date, Report]]) -> Chart:
    """``judgement_timeline`` of inspections with their days, the earliest first."""
    from matplotlib.dates import YearLocator

    from ofsted_nlp.presentation.chart import GRADES, chart, grade_handles, plain_axes

    if not history:
        raise NotFoundError(f"There is no dated inspection of {name} to plot.")
    full = [(when, report) for when, report in history if report.framework not in VISITS]
    codes = {judgement.code for _, report in full for judgement in report.judgements}
    rows = [*[code for code in JUDGEMENT_WORDS if code in codes], *sorted(codes - set(JUDGEMENT_WORDS))]
    lanes = [kind for kind in VISITS if any(report.framework == kind for _, report in history)]
    first, last = history[0][0], history[-1][0]
    marks = any(report.framework in VISITS and not report.judgements for _, report in history)
    note = (
        f"n = {counted(len(history), 'inspection or visit', 'inspections and visits')} by the day on which each ended. "
        + (
            "Frameworks judge different things, so rows begin and end; their grades are not quite the same measure. "
            if len({r.framework for _, r in full}) > 1
            else ""
        )
        + ("Marks without a letter: no grade was given." if marks else "")
    )
    title = (
        f"{name}: Ofsted's judgements, {first.year} to {last.year}"
        if last.year > first.year
        else f"{name}: Ofsted's judgements, {first.year}"
    )
    figure = chart(9.5, 2.4 + 0.42 * (len(rows) + len(lanes)), title, note, _timeline_alt(name, history))
    axes = figure.add_subplot()
    given = set()
    for y, code in enumerate(rows):
        points = [(when, grade) for when, report in full if (grade := report.grade(code))]
        axes.plot([when for when, _ in points], [y] * len(points), color="#b0b0b0", linewidth=1, zorder=1)  # type: ignore[arg-type]
        for when, grade in points:
            given.add(grade)
            _letter(axes, when, y, *GRADES.get(grade, (grade[:2], "white", "black")))
    for y, kind in enumerate(lanes, len(rows)):
        for when, report in history:
            if report.framework != kind:
                continue
            grade = report.judgements[0].grade if len(report.judgements) == 1 else None
            if grade in GRADES:
                given.add(grade)
                _letter(axes, when, y, *GRADES[grade])
            else:
                axes.plot([when], [y], marker=VISITS[kind][1], color="#333333", markersize=8, linestyle="none")  # type: ignore[arg-type]
    labels = [*map(judgement_words, rows), *[VISITS[kind][0] for kind in lanes]]
    if rows and lanes:
        axes.axhline(len(rows) - 0.5, color="#888888", linewidth=0.8)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    years = max((last - first).days / 365, 1)
    before = None
    for when, report in full:
        axes.axvline(when, color="#dddddd", linewidth=0.8, zorder=0)  # type: ignore[arg-type]
        close = before is not None and (when - before).days / 365 < years / 9
        axes.annotate(
            f"{report.framework.upper()}\n{when:%b %Y}",
            (when, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 28 if close else 3),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
        before = None if close else when
    margin = datetime.timedelta(days=max(120, int(years * 18)))
    axes.set_xlim(first - margin, last + margin)  # type: ignore[arg-type]
    axes.xaxis.set_major_locator(YearLocator())
    axes.tick_params(axis="x", labelrotation=45 if years > 14 else 0, labelsize=9)
    plain_axes(axes)
    figure.legend(handles=grade_handles(given), loc="outside right upper", frameon=False, fontsize=8)
    return figure


def _letter(axes: Any, when: datetime.date, y: float, letter: str, fill: str, ink: str) -> None:
    axes.scatter([when], [y], marker="s", s=330, color=fill, edgecolors="black", linewidths=0.7, zorder=2)
    axes.text(when, y, letter, ha="center", va="center", color=ink, fontsize=9, fontweight="bold", zorder=3)


def _timeline_alt(name: str, history: Sequence[tuple[datetime.date, Report]]) -> str:
    parts = []
    for when, report in history:
        if report.framework in VISITS and not report.judgements:
            continue
        graded = [f"{judgement_words(j.code).lower()} {grade_words(j.grade).lower()}" for j in report.judgements]
        parts.append(f"{day(when)}, {framework_words(report.framework)}: {', '.join(graded) or 'no grade'}")
    rest = len(history) - len(parts)
    more = (
        f" Beside these, {counted(rest, 'visit or inspection', 'visits and inspections')} without a grade."
        if rest
        else ""
    )
    return f"Timeline of judgements of {name}. {'; '.join(parts)}.{more}"
