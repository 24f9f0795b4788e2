"""Which inspection framework a document belongs to."""

from __future__ import annotations

import re

from ofsted_nlp.frameworks import (
    FOCUSED_VISIT,
    ILACS,
    JTAI,
    MONITORING_VISIT,
    OTHER,
    SEND,
    SIF,
    SLAC,
    Framework,
    plain,
)
from ofsted_nlp.records import BlockKind, Document

_LETTERS = (FOCUSED_VISIT, MONITORING_VISIT, JTAI)
_STAND_ALONE_REVIEW = re.compile(r"review of the effectiveness of the local safeguarding children board")


def kind_of(document: Document) -> Framework:
    """The framework of a document; ``OTHER`` where no sign of any stands on its first pages."""
    title, opening = _title(document), _opening(document)
    if _has_ilacs_table(document):
        return ILACS
    if any(sign.search(title + " " + opening[:600]) for sign in SEND.signs):
        return SEND
    letters = [(start, letter) for letter in _LETTERS if (start := _first(letter, title)) is not None]
    if letters:
        # A letter on one visit may go on to speak of another.
        return min(letters, key=lambda found: found[0])[1]
    if any(sign.search(opening) for sign in SIF.signs):
        return SIF
    if any(sign.search(title) for sign in SLAC.signs):
        return SLAC
    if _STAND_ALONE_REVIEW.search(title):
        return OTHER
    # Titles alone can be those of other inspections: an ILACS report also has its judgements.
    if any(sign.search(title) for sign in ILACS.signs[1:]) and ILACS.signs[0].search(plain(document.text)):
        return ILACS
    if ILACS.signs[0].search(opening):
        return ILACS
    return OTHER


def _first(framework: Framework, title: str) -> int | None:
    """Where the first of a framework's signs stands in a title."""
    found = [match.start() for sign in framework.signs if (match := sign.search(title))]
    return min(found, default=None)


def _has_ilacs_table(document: Document) -> bool:
    """Whether a judgement table of the ILACS framework stands on the first two pages; letters only mention it."""
    return any(
        block.kind is BlockKind.TABLE_ROW and ILACS.judgements[1].label.match(plain(cell))
        for block in document.body
        if block.page <= 2
        for cell in block.cells
    )


def _title(document: Document) -> str:
    """The text of the first page's first part: title, addressees, opening sentence."""
    parts, length = [], 0
    for block in document.body:
        if block.page > 1 or block.kind is BlockKind.FOOTNOTE:
            break
        parts.append(block.text)
        length += len(block.text)
        if length > 1500:
            break
    return plain(" ".join(parts))[:2000]


def _opening(document: Document) -> str:
    return plain(" ".join(block.text for block in document.body if block.page <= 2))
