"""Says in plain sentences what the further parts of a benchmark show, and what they cannot show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ofsted_nlp.analysis.benchmark.evidence import where
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.analysis.narrative import counted, day, listed

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark.in_depth import InDepth

SHOWN = 3
"""Themes or items that a sentence names."""


def insights(found: InDepth) -> list[str]:
    """The sentences; none without a full report."""
    if found.latest is None:
        return []
    return [
        *found.generations.sentences(),
        *_represented(found),
        *_specific(found),
        *_persistent(found),
        *_followed(found),
    ]


def _represented(found: InDepth) -> list[str]:
    rows = found.represented()
    title = found.groups[found.chief].title
    if not rows:
        return []
    if all(row.p is None for row in rows):
        return [f"Against {title}, every theme has too few reports or findings to say more or less than expected."]
    out = []
    for words in (
        "more than expected",
        "less than expected",
        "perhaps more than expected",
        "perhaps less than expected",
    ):
        named = [
            f"{row.title} as a {row.side} ({row.findings} against {row.expected:.1f} expected; usual are "
            f"{row.usual[0]} to {row.usual[1]})"
            for row in sorted(rows, key=lambda row: row.p or 0.0)
            if row.verdict == words and row.usual
        ]
        if named:
            chosen = [*named[:SHOWN], *([f"{len(named) - SHOWN} more"] if len(named) > SHOWN else [])]
            out.append(f"{words.capitalize()} in a report of this length: {listed(chosen)}.")
    verdicts = Counter(row.verdict for row in rows)
    few, none = verdicts["too few to tell"], verdicts["no clear difference"]
    out.append(
        f"Of {counted(len(rows), 'comparison')} with {title} (themes as concern and as strength), {none} show no clear "
        f"difference and {few} are too few to tell."
    )
    return out


def _specific(found: InDepth) -> list[str]:
    if not found.specific:
        return []
    named = [
        f"{row.title if row.kind == 'cluster' else f'{row.title} as a {row.side}'} ({where(row.evidence)}; "
        f"{len(row.others)} of {row.reports} others)"
        for row in found.specific[:SHOWN]
    ]
    return [f"Hardly any other report of its kind in England raises: {listed(named)}."]


def _persistent(found: InDepth) -> list[str]:
    persistence = found.persistence
    if len(persistence.reports) < 2:
        return ["There are not two full reports with findings here, so nothing can be said of what persists."]
    persisting = persistence.of("persists")
    *_, before, latest = persistence.reports
    out = []
    if persisting:
        named = []
        for thread in persisting[:SHOWN]:
            n, of = thread.usual
            usual = f"; so it was for {n} of {of} others" if thread.usual_share is not None else ""
            named.append(
                f"{thread.title} ({where(thread.raised[-2].findings)}, then {where(thread.raised[-1].findings)}{usual})"
            )
        out.append(
            f"Raised as a concern on {day(inspected(before))} and again on {day(inspected(latest))}: "
            f"{counted(len(persisting), 'theme')}{', first ' if len(persisting) > SHOWN else ': '}{listed(named)}. The "
            "same theme is not always the same failing."
        )
    back = persistence.of("returns")
    gone = [thread for thread in persistence.of("gone") if thread.raised[-2].findings]
    when = day(inspected(before))
    for threads, words in (
        (back, f"A concern now and earlier, but not on {when}"),
        (gone, f"Concerns on {when} that the latest report does not raise"),
    ):
        titles = [thread.title for thread in threads]
        if titles:
            chosen = [*titles[:5], *([f"{len(titles) - 5} more"] if len(titles) > 5 else [])]
            out.append(f"{words}: {listed(chosen)}.")
    return out


def _followed(found: InDepth) -> list[str]:
    rows = [row for row in found.follow_up if row.later is found.latest]
    if not rows:
        return []
    words = [f"{n} {verdict}" for verdict, n in Counter(row.verdict for row in rows).most_common()]
    worded = any(row.basis == "wording" for row in rows)
    basis = "by theme and wording" if worded else "by leading theme alone, as the texts are not at hand"
    when = day(inspected(rows[0].earlier))
    out = [
        f"Of the {counted(len(rows), 'item')} of the action list of {when}, by what the next report says on their "
        f"subject ({basis}): {listed(words)}."
    ]
    left = [row for row in rows if row.verdict == "still a concern"]
    if left:
        named = [f"{_name(row.item.number, row.item.page)} (then {where(row.evidence)})" for row in left[:SHOWN]]
        out.append(f"On these the next report reports only concerns: {listed(named)}.")
    return out


def _name(number: str | None, page: int) -> str:
    return f"item {number} on page {page}" if number else f"the item on page {page}"
