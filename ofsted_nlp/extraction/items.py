"""An item of an action list and its sub-bullets -> one text."""

from __future__ import annotations

import re


def join_items(parts: list[str], led: bool = False) -> str:
    """An item and its sub-bullets as one text: "; " between them, a colon or comma that stands there kept.

    Args:
        parts: the item and its sub-bullets.
        led: whether the first part is a lead-in, which goes on into the first sub-bullet unless a stop ends it.
    """
    text = ""
    for index, part in enumerate(filter(None, (p.strip() for p in parts))):
        if not text:
            text = part
        elif re.search(r"[:;,–—-]$|[;,]\s+(?:and|or)$", text) or (led and index == 1 and not text.endswith(".")):
            text = f"{text} {part}"
        else:
            text = f"{text.removesuffix('.')}; {part}"
    return text
