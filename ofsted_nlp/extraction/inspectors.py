"""Who led an inspection: names read from a label, from the team list of two inspectorates, or from a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ofsted_nlp.records import Block, BlockKind, Document

_WORD = r"(?:[A-ZÀ-ÖØ-Þ]\.|[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:[’'-][^\W\d_]+)*)"
_ROLE_WORD = (
    r"(?:ofsted|cqc|care\s+quality\s+commission|hm(?:i|ip|icfrs)?|scri?|oi|ai|(?:her|his)\s+majesty['’]?s|senior|lead|deputy|designate"
    r"|inspect(?:ors?|orate)|social\s+care|regulatory|inspection|manager|regional|director|reporting|education|health"
    r"|associate|additional|shadow|team|mrs?|ms|miss|dr|children['’]?s\s+services)\b"
)
_NAME = (
    rf"(?!(?i:{_ROLE_WORD})){_WORD}"
    rf"(?:[^\S\n]+(?:(?!(?i:{_ROLE_WORD})){_WORD}|(?:d[aeiou]|de\s+la|van(?:\s+de[rn]?)?|von|der|le|la|al|el|bin)(?=\s+[A-Z])))"
    r"{1,4}"
)
_NAMED = re.compile(
    rf"(?P<name>{_NAME})(?P<role>(?:[\s,()–-]*(?i:{_ROLE_WORD}))*)|\b(?i:{_ROLE_WORD})|[\s,.()&–-]+|and\b"
)
_ROLES = re.compile(_ROLE_WORD, re.I)
_LABEL = re.compile(
    r"\b(?:lead\s+(?:[a-z]+\s+)?inspectors?|reporting\s+inspectors?|lead\s+hmi)(?:\s+on\s+site)?\s*(?P<colon>[:–-]|(?=\t)|)\s*",
    re.I,
)
_NEXT_LABEL = re.compile(
    r"\b(?:deputy|team|shadow|additional|associate|supernumerary|quality\s+assurance|report\s+author|inspection\s+dates?)\b"
    r"|\t|\n",
    re.I,
)
_BEFORE_LABEL = re.compile(r"\b(?:deputy|assistant|the|a|second|former)\s*$", re.I)
_TEAM_HEADING = re.compile(r"\binspection\s+team\b|\bour\s+inspectors\b|^inspectors$", re.I)
_VISIT_SENTENCE = re.compile(
    r"\binspectors?\b[^.:]{0,60}?\b(?:visit|inspection)\b[^.:]{0,20}?\b(?:were|was)\b\s*:?\s*"
    r"|\bthe\s+inspectors\s+were\b\s*:?\s*"
    r"|\bvisit\s+was\s+(?:carried\s+out|conducted|undertaken)\s+by\s+(?:(?:two|three|four|five|the\s+following)\s+)?",
    re.I,
)
_CLOSING = re.compile(r"^\s*yours\s+(?:sincerely|faithfully)\b\W*", re.I)
_VISITS = frozenset({"ilacs_focused_visit", "ilacs_monitoring_visit"})


def read_lead_inspector(document: Document, framework: str) -> tuple[str | None, bool]:
    """The lead inspector, several joined with " and ", without titles, and whether the report promised one.

    Reports on a local area by two inspectorates name the leads of both in their team list, Ofsted's first.
    Letters about a visit name its inspectors in a sentence, or bear one signature. Joint targeted inspections
    name none.
    """
    if framework == "jtai":
        return None, False
    if framework == "send":
        return _team_leads(document)
    name, promised = _labelled(document)
    if name is None and framework in _VISITS:
        name = _visitors(document) or _signatory(document)
    return name, promised


def _names(text: str) -> list[str]:
    """The names that stand at the start of a text, up to anything that is neither a name nor a title."""
    names = []
    position = 0
    while match := _NAMED.match(text, position):
        if match["name"]:
            names.append(_clean(match["name"]))
        position = match.end()
    return names


def _clean(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip(" .,")


def _labelled(document: Document) -> tuple[str | None, bool]:
    promised = False
    blocks = [b for b in document.blocks if b.kind not in (BlockKind.FOOTNOTE, BlockKind.CONTENTS)]
    for index, block in enumerate(blocks):
        if not any(mark in block.text for mark in ("nspector", "NSPECTOR", "HMI")):
            continue
        for match in _LABEL.finditer(block.text):
            before, after = block.text[: match.start()], block.text[match.end() :]
            # a label opens its block or has a colon; elsewhere the words are part of a sentence
            if _BEFORE_LABEL.search(before) or not (match["colon"] or not before.strip()):
                continue
            if not after.strip() and index + 1 < len(blocks):
                after = blocks[index + 1].text
            cut = _NEXT_LABEL.search(after)
            value = after[: cut.start()] if cut else after
            names = _names(value)
            if names and (match["colon"] or len(value) < 120):
                return " and ".join(names), True
            promised = promised or bool(match["colon"]) or len(block.text) < 60
    return None, promised


def _after_heading(blocks: list[Block]) -> Iterator[Block]:
    """The blocks after the last heading of the inspection team, up to the small print."""
    start = next(
        (
            i
            for i in range(len(blocks) - 1, -1, -1)
            if len(blocks[i].text) < 60 and _TEAM_HEADING.search(blocks[i].text)
        ),
        None,
    )
    if start is None:
        return
    for block in blocks[start + 1 : start + 25]:
        if block.kind is BlockKind.FURNITURE:
            continue
        if (len(block.text) > 60 and not _ROLES.search(block.text)) or "If you are not happy" in block.text:
            return
        yield block


def _team_leads(document: Document) -> tuple[str | None, bool]:
    """The leads named in a team list in two columns, one for each inspectorate, whose lines may run together."""
    text = "\n".join(block.text for block in _after_heading(list(document.blocks)))
    if not text:
        return None, False
    leads: dict[str, list[str]] = {"ofsted": [], "cqc": []}
    members: dict[str, list[str]] = {"ofsted": [], "cqc": []}
    for match in _NAMED.finditer(text):
        role = (match["role"] or "").lower()
        if not role:
            continue
        body = "cqc" if "cqc" in role or "care quality" in role else "ofsted"
        name = _clean(match["name"])
        members[body].append(name)
        if "lead" in role:
            leads[body].append(name)
    # where a title has slipped into another column, the first named of an inspectorate leads its team
    names = [name for body in ("ofsted", "cqc") for name in leads[body] or members[body][:1]]
    return " and ".join(names) or None, True


def _visitors(document: Document) -> str | None:
    """The inspectors whom the opening of a visit's letter names."""
    for block in document.blocks:
        if block.page > 2:
            break
        for match in _VISIT_SENTENCE.finditer(block.text):
            names = _names(block.text[match.end() :])
            if names:
                return " and ".join(names)
    return None


def _signatory(document: Document) -> str | None:
    """The name under "Yours sincerely"."""
    blocks = [b for b in document.blocks if b.kind is not BlockKind.FURNITURE]
    for index, block in enumerate(blocks):
        match = _CLOSING.match(block.text)
        if match:
            after = [block.text[match.end() :], *(b.text for b in blocks[index + 1 : index + 2])]
            for text in after:
                names = _names(text)
                if names:
                    return names[0]
    return None
