"""How a comparison of press and report looks: as a page, in a notebook, as Markdown and as rows."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ofsted_nlp.analysis.coverage import AuthorityCoverage, ReportCoverage
from ofsted_nlp.analysis.coverage.balance import Balance, Point
from ofsted_nlp.analysis.coverage.story import StoryCoverage
from ofsted_nlp.analysis.coverage.verdicts import Checked, Verdict
from ofsted_nlp.analysis.coverage.words import report_named, shortened, theme_title, who_reported_what
from ofsted_nlp.analysis.inspections import grade_words, published
from ofsted_nlp.analysis.narrative import day
from ofsted_nlp.presentation.cells import harmless
from ofsted_nlp.presentation.html import environment, render
from ofsted_nlp.themes import themes

Coverage = StoryCoverage | ReportCoverage | AuthorityCoverage

ITEMS_SHOWN = 30
CLASSES = {
    Verdict.IN_REPORT: "strength",
    Verdict.OTHER_VALUE: "concern",
    Verdict.NOT_IN_REPORT: "concern",
    Verdict.DROPS_QUALIFIER: "concern",
    Verdict.ADDS_QUALIFIER: "concern",
    Verdict.OWN_WORDS: "quiet",
    Verdict.NOT_COMPARED: "quiet",
}
CSV_COLUMNS = (
    *(
        "authority",
        "report",
        "site",
        "title",
        "story_published",
        "delay_days",
        "file",
        "url",
        "kind",
        "verdict",
        "words",
    ),
    *("speaker", "given_as_inspectorates", "page", "number", "report_words", "story_value", "report_value"),
    *("qualifier", "likeness", "why", "finding"),
)
"""Columns of ``csv_text``: one row for each thing that a story reports."""


def coverage_page(coverage: Coverage) -> str:
    """One self-contained page: no script, nothing loaded from elsewhere."""
    return render("coverage.html.j2", today=datetime.date.today(), whole=True, limit=None, **_values(coverage))


def coverage_html(coverage: Coverage) -> str:
    """What a notebook shows: the summary and the first items of each story."""
    module = environment().get_template("coverage.html.j2")
    values = {"today": datetime.date.today(), "whole": False, "limit": ITEMS_SHOWN, **_values(coverage)}
    return module.render(**values)


def _values(coverage: Coverage) -> dict[str, Any]:
    if isinstance(coverage, StoryCoverage):
        title = coverage.story.title or coverage.label
        reports, loose = [], [coverage]
    elif isinstance(coverage, ReportCoverage):
        name = coverage.report.authority.name if coverage.report.authority else "Unknown authority"
        title, reports, loose = f"{name}: press coverage of the {report_named(coverage.report)}", [coverage], []
    else:
        title = f"{coverage.entry.display_name}: what the press made of Ofsted’s reports"
        reports, loose = list(coverage.reports), list(coverage.unknown)
    return {
        "title": title,
        "summary": coverage.summary(),
        "reports": [(report, who_reported_what(report), _themed(report)) for report in reports],
        "loose": loose,
        "unknown": isinstance(coverage, AuthorityCoverage),
        "silent": [report_named(r) for r in coverage.silent] if isinstance(coverage, AuthorityCoverage) else [],
        "warnings": coverage.warnings if isinstance(coverage, AuthorityCoverage) else (),
        "classes": CLASSES,
        "named": report_named,
        "theme": theme_title,
        "address": address,
        "value": value_words,
        "left": left_out_rows,
    }


def address(story: StoryCoverage) -> str | None:
    """The address of a story's page; http and https only."""
    url = story.page.url or ""
    return url if url.startswith(("https://", "http://")) else None


def value_words(item: Checked, value: str | None) -> str:
    """A value as people write it: a grade in words, a number as it is."""
    if value is None:
        return ""
    return grade_words(value) if item.kind == "judgement" else value


def left_out_rows(story: StoryCoverage) -> list[Point]:
    """Of what a story leaves out the judgements and the action list, where they could be compared."""
    return [point for point in story.left_out if point.kind == "judgement" or (point.kind != "strength" and point.text)]


def _themed(report: ReportCoverage) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    """For each theme (strengths, concerns) of the press and of the report, in the order of the taxonomy."""
    press, own = report.balance.by_theme, report.report_balance.by_theme
    order = {code: n for n, code in enumerate(themes())}
    codes = sorted({*press, *own}, key=lambda code: order.get(code, len(order)))
    return [(theme_title(code), press.get(code, (0, 0)), own.get(code, (0, 0))) for code in codes]


def story_markdown(story: StoryCoverage) -> str:
    """A story as Markdown."""
    return "\n".join(_story_lines(story, "#")) + "\n"


def report_markdown(coverage: ReportCoverage) -> str:
    """All stories of a report as Markdown."""
    return "\n".join(_report_lines(coverage, "#")) + "\n"


def authority_markdown(coverage: AuthorityCoverage) -> str:
    """All stories of an authority as Markdown."""
    lines = [f"# {_safe(coverage.entry.display_name)}: what the press made of Ofsted’s reports", ""]
    lines += [f"- {_safe(line)}" for line in coverage.summary()]
    lines += [f"- Warning: {_safe(warning)}" for warning in coverage.warnings]
    for report in coverage.reports:
        lines += ["", *_report_lines(report, "##", summary=False)]
    if coverage.unknown:
        lines += ["", "## Stories whose report is not known"]
        for story in coverage.unknown:
            lines += ["", *_story_lines(story, "###")]
    return "\n".join(lines) + "\n"


def _report_lines(coverage: ReportCoverage, mark: str, *, summary: bool = True) -> list[str]:
    named = report_named(coverage.report)
    lines = [f"{mark} {_safe(named[:1].upper() + named[1:])}", ""]
    if summary:
        lines += [*(f"- {_safe(line)}" for line in coverage.summary()), ""]
    lines += [f"{mark}# Who reported what", ""]
    rows = [
        [
            row["kind"],
            row["number"] or "",
            shortened(row["text"]) if row["text"] else "(words not at hand)",
            ", ".join(map(str, row["pages"])),
            *(_told(row[site]) for site in coverage.sites),
        ]
        for row in who_reported_what(coverage)
    ]
    lines += _table(["Kind", "Number", "In the report", "Pages", *coverage.sites], rows)
    lines += ["", f"{mark}# Strengths and concerns", "", *_balance_lines(coverage.balance, coverage.report_balance)]
    for story in coverage.stories:
        lines += ["", *_story_lines(story, f"{mark}#")]
    return lines


def _told(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not compared"}[value]


def _balance_lines(press: Balance, report: Balance) -> list[str]:
    rows = [
        [name, str(balance.strengths), str(balance.concerns), "–" if balance.share is None else f"{balance.share:.0%}"]
        for name, balance in (("Press", press), ("Report", report))
    ]
    return _table(["", "Strengths", "Concerns", "Share of concerns"], rows)


def _story_lines(story: StoryCoverage, mark: str) -> list[str]:
    lines = [f"{mark} {_safe(story.story.title or story.page.file)}", ""]
    if url := address(story):
        lines += [f"<{_safe(url).replace('>', '%3E')}>", ""]
    lines += [f"- {_safe(line)}" for line in story.summary()]
    if story.items:
        rows = [
            [
                item.kind,
                item.words,
                item.verdict.value,
                item.report_words or value_words(item, item.report_value),
                str(item.page or ""),
                item.why,
            ]
            for item in story.items
        ]
        lines += ["", *_table(["Kind", "The story", "Verdict", "The report", "Page", "Why"], rows)]
    return lines


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(_safe(name) for name in columns)} |",
        f"| {' | '.join('---' for _ in columns)} |",
        *(f"| {' | '.join(_safe(cell) for cell in row)} |" for row in rows),
    ]


def _safe(text: str) -> str:
    """A text as plain words of one line of Markdown: nothing in it marks up, opens a tag or ends a cell."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))


def csv_rows(coverage: AuthorityCoverage) -> list[dict[str, Any]]:
    """One row for each thing that a story reports; a story that reports nothing has one row without a kind."""
    rows = []
    for story in coverage.stories:
        about: Mapping[str, Any] = {
            "authority": coverage.entry.display_name,
            "report": published(story.report) if story.report else None,
            "site": story.page.site,
            "title": story.story.title,
            "story_published": story.page.published,
            "delay_days": story.delay,
            "file": story.page.file,
            "url": story.page.url,
        }
        for item in story.items or [None]:
            told = {} if item is None else item.to_dict() | {"given_as_inspectorates": item.theirs}
            rows.append({**about, **{key: told[key] for key in CSV_COLUMNS if key in told}})
    return rows


def csv_text(coverage: AuthorityCoverage) -> str:
    """The rows as CSV; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    file = io.StringIO()
    writer = csv.DictWriter(file, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in csv_rows(coverage):
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return file.getvalue()


def _cell(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def story_heading(story: StoryCoverage) -> str:
    """A story's name for the screen."""
    when = day(story.page.published) if story.page.published else "undated"
    return f"{story.story.title or story.page.file} ({story.label}, {when})"
