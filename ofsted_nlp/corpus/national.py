"""The national annotations that the package carries: facts and spans of real reports, without their text."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from ofsted_nlp.store.schema import TABLES, arrow_table, child_rows, document_row

if TYPE_CHECKING:
    import pandas

FOLDER = Path(__file__).resolve().parent.parent / "data" / "national"
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

CLUSTERS = "clusters.parquet"
"""File of the clusters: a row each with id, label, polarity, theme, terms, size and typical findings' ids."""

_SENTENCE = re.compile(r"\b(?:is|are|was|were|has|have|requires?)\b|.{120}", re.IGNORECASE)


def available(folder: Path | None = None) -> bool:
    """Whether the annotations are there."""
    folder = folder or FOLDER
    return all((folder / f"{table}.parquet").is_file() for table in COLUMNS)


def write(
    reports: Iterable[Report],
    folder: Path,
    *,
    extractor_version: str,
    cluster_of: Mapping[str, int] | None = None,
    clusters: Sequence[Mapping[str, Any]] = (),
) -> dict[str, int]:
    """Write the annotations of reports, without their text.

    Args:
        reports: full records; their order is kept.
        folder: where the four Parquet files go.
        extractor_version: version of the extractor that made the reports.
        cluster_of: cluster of a finding by its id.
        clusters: rows for ``CLUSTERS``.

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
            finding["cluster"] = (cluster_of or {}).get(finding["id"], finding["cluster"])
            finding["score"] = round(finding["score"], 3)
        for judgement in children["judgements"]:
            if _SENTENCE.search(judgement["label"]):
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
    described = pyarrow.Table.from_pylist([dict(row) for row in clusters], schema=_cluster_schema())
    parquet.write_table(described, folder / CLUSTERS, compression="zstd", compression_level=19)
    return {**{table: len(rows[table]) for table in COLUMNS}, "clusters": len(clusters)}


def _cluster_schema() -> Any:
    import pyarrow

    text, whole = pyarrow.string(), pyarrow.int32()
    many = pyarrow.list_(text)
    kinds = (whole, text, text, text, many, whole, many)
    return pyarrow.schema(
        list(zip(("id", "label", "polarity", "theme", "terms", "size", "typical"), kinds, strict=True))
    )


def reports(*, only: Collection[str] | None = None, findings: bool = True, folder: Path | None = None) -> list[Report]:
    """The annotated reports, by file name, with empty texts; an empty list if the package carries none.

    Args:
        only: the SHA-256s of the documents wanted; None for all.
        findings: whether to build the findings too.
        folder: where the Parquet files are; None for those of the package.
    """
    folder = folder or FOLDER
    if not available(folder):
        return []
    chosen = [report for report in _facts(folder) if only is None or report.source.sha256 in only]
    if not findings or not chosen:
        return chosen
    found = _findings(folder, None if only is None else {report.source.sha256 for report in chosen})
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


def _findings(folder: Path, only: Collection[str] | None) -> dict[str, list[Finding]]:
    """The findings by document; column by column, as there are more than a hundred thousand."""
    from pyarrow import parquet

    filters = None if only is None else [("sha256", "in", sorted(only))]
    table = parquet.read_table(folder / "findings.parquet", filters=filters)
    polarities = {polarity.value: polarity for polarity in Polarity}
    found: dict[str, list[Finding]] = {}
    names = ("sha256", "id", "page", "section", "polarity", "score", "themes", "span_start", "span_end", "cluster")
    columns = (table.column(name).to_pylist() for name in names)
    for sha256, id_, page, section, polarity, score, themes, start, end, cluster in zip(*columns, strict=True):
        finding = Finding(
            id=id_,
            page=page,
            section=section,
            text="",
            polarity=polarities[polarity],
            score=score,
            themes=tuple(themes),
            start=start,
            end=end,
            cluster=cluster,
        )
        found.setdefault(sha256, []).append(finding)
    return found


def _rows(table: str, folder: Path) -> list[dict[str, Any]]:
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(folder / f"{table}.parquet").to_pylist()
    return rows


def cluster_of(only: Collection[str], folder: Path | None = None) -> dict[str, int]:
    """The cluster of each finding, by its id, of the documents with these SHA-256s."""
    from pyarrow import parquet

    folder = folder or FOLDER
    if not only or not available(folder):
        return {}
    table = parquet.read_table(
        folder / "findings.parquet", columns=["id", "cluster"], filters=[("sha256", "in", sorted(only))]
    )
    pairs = zip(table.column("id").to_pylist(), table.column("cluster").to_pylist(), strict=True)
    return {id_: cluster for id_, cluster in pairs if cluster is not None}


def clusters(folder: Path | None = None) -> list[dict[str, Any]]:
    """The national clusters: id, label, polarity, theme, terms, size and the ids of typical findings."""
    from pyarrow import parquet

    file = (folder or FOLDER) / CLUSTERS
    return parquet.read_table(file).to_pylist() if file.is_file() else []


def hashes(folder: Path | None = None) -> frozenset[str]:
    """The SHA-256s of the annotated documents."""
    from pyarrow import parquet

    folder = folder or FOLDER
    if not available(folder):
        return frozenset()
    return frozenset(parquet.read_table(folder / "documents.parquet", columns=["sha256"])["sha256"].to_pylist())


def views(folder: Path | None = None) -> dict[str, str]:
    """For each table an SQL expression that gives the annotations with all columns of the store's table."""
    folder = folder or FOLDER
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


def years(frame: pandas.DataFrame) -> list[int | None]:
    """The year of the inspection of each row, None where it has no date."""
    dates = frame["inspection_end"].fillna(frame["published"]).fillna(frame["published_on"])
    return [None if date != date else date.year for date in dates]
