"""Parquet files, whose columns have types: text is no number, also if it is digits."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from soloneuron.data.raw import (
    ColumnChoice,
    Matrix,
    RawTable,
    missing_cell,
    text_column,
    unique_names,
    validated,
)
from soloneuron.errors import InputError, MissingExtraError


def read_parquet(path: Path, choose: ColumnChoice) -> RawTable:
    """Read a Parquet file; needs pyarrow."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise MissingExtraError("reading Parquet files", "parquet") from None
    try:
        with parquet.ParquetFile(path) as file:
            names = unique_names(file.schema_arrow.names, path)
            indices, label = choose(names)
            wanted = indices if label is None else [*indices, label]
            table = file.read(columns=[names[index] for index in wanted])
    except ArrowException as fault:
        raise InputError(f"{path} is not a whole Parquet file: {fault}", code="file.parquet") from None
    columns = [_numbers(table.column(names[index]), names[index], path) for index in indices]
    numbers = np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
    words = [] if label is None else [_word(value) for value in table.column(names[label]).to_pylist()]
    return validated(RawTable(tuple(names[index] for index in indices), numbers, words), path)


def _numbers(column: Any, name: str, path: Path) -> Matrix:
    import pyarrow as pa

    if column.null_count:
        row = next(i for i, valid in enumerate(column.is_valid().to_pylist()) if not valid)
        raise missing_cell(path, f"row {row}", name)
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean)
    if len(column) and not any(known(column.type) for known in kinds):
        raise text_column(name, f"{column[0].as_py()!r} in row 0, of the type {column.type}", path)
    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def _word(value: Any) -> str:
    """A label as a word, true and false as in CSV; a missing one as none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
