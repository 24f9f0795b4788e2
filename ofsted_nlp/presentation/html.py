"""HTML pages and fragments: self-contained, escaped, readable on paper and by screen readers."""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import (
    framework_words,
    grade_words,
    inspected,
    judgement_words,
    published,
)
from ofsted_nlp.analysis.narrative import counted, day
from ofsted_nlp.records import SURE

if TYPE_CHECKING:
    from jinja2 import Environment

    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.records import Report


@cache
def environment() -> Environment:
    """The templates, with every value escaped and an error for a name that is not there."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("ofsted_nlp.presentation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "day": day,
        "grade": grade_words,
        "judgement": judgement_words,
        "framework": framework_words,
        "percent": percent,
        "inspected": inspected,
        "published": published,
        "page_link": page_link,
        "counted": counted,
        "confidence": confidence,
    }
    found.globals |= {"no_text": NO_TEXT}
    return found


def render(template: str, **values: Any) -> str:
    """The template of this name, filled in."""
    return environment().get_template(template).render(**values)


def benchmark_page(benchmark: Benchmark) -> str:
    """One self-contained page: no script, nothing loaded from elsewhere."""
    from ofsted_nlp.analysis.benchmark import METHOD

    latest = benchmark.latest
    sides = [(side, benchmark.ranked(side)) for side in ("concern", "strength")]
    return render(
        "benchmark.html.j2",
        b=benchmark,
        latest=latest,
        sides=sides,
        peers=benchmark.peer_rows(),
        codes=[key for key in benchmark.peer_rows()[0] if key not in NOT_GRADES],
        method=METHOD,
        today=datetime.date.today(),
    )


def confidence(report: Report) -> str:
    """In words, how many of a report's findings are unsure and how many are left out, to put after their number."""
    unsure = sum(not finding.sure for finding in report.findings)
    said = f"; {unsure} unsure, with a score below {SURE:.0%}" if unsure else ""
    return said + (f"; {report.findings_left_out} less sure ones left out" if report.findings_left_out else "")


NOT_GRADES = ("authority", "inspected", "framework", "file")
"""Keys of a peer's row that are no judgement codes."""


def percent(share: float | None) -> str:
    """A share in per cent, with one decimal below ten, or a dash; what is not quite all is never rounded up to 100%."""
    if share is None:
        return "–"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.1%}" if 0 < share < 0.0995 else f"{share:.0%}"


def page_link(report: Report, page: int) -> str | None:
    """The address of a page of the report, if it is known where the report lies; http and https only."""
    url = report.source.url or ""
    return f"{url}#page={page}" if url.startswith(("https://", "http://")) else None
