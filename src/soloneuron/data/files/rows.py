"""The rows of a text, patiently: cell by cell, with quotation marks, and with the line of every fault."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from soloneuron.data.files.dialects import Dialect, long_cells
from soloneuron.data.files.encodings import Text
from soloneuron.errors import InputError

CHUNK = 2000
"""TextRows that are turned into columns at once."""

TextRow = list[str]


@dataclass(frozen=True)
class TextRows:
    """The rows of a text, which can be gone through again and again.

    Attributes:
        text: the file.
        dialect: how its lines are parted.
        cells: the line of names.
        begin: how many lines there are down to the end of the names.
    """

    text: Text
    dialect: Dialect
    cells: tuple[str, ...]
    begin: int

    def chunks(self) -> Iterator[tuple[list[TextRow], list[int]]]:
        """TextRows as long as the line of names, some at a time, and the lines in which they end.

        Raises:
            InputError: a line is longer or shorter, or no CSV; it is named.
        """
        reader = self.dialect.rows(self.text.lines())
        last = 0
        try:
            with long_cells():
                for _ in range(self.dialect.skipped + 1):
                    while not any(next(reader)):
                        pass
            while True:
                last = reader.line_num
                rows: list[TextRow] = []
                lines: list[int] = []
                with long_cells():
                    for row in islice(reader, CHUNK):
                        rows.append(row)
                        lines.append(reader.line_num)
                        last = reader.line_num
                if not rows:
                    return
                yield self._alike(rows, lines)
        except csv.Error as fault:
            raise self._unreadable(str(fault), last + 1) from None

    def cell(self, row: int, index: int) -> str:
        """What is written in a row and a column."""
        for rows, _ in self.chunks():
            if row < len(rows):
                return rows[row][index].strip()
            row -= len(rows)
        raise IndexError(row)

    def _alike(self, rows: list[TextRow], lines: list[int]) -> tuple[list[TextRow], list[int]]:
        """The rows without those that are empty, all of one length."""
        width = len(self.cells)
        if set(map(len, rows)) == {width} and all(map(any, rows)):
            return rows, lines
        kept = [(row, line) for row, line in zip(rows, lines, strict=True) if any(row)]
        for row, line in kept:
            if len(row) < width or any(row[width:]):
                raise self._ragged(row, line)
        return [row[:width] for row, _ in kept], [line for _, line in kept]

    def _ragged(self, row: TextRow, line: int) -> InputError:
        width, source = len(self.cells), self.text.source
        fields = {"line": line, "count": len(row), "width": width}
        cells = f"{width} cell{'s' * (width != 1)}"
        must = f"{source} must have {cells} in every line, got {len(row)} in line {line}"
        whole = [cell.strip().lstrip("-").isdigit() for cell in row]
        if self.dialect.separator == "," and len(row) > width and any(map(all, pairwise(whole))):
            return InputError(
                f"{must}: if its numbers have decimal commas, commas cannot part the columns too; save it "
                "with semicolons",
                code="file.commas",
                **fields,
            )
        return InputError(
            f"{must}; is the file cut short?",
            code="file.ragged",
            **fields,
        )

    def _unreadable(self, fault: str, line: int) -> InputError:
        source = self.text.source
        if "field larger" in fault:
            return InputError(
                f"{source} is not readable as CSV: a cell of more than a million characters in the row that "
                f"begins in line {line}; is a quotation mark not closed?",
                code="file.long_cell",
                line=line,
            )
        reason = "a quotation mark is not closed" if "unexpected end" in fault else fault
        return InputError(
            f"{source} is not readable as CSV: {reason} in the row that begins in line {line}",
            code="file.csv",
            line=line,
        )
