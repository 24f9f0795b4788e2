"""Finds the stories that several papers print alike: agency and press-office copy, cut or lightly edited."""

from __future__ import annotations

import datetime
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence

from ofsted_nlp.stories import Page

_WORDS = 4
"""Words of a shingle: short enough to outlive light editing, long enough not to meet by chance."""
SHARED = 0.5
"""Share of the shorter text's shingles that the longer one has too, from which two pages are the same story.

Measured on the invented pairs of ``tests/test_press_alike.py``: with one word in thirty changed a copy shares 0.88, one
in fifteen 0.73, one in ten 0.63, and 0.01 if written anew. Different stories with the same three quotations share 0.51
if these count and 0.03 without; two papers' stories on one real report 0.06 and 0.00.
"""
SIZE = 0.3
"""Share of the longer text that the shorter one must have: an alert of a few lines is not the story told later."""
_LEAST = 40
"""Shingles of narration from which it is compared alone; below it the quotations count too."""
_SHARED_SHORT, _SIZE_SHORT = 0.75, 0.5
"""What short texts must share, and how alike in length they must be."""
_SAMPLE = 4
"""One in so many shingles is kept in the index that proposes candidates; the decision uses all of them."""
_CANDIDATES = 25
# A quotation over several paragraphs opens each and closes the last.
_QUOTED = re.compile(
    r"“[^”“\n]{20,2000}(?:”|$)|\"[^\"\n]{20,2000}(?:\"|$)|(?<!\w)‘[^‘\n]{40,1500}?’(?!\w)",
    re.MULTILINE,
)


def same_stories(pages: Sequence[Page]) -> list[int | None]:
    """For each page the earliest page whose story it prints again, if there is one.

    Pages are compared by the runs of four words that they share. Quotations are left out, since different stories on
    one report quote the same press release; a text that consists of little else is compared whole. What is shared
    counts against the shorter of two pages, so that a copy that was cut or got a paragraph of its own is recognised,
    if the shorter has at least ``SIZE`` of the longer. Headlines and bylines do not count.

    Args:
        pages: in any order. The earliest is the one published first, a page without date after all that have one; of
            equals that which stands first.

    Returns:
        A position in ``pages`` for each page, or None for one that repeats none. A page that others repeat repeats
        none itself.
    """
    order = sorted(range(len(pages)), key=lambda k: (pages[k].published or datetime.date.max, k))
    made: list[int | None] = [None] * len(pages)
    narrated: dict[int, frozenset[int]] = {}
    whole: dict[int, frozenset[int]] = {}
    index: dict[int, list[int]] = defaultdict(list)
    hashes: dict[str, int] = {}
    for position in order:
        page = pages[position]
        if page.sha256 in hashes:
            made[position] = hashes[page.sha256]
            continue
        own, all_words = _shingles(_QUOTED.sub(" ", page.text)), _shingles(page.text)
        hits = Counter(other for shingle in _sampled(all_words) for other in index.get(shingle, ()))
        # The most alike first, of equals the earliest.
        near = sorted(hits, key=lambda other: (-hits[other], pages[other].published or datetime.date.max, other))
        found = [other for other in near[:_CANDIDATES] if _alike(own, narrated[other], all_words, whole[other])]
        if found:
            earliest = min(found, key=lambda other: (pages[other].published or datetime.date.max, other))
            made[position] = hashes[page.sha256] = earliest
            continue
        narrated[position], whole[position] = own, all_words
        hashes[page.sha256] = position
        for shingle in _sampled(all_words):
            index[shingle].append(position)
    return made


def _alike(own: frozenset[int], other: frozenset[int], whole: frozenset[int], other_whole: frozenset[int]) -> bool:
    least, size = SHARED, SIZE
    if min(len(own), len(other)) < _LEAST:
        own, other, least, size = whole, other_whole, _SHARED_SHORT, _SIZE_SHORT
    small, large = sorted((len(own), len(other)))
    return small > 0 and small >= size * large and len(own & other) >= least * small


def _shingles(text: str) -> frozenset[int]:
    """The runs of words of a text as numbers that are the same on every machine."""
    words = re.findall(r"[a-z0-9£%]+", text.lower().replace("’", "").replace("'", ""))
    runs = (" ".join(words[k : k + _WORDS]) for k in range(max(1, len(words) - _WORDS + 1)))
    return frozenset(zlib.crc32(run.encode()) for run in runs if run)


def _sampled(shingles: frozenset[int]) -> list[int]:
    return [shingle for shingle in shingles if shingle % _SAMPLE == 0]
