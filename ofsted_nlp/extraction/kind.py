"""Which inspection framework a document belongs to."""

from __future__ import annotations

import re

from ofsted_nlp.frameworks import ALL, FOCUSED_VISIT, ILACS, JTAI, MONITORING_VISIT, OTHER, SIF, SLAC, Framework, plain
from ofsted_nlp.records import BlockKind, Document

_STAND_ALONE_REVIEW = re.compile(r"review of the effectiveness of the local safeguarding children board")


def kind_of(document: Document) -> Framework:
    """The framework of a document; ``OTHER`` where no sign of any stands on its first pages."""
    title, opening = _title(document), _opening(document)
    if _has_ilacs_table(document):
        return ILACS
    for framework in ALL:
        if framework in (SIF, ILACS, SLAC):
            continue
        where = title if framework in (FOCUSED_VISIT, MONITORING_VISIT, JTAI) else title + " " + opening[:600]
        if any(sign.search(where) for sign in framework.signs):
            return framework
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
