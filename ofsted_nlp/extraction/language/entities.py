"""What the entity ruler knows by name: authorities, bodies, roles and statutes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ofsted_nlp.authorities import register
from ofsted_nlp.extraction.wordlists import phrases

_ROLES = phrases(
    "social worker, personal adviser, independent reviewing officer, IRO, child protection chair, foster carer, "
    "independent visitor, advocate, team manager, principal social worker, director of children’s services, DCS, "
    "lead member, chief executive, elected member, designated officer, LADO, SENCo, designated social care "
    "officer, health visitor, school nurse, family support worker, newly qualified social worker, independent "
    "chair"
)
_BODIES = phrases(
    "virtual school, multi-agency safeguarding hub, MASH, emergency duty team, corporate parenting panel, "
    "corporate parenting board, children in care council, local safeguarding children board, LSCB, safeguarding "
    "children partnership, health and wellbeing board, youth offending service, youth justice service, regional "
    "adoption agency, child and adolescent mental health services, CAMHS, Cafcass, integrated care board, "
    "clinical commissioning group, fostering panel, adoption panel, family court, Ofsted, Care Quality "
    "Commission, CQC, Department for Education"
)
_STATUTES = phrases(
    "Children Act 1989, Children Act 2004, Children and Social Work Act 2017, Children and Families Act 2014, "
    "Public Law Outline, Working Together to Safeguard Children, Southwark judgment, Care Act 2014, Homelessness "
    "Reduction Act 2017"
)
_SECTIONS = ("17", "20", "31", "47")
"""Sections of the Children Act 1989 that reports name without the act."""


def patterns(tokenise: Callable[[str], Iterable[Any]]) -> list[dict[str, Any]]:
    """The entity ruler's patterns; common names match in any case and in the plural, authorities as printed.

    Args:
        tokenise: the pipeline's tokeniser, so that the patterns are parted as texts are.
    """
    found: list[dict[str, Any]] = [
        {"label": "AUTHORITY", "pattern": name, "id": entry.gss_code}
        for entry in register()
        for name in dict.fromkeys((entry.name, entry.display_name, *entry.aliases))
        if name
    ]
    for label, names in (("ROLE", _ROLES), ("BODY", _BODIES)):
        for name in names:
            *front, last = name.split()
            forms = [last] if last.isupper() else [last.lower(), f"{last.lower()}s"]
            end = {"ORTH": {"IN": [last, f"{last}s"]}} if last.isupper() else {"LOWER": {"IN": forms}}
            found.append(
                {
                    "label": label,
                    "pattern": [*({"LOWER": token.lower_} for token in tokenise(" ".join(front))), end],
                    "id": name,
                }
            )
    found += [{"label": "STATUTE", "pattern": name, "id": name} for name in _STATUTES]
    for number in _SECTIONS:
        article = f"section {number}"
        found.append({"label": "STATUTE", "pattern": [{"LOWER": "section"}, {"ORTH": number}], "id": article})
        found.append({"label": "STATUTE", "pattern": [{"LOWER": {"IN": ["s", "s."]}}, {"ORTH": number}], "id": article})
        found.append({"label": "STATUTE", "pattern": [{"LOWER": {"IN": [f"s.{number}", f"s{number}"]}}], "id": article})
    return found
