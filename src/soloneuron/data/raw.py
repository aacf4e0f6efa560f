"""What every reader returns, and the sentences they share about a cell to blame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from soloneuron.errors import InputError

Matrix = npt.NDArray[np.float64]
ColumnChoice = Callable[[Sequence[str]], tuple[list[int], int | None]]
"""Given the names of all columns: the places of the features wanted, and of the label if one is wanted."""


class RawTable(NamedTuple):
    """What a reader returns: the names of the chosen features, their numbers (n, d), the label's words."""

    names: tuple[str, ...]
    numbers: Matrix
    words: list[str]


def validated(raw: RawTable, path: Path) -> RawTable:
    """Refuse a number that is not finite, and a missing label."""
    if not np.isfinite(raw.numbers).all():
        row, place = np.argwhere(~np.isfinite(raw.numbers))[0]
        raise InputError(
            f"{path} must hold finite numbers, got {raw.numbers[row, place]} in row {row}, column "
            f"{raw.names[place]!r}",
            code="file.finite",
        )
    if "" in raw.words:
        raise InputError(f"{path} has no label in row {raw.words.index('')}", code="file.missing")
    return raw


def unique_names(names: list[str], path: Path) -> list[str]:
    """The names, if no two are the same."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{path} must have different column names, got {twice[0]!r} more than once",
            code="file.duplicate",
            column=twice[0],
        )
    return names


def missing_cell(path: Path, place: str, name: str, **fields: object) -> InputError:
    """The sentence about a cell that is not there."""
    return InputError(
        f"{path} has a missing cell in {place}, column {name!r}: fill it, or leave the row or the column out",
        code="file.missing",
        column=name,
        **fields,
    )


def text_column(name: str, came: str, path: Path, **fields: object) -> InputError:
    """The sentence about a feature that is not a number."""
    return InputError(
        f"column {name!r} of {path} must be numbers, got {came}: leave it out with --drop {name}",
        code="file.text",
        column=name,
        **fields,
    )
