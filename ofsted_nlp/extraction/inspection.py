"""When an inspection was, who led it, when it was reported and what came before: read from labels and sentences."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator

from ofsted_nlp.extraction.dates import find_ranges, parse_date, parse_range
from ofsted_nlp.extraction.inspectors import read_lead_inspector
from ofsted_nlp.records import Block, BlockKind, Document, Inspection, Missing

LETTERS = frozenset({"jtai", "ilacs_focused_visit", "ilacs_monitoring_visit", "other"})
"""Frameworks reported in letters: the date that stands alone on the first page is the letter's."""

_DATES_LABEL = re.compile(
    r"\b(?:(?:inspection|visit|review|fieldwork)\s+dates?|dates?\s+of\s+(?:the\s+|this\s+)?(?:inspection|visit|review))"
    r"\s*(?:[:–-]|(?=\d)|$)\s*",
    re.I,
)
_PREVIOUS_LABEL = re.compile(
    r"\bdates?\s+of\s+(?:the\s+)?(?:previous|last)\s+(?:inspection|visit)s?\s*[:–-]?\s*"
    r"|\b(?:previous|last)\s+(?:inspection|visit)\s+dates?\s*[:–-]?\s*",
    re.I,
)
_PUBLISHED_LABEL = re.compile(
    r"(?:^|\breport\s+|\bdate\s+(?:of\s+)?)publi(?:shed|cation)(?:\s+date)?(?:\s+on)?\s*[:–-]?\s*(?=\d|$)", re.I
)
_NEXT_LABEL = re.compile(
    r"\b(?:(?:report|date|date of|first)\s+publi|publi(?:shed|cation)\b|(?:lead|reporting)\s+inspector"
    r"|(?:dates?\s+of\s+(?:the\s+)?)?(?:previous|last)\s)",
    re.I,
)
_INSPECTION_SENTENCE = re.compile(
    r"\b(?:(?:inspection|visit|review)\s+(?:which\s+|that\s+)?(?:took\s+place|was\s+(?:carried\s+out|conducted|undertaken))"
    r"|(?:visit|inspection)\s+(?:to|of|in|at)\b[^.]{0,160}?\b(?:on|from|between)(?=\s+(?:the\s+)?\d)"
    r"|(?:^|(?<=[.:]\s))(?:between|from|on)(?=\s+(?:the\s+)?\d))",
    re.I,
)
_ABOUT_INSPECTION = re.compile(r"^[^.]*\b(?:inspect|visit|review)", re.I)
_EARLIER = re.compile(r"\b(?:previous(?:ly)?|last|since|following|earlier|first)\s[^.]*$", re.I)
_LETTER_DATE = re.compile(r"(?:dated?\s*:?\s*)?\d[\w\s./-]{5,24}", re.I)
_OTHER_KIND = re.compile(
    r"\b(?:adoption|fostering|residential|children's homes?|private|school|academy|learning|police|constabulary"
    r"|probation|cqc|care quality|monitoring visit|focused visit|joint|jtai|revisit|nurser|peer|publish)",
    re.I,
)
_DATE_OF_IT = re.compile(r"\b(?:was|were|on|in|from|between|of|during)\s+(?:the\s+)?$|[(,:]\s*$")
_NEXT_INSPECTION = re.compile(
    r"\b(?:next|monitoring|full|further|follow-up)\b.*\b(?:re-?)?(?:inspection|visit)s?\b.*\bwill\b"
    r"|\bwill\b.*\b(?:next|monitoring|further)\b.*\b(?:re-?)?inspection\b",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?]+(?:\.(?=\S)[^.!?]*)*[.!?]?")
_FIRST_PAGES = 3


def read_inspection(document: Document, framework: str) -> Inspection:
    """When, by whom and with what before and after it an inspection was.

    The dates of page 1 win over those of the footers; of several visits the earliest start and the latest end
    are taken. Every value that is not there has its reason in ``absent``, except the theme of a joint targeted
    inspection, which is read elsewhere.

    Args:
        document: the report or letter.
        framework: code of its framework ("sif", "ilacs", "jtai", ...).
    """
    absent: dict[str, Missing] = {}
    published = _published(document, framework)
    if published is None:
        absent["published"] = Missing.NOT_PUBLISHED
    dates, labelled = _inspection_dates(document, published)
    if dates is None:
        reason = Missing.NOT_PUBLISHED if framework == "other" and not labelled else Missing.UNREADABLE
        absent["start"] = absent["end"] = reason
    start, end = dates or (None, None)

    lead, labelled = read_lead_inspector(document, framework)
    if lead is None:
        if framework == "jtai":
            absent["lead_inspector"] = Missing.NOT_IN_FRAMEWORK
        else:
            absent["lead_inspector"] = Missing.UNREADABLE if labelled else Missing.NOT_PUBLISHED

    previous = None if framework == "jtai" else _previous(document, framework, start)
    if previous is None:
        absent["previous"] = Missing.NOT_PUBLISHED
        if framework == "jtai":
            absent["previous"] = Missing.NOT_IN_FRAMEWORK
        elif _PREVIOUS_MONTH.search(document.text):
            absent["previous"] = Missing.NO_DAY
    upcoming = _next_inspection(document) if framework == "send" else None
    if upcoming is None:
        absent["next_inspection"] = Missing.NOT_PUBLISHED if framework == "send" else Missing.NOT_IN_FRAMEWORK
    if framework != "jtai":
        absent["theme"] = Missing.NOT_IN_FRAMEWORK
    return Inspection(
        start=start,
        end=end,
        published=published,
        lead_inspector=lead,
        previous=previous,
        next_inspection=upcoming,
        absent=absent,
    )


def _first_blocks(document: Document, pages: int = _FIRST_PAGES) -> Iterator[Block]:
    for block in document.blocks:
        if block.page > pages:
            return
        yield block


def _value(blocks: list[Block], index: int, end: int) -> str:
    """What stands after a label that ends at ``end`` of a block: the rest of the block, or the next block."""
    rest = blocks[index].text[end:]
    if not rest.strip() and index + 1 < len(blocks):
        rest = blocks[index + 1].text
    cut = _NEXT_LABEL.search(rest)
    return rest[: cut.start()] if cut else rest


def _published(document: Document, framework: str) -> datetime.date | None:
    first = [block for block in _first_blocks(document, 2) if block.kind is not BlockKind.FOOTNOTE]
    for index, block in enumerate(first):
        if "ubli" not in block.text:
            continue
        match = _PUBLISHED_LABEL.search(block.text)
        if match:
            value = _value(first, index, match.end())
            published = parse_date(value[:40])
            if published:
                return published
    if framework in LETTERS:
        for block in first:
            if block.kind is BlockKind.FURNITURE and not _heads_letter(document, block):
                continue
            for text in _lines(document, block):
                ranges = find_ranges(text) if _LETTER_DATE.fullmatch(text) else []
                if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
                    return ranges[0][0]
    return None


def _heads_letter(document: Document, block: Block) -> bool:
    """Whether a block stands in the upper half of the first page, where a letter's date may join the letterhead."""
    return block.page == 1 and (not document.page_sizes or block.lines[0].box.top < document.page_sizes[0][1] / 2)


def _lines(document: Document, block: Block) -> Iterator[str]:
    """A block's text, then that of each of its printed lines."""
    if len(block.text) < 40:
        yield block.text.strip()
    if len(block.lines) > 1:
        for line in block.lines:
            if line.end - line.start < 40:
                yield document.text[line.start : line.end].strip()


def _inspection_dates(
    document: Document, published: datetime.date | None
) -> tuple[tuple[datetime.date, datetime.date] | None, bool]:
    """First and last day on site, and whether a label promised them."""
    first = list(_first_blocks(document))
    body = [block for block in first if block.kind is not BlockKind.FURNITURE]
    hint = published or document.source.published_on
    labelled = False
    for index, block in enumerate(body):
        for match in _DATES_LABEL.finditer(block.text):
            if _EARLIER.search(block.text[: match.start()][-20:]):
                continue
            labelled = True
            found = parse_range(_value(body, index, match.end()), hint)
            if found:
                return found, True
    for block in body:
        for match in _INSPECTION_SENTENCE.finditer(block.text):
            if _EARLIER.search(block.text[: match.start()]):
                continue
            after = block.text[match.end() : match.end() + 300]
            ranges = find_ranges(after[:120], hint)
            # "Between 3 and 7 March, there was a fall in ..." is no statement about the inspection
            if ranges and ranges[0][2] < 30 and _ABOUT_INSPECTION.search(match[0] + after):
                return ranges[0][:2], labelled
    footers: Counter[tuple[datetime.date, datetime.date]] = Counter()
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE and any(character.isdigit() for character in block.text):
            footers.update(r[:2] for r in find_ranges(block.text, hint)[:1])
    return (footers.most_common(1)[0][0] if footers else None), labelled


_PREVIOUS_MONTH = re.compile(
    r"\b(?:previous|last)[^.\n]{0,40}\binspect[^.\n]{0,160}\b(?:in|of|since) (?:\d{4}\b|(?:January|February|March|"
    r"April|May|June|July|August|September|October|November|December) \d{4})"
)


def _previous(document: Document, framework: str, start: datetime.date | None) -> datetime.date | None:
    """End or only date of the previous inspection of the same kind; None where only a month or nothing is printed."""
    body = [block for block in _first_blocks(document) if block.kind is not BlockKind.FURNITURE]
    for index, block in enumerate(body):
        match = _PREVIOUS_LABEL.search(block.text)
        if match:
            ranges = find_ranges(block.text[match.end() :] or (body[index + 1].text if index + 1 < len(body) else ""))
            if ranges:
                return ranges[0][1]
    if framework == "send":
        return None
    text = document.text
    for word in ("previous", "last"):
        for match in re.finditer(f"{word} ", text):
            if "inspect" not in text[match.end() : match.end() + 70]:
                continue
            sentence = _sentence_at(text, match.start()).replace("’", "'")
            if _OTHER_KIND.search(sentence):
                continue
            for first, last, begin, _ in find_ranges(sentence):
                if _DATE_OF_IT.search(sentence[:begin]) and (start is None or first < start):
                    return last
    return None


def _sentence_at(text: str, position: int) -> str:
    """The sentence of one line of a text that holds a position."""
    left = max(text.rfind("\n", 0, position), text.rfind(". ", 0, position)) + 1
    ends = [end for end in (text.find("\n", position), text.find(". ", position)) if end >= 0]
    return text[left : min(ends, default=len(text))]


def _next_inspection(document: Document) -> str | None:
    """The sentences of the first pages that say when the next inspection will be."""
    found: list[str] = []
    for block in _first_blocks(document, 2):
        if block.kind is BlockKind.FURNITURE or "nspection" not in block.text or "will" not in block.text:
            continue
        for match in _SENTENCE.finditer(block.text):
            sentence = match[0].strip()
            if _NEXT_INSPECTION.search(sentence) and sentence not in found:
                found.append(sentence)
    return " ".join(found) or None
