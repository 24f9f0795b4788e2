"""Bytes of a PDF -> Document, or a ReadingError that says what is wrong with the file and what to do."""

from __future__ import annotations

import datetime
import hashlib
import io
import re
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ofsted_nlp.errors import OfstedNlpError, ReadingError, printable
from ofsted_nlp.reading.guard import check
from ofsted_nlp.reading.limits import LIMITS, Limits
from ofsted_nlp.records import Document, Source

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from ofsted_nlp.reading.layout import PageLayout

MAX_PAGES = LIMITS.pages
"""The longest report of the five frameworks has 58 pages (Leeds, 2015); far longer files are something else."""

MAX_BYTES = LIMITS.file_bytes
_LOCK = threading.Lock()


def read_pdf(
    source: str | Path | bytes, *, name: str | None = None, max_pages: int | None = None, limits: Limits = LIMITS
) -> Document:
    """Read a PDF into blocks with pages, boxes and character spans.

    Args:
        source: path of a file, or the bytes of one.
        name: file name to record when bytes are given.
        max_pages: files with more pages are refused; None: what ``limits`` says.
        limits: how much of a file is read.

    Returns:
        The document; ``warnings`` says which pages could not be read, or not with certainty.

    Raises:
        ReadingError: with code ``not_found``, ``empty_file``, ``html_page``, ``not_a_pdf``, ``damaged_pdf``,
            ``encrypted_pdf``, ``no_text``, ``too_many_pages``, ``too_large``, ``too_much_text``, ``too_complex``,
            ``decompression_bomb``, ``too_slow`` or ``reader_failed``.
    """
    if max_pages is not None:
        limits = replace(limits, pages=max_pages)
    if isinstance(source, bytes):
        data, path = source, None
        name = name or "document.pdf"
    else:
        path = Path(source)
        name = name or path.name
        data = _bytes(path, limits)
    name = printable(name)
    if len(data) > limits.file_bytes:
        raise _too_large(name, limits)
    _check(data, name)
    try:
        check(data, name, limits)
        # pdfium is not safe to call from two threads at once.
        with _LOCK:
            return _read(data, name, path, limits)
    except OfstedNlpError:
        raise
    except Exception as error:
        # The last resort: what no one foresaw of a file is no reason for the caller to fail.
        raise ReadingError(
            f"{name} could not be made sense of ({type(error).__name__}: {str(error)[:200]}). It may be damaged: open "
            "it in a PDF viewer and save it anew, or leave it out.",
            code="reader_failed",
        ) from error


def _too_large(name: str, limits: Limits) -> ReadingError:
    return ReadingError(
        f"{name} is larger than {limits.file_bytes // 1_000_000} MB, far more than any inspection report. "
        "Check that it is the right file.",
        code="too_large",
    )


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.file_bytes:
            raise _too_large(path.name, limits)
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadingError(f"There is no file {path}. Check the path.", code="not_found") from None
    except IsADirectoryError:
        raise ReadingError(
            f"{path} is a folder. Give a PDF file, or add the folder as a whole.", code="not_found"
        ) from None
    except OSError as error:
        raise ReadingError(
            f"{path} cannot be read: {error.strerror or error}. Check its permissions.", code="unreadable"
        ) from None


def _check(data: bytes, name: str) -> None:
    if not data.strip():
        raise ReadingError(f"{name} is empty. Download it again.", code="empty_file")
    head = data[:2048].lstrip().lower()
    if b"%pdf-" not in head:
        if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")) or b"<html" in head:
            raise ReadingError(
                f"{name} is a web page saved under the name of a PDF, most likely a 'page not found' answer. "
                "The link has rotted: look for the report on the authority's page at reports.ofsted.gov.uk.",
                code="html_page",
            )
        raise ReadingError(
            f"{name} is not a PDF: it does not start as one. Check that it is the right file.",
            code="not_a_pdf",
        )


def _read(data: bytes, name: str, path: Path | None, limits: Limits) -> Document:
    from ofsted_nlp.reading.layout import assemble

    pdf = _open(data, name)
    warnings: list[str] = []
    try:
        count = len(pdf)
        if count > limits.pages:
            raise ReadingError(
                f"{name} has {count} pages; the longest inspection report has 58, and files of more than "
                f"{limits.pages} pages are not read. If it is right, pass a larger max_pages.",
                code="too_many_pages",
            )
        if b"/Encrypt" in data:
            check(_decrypted(pdf), name, limits)
        layouts = _layouts(pdf, name, limits, warnings)
    finally:
        pdf.close()
    empty = [str(p.page) for p in layouts if not p.lines and not p.rows]
    if len(empty) > max(2, len(layouts) // 3):
        warnings.append(f"No text on pages {', '.join(empty)}: they may be pictures.")
    if any(layout.unsure for layout in layouts):
        from ofsted_nlp.reading.ruled import reread

        warnings += reread(data, layouts)
    text, blocks = assemble(layouts)
    where = str(path.absolute()) if path else None
    return Document(
        source=Source(
            file=name,
            sha256=hashlib.sha256(data).hexdigest(),
            pages=count,
            published_on=published_on(name),
        ),
        text=text,
        blocks=tuple(replace(block, path=where) for block in blocks) if where else tuple(blocks),
        page_sizes=tuple((layout.width, layout.height) for layout in layouts),
        warnings=tuple(warnings),
        path=where,
    )


def _decrypted(pdf: PdfDocument) -> bytes:
    """A PDF that opens without a password as it would be without encryption; none of it is unpacked for that."""
    from pypdfium2.raw import FPDF_REMOVE_SECURITY

    copy = io.BytesIO()
    pdf.save(copy, flags=FPDF_REMOVE_SECURITY)
    return copy.getvalue()


def _layouts(pdf: PdfDocument, name: str, limits: Limits, warnings: list[str]) -> list[PageLayout]:
    """The pages of an open PDF; what could not be read of them goes into ``warnings``."""
    import pypdfium2 as pdfium

    from ofsted_nlp.reading.layout import PageLayout
    from ofsted_nlp.reading.pdfium import pages

    made: list[PageLayout] = []
    pictures = characters = 0
    ends = time.monotonic() + limits.seconds
    try:
        for number, content in enumerate(pages(pdf, limits), 1):
            pictures += content.pictures
            characters += sum(len(run.text) for run in content.runs)
            if content.left_out:
                warnings.append(f"Page {number} was not read: {content.left_out}.")
            if characters > limits.characters:
                raise ReadingError(
                    f"{name} has more than {limits.characters:,} characters of text, far more than any inspection "
                    "report. Check that it is the right file.",
                    code="too_much_text",
                )
            made.append(PageLayout(content, number))
            if time.monotonic() > ends:
                raise ReadingError(
                    f"Reading {name} took longer than {limits.seconds:.0f} seconds and was stopped at page {number} of "
                    f"{len(pdf)}. The file may be damaged; save it anew in a PDF viewer, or leave it out.",
                    code="too_slow",
                )
    except pdfium.PdfiumError:
        warnings.append(f"Page {len(made) + 1} and those after it could not be loaded.")
    if not any(layout.lines or layout.rows for layout in made):
        if warnings:
            raise ReadingError(f"{name} has no text that could be read. {' '.join(warnings[:3])}", code="no_text")
        what = "its pages are pictures" if pictures else "its pages hold no text"
        raise ReadingError(
            f"{name} has no text to read: {what}. Run it through text recognition (OCR) first.",
            code="no_text",
        )
    return made


def published_on(name: str) -> datetime.date | None:
    """The date at the end of a file name such as "80458-darlington-la-2015-09-01.pdf"."""
    found = re.search(r"(\d{4})-(\d{2})-(\d{2})$", Path(name).stem)
    try:
        return datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _open(data: bytes, name: str) -> PdfDocument:
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data)
        if len(pdf) == 0:
            raise ReadingError(f"{name} has no pages. Download it again.", code="damaged_pdf")
        return pdf
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or b"/Encrypt" in data:
            raise ReadingError(
                f"{name} is encrypted with a password. Save a copy without the password and read that.",
                code="encrypted_pdf",
            ) from None
        raise ReadingError(
            f"{name} is damaged: it starts as a PDF but cannot be opened. Download it again.",
            code="damaged_pdf",
        ) from None
