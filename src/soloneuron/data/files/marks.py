"""What a comma in a number means: decided for a whole table, from all its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from soloneuron.data.files.cells import MISSING_NUMBERS, DecimalMark, is_missing, marked_number

ColumnKey = TypeVar("ColumnKey")
"""A column by its index, or by its name."""

MARKS: tuple[DecimalMark, DecimalMark] = (".", ",")


@dataclass(frozen=True)
class Reading:
    """How the cells of a column can be read as numbers.

    Attributes:
        marks: the decimal marks with which all of them can be.
        differs: whether it makes a difference which.
        commas: whether there is a comma at all.
        percent: whether all have a percent sign.
        mixed: two cells of which each is a number, but not with the same decimal mark.
    """

    marks: tuple[DecimalMark, ...] = ()
    differs: bool = False
    commas: bool = False
    percent: bool = False
    mixed: tuple[str, str] | None = None

    @property
    def evidence(self) -> DecimalMark | None:
        """The only decimal mark with which the column is numbers, if there is a mark in it."""
        return self.marks[0] if len(self.marks) == 1 else None


class CellMarks:
    """What the cells that were seen so far say of the marks of their column.

    Attributes:
        numbers: whether all of them can be numbers.
        unclear: the first that would be another number with another decimal mark, if any.
    """

    def __init__(self) -> None:
        self._possible, self._differs, self._commas = list(MARKS), False, False
        self._percents = set[bool]()
        self._first: dict[DecimalMark, str] = {}
        self.unclear: str | None = None
        self.numbers = True

    def add(self, cells: Iterable[str]) -> None:
        """Look at some cells, without blanks around them; none of the same is needed twice."""
        for cell in cells:
            if self.numbers and not is_missing(cell) and cell not in MISSING_NUMBERS:
                self._add(cell)

    def _add(self, cell: str) -> None:
        ways = {mark: marked_number(cell, mark) for mark in MARKS}
        possible = [mark for mark in MARKS if ways[mark] is not None]
        self._percents.add("%" in cell)
        self.numbers = bool(possible) and len(self._percents) == 1
        if len(possible) == 2 and ways["."] != ways[","]:
            self._differs, self.unclear = True, self.unclear or cell
        if len(possible) == 1:
            self._first.setdefault(possible[0], cell)
        self._possible = [mark for mark in self._possible if mark in possible]
        self._commas = self._commas or "," in cell

    @property
    def reading(self) -> Reading | None:
        """How all of them can be read as numbers; None if one is a word, or all are missing."""
        if not self.numbers or not self._percents:
            return None
        (percent,) = self._percents
        mixed = None if self._possible else (self._first["."], self._first[","])
        marks = tuple(self._possible)
        return Reading(marks, self._differs and len(marks) == 2, self._commas, percent, mixed)


def reading_of(cells: Iterable[str]) -> Reading | None:
    """How different cells can be read as numbers; None if one of them is a word, or all are missing."""
    seen = CellMarks()
    seen.add(cells)
    return seen.reading


def decide(readings: Mapping[ColumnKey, Reading], separator: str) -> dict[ColumnKey, DecimalMark | None]:
    """The decimal mark of every column that is numbers; None where nothing tells it.

    A column that can be read in one way only says so itself. 1,234 can be read in two: then those that can
    not decide, and where there is none, the separator does: between commas, a comma in quotation marks parts
    thousands; elsewhere it is decimal. A point alone is decimal.
    """
    evidence = {reading.evidence for reading in readings.values() if reading.evidence is not None}
    decided: dict[ColumnKey, DecimalMark | None] = {}
    for index, reading in readings.items():
        if not reading.marks:
            continue
        if not reading.differs:
            decided[index] = reading.marks[0]
        elif len(evidence) == 2 or (evidence == {","} and not reading.commas):
            decided[index] = None
        elif evidence:
            decided[index] = next(iter(evidence))
        else:
            decided[index] = "," if reading.commas and separator != "," else "."
    return decided
