"""A benchmark as an Excel workbook and as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import framework_words, grade_words, inspected, judgement_words
from ofsted_nlp.presentation.excel import Rows, Share, csv_text, link, write_workbook
from ofsted_nlp.presentation.excel_authorities import (
    authority_row,
    history_rows,
    judgement_codes,
    neighbour_cells,
    overall_grades,
)
from ofsted_nlp.presentation.html import page_link
from ofsted_nlp.records import SURE, Polarity, Report
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.records import Clause

HALVES = (Polarity.STRENGTH, Polarity.CONCERN)
FROZEN = {"Authorities": 4, "History": 4}


def benchmark_workbook(benchmark: Benchmark, path: str | Path | IO[bytes]) -> None:
    """Writes the workbook: what the benchmark says, and a row for the authority and each of its peers.

    Sheets: Summary, Authorities, History, Themes, More or less, Persistence, Follow-up, Timeline, Recommendations,
    Findings, Named, Figures, Method.
    """
    title = f"{benchmark.entry.display_name} beside {benchmark.group.title}"
    write_workbook(path, benchmark_sheets(benchmark), title=title, frozen=FROZEN)


def benchmark_csv(benchmark: Benchmark) -> str:
    """The sheet Themes as CSV: a row for each theme as concern and as strength."""
    return csv_text(_themes(benchmark))


def benchmark_sheets(benchmark: Benchmark) -> dict[str, Rows]:
    """The sheets of the workbook as rows."""
    return {
        "Summary": [{"In brief": line} for line in (*benchmark.summary, *benchmark.insights)],
        "Authorities": _authorities(benchmark),
        "History": _history(benchmark),
        "Themes": _themes(benchmark),
        "More or less": _represented(benchmark),
        "Persistence": _persistence(benchmark),
        "Follow-up": _follow_up(benchmark),
        "Timeline": _timeline(benchmark),
        "Recommendations": _recommendations(benchmark),
        "Findings": _findings(benchmark),
        "Named": _named(benchmark),
        "Figures": _figures(benchmark),
        "Method": _method(benchmark),
    }


def _authorities(benchmark: Benchmark) -> list[dict[str, Any]]:
    """As in the national workbook, but for visits, which a benchmark does not hold of others."""
    entries = [benchmark.entry, *benchmark.group.members]
    codes = judgement_codes(full[-1] for e in entries if (full := benchmark.full.get(e.urn)))
    grades = overall_grades(benchmark.full)
    return [
        {**authority_row(entry, benchmark.full.get(entry.urn, ()), codes), **neighbour_cells(entry, grades)}
        for entry in entries
    ]


def _history(benchmark: Benchmark) -> list[dict[str, Any]]:
    """All inspections of the authority, and the full ones of its peers."""
    others = [report for e in benchmark.group.members for report in benchmark.full.get(e.urn, ())]
    return history_rows([*benchmark.history, *others])


def _timeline(benchmark: Benchmark) -> list[dict[str, Any]]:
    urls = {report.source.file: report for report in benchmark.history}
    return [
        {
            "Inspection ended": row["inspected"],
            "Published": row["published"],
            "Authority": row["authority"],
            "Kind": framework_words(row["framework"]),
            "Judgement": row["judgement"] and judgement_words(row["judgement"]),
            "Grade": row["grade"] and grade_words(row["grade"]),
            "Page": row["page"],
            "Source page": row["page"] and link(page_link(urls[row["file"]], row["page"]), f"page {row['page']}"),
            "File": row["file"],
        }
        for row in benchmark.timeline_rows()
    ]


def _recommendations(benchmark: Benchmark) -> list[dict[str, Any]]:
    latest = benchmark.latest
    return [
        {
            "Number": _number(item.number),
            "Kind": item.kind.replace("_", " "),
            "For": item.section,
            "Text": item.text or NO_TEXT,
            **_theme_cells(item.themes),
            **_place(latest, item.page),
        }
        for item in benchmark.recommendations
        if latest
    ]


def _findings(benchmark: Benchmark) -> list[dict[str, Any]]:
    latest = benchmark.latest
    if latest is None:
        return []
    praised = any(item.strength for item in latest.findings)
    return [
        {
            "Id": finding.id,
            "Polarity": finding.polarity.value,
            "Score": finding.score,
            "Sure": "yes" if finding.sure else f"no, below {SURE:.0%}",
            **_theme_cells(finding.themes),
            "Text": finding.text or NO_TEXT,
            **{f"{half.value.title()} in a mixed one": _words(finding.clause(half)) for half in HALVES},
            **({"Praised": finding.strength.subject if finding.strength else None} if praised else {}),
            "Section": finding.section,
            **_place(latest, finding.page),
        }
        for finding in latest.findings
    ]


def _named(benchmark: Benchmark) -> list[dict[str, Any]]:
    """One row a named service, team, programme or body that the latest report praises, and finding."""
    latest = benchmark.latest
    return [
        {"Name": name, "Kind": kind, "Finding": finding.id, **_place(latest, finding.page)}
        for finding in (latest.findings if latest else ())
        for name, kind in dict.fromkeys(finding.strength.known() if finding.strength else ())
        if latest
    ]


def _figures(benchmark: Benchmark) -> list[dict[str, Any]]:
    latest = benchmark.latest
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
            "Section": figure.section,
            **_place(latest, figure.page),
        }
        for figure in (latest.figures if latest else ())
        if latest
    ]


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
                "Share of findings": Share(own.share),
                "Median share of group": _share(chief.median_share),
                "Percentile in group": chief.percentile,
                "Standing": own.standing(benchmark.chief),
                "Recommendations": theme.recommendations,
            }
            for name, among in own.groups.items():
                low, high = among.interval or (None, None)
                row |= {
                    f"{name}: reports that raise it": among.n,
                    f"{name}: reports": among.of,
                    f"{name}: share": _share(among.share),
                    f"{name}: share, low": _share(low),
                    f"{name}: share, high": _share(high),
                }
            rows.append(row)
    return rows


def _represented(benchmark: Benchmark) -> list[dict[str, Any]]:
    rows = sorted(benchmark.represented(), key=lambda row: (row.p is None, row.p, -row.findings))
    return [
        {
            "Theme": row.title,
            "As": row.side.value,
            "Verdict": row.verdict,
            "Findings": row.findings,
            "Of": row.base,
            "Expected": round(row.expected, 1),
            "Usual from": row.usual and row.usual[0],
            "Usual to": row.usual and row.usual[1],
            "Reports of the group that raise it": row.raised_by,
            "Reports of the group": row.reports,
            "Odds ratio": row.odds_ratio,
            "Odds ratio, low": row.low,
            "Odds ratio, high": row.high,
            "Probability by chance": row.p,
            "The same, for all comparisons": row.adjusted,
        }
        for row in rows
    ]


def _persistence(benchmark: Benchmark) -> list[dict[str, Any]]:
    """One row a concern and inspection."""
    return [
        {
            "Kind": thread.kind,
            "Concern": thread.title,
            "State": thread.state,
            "Inspection ended": inspected(raised.report),
            "Framework": framework_words(raised.report.framework),
            "Findings": len(raised.findings),
            "Share of findings": Share(len(raised.findings) / raised.base) if raised.base else None,
            "First page": min((item.finding.page for item in raised.findings), default=None),
            "Others that raised it again": thread.usual[0],
            "Others that had raised it": thread.usual[1],
            "File": raised.report.source.file,
        }
        for thread in benchmark.persistence.threads
        for raised in thread.raised
    ]


def _follow_up(benchmark: Benchmark) -> list[dict[str, Any]]:
    return [
        {
            "Number": _number(row.item.number),
            "Item": row.item.text or NO_TEXT,
            "Page": row.item.page,
            "Theme": _title(row.item.themes, 0),
            "Listed in the report of": inspected(row.earlier),
            "Next report": inspected(row.later),
            "Verdict": row.verdict,
            "By": row.basis,
            "Findings on it": len(row.evidence),
            "First of them, page": row.evidence[0].finding.page if row.evidence else None,
            "First of them": (row.evidence[0].finding.text or NO_TEXT) if row.evidence else None,
            "Items on its theme in the next list": len(row.listed_again),
        }
        for row in benchmark.follow_up
    ]


def _method(benchmark: Benchmark) -> list[dict[str, Any]]:
    from ofsted_nlp.analysis.benchmark import METHOD, follow_up, persistence, representation

    rows = {
        "Authority": benchmark.entry.display_name,
        "Compared with": f"{benchmark.group.title}: {', '.join(e.display_name for e in benchmark.group.members)}",
        "As at": benchmark.as_of.isoformat() if benchmark.as_of else "all inspections at hand",
        "Themes": METHOD,
        "More or less": representation.METHOD,
        "Persistence": persistence.METHOD,
        "Follow-up": follow_up.METHOD,
        "Source": "Ofsted inspection reports, © Crown copyright, Open Government Licence v3.0.",
    }
    return [{"Sheet": name, "How it is made": text} for name, text in rows.items()]


def _place(report: Report, page: int) -> dict[str, Any]:
    return {"Page": page, "Source page": link(page_link(report, page), f"page {page}"), "File": report.source.file}


def _theme_cells(codes: Sequence[str]) -> dict[str, str | None]:
    return {name: _title(codes, n) for n, name in enumerate(("Theme", "Second theme", "Third theme"))}


def _title(codes: Sequence[str], number: int) -> str | None:
    if number >= len(codes):
        return None
    return themes()[codes[number]].title if codes[number] in themes() else codes[number]


def _number(printed: str | None) -> int | str | None:
    return int(printed) if printed and printed.isdecimal() else printed


def _share(value: float | None) -> Share | None:
    return None if value is None else Share(value)


def _words(clause: Clause | None) -> str | None:
    return clause.text if clause else None
