"""Columns of rows on disk that differ in every row, as only ids do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
import torch

from soloneuron.data.columns.kinds import may_be_id
from soloneuron.data.columns.telling import id_note
from soloneuron.data.files.table import Note
from soloneuron.data.tiles.blocks import ColumnValues
from soloneuron.formulas.tiled import NumberSpace

NumbersOfColumn: TypeAlias = Callable[[str], Iterator[ColumnValues]]
"""Reads the numbers of a column, a part at a time."""

PEEKED = 64
"""So many numbers are looked at first: nearly all columns that are no whole numbers show it there."""


class WholeNumbers:
    """Whether a column may be whole numbers that are all different, as far as it was seen.

    Attributes:
        possible: whether it may be.
        ordered: whether its numbers rise all along, or fall, so that it is.
        rows: how many were seen.
    """

    def __init__(self) -> None:
        self.possible = self.ordered = True
        self.rows = 0
        self._last = np.empty(0)
        self._rises: bool | None = None

    def add(self, numbers: ColumnValues) -> None:
        """Look at the next numbers."""
        self.rows += len(numbers)
        if not self.possible or not len(numbers):
            return
        self.possible = _are_whole(numbers[:PEEKED]) and _are_whole(numbers)
        if not self.possible:
            return
        steps = np.diff(np.concatenate([self._last, numbers]))
        if self._rises is None and len(steps):
            self._rises = bool(steps[0] > 0)
        self.ordered = self.ordered and bool((steps > 0 if self._rises else steps < 0).all())
        if not self.ordered:
            self.possible = len(np.unique(numbers)) == len(numbers)
        self._last = numbers[-1:].copy()


def _are_whole(numbers: ColumnValues) -> bool:
    """Whether all are whole; one that is missing is not."""
    return bool((np.floor(numbers) == numbers).all())


def id_notes(
    seen: Mapping[str, WholeNumbers], numbers_of: NumbersOfColumn, space: NumberSpace, *, all_seen: bool
) -> list[Note]:
    """What is to be told of columns that may only number the rows.

    Args:
        seen: what is known of each column.
        numbers_of: reads a column once more, a part at a time.
        space: where a column stands whose order says nothing.
        all_seen: whether every row was seen, and not those alone that a stopped conversion had left.
    """
    return [
        id_note(name)
        for name, column in seen.items()
        if column.possible
        and (not all_seen or may_be_id(name, column.rows))
        and ((column.ordered and all_seen) or _all_differ(name, numbers_of, space))
    ]


def index_note(name: str, numbers_of: NumbersOfColumn, space: NumberSpace) -> Note | None:
    """That a column without a name has no cells or only counts the rows; None where it does neither."""
    parts = [(bool(np.isnan(part).all()), len(part)) for part in numbers_of(name)]
    if all(missing for missing, _ in parts):
        return Note("no_cells", {"column": name})
    if any(missing for missing, _ in parts):
        return None
    rows = sum(count for _, count in parts)
    return Note("index", {"column": name}) if _differ(name, rows, numbers_of, space) else None


def _all_differ(name: str, numbers_of: NumbersOfColumn, space: NumberSpace) -> bool:
    """Whether all numbers of a column are whole and different: sorted where memory is not taken."""
    rows = sum(len(part) for part in numbers_of(name))
    return may_be_id(name, rows) and _differ(name, rows, numbers_of, space)


def _differ(name: str, rows: int, numbers_of: NumbersOfColumn, space: NumberSpace) -> bool:
    place, filled = space(rows, torch.float64).numpy(), 0
    for part in numbers_of(name):
        if not _are_whole(part):
            return False
        place[filled : filled + len(part)] = part
        filled += len(part)
    place.sort()
    return all(bool((np.diff(place[start : start + 2**17 + 1]) > 0).all()) for start in range(0, rows, 2**17))
