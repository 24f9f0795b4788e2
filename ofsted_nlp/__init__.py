"""ofsted_nlp: Ofsted's reports on children's services as data, with the page behind every claim."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ofsted_nlp.corpus import Corpus
    from ofsted_nlp.corpus.articles import read_article
    from ofsted_nlp.errors import OfstedNlpError
    from ofsted_nlp.extraction.report import read_report
    from ofsted_nlp.reading.pdf import read_pdf
    from ofsted_nlp.records import Report
    from ofsted_nlp.stories import Article

__all__ = ["Article", "Corpus", "OfstedNlpError", "Report", "read_article", "read_pdf", "read_report"]
__version__ = "0.1.0"

_HOME = {
    "Article": "ofsted_nlp.stories",
    "Corpus": "ofsted_nlp.corpus",
    "OfstedNlpError": "ofsted_nlp.errors",
    "Report": "ofsted_nlp.records",
    "read_article": "ofsted_nlp.corpus.articles",
    "read_pdf": "ofsted_nlp.reading.pdf",
    "read_report": "ofsted_nlp.extraction.report",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'ofsted_nlp' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
