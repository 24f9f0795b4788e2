"""Which inspection framework a document belongs to, and whose: an authority's services, or something else.

Folders of reports also hold Ofsted's reports on schools, homes and agencies, its guidance and annual reports, and what
councils write about inspections. They speak of the same judgements, so their own signs are looked for first.
"""

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
_SHORT = 1500
"""Characters of a document that is too short (an excerpt, a single page) to expect an inspectorate's marks in it."""
_INSPECTORATE = re.compile(
    r"the office for standards in education, children's services and skills|majest(?:y|ies)'s? (?:chief )?inspector"
    r"|\bhmi\b|\bdear\b"
)
"""What stands in every report: the imprint, an inspector's rank, a letter's greeting."""
_NO_REPORT = re.compile(
    r"\bannual report\b|self[- ](?:evaluation|assessment)|\b(?:press|news|media) (?:release|statement)\b|\bhandbook\b"
    r"|^guidance\b|\bguidance (?:for|on|to)\b|^inspecting\b|\bthematic\b|\boverview report\b|\bposition statement\b"
    r"|\breport (?:of|by|to) (?:the )?(?:[\w&,' -]{0,40} )?"
    r"(?:director|cabinet|committee|portfolio holder|chief executive)\b"
    r"|^(?:cabinet|executive|scrutiny|agenda)\b|\bagenda item\b|\b(?:action|improvement) plan$"
    r"|\binspection of (?:cafcass\b|the children and family court)"
)
"""Titles of what is written about inspections, and of inspections of national bodies."""
_EARLIER_SEND = re.compile(r"\blocal area send (?:re-?)?(?:inspection|visit)|\bsend (?:re-?visit|revisit)\b")
"""The inspections of special educational needs of 2016 to 2022, which gave no outcome."""
_PROVIDER = re.compile(
    r"social care common inspection framework|\bunique reference number\b|\bregistered (?:provider|manager|person)\b"
    r"|\b(?:school|provider|setting|nursery|college|agency) details\b|initial teacher education|early years provision"
    r"|\binspection of a school\b|\bquality of education\b|information about this (?:provider|agency|school|home)"
    r"|\bregister(?:ed)? with ofsted\b"
)
"""What reports on single schools, homes, agencies and colleges print on their first pages."""
_SERVICES = re.compile(r"safeguarding|looked[- ]after|children in care|children's (?:social care |social )?services")
_STAND_ALONE_REVIEW = re.compile(r"review of the effectiveness of the local safeguarding children board")


def kind_of(document: Document) -> Framework:
    """The framework of a document; ``OTHER`` where no sign of any stands on its first pages."""
    title, opening = _title(document), _opening(document)
    if _is_about_inspections(document) or _EARLIER_SEND.search(title):
        return OTHER
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


def concerns_services(document: Document) -> bool:
    """Whether a document of no known framework is an inspectorate's own report on an authority's services for children.

    The others are read as sentences only: their headings and lists do not mean what those of such a report mean.
    """
    title, text = _title(document), plain(document.text)
    if _is_about_inspections(document) or _PROVIDER.search(_opening(document)):
        return False
    return bool("ofsted" in text and _SERVICES.search(title) and (_INSPECTORATE.search(text) or len(text) < _SHORT))


def mentions_inspection(document: Document) -> bool:
    """Whether a document speaks of Ofsted and of inspection at all."""
    text = plain(document.text[:20000])
    return "ofsted" in text and re.search(r"\binspect(?:s|ed|ing|ions?|ors?)\b", text) is not None


def _is_about_inspections(document: Document) -> bool:
    """Whether a document is written about reports: its title says so, or no mark of an inspectorate is in it."""
    parts = [plain(block.text) for block in document.body if block.page == 1]
    heads = [plain(b.text) for b in document.body if b.page == 1 and b.kind is BlockKind.HEADING]
    if any(_NO_REPORT.search(text) for text in [*parts[:4], *heads[:4]] if len(text) < 200):
        return True
    return len(document.text) >= _SHORT and _INSPECTORATE.search(plain(document.text)) is None


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
