"""Text files of rows: a table of the columns wanted, or one sentence that names the line to blame."""

from __future__ import annotations

import csv
from array import array
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from soloneuron.data.files.blocks import read_blocks
from soloneuron.data.files.dialects import find_dialect, long_cells
from soloneuron.data.files.encodings import Text, open_text
from soloneuron.data.files.gathering import Cells, Gathering, word_columns
from soloneuron.data.files.headers import read_header
from soloneuron.data.files.marks import reading_of
from soloneuron.data.files.rows import TextRow, TextRows
from soloneuron.data.files.table import ColumnChoice, Note, RawTable
from soloneuron.data.files.words import CellPlaces, columns_of, needs_words
from soloneuron.errors import InputError, UnknownNameError

SAMPLED_LINES = 200
SAMPLED_CHARACTERS = 1 << 18


def read_delimited(stream: BinaryIO, source: str, choose: ColumnChoice) -> RawTable:
    """Read text whose first line names the columns: by blocks if it is plain, else patiently.

    Args:
        stream: the bytes; it can be sought in.
        source: the file, for messages.
        choose: which columns to read.

    Raises:
        InputError: what cannot be a table, with the line at fault.
    """
    begun = _begun(stream, source, choose, whole=False)
    cells = _quickly(begun)
    if cells is None:
        begun = _begun(stream, source, choose, whole=True)
        cells = _patiently(begun)
    rows, lines = begun.rows, cells.lines
    places = CellPlaces(source, lambda row: int(lines[row]), rows.cell)
    by_index, notes = columns_of(begun.names, cells, rows.dialect.separator, places)
    columns = (replace(by_index[index], unnamed=not rows.cells[index].strip()) for index in begun.indices)
    return RawTable(tuple(columns), source, len(lines), begun.notes + notes, lambda row: f"line {lines[row]}")


@dataclass(frozen=True)
class _Begun:
    """A text of which the names and a sample of rows are known, and which columns are wanted."""

    rows: TextRows
    names: list[str]
    indices: list[int]
    sample: list[TextRow]
    notes: tuple[Note, ...]


def _begun(stream: BinaryIO, source: str, choose: ColumnChoice, *, whole: bool) -> _Begun:
    text, notes = open_text(stream, source, whole=whole)
    lines = _sampled_lines(text)
    dialect = find_dialect(lines)
    found: list[TextRow] = []
    begin = 0
    reader = dialect.rows(lines[dialect.skipped :])
    # The last line of a sample may end inside quotation marks.
    with long_cells(), suppress(csv.Error):
        for row in reader:
            begin = begin or (reader.line_num + dialect.skipped) * any(row)
            found += [row] * any(row)
    cells = tuple(found[0]) if found else ()
    sample = [row for row in found[1:] if len(row) == len(cells)]
    names = read_header(cells, sample, source)
    return _Begun(TextRows(text, dialect, cells, begin), names, _chosen(choose, names, source), sample, notes)


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


def _quickly(begun: _Begun) -> Cells | None:
    """The cells read by blocks; None if they are not as plain as a sample of them."""
    rows, sample = begun.rows, begun.sample
    words = word_columns(sample, range(len(rows.cells)))
    readings = {index: reading_of({row[index].strip() for row in sample}) for index in words}
    marked = {index: reading for index, reading in readings.items() if reading is not None}
    commas = any(reading.evidence == "," and not reading.percent for reading in marked.values())
    if not commas or rows.dialect.separator == ",":
        return read_blocks(rows, begun.indices, words, commas=False)
    return read_blocks(rows, begun.indices, words - marked.keys(), commas=True)


def _patiently(begun: _Begun) -> Cells:
    """The cells read one by one.

    A column that turns out to be words far down is gathered again from the first row, as it is written.
    """
    as_words = word_columns(begun.sample, begun.indices)
    while True:
        gathering, lines = Gathering(begun.indices, as_words), array("q")
        for chunk, ends in begun.rows.chunks():
            gathering.add(chunk)
            lines.extend(ends)
        numbers = gathering.numbers()
        again = gathering.failed or needs_words(numbers, gathering.words)
        if not again or again <= as_words:
            return Cells(np.array(lines), numbers, gathering.words)
        as_words = as_words | again
