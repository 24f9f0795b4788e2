"""Lines of a saved text file -> pieces of an article: paragraphs, headings, list items."""

from __future__ import annotations

import re

from ofsted_nlp.reading.page import Piece, squeezed
from ofsted_nlp.stories import ParagraphKind

_BULLET = re.compile(r"\s*(?:[•◦▪■●‣·*]|[-–—](?=\s)|\(?\d{1,2}[.)](?=\s))\s*")
_ENDS = re.compile(r"[.!?:;,…][\"'”’)\]]*\Z")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*\Z")
_LONG = 55
"""A line shorter than this (characters) ends its paragraph even where the text is wrapped."""
_HEADING = 90
"""Headings have at most this many characters."""


def pieces_of(text: str) -> list[Piece]:
    """The paragraphs, headings and list items of a text.

    Paragraphs are lines; where empty lines part them, lines that stop in mid-sentence are joined with the next.
    """
    found: list[Piece] = []
    for stretch in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines: list[str] = []
        for line in stretch.split("\n"):
            last = lines[-1] if lines else ""
            wrapped = len(last) >= _LONG and len(last) <= 100 and not _SENTENCE_END.search(last)
            if wrapped and not _BULLET.match(line):
                lines[-1] = f"{last} {line}"
            else:
                lines.append(line)
        found += [_piece(line) for line in lines if squeezed(line)]
    return found


def _piece(line: str) -> Piece:
    mark = _BULLET.match(line)
    text = squeezed(line)
    if mark and len(line) > mark.end():
        return Piece(ParagraphKind.BULLET, squeezed(line[mark.end() :]))
    opens = text[:1] in '"“'
    if len(text) <= _HEADING and not _ENDS.search(text) and not opens and not text[:1].islower():
        return Piece(ParagraphKind.HEADING, text)
    return Piece(ParagraphKind.PARAGRAPH, text)
