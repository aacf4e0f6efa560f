"""Reading fields out of somebody's JSON: each is what it must be, or one clear sentence."""

from __future__ import annotations

import math
from typing import Any

from soloneuron.errors import RecordError


class Fields:
    """The fields of one JSON object.

    Args:
        record: the object.
        where: the file's name, for the message.
    """

    def __init__(self, record: Any, where: str) -> None:
        if not isinstance(record, dict):
            raise RecordError(f"{where} must be an object with fields", code="record.object")
        self._record = record
        self._where = where

    def raw(self, name: str) -> Any:
        """Whatever stands there; it must stand there."""
        return self._get(name)

    def number(self, name: str) -> float:
        """A finite number."""
        return self._number(self._get(name), name)

    def numbers(self, name: str, *, size: int | None = None) -> tuple[float, ...]:
        """A list of finite numbers, of a certain size if one is given."""
        return tuple(self._number(value, f"{name}[{i}]") for i, value in enumerate(self._list(name, size)))

    def word(self, name: str) -> str:
        """A text, without half letters (lone surrogates), which no file or terminal can take."""
        value = self._get(name)
        if not _is_text(value):
            raise self._fault(name, "a text", value)
        return str(value)

    def words(self, name: str, *, size: int | None = None) -> tuple[str, ...]:
        """A list of different texts."""
        values = self._list(name, size)
        if not all(map(_is_text, values)) or len(set(values)) < len(values):
            raise self._fault(name, "a list of different texts", values)
        return tuple(values)

    def mapping(self, name: str) -> dict[str, Any]:
        """An object of plain values: texts, finite numbers, and what holds them; an absent one is empty."""
        value = self._record.get(name, {})
        if not isinstance(value, dict):
            raise self._fault(name, "an object", value)
        self._plain(value, name)
        return value

    def inner(self, name: str) -> Fields | None:
        """The fields of an object inside, or None for null."""
        value = self._get(name)
        return None if value is None else Fields(value, f"{name} in {self._where}")

    def _get(self, name: str) -> Any:
        if name not in self._record:
            raise RecordError(f"{self._where} must have the field {name!r}", code="record.missing")
        return self._record[name]

    def _list(self, name: str, size: int | None) -> list[Any]:
        values = self._get(name)
        if not isinstance(values, list):
            raise self._fault(name, "a list", values)
        if size is not None and len(values) != size:
            raise self._fault(name, f"a list of {size}", values)
        return values

    def _plain(self, value: Any, name: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                self._plain(key, f"a name in {name}")
                self._plain(inner, f"{name}.{key}")
        elif isinstance(value, list):
            for i, inner in enumerate(value):
                self._plain(inner, f"{name}[{i}]")
        elif isinstance(value, str):
            if not _is_text(value):
                raise self._fault(name, "a text", value)
        elif isinstance(value, float):
            self._number(value, name)

    def _number(self, value: Any, name: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise self._fault(name, "a finite number", value)
        return float(value)

    def _fault(self, name: str, wanted: str, came: Any) -> RecordError:
        shown = f"{name} in {self._where} must be {wanted}, got {str(came)[:60]}"
        return RecordError(shown.encode("utf-8", "backslashreplace").decode(), code="record.field", name=name)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _finite(value: float) -> bool:
    try:
        return bool(math.isfinite(value))
    except OverflowError:
        return False
