"""The theme taxonomy, so that every part of the library means the same by a theme code."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from ofsted_nlp.errors import NotFoundError

NONE = "none"
"""Code of the theme of a sentence that has none."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What findings are about.

    Attributes:
        code: snake_case code, as in ``Finding.themes``.
        group: code of the part of the service it belongs to, a key of ``groups()``.
        title: plain English heading.
        definition: what belongs under it.
    """

    code: str
    group: str
    title: str
    definition: str


@cache
def _taxonomy() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(resources.files("ofsted_nlp").joinpath("data/themes.toml").read_text(encoding="utf-8"))


@cache
def themes() -> MappingProxyType[str, Theme]:
    """All themes by code, in the order of the taxonomy; the last is "none", no theme."""
    return MappingProxyType({row["code"]: Theme(**row) for row in _taxonomy()["theme"]})


@cache
def groups() -> MappingProxyType[str, str]:
    """The title of every group of themes by its code, in the order of the taxonomy."""
    return MappingProxyType({row["code"]: row["title"] for row in _taxonomy()["group"]})


@cache
def polarities() -> MappingProxyType[str, str]:
    """The definition of every polarity by its code."""
    return MappingProxyType({row["code"]: row["definition"] for row in _taxonomy()["polarity"]})


def in_group(group: str) -> list[Theme]:
    """The themes of one group, in the order of the taxonomy.

    Raises:
        NotFoundError: no such group; the message names those there are.
    """
    if group not in groups():
        raise NotFoundError(f"There is no group of themes {group!r}. Groups: {', '.join(groups())}.")
    return [theme for theme in themes().values() if theme.group == group]


def theme(code: str) -> Theme:
    """The theme with this code; spaces, hyphens, capitals and the printed title are accepted.

    Raises:
        NotFoundError: no such theme; the message suggests the nearest.

    Example:
        >>> theme("front door").title
        'Front door'
    """
    known = themes()
    key = _key(code)
    if key in known:
        return known[key]
    by_title = {_key(item.title): item for item in known.values()}
    if key in by_title:
        return by_title[key]
    near = difflib.get_close_matches(key, [*known, *by_title], n=5, cutoff=0.5)
    near += [name for name in known if key and (key in name or any(w in name.split("_") for w in key.split("_")))]
    suggestions = list(dict.fromkeys(name if name in known else by_title[name].code for name in near))[:4]
    hint = f"Did you mean {', '.join(suggestions)}?" if suggestions else f"Themes: {', '.join(known)}."
    raise NotFoundError(f"There is no theme {code!r}. {hint}")


def _key(text: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in text.lower().replace("'", "")).split())
