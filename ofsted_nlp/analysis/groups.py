"""Whom an authority is compared with: neighbours, region, England, or authorities of the user's choice."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Report

STANDING = ("neighbours", "region", "england")
"""The groups that every benchmark computes."""


@dataclass(frozen=True)
class Group:
    """Authorities to compare with.

    Attributes:
        name: "neighbours", "region", "england" or "chosen".
        title: how to speak of it ("its statistical neighbours").
        members: its authorities, without the one compared.
        latest: the latest full report of each member that has one, by URN.
    """

    name: str
    title: str
    members: tuple[AuthorityEntry, ...]
    latest: dict[int, Report]

    @property
    def without_report(self) -> list[AuthorityEntry]:
        """The members of which there is no full report."""
        return [entry for entry in self.members if entry.urn not in self.latest]


def compare_with(
    entry: AuthorityEntry,
    against: str | Sequence[AuthorityEntry | str],
    latest: Mapping[int, Report],
    day: datetime.date,
) -> dict[str, Group]:
    """The groups of a benchmark: the three standing ones, and "chosen" if authorities are named.

    Args:
        entry: the authority compared; it is a member of no group.
        against: "neighbours", "region", "england", or authorities (a string of names is split at commas).
        latest: the latest full report of each authority, by URN.
        day: authorities abolished by then are left out, unless they are named.

    Raises:
        NotFoundError: an authority is not known.
        UsageError: the group asked for has no member.
    """
    chief = chief_group(against)
    sets = {
        "neighbours": register().neighbours(entry),
        "region": [other for other in register() if other.region == entry.region],
        "england": list(register()),
    }
    titles = {
        "neighbours": "its statistical neighbours",
        "region": f"the other authorities in {_with_article(entry.region)}",
        "england": "the other authorities in England",
    }
    if chief == "chosen":
        sets["chosen"], titles["chosen"] = _chosen(against), "the chosen authorities"
    made = {}
    for name, found in sets.items():
        kept = tuple(e for e in found if e.urn != entry.urn and (name == "chosen" or e.existed_on(day)))
        made[name] = Group(name, titles[name], kept, {e.urn: latest[e.urn] for e in kept if e.urn in latest})
    if not made[chief].members:
        raise UsageError(f"There is no authority to compare {entry.display_name} with: {against!r}.")
    return made


def chief_group(against: str | Sequence[AuthorityEntry | str]) -> str:
    """The name of the group that ``against`` asks for; "chosen" for authorities by name."""
    if not isinstance(against, str):
        return "chosen"
    word = against.strip().lower()
    words = {"statistical neighbours": "neighbours", "neighbors": "neighbours", "national": "england"}
    word = words.get(word, word)
    return word if word in STANDING else "chosen"


def _chosen(against: str | Sequence[AuthorityEntry | str]) -> list[AuthorityEntry]:
    """The authorities named; a name may itself hold commas ("Bristol, City of")."""
    if not isinstance(against, str):
        return [register().named(item) if isinstance(item, str) else item for item in against]
    parts = [part.strip() for part in against.split(",") if part.strip()]
    found: list[AuthorityEntry] = []
    while parts:
        for length in range(len(parts), 0, -1):
            try:
                found.append(register().named(", ".join(parts[:length])))
            except NotFoundError:
                if length == 1:
                    raise
                continue
            del parts[:length]
            break
    return list(dict.fromkeys(found))


def _with_article(region: str) -> str:
    return region if region in ("London", "Yorkshire and the Humber") else f"the {region}"
