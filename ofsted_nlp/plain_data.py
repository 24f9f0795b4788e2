"""Dataclasses from the plain data that JSON can hold, by the types of their fields, so that none is forgotten."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def from_plain(kind: type[Record], data: Mapping[str, Any]) -> Record:
    """The dataclass that ``records.plain_values(asdict(...))`` turned into ``data``.

    Keys that it does not know are ignored; fields that are missing get their default.

    Args:
        kind: a dataclass whose fields are plain values, dates, kinds, dicts, dataclasses, tuples of these, or None.
        data: what was written.

    Raises:
        KeyError: a field without default is missing.
    """
    named: Any = kind
    made: Record = _maker(named)(data)
    return made


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """The function that makes a value of this type from plain data."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (some,) = [_maker(item) for item in inside if item is not NoneType]
        return lambda value: None if value is None else some(value)
    if origin is tuple:
        if len(inside) == 2 and inside[1] is Ellipsis:
            each = _maker(inside[0])
            return lambda value: tuple([each(item) for item in value])
        makers = [_maker(item) for item in inside]
        return lambda value: tuple([make(item) for make, item in zip(makers, value, strict=True)])
    if kind is datetime.date:
        return datetime.date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if is_dataclass(kind):
        return _dataclass_maker(kind)
    return _same


def _dataclass_maker(kind: Any) -> Callable[[Mapping[str, Any]], Any]:
    hints = get_type_hints(kind)
    makers = {item.name: _maker(hints[item.name]) for item in fields(kind)}

    def make(data: Mapping[str, Any]) -> Any:
        values = {name: some(data[name]) for name, some in makers.items() if name in data}
        try:
            return kind(**values)
        except TypeError as error:
            raise KeyError(f"{kind.__name__}: {error}") from error

    return make


def _same(value: Any) -> Any:
    return value
