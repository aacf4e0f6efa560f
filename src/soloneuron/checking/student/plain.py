"""Whatever the student's code holds, as plain numbers and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST_PLAIN_LETTERS = 200
MOST_PLAIN_MEMBERS = 4096
DEEPEST_PLAIN = 4


def plain_value(value: Any, deep: int = 0) -> Any:
    """A number, a nested list of numbers, None, or a short word.

    Tensors and arrays give their numbers, an object with ``data`` or ``value`` that number; nothing that the
    object says of itself is trusted to be more than a number or a word.

    Example:
        >>> plain_value((1, 2.5, None, True))
        [1, 2.5, None, 1]
    """
    if value is None or type(value) is float:
        return value
    if isinstance(value, bool | int):
        return plain_integer(int(value))
    if deep < DEEPEST_PLAIN:
        with_numbers = numbers_of(value)
        if with_numbers is not value:
            return plain_value(with_numbers, deep + 1)
        if isinstance(value, list | tuple):
            return [plain_value(one, deep + 1) for one in value[:MOST_PLAIN_MEMBERS]]
        if isinstance(value, Mapping):
            return {str(key)[:MOST_PLAIN_LETTERS]: plain_value(one, deep + 1) for key, one in value.items()}
    return word_for(value)


def plain_integer(number: int) -> Any:
    """An int that JSON can hold; a larger one as a float, or cut as a word."""
    if abs(number) < 2**63:
        return number
    return float(number) if abs(number) < 2**1000 else str(number)[:40]


def numbers_of(value: Any) -> Any:
    """What holds the numbers of a tensor, an array, a subclass of float or an object around a number."""
    if isinstance(value, float):
        return float(value)
    if isinstance(value, list | tuple | str | bytes | Mapping | type):
        return value
    if hasattr(value, "tolist"):
        held = value.detach() if hasattr(value, "detach") else value
        return held.tolist()
    if hasattr(value, "item"):
        return value.item()
    for name in ("data", "value", "val"):
        held = getattr(value, name, value)
        if held is not value and not callable(held):
            return held
    return value


def word_for(value: Any) -> str:
    """A short word for what is no number."""
    if isinstance(value, str):
        return value[:MOST_PLAIN_LETTERS]
    return f"<{type(value).__name__}>"
