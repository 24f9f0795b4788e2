"""Characters, fonts, boxes and drawn rules of a PDF page, straight from pdfium: the library's hot loop.

pypdfium2's helpers make one Python object for each page object; at some 13,000 pages that is most of
the time, so the C functions are called directly, once for each run of characters of one text object.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

import pypdfium2 as pdfium
import pypdfium2.raw as c

from ofsted_nlp.reading.limits import LIMITS, Limits

_POINTER, _INT, _UINT = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint


def _function(name: str, result: type, *arguments: type) -> ctypes._FuncPointer:
    """The C function with raw pointers for types: ctypes' checked pointers cost more than the calls."""
    address = ctypes.cast(getattr(c, name), _POINTER).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


_count_chars = _function("FPDFText_CountChars", _INT, _POINTER)
_get_text = _function("FPDFText_GetText", _INT, _POINTER, _INT, _INT, _POINTER)
_get_unicode = _function("FPDFText_GetUnicode", _UINT, _POINTER, _INT)
_text_object = _function("FPDFText_GetTextObject", _POINTER, _POINTER, _INT)
_loose_box = _function("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
_origin = _function("FPDFText_GetCharOrigin", _INT, _POINTER, _INT, _POINTER, _POINTER)
_font_size = _function("FPDFText_GetFontSize", ctypes.c_double, _POINTER, _INT)
_matrix = _function("FPDFText_GetMatrix", _INT, _POINTER, _INT, _POINTER)
_colour = _function("FPDFText_GetFillColor", _INT, _POINTER, _INT, _POINTER, _POINTER, _POINTER, _POINTER)
_object_font = _function("FPDFTextObj_GetFont", _POINTER, _POINTER)
_font_name = _function("FPDFFont_GetBaseFontName", ctypes.c_size_t, _POINTER, _POINTER, ctypes.c_size_t)
_font_weight = _function("FPDFFont_GetWeight", _INT, _POINTER)
_count_objects = _function("FPDFPage_CountObjects", _INT, _POINTER)
_get_object = _function("FPDFPage_GetObject", _POINTER, _POINTER, _INT)
_object_type = _function("FPDFPageObj_GetType", _INT, _POINTER)
_object_bounds = _function("FPDFPageObj_GetBounds", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)

_FURTHEST = 100_000.0
"""No page is wider or higher (points; the format allows 14,400): what stands beyond, or nowhere, is not on it."""

_SMALLEST = 0.1
"""Points; type that is smaller is no text that anyone could read, and its size rounds to none."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font as a report's layout needs it: its name and whether it is bold."""

    name: str
    bold: bool


@dataclass(slots=True)
class Run:
    """Characters of one text object. Lengths in points, ``top`` and ``bottom`` from the top of the page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    font: Font
    colour: tuple[int, int, int]


@dataclass(slots=True)
class PageContent:
    """What stands on a page: text runs in the file's order, drawn shapes as (x0, top, x1, bottom), pictures.

    ``left_out`` says why nothing of it was read, if so.
    """

    width: float
    height: float
    runs: list[Run]
    shapes: list[tuple[float, float, float, float]]
    pictures: int
    left_out: str = ""


def pages(document: pdfium.PdfDocument, limits: Limits = LIMITS) -> Iterator[PageContent]:
    """The pages of an open PDF, one after the other; each is closed before the next is opened.

    A page with more objects or characters than ``limits`` allows comes without them, and with the reason.

    Raises:
        pypdfium2.PdfiumError: a page cannot be loaded.
    """
    fonts: dict[int, Font] = {}
    for index in range(len(document)):
        page = document[index]
        try:
            yield _page(page, fonts, limits)
        finally:
            page.close()


def _page(page: pdfium.PdfPage, fonts: dict[int, Font], limits: Limits) -> PageContent:
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    if not (0 < width <= _FURTHEST and 0 < height <= _FURTHEST):
        return PageContent(0.0, 0.0, [], [], 0, "its size makes no sense")
    at = ctypes.cast(page.raw, _POINTER).value or 0
    count = _count_objects(at)
    if count > limits.page_objects:
        return PageContent(width, height, [], [], 0, f"it has {count:,} drawn objects, and none has so many")
    textpage = page.get_textpage()
    try:
        raw = ctypes.cast(textpage.raw, _POINTER).value
        characters = _count_chars(raw) if raw else 0
        if characters > limits.page_characters:
            return PageContent(width, height, [], [], 0, f"it has {characters:,} characters, and none has so many")
        runs = _runs(raw, left, top, fonts) if raw else []
    finally:
        textpage.close()
    shapes, pictures = _shapes(at, left, top)
    return PageContent(width, height, runs, shapes, pictures)


def _on_page(*values: float) -> bool:
    """Whether places and sizes are numbers and within reach; damaged files have others."""
    return all(-_FURTHEST < value < _FURTHEST for value in values)


def _characters(raw: int, count: int) -> str:
    buffer = (ctypes.c_ushort * (count + 1))()
    written = _get_text(raw, 0, count, ctypes.addressof(buffer))
    text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) != count:
        # Characters outside the basic plane, or ones pdfium leaves out: ask for each, so that indexes agree.
        text = "".join(
            chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
            for code in map(_get_unicode, repeat(raw), range(count))
        )
    return text


def _runs(raw: int, left: float, page_top: float, fonts: dict[int, Font]) -> list[Run]:
    count = _count_chars(raw)
    if count <= 0:
        return []
    text = _characters(raw, count)
    owners = list(map(_text_object, repeat(raw, count), range(count)))
    owners.append(-1)
    rectangle, matrix = (ctypes.c_float * 4)(), (ctypes.c_float * 6)()
    rectangle_at, matrix_at = ctypes.addressof(rectangle), ctypes.addressof(matrix)
    x, y = ctypes.c_double(), ctypes.c_double()
    x_at, y_at = ctypes.addressof(x), ctypes.addressof(y)
    rgba = (_UINT * 4)()
    rgba_at = [ctypes.addressof(rgba) + 4 * i for i in range(4)]
    runs: list[Run] = []
    start = 0
    while start < count:
        owner = owners[start]
        end = start + 1
        while owners[end] == owner:
            end += 1
        if owner is None:
            # Spaces and line ends that pdfium adds between objects: a space is worth keeping.
            if runs and text[start] == " " and not runs[-1].text.endswith(" "):
                runs[-1].text += " "
            start = end
            continue
        _loose_box(raw, start, rectangle_at)
        x0, top = rectangle[0], rectangle[1]
        bottom = rectangle[3]
        x1 = rectangle[2]
        last = end - 1
        while last > start and text[last] in " \r\n":
            last -= 1
        if last > start:
            _loose_box(raw, last, rectangle_at)
            x1 = max(x1, rectangle[2])
        _origin(raw, start, x_at, y_at)
        size = _font_size(raw, start)
        if _matrix(raw, start, matrix_at):
            size *= (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5 or 1.0
        if size < _SMALLEST or not _on_page(x0, x1, top, bottom, y.value, size):
            start = end
            continue
        _colour(raw, start, *rgba_at)
        address = _object_font(owner) or 0
        font = fonts.get(address) or fonts.setdefault(address, _font(address))
        runs.append(
            Run(
                text[start:end],
                x0 - left,
                x1 - left,
                page_top - max(top, bottom),
                page_top - min(top, bottom),
                page_top - y.value,
                size,
                font,
                (rgba[0], rgba[1], rgba[2]),
            )
        )
        start = end
    return runs


def _font(address: int) -> Font:
    if not address:
        return Font("", False)
    buffer = ctypes.create_string_buffer(256)
    _font_name(address, ctypes.addressof(buffer), 256)
    name = re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode("utf-8", "replace"))
    bold = bool(re.search(r"bold|black|heavy|demi", name, re.I)) or _font_weight(address) >= 600
    return Font(name, bold)


def _shapes(raw: int, left: float, page_top: float) -> tuple[list[tuple[float, float, float, float]], int]:
    bounds = [ctypes.c_float() for _ in range(4)]
    at = [ctypes.addressof(value) for value in bounds]
    shapes, pictures = [], 0
    for index in range(_count_objects(raw)):
        item = _get_object(raw, index)
        kind = _object_type(item)
        if kind == c.FPDF_PAGEOBJ_PATH:
            if _object_bounds(item, *at) and _on_page(*(value.value for value in bounds)):
                x0, y0, x1, y1 = (value.value for value in bounds)
                shapes.append((x0 - left, page_top - y1, x1 - left, page_top - y0))
        elif kind == c.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
    return shapes, pictures
