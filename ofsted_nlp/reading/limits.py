"""How much of a file is read: bounds far above any inspection report, below what would hold a machine up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of reading one PDF. In brackets the greatest value among 597 reports of 2011 to 2026.

    Attributes:
        file_bytes: size of the file [1.9 MB].
        pages: number of pages [58].
        stream_bytes: what one compressed part may unpack to, pictures apart [0.33 MB].
        picture_bytes: the same for a picture; pictures are never unpacked for reading [0.32 MB].
        unpacked_bytes: what all parts but pictures may unpack to together [2.5 MB].
        page_bytes: drawing commands of one page, with the pieces that it draws several times [0.1 MB].
        page_objects: texts, lines and pictures of one page; pages with more are left out [some 600].
        page_characters: characters of one page; pages with more are left out [3,640].
        characters: characters of all pages [131,374].
        seconds: time for all pages; looked at after each page.
    """

    file_bytes: int = 100_000_000
    pages: int = 500
    stream_bytes: int = 20_000_000
    picture_bytes: int = 250_000_000
    unpacked_bytes: int = 200_000_000
    page_bytes: int = 4_000_000
    page_objects: int = 50_000
    page_characters: int = 50_000
    characters: int = 2_000_000
    seconds: float = 120.0


LIMITS = Limits()
"""The bounds that hold where no others are given."""
