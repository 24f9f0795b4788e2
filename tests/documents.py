"""Builds invented documents out of blocks, for tests of what comes after reading."""

from __future__ import annotations

from typing import Any

from ofsted_nlp.records import Block, BlockKind, Box, Document, Source, TextLine

X = {"heading": 70.0, "paragraph": 70.0, "numbered": 99.0, "bullet": 88.0}


def document(*parts: tuple[Any, ...], file: str = "invented.pdf", pages: int = 40) -> Document:
    """A document of (kind, page, text, attributes of the block) in reading order.

    Attributes are those of ``Block``, and ``x`` for the left edge. A table row's text is its cells, parted by tabs.
    Headings are bold and of level 2, list items of level 1, unless said otherwise.
    """
    blocks, texts, position = [], [], 0
    for kind, page, text, *rest in parts:
        values: dict[str, Any] = {"heading": {"level": 2, "bold": True, "size": 14.0}}.get(kind, {"size": 12.0})
        if kind in ("numbered", "bullet"):
            values |= {"level": 1}
        if kind == "table_row":
            values |= {"cells": tuple(text.split("\t"))}
        values |= rest[0] if rest else {}
        left = values.pop("x", X.get(kind, 70.0) + 18.0 * (values.get("level", 1) - 1) * (kind == "bullet"))
        line = TextLine(Box(page, left, 100, 500, 112), position, position + len(text))
        blocks.append(Block(BlockKind(kind), text, position, position + len(text), (line,), **values))
        texts.append(text)
        position += len(text) + 1
    return Document(Source(file, "0" * 64, pages), "\n".join(texts), tuple(blocks))


def numbered(number: int | str, page: int, text: str, **values: Any) -> tuple[Any, ...]:
    """A numbered item."""
    return ("numbered", page, text, {"number": str(number), "mark": f"{number}."} | values)
