"""Writes word lists as running text, which is easier to read and to change than a list of literals."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``, parted at white space.

    Example:
        >>> sorted(word_set("late good"))
        ['good', 'late']
    """
    return frozenset(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of ``text``, parted at commas.

    Example:
        >>> phrases("social worker, foster carer")
        ('social worker', 'foster carer')
    """
    return tuple(part.strip() for part in text.split(","))
