"""The spaCy pipeline, for those who work with tokens: our sentences, named bodies, and findings as spans."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from ofsted_nlp.authorities import register
from ofsted_nlp.extraction.classify import classify
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.extraction.wordlists import phrases

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SPANS = "findings"
"""Key of the span group that holds the classified sentences."""

_ABBREVIATIONS = [
    "e.g.",
    "i.e.",
    "approx.",
    "para.",
    "paras.",
    "Cllr.",
    "No.",
    "Nos.",
    "reg.",
    "regs.",
    "s.17",
    "s.20",
    "s.31",
    "s.47",
    "S.17",
    "S.20",
    "S.31",
    "S.47",
]

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


def ofsted_sentences(doc: Doc) -> Doc:
    """Sets sentence starts where ``sentences.split`` finds them; marks between sentences go to the one before."""
    starts = {start for start, _ in split(doc.text)}
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc


def ofsted_findings(doc: Doc) -> Doc:
    """Classifies every sentence: ``doc.spans["findings"]``, label = polarity, id = likeliest theme (or "")."""
    from spacy.tokens import Span

    texts = [sentence.text for sentence in doc.sents]
    found = classify(texts, ["", *texts][: len(texts)])
    doc.spans[SPANS] = [
        Span(doc, sentence.start, sentence.end, label=one.polarity, span_id=one.themes[0] if one.themes else "")
        for sentence, one in zip(doc.sents, found, strict=True)
    ]
    return doc


def register_factories() -> None:
    """Makes the components known to spaCy as "ofsted_sentences" and "ofsted_findings"; safe to repeat."""
    from spacy.language import Language

    for name, component in (("ofsted_sentences", ofsted_sentences), ("ofsted_findings", ofsted_findings)):
        if not Language.has_factory(name):
            Language.component(name, func=component)


@cache
def nlp() -> Language:
    """The pipeline: a blank English tokeniser with the field's abbreviations, sentences, entities, findings.

    Entities have the labels AUTHORITY (id: the code of the Office for National Statistics), BODY, ROLE and STATUTE.
    It is built once; loading spaCy takes about a second. Reading reports does not need it.

    Example:
        >>> doc = nlp()("The virtual school is effective. Visits are too often late.")
        >>> [span.label_ for span in doc.spans["findings"]]
        ['strength', 'concern']
        >>> doc.ents[0].label_
        'BODY'
    """
    import spacy

    register_factories()
    pipeline = spacy.blank("en")
    tokenizer: Any = pipeline.tokenizer
    for text in _ABBREVIATIONS:
        tokenizer.add_special_case(text, [{"ORTH": text}])
    pipeline.add_pipe("ofsted_sentences")
    ruler: Any = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": None})
    ruler.add_patterns(_patterns(pipeline.make_doc))
    pipeline.add_pipe("ofsted_findings")
    return pipeline


def _patterns(tokenise: Callable[[str], Doc]) -> list[dict[str, Any]]:
    """The entity ruler's patterns; common names match in any case and in the plural, authorities as printed."""
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
    for number in ("17", "20", "31", "47"):
        article = f"section {number}"
        found.append({"label": "STATUTE", "pattern": [{"LOWER": "section"}, {"ORTH": number}], "id": article})
        found.append({"label": "STATUTE", "pattern": [{"LOWER": f"s.{number}"}], "id": article})
    return found
