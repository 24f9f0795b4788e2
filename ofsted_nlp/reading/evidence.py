"""Pictures of the evidence: the page of a report with the sentence marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.documents import Box, Document, TextLine
from ofsted_nlp.errors import NotFoundError, ReadingError, UsageError

if TYPE_CHECKING:
    from PIL.Image import Image

_FILL = (255, 214, 0, 90)
_STROKE = (213, 94, 0)


def show(
    source: Document | str | Path | None, boxes: Iterable[Box], page: int | None = None, resolution: int = 100
) -> Image:
    """The picture of a page with boxes marked on it; it displays itself in a notebook.

    Args:
        source: the document, or the path of its PDF.
        boxes: what to mark, in PDF points from the top left corner; those of other pages are left out.
        page: the page, from 1; None: the page of the first box.
        resolution: dots per inch.

    Raises:
        NotFoundError: the PDF is not on disk, or it has no such page.
        ReadingError: the PDF cannot be opened.
        UsageError: neither a page nor a box is given.
    """
    marked = list(boxes)
    if page is None:
        if not marked:
            raise UsageError("Give a page or at least one box to show.")
        page = marked[0].page
    return _drawn(source, page, resolution, lambda opened: marked)


def show_span(document: Document, start: int, end: int, resolution: int = 100) -> Image:
    """The picture of the page on which a span of a document's text begins, with it marked letter by letter.

    Args:
        document: read from a file.
        start: where the span begins in its text.
        end: where it ends.
        resolution: dots per inch.

    Raises:
        NotFoundError: the PDF is not on disk.
        ReadingError: the PDF cannot be opened.
        UsageError: nothing stands at that span.
    """
    boxes = document.boxes(start, end)
    if not boxes:
        return show(document, boxes, resolution=resolution)
    lines = [line for block in document.blocks for line in block.lines if line.start < end and line.end > start]

    def exact(opened: Any) -> list[Box]:
        return [_exact(opened, document.text, line, start, end) or box for line, box in zip(lines, boxes, strict=True)]

    return _drawn(document, boxes[0].page, resolution, exact)


def _exact(opened: Any, text: str, line: TextLine, start: int, end: int) -> Box | None:
    """The box of a part of a line by the letters printed there; None where these are not those of the text.

    A line's box and text alone say only about where a letter stands, as letters differ in width.
    """
    if line.box.page != opened.page_number:
        return None
    left, top = opened.bbox[:2]
    middle = (line.box.top + line.box.bottom) / 2 + top
    printed = [
        (letter, char)
        for char in sorted(opened.chars, key=lambda char: float(char["x0"]))
        if char["top"] <= middle <= char["bottom"] and line.box.x0 - 1 <= char["x0"] - left <= line.box.x1 + 1
        for letter in _letters(char["text"])
    ]
    whole = "".join(letter for letter, _ in printed)
    before, part = (_letters(text[a:b]) for a, b in ((line.start, max(start, line.start)), _within(line, start, end)))
    place = whole.find(before + part)
    if place < 0 or not part:
        return None
    first = place + len(before)
    found: Sequence[Any] = [char for _, char in printed[first : first + len(part)]]
    return replace(line.box, x0=float(found[0]["x0"]) - left, x1=max(float(char["x1"]) for char in found) - left)


def _within(line: TextLine, start: int, end: int) -> tuple[int, int]:
    return max(start, line.start), min(end, line.end)


def _letters(text: str) -> str:
    """The letters and digits, by which printed lines and text are set beside each other."""
    return "".join(letter for letter in text if letter.isalnum())


def _drawn(
    source: Document | str | Path | None, page: int, resolution: int, boxes: Callable[[Any], Iterable[Box]]
) -> Image:
    import pdfplumber

    path = _path(source)
    try:
        opened = pdfplumber.open(path)
    except Exception as error:  # pdfminer raises many unrelated kinds
        raise ReadingError(f"{path} cannot be opened as a PDF: {error}") from error
    with opened:
        if not 1 <= page <= len(opened.pages):
            raise NotFoundError(f"{path.name} has {len(opened.pages)} pages; there is no page {page}.")
        picture: Any = opened.pages[page - 1].to_image(resolution=resolution)
        left, top = opened.pages[page - 1].bbox[:2]
        for box in boxes(opened.pages[page - 1]):
            if box.page == page:
                corners = (box.x0 + left, box.top + top, box.x1 + left, box.bottom + top)
                picture.draw_rect(corners, fill=_FILL, stroke=_STROKE)
        annotated: Image = picture.annotated.copy()
    return annotated


def _path(source: Document | str | Path | None) -> Path:
    if source is None:
        raise NotFoundError(
            "The document was read from bytes, not from a file; read the PDF from disk to see its pages."
        )
    name = source.source.file if isinstance(source, Document) else str(source)
    path = source.path if isinstance(source, Document) else source
    if path is None or not Path(path).is_file():
        raise NotFoundError(f"The PDF {name} is not on disk; add the report file to see its pages.")
    return Path(path)
