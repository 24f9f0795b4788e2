"""The parts of the spaCy pipeline that are this field's own; ``ofsted_nlp.extraction.pipeline`` puts them together."""
