"""Records as JSON and back: what a field may hold is what its type says.

A number that JSON does not know stands as ``{"number": "inf"}``, so that it is not taken for an empty cell.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from soloneuron.errors import RecordError

Special = Mapping[type, Callable[[Any, str], Any]]
"""Types that read themselves: the JSON value and the place's name come in, the record goes out."""

BEYOND = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def plain(value: Any, special: Mapping[type, Callable[[Any], Any]]) -> Any:
    """A record as plain JSON values.

    Args:
        value: a dataclass, a mapping or a sequence of such, or a plain value.
        special: types that are written by a function of their own.

    Raises:
        TypeError: something that is none of these.
    """
    if type(value) in special:
        return special[type(value)](value)
    if isinstance(value, float):
        name = next((name for name, far in BEYOND.items() if repr(far) == repr(float(value))), None)
        return value if name is None else {"number": name}
    if value is None or isinstance(value, bool | int | str):
        return value
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), special) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(inner, special) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, special) for inner in value]
    raise TypeError(f"a record holds plain values, got {type(value).__name__}")


def typed(kind: Any, value: Any, where: str, special: Special) -> Any:
    """A JSON value as the type it must have.

    Args:
        kind: a type: a dataclass, ``tuple[...]``, ``Mapping[str, ...]``, a union, a literal or a plain one.
        value: what stands in the file.
        where: the name of the place, for the message.
        special: types that are read by a function of their own.

    Raises:
        RecordError: the value is not of the type; the place is named.
    """
    origin = get_origin(kind)
    if kind in special:
        return special[kind](value, where)
    if origin is tuple:
        return _row(get_args(kind), value, where, special)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        _held(isinstance(value, dict), value, "an object", where)
        inner = get_args(kind)[1]
        return {name: typed(inner, one, f"{where}.{name}", special) for name, one in value.items()}
    if get_args(kind) and origin is not Literal:
        return _either(get_args(kind), value, where, special)
    if is_dataclass(kind):
        return _record(kind, value, where, special)
    return _plain(kind, value, where)


def _record(kind: Any, value: Any, where: str, special: Special) -> Any:
    _held(isinstance(value, dict), value, f"an object ({kind.__name__})", where)
    hints, found = _hints(kind), {}
    for field in fields(kind):
        if field.name in value:
            found[field.name] = typed(hints[field.name], value[field.name], f"{where}.{field.name}", special)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise RecordError(f"{where} must have the field {field.name!r}", code="record.missing")
    return kind(**found)


@lru_cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _row(kinds: tuple[Any, ...], value: Any, where: str, special: Special) -> tuple[Any, ...]:
    _held(isinstance(value, list), value, "a list", where)
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    _held(len(kinds) == len(value), value, f"a list of {len(kinds)}", where)
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(typed(kind, one, f"{where}[{i}]", special) for i, (kind, one) in pairs)


def _either(kinds: tuple[Any, ...], value: Any, where: str, special: Special) -> Any:
    """The first type that fits; of several faults the last, which is that of the richest type."""
    for kind in kinds[:-1]:
        try:
            return typed(kind, value, where, special)
        except RecordError:
            continue
    return typed(kinds[-1], value, where, special)


def _plain(kind: Any, value: Any, where: str) -> Any:
    """A number stays as it is written, 7 or 7.0, because it is shown so."""
    if get_origin(kind) is Literal:
        choices = get_args(kind)
        return _held(value in choices, value, f"one of {', '.join(choices)}", where)
    if kind is float and isinstance(value, dict) and value.get("number") in list(BEYOND):
        return BEYOND[value["number"]]
    if kind in (float, int):
        right = isinstance(value, int | float if kind is float else int) and not isinstance(value, bool)
        return _held(right and abs(value) <= sys.float_info.max, value, "a number", where)
    if kind is str:
        whole = isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)
        return _held(whole, value, "a text", where)
    if kind is bool:
        return _held(isinstance(value, bool), value, "true or false", where)
    return _held(value is None, value, "null", where)


def _held(right: bool, value: Any, wanted: str, where: str) -> Any:
    if right:
        return value
    shown = f"{where} must be {wanted}, got {str(value)[:60]}"
    raise RecordError(shown.encode("utf-8", "backslashreplace").decode(), code="record.field")
