"""How the cells of a text file are kept apart: found from its first lines, never asked for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from soloneuron.data.files.cells import is_float, marked_number
from soloneuron.errors import InputError

SEPARATORS = ",;\t|"
LONGEST_CELL = 1_000_000
LONGEST_LINE = 1 << 24
"""Characters. A cell that is longer is no cell: most often a quotation mark is not closed."""

SAMPLED_ROWS = 50
_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True)
class Dialect:
    """How a text is parted into cells.

    Attributes:
        separator: the mark between two cells; a blank stands for a run of blanks.
        skipped: lines before the names (Excel's ``sep=;``).
    """

    separator: str
    skipped: int = 0

    def rows(self, lines: Iterable[str]) -> Any:
        """A csv reader of lines, those before the names among them."""
        if self.separator == " ":
            lines = (_SPACES.sub(" ", line.strip(" \t\r\n")) for line in lines)
        return csv.reader(lines, delimiter=self.separator, skipinitialspace=True, strict=True)


@contextmanager
def long_cells() -> Iterator[None]:
    """Where cells are read that may be longer than those of others, for whom the limit stays as it was."""
    usual = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def find_dialect(lines: list[str]) -> Dialect:
    """The dialect of a file, from its first lines.

    That separator wins which parts every line into as many cells as the first one; of several the one with
    the most cells that are numbers, then with the most columns. Blanks part cells only where no other mark
    does and a whole column comes out as numbers.

    Args:
        lines: the first of the file, with their ends.
    """
    first = lines[0].strip() if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return Dialect(first[4], skipped=1)
    if first.lower() == "sep=" and "\t" in lines[0]:
        return Dialect("\t", skipped=1)
    sampled = {mark: _sample(lines, mark) for mark in SEPARATORS}
    best = max(SEPARATORS, key=lambda mark: _merit(sampled[mark]))
    if len(sampled[best][0] if sampled[best] else []) < 2 and _parted_by_blanks(_sample(lines, " ")):
        return Dialect(" ")
    return Dialect(best)


def _sample(lines: list[str], mark: str) -> list[list[str]]:
    """The first rows, read by one separator; what cannot be read so ends them."""
    rows: list[list[str]] = []
    with long_cells(), suppress(csv.Error):
        for row in Dialect(mark).rows(lines):
            if any(row):
                rows.append(row)
            if len(rows) > SAMPLED_ROWS:
                break
    return rows


def _merit(rows: list[list[str]]) -> tuple[float, int, int]:
    """How well a separator does: alike rows of two columns and more, numbers, columns."""
    width = len(rows[0]) if rows else 0
    if width < 2:
        return (0.0, 0, 0)
    alike = [row for row in rows[1:] if len(row) == width]
    numbers = sum(_seems_number(cell) for row in alike for cell in row)
    return (1.0 if len(alike) == len(rows) - 1 else 0.5 * len(alike) / len(rows), numbers, width)


def _seems_number(cell: str) -> bool:
    cell = cell.strip()
    return is_float(cell) or marked_number(cell, ",") is not None or marked_number(cell, ".") is not None


def _parted_by_blanks(rows: list[list[str]]) -> bool:
    """Whether blanks part rows for sure: all alike, and some column below its name is all numbers."""
    width = len(rows[0]) if rows else 0
    if width < 2 or len(rows) < 2 or any(len(row) != width for row in rows):
        return False
    return any(all(_seems_number(cell) for cell in column[1:]) for column in zip(*rows, strict=True))


def bounded_lines(file: Any, source: str) -> Iterator[str]:
    """The lines of a text file; one without end and one with zero bytes are refused.

    Raises:
        InputError: such a line; its number is named.
    """
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise InputError(
                f"{source} must have lines of at most {LONGEST_LINE:,} characters, got a longer one in line "
                f"{number}: is it a table of rows?",
                code="file.long_line",
                line=number,
            )
        if "\0" in line:
            raise binary_file(source, number)
        yield line


def binary_file(source: str, line: int) -> InputError:
    """The sentence about a zero byte."""
    return InputError(
        f"{source} must be text, got a binary file (a zero byte in line {line})",
        code="file.binary",
        line=line,
    )
