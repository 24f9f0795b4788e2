"""Tables for the terminal, through rich."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import framework_words, grade_words, inspected, judgement_words
from ofsted_nlp.analysis.narrative import counted, day, listed
from ofsted_nlp.presentation.html import NOT_GRADES, confidence, percent
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from rich.console import Group as Stack
    from rich.table import Table
    from rich.text import Text

    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.analysis.clustering.clusters import Cluster, Clustering
    from ofsted_nlp.analysis.statistics import NationalPicture
    from ofsted_nlp.records import Finding, Judgement, Report

THEMES_SHOWN = 10
FINDINGS_SHOWN = 20
CLUSTERS_SHOWN = 15

INSIGHTS = "More or less than expected, and what persists"
"""Heading of a benchmark's insights."""


def benchmark_tables(benchmark: Benchmark) -> Stack:
    """Summary, what is more or less than expected, grades beside the peers', and the main themes on either side."""
    from rich.console import Group as Stack
    from rich.text import Text

    parts: list[Text | Table] = [Text(f"{benchmark.entry.display_name} beside {benchmark.group.title}", "bold")]
    parts += [Text(f"• {line}") for line in benchmark.summary]
    parts.append(timeline_table(benchmark))
    parts.append(peer_table(benchmark))
    if benchmark.latest:
        parts += [theme_table(benchmark, side) for side in ("concern", "strength")]
        parts += insights(benchmark)
        parts += evidence(benchmark)
        parts.append(Text(f"Pages are those of {benchmark.latest.source.file}", "dim"))
    return Stack(*parts)


def insights(benchmark: Benchmark) -> list[Text]:
    """What is more or less than expected, what persists and what became of earlier action lists."""
    from rich.text import Text

    if not benchmark.insights:
        return []
    return [Text(INSIGHTS, "bold"), *[Text(f"• {line}") for line in benchmark.insights], Text("")]


def evidence(benchmark: Benchmark) -> list[Text]:
    """The action list, and the surest sentences of the themes most raised as a concern; empty without texts."""
    from rich.text import Text

    items = [f"  page {item.page}  {item.text}" for item in benchmark.recommendations if item.text]
    lines = [Text("Action list", "bold"), *map(Text, items), Text("")] if items else []
    said = [
        f"  page {finding.page}  {theme.title}: {finding.text}"
        for theme, found in benchmark.top("concern", each=1)
        for finding in found
        if finding.text
    ]
    if said:
        lines += [Text("Concerns in its own words", "bold"), *map(Text, said), Text("")]
    if not lines:
        lines = [Text("To see the sentences, add the report files: ofsted-nlp add FOLDER", "dim")]
    return lines


def theme_table(benchmark: Benchmark, side: str, wanted: int = THEMES_SHOWN) -> Table:
    """The themes that the report raises most as "concern" or as "strength"."""
    group = {"neighbours": "Neighbours", "region": benchmark.entry.region, "england": "England", "chosen": "Chosen"}
    names = list(benchmark.groups)
    table = _table(
        f"{'Concerns' if side == 'concern' else 'Strengths'} by theme",
        ["Theme", "Pages", *[f">{name}" for name in ("Findings", "Share", "Median")], "Standing"]
        + [f">{group[name]} raise it" for name in names],
    )
    for theme in benchmark.ranked(side)[:wanted]:
        own = getattr(theme, side)
        if own.findings:
            median = own.groups[benchmark.chief].median_share
            pages = ", ".join(str(page) for page in sorted({finding.page for finding in own.findings}))
            cells = [theme.title, pages, str(len(own.findings)), percent(own.share), percent(median)]
            cells.append(own.standing(benchmark.chief))
            shares = [own.groups[name] for name in names]
            cells += [percent(among.share) if among.enough else "too few" for among in shares]
            _row(table, cells)
    return table


def peer_table(benchmark: Benchmark) -> Table:
    """Latest full inspection and grades of the authority and of each peer."""
    rows = benchmark.peer_rows()
    codes = [key for key in rows[0] if key not in NOT_GRADES]
    table = _table(
        f"Grades at the latest full inspection, beside {benchmark.group.title}",
        ["Authority", "Inspected", "Kind", *[judgement_words(code) for code in codes]],
    )
    for row in rows:
        if row["file"]:
            grades = [grade_words(row[code]) if row[code] else "–" for code in codes]
            _row(table, [row["authority"], f"{row['inspected']:%d %b %Y}", row["framework"].upper(), *grades])
        else:
            _row(table, [row["authority"], "no report"])
    return table


def timeline_table(benchmark: Benchmark) -> Table:
    """The authority's inspections of all kinds in order, with the grade of each judgement and its page."""
    table = _table(f"Inspections of {benchmark.entry.display_name}", ["Ended", "Kind", "Judgement", "Grade", ">Page"])
    before = None
    for row in benchmark.timeline_rows():
        first = row["file"] != before
        before = row["file"]
        heading = [f"{row['inspected']:%d %b %Y}" if row["inspected"] else "undated", row["framework"].upper()]
        judged = ["no graded judgement", "", ""]
        if row["judgement"]:
            judged = [judgement_words(row["judgement"]), grade_words(row["grade"]), str(row["page"])]
        _row(table, [*(heading if first else ["", ""]), *judged])
    return table


def statistics_table(picture: NationalPicture) -> Stack:
    """The national picture: England, regions, judgements, re-inspections."""
    from rich.console import Group as Stack
    from rich.text import Text

    table = _table(
        f"Good or outstanding at the latest inspection, as at {day(picture.as_of)}",
        ["", ">Good or outstanding", ">Of", ">Share"],
    )
    for name, count in [("England", picture.good_or_outstanding), *picture.by_region.items()]:
        _row(table, [name, str(count.n), str(count.of), percent(count.share)])
    judgements = _table("By judgement", ["Judgement", ">Good or outstanding", ">Of", ">Share"])
    for code, count in picture.by_judgement.items():
        _row(judgements, [judgement_words(code), str(count.n), str(count.of), percent(count.share)])
    again = picture.reinspected
    note = (
        f"Inspected more than once under ILACS: {again['authorities']}; improved on the first judgement: "
        f"{again['improved']}, declined: {again['declined']}, kept a good or outstanding judgement: "
        f"{again['kept_good_or_outstanding']}."
    )
    parts: list[Table | Text] = [table, judgements, Text(note)]
    if picture.left_out:
        parts.append(Text(f"{len(picture.left_out)} reports could not be counted; see left_out.", "yellow"))
    return Stack(*parts)


def report_tables(report: Report) -> Stack:
    """Facts, judgements and action list of one report."""
    from rich.console import Group as Stack
    from rich.text import Text

    name = report.authority.name if report.authority else "Unknown authority"
    parts: list[Text | Table] = [
        Text(f"{name}: {framework_words(report.framework)}, {day(inspected(report))}", "bold"),
        Text(report.source.file, "dim"),
    ]
    if report.error:
        parts.append(Text(f"Could not be read: {report.error.message}", "red"))
    parts += [Text(f"Warning: {warning}", "yellow") for warning in report.warnings]
    if report.judgements:
        parts.append(judgements_table(report.judgements))
    if report.recommendations:
        table = _table("Action list", ["Item", ">Page"])
        for item in report.recommendations:
            _row(table, [item.text or f"({NO_TEXT})", str(item.page)])
        parts.append(table)
    counts = f"{len(report.findings)} findings: {len(report.strengths)} strengths, {len(report.concerns)} concerns"
    return Stack(*parts, Text(f"{counts}{confidence(report)}"))


def _table(title: str, columns: list[str]) -> Table:
    """An empty table; a heading that starts with ">" is of numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title, "bold"), title_justify="left", box=box.SIMPLE_HEAD)
    for name in columns:
        table.add_column(name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold")
    return table


def _row(table: Table, cells: list[str]) -> None:
    """Cells as plain text, so that brackets in a report are not read as markup."""
    from rich.text import Text

    table.add_row(*[Text(cell) for cell in cells])


def judgements_table(judgements: Sequence[Judgement]) -> Table:
    """Judgements with grade, label as printed and page."""
    table = _table("Judgements", ["Judgement", "Grade", "As printed", ">Page"])
    for item in judgements:
        _row(table, [judgement_words(item.code), grade_words(item.grade), item.label, str(item.page)])
    return table


def findings_table(findings: Sequence[Finding], shown: int = FINDINGS_SHOWN) -> Table:
    """The first findings, with page, polarity, score and leading theme; the title says how many there are."""
    more = f"; the first {shown}" if len(findings) > shown else ""
    table = _table(f"{counted(len(findings), 'finding')}{more}", [">Page", "Polarity", ">Score", "Theme", "Sentence"])
    for item in findings[:shown]:
        said = item.polarity.value if item.sure else f"{item.polarity.value} (unsure)"
        _row(table, [str(item.page), said, percent(item.score), theme_title(item), item.text or f"({NO_TEXT})"])
    return table


def clustering_table(clustering: Clustering, shown: int = CLUSTERS_SHOWN) -> Stack:
    """The largest clusters of each kind, and how many findings are in none."""
    from rich.console import Group as Stack
    from rich.text import Text

    parts: list[Table | Text] = []
    for kind in dict.fromkeys(cluster.polarity for cluster in clustering.clusters):
        found = sorted((c for c in clustering.clusters if c.polarity == kind), key=lambda c: (-c.size, c.id))
        more = f", the {shown} largest" if len(found) > shown else ""
        table = _table(
            f"{kind.capitalize()}s: {counted(len(found), 'cluster')}{more}",
            [">Number", "Cluster", ">Findings", ">Authorities", "Years", "Trend"],
        )
        for c in found[:shown]:
            _row(table, [str(c.id), c.label, str(c.size), str(len(c.authorities)), years_of(c), trend_of(c)])
        parts.append(table)
    return Stack(*parts, Text(unclustered_words(clustering)))


def cluster_table(cluster: Cluster) -> Table:
    """What is known of one cluster, a row each."""
    table = _table(f"Cluster {cluster.id}: {cluster.label}", ["", ""])
    table.show_header = False
    for name, value in cluster_rows(cluster):
        _row(table, [name, value])
    return table


def cluster_rows(cluster: Cluster) -> list[tuple[str, str]]:
    """What is known of a cluster: names and values in words."""
    authorities = counted(len(cluster.authorities), "authority", "authorities")
    named = f" ({listed([*cluster.authorities[:3], f'{len(cluster.authorities) - 3} more'])})"
    few = f" ({listed(list(cluster.authorities))})" if cluster.authorities else ""
    rows = [
        ("Kind", cluster.polarity),
        ("Words", ", ".join(cluster.terms)),
        ("Findings", f"{cluster.size:,}"),
        ("Authorities", authorities + (named if len(cluster.authorities) > 4 else few)),
        ("Years", years_of(cluster)),
        ("Trend", trend_of(cluster)),
        ("Typical findings", ", ".join(cluster.typical)),
    ]
    return [(name, value) for name, value in rows if value]


def theme_title(finding: Finding) -> str:
    """The title of a finding's leading theme; empty without one."""
    known = themes()
    return known[finding.themes[0]].title if finding.themes and finding.themes[0] in known else ""


def years_of(cluster: Cluster) -> str:
    """The first and the last year of a cluster's findings."""
    years = sorted(cluster.years)
    return f"{years[0]} to {years[-1]}" if len(years) > 1 else "".join(map(str, years))


def trend_of(cluster: Cluster) -> str:
    """The direction of a cluster's trend in words; a dash where it was not worked out."""
    return cluster.trend.direction.value if cluster.trend else "–"


def unclustered_words(clustering: Clustering) -> str:
    """How many findings are in no cluster, and why."""
    reasons = clustering.unclustered
    told = ", ".join(f"{n:,} {reason.replace('_', ' ') or 'without a reason'}" for reason, n in reasons.items())
    return f"In no cluster: {sum(reasons.values()):,} of {len(clustering.assignments):,} findings" + (
        f" ({told})." if told else "."
    )
