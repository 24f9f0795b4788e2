"""What reports, benchmarks and statistics look like in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ofsted_nlp.presentation.html import environment
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.analysis.statistics import NationalPicture
    from ofsted_nlp.records import Report

FINDINGS_SHOWN = 20
THEMES_SHOWN = 8


def report_html(report: Report) -> str:
    """Facts, judgements, action list and the first findings of a report."""
    return _fragment("report", report, themes(), FINDINGS_SHOWN)


def benchmark_html(benchmark: Benchmark) -> str:
    """The summary of a benchmark and its main themes."""
    return _fragment("benchmark", benchmark, THEMES_SHOWN)


def statistics_html(picture: NationalPicture) -> str:
    """The national picture by region."""
    return _fragment("statistics", picture)


def _fragment(name: str, *values: Any) -> str:
    return str(getattr(environment().get_template("fragments.html.j2").module, name)(*values))
