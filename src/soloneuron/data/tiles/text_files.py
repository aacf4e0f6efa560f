"""Texts of rows as pyarrow reads them: block by block, numbers with marks made numbers of."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from soloneuron.data.files.cells import MISSING_SPELLINGS, DecimalMark
from soloneuron.data.files.headers import read_header
from soloneuron.data.files.words import number_with_marks
from soloneuron.data.tiles.pieces import ReadRequest, TablePiece, of_batch
from soloneuron.errors import InputError

HEADER_SAMPLE = 100
"""Rows of a text that tell whether its first line is names."""


def csv_marks(path: Path) -> tuple[str, str]:
    """What stands between columns of a CSV file, and before the decimals of a number."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, first = file.readline(2**20), file.readline(2**20)
    if "\0" in header:
        raise InputError(f"{path} must be text, got something else", code="file.binary")
    delimiter = max(",;\t", key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))
    comma = delimiter != "," and re.search(r"[0-9],[0-9]", first) and not re.search(r"[0-9]\.[0-9]", first)
    return delimiter, "," if comma else "."


def csv_names(path: Path) -> tuple[list[str], int | None]:
    """The names of the columns; how many rows there are nobody knows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter=csv_marks(path)[0], skipinitialspace=True)
        cells, *sample = [*islice(lines, 1 + HEADER_SAMPLE)] or [[]]
    return read_header(cells, [row for row in sample if len(row) == len(cells)], str(path)), None


def csv_unnamed(path: Path) -> set[str]:
    """The columns that have no name in the first line, by their places."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = next(csv.reader(file, delimiter=csv_marks(path)[0], skipinitialspace=True), [])
    return {name for name, cell in zip(csv_names(path)[0], cells, strict=False) if not cell.strip()}


def csv_sample(path: Path) -> list[dict[str, str]]:
    """The first rows, by the names of columns."""
    names, (delimiter, _) = csv_names(path)[0], csv_marks(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
        return [dict(zip(names, row, strict=False)) for row in islice(rows, 1, 1 + HEADER_SAMPLE)]


def csv_pieces(path: Path, asked: ReadRequest) -> Iterator[TablePiece]:
    """A block of text a piece; numbers are numbers in every block, whatever the first one looks like."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names, (delimiter, point) = csv_names(path)[0], csv_marks(path)
    words = {*asked.texts, *asked.marks}
    types = {name: pa.string() if name in words else pa.float64() for name in asked.wanted}
    reader = arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(
            use_threads=False, block_size=_text_block(asked.memory), column_names=names, skip_rows=1
        ),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types,
            include_columns=list(asked.wanted),
            null_values=MISSING_SPELLINGS,
            strings_can_be_null=False,
            decimal_point=point,
        ),
    )
    with reader:
        for batch in reader:
            piece = of_batch(batch, asked.wanted)
            yield piece._replace(columns=_numbers_of_marks(piece.columns, asked.marks))


def _numbers_of_marks(
    columns: Iterator[tuple[str, int, Any]], marks: Mapping[str, DecimalMark]
) -> Iterator[tuple[str, int, Any]]:
    """The columns, those with marks as numbers; a missing one is null."""
    import pyarrow as pa

    for name, first, values in columns:
        if name not in marks:
            yield name, first, values
            continue
        coded = values.dictionary_encode()
        known = [number_with_marks(cell.strip(), marks[name]) for cell in coded.dictionary.to_pylist()]
        numbers = pa.array(np.array(known, dtype=np.float64), from_pandas=True)
        yield name, first, numbers.take(coded.indices)


def _text_block(memory: int) -> int:
    """How many bytes of text are read at a time: pyarrow reads some dozens of blocks ahead."""
    return max(2**16, min(2**22, memory // 256))
