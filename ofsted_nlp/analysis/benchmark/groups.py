"""Whom an authority is compared with: neighbours, region, England, those of a grade, or authorities by name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Report

GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
"""Overall grades by which a group can be asked for ("outstanding", "the good ones", "outstanding neighbours")."""

STANDING = ("neighbours", "region", "england")
"""The groups that every benchmark computes."""


@dataclass(frozen=True)
class Group:
    """Authorities to compare with.

    Attributes:
        name: "neighbours", "region", "england" or "chosen" (authorities by name, or by grade).
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
    grades: Mapping[int, str] | None = None,
) -> dict[str, Group]:
    """The groups of a benchmark: the three standing ones, and "chosen" if authorities or a grade are named.

    Args:
        entry: the authority compared; it is a member of no group.
        against: "neighbours", "region", "england"; a grade ("outstanding", "the good ones"), alone or within one of
            these ("outstanding neighbours", "good in the region"); or authorities (a string of names is split at
            commas).
        latest: the latest full report of each authority, by URN.
        day: authorities abolished by then are left out, unless they are named.
        grades: the overall grade of each authority on that day, by URN.

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
    by_grade = graded(against)
    if by_grade:
        grade, among = by_grade
        sets["chosen"] = [other for other in sets[among] if (grades or {}).get(other.urn) == grade]
        titles["chosen"] = f"{titles[among]} with the overall grade {grade.replace('_', ' ')}"
    elif chief == "chosen":
        sets["chosen"], titles["chosen"] = _chosen(against), "the chosen authorities"
    made = {}
    for name, found in sets.items():
        named = name == "chosen" and not by_grade
        kept = tuple(e for e in found if e.urn != entry.urn and (named or e.existed_on(day)))
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


def graded(against: str | Sequence[AuthorityEntry | str]) -> tuple[str, str] | None:
    """The grade that ``against`` asks for, and the standing group among which; None if it asks for no grade."""
    if not isinstance(against, str):
        return None
    words = re.sub(r"[\W_]+", " ", against.lower()).split()
    kept = [word for word in words if word not in ("the", "ones", "authorities", "graded", "in", "its", "of")]
    kept = [
        {"neighbors": "neighbours", "national": "england"}.get(word, word) for word in kept if word != "statistical"
    ]
    among = kept.pop() if len(kept) > 1 and kept[-1] in STANDING else "england"
    grade = "_".join(kept)
    return (grade, among) if grade in GRADES else None


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
