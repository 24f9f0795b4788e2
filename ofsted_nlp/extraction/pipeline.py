"""The spaCy pipeline, for those who work with tokens: our sentences, named bodies, findings as spans, and grammar."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.extraction.language.entities import patterns
from ofsted_nlp.extraction.language.tokens import adapt
from ofsted_nlp.model_files import MODELS, check_models

if TYPE_CHECKING:
    from spacy.language import Language

ENGLISH = MODELS / "english"
"""Folder of the trained components, which ``ofsted_nlp.training.pipeline`` writes."""


def nlp(parse: bool = False) -> Language:
    """The pipeline: an English tokeniser with the field's abbreviations, sentences, entities, findings.

    Entities have the labels AUTHORITY (id: the code of the Office for National Statistics), BODY, ROLE and STATUTE.
    Each of the two pipelines is built once; loading spaCy takes about a second. Reading reports needs neither.

    Args:
        parse: whether every token also gets part of speech, features, lemma, head and dependency, by components
            trained on Universal Dependencies English EWT (docs/pipeline-card.md). That is far slower.

    Raises:
        NotFoundError: the trained components are not in the package's data.
        ModelFileError: they are not those that were published.

    Example:
        >>> doc = nlp()("The virtual school is effective. Visits are too often late.")
        >>> [span.label_ for span in doc.spans["findings"]]
        ['strength', 'concern']
        >>> doc.ents[0].label_
        'BODY'
        >>> [(token.text, token.dep_) for token in nlp(parse=True)("Leaders act.")]
        [('Leaders', 'nsubj'), ('act', 'ROOT'), ('.', 'punct')]
    """
    return _build(parse)


@cache
def _build(parse: bool) -> Language:
    import spacy

    # Registers the components, also where the package's entry points are not installed.
    import ofsted_nlp.extraction.language.components  # noqa: F401

    if not parse:
        pipeline = spacy.blank("en")
    elif (ENGLISH / "meta.json").is_file():
        check_models(ENGLISH.name)
        pipeline = spacy.load(ENGLISH)
    else:
        raise NotFoundError(
            f"The trained spaCy components are not in {ENGLISH}. Install ofsted-nlp anew, or train them with "
            "python -m ofsted_nlp.training.pipeline."
        )
    adapt(pipeline)
    trained = pipeline.pipe_names[:1]
    place: dict[str, Any] = {"before": trained[0]} if trained else {}
    pipeline.add_pipe("ofsted_sentences", **place)
    ruler: Any = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": None}, **place)
    pipeline.add_pipe("ofsted_findings", **place)
    with pipeline.select_pipes(enable=[]):
        ruler.add_patterns(patterns(pipeline.make_doc))
    return pipeline
