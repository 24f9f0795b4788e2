"""Finds the authority that a news story is about, also where a local paper says no more than "the council"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from ofsted_nlp.authorities import AuthorityEntry, Mention, register
from ofsted_nlp.extraction.press.subjects import levelled
from ofsted_nlp.extraction.wordlists import word_set
from ofsted_nlp.stories import Page

_FIRST_TEXT, _LAST_TEXT = 3000, 9000
"""Characters in which an authority is looked for, first and if none is found."""
_MANY = 5
"""Authorities from which a story may be about the country and not about one of them."""
_COUNCIL_NAME = re.compile(
    r"\b(?P<name>[A-Z][a-z]{2,}(?:[ -](?:upon|on|of|and|in|the|[A-Z][a-z]+)){0,6}?)(?: (?:Metropolitan|Royal|Borough|"
    r"City|"
    r"County|District|Unitary|London|MBC)){0,4} (?:[Cc]ouncil|MBC|Children['’]s Trust|[Cc]hildren['’]s (?:[Ss]ocial )?"
    r"(?:[Ss]ervices|[Cc]are))\b"
)
_ONE_COUNCIL = re.compile(
    r"\b(?:council\b(?! (?:tax|house|home|estate))|(?:the|an|this|our) authority\b|town hall|"
    r"county hall|"
    r"(?:the|this|our|at|my) (?:county|borough|area)\b|"
    r"(?:the|our|city's|county's|borough's|town's|area's) (?:children's (?:services|social care|department)|5end |"
    r"local area)"
    r"|local area|area partnership|(?<!all )the local authority\b|(?:city|county|borough)'s (?:social|most vulnerable)|"
    r"(?!ofsted|council|england|country|nation|it|that|there)[a-z]{4,}'s (?:children's (?:services|social care)|"
    r"social workers))"
)
_COUNCILS = re.compile(
    r"\b(?:councils|(?:local )?authorities|nationally|nationwide|across (?:the country|england|all)|(?:the|in) country|"
    r"in england|per cent of (?:councils|authorities)|the sector|every (?:council|area))\b"
)
_NO_NAME = word_set(
    "The This That Its Our Their Council City County Borough Local A An Every Your No Social For And In"
)


def named_in(text: str) -> list[Mention]:
    """The authorities of the register that a story names, people of the same name left out.

    Args:
        text: headline and story; the beginning is searched, and what follows only if that names none.
    """
    found = register().find(text[:_FIRST_TEXT]) or [
        Mention(m.entry, m.start + _FIRST_TEXT, m.end + _FIRST_TEXT)
        for m in register().find(text[_FIRST_TEXT:_LAST_TEXT])
    ]
    return [mention for mention in found if not _is_surname(text, mention.start, mention.end)]


def authority_of(
    page: Page, text: str, mentions: Sequence[Mention], *, head: int, abroad: bool
) -> tuple[str | None, bool]:
    """The authority that a story is about, and whether it is about many without being about one.

    By the register; else the council on whose site the page stands; else a council that is named in full; else,
    as local papers do, "the council" (an empty name): Ofsted inspects English ones only.

    Args:
        page: with its site and address.
        text: headline and story.
        mentions: of ``named_in``.
        head: where the opening ends; a name before it weighs more.
        abroad: whether inspectorates of other countries are named, so that an unknown council may be theirs.
    """
    counts: Counter[str] = Counter()
    for mention in mentions:
        counts[mention.entry.display_name] += 3 if mention.end <= head else 1
    if counts:
        name, count = counts.most_common(1)[0]
        return name, len(counts) >= _MANY and count <= counts.total() / 3
    host = _of_host(page.url) or next((mention.entry for mention in register().find(page.site or "")), None)
    if host is not None:
        return host.display_name, False
    if abroad:
        return None, False
    for found in _COUNCIL_NAME.finditer(f"{text} {page.site or ''}"):
        name = found["name"]
        if name.split()[0] not in _NO_NAME:
            return name, False
    low = levelled(text)
    one, all_of_them = len(_ONE_COUNCIL.findall(low)), len(_COUNCILS.findall(low))
    return ("", False) if one and one >= all_of_them else (None, all_of_them > one)


def _is_surname(text: str, start: int, end: int) -> bool:
    """Whether a name stands after a first name and before what people do: "Amanda Kent said"."""
    before = re.search(r"(?:\A|[\s\"“'‘(])([A-Z][a-z]+) \Z", text[max(0, start - 20) : start])
    return bool(before and re.match(r",|\.| (?:said|says|added|told|is|was|has|who)\b", text[end : end + 10])) and (
        before is not None
        and before[1].lower() not in {"in", "at", "to", "for", "from", "the", "and", "of", "by", "when"}
    )


def _of_host(url: str | None) -> AuthorityEntry | None:
    host = (urlsplit(url).hostname or "") if url else ""
    labels = host.split(".")
    return next((_domains()[end] for n in range(len(labels) - 1) if (end := ".".join(labels[n:])) in _domains()), None)


@cache
def _domains() -> dict[str, AuthorityEntry]:
    return {entry.domain.removeprefix("www."): entry for entry in register() if entry.domain}
