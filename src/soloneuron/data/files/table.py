"""A table as a file holds it: columns of numbers or of words, before anything is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from soloneuron.errors import InputError

ColumnNumbers = npt.NDArray[np.float64]
CellType = Literal["", "truth", "date", "category"]
ColumnChoice = Callable[[Sequence[str]], Sequence[int]]
"""Given the names of all columns: the places of those to read, in the order wanted."""


MOST_TWICE = 12
"""So many names that stand more than once are told."""

EXACT = 2**53
"""Whole numbers up to this one are all different in float64."""


@dataclass(frozen=True)
class RawColumn:
    """One column of a file.

    Attributes:
        name: without blanks around it; unique in its table.
        numbers: (n,) float64, NaN where a cell is missing; None where a cell is no number.
        words: the cells as they were written, without blanks around them, None where one is missing; None
            where ``numbers`` say all. Whole numbers too long for float64 have both.
        type: what the file itself says of the cells: ``"truth"`` (numbers 0 and 1), ``"date"`` (words such
            as 2024-05-01 or 2024-05-01T12:30:00), ``"category"`` (words); ``""`` where it says nothing.
        unnamed: the header had no name for it, so that ``name`` is its place: column_1 is the first.
        fault: what no preparation could mend (a number that is not finite), to be raised if the column is
            used.
    """

    name: str
    numbers: ColumnNumbers | None = None
    words: Sequence[str | None] | None = None
    type: CellType = ""
    unnamed: bool = False
    fault: InputError | None = None

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """(n,): which cells are missing."""
        if self.words is not None:
            return np.fromiter((word is None for word in self.words), dtype=np.bool_, count=len(self.words))
        return np.isnan(self.numbers) if self.numbers is not None else np.empty(0, dtype=np.bool_)


@dataclass(frozen=True)
class Note:
    """What is to be said about a reading: the key of a sentence in the texts ``notes``, and its fields."""

    code: str
    fields: Mapping[str, object] = field(default_factory=dict)


def _row(row: int) -> str:
    return f"row {row}"


@dataclass(frozen=True)
class RawTable:
    """What a reader returns.

    Attributes:
        columns: those that were wanted, in the order wanted.
        source: the file, for messages.
        rows: how many rows there are.
        notes: what is to be told of the reading.
        place: where a row stands in its file, by its index from 0: ``"line 7"``, ``"row 6 of b.csv"``.
    """

    columns: tuple[RawColumn, ...]
    source: str
    rows: int
    notes: tuple[Note, ...] = ()
    place: Callable[[int], str] = _row


def unique_names(names: list[str], source: str) -> list[str]:
    """The names, if no two are the same.

    Raises:
        InputError: some are; all of them are named, with their places.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, 1):
        places.setdefault(name, []).append(place)
    twice = {name: where for name, where in places.items() if len(where) > 1}
    if twice:
        some, more = list(twice)[:MOST_TWICE], " ..." * (len(twice) > MOST_TWICE)
        faults = [f"{name!r} more than once (columns {' and '.join(map(str, twice[name]))})" for name in some]
        raise InputError(
            f"{source} must have different column names, got {', '.join(faults)}{more}",
            code="file.duplicate",
            column=", ".join(some) + more,
        )
    return names
