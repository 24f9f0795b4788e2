"""Action lists -> items: recommendations, areas for improvement and priority actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ofsted_nlp.extraction.items import join_items
from ofsted_nlp.extraction.sections import Section
from ofsted_nlp.frameworks import SEND, SLAC, Framework, plain
from ofsted_nlp.records import Block, BlockKind, Recommendation

_REFERENCE = re.compile(
    r"\s*[(\[](?=[^)\]]*\b(?:para|page|pp?\.?\s*\d))(?=[^)\]]*\d)"
    r"(?:\b(?:see|also|at|on|in|pages?|pp?|paragraphs?|paras?|and|to|of)\b|[\d\s,.;:&–—-])+[)\]]",
    re.I,
)
_NO_ITEM = re.compile(
    r"^(?:there (?:are|were) no (?:areas? (?:for|of|requiring|that)|priority|immediate|urgent|recommendations?)\b"
    r"|(?:the|this) inspection (?:did not (?:find|identify)|found no|identified no)\b.*\b(?:areas?|actions?)\b"
    r"|inspectors (?:did not (?:find|identify)|found no|identified no) (?:any )?(?:areas?|priority|immediate)\b"
    r"|no (?:areas?|priority|immediate|recommendations?)\b.*\b(?:identified|found|required|made)\b"
    r"|(?:none|not applicable|nil)(?: (?:were |was )?(?:identified|found|noted|required))?[. ]*$)"
)
_LONGEST_NO_ITEM = 140
_LEAD_IN = re.compile(
    r"(?:\bthe following (?:\w+ ){0,3}(?:actions?|areas?|steps|recommendations?)\b[^.]{0,40}[:;.]?|\bshould|:)$"
)
_DEADLINE = re.compile(r"^(immediately|within (?:\w+|\d+) (?:months?|weeks?|days?))\b.{0,40}$", re.I)
_LISTED = (BlockKind.NUMBERED, BlockKind.BULLET)


@dataclass(slots=True)
class _Item:
    block: Block
    parts: list[Block] = field(default_factory=list)


def recommendations(framework: Framework, parts: list[Section]) -> tuple[Recommendation, ...]:
    """Every item of every action list, in the order of the report.

    Sub-bullets belong to their item, joined with "; "; references to paragraphs are left out.
    """
    found: list[Recommendation] = []
    for section in parts:
        if not section.actions or framework is SEND:
            continue
        deadline = None
        blocks = _without_announcement(section.blocks)
        if not any(block.kind in _LISTED for block in blocks):
            found += _unmarked(section, blocks)
            continue
        for entry in _entries(blocks, framework):
            if isinstance(entry, str):
                deadline = entry
            elif recommendation := _recommendation(entry, section, deadline):
                found.append(recommendation)
    return tuple(found)


def _without_announcement(blocks: list[Block]) -> list[Block]:
    """A list without the numbered paragraph that only announces its bullets ("13 Priorities for improvement:")."""
    listed = [block for block in blocks if block.kind in _LISTED]
    if len(listed) < 2 or listed[0].kind is not BlockKind.NUMBERED or not _LEAD_IN.search(plain(listed[0].text)):
        return blocks
    if any(block.kind is BlockKind.NUMBERED for block in listed[1:]):
        return blocks
    return [block for block in blocks if block is not listed[0]]


def _unmarked(section: Section, blocks: list[Block]) -> Iterator[Recommendation]:
    """The items of a list without bullets or numbers: its paragraphs."""
    for block in blocks:
        if block.kind is not BlockKind.PARAGRAPH or block.text.rstrip().endswith(":"):
            continue
        item = _recommendation(_Item(block), section, None)
        if item is not None:
            yield item


def _entries(blocks: list[Block], framework: Framework) -> Iterator[_Item | str]:
    """The items of a list, and the deadlines that stand above some of them."""
    item: _Item | None = None
    top: float | None = None
    for block in blocks:
        if block.kind is BlockKind.FOOTNOTE or block.kind is BlockKind.TABLE_ROW:
            continue
        if framework is SLAC and (found := _DEADLINE.match(block.text.strip(" :"))):
            if item:
                yield item
            item, top = None, None
            yield found.group(1).lower()
            continue
        if block.kind in _LISTED:
            x = block.lines[0].box.x0
            if item is None or top is None or not _is_inner(block, item, x, top):
                if item:
                    yield item
                item, top = _Item(block), x
            else:
                item.parts.append(block)
        elif item is not None and block.kind is BlockKind.PARAGRAPH and _belongs(block, item):
            item.parts.append(block)
    if item:
        yield item


def _is_inner(block: Block, item: _Item, x: float, top: float) -> bool:
    """Whether a list block is a sub-bullet of the item before it."""
    if block.level <= item.block.level and x <= top + 8:
        return False
    opens = item.block.text.rstrip().endswith((":", ";", ",", "–", "-"))
    if opens or item.parts:
        return True
    # Full sentences under a short heading-like line are items of their own.
    whole = block.text[:1].isupper() and block.text.rstrip().endswith(".")
    return not (whole and len(item.block.text) < 90 and not item.block.text.rstrip().endswith("."))


def _belongs(block: Block, item: _Item) -> bool:
    """Whether an unmarked paragraph goes on with the item: it is indented as the item's text is."""
    indent = block.lines[0].box.x0
    start = item.block.lines[0].box.x0
    unfinished = not item.block.text.rstrip().endswith((".", ":")) and block.text[:1].islower()
    return unfinished or (abs(indent - start) < 5 and item.block.kind in _LISTED and block.text[:1].islower())


def _recommendation(item: _Item, section: Section, deadline: str | None) -> Recommendation | None:
    block = item.block
    text = item_text([block.text, *(part.text for part in item.parts)])
    if not text or is_list_of_none(text) or (not item.parts and _LEAD_IN.search(plain(text))):
        return None
    last = item.parts[-1] if item.parts else block
    return Recommendation(
        kind=section.actions,
        section=section.part,
        number=block.number,
        text=text,
        page=block.page,
        start=block.start,
        end=last.end,
        deadline=deadline,
    )


def item_text(parts: list[str]) -> str:
    """An item and its sub-bullets as one text, without references to paragraphs."""
    cleaned = [_REFERENCE.sub("", part) for part in parts]
    return re.sub(r"\s+", " ", join_items(cleaned, led=True)).strip()


def is_list_of_none(text: str) -> bool:
    """Whether a text says that there is nothing to list."""
    return len(text) <= _LONGEST_NO_ITEM and bool(_NO_ITEM.match(plain(text)))
