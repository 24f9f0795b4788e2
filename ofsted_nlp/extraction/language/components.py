"""The components that spaCy can find by name: "ofsted_sentences" and "ofsted_findings".

Importing this module registers them, and so imports spaCy; the package's entry points let any spaCy pipeline use them.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from ofsted_nlp.extraction.classify import classify
from ofsted_nlp.extraction.sentences import split

SPANS = "findings"
"""Key of the span group that holds the classified sentences."""


@Language.component("ofsted_sentences", assigns=["token.is_sent_start"])
def ofsted_sentences(doc: Doc) -> Doc:
    """Sets sentence starts where ``sentences.split`` finds them; marks between sentences go to the one before.

    Every token gets a yes or a no, so a parser further on neither adds nor removes a sentence.
    """
    starts = {start for start, _ in split(doc.text)}
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc


@Language.component("ofsted_findings", requires=["token.is_sent_start"])
def ofsted_findings(doc: Doc) -> Doc:
    """Classifies every sentence: ``doc.spans["findings"]``, label = polarity, id = likeliest theme (or "")."""
    texts = [sentence.text for sentence in doc.sents]
    found = classify(texts, ["", *texts][: len(texts)])
    doc.spans[SPANS] = [
        Span(doc, sentence.start, sentence.end, label=one.polarity, span_id=one.themes[0] if one.themes else "")
        for sentence, one in zip(doc.sents, found, strict=True)
    ]
    return doc
