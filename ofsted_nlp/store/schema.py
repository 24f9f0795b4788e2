"""The tables of the store, and how records become rows and rows records."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from ofsted_nlp.records import Clause, Figure, Finding, Polarity, Report, Strength
from ofsted_nlp.stories import Article, Story

Outcome = Literal["new", "replaced", "unchanged"]
"""What became of a record that was to be stored."""

SCHEMA_VERSION = 4
"""Version of the tables below. A store of a higher one is refused, one of a lower gets the tables and columns it lacks,
empty."""

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
        "digest": "VARCHAR",
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
"""Tables and columns of reports, for readers with SQL. ``documents.record`` is the report as JSON without its findings,
which are rebuilt from their own table; ``digest`` is what ``findings_digest`` made of those when they were stored;
``published`` is printed in the report, ``published_on`` is the day on which the site published it;
``judgements.inspection`` is "this" or "previous"; spans count characters in the document's text; ``findings.clauses``
is a JSON list of objects with polarity, score, start, end; ``figures.finding`` is the id of the finding that the figure
stands in."""

PRESS_TABLES: dict[str, dict[str, str]] = {
    "articles": {
        "sha256": "VARCHAR PRIMARY KEY",
        "extractor_version": "VARCHAR NOT NULL",
        "added_at": "TIMESTAMP NOT NULL DEFAULT current_timestamp::TIMESTAMP",
        "file": "VARCHAR NOT NULL",
        "path": "VARCHAR",
        "url": "VARCHAR",
        "source": "VARCHAR",
        "site": "VARCHAR",
        "title": "VARCHAR",
        "published": "DATE",
        "byline": "VARCHAR",
        "partial": "BOOLEAN",
        "repeats": "VARCHAR",
        "stories": "INTEGER",
        "reports": "VARCHAR",
        "compared_with": "VARCHAR",
        "record": "VARCHAR NOT NULL",
    },
    "stories": {
        "sha256": "VARCHAR",
        "number": "INTEGER",
        "urn": "INTEGER",
        "authority": "VARCHAR",
        "title": "VARCHAR",
        "report_sha256": "VARCHAR",
        "report_published": "DATE",
        "report_grade": "VARCHAR",
        "grade": "VARCHAR",
        "tone": "VARCHAR",
        "judgements": "INTEGER",
        "judgements_agreeing": "INTEGER",
        "judgements_differing": "INTEGER",
        "quotes": "INTEGER",
        "quotes_in_report": "INTEGER",
        "quotes_not_in_report": "INTEGER",
        "recommendations": "INTEGER",
        "recommendations_matched": "INTEGER",
        "figures": "INTEGER",
        "figures_in_report": "INTEGER",
        "figures_not_in_report": "INTEGER",
        "strengths": "INTEGER",
        "concerns": "INTEGER",
        "planned_actions": "INTEGER",
    },
}
"""Tables and columns of article pages and the stories on them. ``articles.record`` is the article as JSON; ``source``
is what the page was found by; ``repeats`` is the ``sha256`` of an earlier page with the same story; ``reports`` is the
folder of PDFs named when it was added, and ``compared_with`` tells which reports it was held against. In ``stories``,
``grade`` is what the story says and ``report_grade`` what the report says; the counts with "in_report", "agreeing" and
so on are of the time when the article was last read, and leave out what could not be compared."""

UPDATE_TABLES: dict[str, dict[str, str]] = {
    "told": {"sha256": "VARCHAR PRIMARY KEY", "number": "INTEGER NOT NULL"},
    "updates": {"number": "INTEGER PRIMARY KEY", "told_at": "TIMESTAMP NOT NULL", "changes": "VARCHAR NOT NULL"},
    "outputs": {"place": "VARCHAR PRIMARY KEY", "basis": "VARCHAR NOT NULL"},
}
"""What updates have told. ``told`` has the documents and article pages that the update of this number told of (0: those
that were there before the first); ``updates.changes`` is what it told, as a JSON list; ``outputs`` has the files and
folders that updates wrote, with a digest of what they were made from."""

ALL_TABLES = TABLES | PRESS_TABLES | UPDATE_TABLES

CHILDREN = tuple(name for name in TABLES if name != "documents")

FINDING_COLUMNS = tuple(name for name in TABLES["findings"] if name not in ("sha256", "position"))


def is_stale(stored: str, current: str) -> bool:
    """Whether a record of extractor version ``stored`` should be read again by version ``current``.

    Versions are compared by their numbers, so "1.10" is newer than "1.9"; with equal numbers any other
    difference counts as newer.
    """
    if stored == current:
        return False
    old, new = ([int(part) for part in re.findall(r"\d+", version)] for version in (stored, current))
    return old <= new


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


def findings_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 of the findings of a document as ``child_rows`` has them, in their order, but for their clusters."""
    made = hashlib.sha256()
    for row in rows:
        values = [row[name] for name in FINDING_COLUMNS if name != "cluster"]
        made.update(json.dumps(values, ensure_ascii=False).encode() + b"\n")
    return made.hexdigest()


def arrow_table(table: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as a pyarrow table with the columns and types of ``ALL_TABLES[table]``."""
    import pyarrow

    types = {
        "VARCHAR": pyarrow.string(),
        "INTEGER": pyarrow.int32(),
        "DOUBLE": pyarrow.float64(),
        "BOOLEAN": pyarrow.bool_(),
        "DATE": pyarrow.date32(),
        "TIMESTAMP": pyarrow.timestamp("us"),
        "VARCHAR[]": pyarrow.list_(pyarrow.string()),
    }
    columns = {name: types[kind.split()[0]] for name, kind in ALL_TABLES[table].items()}
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


def article_row(article: Article, extractor_version: str, **known: Any) -> dict[str, Any]:
    """The row of an article in ``articles``, but for the time it was added.

    ``known`` is what the page does not say: path, url, source, repeats, reports, compared_with.
    """
    page = article.page
    path = known.get("path")
    return {
        "sha256": page.sha256,
        "extractor_version": extractor_version,
        "file": page.file,
        "path": str(Path(path).resolve()) if path is not None else None,
        "url": known.get("url") or page.url,
        "source": known.get("source"),
        "site": page.site,
        "title": page.title,
        "published": page.published,
        "byline": page.byline,
        "partial": page.partial,
        "repeats": known.get("repeats"),
        "stories": len(article),
        "reports": known.get("reports"),
        "compared_with": known.get("compared_with"),
        "record": json.dumps(article.to_dict(), ensure_ascii=False),
    }


def story_row(sha256: str, story: Story) -> dict[str, Any]:
    """The row of a story in ``stories``; ``sha256`` is that of its page."""
    report = story.report
    agrees = [item.agrees_with_report for item in story.judgements]
    said = [item.in_report for item in story.quotes]
    figures = [item.in_report for item in story.figures]
    return {
        "sha256": sha256,
        "number": story.number,
        "urn": story.urn,
        "authority": story.authority,
        "title": story.title,
        "report_sha256": report.sha256 if report else None,
        "report_published": report.published if report else None,
        "report_grade": report.grade if report else None,
        "grade": story.grade,
        "tone": story.tone,
        "judgements": len(agrees),
        "judgements_agreeing": agrees.count(True),
        "judgements_differing": agrees.count(False),
        "quotes": len(said),
        "quotes_in_report": said.count(True),
        "quotes_not_in_report": said.count(False),
        "recommendations": len(story.recommendations),
        "recommendations_matched": sum(item.report_number is not None for item in story.recommendations),
        "figures": len(figures),
        "figures_in_report": figures.count(True),
        "figures_not_in_report": figures.count(False),
        "strengths": len(story.strengths),
        "concerns": len(story.concerns),
        "planned_actions": len(story.planned_actions),
    }
