"""What the abbreviations of a document stand for, so that a service and its abbreviation are known for one thing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from ofsted_nlp.extraction.wordlists import word_set

_BRACKETS = re.compile(r"\(([A-Za-z][^()]{1,80})\)")
_SHORT = re.compile(r"[A-Z][A-Za-z&]{1,8}")
_WORD = re.compile(r"[^\W_]+(?:[’'][a-z]+)?")
_SMALL = word_set("of and for the in to with on at a an or")
_LONGEST = 10
"""Words of a long form, at most."""


def definitions(text: str) -> dict[str, tuple[str, ...]]:
    """The long forms that stand before an abbreviation in brackets, or in brackets after it, by abbreviation.

    Args:
        text: a document's text.

    Returns:
        For each abbreviation, without the s of a plural, its long forms as printed, the most frequent first.

    Example:
        >>> definitions("The Family Anchor Service (FAS) helps. The FAS is valued.")
        {'FAS': ('Family Anchor Service',)}
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for match in _BRACKETS.finditer(text):
        inner, at = match[1], match.start()
        if _SHORT.fullmatch(inner):
            short = plain_abbreviation(inner)
            long = long_form(text[max(0, at - 110) : at], short)
        else:
            before = text[max(0, at - 12) : at].split()[-1:]
            short = plain_abbreviation(before[0]) if before and _SHORT.fullmatch(before[0]) else ""
            explained = " ".join(inner.split())
            long = explained if sum(c.isupper() for c in short) > 1 and long_form(inner, short) == explained else None
        if long:
            found[short][long] += 1
    return {short: tuple(long for long, _ in counts.most_common()) for short, counts in found.items()}


def plain_abbreviation(short: str) -> str:
    """An abbreviation without the s of its plural ("PAs")."""
    return short[:-1] if len(short) > 2 and short.endswith("s") and short[:-1].isupper() else short


def long_form(before: str, short: str) -> str | None:
    """The words at the end of ``before`` whose initials an abbreviation is; small words may be left out.

    Each capital of the abbreviation begins a word or a part of a hyphenated one; a name that is the beginning of
    its long form's word ("Cafcass") is none.
    """
    letters = [c.lower() for c in short if c.isupper() or short.isupper()]
    if len(letters) < 2:
        return None
    words = list(_WORD.finditer(before))[-_LONGEST - 4 :]
    at = _first(words, letters, frozenset()) if (found := _first(words, letters, _SMALL)) < 0 else found
    if at < 0:
        return None
    long = before[words[at].start() :].strip(" \n‘’“”'\"")
    if re.search(r"[.;:()]", long) or words[-1].end() < len(before.rstrip(" \n‘’“”'\"")):
        return None
    return " ".join(long.split())


def _first(words: list[re.Match[str]], letters: list[str], passed: frozenset[str]) -> int:
    """Index of the word from which on the initials are the letters; -1 if they are not.

    Args:
        words: the words before the abbreviation.
        letters: its letters, in lower case.
        passed: words that never stand for a letter; other small words do only where their initial fits.
    """
    at = len(words)
    for letter in reversed(letters):
        at -= 1
        while at >= 0 and words[at][0].lower() in (passed or _SMALL) and (passed or words[at][0][0].lower() != letter):
            at -= 1
        if at < 0 or words[at][0][0].lower() != letter:
            return -1
    return at
