"""ofsted_nlp: Ofsted's reports on children's services as data, with the page behind every claim."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ofsted_nlp.corpus import Corpus
    from ofsted_nlp.errors import OfstedNlpError
    from ofsted_nlp.extraction.report import read_report
    from ofsted_nlp.reading.pdf import read_pdf
    from ofsted_nlp.records import Report

__all__ = ["Corpus", "OfstedNlpError", "Report", "read_pdf", "read_report"]
__version__ = "0.1.0"

_HOME = {
    "Corpus": "ofsted_nlp.corpus",
    "OfstedNlpError": "ofsted_nlp.errors",
    "Report": "ofsted_nlp.records",
    "read_pdf": "ofsted_nlp.reading.pdf",
    "read_report": "ofsted_nlp.extraction.report",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'ofsted_nlp' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
