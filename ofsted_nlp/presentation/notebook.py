"""What reports, articles, benchmarks and statistics look like in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ofsted_nlp.presentation.html import environment
from ofsted_nlp.presentation.tables import (
    CLUSTERS_SHOWN,
    cluster_rows,
    theme_title,
    trend_of,
    unclustered_words,
    years_of,
)
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.analysis.clustering.clusters import Cluster, Clustering
    from ofsted_nlp.analysis.statistics import NationalPicture
    from ofsted_nlp.records import Finding, Judgement, Report
    from ofsted_nlp.stories import Article, Story

FINDINGS_SHOWN = 20
THEMES_SHOWN = 8
QUOTES_SHOWN = 20
PRESS = "press.html.j2"


def report_html(report: Report) -> str:
    """Facts, judgements, action list and the first findings of a report."""
    return _fragment("report", report, themes(), FINDINGS_SHOWN)


def article_html(article: Article) -> str:
    """Where and when an article appeared, its warnings, and its stories."""
    return _fragment("article", article, QUOTES_SHOWN, template=PRESS)


def story_html(story: Story) -> str:
    """What a story says of an inspection, and whether its report says so too."""
    return _fragment("story", story, QUOTES_SHOWN, template=PRESS)


def benchmark_html(benchmark: Benchmark) -> str:
    """The summary of a benchmark and its main themes."""
    return _fragment("benchmark", benchmark, THEMES_SHOWN)


def statistics_html(picture: NationalPicture) -> str:
    """The national picture by region."""
    return _fragment("statistics", picture)


def judgements_html(judgements: Sequence[Judgement]) -> str:
    """Judgements with grade, label as printed and page."""
    return _fragment("judgements", list(judgements))


def findings_html(findings: Sequence[Finding]) -> str:
    """The first findings, with page, polarity, score, theme and sentence."""
    titled = [(finding, theme_title(finding)) for finding in findings[:FINDINGS_SHOWN]]
    return _fragment("findings", titled, len(findings))


def clustering_html(clustering: Clustering) -> str:
    """The largest clusters of each kind, and how many findings are in none."""
    kinds = {}
    for kind in dict.fromkeys(cluster.polarity for cluster in clustering.clusters):
        found = sorted((c for c in clustering.clusters if c.polarity == kind), key=lambda c: (-c.size, c.id))
        rows = [(c, years_of(c), trend_of(c)) for c in found[:CLUSTERS_SHOWN]]
        kinds[kind] = (rows, len(found))
    return _fragment("clustering", kinds, unclustered_words(clustering))


def cluster_html(cluster: Cluster) -> str:
    """What is known of one cluster, a row each."""
    return _fragment("facts", f"Cluster {cluster.id}: {cluster.label}", cluster_rows(cluster))


def _fragment(name: str, *values: Any, template: str = "fragments.html.j2") -> str:
    return str(getattr(environment().get_template(template).module, name)(*values))
