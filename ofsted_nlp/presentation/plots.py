"""Figures: a theme profile beside the peers'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ofsted_nlp.analysis.narrative import day

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ofsted_nlp.analysis.benchmark import Benchmark

# Two colours of Okabe and Ito's palette that people with any colour vision tell apart.
COLOURS = {"concern": "#d55e00", "strength": "#0072b2"}


def theme_profile(benchmark: Benchmark, wanted: int = 15) -> Figure:
    """Share of the report's evaluative findings by theme: concerns to the left, strengths to the right.

    A bar is the authority, a black mark the median of the chief group. Shown are the ``wanted`` themes with the
    largest shares, in the order of the taxonomy. The figure is not registered with pyplot: show it or save it.

    Raises:
        NotFoundError: the authority has no full report with evaluative findings.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    from ofsted_nlp.errors import NotFoundError

    def size(index: int) -> float:
        theme = benchmark.themes[index]
        return theme.concern.share + theme.strength.share

    order = [i for i in range(len(benchmark.themes)) if size(i) > 0]
    if benchmark.latest is None or not order:
        raise NotFoundError(f"There are no findings of {benchmark.entry.display_name} to plot.")
    chosen = sorted(sorted(order, key=lambda i: (-size(i), i))[:wanted])
    rows = [benchmark.themes[i] for i in chosen]
    figure = Figure(figsize=(9, 1.4 + 0.36 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    for sign, side in ((-1, "concern"), (1, "strength")):
        own = [getattr(row, side) for row in rows]
        medians = [item.groups[benchmark.chief].median_share for item in own]
        name = "Concerns" if side == "concern" else "Strengths"
        axes.barh(range(len(rows)), [sign * item.share for item in own], 0.66, color=COLOURS[side], label=name)
        marks = [(sign * median, i) for i, median in enumerate(medians) if median is not None]
        axes.scatter(
            [mark[0] for mark in marks],
            [mark[1] for mark in marks],
            marker="|",
            s=160,
            linewidths=2.2,
            color="black",
            zorder=3,
            label=f"Median of {benchmark.group.title}" if side == "strength" else None,
        )
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [row.title for row in rows])
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0%}"))
    axes.set_xlabel("Share of the report's evaluative findings")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    ended = benchmark.latest.inspection.end
    title = f"{benchmark.entry.display_name}, inspection ended {day(ended)}"
    figure.suptitle(title, fontweight="bold")
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure
