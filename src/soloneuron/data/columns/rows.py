"""RowPlaces and columns that are left out, and what is left of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from soloneuron.data.columns.encoding import Matrix
from soloneuron.data.columns.faults import RowPlaces
from soloneuron.data.columns.kinds import is_index
from soloneuron.data.files.table import Note, RawColumn, RawTable
from soloneuron.data.labels import Labelled, labelled, labelled_numbers
from soloneuron.errors import InputError

Mask = npt.NDArray[np.bool_]


def without_index(columns: Sequence[RawColumn]) -> tuple[list[RawColumn], list[Note]]:
    """The columns but for an index that a frame was written with, and empty ones without a name."""
    notes = [
        Note("no_cells" if column.missing.all() else "index", {"column": column.name})
        for column in columns
        if is_index(column)
    ]
    return [column for column in columns if not is_index(column)], notes


def label_words(column: RawColumn, table: RawTable) -> Labelled:
    """The labels of the rows as words.

    Raises:
        InputError: no row has one, or a number is not finite.
    """
    if column.fault is not None:
        raise column.fault
    if column.words is not None:
        labels = labelled(column.words)
    else:
        assert column.numbers is not None, "a column holds numbers or words"
        labels = labelled_numbers(column.numbers)
        if column.type == "truth":
            labels = labels._replace(words=tuple(str(word == "1") for word in labels.words))
    if not labels.words:
        raise InputError(
            f"the label {column.name!r} of {table.source} has no value in any row: choose another column",
            code="label.empty",
            label=column.name,
        )
    return labels


def rows_kept(
    columns: Sequence[RawColumn], unlabelled: Mask, table: RawTable, *, drop: bool
) -> tuple[RowPlaces, list[RawColumn]]:
    """The rows to learn from, and the columns of those rows.

    Raises:
        InputError: there is none.
    """
    out = unlabelled.copy()
    for column in columns if drop else ():
        out |= column.missing
    if out.all():
        raise InputError(
            f"every row of {table.source} has a missing cell, so that none is left: fill them, or leave out "
            "the columns that are mostly empty",
            code="columns.no_rows",
        )
    kept = np.flatnonzero(~out)
    if len(kept) == len(out):
        return kept, [*columns]
    return kept, [rows_at_places(column, kept) for column in columns]


def rows_at_places(column: RawColumn, rows: RowPlaces) -> RawColumn:
    """Some rows of a column."""
    numbers = None if column.numbers is None else column.numbers[rows]
    words = None if column.words is None else [column.words[row] for row in rows.tolist()]
    return replace(column, numbers=numbers, words=words)


def gaps_of(columns: Sequence[RawColumn]) -> list[int]:
    """How many cells of each column are missing."""
    return [int(column.missing.sum()) for column in columns]


def rows_notes(kept: RowPlaces, unlabelled: Mask) -> list[Note]:
    """How many rows were left out, and why."""
    bare = int(unlabelled.sum())
    return left_out_notes(len(unlabelled), bare, len(unlabelled) - len(kept) - bare)


def left_out_notes(rows: int, bare: int, gaps: int) -> list[Note]:
    """How many of so many rows were left out: those without a label, and those with a missing cell."""
    notes = [Note("unlabelled", {"rows": bare})] if bare else []
    return notes + ([Note("left_out", {"rows": gaps, "all": rows})] if gaps else [])


def matrix_of(columns: Sequence[RawColumn], rows: int) -> Matrix:
    """The numbers (n, d) of columns that are all numbers."""
    numbers = [column.numbers for column in columns if column.numbers is not None]
    return np.column_stack(numbers) if numbers else np.empty((rows, 0))


def finite(numbers: Matrix, table: RawTable, rows: Sequence[int]) -> Matrix:
    """The numbers, if those of every row can be added.

    Args:
        numbers: (n, d).
        table: where they are from.
        rows: their places in it.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        bad = np.flatnonzero(~np.isfinite(numbers.sum(1)))
    if len(bad):
        place = table.place(rows[int(bad[0])])
        raise InputError(
            f"{table.source} has numbers too large to add in {place}: scale the data",
            code="file.large",
            place=place,
        )
    return numbers
