"""A benchmark as plain data, for JSON and for templates."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.benchmark import follow_up, persistence, representation
from ofsted_nlp.analysis.comparison import NO_TEXT, Profile
from ofsted_nlp.analysis.inspections import inspected, published
from ofsted_nlp.records import Polarity

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark


def plain(benchmark: Benchmark) -> dict[str, Any]:
    """The data in the shape of ``ofsted-nlp benchmark --format json``."""
    from ofsted_nlp.analysis.benchmark import METHOD

    latest = benchmark.latest
    return {
        "schema_version": 1,
        "authority": {
            "urn": benchmark.entry.urn,
            "la_code": benchmark.entry.la_code,
            "gss_code": benchmark.entry.gss_code,
            "name": benchmark.entry.name,
            "region": benchmark.entry.region,
        },
        "as_of": benchmark.as_of and benchmark.as_of.isoformat(),
        "against": benchmark.chief,
        "groups": {
            name: {
                "title": group.title,
                "authorities": [entry.name for entry in group.members],
                "without_report": [entry.name for entry in group.without_report],
            }
            for name, group in benchmark.groups.items()
        },
        "report": latest
        and {
            "file": latest.source.file,
            "sha256": latest.source.sha256,
            "framework": latest.framework,
            "inspected": _iso(inspected(latest)),
            "published": _iso(published(latest)),
            "evaluative_findings": Profile(latest).evaluative,
            "unsure_findings": Profile(latest).unsure,
            "judgements": [{"code": j.code, "grade": j.grade, "page": j.page} for j in latest.judgements],
        },
        "summary": benchmark.summary,
        "themes": [theme.to_dict() for theme in benchmark.themes],
        "timeline": [{key: _iso(value) for key, value in row.items()} for row in benchmark.timeline_rows()],
        "peers": [{key: _iso(value) for key, value in row.items()} for row in benchmark.peer_rows()],
        "recommendations": [
            {
                "kind": item.kind,
                "section": item.section,
                "number": item.number,
                "text": item.text or NO_TEXT,
                "page": item.page,
                "themes": list(item.themes),
            }
            for item in benchmark.recommendations
        ],
        "top_concerns": _top_rows(benchmark, Polarity.CONCERN),
        "top_strengths": _top_rows(benchmark, Polarity.STRENGTH),
        "method": METHOD,
        **in_depth(benchmark),
    }


def in_depth(benchmark: Benchmark) -> dict[str, Any]:
    """What goes beyond the comparison of shares: each part, and under "methods" how its numbers are made."""
    groups = dict.fromkeys((benchmark.chief, "england"))
    return {
        "asked": benchmark.asked,
        "insights": benchmark.insights,
        "generations": benchmark.generations.to_dict(),
        "representation": [
            {
                "group": group,
                "kind": kind,
                "shares": of,
                "rows": [row.to_dict() for row in rows if kind == "theme" or row.p is not None],
                "too_few_to_tell": sum(row.p is None for row in rows),
            }
            for group in groups
            for kind in ("theme", "cluster")
            for of in representation.BASES
            for rows in (benchmark.represented(kind, of, group),)
        ],
        "specific": [row.to_dict() for row in benchmark.specific],
        "persistence": benchmark.persistence.to_dict(),
        "follow_up": [row.to_dict() for row in benchmark.follow_up],
        "methods": {
            "representation": representation.METHOD,
            "persistence": persistence.METHOD,
            "follow_up": follow_up.METHOD,
        },
    }


def _top_rows(benchmark: Benchmark, polarity: Polarity) -> list[dict[str, Any]]:
    return [
        {
            "theme": theme.code,
            "id": finding.id,
            "page": finding.page,
            "text": finding.text or NO_TEXT,
            "score": finding.score,
        }
        for theme, found in benchmark.top(polarity)
        for finding in found
    ]


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
