"""Reads .safetensors files with numpy alone: every offset is checked, and nothing in the file can run."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.encoders.errors import EncoderError

_LONGEST_HEADER = 100_000_000
_KINDS = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a .safetensors file by name, as views of its bytes (read-only).

    The format: eight bytes with the length of the header (little-endian), the header (a JSON object with kind, shape
    and place of each array), the arrays without gaps (https://huggingface.co/docs/safetensors).

    Args:
        path: the file.

    Raises:
        EncoderError: code "weights_unreadable" if the file cannot be opened, "weights_damaged" if it is cut short or
            its header does not fit its content, "weights_kind" if it holds a kind of number that numpy lacks.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path} cannot be read: {error.strerror}.", code="weights_unreadable") from None
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or not 2 <= length <= min(_LONGEST_HEADER, len(content) - 8):
        raise _damaged(path, "it has no complete header")
    try:
        header = json.loads(content[8 : 8 + length].decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise _damaged(path, "its header is no JSON") from None
    if not isinstance(header, dict):
        raise _damaged(path, "its header is no JSON object")
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    found = {name: _array(path, name, entry, memoryview(content)[8 + length :]) for name, entry in entries.items()}
    at = 0
    for begin, end in sorted(tuple(entry["data_offsets"]) for entry in entries.values()):
        if begin != at:
            raise _damaged(path, "its arrays overlap or leave gaps")
        at = end
    if at != len(content) - 8 - length:
        raise _damaged(path, "its length is not what the header says")
    return found


def _array(path: Path, name: str, entry: Any, data: memoryview) -> np.ndarray:
    try:
        kind, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    except (KeyError, TypeError, ValueError):
        raise _damaged(path, f"the header says nothing usable of the array {name!r}") from None
    numbers = [begin, end, *shape] if isinstance(shape, list) else [None]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise _damaged(path, f"the header gives {name!r} an impossible place or shape")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise EncoderError(
            f"The array {name!r} in {path} is of the kind {kind!r}, which cannot be read here.", code="weights_kind"
        )
    dtype = np.dtype(_KINDS[kind])
    if not begin <= end <= len(data) or end - begin != math.prod(shape) * dtype.itemsize:
        raise _damaged(path, f"the place of {name!r} does not fit its shape or the file")
    return np.frombuffer(data[begin:end], dtype=dtype).reshape(shape)


def _damaged(path: Path, why: str) -> EncoderError:
    return EncoderError(f"{path} is damaged: {why}. Get the file again.", code="weights_damaged")
