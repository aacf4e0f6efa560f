"""Columns of words become columns of numbers, where all of them are numbers as people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soloneuron.data.files.cells import DecimalMark, is_missing, marked_number
from soloneuron.data.files.gathering import Cells, number_or_missing
from soloneuron.data.files.marks import Reading, decide, reading_of
from soloneuron.data.files.table import EXACT, ColumnNumbers, Note, RawColumn
from soloneuron.errors import InputError


@dataclass(frozen=True)
class CellPlaces:
    """Where cells stand, for messages.

    Attributes:
        source: the file.
        line: the line of a row.
        cell: what is written in a row and a column.
    """

    source: str
    line: Callable[[int], int]
    cell: Callable[[int, int], str]


def needs_words(numbers: Mapping[int, ColumnNumbers], words: Mapping[int, Sequence[str]]) -> set[int]:
    """Columns of numbers whose spelling must be seen: all where commas are decimal, and long whole numbers.

    Beside decimal commas 1.234 could be 1234; and names of classes such as 9007199254740993 must stay apart.
    """
    readings = (reading_of(set(cells)) for cells in words.values())
    if any(reading is not None and reading.evidence == "," for reading in readings):
        return set(numbers)
    return {index for index, values in numbers.items() if _is_long(values)}


def columns_of(
    names: Sequence[str], cells: Cells, separator: str, places: CellPlaces
) -> tuple[dict[int, RawColumn], tuple[Note, ...]]:
    """The columns by their index, and what is to be told of them.

    Args:
        names: of all columns.
        cells: what was read.
        separator: the mark between cells.
        places: where cells stand.
    """
    found = {index: RawColumn(names[index], values) for index, values in cells.numbers.items()}
    readings = {index: reading_of(dict.fromkeys(words)) for index, words in cells.words.items()}
    marked = {index: reading for index, reading in readings.items() if reading is not None}
    decided = decide(marked, separator)
    for index, words in cells.words.items():
        if index in decided:
            found[index] = _marked(names[index], words, decided[index], places)
        else:
            found[index] = _plain(names[index], words, marked.get(index), places)
    notes = mark_notes(names, marked, decided, cells.commas)
    return {index: _infinite(column, index, places) for index, column in found.items()}, notes


def mark_notes(
    names: Sequence[str],
    readings: Mapping[int, Reading],
    decided: Mapping[int, DecimalMark | None],
    commas: Sequence[int] = (),
) -> tuple[Note, ...]:
    """What is to be told of marks in numbers.

    Args:
        names: of all columns.
        readings: how each column with marks can be read.
        decided: how each of them is read.
        commas: columns of plain numbers that had decimal commas.
    """
    known = [index for index, mark in decided.items() if mark is not None]
    with_commas = [index for index in known if readings[index].commas]
    groups = {
        "decimal_comma": [*commas, *(index for index in with_commas if decided[index] == ",")],
        "thousands_comma": [index for index in with_commas if decided[index] == "."],
        "percent": [index for index in known if readings[index].percent],
    }
    return tuple(
        Note(code, {"column": names[min(group)], "more": len(group) - 1})
        for code, group in groups.items()
        if group
    )


def _marked(name: str, cells: Sequence[str], decimal: DecimalMark | None, places: CellPlaces) -> RawColumn:
    if decimal is None:
        cell = next(cell for cell in cells if marked_number(cell, ".") != marked_number(cell, ","))
        fault = unclear_fault(name, cell, places.source, places.line(cells.index(cell)))
        return RawColumn(name, words=_words(cells), fault=fault)
    known = {cell: number_with_marks(cell, decimal) for cell in set(cells)}
    numbers = np.array([known[cell] for cell in cells], dtype=np.float64)
    return RawColumn(name, numbers, _words(cells) if _is_long(numbers) else None)


def _plain(name: str, cells: Sequence[str], reading: Reading | None, places: CellPlaces) -> RawColumn:
    """A column whose cells are not all numbers with marks: infinities among numbers, or words."""
    known = {cell: number_or_missing(cell) for cell in set(cells)}
    if all(value is not None for value in known.values()) and _has_number(known):
        return RawColumn(name, np.array([known[cell] for cell in cells], dtype=np.float64))
    fault = None
    if reading is not None and reading.mixed is not None:
        lines = [places.line(cells.index(cell)) for cell in reading.mixed]
        fault = mixed_fault(name, reading.mixed, places.source, lines)
    return RawColumn(name, words=_words(cells), fault=fault)


def number_with_marks(cell: str, decimal: DecimalMark) -> float:
    """A cell of a column that is numbers with this decimal mark; nan where it is missing."""
    spelled = marked_number(cell, decimal)
    return np.nan if spelled is None else float(spelled)


def unclear_fault(name: str, cell: str, source: str, line: int) -> InputError:
    """The sentence about a number whose mark nothing explains."""
    return InputError(
        f"column {name!r} of {source} must be numbers that can be read in one way, got {cell} in "
        f"line {line}, whose mark could part decimals or thousands: take out the marks for thousands",
        code="file.ambiguous",
        column=name,
        line=line,
        cell=cell,
    )


def mixed_fault(name: str, cells: Sequence[str], source: str, lines: Sequence[int]) -> InputError:
    """The sentence about two numbers of a column that have different decimal marks."""
    (one, other), (line, second) = cells, lines
    return InputError(
        f"column {name!r} of {source} must have one decimal mark, got {one} in line {line} and "
        f"{other} in line {second}: write all numbers alike",
        code="file.marks",
        column=name,
        line=line,
        cell=one,
        other=other,
        second=second,
    )


def _has_number(known: Mapping[str, float | None]) -> bool:
    """Whether cells are a column of numbers: one at least is, or they are all missing as words are too."""
    return any(value == value for value in known.values()) or all(map(is_missing, known))  # noqa: PLR0124


def _words(cells: Sequence[str]) -> list[str | None]:
    known = {cell: None if is_missing(cell) else cell for cell in set(cells)}
    return [known[cell] for cell in cells]


def _is_long(numbers: ColumnNumbers) -> bool:
    """Whether these are whole numbers of which float64 cannot tell all apart."""
    if not (np.abs(numbers) >= EXACT).any():
        return False
    whole = numbers[np.isfinite(numbers)]
    return bool((np.abs(whole) >= EXACT).any()) and bool((whole == np.trunc(whole)).all())


def _infinite(column: RawColumn, index: int, places: CellPlaces) -> RawColumn:
    """The column with its fault, if a number of it is not finite."""
    if column.numbers is None or not np.isinf(column.numbers).any():
        return column
    row = int(np.isinf(column.numbers).argmax())
    line, cell = places.line(row), places.cell(row, index)[:40]
    fault = InputError(
        f"{places.source} must hold finite numbers, got {cell} in line {line}, column {column.name!r}",
        code="file.finite",
        line=line,
        column=column.name,
        cell=cell,
    )
    return RawColumn(column.name, column.numbers, column.words, fault=fault)
