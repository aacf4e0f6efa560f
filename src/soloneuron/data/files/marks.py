"""What a comma in a number means: decided for a whole table, from all its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from soloneuron.data.files.cells import MISSING_NUMBERS, DecimalMark, is_missing, marked_number

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


def reading_of(cells: Iterable[str]) -> Reading | None:
    """How different cells can be read as numbers; None if one of them is a word, or all are missing."""
    filled = [cell for cell in cells if not is_missing(cell) and cell not in MISSING_NUMBERS]
    percents = {"%" in cell for cell in filled}
    if len(percents) != 1:
        return None
    marks, differs = list(MARKS), False
    first: dict[DecimalMark, str] = {}
    for cell in filled:
        ways = {mark: marked_number(cell, mark) for mark in MARKS}
        possible = [mark for mark in MARKS if ways[mark] is not None]
        if not possible:
            return None
        differs = differs or (len(possible) == 2 and ways["."] != ways[","])
        if len(possible) == 1:
            first.setdefault(possible[0], cell)
        marks = [mark for mark in marks if mark in possible]
    commas = any("," in cell for cell in filled)
    mixed = None if marks else (first["."], first[","])
    return Reading(tuple(marks), differs and len(marks) == 2, commas, percents.pop(), mixed)


def decide(readings: Mapping[int, Reading], separator: str) -> dict[int, DecimalMark | None]:
    """The decimal mark of every column that is numbers; None where nothing tells it.

    A column that can be read in one way only says so itself. 1,234 can be read in two: then those that can
    not decide, and where there is none, the separator does: between commas, a comma in quotation marks parts
    thousands; elsewhere it is decimal. A point alone is decimal.
    """
    evidence = {reading.evidence for reading in readings.values() if reading.evidence is not None}
    decided: dict[int, DecimalMark | None] = {}
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
