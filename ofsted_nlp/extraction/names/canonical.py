"""One name for all the ways in which a report writes the name of a service, and the kind of service it is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ofsted_nlp.extraction.names.abbreviations import definitions, long_form, plain_abbreviation
from ofsted_nlp.extraction.names.kinds import key, kind_of, kind_of_key, kinds, singular
from ofsted_nlp.extraction.names.parts import (
    ALIKE,
    BODIES,
    BRACKET,
    is_commonplace,
    is_joined,
    is_own,
    is_proper,
    last_of,
    safeguarding_body,
    stripped,
    without_authority,
    without_weak,
)
from ofsted_nlp.records import Finding


@dataclass(frozen=True, slots=True)
class Thing:
    """What a name stands for.

    Attributes:
        name: one name for all ways of writing it in a report; for a common kind without a name of its own the
            kind's, so that it is the same in all reports.
        kind: the common kind that it is one of ("virtual school"), or None.
    """

    name: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A printed name as understood: written out, its own name beside its kind, and what else it is called."""

    full: str
    kind: str | None = None
    own: str | None = None
    others: tuple[str, ...] = ()


def canonical_names(names: Iterable[str], text: str = "") -> dict[str, str]:
    """One name for all the ways in which names of the same thing are written.

    "Keeping Families Together (KFT) team", "KFT team" and "Keeping Families Together" are one; so are "MASH" and
    "multi-agency safeguarding hub", and "Northbury virtual school" and "virtual school" if Northbury is an authority:
    kinds that most authorities have go by the kind, so that they can be counted across authorities. Pass the names
    of one report to tell its abbreviations; an abbreviation with two meanings among ``names`` is left alone.

    Args:
        names: names as printed, such as those of ``Strength.named``.
        text: the report's text, from which further abbreviations and local names are learned.

    Returns:
        For each of ``names`` the name of the thing.
    """
    return {name: thing.name for name, thing in things(names, text).items()}


def things(names: Iterable[str], text: str = "") -> dict[str, Thing]:
    """What each of a report's names stands for; arguments as for ``canonical_names``.

    Example:
        >>> things(["MASH", "Speak Up"], "Children enjoy Speak Up, the children in care council.")["Speak Up"]
        Thing(name='Speak Up', kind='children in care council')
    """
    given = list(dict.fromkeys(names))
    defined = definitions(text)
    meaning = _meanings(given, defined)
    wavering = {key(other): longs[0] for longs in defined.values() for other in longs[1:]}
    read = {name: _read(name, meaning, wavering) for name in given}
    for name, one in read.items():
        if (
            one.kind is None
            and is_own(one.full)
            and not is_joined(one.full)
            and (kind := _kind_beside(text, name, one.full))
        ):
            read[name] = replace(one, kind=kind, own=one.full)
    groups = _Groups(given)
    _join_alike(groups, read)
    _join_cores(groups, read)
    _join_shorter(groups, read)
    _join_own(groups, read)
    out: dict[str, Thing] = {}
    for members in groups.all():
        thing = _thing([read[name] for name in members])
        out.update(dict.fromkeys(members, thing))
    return {name: out[name] for name in given}


def with_things(findings: Sequence[Finding], text: str) -> tuple[Finding, ...]:
    """A report's findings with what their names stand for filled in; ``text`` is the report's."""
    names = [name for item in findings if item.strength for name in item.strength.named]
    if not names:
        return tuple(findings)
    known = things(names, text)

    def named(item: Finding) -> Finding:
        if not item.strength or not item.strength.named:
            return item
        found = [known[name] for name in item.strength.named]
        filled = replace(item.strength, things=tuple(t.name for t in found), kinds=tuple(t.kind for t in found))
        return replace(item, strength=filled)

    return tuple(named(item) for item in findings)


class _Groups:
    """Names that are put together step by step."""

    def __init__(self, names: list[str]) -> None:
        self._above = {name: name for name in names}

    def of(self, name: str) -> str:
        while self._above[name] != name:
            name = self._above[name]
        return name

    def join(self, names: Iterable[str]) -> None:
        first, *rest = [self.of(name) for name in names] or [""]
        for other in rest:
            self._above[self.of(other)] = self.of(first)

    def all(self) -> list[list[str]]:
        made: dict[str, list[str]] = defaultdict(list)
        for name in self._above:
            made[self.of(name)].append(name)
        return list(made.values())


def _meanings(names: list[str], defined: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What abbreviations stand for: as the text explains them, in brackets, or the initials of a capitalised name."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for match in BRACKET.finditer(name):
            short, before = plain_abbreviation(match[1]), stripped(last_of(name[: match.start()]))
            if before and not before.isupper() and short not in defined:
                found[short].add(before)
    for name in names:
        words = stripped(BRACKET.sub("", name)).split()
        for some in (words, words[:-1]):
            letters = "".join(word[0] for word in some if word[0].isupper())
            if len(letters) >= 3 and letters not in defined and all(w[0].isupper() or len(w) < 4 for w in some):
                found[letters].add(" ".join(some))
    out = {short: long[0] for short, long in defined.items()}
    for short, meanings in found.items():
        if len({_core(key(one)) for one in meanings}) == 1:
            out[short] = max(sorted(meanings), key=len)
    return out


def _read(printed: str, meaning: Mapping[str, str], wavering: Mapping[str, str]) -> _Read:
    """A printed name with its abbreviations written out and its kind."""
    name, others = printed.strip(), []
    for match in re.finditer(r"\(([^()]+)\)", printed):
        inner = match[1].strip()
        before = stripped(printed[: match.start()])
        short = plain_abbreviation(inner)
        long = meaning.get(short)
        if not before:
            name = inner
        elif long and key(long).endswith(key(before)):
            name = long + printed[match.end() :]
        elif short.isupper() or BRACKET.match(match[0]):
            others.append(inner)
            name = name.replace(match[0], "")
        else:
            others.append(re.sub(r"^(?:the|an?|known as|called|formerly) ", "", inner))
            name = name.replace(match[0], "")
    name = stripped(name)
    if name == "Board" and "LSCB" in meaning:
        name = "LSCB"  # a report that explains LSCB reviews it, and calls it the Board
    full = _expanded(name, meaning)
    full = wavering.get(key(full), full)
    if is_joined(full) or (len(others) > 1 and " and " in full):
        return _Read(full)
    kind, own = _kind_and_own(full)
    if kind is None and (direct := kind_of(name)):
        kind = direct
    for other in others:
        if (
            kind
            and own is None
            and kinds()[kind].local
            and is_own(other)
            and not long_form(full, other)
            and not kind_of(other)
        ):
            own = other
        elif kind is None and (found := kind_of(_expanded(stripped(other), meaning))) and not _is_more(full, found):
            kind, own = found, (full if is_own(full) and kinds()[found].local else None)
    return _Read(full, kind, own, tuple(stripped(other) for other in others))


def _expanded(name: str, meaning: Mapping[str, str]) -> str:
    """A name with its abbreviations written out, unless the noun at the end would then stand twice."""
    if kind_of(name):
        return name
    out: list[str] = []
    for word in name.split():
        long = meaning.get(plain_abbreviation(word), "") if word[0].isupper() and not kind_of(word) else ""
        if out and not long and singular(word.lower()) == singular(out[-1].lower()):
            continue
        out += long.split() if long else [word]
    return " ".join(out)


def _kind_and_own(full: str) -> tuple[str | None, str | None]:
    """The kind of a name, and its own name where it has one ("Bright Sparks children in care council")."""
    general = without_authority(full, always=True)
    for some in dict.fromkeys(
        (full, general, without_weak(general), without_authority(without_weak(full), always=True))
    ):
        if found := kind_of(some) or safeguarding_body(some):
            return found, None
    words = full.split()
    for at in range(1, len(words) - 1):
        found = kind_of(" ".join(words[at:]))
        front = " ".join(words[:at])
        if found and kinds()[found].local and is_own(front):
            return found, front
    return None, None


def _is_more(full: str, kind: str) -> bool:
    """Whether a name joins something else to a kind ("edge of care and family group conferencing team")."""
    return " and " in full and " and " not in kind


def _core(written: str) -> str:
    """A key without the noun that says what kind of thing it is."""
    front, _, last = written.rpartition(" ")
    return front if front and last in BODIES else written


def _join_alike(groups: _Groups, read: Mapping[str, _Read]) -> None:
    """Names that are written alike, or that a bracket gives as another name, and kinds without a name of their own."""
    same: dict[str, list[str]] = defaultdict(list)
    for name, one in read.items():
        if one.kind and one.own is None:
            same[f"kind {one.kind}"].append(name)
        else:
            same[_bare(one.own or one.full)].append(name)
        for other in one.others:
            if len(other) > 2 and (one.kind is None or one.own is None) and kind_of(other) is None:
                same[_bare(other)].append(name)
    for members in same.values():
        groups.join(members)


def _join_cores(groups: _Groups, read: Mapping[str, _Read]) -> None:
    """Proper names whatever noun of their kind follows: "Lanterns", "Lanterns team" and "Lanterns service"."""
    cores: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, one in read.items():
        if one.kind is None or one.own:
            written = _bare(one.own or one.full)
            core = _core(written)
            cores[core][written.removeprefix(core).strip()].append(name)
    for core, by_noun in cores.items():
        nouns = {noun for noun in by_noun if noun}
        members = [name for some in by_noun.values() for name in some]
        proper = any(is_proper(read[name].own or read[name].full) or BRACKET.search(name) for name in members)
        if len(nouns) > 1 and not nouns <= ALIKE:
            continue
        told = " " in core and not is_commonplace(core)
        if proper or core.count(" ") > 1 or (told and "" in by_noun and len(nouns) == 1):
            groups.join(members)


def _join_shorter(groups: _Groups, read: Mapping[str, _Read]) -> None:
    """A name with words before it that tell little ("specialist", "commissioned") and the same name without them."""
    there: dict[str, str] = {}
    endings: dict[str, set[str]] = defaultdict(set)
    for name, one in read.items():
        written = f"kind {one.kind}" if one.kind and one.own is None else _bare(one.full)
        there.setdefault(written, name)
        parts = written.split(" ")
        for at in range(1, 1 if is_joined(one.full) else len(parts) - 2):
            if parts[at - 1] not in ("and", "of", "to"):
                endings[" ".join(parts[at:])].add(written)
    for name, one in read.items():
        if one.kind is not None:
            continue
        written = _bare(one.full)
        plain = without_weak(one.full, also_telling=True)
        short = _bare(plain)
        if short != written and " " in short:
            for target in (short, f"kind {kind_of_key(short)}", _core(short) if is_proper(plain) else short):
                if target in there:
                    groups.join([there[target], name])
        if len(endings.get(written, ())) == 1:
            groups.join([there[next(iter(endings[written]))], name])


def _join_own(groups: _Groups, read: Mapping[str, _Read]) -> None:
    """A kind that goes without a name in one place and by the only local name of that kind in another."""
    local: dict[str, set[str]] = defaultdict(set)
    general: dict[str, str] = {}
    for name, one in read.items():
        if one.kind and one.own:
            local[one.kind].add(groups.of(name))
        elif one.kind:
            general[one.kind] = name
    for kind, found in local.items():
        if kind in general and len({groups.of(name) for name in found}) == 1:
            groups.join([general[kind], *found])


def _bare(name: str) -> str:
    return key(without_weak(without_authority(name)))


def _thing(members: list[_Read]) -> Thing:
    """The fullest of the ways in which a name is written; of equals the most frequent, then the first by letter."""
    kind = next((one.kind for one in members if one.kind), None)
    own = [one.own for one in members if one.own]
    if kind and not own:
        return Thing(kind, kind)
    written = own or [without_weak(one.full) for one in members]
    single = [name for name in written if not is_joined(name)] or written
    plain = [name for name in single if without_weak(name, also_telling=True) == name] or single
    count = Counter(plain)
    name = min(count, key=lambda name: (-len(key(name)), -count[name], name))
    for one in members:
        # "Northbury Family" is no name without the "Front Door" after it.
        if one.own == name and one.full.startswith(f"{name} ") and key(one.full[len(name) :]) != key(kind or ""):
            name = one.full
    return Thing(name, kind)


_BEFORE = re.compile(r"(?:, |, ?(?:known as|called|named) (?:the )?| (?:known as|called|named) (?:the )?| \()[‘“]?$")
_AFTER = re.compile(r"[’”]?(?:,| \() ?(?:(?:the|an?|its|their|which is the|which is an?) )?(?=[^\W\d_])")


def _kind_beside(text: str, name: str, full: str) -> str | None:
    """The kind that the text says a local name is of: "Speak Up, the children in care council," or the reverse."""
    for wanted in dict.fromkeys((name, full)):
        at = text.find(wanted)
        for _ in range(3):
            if at < 0:
                break
            end = at + len(wanted)
            found = _kind_after(text, end) or _kind_before(text, at, end)
            if found:
                return found
            at = text.find(wanted, end)
    return None


def _kind_after(text: str, end: int) -> str | None:
    match = _AFTER.match(text, end, end + 40)
    if not match:
        return None
    said = re.split(r"[,.;:()]", text[match.end() : match.end() + 90])
    words = " ".join(said[0].split()).split(" ") if len(said) > 1 else []
    for at in range(min(4, len(words))):
        found = kind_of(without_authority(" ".join(words[at:])))
        if found and kinds()[found].local and not _in_list(text, match.end() + len(said[0])):
            return found
    return None


def _kind_before(text: str, at: int, end: int) -> str | None:
    match = _BEFORE.search(text[max(0, at - 24) : at])
    if not match or text[end : end + 2].strip("’” ")[:1] not in (",", ".", ")", ";"):
        return None
    words = " ".join(text[max(0, at - 110) : at - len(match[0])].split()).split(" ")
    for length in range(1, min(7, len(words) + 1)):
        found = kind_of(" ".join(words[-length:]))
        if found and kinds()[found].local and not _in_list(text, end):
            return found
    return None


def _in_list(text: str, at: int) -> bool:
    """Whether a list of bodies goes on after a comma, so that what stands beside it is another one."""
    return bool(re.match(r"[’”]?,?\s+and\s", text[at : at + 8]))
