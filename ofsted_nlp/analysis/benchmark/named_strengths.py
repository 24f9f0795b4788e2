"""The named services, teams, programmes and bodies that reports praise, across authorities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.extraction.names.canonical import things
from ofsted_nlp.extraction.names.kinds import key

if TYPE_CHECKING:
    import pandas

_READ = ("authority", "urn", "sha256", "id", "named", "things", "kinds")
COLUMNS = ("thing", "kind", "authorities", "reports", "years", "findings", "where")


def across(
    rows: pandas.DataFrame, years: Sequence[int | None], *, urn: int | None = None, by: str = "thing"
) -> pandas.DataFrame:
    """Named strengths over many reports, those of most authorities first.

    A thing that one report says the kind of has it in all of them.

    Args:
        rows: one a finding with a strength: authority, urn, sha256, id, named, things, kinds.
        years: the year of each row's inspection.
        urn: Ofsted's number of an authority: only what its reports praise, with its reports, years and findings.
        by: "thing", or "kind" to count the services of one kind as one, whatever they are called.

    Returns:
        A frame with the columns ``COLUMNS``: thing; kind, or None; authorities, in how many of all it is praised, 1
        for what is special to one; reports; years; findings; where, the names of those authorities.

    Raises:
        NotFoundError: there are no rows.
        UsageError: ``by`` is neither.
    """
    import pandas

    if by not in ("thing", "kind"):
        raise UsageError(f"Named strengths are counted by thing or by kind, not by {by!r}.")
    if rows.empty:
        raise NotFoundError(
            "No report here was added with what its strengths praise. Add the PDFs with strengths=True (on the command "
            "line: ofsted-nlp add --strengths).",
            code="no_named_strengths",
        )
    cells = zip(*(rows[name] for name in _READ), years, strict=True)
    mentions = _mentions([dict(zip([*_READ, "year"], row, strict=True)) for row in cells])
    known: dict[str, str] = {}
    for _, thing, kind in mentions:
        if kind:
            known.setdefault(key(thing), kind)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    kinds: dict[str, str | None] = {}
    for row, thing, _ in mentions:
        kind = known.get(key(thing))
        name = kind if by == "kind" and kind else thing
        kinds[key(name)] = kind
        forms[key(name)][name] += 1
        found[key(name)].append(row)
    out: list[dict[str, Any]] = []
    for written, praising in found.items():
        own = [row for row in praising if urn is None or row["urn"] == urn]
        if own:
            where = sorted({row["authority"] for row in praising if row["authority"]})
            out.append(
                {
                    "thing": forms[written].most_common(1)[0][0],
                    "kind": kinds[written],
                    "authorities": len(where),
                    "reports": len({row["sha256"] for row in own}),
                    "years": sorted({int(row["year"]) for row in own if row["year"]}),
                    "findings": len({(row["sha256"], row["id"]) for row in own}),
                    "where": where,
                }
            )
    out.sort(key=lambda row: (-row["authorities"], -row["findings"], row["thing"]))
    frame = pandas.DataFrame(out, columns=list(COLUMNS))
    return frame.assign(kind=pandas.Series([row["kind"] for row in out], index=frame.index, dtype=object))


def _mentions(rows: list[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], str, str | None]]:
    """Each thing of each finding once, with its kind; names kept without things are read again."""
    bare: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if len(_list(row["things"])) != len(_list(row["named"])):
            bare[row["sha256"]] += _list(row["named"])
    made = {sha256: things(names) for sha256, names in bare.items()}
    out = []
    for row in rows:
        told = list(zip(_list(row["things"]), _list(row["kinds"]), strict=True))
        if row["sha256"] in made and len(told) != len(_list(row["named"])):
            known = made[row["sha256"]]
            told = [(known[name].name, known[name].kind) for name in _list(row["named"])]
        out += [(row, thing, kind) for thing, kind in dict.fromkeys(told)]
    return out


def _list(value: Any) -> list[Any]:
    """A list from a frame's cell, in which a missing one is None or a float."""
    return [] if value is None or isinstance(value, float) else list(value)
