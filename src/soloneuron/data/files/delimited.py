"""Text files of rows: a table of the columns wanted, or one sentence that names the line to blame."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from soloneuron.data.files.dialects import Dialect, find_dialect
from soloneuron.data.files.encodings import Text
from soloneuron.data.files.gathering import Gathering, word_columns
from soloneuron.data.files.headers import read_header
from soloneuron.data.files.table import ColumnChoice, Note, RawTable, Vector
from soloneuron.data.files.words import Places, columns_of, needs_words
from soloneuron.errors import InputError, UnknownNameError

CHUNK = 2000
"""Rows that are turned into columns at once."""

SAMPLED_LINES = 200
SAMPLED_CHARACTERS = 1 << 18

Row = list[str]


@dataclass(frozen=True)
class Rows:
    """The rows of a text, which can be gone through again and again.

    Attributes:
        text: the file.
        dialect: how its lines are parted.
        cells: the line of names.
    """

    text: Text
    dialect: Dialect
    cells: tuple[str, ...]

    def chunks(self) -> Iterator[tuple[list[Row], list[int]]]:
        """Rows as long as the line of names, some at a time, and the lines in which they end.

        Raises:
            InputError: a line is longer or shorter, or no CSV; it is named.
        """
        reader = self.dialect.rows(self.text.lines())
        last = 0
        try:
            for _ in range(self.dialect.skipped + 1):
                while not any(next(reader)):
                    pass
            while True:
                last = reader.line_num
                rows: list[Row] = []
                lines: list[int] = []
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

    def _alike(self, rows: list[Row], lines: list[int]) -> tuple[list[Row], list[int]]:
        """The rows without those that are empty, all of one length."""
        width = len(self.cells)
        if set(map(len, rows)) == {width} and all(map(any, rows)):
            return rows, lines
        kept = [(row, line) for row, line in zip(rows, lines, strict=True) if any(row)]
        for row, line in kept:
            if len(row) < width or any(row[width:]):
                raise self._ragged(row, line)
        return [row[:width] for row, _ in kept], [line for _, line in kept]

    def _ragged(self, row: Row, line: int) -> InputError:
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


def read_delimited(text: Text, notes: tuple[Note, ...], choose: ColumnChoice) -> RawTable:
    """Read text whose first line names the columns.

    Args:
        text: the file.
        notes: what is to be told of it already.
        choose: which columns to read.

    Raises:
        InputError: what cannot be a table, with the line at fault.
    """
    rows, sample = _beginning(text, _sampled_lines(text))
    names = read_header(rows.cells, sample, text.source)
    indices = _chosen(choose, names, text.source)
    lines, numbers, words = _gathered(rows, indices, word_columns(sample, indices))
    places = Places(text.source, lambda row: lines[row], rows.cell)
    by_index, more = columns_of(dict(enumerate(names)), numbers, words, rows.dialect.separator, places)
    columns = (replace(by_index[index], unnamed=not rows.cells[index].strip()) for index in indices)
    return RawTable(tuple(columns), text.source, len(lines), notes + more, lambda row: f"line {lines[row]}")


def _sampled_lines(text: Text) -> list[str]:
    """The first lines: two at least, then as many as are soon looked at."""
    found: list[str] = []
    size = 0
    for line in text.lines():
        found.append(line)
        size += len(line)
        if len(found) > 2 and (len(found) >= SAMPLED_LINES or size > SAMPLED_CHARACTERS):
            break
    return found


def _beginning(text: Text, lines: list[str]) -> tuple[Rows, list[Row]]:
    """How the rows are parted, the line of names, and rows of a sample that are as long."""
    dialect = find_dialect(lines)
    found: list[Row] = []
    # The last line of a sample may end inside quotation marks.
    with suppress(csv.Error):
        found.extend(row for row in dialect.rows(lines[dialect.skipped :]) if any(row))
    cells = tuple(found[0]) if found else ()
    return Rows(text, dialect, cells), [row for row in found[1:] if len(row) == len(cells)]


def _chosen(choose: ColumnChoice, names: list[str], source: str) -> list[int]:
    """The columns wanted; where they are not found, a header that is none is the likelier fault."""
    try:
        return list(choose(names))
    except UnknownNameError:
        if names[0].startswith("#"):
            raise InputError(
                f"{source} must begin with the line of column names, got a comment, {names[0][:40]!r}: take "
                "the comment, or the # before the names, out",
                code="file.comment",
                came=names[0][:40],
            ) from None
        raise


def _gathered(
    rows: Rows, indices: Sequence[int], as_words: set[int]
) -> tuple[array[int], dict[int, Vector], dict[int, list[str]]]:
    """The line of every row, columns of numbers, and columns of words.

    A column that turns out to be words far down is gathered again from the first row, as it is written.
    """
    while True:
        gathering, lines = Gathering(indices, as_words), array("Q")
        for chunk, ends in rows.chunks():
            gathering.add(chunk)
            lines.extend(ends)
        numbers = gathering.numbers()
        again = gathering.failed or needs_words(numbers, gathering.words)
        if not again or again <= as_words:
            return lines, numbers, gathering.words
        as_words = as_words | again
