"""Several files with the same columns are one table."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate

import numpy as np

from soloneuron.data.files.table import ColumnChoice, Note, RawColumn, RawTable
from soloneuron.errors import InputError


def read_several(
    names: Sequence[str], read: Callable[[str, ColumnChoice], RawTable], choose: ColumnChoice
) -> RawTable:
    """Read files one after another, and put their rows together.

    Args:
        names: of the files.
        read: reads one of them.
        choose: which columns to read, asked of the first file; the others must have the same.

    Raises:
        InputError: a file has other columns.
    """
    header: list[str] = []
    wanted: list[str] = []

    def choose_first(columns: Sequence[str]) -> Sequence[int]:
        header[:] = columns
        chosen = list(choose(columns))
        wanted[:] = [columns[index] for index in chosen]
        return chosen

    first = read(names[0], choose_first)
    others = (read(name, partial(_same, header, wanted, name, names[0])) for name in names[1:])
    return _joined([first, *others])


def _same(
    header: Sequence[str], wanted: Sequence[str], name: str, first: str, columns: Sequence[str]
) -> Sequence[int]:
    """The places of the columns wanted in a file that must have the columns of the first one."""
    lost = [column for column in header if column not in columns]
    more = [column for column in columns if column not in header]
    if lost or more:
        came = f"no {lost[0]!r}" if lost else f"{more[0]!r}, which is not there"
        raise InputError(
            f"{name} must have the columns of {first}, got {came}",
            code="file.header_differs",
            name=name,
            first=first,
            column=(lost or more)[0],
        )
    return [list(columns).index(column) for column in wanted]


def _joined(tables: Sequence[RawTable]) -> RawTable:
    ends = list(accumulate(table.rows for table in tables))

    def place(row: int) -> str:
        which = bisect_right(ends, row)
        return f"{tables[which].place(row - (ends[which - 1] if which else 0))} of {tables[which].source}"

    columns = [_column([table.columns[index] for table in tables]) for index in range(len(tables[0].columns))]
    notes = {(note.code, *note.fields.items()): note for table in tables for note in table.notes}
    files = Note("files", {"count": len(tables), "first": tables[0].source, "last": tables[-1].source})
    source = f"{tables[0].source} … {tables[-1].source}"
    return RawTable(tuple(columns), source, ends[-1], (files, *notes.values()), place)


def _column(parts: Sequence[RawColumn]) -> RawColumn:
    """One column of all files; where one of them has words, all have."""
    fault = next((part.fault for part in parts if part.fault is not None), None)
    kinds = {part.type for part in parts}
    kind = kinds.pop() if len(kinds) == 1 else ""
    name, unnamed = parts[0].name, parts[0].unnamed
    numbers = [part.numbers for part in parts if part.numbers is not None]
    in_words = any(part.words is not None for part in parts)
    words = [word for part in parts for word in words_of(part)] if in_words else None
    if len(numbers) < len(parts):
        return RawColumn(name, None, words, kind, unnamed=unnamed, fault=fault)
    return RawColumn(name, np.concatenate(numbers), words, kind, unnamed=unnamed, fault=fault)


def words_of(column: RawColumn) -> Sequence[str | None]:
    """The cells of a column as words, also of one of numbers: 1.0 is written 1."""
    if column.words is not None or column.numbers is None:
        return column.words or ()
    return [
        None if number != number else str(int(number)) if number.is_integer() else repr(number)  # noqa: PLR0124
        for number in column.numbers.tolist()
    ]
