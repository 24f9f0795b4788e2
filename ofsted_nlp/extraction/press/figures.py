"""Figures that a story prints, with what they count and are compared with, and whether the report has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ofsted_nlp.documents import Block, BlockKind, Box, TextLine
from ofsted_nlp.extraction.figures.records import figures
from ofsted_nlp.extraction.press.behind import Behind
from ofsted_nlp.extraction.sections import Section
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.records import Figure
from ofsted_nlp.stories import Paragraph, ParagraphKind, ReportedFigure

_MULTIPLE = re.compile(r"£\s?[\d,.]+\s?(?P<many>million|billion|thousand|bn|m|k)\b", re.I)
_MULTIPLES = {"m": ("£m", 1e6), "million": ("£m", 1e6), "bn": ("£bn", 1e9), "billion": ("£bn", 1e9),
              "k": ("£k", 1e3), "thousand": ("£k", 1e3)}  # fmt: skip
_ACTIONS = re.compile(r"(?:\w+ )?(?:recommendations?|areas? (?:for|of) improvement|priority actions?)\b", re.I)
_PERIOD_BEFORE = re.compile(r"\b(?:over|spent|in|next|past|last|hardest|the)\s*\Z", re.I)
_PERIOD_AFTER = re.compile(r"\s*(?:inspection|visit|after|before|later|ago|on|since|running|that)\b", re.I)
_NAMES = {
    "national": "national average",
    "region": "region",
    "statistical_neighbours": "similar authorities",
    "previous": "earlier",
    "target": "target",
    "other": "other",
}
_COMPARED = re.compile(
    r"\b(?:national|england|english|regional|statistical neighbours?['’]?|previous|target|comparable)"
    r"(?: (?:average|rate|figure|level|mean|year|target))?\b",
    re.I,
)


def reported_figures(paragraphs: Sequence[Paragraph], report: Behind | None) -> list[ReportedFigure]:
    """The figures of a story, each once, the values they are compared with inside them.

    Args:
        paragraphs: those of the story.
        report: the report that it covers, or None.
    """
    blocks = [_block(p) for p in paragraphs if p.kind is not ParagraphKind.HEADING]
    if not blocks:
        return []
    section = Section("press", "authority", True, "", None, None, blocks)
    home = {block.start: paragraph for block, paragraph in zip(
        blocks, [p for p in paragraphs if p.kind is not ParagraphKind.HEADING], strict=True)}  # fmt: skip
    starts = sorted(home)
    page_text = "\n".join(p.text for p in paragraphs)
    offset = paragraphs[0].start
    made: list[ReportedFigure] = []
    printed = figures([section])
    seen: set[tuple[float, str]] = set()
    for number, figure in enumerate(printed):
        if figure.comparator is not None or _dates_only(page_text, figure, offset):
            continue
        paragraph = home[max(start for start in starts if start <= figure.start)]
        item = _reported(figure, paragraph, report, printed[number + 1 :])
        key = (item.value, item.unit if item.unit.startswith(("£", "%")) else "")
        if key in seen:
            continue
        seen.add(key)
        made.append(item)
    return made


def _dates_only(text: str, figure: Figure, offset: int) -> bool:
    """Whether a length of time only says when something was ("three years after", "over two years")."""
    if figure.unit not in ("days", "weeks", "months", "years"):
        return False
    before, after = text[: figure.start - offset], text[figure.end - offset :]
    return bool(_PERIOD_BEFORE.search(before[-20:]) or _PERIOD_AFTER.match(after))


def _block(paragraph: Paragraph) -> Block:
    line = TextLine(Box(1, 0.0, 0.0, 0.0, 0.0), paragraph.start, paragraph.end)
    kind = BlockKind.BULLET if paragraph.kind is ParagraphKind.BULLET else BlockKind.PARAGRAPH
    return Block(kind, paragraph.text, paragraph.start, paragraph.end, (line,), level=1)


def _reported(figure: Figure, paragraph: Paragraph, report: Behind | None, later: Sequence[Figure]) -> ReportedFigure:
    at = figure.start - paragraph.start
    first, last = next((a, b) for a, b in split(paragraph.text) if a <= at < b)
    sentence = paragraph.text[first:last]
    value, unit = figure.value, figure.unit
    words = figure.unit in ("share", "ratio")
    if figure.unit == "share":
        value, unit = round(figure.value * 100, 1), "%"
    elif figure.unit == "£":
        found = _MULTIPLE.match(paragraph.text, at)
        if found:
            unit, times = _MULTIPLES[found["many"].lower()]
            value = round(figure.value / times, 4)
    comparison = None
    if figure.comparison is not None:
        other = figure.comparison.value
        if other is not None and figure.unit == "share" and other <= 1:
            other = round(other * 100, 1)
        printed = _COMPARED.search(sentence)
        comparison = {"value": other, "of": printed[0] if printed else _NAMES.get(figure.comparison.kind, "other")}
    elif figure.unit == "share" and later and later[0].unit == "%" and later[0].end <= paragraph.start + last:
        # A share in words set against a percentage.
        named = _COMPARED.search(sentence)
        if later[0].comparator:
            of = named[0] if named else _NAMES.get(later[0].comparator, "other")
            comparison = {"value": later[0].value, "of": of}
    about = " ".join(part for part in (figure.counts, figure.predicate) if part) or None
    return ReportedFigure(
        text=figure.text.strip(),
        value=value,
        unit=unit,
        about=about,
        comparison=comparison,
        in_report=_in_report(figure, value, unit, words, sentence, report),
        paragraph=paragraph.index,
        start=figure.start,
        end=figure.end,
    )


def _in_report(
    figure: Figure, value: float, unit: str, share: bool, sentence: str, report: Behind | None
) -> bool | None:
    if report is None:
        return None
    at = sentence.find(figure.text.strip())
    if _ACTIONS.match(sentence[at:].split(" ", 1)[-1] if at >= 0 else figure.text):
        own = [action for action in report.actions if action.section == "authority"]
        counts = {len(own), len(report.actions), report.counted}
        return value in counts if report.actions or report.counted is not None else None
    if not report.text:
        return None
    return report.has_figure(
        figure.value if unit.startswith("£") else value, figure.unit if unit != "%" else "%", sentence, share
    )
