"""The page of a report with a finding's sentence marked, where the PDF is at hand, and a plain word where it is not."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import Finding, Source, finding_id

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_REPEATS = 50


def show_finding(finding: Finding, source: Source, path: str | Path | None = None, resolution: int = 100) -> Image:
    """The picture of the page on which a finding stands, with its sentence marked.

    Args:
        finding: the finding.
        source: the document that it stands in.
        path: its PDF, or a folder that holds it; None to look where ``find_pdf`` says.
        resolution: dots per inch.

    Raises:
        NotFoundError: the PDF is not at hand, or the sentence is not where the finding has it, as it was read by
            another version.
    """
    from ofsted_nlp.reading.pdf import read_pdf

    document = read_pdf(find_pdf(source, path))
    text = document.text[finding.start : finding.end]
    if not any(finding_id(source.sha256, text, n) == finding.id for n in range(_MOST_REPEATS)):
        raise NotFoundError(
            f"The sentence on page {finding.page} of {source.file} was read by another version of ofsted-nlp, which "
            "counted characters differently. Read the report anew to see it: ofsted-nlp add FILE.",
            code="other_version",
        )
    return document.show(finding.start, finding.end, resolution)


def find_pdf(source: Source, path: str | Path | None = None) -> Path:
    """The PDF of a document: ``path`` if given, else in ``OFSTED_NLP_REPORTS`` or ``OFSTED_NLP_CORPUS/reports``.

    Raises:
        NotFoundError: there is none whose bytes are those of the document; the message says where it can be had.
    """
    corpus = os.environ.get("OFSTED_NLP_CORPUS")
    places = [path, os.environ.get("OFSTED_NLP_REPORTS"), str(Path(corpus) / "reports") if corpus else None]
    tried = [Path(place) / source.file if Path(place).is_dir() else Path(place) for place in places if place]
    for file in tried:
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == source.sha256:
            return file
    other = [str(file) for file in tried if file.is_file()]
    held = f" {other[0]} is another document." if other else ""
    address = f" It can be downloaded from {source.url}." if source.url else ""
    raise NotFoundError(
        f"The PDF {source.file} is not at hand.{held}{address} Name the folder that holds it in OFSTED_NLP_REPORTS, or "
        "add it: ofsted-nlp add FILE.",
        code="no_pdf",
    )
