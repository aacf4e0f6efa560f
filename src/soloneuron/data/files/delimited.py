"""Text files of rows: a matrix of the columns wanted, or one sentence that names the cell to blame."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NoReturn, TextIO

import numpy as np

from soloneuron.data.raw import ColumnChoice, RawTable, missing_cell, text_column, unique_names
from soloneuron.errors import InputError, UnknownNameError

MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
NO_LABEL = MISSING - {"none"}
"""'none' is an answer where classes are named by words."""

DELIMITERS = ",;\t"


def read_csv(path: Path, choose: ColumnChoice) -> RawTable:
    """Read comma-, semicolon- or tab-separated text in UTF-8 whose first line names the columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read_text(file, path, choose)
    except UnicodeDecodeError:
        raise InputError(
            f"{path} must be UTF-8 text, got other bytes; save it as CSV in UTF-8", code="file.encoding"
        ) from None
    except csv.Error as fault:
        raise InputError(f"{path} is not readable as CSV: {fault}", code="file.csv") from None


def _read_text(file: TextIO, path: Path, choose: ColumnChoice) -> RawTable:
    header = file.readline()
    if "\0" in header:
        raise _binary(path, "")
    delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark))))
    file.seek(0)
    reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True, strict=True)
    names = _header(next(reader, []), path)
    indices, label = _chosen(choose, names, path)
    numbers, words, rows = array("d"), [], 0
    take = _taker(indices)
    for row in _rows(reader, len(names), path):
        try:
            cells = take(row)
            values = list(map(_float, cells))
        except ValueError:
            _blame(row, indices, names, reader.line_num, path)
        if not math.isfinite(sum(values)):
            _blame(row, indices, names, reader.line_num, path)
        numbers.extend(values)
        rows += 1
        if label is not None:
            words.append(row[label].strip())
            if "\0" in words[-1]:
                raise _binary(path, f" (a zero byte in line {reader.line_num})")
            if words[-1].lower() in NO_LABEL:
                raise _missing(path, reader.line_num, names[label])
    matrix = np.frombuffer(numbers, dtype=np.float64).reshape(rows, len(indices))
    return RawTable(tuple(names[index] for index in indices), matrix, words)


def _chosen(choose: ColumnChoice, names: list[str], path: Path) -> tuple[list[int], int | None]:
    """The columns wanted; where they are not found, a header that is none is the likelier fault."""
    try:
        return choose(names)
    except UnknownNameError:
        if names[0].startswith("#"):
            raise InputError(
                f"{path} must begin with the line of column names, got a comment, {names[0][:40]!r}: take "
                "the comment, or the # before the names, out",
                code="file.comment",
                came=names[0][:40],
            ) from None
        if len(names) == 1 and ("|" in names[0] or " " in names[0]):
            raise InputError(
                f"{path} must have commas, semicolons or tabs between the columns, got the one name "
                f"{names[0][:40]!r}: replace the {'|' if '|' in names[0] else 'space'} between them",
                code="file.delimiter",
                came=names[0][:40],
            ) from None
        raise


def _taker(indices: list[int]) -> Callable[[list[str]], Sequence[str]]:
    if len(indices) > 1:
        return itemgetter(*indices)
    return lambda row: [row[index] for index in indices]


def _rows(reader: Any, width: int, path: Path) -> Iterator[list[str]]:
    for row in reader:
        if not row or row == [""]:
            continue
        if len(row) != width:
            raise InputError(
                f"{path} must have {width} cell{'s' * (width != 1)} in every line, got {len(row)} in line "
                f"{reader.line_num}; is the file cut short?",
                code="file.ragged",
                line=reader.line_num,
                count=len(row),
                width=width,
            )
        yield row


def _header(cells: list[str], path: Path) -> list[str]:
    if not any(cell.strip() for cell in cells):
        raise InputError(f"{path} is empty: it must have a line of column names and rows", code="file.empty")
    if all(_is_number(cell) for cell in cells):
        raise InputError(
            f"{path} must begin with a line of column names, got numbers: {', '.join(cells[:4])}",
            code="file.header",
            came=", ".join(cells[:4]),
        )
    return unique_names([cell.strip() or f"column_{index}" for index, cell in enumerate(cells, 1)], path)


def _blame(row: list[str], indices: list[int], names: list[str], line: int, path: Path) -> NoReturn:
    """Name the first cell of a row that is no finite number, and say what to do."""
    for index in indices:
        cell, name = row[index].strip(), names[index]
        if cell.lower() in MISSING:
            raise _missing(path, line, name)
        if not _is_number(cell):
            hint = " (a decimal comma? write 1.5)" if _is_number(cell.replace(",", ".")) else ""
            raise text_column(name, f"{cell!r} in line {line}{hint}", path, line=line, cell=cell[:40])
        if not math.isfinite(float(cell)):
            raise InputError(
                f"{path} must hold finite numbers, got {cell} in line {line}, column {name!r}",
                code="file.finite",
                line=line,
                column=name,
                cell=cell[:40],
            )
    raise InputError(
        f"{path} has numbers too large to add in line {line}: scale the data", code="file.large", line=line
    )


def _missing(path: Path, line: int, name: str) -> InputError:
    return missing_cell(path, f"line {line}", name, line=line)


def _binary(path: Path, where: str) -> InputError:
    return InputError(f"{path} must be text, got a binary file{where}", code="file.binary")


def _float(cell: str) -> float:
    """float(), without the underscores that Python reads."""
    if "_" in cell:
        raise ValueError
    return float(cell)


def _is_number(cell: str) -> bool:
    try:
        _float(cell)
    except ValueError:
        return False
    return True
