"""The tables of the store, and how records become rows and rows records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ofsted_nlp.records import Clause, Figure, Finding, Polarity, Report, Strength

SCHEMA_VERSION = 2
"""Version of the tables below. A store of a higher one is refused, one of a lower gets the columns it lacks, empty."""

TABLES: dict[str, dict[str, str]] = {
    "documents": {
        "sha256": "VARCHAR PRIMARY KEY",
        "extractor_version": "VARCHAR NOT NULL",
        "added_at": "TIMESTAMP NOT NULL DEFAULT current_timestamp::TIMESTAMP",
        "file": "VARCHAR NOT NULL",
        "path": "VARCHAR",
        "url": "VARCHAR",
        "pages": "INTEGER",
        "status": "VARCHAR NOT NULL",
        "error_code": "VARCHAR",
        "error_message": "VARCHAR",
        "framework": "VARCHAR",
        "urn": "INTEGER",
        "la_code": "INTEGER",
        "gss_code": "VARCHAR",
        "authority": "VARCHAR",
        "inspection_start": "DATE",
        "inspection_end": "DATE",
        "published": "DATE",
        "published_on": "DATE",
        "previous_inspection": "DATE",
        "lead_inspector": "VARCHAR",
        "theme": "VARCHAR",
        "record": "VARCHAR NOT NULL",
    },
    "judgements": {
        "sha256": "VARCHAR",
        "position": "INTEGER",
        "inspection": "VARCHAR",
        "code": "VARCHAR",
        "grade": "VARCHAR",
        "label": "VARCHAR",
        "printed": "VARCHAR",
        "page": "INTEGER",
    },
    "recommendations": {
        "sha256": "VARCHAR",
        "position": "INTEGER",
        "kind": "VARCHAR",
        "section": "VARCHAR",
        "number": "VARCHAR",
        "text": "VARCHAR",
        "page": "INTEGER",
        "span_start": "INTEGER",
        "span_end": "INTEGER",
        "responsible": "VARCHAR",
        "deadline": "VARCHAR",
        "themes": "VARCHAR[]",
    },
    "findings": {
        "sha256": "VARCHAR",
        "position": "INTEGER",
        "id": "VARCHAR",
        "page": "INTEGER",
        "section": "VARCHAR",
        "text": "VARCHAR",
        "polarity": "VARCHAR",
        "score": "DOUBLE",
        "themes": "VARCHAR[]",
        "span_start": "INTEGER",
        "span_end": "INTEGER",
        "subject": "VARCHAR",
        "named": "VARCHAR[]",
        "cluster": "INTEGER",
        "clauses": "VARCHAR",
        "things": "VARCHAR[]",
        "kinds": "VARCHAR[]",
    },
    "figures": {
        "sha256": "VARCHAR",
        "position": "INTEGER",
        "text": "VARCHAR",
        "value": "DOUBLE",
        "unit": "VARCHAR",
        "page": "INTEGER",
        "counts": "VARCHAR",
        "predicate": "VARCHAR",
        "compared_with": "VARCHAR",
        "compared_value": "DOUBLE",
        "direction": "VARCHAR",
        "comparator": "VARCHAR",
        "as_of": "VARCHAR",
        "span_start": "INTEGER",
        "span_end": "INTEGER",
        "section": "VARCHAR",
        "finding": "VARCHAR",
    },
}
"""Tables and columns, for readers with SQL. ``documents.record`` is the report as JSON without its findings,
which are rebuilt from their own table; ``published`` is printed in the report, ``published_on`` is the day on
which the site published it; ``judgements.inspection`` is "this" or "previous"; spans count
characters in the document's text; ``findings.clauses`` is a JSON list of objects with polarity, score, start, end;
``figures.finding`` is the id of the finding that the figure stands in."""

CHILDREN = tuple(name for name in TABLES if name != "documents")

FINDING_COLUMNS = tuple(name for name in TABLES["findings"] if name not in ("sha256", "position"))


def child_rows(report: Report) -> dict[str, list[dict[str, Any]]]:
    """The rows of a report for every table but ``documents``."""
    sha256 = report.source.sha256

    def rows(items: Iterable[Any], **extra: Any) -> list[dict[str, Any]]:
        return [{"sha256": sha256, "position": i, **extra, **_columns(item)} for i, item in enumerate(items)]

    return {
        "judgements": rows(report.judgements, inspection="this")
        + rows(report.previous_judgements, inspection="previous"),
        "recommendations": rows(report.recommendations),
        "findings": rows(report.findings),
        "figures": rows(report.figures),
    }


def arrow_table(table: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as a pyarrow table with the columns and types of ``TABLES[table]``."""
    import pyarrow

    types = {
        "VARCHAR": pyarrow.string(),
        "INTEGER": pyarrow.int32(),
        "DOUBLE": pyarrow.float64(),
        "DATE": pyarrow.date32(),
        "TIMESTAMP": pyarrow.timestamp("us"),
        "VARCHAR[]": pyarrow.list_(pyarrow.string()),
    }
    columns = {name: types[kind.split()[0]] for name, kind in TABLES[table].items()}
    return pyarrow.table({name: pyarrow.array([row.get(name) for row in rows], kind) for name, kind in columns.items()})


def _columns(item: Any) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in item.__dataclass_fields__}
    if "start" in values:
        values["span_start"], values["span_end"] = values.pop("start"), values.pop("end")
    if isinstance(item, Finding):
        strength = values.pop("strength")
        values["polarity"] = item.polarity.value
        values["clauses"] = _clauses_text(item.clauses)
        values["subject"] = strength.subject if strength else None
        for name in ("named", "things", "kinds"):
            values[name] = getattr(strength, name) if strength else None
    if isinstance(item, Figure):
        comparison = values.pop("comparison")
        values["compared_with"] = comparison.kind if comparison else None
        values["compared_value"] = comparison.value if comparison else None
        values["direction"] = comparison.direction if comparison else None
    return values


def _clauses_text(clauses: Sequence[Clause]) -> str | None:
    """Clauses as JSON, without their words, which the sentence holds; None for none."""
    kept = [{"polarity": c.polarity.value, "score": c.score, "start": c.start, "end": c.end} for c in clauses]
    return json.dumps(kept) if kept else None


def clauses_of(written: str | None, text: str, start: int) -> tuple[Clause, ...]:
    """The clauses of a finding with this text and start, from the column ``clauses``."""
    return tuple(
        Clause(Polarity(c["polarity"]), c["score"], text[c["start"] - start : c["end"] - start], c["start"], c["end"])
        for c in json.loads(written or "[]")
    )


def finding_of(values: Sequence[Any]) -> Finding:
    """The finding whose values ``FINDING_COLUMNS`` are."""
    id_, page, section, text, polarity, score, themes, start, end, subject, named, cluster, clauses, *rest = values
    return Finding(
        id=id_,
        page=page,
        section=section,
        text=text,
        polarity=Polarity(polarity),
        score=score,
        themes=tuple(themes),
        start=start,
        end=end,
        strength=None if subject is None else Strength(subject, tuple(named), *(tuple(some or ()) for some in rest)),
        cluster=cluster,
        clauses=clauses_of(clauses, text, start),
    )


def document_row(report: Report, extractor_version: str, path: str | Path | None) -> dict[str, Any]:
    """The row of a report in ``documents``, but for the time it was added."""
    source, inspection, authority = report.source, report.inspection, report.authority
    return {
        "sha256": source.sha256,
        "extractor_version": extractor_version,
        "file": source.file,
        "path": str(Path(path).resolve()) if path is not None else None,
        "url": source.url,
        "pages": source.pages,
        "status": report.status,
        "error_code": report.error.code if report.error else None,
        "error_message": report.error.message if report.error else None,
        "framework": report.framework,
        "urn": authority.urn if authority else None,
        "la_code": authority.la_code if authority else None,
        "gss_code": authority.gss_code if authority else None,
        "authority": authority.name if authority else None,
        "inspection_start": inspection.start,
        "inspection_end": inspection.end,
        "published": inspection.published,
        "published_on": source.published_on,
        "previous_inspection": inspection.previous,
        "lead_inspector": inspection.lead_inspector,
        "theme": inspection.theme,
        "record": json.dumps(replace(report, findings=()).to_dict(), ensure_ascii=False),
    }
