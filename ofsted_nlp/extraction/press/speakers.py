"""Name, role and organisation of whoever is quoted, as a record gives them."""

from __future__ import annotations

import re

from ofsted_nlp.extraction.press.attribution import OFSTED, THE_REPORT
from ofsted_nlp.extraction.press.people import Person


def speaker_fields(speaker: Person | str | None, authority: str | None) -> tuple[str | None, str | None, str | None]:
    """Name, role and organisation of a speaker.

    Args:
        speaker: as in ``Said``.
        authority: formal name of the story's authority, for whom its officers and councillors speak.
    """
    if speaker is None:
        return None, None, None
    if isinstance(speaker, Person):
        return speaker.name, speaker.role, _organisation(speaker, authority)
    if speaker in (OFSTED, THE_REPORT):
        return speaker, None, OFSTED
    bare = re.sub(r"\A(?:a|an|the|one|another|its|their)\s+", "", speaker, flags=re.I)
    other = re.search(r"\b(?:for|from|at|of) (?:the )?([A-Z][\w’'&-]+(?: [A-Z][\w’'&-]+)*)\Z", speaker)
    role = re.search(
        r"\b(?:spokes(?:man|woman|person)|councillor|leader|director|minister|source|official)\b", bare, re.I
    )
    if role is None and bare[:1].isupper() and "’s" not in bare:
        return bare, None, bare
    return bare, role[0].lower() if role else None, other[1] if other else _own(bare, authority)


_THEIRS = re.compile(
    r"\b(?:council|councillor|authority|cabinet|leader|lead member|portfolio|chief executive|director|town hall|"
    r"opposition|mayor|head of|executive member|county hall|social work)\b",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:of|at|for|from|with|to) (?:the )?((?:[A-Z][\w’'&-]+)(?: (?:of|and|for|the|[A-Z][\w’'&-]+))*)"
)
_THE_STATE = re.compile(r"\b(?:children['’]s minister|education secretary|minister for|secretary of state)\b", re.I)


def _organisation(person: Person, authority: str | None) -> str | None:
    role = person.role or ""
    if person.body:
        return person.body
    if _THE_STATE.search(role):
        return "Department for Education"
    if re.search(r"\b(?:inspector|Ofsted)\b", role):
        return OFSTED
    for found in _OTHERS.finditer(role):
        name = found[1].strip()
        if re.search(
            r"\b(?:Union|Unison|UNISON|Association|Society|Trust|Charity|Foundation|College|University|NSPCC|Barnardo|"
            r"Board|Council|NHS|Police|Party|Institute|Federation|BASW|GMB|Commission)\b",
            name,
        ) or name.isupper():  # fmt: skip
            return name
    return _own(role, authority) if role else (authority if person.councillor else None)


def _own(words: str, authority: str | None) -> str | None:
    return authority if _THEIRS.search(words) else None
