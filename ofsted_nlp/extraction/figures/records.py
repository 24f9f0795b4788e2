"""Sections -> the figures they print, each with its page: what findings and local statistics count."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ofsted_nlp.extraction.figures.comparisons import change_in, comparisons
from ofsted_nlp.extraction.figures.counts import counts_of
from ofsted_nlp.extraction.figures.dates import date_in, dates_of
from ofsted_nlp.extraction.figures.printed import Printed, printed_figures
from ofsted_nlp.extraction.sections import Section
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.records import Block, BlockKind, Comparison, Figure, Finding

LOCAL_STATISTICS = "local_information"
"""Code of the sections that print an area's statistics; there "one" and "no" are numbers too."""


_PRONOUNS = ("these", "those", "them")


@dataclass(slots=True)
class _Around:
    """What a sentence is read with: the words that lead its list in, and the figures of the sentence before."""

    lead: str = ""
    lead_level: int = 0
    before: tuple[int, ...] = ()
    counts: str | None = None


def figures(parts: Sequence[Section], findings: Sequence[Finding] = ()) -> tuple[Figure, ...]:
    """The figures of findings and local-information sections, with what they count and are compared with.

    Args:
        parts: the sections of a document.
        findings: its findings; a figure that stands in one carries its id.
    """
    found: list[Figure] = []
    spans = sorted((finding.start, finding.end, finding.id) for finding in findings)
    for part in parts:
        if not part.findings and part.code != LOCAL_STATISTICS:
            continue
        around = _Around()
        for block in part.blocks:
            if block.kind not in (BlockKind.HEADING, BlockKind.FOOTNOTE):
                _add_block(found, part.code, block, around)
    return tuple(_with_finding(figure, spans) for figure in found) if spans else tuple(found)


def _add_block(found: list[Figure], section: str, block: Block, around: _Around) -> None:
    level = block.level if block.kind is BlockKind.BULLET else 0
    if around.lead and (level <= around.lead_level if level else True):
        around.lead = ""
    text = block.text
    statistics = section == LOCAL_STATISTICS
    for start, end in split(text):
        sentence = text[start:end]
        first = len(found)
        printed = printed_figures(sentence, statistics)
        if printed:
            page = block.page_at(block.start + start)
            found.extend(_figures(sentence, printed, section, block.start + start, page, around, statistics))
            _compare_back(found, first, sentence, around)
        around.before = tuple(range(first, len(found)))
        if sentence.endswith(":"):
            around.lead, around.lead_level = sentence[:-1], level


def _figures(
    sentence: str, printed: list[Printed], section: str, at: int, page: int, around: _Around, statistics: bool
) -> Iterator[Figure]:
    compared = comparisons(sentence, printed)
    counted = counts_of(sentence, printed, [c.comparator is not None for c in compared], around.lead)
    dates = dates_of(sentence, printed)
    for figure, comparing, (counts, predicate), date in zip(printed, compared, counted, dates, strict=True):
        if counts in _PRONOUNS or (statistics and not counts and figure.kind in ("bare", "percentage", "share")):
            counts = around.counts or counts
        around.counts = counts or around.counts
        yield Figure(
            text=sentence[figure.start : figure.end],
            value=figure.value,
            unit=figure.unit,
            page=page,
            counts=counts,
            predicate=predicate,
            comparison=Comparison(comparing.kind, comparing.value, comparing.direction) if comparing.kind else None,
            comparator=comparing.comparator,
            as_of=date or (date_in(around.lead) if around.lead else None),
            start=at + figure.start,
            end=at + figure.end,
            section=section,
        )


def _compare_back(found: list[Figure], first: int, sentence: str, around: _Around) -> None:
    """Ties the values of "This is an increase from 45 ..." to the figure of the sentence before."""
    if first == len(found) or not around.before or found[first].comparator is None:
        return
    if not sentence.startswith(("This ", "These ", "It ", "However, this", "Although this", "That ")):
        return
    for index in range(first, len(found)):
        other = found[index]
        if other.comparator is None:
            return
        for position in around.before:
            own = found[position]
            if own.comparator is not None or not _comparable(own, other):
                continue
            if own.comparison is None:
                found[position] = replace(own, comparison=_comparison(own, other, sentence))
            if other.counts is None or other.counts == around.counts:
                found[index] = replace(other, counts=own.counts)
            break


def _comparable(own: Figure, other: Figure) -> bool:
    marks = ("%", "£", "share", "ratio", "percentage points")
    if own.unit in marks or other.unit in marks or own.unit.startswith("per ") or other.unit.startswith("per "):
        return own.unit == other.unit or (own.unit[:9] == other.unit[:9] and own.unit.startswith("per "))
    return True


def _comparison(own: Figure, other: Figure, sentence: str) -> Comparison:
    kind = other.comparator or "other"
    above, below = ("up", "down") if kind == "previous" else ("above", "below")
    if own.value == other.value:
        return Comparison(kind, other.value, "same")
    printed = change_in(sentence) if kind == "previous" else None
    return Comparison(kind, other.value, printed or (above if own.value > other.value else below))


def _with_finding(figure: Figure, spans: list[tuple[int, int, str]]) -> Figure:
    index = bisect_right(spans, (figure.start, float("inf"), "")) - 1
    if index >= 0 and spans[index][0] <= figure.start < spans[index][1]:
        return replace(figure, finding=spans[index][2])
    return figure
