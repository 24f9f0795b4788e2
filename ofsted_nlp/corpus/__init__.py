"""The corpus a user opens: the national annotations, the store and the files on disk, tied together."""

from ofsted_nlp.corpus.corpus import Corpus

__all__ = ["Corpus"]
