"""Parquet and Feather files, whose columns have types: text is no number, also if it is digits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from soloneuron.data.files.npy import infinite_fault
from soloneuron.data.files.table import EXACT, ColumnChoice, RawColumn, RawTable, unique_names
from soloneuron.errors import InputError, MissingExtraError


def read_parquet(path: Path, choose: ColumnChoice) -> RawTable:
    """Read a Parquet file; needs pyarrow."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise MissingExtraError("reading Parquet files", "parquet") from None
    try:
        with parquet.ParquetFile(path) as file:
            names = unique_names(file.schema_arrow.names, str(path))
            wanted = [names[index] for index in choose(names)]
            table = file.read(columns=wanted)
    except ArrowException as fault:
        raise InputError(f"{path} is not a whole Parquet file: {fault}", code="file.parquet") from None
    columns = [_column(name, table.column(name), path) for name in wanted]
    return RawTable(tuple(columns), str(path), table.num_rows)


def _column(name: str, column: Any, path: Path) -> RawColumn:
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(column.type):
        decoded = _column(name, column.cast(column.type.value_type), path)
        return RawColumn(name, words=decoded.words, type="category") if decoded.numbers is None else decoded
    if types.is_null(column.type) or any(
        known(column.type)
        for known in (types.is_integer, types.is_floating, types.is_decimal, types.is_boolean)
    ):
        numbers = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
        words = _long_words(column) if types.is_integer(column.type) else None
        truth = types.is_boolean(column.type)
        fault = infinite_fault(numbers, name, path)
        return RawColumn(name, numbers, words, "truth" if truth else "", fault=fault)
    if types.is_date(column.type) or types.is_timestamp(column.type):
        return RawColumn(name, words=[_iso(value) for value in column.to_pylist()], type="date")
    return RawColumn(name, words=[_word(value) for value in column.to_pylist()])


def _long_words(column: Any) -> Sequence[str | None] | None:
    """Whole numbers that float64 cannot tell apart, as words; None where it can."""
    import pyarrow.compute as pc

    limits = pc.min_max(column).as_py()
    if limits["min"] is None or max(-limits["min"], limits["max"]) <= EXACT:
        return None
    return [_word(value) for value in column.to_pylist()]


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _word(value: Any) -> str | None:
    """A cell as a word; a blank one is missing."""
    if value is None:
        return None
    return str(value.decode("utf-8", "replace") if isinstance(value, bytes) else value).strip() or None
