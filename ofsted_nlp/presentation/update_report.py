"""What an update brought, in a few lines of plain text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from ofsted_nlp.analysis.inspections import framework_words, grade_words, judgement_words
from ofsted_nlp.analysis.narrative import counted, day, listed

SHOWN_CHANGES = 20
SHOWN = 3
LONGEST = 160
"""Changes, statements of a kind, and characters of a statement that are printed; all are in the JSON."""


def update_text(update: Mapping[str, Any]) -> list[str]:
    """An update (``Update.to_dict``) as lines; one line if nothing is new."""
    changes: Sequence[Mapping[str, Any]] = update["changes"]
    lines: list[str] = []
    for change in changes[:SHOWN_CHANGES]:
        lines += [heading(change), *(f"  {line}" for line in details(change))]
    if len(changes) > SHOWN_CHANGES:
        lines.append(f"And {len(changes) - SHOWN_CHANGES} more; --format json has all.")
    if update["with_text"]:
        lines.append(f"{counted(update['with_text'], 'report')} of the national annotations can be read now.")
    further = []
    if update["read_again"]:
        further.append(f"{counted(update['read_again'], 'document')} read again, as the extractor is newer")
    if update["refreshed"]:
        further.append(f"refreshed {listed(update['refreshed'])}")
    said = [_sentence(further)] if further else []
    return [*lines, *said] if lines else [" ".join(["Nothing new since the last update.", *said])]


def _sentence(parts: Sequence[str]) -> str:
    words = "; ".join(parts)
    return f"{words[0].upper()}{words[1:]}."


def heading(change: Mapping[str, Any]) -> str:
    """Who, when and what: "Blackpool, 28 July 2026: new report (…)."."""
    who = listed(change["authorities"]) if change["authorities"] else change["file"]
    when = f", {day(_date(change['published']))}" if change["published"] else ""
    return f"{who}{when}: {_what(change)}."


def _what(change: Mapping[str, Any]) -> str:
    if change["kind"] == "article":
        site = f" ({change['site']})" if change["site"] else ""
        return f"press coverage, “{change['title'] or change['file']}”{site}"
    if change["error"]:
        return "new file that could not be read"
    inspection = framework_words(change["framework"])
    older = "" if change["latest"] else "earlier "
    dates = f", inspected until {day(_date(change['end']))}" if change["end"] else ""
    return f"new {older}report, {inspection}{dates}"


def details(change: Mapping[str, Any]) -> list[str]:
    """What the change brings, a line each."""
    if change["error"]:
        return [change["error"]]
    if change["kind"] == "article":
        return _article(change)
    lines = [_grade(item) for item in change["grades"]]
    lines.append(
        f"{counted(change['concerns'], 'concern')}, {counted(change['strengths'], 'strength')} and "
        f"{counted(len(change['recommendations']), 'recommendation')}."
    )
    if change["compared"]:
        lines += _some("New concerns, of a kind not in its earlier reports", change["new_concerns"])
        new = [f"{item['label']} ({item['findings']})" for item in change["clusters"]]
        if new:
            more = f" and {len(new) - 2 * SHOWN} more" if len(new) > 2 * SHOWN else ""
            lines.append(f"Clusters new for it: {'; '.join(new[: 2 * SHOWN])}{more}.")
    else:
        lines.append("No earlier report on it is known.")
    lines += _some("Recommendations", change["recommendations"])
    lines.append(change["url"] or change["file"])
    return lines


def _article(change: Mapping[str, Any]) -> list[str]:
    lines = []
    if change["differing"]:
        lines.append(f"{counted(change['differing'], 'judgement')} told otherwise than in the report.")
    return [*lines, change["url"] or change["file"]]


def _grade(item: Mapping[str, Any]) -> str:
    now = grade_words(item["grade"]).lower()
    before = item["before"] and grade_words(item["before"]).lower()
    since = f" in {_date(item['before_on']):%B %Y}" if item["before_on"] else ""
    if before is None:
        was = ""
    elif before == now:
        was = f" (as{since or ' before'})"
    else:
        was = f" (was {before}{since})"
    return f"{judgement_words(item['code'])}: {now}{was}, page {item['page']}."


def _some(title: str, items: Sequence[Mapping[str, Any]]) -> list[str]:
    if not items:
        return []
    lines = [f"{title} ({len(items)}):"]
    lines += [f"  p. {item['page']}: {_short(item['text'])}" for item in items[:SHOWN]]
    if len(items) > SHOWN:
        lines.append(f"  and {len(items) - SHOWN} more")
    return lines


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rsplit(' ', 1)[0]} …"


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
