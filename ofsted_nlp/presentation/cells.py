"""What a cell of a table may begin with, so that no spreadsheet takes a report's words for a formula."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection"), wide forms of the signs too."""


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet might take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
