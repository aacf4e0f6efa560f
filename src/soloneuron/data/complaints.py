"""The sentence about rows that would not become a tensor: the cell to blame, and what it holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

from soloneuron.errors import InputError, ShapeError

WORDS_CURE = (
    ": make numbers of words first, pandas.get_dummies(X, dtype=float), or read the file that they are from, "
    "read_dataset(path, label=..., encode=True)"
)
GAPS_CURE = (
    ": fill it first, X.fillna(X.median()), or read the file that it is from, "
    'read_dataset(path, label=..., missing="median")'
)
"""What to do about words and missing cells in a table of another library."""


def not_numbers(values: Any, name: str, names: Sequence[str] = ()) -> InputError:
    """Find the row or cell that kept the values from becoming a tensor.

    Args:
        values: what came.
        name: what it is called.
        names: of the columns, if they have any.
    """
    if not isinstance(values, list | tuple | np.ndarray):
        return numbers_in_rows(name, short(values))
    rows = list(values)
    table = any(_is_row(row) for row in rows)
    for i, row in enumerate(rows):
        if table and (not _is_row(row) or len(row) != len(rows[0] if _is_row(rows[0]) else row)):
            came = f"{len(row)} numbers" if _is_row(row) else short(row)
            return ShapeError(
                f"{name} must have rows of one length, got {came} in row {i}"
                + (f" and {len(rows[0])} in row 0" if _is_row(rows[0]) else ""),
                code=f"{name}.ragged",
                row=i,
            )
    cells = ((i, j, cell) for i, row in enumerate(rows) for j, cell in enumerate(row if table else [row]))
    for i, j, cell in cells:
        place = place_of([i, j] if table else [i], names)
        if isinstance(cell, complex):
            return InputError(
                f"{name} must be real numbers, got {short(cell)} in {place}", code=f"{name}.complex", row=i
            )
        if not is_number(cell):
            cure = WORDS_CURE if table and names else ""
            return InputError(
                f"{name} must be numbers, got {short(cell)} in {place}{cure}", code=f"{name}.text", row=i
            )
    return numbers_in_rows(name, short(values))


def numbers_in_rows(name: str, came: str) -> InputError:
    """The sentence about something else than rows of numbers."""
    return InputError(f"{name} must be numbers in rows, got {came}", code=f"{name}.type")


def not_finite(number: float, name: str, place: Sequence[int], names: Sequence[str] = ()) -> InputError:
    """The sentence about nan or inf, and where it is."""
    cure = GAPS_CURE if names and math.isnan(number) else ""
    return InputError(
        f"{name} must be finite, got {number} in {place_of(place, names)}{cure}",
        code=f"{name}.finite",
        place=place,
    )


def place_of(place: Sequence[int], names: Sequence[str] = ()) -> str:
    """Row and column in words, the column by its name where it has one."""
    row, *columns = place or [0]
    if not columns:
        return f"row {row}"
    return f"row {row}, column {names[columns[0]]!r}" if names else f"row {row}, column {columns[-1]}"


def is_number(value: Any) -> bool:
    """Whether something is one real number that 64 bits can hold: no text, even if it spells one."""
    if isinstance(value, str | bytes | bytearray):
        return False
    try:
        float(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return False
    return True


def shape_of(values: Tensor) -> str:
    """The shape of a tensor in words."""
    return "a single number" if values.dim() == 0 else f"shape {tuple(values.shape)}"


def short(value: object) -> str:
    """What came, in 60 characters at most."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # a whole number of more than 4,300 digits
        text = f"{type(value).__name__} too long to be shown"
    return text if len(text) <= 60 else text[:57] + "..."


def _is_row(value: object) -> bool:
    return isinstance(value, list | tuple | np.ndarray) or (isinstance(value, Tensor) and value.dim() > 0)
