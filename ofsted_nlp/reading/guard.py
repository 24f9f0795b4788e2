"""Refuses PDFs that are small on disk and vast once unpacked, before the reader of PDFs meets them.

pdfium unpacks and draws whatever a page asks for, in one call that nothing can interrupt. What it would come to is
therefore counted first, on the bytes alone: what each compressed part unpacks to, and how many drawing commands each
page has when the pieces that it draws, and those that these draw in turn, are counted as often as they are drawn.
Of an encrypted file only the decrypted copy shows that.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ofsted_nlp.errors import ReadingError
from ofsted_nlp.reading.filters import FILTERS, Pieces, flate, pieces
from ofsted_nlp.reading.limits import Limits

_TOKEN = re.compile(rb"endobj|endstream|stream|obj")
_NUMBER = re.compile(rb"(\d{1,10})[\s\0]+\d{1,10}[\s\0]*\Z")
_NAME = re.compile(rb"/([^\s\0/<>\[\]()%{}]+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_REFERENCE = re.compile(rb"(\d{1,10})[\s\0]+\d{1,10}[\s\0]+R\b")
_NAMED = re.compile(rb"/([^\s\0/<>\[\]()%{}]+)[\s\0]*(\d{1,10})[\s\0]+\d{1,10}[\s\0]+R\b")
_CONTENTS = re.compile(rb"/Contents[\s\0]*(\[[^\]]*(?:\]|\Z)|\d{1,10}[\s\0]+\d{1,10}[\s\0]+R\b)")
_LENGTH = re.compile(rb"/Length[\s\0]+(\d{1,10})(?![\s\0]+\d+[\s\0]+R)")
_DRAWN = re.compile(rb"/([^\s\0/<>\[\]()%{}]+)[\s\0]*Do(?![^\s\0/<>\[\]()%{}])")
_DEEPEST = 50
"""How deep pieces may draw one another."""
_ENDLESS = float("inf")


@dataclass(slots=True)
class _Stream:
    """A compressed part: what it unpacks to (bytes), and how often it draws which named piece."""

    header: bytes
    size: int
    drawn: Counter[bytes] = field(default_factory=Counter)

    @property
    def is_picture(self) -> bool:
        return b"/Image" in self.header


def check(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a PDF that grows beyond the limits.

    Args:
        data: its bytes.
        name: its file name, for the message.
        limits: the bounds.

    Raises:
        ReadingError: code ``decompression_bomb`` or ``too_complex``.
    """
    found = _Objects(data, name, limits)
    heaviest = found.heaviest_page()
    if heaviest > limits.page_bytes:
        amount = "endlessly many" if heaviest == _ENDLESS else f"{heaviest / 1e6:,.0f} MB of"
        raise ReadingError(
            f"A page of {name} has {amount} drawing commands; reports have less than 1 MB on a page, and more than "
            f"{limits.page_bytes / 1e6:.0f} MB are not read. The file may be damaged or made to do harm.",
            code="too_complex",
        )


class _Objects:
    """The objects of a file by number, every definition of each, whether or not its table lists it."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.limits, self.name = limits, name
        self.texts: dict[int, list[bytes]] = {}
        self.streams: dict[int, list[_Stream]] = {}
        self.named: dict[bytes, set[int]] | None = None
        self.weights: dict[int, float] = {}
        self.total = 0
        self._scan(data)

    def _scan(self, data: bytes) -> None:
        tokens = [(m.start(), m.group()) for m in _TOKEN.finditer(data)]
        ends = [at for at, token in tokens if token == b"endstream"]
        view = memoryview(data)
        number, start = -1, 0
        for at, token in tokens:
            if token == b"obj":
                named = _NUMBER.search(data[max(0, at - 40) : at])
                if named:
                    number, start = int(named[1]), at + 3
            elif token == b"endobj":
                if number >= 0:
                    self.texts.setdefault(number, []).append(_plain(data[start:at]))
                number = -1
            elif token == b"stream" and number >= 0:
                header = _plain(data[start:at])
                self.texts.setdefault(number, []).append(header)
                begin = at + 6
                begin += 2 if data[begin : begin + 2] == b"\r\n" else data[begin : begin + 1] in (b"\r", b"\n")
                stream = self._stream(number, header, view[begin:], _end(data, header, begin, ends) - begin)
                self.streams.setdefault(number, []).append(stream)
                number = -1

    def _stream(self, number: int, header: bytes, rest: memoryview, length: int) -> _Stream:
        packings = [FILTERS[n] for n in _NAME.findall(header) if n in FILTERS]
        looks_packed = len(rest) > 1 and rest[0] & 15 == 8 and not (rest[0] * 256 + rest[1]) % 31
        if not packings and looks_packed:
            packings = [flate]
        # The end of a zlib stream stands in itself; where the file says it ends may be a lie.
        unpacked = pieces(rest if packings and packings[0] is flate else rest[:length])
        picture = b"/Image" in header
        most = self.limits.picture_bytes if picture else self.limits.stream_bytes
        for packing in packings:
            unpacked = self._counted(packing(unpacked), most)
        made = _Stream(header, 0)
        kept = bytearray()
        for piece in unpacked:
            made.size += len(piece)
            if not picture and len(kept) < most:
                kept += piece
        if not picture:
            self.total += made.size
            if self.total > self.limits.unpacked_bytes:
                self._refuse(self.limits.unpacked_bytes)
            if b"Do" in kept:
                made.drawn = Counter(map(_plain, _DRAWN.findall(kept)))
            if b"/First" in header and b"/N" in header:
                self._inner(header, bytes(kept))
        return made

    def _counted(self, unpacked: Pieces, most: int) -> Iterator[bytes]:
        size = 0
        for piece in unpacked:
            size += len(piece)
            if size > most:
                self._refuse(most)
            yield piece

    def _refuse(self, most: int) -> None:
        raise ReadingError(
            f"{self.name} holds compressed data that unpack to more than {most / 1e6:.0f} MB; those of reports unpack "
            "to 3 MB. The file may be made to do harm; it was not read.",
            code="decompression_bomb",
        )

    def _inner(self, header: bytes, text: bytes) -> None:
        """The objects that a stream of objects holds."""
        first = re.search(rb"/First[\s\0]+(\d{1,10})", header)
        at = int(first[1]) if first else 0
        numbers = [int(word) for word in text[:at].split() if word.isdigit() and len(word) <= 10]
        starts = [at + offset for offset in numbers[1::2]]
        for number, begin, end in zip(numbers[::2], starts, [*starts[1:], len(text)], strict=False):
            self.texts.setdefault(number, []).append(_plain(text[begin:end]))

    def heaviest_page(self) -> float:
        """The drawing commands, in bytes, of the page that has most."""
        heaviest = 0.0
        for text in [text for texts in self.texts.values() for text in texts if b"/Contents" in text]:
            weight = 0.0
            for found in _CONTENTS.findall(text):
                for number, times in self._parts(found).items():
                    weight += times * max((self._weight(s, None, 0) for s in self.streams.get(number, ())), default=0)
            heaviest = max(heaviest, weight)
        return heaviest

    def _parts(self, contents: bytes) -> Counter[int]:
        """The streams that a page's entry names: directly, or by an object that lists them."""
        made: Counter[int] = Counter()
        for number, times in Counter(int(n) for n in _REFERENCE.findall(contents)).items():
            if number in self.streams:
                made[number] += times
            else:
                for text in self.texts.get(number, ()):
                    made.update({int(n): times * k for n, k in Counter(_REFERENCE.findall(text)).items()})
        return made

    def _weight(self, stream: _Stream, number: int | None, depth: int) -> float:
        """The commands of a stream with all that it draws; endless if it draws itself."""
        if stream.is_picture:
            return 0.0
        weight = float(stream.size)
        for name, times in stream.drawn.items():
            pieces_drawn = [self._piece(n, depth + 1) for n in self._resolved(stream, name, number is None)]
            weight += times * max(pieces_drawn, default=0.0)
        return weight

    def _piece(self, number: int, depth: int) -> float:
        if number in self.weights:
            return self.weights[number]
        if depth > _DEEPEST:
            return _ENDLESS
        self.weights[number] = _ENDLESS  # what it counts as where it draws itself
        weight = max((self._weight(s, number, depth) for s in self.streams.get(number, ())), default=0.0)
        self.weights[number] = weight
        return weight

    def _resolved(self, stream: _Stream, name: bytes, page: bool) -> set[int]:
        """The numbers of what may be drawn under a name: by the stream's own resources, else by anyone's."""
        if not page:
            own = self._reached(stream.header)
            numbers = {int(n) for text in own for key, n in _NAMED.findall(text) if key == name}
            if numbers:
                return numbers
        if self.named is None:
            self.named = {}
            for texts in self.texts.values():
                for text in texts:
                    for key, n in _NAMED.findall(text):
                        self.named.setdefault(key, set()).add(int(n))
        return {n for n in self.named.get(name, ()) if n in self.streams}

    def _reached(self, header: bytes) -> list[bytes]:
        """A description, and those that it refers to as its resources."""
        texts = [header]
        for _ in range(2):
            numbers = {int(n) for text in texts for key, n in _NAMED.findall(text) if key in (b"Resources", b"XObject")}
            texts = [header, *(text for n in sorted(numbers) for text in self.texts.get(n, ()))]
        return texts


def _plain(text: bytes) -> bytes:
    """A description with characters that are written as numbers (#46) turned into themselves."""
    return _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), text) if b"#" in text else text


def _end(data: bytes, header: bytes, begin: int, ends: list[int]) -> int:
    """Where a stream ends: by its length if the end is marked there, else at the next mark."""
    length = _LENGTH.search(header)
    if length and data[begin + int(length[1]) : begin + int(length[1]) + 12].lstrip().startswith(b"endstream"):
        return begin + int(length[1])
    index = bisect_left(ends, begin)
    return ends[index] if index < len(ends) else len(data)
