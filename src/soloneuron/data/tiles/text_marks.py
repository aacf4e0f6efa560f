"""Texts whose numbers have thousands, percent signs or two kinds of commas: a look at all of them decides.

It is the decision of rows in memory (``files/marks.py``), of the cells of a file that is not held. Only a
text that Arrow's own reading refuses is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from soloneuron.data.files.cells import DecimalMark, is_missing, marked_number
from soloneuron.data.files.marks import MARKS, CellMarks, Reading, decide
from soloneuron.data.files.table import Note
from soloneuron.data.files.words import mark_notes, mixed_fault, unclear_fault
from soloneuron.data.tiles.arrow_files import TableFile
from soloneuron.data.tiles.raw_blocks import plain_text_numbers
from soloneuron.data.tiles.text_files import csv_marks, csv_sample


def with_marks(file: TableFile, wanted: Sequence[str], memory: int) -> tuple[TableFile, tuple[Note, ...]]:
    """The file with the marks of its numbers, and what is to be told of them.

    Args:
        file: any; one that is no text has no marks.
        wanted: names of columns.
        memory: bytes that reading may take, about.

    Raises:
        InputError: a column that can be read in two ways, or that has two decimal marks.
    """
    if file.format != "csv":
        return file, ()
    strange = _seen(file, wanted, memory, lambda values: plain_text_numbers(values) is None)
    suspects = [name for name, seen in strange.items() if seen.reading is not None]
    if not suspects:
        return replace(file, marks={}), ()
    seen = _seen(file, suspects, memory)
    if any(one.reading is not None and one.reading.evidence == "," for one in seen.values()):
        # Beside decimal commas 1.234 could be 1234.
        others = [name for name in wanted if strange[name].numbers and name not in suspects]
        seen |= _seen(file, others, memory)
    readings = {name: one.reading for name, one in seen.items() if one.reading is not None}
    decided = decide(readings, csv_marks(file.path)[0])
    _refuse_unclear(file, seen, readings, decided, memory)
    marks = {name: mark for name, mark in decided.items() if mark is not None}
    place = {name: place for place, name in enumerate(wanted)}
    notes = mark_notes(
        wanted,
        {place[name]: readings[name] for name in marks},
        {place[name]: mark for name, mark in marks.items()},
    )
    return replace(file, marks=marks), notes


def comma_notes(file: TableFile, wanted: Sequence[str]) -> tuple[Note, ...]:
    """What is to be told of decimal commas that every number of a text has."""
    if file.format != "csv" or csv_marks(file.path)[1] != ",":
        return ()
    sample = csv_sample(file.path)
    with_commas = [
        name
        for name in wanted
        if any("," in row.get(name, "") and marked_number(row[name].strip(), ",") for row in sample)
    ]
    if not with_commas:
        return ()
    return (Note("decimal_comma", {"column": with_commas[0], "more": len(with_commas) - 1}),)


def may_have_marks(cell: str) -> bool:
    """Whether a cell that is no plain number is one with marks."""
    return is_missing(cell) or any(marked_number(cell.strip(), mark) is not None for mark in MARKS)


def _seen(
    file: TableFile, names: Sequence[str], memory: int, strange: Callable[[Any], bool] = lambda _: True
) -> dict[str, CellMarks]:
    """What the cells of some columns say of their marks, of blocks that are strange."""
    seen = {name: CellMarks() for name in names}
    for piece in replace(file, marks=None).pieces(names, texts=names, memory=memory) if names else ():
        for name, _, values in piece.columns:
            if seen[name].numbers and strange(values):
                seen[name].add(cell.strip() for cell in values.dictionary_encode().dictionary.to_pylist())
    return seen


def _refuse_unclear(
    file: TableFile,
    seen: dict[str, CellMarks],
    readings: dict[str, Reading],
    decided: dict[str, DecimalMark | None],
    memory: int,
) -> None:
    """Refuse what nothing explains."""
    for name, reading in readings.items():
        if reading.mixed is not None:
            lines = [_line(file, name, cell, memory) for cell in reading.mixed]
            raise mixed_fault(name, reading.mixed, str(file.path), lines)
        unclear = seen[name].unclear
        if name in decided and decided[name] is None and unclear is not None:
            raise unclear_fault(name, unclear, str(file.path), _line(file, name, unclear, memory))


def _line(file: TableFile, name: str, cell: str, memory: int) -> int:
    """The line in which a cell stands first, where no cell has several."""
    before = 2
    for piece in replace(file, marks=None).pieces([name], texts=[name], memory=memory):
        for _, _, values in piece.columns:
            cells = [one.strip() for one in values.to_pylist()]
            if cell in cells:
                return before + cells.index(cell)
        before += piece.rows
    return before
