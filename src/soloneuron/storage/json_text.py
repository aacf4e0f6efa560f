"""The bytes of a JSON file, checked in linear time before anything is built from them."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import msgspec

from soloneuron.errors import RecordError
from soloneuron.storage.location import Location, located_values

DEEPEST = 64
"""Lists and objects in each other; a file of ours needs about fifteen."""

MOST_VALUES, MOST_PARTS = 2**25, 2**20
"""Commas; lists, objects and texts: 2,000 rows of 10,000 columns, or 1,000,000 recorded thetas."""

_DIGITS = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))
_TOO_LONG = b"0" * 309

# A text that nobody closes is one match up to the end: begun anew at every quote, that would be quadratic.
_TOKEN = re.compile(
    rb'[^\[\]{}"]*+(?:(?P<mark>[\[\]{}])|"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)(?:"(?P<key>\s*+:)?|\\?\Z))',
    re.DOTALL,
)


class _Twice(str):
    """Stands for an object that has a field of this name twice."""


def parse(content: bytes, file: str) -> Any:
    """The values of a JSON text.

    JSON leaves open which of two fields of one name counts, so none does: they are refused, as are bytes that
    are no UTF-8, half letters (lone surrogates), numbers beyond all limits, and nesting without end.

    Raises:
        RecordError: one sentence that names the location.
    """
    parts = content.count(b"[") + content.count(b"{") + content.count(b'"') // 2
    if content.count(b",") > MOST_VALUES or parts > MOST_PARTS:
        raise RecordError(f"{file} must not hold more than {MOST_VALUES:,} values", code="record.size")
    try:
        content.decode()
        # A whole number of so many digits would be read, and be too large for every use.
        if _sound(content, file) and _TOO_LONG not in content.translate(_DIGITS):
            return msgspec.json.decode(content)
    except UnicodeDecodeError:
        raise RecordError(f"{file} is not text in UTF-8", code="record.binary") from None
    except msgspec.MsgspecError:
        pass
    raise _explained(content, file)


def _sound(content: bytes, file: str) -> bool:
    """Whether every field stands once in its object; nothing may be nested too deep."""
    held: list[set[bytes] | None] = []
    for token in _TOKEN.finditer(content):
        mark, text, key = token.groups()
        if key is not None and held and (names := held[-1]) is not None:
            name = _name(text)
            if name in names:
                return False
            names.add(name)
        elif mark in (b"[", b"{"):
            held.append(set() if mark == b"{" else None)
            if len(held) > DEEPEST:
                raise RecordError(
                    f"{file} is not valid JSON: it is nested without end, deeper than {DEEPEST}",
                    code="record.nested",
                )
        elif mark is not None:
            del held[-1:]
    return True


def _name(text: bytes) -> bytes:
    r"""A field's name; ``a`` and its spelling ``\u0061`` are one."""
    try:
        return text if b"\\" not in text else msgspec.json.decode(b'"' + text + b'"', type=str).encode()
    except msgspec.DecodeError:
        return text


def _explained(content: bytes, file: str) -> RecordError:
    """What is wrong with a text, and where: read once more by a reader that takes more."""
    try:
        value = json.loads(content, object_pairs_hook=_once_each)
    except json.JSONDecodeError as fault:
        return RecordError(
            f"{file} is not valid JSON (line {fault.lineno}: {fault.msg}); is it cut short?",
            code="record.json",
        )
    except ValueError:
        return RecordError(f"{file} is not valid JSON: it holds a number without end", code="record.number")
    for location, inner in located_values(value, Location(file)):
        if isinstance(inner, _Twice):
            return location.fault(f"have every field once, got {str(inner)!r} twice", code="record.twice")
        if isinstance(inner, int | float) and _beyond(inner):
            return location.fault("be a finite number", inner, code="record.number")
        for text in (inner, *inner) if isinstance(inner, dict) else (inner,):
            if isinstance(text, str) and any("\ud800" <= letter <= "\udfff" for letter in text):
                where = location if text is inner else location["a name"]
                return where.fault("be a text", text)
    return RecordError(f"{file} is not valid JSON", code="record.json")


def _once_each(pairs: list[tuple[str, Any]]) -> Any:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return _Twice(name)
        seen.add(name)
    return dict(pairs)


def _beyond(number: float) -> bool:
    try:
        return not math.isfinite(number)
    except OverflowError:
        return True
