"""Loose pieces of an article -> a page: paragraphs with spans, and what is no coverage apart with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ofsted_nlp.reading.clutter import CAPTION, COMMENT, NOTICE, line_of, reads_like_comment, starts_comments
from ofsted_nlp.stories import Excluded, Paragraph, ParagraphKind

_SPACE = re.compile(r"[\s\u200b\u2060\ufeff]+")
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200e\u200f\u202a-\u202e\u2061-\u206f\ud800-\udfff\ufffe\uffff]"
)
"""Soft hyphens, and what no text needs and terminals and browsers obey: control characters, changes of direction."""
_NAME_WORDS = 3
"""Most words of a line among readers' comments that is no more than a reader's name."""
_CREDIT = re.compile(r"[A-Z][\w’'&.-]*(?: [\w’'&.-]+){0,5}:")
_LEAD = re.compile(r"(?:A |AN |THE )?[A-Z][A-Z’'&-]+,? [a-zA-Z’'-]+")


class Piece(NamedTuple):
    """A paragraph before it has a place: kind, text, article element, and why it is no coverage if that is known."""

    kind: ParagraphKind
    text: str
    part: int = 0
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Parted:
    """The paragraphs of a page, its text, and what was kept apart."""

    paragraphs: tuple[Paragraph, ...]
    excluded: tuple[Excluded, ...]
    text: str


def squeezed(text: str) -> str:
    """A text with each run of white space as one space, none around it, and no control characters."""
    return _SPACE.sub(" ", _CONTROL.sub("", text)).strip()


def part(pieces: Sequence[Piece]) -> Parted:
    """Gives each paragraph its place and span, and keeps apart what by its wording is no coverage."""
    paragraphs: list[Paragraph] = []
    excluded: list[Excluded] = []
    position = 0
    commenting: int | None = None
    kept = _without_remarks(pieces)
    for number, piece in enumerate(kept):
        if not piece.text:
            continue
        if commenting is not None and piece.part != commenting:
            commenting = None
        why = piece.why
        if why is None and starts_comments(piece.text) and any(p.part == piece.part for p in paragraphs):
            commenting = piece.part
            continue
        if why is None and commenting is not None:
            if piece.kind is ParagraphKind.HEADING and len(piece.text.split()) <= _NAME_WORDS:
                continue
            why = COMMENT
        why = why or line_of(piece.text) or (_credit(kept, number) and CAPTION) or None
        if why == NOTICE:
            # Share buttons, dates and the like are the page's furniture, not text that was left out.
            continue
        if why:
            excluded.append(Excluded(why, piece.text, piece.part, len(paragraphs) - 1))
            continue
        end = position + len(piece.text)
        paragraphs.append(Paragraph(len(paragraphs), piece.kind, piece.text, position, end, piece.part))
        position = end + 1
    return Parted(tuple(paragraphs), tuple(excluded), "\n".join(p.text for p in paragraphs))


def is_lead(text: str) -> bool:
    """Whether a paragraph opens as the first of a story does in print: with its first words in capitals."""
    found = _LEAD.match(text)
    if not found or len(text) < 60:
        return False
    words = text.split()
    capitals = next((k for k, word in enumerate(words) if not word.strip("’',").isupper()), len(words))
    return 1 <= capitals <= 6 and len("".join(words[:capitals])) >= 3 and words[capitals : capitals + 1] != []


def _credit(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a piece is a picture's credit: a name with a colon under which neither a list nor speech stands."""
    text = pieces[number].text
    if not _CREDIT.fullmatch(text) or number + 1 >= len(pieces):
        return False
    following = next((p for p in pieces[number + 1 :] if p.text and not p.why), None)
    if following is None or following.kind is ParagraphKind.BULLET or following.text[0] in "\"'“‘•":
        return False
    return is_lead(following.text) or number == 0 or pieces[number - 1].kind is ParagraphKind.HEADING


def _without_remarks(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with the last ones marked as readers' comments where they read like that."""
    made = list(pieces)
    for index in range(len(made) - 1, 1, -1):
        piece = made[index]
        if piece.why or not piece.text:
            continue
        if piece.kind is not ParagraphKind.PARAGRAPH:
            break
        before = " ".join(p.text for p in made[:index] if not p.why)
        if not reads_like_comment(piece.text, before):
            break
        made[index] = piece._replace(why=COMMENT)
    return made
