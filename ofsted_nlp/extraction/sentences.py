"""Where sentences end in running English: every finding is a sentence, so a wrong cut makes a wrong finding."""

from __future__ import annotations

import re

from ofsted_nlp.extraction.wordlists import word_set

_REFERENCE = (
    r"\((?:see )?(?:(?:recommendations?|paragraphs?|paras?\.?|priority actions?)\b[^)]{0,40}"
    r"|(?:outcomes?|enablers?)\b[^)]{0,160})\)"
)
"""A pointer to the action list, to a paragraph, or to the national framework's outcomes and enablers."""

_BOUNDARY = re.compile(
    r"[.!?…]+"
    r"(?P<close>[\"”’')\]]*)"
    r"(?P<note>\d{1,2}(?!\d))?"
    r"(?:(?P<gap>[\s◼▪•]+)(?=[\"‘“'(\[]{0,2}(?P<next>[A-Z0-9£À-Þ])|(?i:"
    + _REFERENCE
    + r")\.?(?:\s|\Z))|(?=[A-ZÀ-Þ‘“◼▪•])|\s*\Z)"
)
"""A full stop, what closes after it, a footnote number, and an opening as a sentence can have it."""

_NEVER_LAST = word_set(
    "e.g i.e eg ie cf viz vs v approx incl dr mr mrs ms mx prof rev cllr sgt rt hon messrs dept ref tel ext"
)
"""Abbreviations that something always follows."""

_BEFORE_NUMBER = word_set(
    "no nos s ss sec sect section para paras reg regs art arts sch ch p pp vol fig figs est min max c ca circa pt "
    "cl jan feb mar apr jun jul aug sept sep oct nov dec"
)
"""Words that are abbreviations only when a number follows ("No. 2", "s. 47"; but "they said no. Others ...")."""

_MAY_BE_LAST = word_set("a.m p.m am pm ltd plc inc co st rd ave jr sr u.k u.s ph.d m.a b.a o.b.e c.b.e")
"""Abbreviations that can end a sentence: they do when a usual first word follows."""

_NEVER_ENDS = word_set("a an and because but if or so than that the to when with")
"""Words after which three dots are a pause, not an end."""

_FIRST_WORDS = word_set(
    "A After All Also Although An And Any As At Because Before Both But By Care Carers Children Despite During "
    "Each Effective Families For Foster From Good Having He Her His How However I If In Inspectors Is It Its "
    "Leaders Managers Many More Most Much Not Nearly On Once One Only Other Others Our Over Overall Parents "
    "Partners Partnership People Personal Plans Practice Professionals Senior Services She Since So Social Some "
    "Staff Strong Such Support That The Their Them Then There Therefore These They This Those Through Thus Too "
    "Under Until Very We Well What When Where Whether Which While Who Why With Within Workers You Young Your"
)

_OPENING = re.compile(r"[\"‘“'(\[]*([^\W\d_]+)?")
_LAST_WORD = re.compile(r"(?:^|[\s(\[‘“\"/–—-])([^\s(\[‘“\"/–—-]*)\Z")
_LABEL = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4})[)\]]?\Z")
_START = re.compile(r"(?:[\s◼▪•]+|" + _REFERENCE + r"\.?)*", re.I)
"""What stands between two sentences: white space, bullet marks, references to the action list."""
_ADDRESS = re.compile(r"[^\s.]*(?:\.[a-z]|[/@])")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")


def split(text: str) -> list[tuple[int, int]]:
    """Finds the sentences of one block of running text.

    Lists with semicolons after a colon stay one sentence. The footnote number after a full stop, and the bullet marks
    and references such as "(Recommendation 3)" between sentences, belong to no sentence. Text without a final stop is
    a sentence too.

    Args:
        text: a paragraph or list item; line breaks count as spaces.

    Returns:
        ``(start, end)`` of every sentence in characters, in order, without the white space around it.

    Example:
        >>> text = "Dr. Ash leads the team (e.g. No. 2). Visits rose by 4.5%."
        >>> [text[a:b] for a, b in split(text)]
        ['Dr. Ash leads the team (e.g. No. 2).', 'Visits rose by 4.5%.']
    """
    spans = []
    start = _START.match(text).end()  # type: ignore[union-attr]
    for match in _BOUNDARY.finditer(text, start):
        if match.end() == len(text):
            break
        if not _ends(text, start, match):
            continue
        spans.append((start, match.end("close")))
        start = _START.match(text, match.end()).end()  # type: ignore[union-attr]
    end = len(text.rstrip())
    if end > start:
        spans.append((start, end))
    return spans


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the sentence that begins at ``start`` ends at this full stop."""
    at, mark = match.start(), text[match.start()]
    before = text[at - 1] if at > start else ""
    if not before:
        return False
    note, gap = match["note"], match["gap"]
    if note and before.isdigit() and not match["close"]:
        return bool(_YEAR.search(text, max(start, at - 4), at)) and gap is not None
    following = _OPENING.match(text, match.end())
    word = following[1] if following else None
    if match["close"] and mark in "?!" and not match["close"].startswith(")"):
        return word in _FIRST_WORDS
    if match["close"]:
        return True
    last = _LAST_WORD.search(text, max(start - 1, at - 24, 0), at)
    token = last[1] if last else ""
    if mark != "." or match[0].startswith(".."):
        return mark in "?!" or token.lower() not in _NEVER_ENDS
    if not token:
        return gap is not None or word in _FIRST_WORDS
    if gap is None:
        if text[match.end()] in "‘“◼▪•":
            return True
        if token.isdigit():
            return len(token) == 4 and bool(_YEAR.match(token))
        # "plans.The": a full word, and neither an address nor a chain of initials, stands before
        if len(token) < 3 or token == "www" or _ADDRESS.match(text, match.end()):
            return False
        return token[-1] in ")’%" or (token[-1].isalpha() and not {".", "@", ":"} & set(token))
    if at - start <= 7 and _LABEL.match(text, start, at):
        return False
    if len(token) > 6:
        return True
    if len(token) == 1 and token.isupper():
        return word in _FIRST_WORDS and word not in ("A", "I")
    low = token.lower()
    if low in _NEVER_LAST:
        return False
    if low in _BEFORE_NUMBER and ((match["next"] or "").isdigit() or note):
        return False
    if low in _MAY_BE_LAST and not (low in ("am", "co", "inc") and before.islower() and token.islower()):
        return word in _FIRST_WORDS
    return True
