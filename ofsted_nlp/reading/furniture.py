"""What is printed round the text of a page: running headers and footers, page numbers, tables of contents."""

from __future__ import annotations

import re
from collections import Counter

from ofsted_nlp.reading.lines import Line

_TOP, _BOTTOM = 0.125, 0.915
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?$|^[ivxl]{1,6}$", re.I)
_ENTRY = re.compile(r"(?:\.{3,}|…|\s)\s*\d{1,3}$")
_OFFICIAL_MARKING = re.compile(r"^(?:OFFICIAL(?:[ -]*SENSITIVE)?|RESTRICTED|PROTECT)\b[\w ,:–-]{0,40}$")


def furniture(pages: list[list[Line]], heights: list[float]) -> set[int]:
    """The ``id`` of every line that is a running header, footer or page number.

    Args:
        pages: the lines of each page, top to bottom.
        heights: the height of each page in points.
    """
    zone: list[list[tuple[Line, bool]]] = []
    seen: Counter[tuple[str, bool]] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        members = []
        for line in lines:
            low = line.baseline > _BOTTOM * height
            if low or line.baseline < _TOP * height:
                members.append((line, low))
        zone.append(members)
        seen.update({(_shape(line), low) for line, low in members})
    needed = max(2, min(4, len(pages) // 4))
    found: set[int] = set()
    for lines, height in zip(pages, heights, strict=True):
        if lines and lines[-1].baseline > 0.85 * height and _PAGE_NUMBER.match(lines[-1].text.strip()):
            found.add(id(lines[-1]))
    for members, height in zip(zone, heights, strict=True):
        hits: list[tuple[Line, bool]] = []
        for line, low in members:
            number = _PAGE_NUMBER.match(line.text.strip()) or (line.mark and not line.text.strip())
            repeated = seen[(_shape(line), low)] >= needed
            if number or repeated or _OFFICIAL_MARKING.match(line.text.strip()):
                found.add(id(line))
                # A page number alone says little of what stands beside it; a repeated line does.
                if repeated and not number:
                    hits.append((line, low))
        for line, low in members:
            if (
                low
                and line.size <= 9.5
                and any(below and abs(line.baseline - hit.baseline) < 14 for hit, below in hits)
            ):
                found.add(id(line))
            if low and line.baseline > 0.955 * height and line.size <= 10.5:
                found.add(id(line))
    return found


def _shape(line: Line) -> str:
    text = re.sub(r"\d+", "#", line.text.lower())
    return f"{round(line.size)}|{re.sub(r'[^a-z#]+', ' ', text).strip()}"


def contents(pages: list[list[Line]]) -> set[int]:
    """The ``id`` of every line of a table of contents, its heading included."""
    found: set[int] = set()
    for number, lines in enumerate(pages[:6]):
        start = next(
            (i for i, line in enumerate(lines) if line.text.strip().lower() in ("contents", "contents page")),
            None,
        )
        if start is None:
            continue
        following = [*lines[start + 1 :]]
        if number + 1 < len(pages) and _mostly_entries(pages[number + 1]):
            following += pages[number + 1]
        entries = [i for i, line in enumerate(following) if is_entry(line)]
        if len(entries) < 2:
            continue
        found.add(id(lines[start]))
        last = -1
        for position in entries:
            if position - last > 4:
                break
            last = position
        found.update(id(line) for line in following[: last + 1])
    return found


def _mostly_entries(lines: list[Line]) -> bool:
    return len(lines) >= 3 and sum(map(is_entry, lines)) >= 0.6 * len(lines)


def is_entry(line: Line) -> bool:
    """Whether the line looks like an entry of a table of contents: its last part is a page number."""
    last = line.segments[-1][2] if line.segments else line.text
    return bool(re.fullmatch(r"[.…\s]*\d{1,3}", last) and len(line.segments) > 1) or bool(
        re.search(r"(?:\.{3,}|…)\s*\d{1,3}$", line.text)
    )
