"""Workbooks: the first sheet is the table."""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile

import numpy as np

from soloneuron.data.files.archives import UNPACKING_FAULTS, unpacked_limit
from soloneuron.data.files.gathering import Cells
from soloneuron.data.files.headers import names_of, read_header
from soloneuron.data.files.table import (
    EXACT,
    ColumnChoice,
    ColumnNumbers,
    Note,
    RawColumn,
    RawTable,
    unique_names,
)
from soloneuron.data.files.words import CellPlaces, columns_of
from soloneuron.errors import InputError, MissingExtraError

SheetRow = Sequence[Any]
SAMPLED = 50
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


def read_excel(stream: BinaryIO, source: str, choose: ColumnChoice) -> RawTable:
    """Read the first sheet of a workbook; needs openpyxl.

    The first row with cells is the names; a title above them, in one cell, is left out. Rows and columns
    without any cell are left out. A cell that was merged with those below it stands in all of them.

    Raises:
        InputError: it is no workbook, or its sheet no table; the row is named.
        MissingExtraError: without openpyxl.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtraError("reading Excel files", "excel") from None
    _refuse_bomb(stream, source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True, data_only=True)
            sheets = book.worksheets
            rows = list(_rows(sheets[0], _merged(stream, sheets[0]))) if sheets else []
    except (
        *UNPACKING_FAULTS,
        ParseError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
    ) as fault:
        raise _broken(source, fault) from None
    notes = () if len(sheets) < 2 else (Note("sheet", {"sheet": sheets[0].title, "count": len(sheets)}),)
    table = _table(rows, source, choose)
    return replace(table, notes=notes + table.notes)


def _broken(source: str, fault: Exception) -> InputError:
    return InputError(f"{source} is not a whole workbook: {fault}", code="file.excel")


def _refuse_bomb(stream: BinaryIO, source: str) -> None:
    try:
        with ZipFile(stream) as archive:
            infos = archive.infolist()
    except UNPACKING_FAULTS as fault:
        raise _broken(source, fault) from None
    most = unpacked_limit(sum(info.compress_size for info in infos))
    if sum(info.file_size for info in infos) > most:
        raise InputError(
            f"{source} must be at most {most >> 20} MiB when it is unpacked, got more: save the sheet as CSV",
            code="file.bomb",
            most=most >> 20,
        )
    stream.seek(0)


def _merged(stream: BinaryIO, sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Cells merged with those below: for a column, the first and the last row of each."""
    from openpyxl.utils import range_boundaries

    found: dict[int, list[tuple[int, int]]] = {}
    # A sheet that is read as a stream does not know them.
    with ZipFile(stream) as archive:
        text = archive.read(sheet._worksheet_path)
    for span in _MERGED.findall(text):
        left, top, _, bottom = range_boundaries(span.decode())
        if bottom > top:
            found.setdefault(left - 1, []).append((top, bottom))
    return found


def _rows(sheet: Any, merged: dict[int, list[tuple[int, int]]]) -> Iterator[tuple[int, SheetRow]]:
    """The rows with cells, and their numbers; a merged cell is in all its rows."""
    kept: dict[tuple[int, int], Any] = {}
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        row = list(values)
        for place, spans in merged.items():
            for top, bottom in spans:
                if top == number and place < len(row):
                    kept[place, top] = row[place]
                elif top < number <= bottom:
                    row += [None] * (place + 1 - len(row))
                    row[place] = kept.get((place, top))
        if any(not _is_blank(value) for value in row):
            yield number, row


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _table(rows: list[tuple[int, SheetRow]], source: str, choose: ColumnChoice) -> RawTable:
    """The table in the rows of a sheet."""
    notes: tuple[Note, ...] = ()
    if len(rows) > 2 and _filled(rows[0][1]) == 1 < min(_filled(rows[1][1]), _filled(rows[2][1])):
        rows = rows[1:]
        notes = (Note("title", {"row": rows[0][0]}),)
    used = [place for place in range(max((len(row) for _, row in rows), default=0)) if _is_used(rows, place)]
    cells = [[_spelled(row[place] if place < len(row) else None) for place in used] for _, row in rows]
    header, body = (cells[0], cells[1:]) if cells else ([], [])
    in_words = bool(rows) and all(isinstance(value, str) for value in rows[0][1] if not _is_blank(value))
    named = unique_names(names_of(header, source), source) if in_words else None
    names = named or read_header(header, body[:SAMPLED], source)
    numbers = [number for number, _ in rows[1:]]
    indices = list(choose(names))
    words = {index: [row[index] for row in body] for index in indices}
    places = CellPlaces(source, lambda row: numbers[row], lambda row, index: body[row][index])
    found, more = columns_of(names, Cells(np.array(numbers), {}, words), ";", places)
    columns = []
    for index in indices:
        values = [row[used[index]] if used[index] < len(row) else None for _, row in rows[1:]]
        column = _typed(names[index], values) or found[index]
        columns.append(replace(column, unnamed=not header[index]))
    return RawTable(tuple(columns), source, len(body), notes + more, lambda row: f"row {numbers[row]}")


def _filled(row: SheetRow) -> int:
    return sum(not _is_blank(value) for value in row)


def _is_used(rows: Sequence[tuple[int, SheetRow]], place: int) -> bool:
    return any(place < len(row) and not _is_blank(row[place]) for _, row in rows)


def _spelled(value: Any) -> str:
    """A cell as it is written in a CSV file."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return "" if value is None else str(value).strip()


def _typed(name: str, values: Sequence[Any]) -> RawColumn | None:
    """A column whose cells all have one type; None for text, and for several types."""
    there = [value for value in values if not _is_blank(value)]
    if not there:
        return None
    if all(isinstance(value, bool) for value in there):
        return RawColumn(name, _numbers(values), type="truth")
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in there):
        return RawColumn(name, _numbers(values))
    if all(isinstance(value, datetime.date) for value in there):
        return RawColumn(name, words=[_spelled(value) or None for value in values], type="date")
    return None


def _numbers(values: Sequence[Any]) -> ColumnNumbers:
    return np.array([np.nan if _is_blank(value) else float(value) for value in values], dtype=np.float64)
