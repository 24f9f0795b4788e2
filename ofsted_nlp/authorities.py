"""The register of English local authorities: any printed name leads to one URN, region and peer group."""

from __future__ import annotations

import csv
import datetime
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import NamedTuple

from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import Authority


@dataclass(frozen=True, slots=True)
class AuthorityEntry:
    """An English local authority with duties for children, present or abolished.

    Attributes:
        urn: Ofsted's unique reference number of the authority.
        la_code: the Department for Education's three-digit code.
        gss_code: the code of the Office for National Statistics.
        name: the official short name ("Kingston Upon Hull, City of").
        aliases: other names in use.
        region_code, region: the English region.
        kind: type of authority ("Unitary Authority"); empty where the source gives none.
        domain: web domain of its children's services.
        population_0_25: residents aged 0 to 25, or None; the three of Cumbria (the former county and its two
            successors) all carry the former county's figure.
        neighbours: DfE codes of its ten statistical neighbours, nearest first (Department for Education,
            local authority interactive tool); empty for abolished authorities.
        successors: URNs of the authorities that took over; empty while it exists.
        trusts: trusts and companies that run, or ran, its children's services.
        abolished_on: the first day on which it no longer existed (structural changes orders), or None.
    """

    urn: int
    la_code: int
    gss_code: str
    name: str
    aliases: tuple[str, ...] = ()
    region_code: str = ""
    region: str = ""
    kind: str = ""
    domain: str = ""
    population_0_25: int | None = None
    neighbours: tuple[int, ...] = ()
    successors: tuple[int, ...] = ()
    trusts: tuple[str, ...] = ()
    abolished_on: datetime.date | None = None

    @property
    def abolished(self) -> bool:
        """Whether other authorities have taken over from it."""
        return bool(self.successors)

    def existed_on(self, day: datetime.date) -> bool:
        """Whether it had not been abolished by that day."""
        return self.abolished_on is None or day < self.abolished_on

    @property
    def display_name(self) -> str:
        """The name as people write it: "Bristol", "Kingston upon Hull"."""
        return self.name.removesuffix(", City of").replace(" Upon ", " upon ")

    @property
    def authority(self) -> Authority:
        """The identity that records carry."""
        return Authority(self.urn, self.la_code, self.gss_code, self.name)


class Mention(NamedTuple):
    """An authority named in a text: ``text[start:end]`` is the name as printed, "Council" included."""

    entry: AuthorityEntry
    start: int
    end: int


# What authorities put before and after their names, and what belongs to other bodies of the same name.
_BEFORE = (
    r"(?:the\s+)?(?:london\s+borough|royal\s+borough|metropolitan\s+(?:borough|district)|borough|county|"
    r"city\s+(?:and|&)\s+(?:county|borough)|city|council|corporation)\s+of(?:\s+the)?"
)
_AFTER = (
    r"(?:(?:metropolitan|royal|unitary|london|city|county|district)\s+)*(?:borough|council|county|city|"
    r"corporation|local\s+(?:authority|area)|lap\b|mbc\b|cc\b)"
    r"(?:\s+(?:council|of\s+the|partnership|county))*"
)
_OTHER_BODY_AFTER = re.compile(
    r"[’']?s?\W{0,2}(?:\w+\W+){0,2}?(?:police|constabulary|nhs|ccgs?|icbs?|clinical|integrated|hospitals?|fire|"
    r"university|infirmary|probation|youth justice|health|heartlands|foundation)\b",
    re.IGNORECASE,
)
_OTHER_BODY_BEFORE = re.compile(
    r"(?:\bnhs|\bccg|\bicb|\bnew|\bnorth|\bsouth|\beast|\bwest|\bmid|\bgreater|\broyal|\bcentral|-east|-west)"
    r"\s+$",
    re.IGNORECASE,
)
_PERSON_BEFORE = re.compile(r"(?:^|[\s,:])[A-Z][a-zé]+(?:[ -][A-Z]\.?)? $")
_PERSON_AFTER = re.compile(r"(?: ?[A-Z][a-z]+)?\s*(?:,|\b(?:CBE|OBE|MBE|HMI)\b|$)")
_ORDINARY_WORDS = frozenset({"reading", "bury", "hull", "stoke", "poole", "barking", "telford", "richmond"})
_READING_THE_VERB = re.compile(r"\s+(?:and|ages?|skills?|levels?|aloud|books?|the|about|for|is|at|to)\b", re.I)
_NOT_ALIASES_IN_TEXT = frozenset({"stoke", "richmond", "westmorland"})
_SAME_LENGTH = str.maketrans("’‘ʼ`´′–—‑‐−\u00ad\u0002\u00a0", "''''''-------" + " ")


class Register:
    """All authorities, looked up by number, by any printed name, or found inside a text."""

    def __init__(self, entries: tuple[AuthorityEntry, ...]) -> None:
        self._entries = entries
        self._urn = {entry.urn: entry for entry in entries}
        self._la_code = {entry.la_code: entry for entry in entries}
        self._gss = {entry.gss_code.lower(): entry for entry in entries}

    def __iter__(self) -> Iterator[AuthorityEntry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Register of {len(self.current())} authorities and {len(self.abolished)} abolished ones>"

    @property
    def abolished(self) -> list[AuthorityEntry]:
        """The authorities that others have taken over from."""
        return [entry for entry in self if entry.abolished]

    def current(self) -> list[AuthorityEntry]:
        """The authorities that exist, in the order of their names."""
        return [entry for entry in self if not entry.abolished]

    def by_urn(self, urn: int) -> AuthorityEntry:
        """The authority with Ofsted's number ``urn``.

        Raises:
            NotFoundError: no authority has it.
        """
        return _known(self._urn.get(urn), f"No authority has the URN {urn}.")

    def by_la_code(self, la_code: int) -> AuthorityEntry:
        """The authority with the Department for Education's code ``la_code``.

        Raises:
            NotFoundError: no authority has it.
        """
        return _known(self._la_code.get(la_code), f"No authority has the DfE code {la_code}.")

    def named(self, name: str) -> AuthorityEntry:
        """The authority of any printed name, trust name, URN, DfE code or ONS code.

        Raises:
            NotFoundError: nothing matches (the message suggests the closest names), or the name stands for
                several authorities, as a shared trust's does; ``all_named`` gives them all.
        """
        found = self.all_named(name)
        if len(found) > 1:
            names = " and ".join(entry.display_name for entry in found)
            raise NotFoundError(f"“{name}” covers {names}: name one of them.", code="ambiguous")
        return found[0]

    def all_named(self, name: str) -> tuple[AuthorityEntry, ...]:
        """The authorities a name stands for: one, or several of a trust that they share.

        Raises:
            NotFoundError: nothing matches; the message suggests the closest names.
        """
        text = name.strip()
        if text.isdecimal():
            number = int(text)
            return (_known(self._urn.get(number) or self._la_code.get(number), f"No authority has the number {text}."),)
        if text.lower() in self._gss:
            return (self._gss[text.lower()],)
        key = _key(text)
        for form in (key, _bare(key)):
            if form in self._keys:
                return self._keys[form]
        bare = _bare(key)
        near = [known for known in self._keys if bare and f" {bare} " in f" {known} "]
        near += difflib.get_close_matches(bare, list(self._keys), n=3, cutoff=0.7)
        names = dict.fromkeys(entry.display_name for match in near for entry in self._keys[match])
        hint = f" Did you mean {' or '.join(list(names)[:4])}?" if names else ""
        raise NotFoundError(f"“{name}” is not an English local authority with children's services.{hint}")

    def find(self, text: str) -> list[Mention]:
        """Every mention of an authority in a text, in order; of overlapping names the longest counts.

        A shared trust gives one mention for each of its authorities. Names of police forces, health bodies
        and other places ("West Yorkshire", "Greater Manchester") are no mentions.
        """
        mentions = []
        plain = text.translate(_SAME_LENGTH)
        for match in self._pattern.finditer(plain):
            if self._is_authority(plain, match):
                entries = self._text_keys[_key(match["name"])]
                mentions += [Mention(entry, match.start(), match.end()) for entry in entries]
        return mentions

    def lead(self, text: str) -> tuple[AuthorityEntry, ...]:
        """The authority that a title page is about: the first one it names; several of a shared trust.

        Of a letter, the addressee's. A person's surname ("Kent") counts only where nothing else is found.
        Empty if the text names none. Where a trust is shared, an authority named beside it decides.
        """
        mentions = self.find(text)
        plain = text.translate(_SAME_LENGTH)
        firm = [m for m in mentions if not _is_person(plain, m)] or mentions
        if not firm:
            return ()
        first = [m.entry for m in firm if m.start == firm[0].start]
        if len(first) > 1:
            others = [m.entry for m in firm if m.start != firm[0].start and m.entry in first]
            first = list(dict.fromkeys(others)) or first
        return tuple(first)

    def neighbours(self, entry: AuthorityEntry) -> list[AuthorityEntry]:
        """The statistical neighbours, nearest first."""
        return [self.by_la_code(code) for code in entry.neighbours]

    def in_region(self, region: str) -> list[AuthorityEntry]:
        """The existing authorities of a region, by its name ("North East") or ONS code.

        Raises:
            NotFoundError: there is no such region.
        """
        found = [e for e in self.current() if region.lower() in (e.region.lower(), e.region_code.lower())]
        if not found:
            names = ", ".join(sorted({entry.region for entry in self}))
            raise NotFoundError(f"“{region}” is not an English region: {names}.")
        return found

    def latest_of(self, urn: int) -> tuple[AuthorityEntry, ...]:
        """The authorities that now stand for the one with this URN: itself, or its successors.

        Raises:
            NotFoundError: no authority has the URN.
        """
        entry = self.by_urn(urn)
        if not entry.successors:
            return (entry,)
        return tuple(latest for successor in entry.successors for latest in self.latest_of(successor))

    @cached_property
    def _keys(self) -> dict[str, tuple[AuthorityEntry, ...]]:
        """Normalised name, alias or trust to its authorities; names win over aliases, aliases over trusts."""
        keys: dict[str, tuple[AuthorityEntry, ...]] = {}
        for kind in ("name", "aliases", "trusts"):
            added: dict[str, tuple[AuthorityEntry, ...]] = {}
            for entry in self:
                for name in [entry.name, entry.display_name] if kind == "name" else getattr(entry, kind):
                    key = _key(name)
                    if key not in keys and entry not in added.get(key, ()):
                        added[key] = (*added.get(key, ()), entry)
            keys |= added
        return keys

    @cached_property
    def _text_keys(self) -> dict[str, tuple[AuthorityEntry, ...]]:
        return {key: found for key, found in self._keys.items() if key not in _NOT_ALIASES_IN_TEXT}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = "|".join(_loose(key) for key in sorted(self._text_keys, key=len, reverse=True))
        return re.compile(rf"\b(?P<before>{_BEFORE}\s+)?(?P<name>{names})\b(?P<after>\s+{_AFTER}\b)?", re.IGNORECASE)

    def _is_authority(self, text: str, match: re.Match[str]) -> bool:
        name = match["name"]
        formal = bool(match["before"] or match["after"])
        if name == "Newcastle" and re.match(r"[\s-]+under\b", text[match.end("name") :], re.IGNORECASE):
            return False
        if not formal and name.lower() in _ORDINARY_WORDS and name.islower():
            return False
        if not formal and name == "Reading" and _READING_THE_VERB.match(text, match.end()):
            return False
        if not match["before"] and _OTHER_BODY_BEFORE.search(text, max(0, match.start() - 12), match.start()):
            return False
        own_body = match["after"] and not re.search(r"(?:county|city)$", match["after"], re.IGNORECASE)
        return bool(own_body) or not _OTHER_BODY_AFTER.match(text, match.end())


@cache
def register() -> Register:
    """The register that the package carries (read once, on first use)."""
    source = resources.files("ofsted_nlp") / "data" / "authorities.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return Register(tuple(_entry(row) for row in rows))


def _entry(row: dict[str, str]) -> AuthorityEntry:
    def parts(column: str) -> tuple[str, ...]:
        return tuple(part for part in row[column].split("|") if part)

    return AuthorityEntry(
        urn=int(row["urn"]),
        la_code=int(row["la_code"]),
        gss_code=row["gss_code"],
        name=row["name"],
        aliases=parts("aliases"),
        region_code=row["region_code"],
        region=row["region"],
        kind=row["type"],
        domain=row["domain"],
        population_0_25=int(row["population_0_25"]) if row["population_0_25"] else None,
        neighbours=tuple(int(code) for code in parts("statistical_neighbours_la_codes")),
        successors=tuple(int(urn) for urn in parts("abolished_successor_urns")),
        trusts=parts("trusts"),
        abolished_on=datetime.date.fromisoformat(row["abolished_on"]) if row["abolished_on"] else None,
    )


def _known(entry: AuthorityEntry | None, message: str) -> AuthorityEntry:
    if entry is None:
        raise NotFoundError(message)
    return entry


def _key(name: str) -> str:
    """A name as bare words: lower case, "and" for "&", no punctuation."""
    text = name.translate(_SAME_LENGTH).lower().replace("&", " and ").replace("'", "")
    return re.sub(r"[\W_]+", " ", text).strip()


def _bare(key: str) -> str:
    """A normalised name without what councils and reports put around it."""
    key = re.sub(rf"^(?:(?:{_BEFORE})\s+|the\s+|county\s+)+", "", key)
    ending = rf"(?:{_AFTER}|borough|childrens|social|care|services|partnership|send|the|area)"
    return re.sub(rf"(?:\s+{ending})+$", "", key)


def _loose(key: str) -> str:
    """A pattern for a normalised name with any spacing, dashes, commas, apostrophes, "&" or line breaks."""
    words = [r"(?:and|&)" if word == "and" else re.escape(word) for word in key.split()]
    words = [re.sub(r"^(childrens)$", r"children'?s", word) for word in words]
    return r"\.?,?[\s-]+".join(words).replace("st" + r"\.?,?[\s-]+helens", r"st\.?\s*helens")


def _is_person(text: str, mention: Mention) -> bool:
    line = text[text.rfind("\n", 0, mention.start) + 1 : mention.start]
    name = text[mention.start : mention.end]
    one_word = " " not in name.strip()
    return bool(
        one_word
        and _PERSON_BEFORE.search(line)
        and not re.search(r"\b(?:Council|Services|Inspection|Families|People|Trust|Partnership|Children) $", line)
        and _PERSON_AFTER.match(text, mention.end)
    )
