"""The page of a report with a record's words marked, where the PDF is at hand, and a plain word where it is not."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Finding, Judgement, Recommendation, Report, Source, finding_id

if TYPE_CHECKING:
    from PIL.Image import Image

    from ofsted_nlp.documents import Document
    from ofsted_nlp.statements import Shown

_MOST_REPEATS = 50


def show_record(record: Shown, where: Report | str | Path | None = None, resolution: int = 100) -> Image:
    """The picture of the page of a finding, recommendation or judgement, with its words marked.

    Args:
        record: what to show.
        where: see ``statements.Shown.show``.
        resolution: dots per inch.

    Raises:
        UsageError: the record is part of no report, and ``where`` does not say which document it stands in.
        NotFoundError: the PDF is not at hand, or the record was read by another version.
    """
    from ofsted_nlp.reading.pdf import read_pdf

    if isinstance(where, Report):
        source, path = where.source, where.path
    elif record.origin is not None:
        source, path = record.origin.source, str(where) if where is not None else record.origin.path
    elif where is not None and Path(where).is_file():
        document = read_pdf(where)
        return _marked(record, document, resolution)
    else:
        kind = type(record).__name__.lower()
        raise UsageError(
            f"This {kind} is part of no report, so its document is not known. Give the report or its PDF: "
            f'{kind}.show(report) or {kind}.show("report.pdf").',
            code="no_report",
        )
    return _marked(record, read_pdf(find_pdf(source, path)), resolution)


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

    return _marked(finding, read_pdf(find_pdf(source, path)), resolution)


def _marked(record: Shown, document: Document, resolution: int) -> Image:
    if isinstance(record, Finding):
        text = document.text[record.start : record.end]
        if not any(finding_id(document.source.sha256, text, n) == record.id for n in range(_MOST_REPEATS)):
            raise _other_version(record.page, document)
        return document.show(record.start, record.end, resolution)
    if isinstance(record, Recommendation):
        said = _words(document.text[record.start : record.end])
        if not said or (record.text and not _words(record.text) <= said):
            raise _other_version(record.page, document)
        return document.show(record.start, record.end, resolution)
    assert isinstance(record, Judgement)
    return _judgement(record, document, resolution)


def _judgement(record: Judgement, document: Document, resolution: int) -> Image:
    """The page, with the lines that hold the judgement's label and grade marked where they are found."""
    from ofsted_nlp.reading.evidence import show

    label, printed = _words(record.label), _words(record.printed or record.grade.replace("_", " "))
    blocks = [block for block in document.blocks if any(line.box.page == record.page for line in block.lines)]
    named = [block for block in blocks if label and label <= _words(block.text)]
    best = [block for block in named if printed <= _words(block.text)] or named
    shortest = min(best, key=lambda block: len(block.text), default=None)
    return show(document, shortest.boxes if shortest else (), record.page, resolution)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _other_version(page: int, document: Document) -> NotFoundError:
    return NotFoundError(
        f"The sentence on page {page} of {document.source.file} was read by another version of ofsted-nlp, which "
        "counted characters differently, or stands in another document. Read the report anew to see it: ofsted-nlp "
        "add FILE.",
        code="other_version",
    )


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
