"""PDFs that are small and ask for much: made from nothing, always the same."""

from __future__ import annotations

import zlib
from collections.abc import Callable


def minimal(content: bytes, *, page: bytes = b"", objects: bytes = b"", packed: bool = True, times: int = 1) -> bytes:
    """A PDF of one page with given drawing commands, without a table of objects: readers find them by themselves.

    Args:
        content: the commands, or where ``packed`` is False the stream's bytes.
        page: more entries of the page's dictionary.
        objects: more objects, from number 6.
        packed: whether to compress the commands.
        times: how many times the page draws them.
    """
    stream = zlib.compress(content, 9) if packed else content
    return b"".join(
        [
            b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n",
            b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n",
            b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[",
            b"4 0 R " * times,
            b"]/Resources<</Font<</F1 5 0 R>>/XObject<</Fm0 6 0 R>>>>",
            page,
            b">> endobj\n4 0 obj <</Length %d/Filter/FlateDecode>> stream\n" % len(stream),
            stream,
            b"\nendstream endobj\n5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n",
            objects,
            b"\ntrailer <</Root 1 0 R/Size 9>>\n%%EOF\n",
        ]
    )


def _form(number: int, content: bytes, calls: int) -> bytes:
    return (
        b"%d 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</Fm0 %d 0 R>>>>/Length %d>> "
        b"stream\n%s\nendstream endobj\n" % (number, calls, len(content), content)
    )


def bombs() -> dict[str, Callable[[], bytes]]:
    """Files whose little bytes stand for much, by name."""
    line = b"BT /F1 11 Tf 70 %d Td (Children wait too long for an assessment of their needs.) Tj ET\n"
    page = b"".join(line % y for y in range(60, 800, 14))
    return {
        "spaces": lambda: minimal(b" " * 300_000_000),
        "zeros": lambda: minimal(b"\0" * 100_000_000),
        "texts": lambda: minimal(page * 20_000),
        "points": lambda: minimal(b"1 1 l " * 10_000_000),
        "paths": lambda: minimal(b"1 1 9 9 re f\n" * 3_000_000),
        "texts again": lambda: minimal(page * 200, times=200),
        "twice packed": lambda: minimal(zlib.compress(b" " * 400_000_000, 9)).replace(
            b"/FlateDecode", b"[/FlateDecode/FlateDecode]"
        ),
        "one line": lambda: minimal(b"BT /F1 1 Tf (" + b"word " * 200_000 + b") Tj ET"),
        "one word": lambda: minimal(b"BT /F1 1 Tf (" + b"a" * 900_000 + b") Tj ET"),
        "arrays": lambda: minimal(b"[" * 200_000),
        "brackets": lambda: minimal(page, page=b"/X " + b"[" * 200_000),
        "dictionaries": lambda: minimal(page, page=b"/X " + b"<</A " * 100_000),
        "saves": lambda: minimal(b"q " * 500_000 + page),
        "grids": lambda: minimal(
            b"".join(b"%d 30 1 780 re f 30 %d 500 1 re f\n" % (k % 560, k % 800) for k in range(2900)) + page
        ),
        "form of itself": lambda: minimal(b"/Fm0 Do", objects=_form(6, b"/Fm0 Do /Fm0 Do", 6)),
        "forms of forms": lambda: minimal(
            b"/Fm0 Do", objects=b"".join(_form(k, b"/Fm0 Do " * 30, k + 1) for k in range(6, 16)) + _form(16, page, 16)
        ),
        "picture": lambda: minimal(
            page + b"/Fm0 Do",
            objects=b"6 0 obj <</Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/"
            b"DeviceRGB/Filter/FlateDecode/Length 9>> stream\n"
            + zlib.compress(b"\0" * 100_000_000)
            + b"\nendstream endobj",
        ),
        "many pages": lambda: minimal(page).replace(b"[3 0 R]/Count 1", b"[" + b"3 0 R " * 499 + b"]/Count 499"),
        "count": lambda: minimal(page).replace(b"/Count 1", b"/Count 2147483647"),
        "endless number": lambda: minimal(b"1" * 5_000_000 + b" 0 Td " + page),
        "endless name": lambda: minimal(b"/" + b"N" * 5_000_000 + b" gs " + page),
        "huge size": lambda: minimal(page, page=b"/UserUnit 1e30").replace(b"595 842", b"1e38 1e38"),
        "deep pages": lambda: minimal(page).replace(
            b"[3 0 R]", b"[2 0 R]"
        ),
    }  # fmt: skip
