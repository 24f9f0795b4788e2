"""Bytes of a PDF -> Document, or a ReadingError that says what is wrong with the file and what to do."""

from __future__ import annotations

import datetime
import hashlib
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ofsted_nlp.errors import ReadingError
from ofsted_nlp.records import Document, Source

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_PAGES = 500
"""The longest report of the five frameworks has 58 pages (Leeds, 2015); far longer files are something else."""

MAX_BYTES = 100_000_000
_LOCK = threading.Lock()


def read_pdf(source: str | Path | bytes, *, name: str | None = None, max_pages: int = MAX_PAGES) -> Document:
    """Read a PDF into blocks with pages, boxes and character spans.

    Args:
        source: path of a file, or the bytes of one.
        name: file name to record when bytes are given.
        max_pages: files with more pages are refused.

    Returns:
        The document; ``warnings`` says which pages could not be read with certainty.

    Raises:
        ReadingError: with code ``not_found``, ``empty_file``, ``html_page``, ``not_a_pdf``, ``damaged_pdf``,
            ``encrypted_pdf``, ``no_text``, ``too_many_pages`` or ``too_large``.
    """
    if isinstance(source, bytes):
        data, path = source, None
        name = name or "document.pdf"
    else:
        path = Path(source)
        name = name or path.name
        data = _bytes(path)
    _check(data, name)
    # pdfium is not safe to call from two threads at once.
    with _LOCK:
        return _read(data, name, path, max_pages)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReadingError(
                f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB, far more than any inspection report. "
                "Check that it is the right file.",
                code="too_large",
            )
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


def _read(data: bytes, name: str, path: Path | None, max_pages: int) -> Document:
    import pypdfium2 as pdfium

    from ofsted_nlp.reading.layout import PageLayout, assemble
    from ofsted_nlp.reading.pdfium import pages

    pdf = _open(data, name)
    try:
        count = len(pdf)
        if count > max_pages:
            raise ReadingError(
                f"{name} has {count} pages; the longest inspection report has 58, and files of more than {max_pages} "
                "pages are not read. If it is right, pass a larger max_pages.",
                code="too_many_pages",
            )
        layouts: list[PageLayout] = []
        warnings: list[str] = []
        pictures = 0
        try:
            for number, content in enumerate(pages(pdf), 1):
                pictures += content.pictures
                layouts.append(PageLayout(content, number))
        except pdfium.PdfiumError:
            warnings.append(f"Page {len(layouts) + 1} and those after it could not be loaded.")
        if not any(layout.lines or layout.rows for layout in layouts):
            what = "its pages are pictures" if pictures else "its pages hold no text"
            raise ReadingError(
                f"{name} has no text to read: {what}. Run it through text recognition (OCR) first.",
                code="no_text",
            )
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
