"""A benchmark as Markdown, for reports and wikis: summary, grades, themes with pages, evidence, timeline, method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import framework_words, grade_words, judgement_words
from ofsted_nlp.analysis.narrative import day
from ofsted_nlp.presentation.html import NOT_GRADES, page_link, percent
from ofsted_nlp.presentation.tables import INSIGHTS

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|~"})


def benchmark_markdown(benchmark: Benchmark) -> str:
    """The whole benchmark; nothing in a report's text is taken for Markdown."""
    from ofsted_nlp.analysis.benchmark import METHOD

    lines = [f"# {_plain(benchmark.entry.display_name)} beside {_plain(benchmark.group.title)}", ""]
    lines += [f"- {_plain(line)}" for line in benchmark.summary]
    if benchmark.insights:
        lines += ["", f"## {INSIGHTS}", ""]
        lines += [f"- {_plain(line)}" for line in benchmark.insights]
    lines += ["", "## Grades at the latest full inspection", "", *_peers(benchmark)]
    if benchmark.latest:
        for side in ("concern", "strength"):
            lines += ["", f"## {side.capitalize()}s by theme", "", *_themes(benchmark, side)]
        lines += ["", "## Action list", ""]
        lines += [
            f"- {_page(benchmark, item.page)}: {_plain(item.text or NO_TEXT)}" for item in benchmark.recommendations
        ] or ["None was read."]
    lines += ["", "## Timeline", "", *_timeline(benchmark), "", "## Method", "", _plain(METHOD), ""]
    return "\n".join(lines)


def _peers(benchmark: Benchmark) -> list[str]:
    rows = benchmark.peer_rows()
    codes = [key for key in rows[0] if key not in NOT_GRADES]
    cells = [
        [
            row["authority"],
            day(row["inspected"]) if row["file"] else "no report",
            (row["framework"] or "").upper(),
            *[grade_words(row[code]) if row[code] else "–" for code in codes],
        ]
        for row in rows
    ]
    return _table(["Authority", "Inspection ended", "Kind", *map(judgement_words, codes)], cells)


def _themes(benchmark: Benchmark, side: str) -> list[str]:
    cells = []
    for theme in benchmark.raised(side):
        own = getattr(theme, side)
        among = own.groups[benchmark.chief]
        where = ", ".join(_page(benchmark, page) for page in sorted({finding.page for finding in own.findings}))
        cells.append(
            [
                theme.title,
                str(len(own.findings)),
                _Raw(where),
                percent(own.share),
                percent(among.median_share),
                own.standing(benchmark.chief),
                f"{among.n} of {among.of}",
            ]
        )
    headings = ["Theme", "Findings", "Pages", "Share", "Median of group", "Standing", "Reports that raise it"]
    return _table(headings, cells) if cells else ["None."]


def _timeline(benchmark: Benchmark) -> list[str]:
    cells = [
        [
            day(row["inspected"]),
            framework_words(row["framework"]),
            judgement_words(row["judgement"]) if row["judgement"] else "no graded judgement",
            grade_words(row["grade"]) if row["grade"] else "",
            str(row["page"] or ""),
        ]
        for row in benchmark.timeline_rows()
    ]
    return _table(["Ended", "Kind", "Judgement", "Grade", "Page"], cells)


class _Raw(str):
    """Text that is Markdown already."""


def _page(benchmark: Benchmark, page: int) -> str:
    address = page_link(benchmark.latest, page) if benchmark.latest else None
    return f"[page {page}](<{address.replace('>', '%3E')}>)" if address else f"page {page}"


def _table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    made = [f"| {' | '.join(map(_plain, headings))} |", f"|{' --- |' * len(headings)}"]
    return made + [f"| {' | '.join(c if isinstance(c, _Raw) else _plain(c) for c in row)} |" for row in rows]


def _plain(text: str) -> str:
    """Text in which nothing is Markdown, on one line."""
    return " ".join(text.translate(_MARKS).split())
