"""Excel workbooks: numbers as numbers, dates as dates, and no text that Excel could take for a formula."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import framework_words, grade_words, judgement_words
from ofsted_nlp.presentation.html import NOT_GRADES
from ofsted_nlp.records import SURE, Polarity

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.records import Clause, Finding, Report

HALVES = (Polarity.STRENGTH, Polarity.CONCERN)
_WIDEST = 90


def benchmark_workbook(benchmark: Benchmark, path: str | Path) -> None:
    """Writes the sheets Summary, Themes, Timeline, Peers, Recommendations, Findings and Figures to ``path``."""
    import xlsxwriter

    # Strings stay strings: "=1+1" in a report must never become a formula, nor "-3" a number.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": f"{benchmark.entry.display_name} beside {benchmark.group.title}"})
        formats = {
            "head": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
            "date": workbook.add_format({"num_format": "d mmm yyyy", "valign": "top", "align": "left"}),
            "share": workbook.add_format({"num_format": "0.0%", "valign": "top"}),
            "number": workbook.add_format({"num_format": "General", "valign": "top"}),
        }
        for name, rows in _sheets(benchmark).items():
            _write(workbook.add_worksheet(name), rows, formats)


def _sheets(benchmark: Benchmark) -> dict[str, list[Mapping[str, Any]]]:
    return {
        "Summary": [{"In brief": line} for line in benchmark.summary],
        "Themes": _themes(benchmark),
        "Timeline": [
            {
                "Inspection ended": row["inspected"],
                "Published": row["published"],
                "Authority": row["authority"],
                "Kind": framework_words(row["framework"]),
                "Judgement": row["judgement"] and judgement_words(row["judgement"]),
                "Grade": row["grade"] and grade_words(row["grade"]),
                "Page": row["page"],
                "File": row["file"],
            }
            for row in benchmark.timeline_rows()
        ],
        "Peers": [
            {
                "Authority": row["authority"],
                "Inspection ended": row["inspected"],
                "Kind": row["framework"] and framework_words(row["framework"]),
                **{judgement_words(k): v and grade_words(v) for k, v in row.items() if k not in NOT_GRADES},
                "File": row["file"],
            }
            for row in benchmark.peer_rows()
        ],
        "Recommendations": [
            {
                "Number": item.number,
                "Kind": item.kind.replace("_", " "),
                "For": item.section,
                "Text": item.text or NO_TEXT,
                "Page": item.page,
                "Themes": ", ".join(item.themes),
                "File": benchmark.latest.source.file if benchmark.latest else None,
            }
            for item in benchmark.recommendations
        ],
        "Findings": [
            {
                "Polarity": finding.polarity.value,
                "Score": finding.score,
                "Theme": finding.themes[0] if finding.themes else None,
                "Further themes": ", ".join(finding.themes[1:]),
                "Text": finding.text or NO_TEXT,
                "Sure": "yes" if finding.sure else f"no, below {SURE:.0%}",
                **{f"{half.value.title()} in a mixed one": _words(finding.clause(half)) for half in HALVES},
                **_praised(finding, benchmark.latest),
                "Page": finding.page,
                "Section": finding.section,
                "Id": finding.id,
                "File": benchmark.latest.source.file,
            }
            for finding in (benchmark.latest.findings if benchmark.latest else ())
            if benchmark.latest
        ],
        "Figures": _figures(benchmark),
    }


def _figures(benchmark: Benchmark) -> list[Mapping[str, Any]]:
    if not benchmark.latest:
        return []
    return [
        {
            "Figure": figure.text,
            "Value": figure.value,
            "Unit": figure.unit,
            "Counts": figure.counts,
            "Said of them": figure.predicate,
            "Compared with": figure.comparison and figure.comparison.kind.replace("_", " "),
            "Compared value": figure.comparison and figure.comparison.value,
            "Direction": figure.comparison and figure.comparison.direction,
            "Is the compared value of": figure.comparator and figure.comparator.replace("_", " "),
            "As of": figure.as_of,
            "Page": figure.page,
            "Section": figure.section,
            "File": benchmark.latest.source.file,
        }
        for figure in benchmark.latest.figures
    ]


def _praised(finding: Finding, report: Report) -> dict[str, str | None]:
    """What a strength praises and the named things in it; no columns for a report stored without."""
    if not any(item.strength for item in report.findings):
        return {}
    strength = finding.strength
    return {
        "Praised": strength.subject if strength else None,
        "Named": "; ".join(dict.fromkeys(strength.things or strength.named)) if strength else None,
    }


def _words(clause: Clause | None) -> str | None:
    return clause.text if clause else None


def _themes(benchmark: Benchmark) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for theme in benchmark.themes:
        for side in ("concern", "strength"):
            own = getattr(theme, side)
            chief = own.groups[benchmark.chief]
            row: dict[str, Any] = {
                "Theme": theme.title,
                "Part of the service": theme.group,
                "As": side,
                "Findings": len(own.findings),
                "Share of findings": own.share,
                "Median share of group": chief.median_share,
                "Percentile in group": chief.percentile,
                "Standing": own.standing(benchmark.chief),
                "Recommendations": theme.recommendations,
            }
            for name, among in own.groups.items():
                low, high = among.interval or (None, None)
                row |= {
                    f"{name}: reports that raise it": among.n,
                    f"{name}: reports": among.of,
                    f"{name}: share": among.share,
                    f"{name}: share, low": low,
                    f"{name}: share, high": high,
                }
            rows.append(row)
    return rows


def _write(sheet: Any, rows: Sequence[Mapping[str, Any]], formats: Mapping[str, Any]) -> None:
    """One table with a frozen, filtered header row; an empty one says so."""
    columns = list(rows[0]) if rows else ["Nothing read"]
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, formats["head"])
        longest = max([len(name) / 2, *[len(str(row[name])) for row in rows if row[name] is not None]])
        sheet.set_column(column, column, min(max(longest, 8) + 2, _WIDEST))
    for number, row in enumerate(rows, 1):
        for column, name in enumerate(columns):
            _cell(sheet, number, column, row[name], formats["share" if "hare" in name else "number"], formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, number: Any, formats: Mapping[str, Any]) -> None:
    if value is None:
        sheet.write_blank(row, column, None, formats["text"])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), formats["date"])
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, number)
    else:
        sheet.write_string(row, column, str(value), formats["text"])
