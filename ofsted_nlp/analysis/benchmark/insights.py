"""Says in plain sentences what the further parts of a benchmark show, and what they cannot show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ofsted_nlp.analysis.benchmark.evidence import where
from ofsted_nlp.analysis.benchmark.follow_up import VERDICTS
from ofsted_nlp.analysis.benchmark.subject import terms
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.analysis.narrative import counted, day, listed
from ofsted_nlp.records import Polarity, Recommendation, Report
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark.in_depth import InDepth
    from ofsted_nlp.analysis.benchmark.persistence import Thread
    from ofsted_nlp.analysis.benchmark.representation import Specific

CERTAIN = 0.95
"""Score from which a single finding is enough to say that a theme was a concern."""

WORDS = 8
"""Words by which an item without a number is named."""

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
    named = []
    for row in found.specific[:SHOWN]:
        others = f"{where(row.evidence)}; {len(row.others)} of {row.reports} others"
        if row.kind == "cluster":
            named.append(f"findings of the cluster “{row.title}” ({others}{_on_theme(found, row)})")
        else:
            named.append(f"{row.title} as a {row.side} ({others})")
    return [f"Hardly any other report of its kind in England has: {listed(named)}."] if named else []


def _on_theme(found: InDepth, row: Specific) -> str:
    """How many of the others raise a cluster's theme: that a cluster is rare does not make its theme so."""
    assert found.latest is not None
    theme = found.labels[int(row.code)].theme
    reports = [r for r in found.groups["england"].latest.values() if r.framework == found.latest.framework]
    raising = sum(
        any(f.sure and f.polarity is row.side and f.themes[:1] == (theme,) for f in report.findings)
        for report in reports
    )
    return f"; a {row.side} on its theme in {raising}" if theme in themes() else ""


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
    back = [thread.title for thread in persistence.of("returns")]
    praised = [thread.title for thread in persistence.of("gone") if _only_praised(thread, latest)]
    when = day(inspected(before))
    for titles, words in (
        (back, f"A concern now and earlier, but not on {when}"),
        (
            praised,
            f"A concern on {when}, and in the latest report praised without a concern (perhaps in other respects)",
        ),
    ):
        if titles:
            chosen = [*titles[:5], *([f"{len(titles) - 5} more"] if len(titles) > 5 else [])]
            out.append(f"{words}: {listed(chosen)}.")
    return out


def _only_praised(thread: Thread, latest: Report) -> bool:
    """Whether the report before raised a theme, and the latest praises it and has no word of concern on it.

    A word of concern is a concern or mixed finding, sure or not, or an item of the action list that carries the theme
    in any place, or that has a telling word of the theme's title.
    """
    before = thread.raised[-2].findings
    if len(before) < 2 and not any(item.finding.score >= CERTAIN for item in before):
        return False
    told = [(f.themes, f.text) for f in latest.findings if f.polarity in (Polarity.CONCERN, Polarity.MIXED)]
    told += [(item.themes, item.text) for item in latest.recommendations]
    words = {term for term in terms(thread.title) if " " not in term}
    if any(thread.code in carried or words & terms(text) for carried, text in told):
        return False
    return any(f.sure and f.polarity is Polarity.STRENGTH and f.themes[:1] == (thread.code,) for f in latest.findings)


def _followed(found: InDepth) -> list[str]:
    rows = [row for row in found.follow_up if row.later is found.latest]
    if not rows:
        return []
    counts = Counter(row.verdict for row in rows)
    words = [f"{counts[verdict]} “{verdict}”" for verdict in VERDICTS if counts[verdict]]
    worded = any(row.basis == "wording" for row in rows)
    basis = "by likeness and shared words" if worded else "by leading theme alone, as the texts are not at hand"
    when = day(inspected(rows[0].earlier))
    out = [
        f"Of the {counted(len(rows), 'item')} of the action list of {when}, by what the next report says on their "
        f"matter ({basis}; read the passages): {listed(words)}."
    ]
    left = [row for row in rows if row.verdict == "a concern" and row.evidence]
    if left:
        named = [f"{_name(row.item)} (then {where(row.evidence)})" for row in left[:SHOWN]]
        out.append(f"On these only concerns were found in the next report: {listed(named)}.")
    again = [row for row in rows if row.basis == "wording" and row.listed_again]
    if again:
        named = []
        for row in again[:SHOWN]:
            now = listed([_name(item) for item in row.listed_again])
            named.append(f"{_name(row.item)} (now {now})")
        out.append(f"Asked for again, by likeness and shared words: {listed(named)}.")
    return out


def _name(item: Recommendation) -> str:
    if item.number:
        return f"item {item.number} on page {item.page}"
    words = item.text.split()
    begun = f" “{' '.join(words[:WORDS])}{' ...' if len(words) > WORDS else ''}”" if words else ""
    return f"the item{begun} on page {item.page}"
