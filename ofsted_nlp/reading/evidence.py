"""Pictures of the evidence: the page of a report with the sentence marked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.documents import Box, Document
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
    import pdfplumber

    marked = list(boxes)
    if page is None:
        if not marked:
            raise UsageError("Give a page or at least one box to show.")
        page = marked[0].page
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
        for box in marked:
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
