"""Where one story on a page ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ofsted_nlp.reading.page import is_lead
from ofsted_nlp.stories import Excluded, Page, Paragraph, ParagraphKind

_BYLINE = re.compile(r"(?:By|Words by|Report by|Exclusive by) [A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,3}\b.{0,60}\Z")
_LEAST = 2
"""Paragraphs that a story has at the least."""
_MASTHEAD = 5
"""Most words of a line with the site's name under a headline."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A story's place on a page: its headline, its paragraphs, and what was kept apart among them."""

    title: str | None
    first: int
    last: int
    excluded: tuple[Excluded, ...]


def stretches(page: Page) -> list[Stretch]:
    """The stories on a page.

    A new one begins with each article element of its own; and, as in print, with a headline under which the text opens
    in capitals or with a byline. Sub-headings in the running text begin none.
    """
    paragraphs = page.paragraphs
    starts: list[tuple[int, str | None, int]] = []
    for index, paragraph in enumerate(paragraphs):
        new_part = index == 0 or paragraph.part != paragraphs[index - 1].part
        if new_part:
            starts.append((index, None, index))
        elif (
            paragraph.kind is ParagraphKind.HEADING
            and index - starts[-1][0] >= _LEAST
            and (_is_headline(paragraphs, index))
        ):
            starts.append((index, paragraph.text.strip("'\"‘’“” "), index + 1))
    made: list[Stretch] = []
    several_parts = len({p.part for p in paragraphs}) > 1
    for number, (index, title, first) in enumerate(starts):
        last = starts[number + 1][0] if number + 1 < len(starts) else len(paragraphs)
        if title is None:
            part = paragraphs[index].part
            title = page.titles[part] if several_parts and part < len(page.titles) else None
            title = title or (page.title if number == 0 else None)
        if title is None and number == 0 and last - first > _LEAST and _is_title(paragraphs[first]):
            title, first = paragraphs[first].text, first + 1
            if paragraphs[first].kind is ParagraphKind.HEADING and len(paragraphs[first].text.split()) <= _MASTHEAD:
                first += 1
        while first < last and _BYLINE.match(paragraphs[first].text):
            first += 1
        if first < last:
            made.append(Stretch(title, first, last, ()))
    return [
        Stretch(story.title, story.first, story.last, tuple(_own(page, made, number)))
        for number, story in enumerate(made)
    ]


def _own(page: Page, made: Sequence[Stretch], number: int) -> list[Excluded]:
    story = made[number]
    first = 0 if number == 0 else story.first
    last = len(page.paragraphs) if number + 1 == len(made) else made[number + 1].first
    several = len({p.part for p in page.paragraphs}) > 1
    found = []
    for item in page.excluded:
        if several:
            if item.part == page.paragraphs[story.first].part:
                found.append(item)
        elif (number == 0 or item.after >= first - 1) and (number + 1 == len(made) or item.after < last - 1):
            found.append(item)
    return found


def _is_title(paragraph: Paragraph) -> bool:
    """Whether the first paragraph of a page is its headline: a heading, or a line that ends as no sentence does."""
    if paragraph.kind is ParagraphKind.HEADING:
        return True
    text = paragraph.text.rstrip("'\"’” ")
    return paragraph.kind is ParagraphKind.PARAGRAPH and len(text) < 160 and text[-1:].isalnum()


def _is_headline(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether a heading opens a new story."""
    following = [p for p in paragraphs[index + 1 :] if p.part == paragraphs[index].part]
    texts = [p for p in following if p.kind is ParagraphKind.PARAGRAPH]
    if len(texts) < _LEAST or following[0].kind is ParagraphKind.BULLET:
        return False
    if _BYLINE.match(following[0].text):
        return True
    return following[0].kind is ParagraphKind.PARAGRAPH and is_lead(following[0].text)
