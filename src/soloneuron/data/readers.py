"""Readers: a file becomes a matrix of the columns wanted, or one sentence that names the cell to blame."""

from __future__ import annotations

import csv
import math
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from soloneuron.errors import InputError, MissingExtraError

MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
DELIMITERS = ",;\t"

Matrix = npt.NDArray[np.float64]
Choice = Callable[[Sequence[str]], tuple[list[int], int | None]]
"""Given the names of all columns: the places of the features wanted, and of the label if one is wanted."""


class Raw(NamedTuple):
    """What a reader returns: the names of the chosen features, their numbers (n, d), the label's words."""

    names: tuple[str, ...]
    numbers: Matrix
    words: list[str]


def read_csv(path: Path, choose: Choice) -> Raw:
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


def read_parquet(path: Path, choose: Choice) -> Raw:
    """Read a Parquet file; needs pyarrow."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise MissingExtraError("reading Parquet files", "parquet") from None
    try:
        with parquet.ParquetFile(path) as file:
            names = _named(file.schema_arrow.names, path)
            places, label = choose(names)
            wanted = places if label is None else [*places, label]
            table = file.read(columns=[names[place] for place in wanted])
    except ArrowException as fault:
        raise InputError(f"{path} is not a whole Parquet file: {fault}", code="file.parquet") from None
    columns = [_arrow_numbers(table.column(names[place]), names[place], path) for place in places]
    numbers = np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
    words = [] if label is None else [_word(value) for value in table.column(names[label]).to_pylist()]
    return _checked(Raw(tuple(names[place] for place in places), numbers, words), path)


def read_numpy(path: Path, choose: Choice) -> Raw:
    """Read one numeric table from NPY or NPZ; its columns are called by their index, from "0"."""
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            tables = dict(loaded) if isinstance(loaded, np.lib.npyio.NpzFile) else {"": loaded}
    except (
        ValueError,
        EOFError,
        KeyError,
        BadZipFile,
        UnicodeError,
        NotImplementedError,
        zlib.error,
        MemoryError,
    ) as fault:
        reason = str(fault).splitlines()[0] if str(fault) else "it is cut short"
        raise InputError(
            f"{path} is not a whole NumPy file of numbers: {reason}", code="file.numpy"
        ) from None
    if len(tables) != 1:
        raise InputError(f"{path} must hold one table, got {', '.join(tables) or 'none'}", code="file.npz")
    (table,) = tables.values()
    if not isinstance(table, np.ndarray) or table.ndim != 2 or table.dtype.kind not in "biuf":
        raise InputError(
            f"{path} must hold a table of real numbers, got {_came(table)}",
            code="file.shape",
        )
    names = [str(column) for column in range(table.shape[1])]
    places, label = choose(names)
    numbers = np.asarray(table[:, places], dtype=np.float64)
    words = [] if label is None else [_word(value) for value in table[:, label].tolist()]
    return _checked(Raw(tuple(names[place] for place in places), numbers, words), path)


def _came(table: object) -> str:
    if isinstance(table, np.ndarray):
        return f"shape {table.shape} of {table.dtype}"
    return type(table).__name__


def _read_text(file: TextIO, path: Path, choose: Choice) -> Raw:
    header = file.readline()
    if "\0" in header:
        raise _binary(path, "")
    delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark))))
    file.seek(0)
    reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True, strict=True)
    names = _header(next(reader, []), path)
    places, label = choose(names)
    numbers, words, rows = array("d"), [], 0
    take = _taker(places)
    for row in _rows(reader, len(names), path):
        try:
            cells = take(row)
            values = list(map(_float, cells))
        except ValueError:
            _blame(row, places, names, f"line {reader.line_num}", path)
        if not math.isfinite(sum(values)):
            _blame(row, places, names, f"line {reader.line_num}", path)
        numbers.extend(values)
        rows += 1
        if label is not None:
            words.append(row[label].strip())
            if "\0" in words[-1]:
                raise _binary(path, f" (a zero byte in line {reader.line_num})")
            if words[-1].lower() in MISSING:
                _blame(row, [label], names, f"line {reader.line_num}", path)
    matrix = np.frombuffer(numbers, dtype=np.float64).reshape(rows, len(places))
    return Raw(tuple(names[place] for place in places), matrix, words)


def _taker(places: list[int]) -> Callable[[list[str]], Sequence[str]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: [row[place] for place in places]


def _rows(reader: Any, width: int, path: Path) -> Iterator[list[str]]:
    for row in reader:
        if not row or row == [""]:
            continue
        if len(row) != width:
            raise InputError(
                f"{path} must have {width} cells in every line, got {len(row)} in line {reader.line_num}; "
                "is the file cut short?",
                code="file.ragged",
                line=reader.line_num,
            )
        yield row


def _header(cells: list[str], path: Path) -> list[str]:
    if not any(cell.strip() for cell in cells):
        raise InputError(f"{path} is empty: it must have a line of column names and rows", code="file.empty")
    if all(_is_number(cell) for cell in cells):
        raise InputError(
            f"{path} must begin with a line of column names, got numbers: {', '.join(cells[:4])}",
            code="file.header",
        )
    return _named([cell.strip() or f"column_{place}" for place, cell in enumerate(cells, 1)], path)


def _named(names: list[str], path: Path) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{path} must have different column names, got {twice[0]!r} more than once", code="file.duplicate"
        )
    return names


def _blame(row: list[str], places: list[int], names: list[str], line: str, path: Path) -> NoReturn:
    """Name the first cell of a row that is no finite number, and say what to do."""
    for place in places:
        cell, name = row[place].strip(), names[place]
        if cell.lower() in MISSING:
            raise _missing_cell(path, line, name)
        if not _is_number(cell):
            hint = " (a decimal comma? write 1.5)" if _is_number(cell.replace(",", ".")) else ""
            raise _text_column(name, f"{cell!r} in {line}{hint}", path)
        if not math.isfinite(float(cell)):
            raise InputError(
                f"{path} must hold finite numbers, got {cell} in {line}, column {name!r}", code="file.finite"
            )
    raise InputError(f"{path} has numbers too large to add in {line}: scale the data", code="file.large")


def _binary(path: Path, where: str) -> InputError:
    return InputError(f"{path} must be text, got a binary file{where}", code="file.binary")


def _missing_cell(path: Path, place: str, name: str) -> InputError:
    return InputError(
        f"{path} has a missing cell in {place}, column {name!r}: fill it, or leave the row or the column out",
        code="file.missing",
        column=name,
    )


def _text_column(name: str, came: str, path: Path) -> InputError:
    """The sentence about a feature that is not a number."""
    return InputError(
        f"column {name!r} of {path} must be numbers, got {came}: leave it out with --drop {name}, or choose "
        "the columns with --features",
        code="file.text",
        column=name,
    )


def _arrow_numbers(column: Any, name: str, path: Path) -> Matrix:
    import pyarrow as pa

    if column.null_count:
        row = next(i for i, valid in enumerate(column.is_valid().to_pylist()) if not valid)
        raise _missing_cell(path, f"row {row}", name)
    try:
        return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
    except pa.ArrowException:
        values = enumerate(column.to_pylist())
        row, cell = next((i, v) for i, v in values if not _is_number(str(v)))
        raise _text_column(name, f"{cell!r} in row {row}", path) from None


def _checked(raw: Raw, path: Path) -> Raw:
    if not np.isfinite(raw.numbers).all():
        row, place = np.argwhere(~np.isfinite(raw.numbers))[0]
        raise InputError(
            f"{path} must hold finite numbers, got {raw.numbers[row, place]} in row {row}, column "
            f"{raw.names[place]!r}",
            code="file.finite",
        )
    if "" in raw.words:
        raise InputError(f"{path} has no label in row {raw.words.index('')}", code="file.missing")
    return raw


def _word(value: Any) -> str:
    """A label as a word; a missing one as none."""
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    if missing:
        return ""
    whole = isinstance(value, bool) or (isinstance(value, float) and value.is_integer())
    return str(int(value) if whole else value).strip()


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
