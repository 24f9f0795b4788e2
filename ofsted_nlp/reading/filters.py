"""Unpacks the parts of a PDF piece by piece, so that it can be known what they grow to before they do.

Python's own decoders, and two old packings that it lacks; PDF reference 1.7, section 3.3.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator

_PIECE = 65_536
_GAP = re.compile(rb"[\s\0]+")

Pieces = Iterator[bytes]


def pieces(data: memoryview) -> Pieces:
    """Bytes in pieces."""
    for start in range(0, len(data), _PIECE):
        yield bytes(data[start : start + _PIECE])


def flate(packed: Pieces) -> Pieces:
    """zlib; what is damaged ends there, as in the readers of PDFs."""
    machine = zlib.decompressobj()
    for piece in packed:
        while piece and not machine.eof:
            try:
                yield machine.decompress(piece, _PIECE)
            except zlib.error:
                return
            piece = machine.unconsumed_tail
        if machine.eof:
            return


def run_length(packed: Pieces) -> Pieces:
    """Runs: a number below 128 and as many bytes and one, or one above it and the byte that is repeated."""
    data, at = b"".join(packed), 0
    while at < len(data) - 1 and data[at] != 128:
        count = data[at]
        if count < 128:
            yield data[at + 1 : at + 2 + count]
            at += 2 + count
        else:
            yield data[at + 1 : at + 2] * (257 - count)
            at += 2


def lzw(packed: Pieces) -> Pieces:
    """LZW with codes of 9 to 12 bits, the earlier change of width that PDFs have."""
    table: list[bytes] = []
    wide, kept, bits = 9, 0, 0
    last = b""
    for piece in packed:
        for byte in piece:
            kept, bits = kept << 8 | byte, bits + 8
            if bits < wide:
                continue
            bits -= wide
            code, kept = kept >> bits, kept & ((1 << bits) - 1)
            if code == 257:
                return
            if code == 256 or not table:
                table, wide, last = [bytes([k]) for k in range(256)] + [b"", b""], 9, b""
                if code == 256:
                    continue
            if code < len(table):
                found = table[code]
            elif last:
                found = last + last[:1]
            else:
                return
            if last and len(table) < 4096:
                table.append(last + found[:1])
            wide = min(12, max(9, (len(table) + 1).bit_length()))
            last = found
            yield found


def ascii85(packed: Pieces) -> Pieces:
    """Five printable characters for four bytes."""
    data = _GAP.sub(b"", b"".join(packed)).split(b"~", 1)[0]
    try:
        yield base64.a85decode(data)
    except ValueError:
        return


def hexadecimal(packed: Pieces) -> Pieces:
    """Two digits for a byte."""
    data = re.sub(rb"[^0-9A-Fa-f]", b"", b"".join(packed).split(b">", 1)[0])
    yield bytes.fromhex((data + b"0" * (len(data) % 2)).decode("ascii"))


FILTERS: dict[bytes, Callable[[Pieces], Pieces]] = {
    b"FlateDecode": flate,
    b"Fl": flate,
    b"RunLengthDecode": run_length,
    b"RL": run_length,
    b"LZWDecode": lzw,
    b"LZW": lzw,
    b"ASCII85Decode": ascii85,
    b"A85": ascii85,
    b"ASCIIHexDecode": hexadecimal,
    b"AHx": hexadecimal,
}
"""By the names that PDFs give them, long and short."""
