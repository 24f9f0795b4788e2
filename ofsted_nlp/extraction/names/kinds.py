"""Kinds of bodies and services that many authorities have ("virtual school"), to count them across authorities."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from ofsted_nlp.extraction.wordlists import word_set

_ONE_WORD = {"subgroup": "sub group", "subcommittee": "sub committee", "multiagency": "multi agency"}
_ONE_WORD |= {"multidisciplinary": "multi disciplinary", "wellbeing": "well being", "headteacher": "head teacher"}
_ONE_WORD |= {"multisystemic": "multi systemic", "conferencing": "conference"}
_NOUNS = word_set(
    "team service scheme programme initiative project arrangement offer model approach provision process panel meeting"
)
"""Nouns after a kind's name that leave it the same thing ("virtual school team")."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of body, service, programme or practice model.

    Attributes:
        name: what it goes by.
        sure: ways of writing it that are a name wherever they stand.
        forms: further ways of writing it, for what is already taken for a name.
        local: whether authorities give theirs a name of its own ("Speak Out").
    """

    name: str
    sure: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    local: bool = False


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name; the table is data/common_kinds.toml."""
    rows = tomllib.loads(resources.files("ofsted_nlp").joinpath("data/common_kinds.toml").read_text(encoding="utf-8"))[
        "kind"
    ]
    made = (
        Kind(row["name"], tuple(row.get("sure", ())), tuple(row.get("forms", ())), row.get("local", False))
        for row in rows
    )
    return {kind.name: kind for kind in made}


@cache
def sure_forms() -> tuple[str, ...]:
    """The ways of writing a kind that are a name wherever they stand."""
    return tuple(form for kind in kinds().values() for form in kind.sure)


@lru_cache(maxsize=8192)
def kind_of(name: str) -> str | None:
    """The kind whose name this is, without regard to capitals, hyphens, plurals and a noun such as "team" at the end.

    Example:
        >>> kind_of("Virtual Schools Team")
        'virtual school'
        >>> kind_of("Bright Lanterns team") is None
        True
    """
    return kind_of_key(key(name))


def kind_of_key(written: str) -> str | None:
    """As ``kind_of``, for what ``key`` gave."""
    table = _by_key()
    found = table.get(written)
    if found is None:
        front, _, last = written.rpartition(" ")
        if last in _NOUNS:
            found = table.get(front)
    return found


@cache
def _by_key() -> dict[str, str]:
    table: dict[str, str] = {}
    for kind in kinds().values():
        for form in (kind.name, *kind.sure, *kind.forms):
            table.setdefault(key(form), kind.name)
    return table


@lru_cache(maxsize=8192)
def key(name: str) -> str:
    """What two ways of writing a name have in common: no case, hyphens, possessives and plurals.

    Example:
        >>> key("Care Leavers’ Forums") == key("care-leaver forum")
        True
    """
    words = re.sub(r"[^\w&+]+", " ", re.sub(r"[’']s?\b", "", name.lower())).split()
    words = [word for word in " ".join(_ONE_WORD.get(word, word) for word in words).split() if word != "sub"]
    return " ".join(singular(word) for word in words) or name


def singular(word: str) -> str:
    """A lower-case noun without the ending of its plural."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word == "children":
        return "child"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
