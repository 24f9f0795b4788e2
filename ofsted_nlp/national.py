"""The national annotations that the package carries: facts and spans of real reports, without their text."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ofsted_nlp.records import (
    Authority,
    Failure,
    Finding,
    Inspection,
    Judgement,
    Missing,
    Polarity,
    Recommendation,
    Report,
    Source,
)
from ofsted_nlp.schema import TABLES, arrow_table, child_rows, document_row

FOLDER = Path(__file__).parent / "data" / "national"
NO_TEXT = "From the national annotations, which hold no text: add the PDF to see the sentences."
"""The warning that every report from here carries."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "documents": (
        "sha256",
        "extractor_version",
        "file",
        "url",
        "pages",
        "status",
        "error_code",
        "framework",
        "urn",
        "la_code",
        "gss_code",
        "authority",
        "inspection_start",
        "inspection_end",
        "published",
        "published_on",
        "previous_inspection",
        "lead_inspector",
        "theme",
        "absent",
    ),
    "judgements": ("sha256", "position", "inspection", "code", "grade", "label", "page"),
    "recommendations": (
        "sha256",
        "position",
        "kind",
        "section",
        "number",
        "page",
        "span_start",
        "span_end",
        "themes",
    ),
    "findings": (
        "sha256",
        "position",
        "id",
        "page",
        "section",
        "polarity",
        "score",
        "themes",
        "span_start",
        "span_end",
        "cluster",
    ),
}
"""Columns of each file ``<table>.parquet``: those of the store, less every column that holds sentences."""

_LONGEST_LABEL = 120


def available(folder: Path = FOLDER) -> bool:
    """Whether the annotations are there."""
    return all((folder / f"{table}.parquet").is_file() for table in COLUMNS)


def write(
    reports: Iterable[Report],
    folder: Path,
    *,
    extractor_version: str,
    clusters: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Write the annotations of reports, without their text.

    Args:
        reports: full records; their order is kept.
        folder: where the four Parquet files go.
        extractor_version: version of the extractor that made the reports.
        clusters: cluster of a finding by its id.

    Returns:
        The number of rows of each file.
    """
    import pyarrow
    from pyarrow import parquet

    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in COLUMNS}
    for report in reports:
        absent = {key: reason.value for key, reason in report.inspection.absent.items()}
        row = document_row(report, extractor_version, None)
        rows["documents"].append({**row, "absent": json.dumps(absent, sort_keys=True)})
        children = child_rows(report)
        for finding in children["findings"]:
            finding["cluster"] = (clusters or {}).get(finding["id"], finding["cluster"])
            finding["score"] = round(finding["score"], 3)
        for judgement in children["judgements"]:
            if len(judgement["label"]) > _LONGEST_LABEL:
                judgement["label"] = ""
        for table in ("judgements", "recommendations", "findings"):
            rows[table] += children[table]
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        whole = arrow_table(table, rows[table])
        if "absent" in columns:
            whole = whole.append_column("absent", pyarrow.array([row["absent"] for row in rows[table]]))
        whole = whole.select(list(columns))
        if "score" in columns:
            at = columns.index("score")
            whole = whole.set_column(at, "score", whole["score"].cast(pyarrow.float32()))
        spans = [name for name in ("position", "span_start", "span_end") if name in columns]
        parquet.write_table(
            whole,
            folder / f"{table}.parquet",
            compression="zstd",
            compression_level=19,
            use_dictionary=[name for name in columns if name not in (*spans, "id")],
            column_encoding=dict.fromkeys(spans, "DELTA_BINARY_PACKED"),
        )
    return {table: len(rows[table]) for table in COLUMNS}


def reports(*, only: Collection[str] | None = None, findings: bool = True, folder: Path = FOLDER) -> list[Report]:
    """The annotated reports, by file name, with empty texts; an empty list if the package carries none.

    Args:
        only: the SHA-256s of the documents wanted; None for all.
        findings: whether to build the findings too.
        folder: where the Parquet files are.
    """
    if not available(folder):
        return []
    chosen = [report for report in _facts(folder) if only is None or report.source.sha256 in only]
    if not findings:
        return chosen
    few = None if only is None else {report.source.sha256 for report in chosen}
    found: dict[str, list[Finding]] = {}
    for row in _rows("findings", folder, few):
        found.setdefault(row["sha256"], []).append(_finding(row))
    return [replace(report, findings=tuple(found.get(report.source.sha256, ()))) for report in chosen]


@cache
def _facts(folder: Path) -> tuple[Report, ...]:
    judgements: dict[tuple[str, str], list[Judgement]] = {}
    for row in _rows("judgements", folder):
        item = Judgement(row["code"], row["grade"], row["label"], row["page"])
        judgements.setdefault((row["sha256"], row["inspection"]), []).append(item)
    actions: dict[str, list[Recommendation]] = {}
    for row in _rows("recommendations", folder):
        item_ = Recommendation(
            kind=row["kind"],
            section=row["section"],
            number=row["number"],
            text="",
            page=row["page"],
            start=row["span_start"],
            end=row["span_end"],
            themes=tuple(row["themes"]),
        )
        actions.setdefault(row["sha256"], []).append(item_)
    made = []
    for row in _rows("documents", folder):
        sha256 = row["sha256"]
        made.append(
            replace(
                _document(row),
                judgements=tuple(judgements.get((sha256, "this"), ())),
                previous_judgements=tuple(judgements.get((sha256, "previous"), ())),
                recommendations=tuple(actions.get(sha256, ())),
            )
        )
    return tuple(sorted(made, key=lambda report: (report.source.file, report.source.sha256)))


def _document(row: Mapping[str, Any]) -> Report:
    authority, error = None, None
    if row["urn"] is not None:
        authority = Authority(row["urn"], row["la_code"], row["gss_code"], row["authority"])
    if row["error_code"]:
        error = Failure(row["error_code"], "It could not be read when the national annotations were made.")
    return Report(
        source=Source(row["file"], row["sha256"], row["pages"], row["url"], row["published_on"]),
        status=row["status"],
        error=error,
        warnings=(NO_TEXT,),
        framework=row["framework"],
        authority=authority,
        inspection=Inspection(
            start=row["inspection_start"],
            end=row["inspection_end"],
            published=row["published"],
            lead_inspector=row["lead_inspector"],
            previous=row["previous_inspection"],
            theme=row["theme"],
            absent={key: Missing(reason) for key, reason in json.loads(row["absent"]).items()},
        ),
    )


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(
        id=row["id"],
        page=row["page"],
        section=row["section"],
        text="",
        polarity=Polarity(row["polarity"]),
        score=row["score"],
        themes=tuple(row["themes"]),
        start=row["span_start"],
        end=row["span_end"],
        cluster=row["cluster"],
    )


def _rows(table: str, folder: Path, only: Collection[str] | None = None) -> list[dict[str, Any]]:
    from pyarrow import parquet

    filters = None if only is None else [("sha256", "in", sorted(only))]
    if only is not None and not only:
        return []
    rows: list[dict[str, Any]] = parquet.read_table(folder / f"{table}.parquet", filters=filters).to_pylist()
    return rows


def views(folder: Path = FOLDER) -> dict[str, str]:
    """For each table an SQL expression that gives the annotations with all columns of the store's table."""
    made = {}
    for table, columns in TABLES.items():
        if table not in COLUMNS:
            made[table] = f"(SELECT * FROM {table} WHERE FALSE)"
            continue
        listed = ", ".join(
            name if name in COLUMNS[table] else f"NULL::{kind.split()[0]} AS {name}" for name, kind in columns.items()
        )
        path = str(folder / f"{table}.parquet").replace("'", "''")
        made[table] = f"(SELECT {listed} FROM read_parquet('{path}'))"
    return made
