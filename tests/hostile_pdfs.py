"""Small PDFs that stand for much, or for nonsense: built here by code, byte by byte."""

from __future__ import annotations

import zlib

LINE = b"BT /F1 11 Tf 70 %d Td (Children wait too long for an assessment of what they need.) Tj ET\n"
TEXT = b"".join(LINE % y for y in range(60, 800, 14))
"""A page of text."""


def pdf(
    content: bytes = TEXT,
    *,
    page: bytes = b"",
    box: bytes = b"0 0 595 842",
    contents: bytes = b"4 0 R",
    filters: bytes = b"/FlateDecode",
    packed: bytes | None = None,
    objects: bytes = b"",
    kids: bytes = b"3 0 R",
    count: bytes = b"1",
) -> bytes:
    """A PDF of one page, without a table of its objects: readers find them by themselves.

    Args:
        content: the page's drawing commands.
        page: more entries of the page's dictionary.
        box: its size.
        contents: what its entry Contents lists; 4 0 R are the commands.
        filters: how the commands are packed.
        packed: the commands packed so; None: with zlib.
        objects: more objects, from number 6.
        kids: the pages that the tree lists.
        count: how many pages it says there are.
    """
    stream = zlib.compress(content, 9) if packed is None else packed
    return b"".join(
        [
            b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n",
            b"2 0 obj <</Type/Pages/Kids[" + kids + b"]/Count " + count + b">> endobj\n",
            b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[" + box + b"]/Contents[" + contents + b"]",
            b"/Resources<</Font<</F1 5 0 R>>/XObject<</Fm0 6 0 R>>>>" + page + b">> endobj\n",
            b"4 0 obj <</Length %d/Filter[" % len(stream) + filters + b"]>> stream\n" + stream,
            b"\nendstream endobj\n5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n",
            objects,
            b"\ntrailer <</Root 1 0 R/Size 9>>\n%%EOF\n",
        ]
    )


def form(number: int, content: bytes, draws: int) -> bytes:
    """A piece of page by that number, which knows another one as Fm0."""
    return (
        b"%d 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</Fm0 %d 0 R>>>>/Length %d>> "
        b"stream\n%s\nendstream endobj\n" % (number, draws, len(content), content)
    )
