"""Parquet and Feather files, whose columns have types: text is no number, also if it is digits."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import numpy as np

from soloneuron.data.files.npy import infinite_fault
from soloneuron.data.files.table import EXACT, ColumnChoice, Note, RawColumn, RawTable, unique_names
from soloneuron.errors import InputError, MissingExtraError

PARQUET = (".parquet", ".pq")


def read_parquet(stream: BinaryIO, source: str, choose: ColumnChoice) -> RawTable:
    """Read a Parquet file; needs pyarrow.

    Raises:
        InputError: it is no whole Parquet file.
        MissingExtraError: without pyarrow.
    """
    with _arrow("parquet", source, "Parquet") as parquet, parquet.ParquetFile(stream) as file:
        names = unique_names(file.schema_arrow.names, source)
        wanted = [names[index] for index in choose(names)]
        return _table(file.read(columns=wanted), wanted, source)


def read_feather(stream: BinaryIO, source: str, choose: ColumnChoice) -> RawTable:
    """Read a Feather file, which is one of Arrow; needs pyarrow.

    Raises:
        InputError: it is no whole Feather file.
        MissingExtraError: without pyarrow.
    """
    with _arrow("ipc", source, "Feather") as ipc, ipc.open_file(stream) as file:
        names = unique_names(file.schema.names, source)
        wanted = [names[index] for index in choose(names)]
        return _table(file.read_all().select(wanted), wanted, source)


def read_folder(folder: str, choose: ColumnChoice) -> RawTable:
    """Read the Parquet files of a folder as one table; needs pyarrow.

    Folders such as ``year=2024`` in it are a column.

    Raises:
        InputError: there is none, or one that is not whole.
        MissingExtraError: without pyarrow.
    """
    files = sorted(str(path) for ending in PARQUET for path in Path(folder).rglob(f"*{ending}"))
    files = [name for name in files if not PurePath(name).name.startswith((".", "_"))]
    if not files:
        raise InputError(
            f"cannot read {folder}: it is a folder without Parquet files; name the files, such as "
            f"'{folder.rstrip('/')}/*.csv'",
            code="file.folder",
            name=folder,
        )
    with _arrow("dataset", folder, "Parquet") as dataset:
        rows = dataset.dataset(files, format="parquet", partitioning="hive", partition_base_dir=folder)
        names = unique_names(rows.schema.names, folder)
        wanted = [names[index] for index in choose(names)]
        table = _table(rows.to_table(columns=wanted), wanted, folder)
    return replace(table, notes=(Note("files", {"count": len(files), "first": files[0], "last": files[-1]}),))


@contextmanager
def _arrow(module: str, source: str, format_name: str) -> Iterator[Any]:
    """A module of pyarrow; what it refuses is refused in one line."""
    try:
        from pyarrow import ArrowException

        found = importlib.import_module(f"pyarrow.{module}")
    except ImportError:
        raise MissingExtraError(f"reading {format_name} files", "parquet") from None
    try:
        yield found
    except (ArrowException, OSError) as fault:
        reason = (str(fault).splitlines() or ["it is cut short"])[0]
        raise InputError(
            f"{source} is not a whole {format_name} file: {reason}", code="file.parquet", format=format_name
        ) from None


def _table(table: Any, names: Sequence[str], source: str) -> RawTable:
    columns = [_column(name, table.column(name), source) for name in names]
    return RawTable(tuple(columns), source, table.num_rows)


def _column(name: str, column: Any, source: str) -> RawColumn:
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(column.type):
        decoded = _column(name, column.cast(column.type.value_type), source)
        return RawColumn(name, words=decoded.words, type="category") if decoded.numbers is None else decoded
    if types.is_null(column.type) or any(
        known(column.type)
        for known in (types.is_integer, types.is_floating, types.is_decimal, types.is_boolean)
    ):
        numbers = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
        words = _long_words(column) if types.is_integer(column.type) else None
        truth = types.is_boolean(column.type)
        fault = infinite_fault(numbers, name, source)
        return RawColumn(name, numbers, words, "truth" if truth else "", fault=fault)
    if types.is_date(column.type) or types.is_timestamp(column.type):
        return RawColumn(name, words=[iso_word(value) for value in column.to_pylist()], type="date")
    return RawColumn(name, words=[cell_word(value) for value in column.to_pylist()])


def _long_words(column: Any) -> Sequence[str | None] | None:
    """Whole numbers that float64 cannot tell apart, as words; None where it can."""
    import pyarrow.compute as pc

    limits = pc.min_max(column).as_py()
    if limits["min"] is None or max(-limits["min"], limits["max"]) <= EXACT:
        return None
    return [cell_word(value) for value in column.to_pylist()]


def iso_word(value: Any) -> str | None:
    """A day, or a day with a time, as a word."""
    return None if value is None else value.isoformat()


def cell_word(value: Any) -> str | None:
    """A cell as a word; a blank one is missing."""
    if value is None:
        return None
    return str(value.decode("utf-8", "replace") if isinstance(value, bytes) else value).strip() or None
