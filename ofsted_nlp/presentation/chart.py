"""What all plots share: a figure with alternative text and its source, and colours that also read in grey.

Nothing here tells by colour alone: a letter, a hatch or a marker stands beside it. Matplotlib is loaded with this
module, so it is imported where a plot is drawn.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

SIDES = {"concern": "#d55e00", "strength": "#0072b2", "recommendation": "#5f5f5f"}
"""Vermilion and blue of Okabe and Ito's palette, which people with any colour vision tell apart, and grey."""

HATCHES = {"concern": "////", "strength": "", "recommendation": "...."}
MARKERS = {"concern": "o", "strength": "s", "recommendation": "D"}
NOUNS = {"concern": "Concerns", "strength": "Strengths", "recommendation": "Recommendations"}

GRADES = {
    "outstanding": ("O", "#084a83", "white"),
    "good": ("G", "#a6d0e8", "black"),
    "adequate": ("A", "#eeeeee", "black"),
    "requires_improvement": ("RI", "#fbd3a5", "black"),
    "inadequate": ("I", "#a63a00", "white"),
    "positive": ("P", "#a6d0e8", "black"),
    "inconsistent": ("In", "#fbd3a5", "black"),
    "systemic_failings": ("S", "#a63a00", "white"),
}
"""For each grade its letter, its fill and the colour of the letter on it."""

SOURCE = "Source: Ofsted inspection reports (© Crown copyright, Open Government Licence v3.0), read by ofsted-nlp"


class Chart(Figure):
    """A matplotlib figure that can say in words what it shows.

    Attributes:
        alt: alternative text, for people who do not see the picture.
        caption: title in one line.
    """

    alt = ""
    caption = ""

    def save(self, path: str | Path, *, resolution: int = 150) -> None:
        """Writes a PNG, SVG or PDF by the name's ending, with title and alternative text in its metadata."""
        kind = Path(path).suffix.lower()
        key = {".pdf": "Subject"}.get(kind, "Description")
        known = {"Title": self.caption, key: self.alt} if kind in (".png", ".svg", ".pdf") else None
        self.savefig(path, dpi=resolution, metadata=known)

    def to_html(self) -> str:
        """An ``img`` element that holds the picture and its alternative text."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=110)
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
        return f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{data}" style="max-width:100%">'

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_png_(self) -> None:
        """None: the HTML shows it, with its alternative text."""


def chart(width: float, height: float, title: str, note: str, alt: str) -> Chart:
    """An empty figure with a title above and a note with the source below.

    Args:
        width: in inches.
        height: in inches.
        title: what is plotted, of whom and when.
        note: how to read it, with "n =".
        alt: alternative text.
    """
    from textwrap import fill

    letters = int(width * 15.5)
    made = Chart(figsize=(width, height), layout="constrained")
    made.alt, made.caption = alt, " ".join(title.split())
    made.suptitle(fill(title, int(width * 9.5)), fontweight="bold", fontsize=12, x=0.01, ha="left")
    made.supxlabel(
        "\n".join((*(fill(line, letters) for line in note.split("\n")), SOURCE)), fontsize=7.5, x=0.01, ha="left"
    )
    return made


def plain_axes(axes: Axes, *, percent: str = "") -> None:
    """Without frame and ticks, and per cent on the axis ``percent`` ("x" or "y"), without a sign."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if percent:
        which = axes.xaxis if percent == "x" else axes.yaxis
        which.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * abs(value):.3g}%"))


def grade_handles(grades: Iterable[str]) -> list[Any]:
    """Legend entries of grades, each with its letter."""
    from matplotlib.lines import Line2D

    from ofsted_nlp.analysis.inspections import grade_words

    wanted = set(grades)
    return [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="s",
            markersize=9,
            markerfacecolor=fill,
            markeredgecolor="black",
            label=f"{letter}  {grade_words(grade)}",
        )
        for grade, (letter, fill, _) in GRADES.items()
        if grade in wanted
    ]
