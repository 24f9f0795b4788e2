"""Blocks -> sections: every block of the text under the part of the report that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ofsted_nlp.extraction.grades import grade_in
from ofsted_nlp.frameworks import IMPRINT, Framework, SectionRule, plain
from ofsted_nlp.records import Block, BlockKind, Document

_LEAD_IN = re.compile(r"^(?:\d+[.)]? |[-–•] )")
_GRADE_WORDS = re.compile(
    r"\b(?:requires? improvement(?: to be good)?|outstanding|good|adequate|inadequate|improvement to be good)\b"
)
_ANY = re.compile("")
_PAGE_NUMBER = re.compile(r"[a-z)?] ?\.*\s(\d{1,2})$")
_LISTED = (BlockKind.NUMBERED, BlockKind.BULLET)
_TEXT = (BlockKind.PARAGRAPH, *_LISTED)


@dataclass(slots=True)
class Section:
    """A stretch of a document under one heading.

    Attributes:
        code: see frameworks.py.
        part: "authority", "lscb" or "partnership".
        findings: whether its sentences are findings.
        actions: kind of the action list that it holds, or "".
        heading: the heading block; None before the first.
        rule: the rule that told it; None for the opening.
        blocks: what stands under the heading, sub-headings included.
    """

    code: str
    part: str
    findings: bool
    actions: str
    heading: Block | None
    rule: SectionRule | None
    blocks: list[Block] = field(default_factory=list)


def heading_text(block: Block) -> str:
    """A heading as the section patterns expect it."""
    return _LEAD_IN.sub("", plain(block.text)).strip(" :–-")


def sections(document: Document, framework: Framework) -> list[Section]:
    """The sections of a document in order; their blocks together are all of its text."""
    current = Section(framework.opening, framework.party, framework.opening_findings, "", None, None)
    found = [current]
    last = framework.opening
    around: Section | None = None
    for block in document.body:
        rule = _rule(block, framework)
        if rule is not None and framework.cover and block.page == 1 and rule.code not in framework.cover:
            rule = None
        if IMPRINT.match(plain(block.text)):
            current, around = Section("about", current.part, False, "", None, None), None
            found.append(current)
        if rule is None and _ends_list(block, current):
            rule = SectionRule(framework.body, _ANY)
        if rule is None and around is not None and _below_box(block, current):
            code = framework.body if around.actions else around.code
            current, around = Section(code, around.part, True, "", None, None), None
            found.append(current)
        if rule is None:
            current.blocks.append(block)
            continue
        around = current if rule.boxed and not (current.rule and current.rule.boxed) else around
        part = rule.part or current.part
        if rule.findings:
            code = "lscb" if part == "lscb" else rule.code or last
            last = code
        else:
            code = rule.code
        current = Section(code, part, rule.findings, rule.actions, block, rule)
        found.append(current)
    return found


def _below_box(block: Block, current: Section) -> bool:
    """Whether a block stands below the box that the section one is in is set in."""
    if current.rule is None or not current.rule.boxed or current.heading is None:
        return False
    return current.heading.boxed and not block.boxed and block.kind is not BlockKind.FOOTNOTE


def _ends_list(block: Block, current: Section) -> bool:
    """Whether a heading that no rule tells ends the action list one is in: it ranks with the list's own."""
    if current.rule is None or not current.actions or current.rule.keeps_headings or current.heading is None:
        return False
    if block.kind is not BlockKind.HEADING or current.heading.kind is not BlockKind.HEADING:
        return False
    return block.level <= current.heading.level and any(b.kind in _LISTED for b in current.blocks)


def _rule(block: Block, framework: Framework) -> SectionRule | None:
    if block.kind is BlockKind.TABLE_ROW:
        return _table_heading(block, framework)
    if block.kind is not BlockKind.HEADING and not _looks_like_heading(block):
        return None
    text = heading_text(block)
    if not text or len(text) > 200 or _is_contents_line(block, text):
        return None
    candidates = [text]
    # A grade set in a box beside the heading may have been read into its middle.
    bare = re.sub(r"\s+", " ", _GRADE_WORDS.sub(" ", text)).strip()
    if bare != text:
        candidates.append(bare)
    for candidate in candidates:
        for rule in framework.sections:
            if rule.heading.match(candidate):
                if block.kind is not BlockKind.HEADING and not rule.heading.fullmatch(candidate):
                    continue
                return rule
    return None


def _is_contents_line(block: Block, text: str) -> bool:
    """Whether a heading is a line of the table of contents: it ends in the number of a later page."""
    number = _PAGE_NUMBER.search(text)
    return bool(number and int(number.group(1)) > block.page)


def _looks_like_heading(block: Block) -> bool:
    """A short line of its own without a full stop: some reports set headings in body type."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(block.lines) <= 2
        and len(block.text) < 90
        and block.text[:1].isupper()
        and not block.text.rstrip().endswith((".", ";", ","))
    )


def _table_heading(block: Block, framework: Framework) -> SectionRule | None:
    """A heading set in a ruled box with its grade in a second cell."""
    cells = [cell for cell in block.cells if cell]
    if block.page == 1 or not cells or len(cells) > 2:
        return None
    if len(cells) == 2 and not grade_in(cells[1]):
        return None
    if len(cells) == 1 and not block.bold:
        return None
    text = _LEAD_IN.sub("", plain(cells[0])).strip(" :–-")
    for rule in framework.sections:
        if rule.findings and rule.heading.match(text):
            return rule
    return None


def finding_blocks(parts: list[Section]) -> Iterator[tuple[Section, Block]]:
    """The blocks whose sentences are findings, with their section: those of action lists say what must improve.

    Short lines without a full stop (sub-headings set in body type, dates, names of inspectors) hold none.
    """
    for section in parts:
        if not section.findings and not section.actions:
            continue
        for block in section.blocks:
            if block.kind in _TEXT and not _looks_like_heading(block):
                yield section, block
