"""Stores as earlier versions of the package made them, with a report and an article inside."""

from __future__ import annotations

from pathlib import Path

import duckdb
from store_samples import FULL, article

from ofsted_nlp.store.schema import article_row, child_rows, document_row, story_row

_ADDED = "added_at TIMESTAMP NOT NULL DEFAULT current_timestamp::TIMESTAMP"
FIRST = {
    "documents": (
        f"sha256 VARCHAR PRIMARY KEY, extractor_version VARCHAR NOT NULL, {_ADDED}, file VARCHAR NOT NULL, "
        "path VARCHAR, url VARCHAR, pages INTEGER, status VARCHAR NOT NULL, error_code VARCHAR, error_message VARCHAR, "
        "framework VARCHAR, urn INTEGER, la_code INTEGER, gss_code VARCHAR, authority VARCHAR, inspection_start DATE, "
        "inspection_end DATE, published DATE, published_on DATE, previous_inspection DATE, lead_inspector VARCHAR, "
        "theme VARCHAR, record VARCHAR NOT NULL"
    ),
    "judgements": (
        "sha256 VARCHAR, position INTEGER, inspection VARCHAR, code VARCHAR, grade VARCHAR, label VARCHAR, "
        "printed VARCHAR, page INTEGER"
    ),
    "recommendations": (
        "sha256 VARCHAR, position INTEGER, kind VARCHAR, section VARCHAR, number VARCHAR, text VARCHAR, page INTEGER, "
        "span_start INTEGER, span_end INTEGER, responsible VARCHAR, deadline VARCHAR, themes VARCHAR[]"
    ),
    "findings": (
        "sha256 VARCHAR, position INTEGER, id VARCHAR, page INTEGER, section VARCHAR, text VARCHAR, polarity VARCHAR, "
        "score DOUBLE, themes VARCHAR[], span_start INTEGER, span_end INTEGER, subject VARCHAR, named VARCHAR[], "
        "cluster INTEGER"
    ),
    "figures": "sha256 VARCHAR, position INTEGER, text VARCHAR, value DOUBLE, unit VARCHAR, page INTEGER",
}
SECOND = {
    **FIRST,
    "findings": f"{FIRST['findings']}, clauses VARCHAR, things VARCHAR[], kinds VARCHAR[]",
    "figures": (
        f"{FIRST['figures']}, counts VARCHAR, predicate VARCHAR, compared_with VARCHAR, compared_value DOUBLE, "
        "direction VARCHAR, comparator VARCHAR, as_of VARCHAR, span_start INTEGER, span_end INTEGER, section VARCHAR, "
        "finding VARCHAR"
    ),
}
THIRD = {
    **SECOND,
    "articles": (
        f"sha256 VARCHAR PRIMARY KEY, extractor_version VARCHAR NOT NULL, {_ADDED}, file VARCHAR NOT NULL, "
        "path VARCHAR, url VARCHAR, source VARCHAR, site VARCHAR, title VARCHAR, published DATE, byline VARCHAR, "
        "partial BOOLEAN, repeats VARCHAR, stories INTEGER, reports VARCHAR, compared_with VARCHAR, "
        "record VARCHAR NOT NULL"
    ),
    "stories": (
        "sha256 VARCHAR, number INTEGER, urn INTEGER, authority VARCHAR, title VARCHAR, report_sha256 VARCHAR, "
        "report_published DATE, report_grade VARCHAR, grade VARCHAR, tone VARCHAR, judgements INTEGER, "
        "judgements_agreeing INTEGER, judgements_differing INTEGER, quotes INTEGER, quotes_in_report INTEGER, "
        "quotes_not_in_report INTEGER, recommendations INTEGER, recommendations_matched INTEGER, figures INTEGER, "
        "figures_in_report INTEGER, figures_not_in_report INTEGER, strengths INTEGER, concerns INTEGER, "
        "planned_actions INTEGER"
    ),
}
SCHEMAS = {1: FIRST, 2: SECOND, 3: THIRD}


def make(path: Path, version: int) -> None:
    """A store of an earlier schema that holds ``FULL`` and, where it can, an article."""
    rows = {"documents": [document_row(FULL, "1", "/reports/x.pdf")], **child_rows(FULL)}
    rows["articles"] = [article_row(article(1), "1", url="https://example.org/1")]
    rows["stories"] = [story_row(article(1).page.sha256, story) for story in article(1)]
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE schema_version (version INTEGER)")
        connection.execute("INSERT INTO schema_version VALUES (?)", [version])
        for table, columns in SCHEMAS[version].items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]
            for row in rows[table]:
                kept = {name: row[name] for name in names if name in row}
                marks = ", ".join("?" * len(kept))
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})",
                    [list(value) if isinstance(value, tuple) else value for value in kept.values()],
                )
