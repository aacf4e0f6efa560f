"""Any file of rows becomes a table: its reader is found by its ending, or by its first bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import BinaryIO

from soloneuron.data.files.archives import is_packed
from soloneuron.data.files.contents import content_of, ole_fault, refuse_content
from soloneuron.data.files.delimited import read_delimited
from soloneuron.data.files.excel import read_excel
from soloneuron.data.files.npy import read_numpy
from soloneuron.data.files.parquet import read_feather, read_folder, read_parquet
from soloneuron.data.files.several import read_several
from soloneuron.data.files.sources import FileNames, Opened, files_of, opened, shown_name, unreadable
from soloneuron.data.files.table import ColumnChoice, RawTable
from soloneuron.errors import InputError, UnknownNameError

TableReader = Callable[[BinaryIO, str, ColumnChoice], RawTable]

READERS: dict[str, TableReader] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".parquet": read_parquet,
    ".pq": read_parquet,
    ".feather": read_feather,
    ".xlsx": read_excel,
    ".xlsm": read_excel,
    ".npy": read_numpy,
    ".npz": read_numpy,
}

CONTENTS: dict[str, TableReader] = {
    "parquet": read_parquet,
    "feather": read_feather,
    "zip": read_excel,
    "npy": read_numpy,
}
"""Readers of what is told by its first bytes, where the ending says text or nothing."""

INDEXED = (".npy", ".npz")
"""Formats whose columns have no names but places, which may be counted from the end: -1 is the last."""


def read_table(source: FileNames, *, wanted: ColumnChoice | None = None) -> RawTable:
    """Read a table as it is written: numbers, words and missing cells.

    Args:
        source: a file, a folder of Parquet files, ``"-"`` for standard input, a pattern such as
            ``"rows/*.csv"``, or several files with the same columns.
        wanted: given the names of all columns, the places of those to read; None for all of them.

    Raises:
        InputError: the file is no table; the line at fault is named.
        MissingExtraError: an optional library is needed.
    """
    names = files_of(source)
    choose = wanted or _everything
    table = _read_file(names[0], choose) if len(names) == 1 else read_several(names, _read_file, choose)
    if table.rows == 0:
        raise InputError(f"{table.source} has column names but no rows", code="file.rows", file=table.source)
    return table


def is_indexed(source: FileNames) -> bool:
    """Whether the columns of a file have places for names."""
    names = [source] if isinstance(source, str | os.PathLike) else list(source)
    return all(os.fspath(name).lower().endswith(INDEXED) for name in names)


def _read_file(name: str, choose: ColumnChoice) -> RawTable:
    try:
        return _read_any(name, choose)
    except UnknownNameError:
        raise
    except InputError as fault:
        # Whoever words it otherwise has its fields only.
        fault.fields.setdefault("file", shown_name(name))
        raise


def _read_any(name: str, choose: ColumnChoice) -> RawTable:
    try:
        if os.path.isdir(name):
            return read_folder(name, choose)
        with opened(name) as file:
            return _reader(file)(file.stream, file.name, choose)
    except OSError as fault:
        raise unreadable(name, fault) from None


def _reader(file: Opened) -> TableReader:
    """Who can read a file.

    Raises:
        InputError: nobody.
    """
    by_name = READERS.get(file.ending)
    content = content_of(file.head)
    if by_name not in {read_delimited, None}:
        if content == "ole":
            raise ole_fault(file.head, file.name)
        return by_name
    if content == "ole":
        raise ole_fault(file.head, file.name)
    refuse_content(content, file.name)
    if content in CONTENTS:
        return CONTENTS[content]
    if is_packed(content):
        raise InputError(f"{file.name} is packed twice: unpack it first", code="file.packed_twice")
    if by_name is None and file.ending:
        raise InputError(
            f"cannot tell the format of {file.name}: its name must end in {', '.join(READERS)}, .gz or .zip",
            code="file.format",
            endings=", ".join(READERS),
        )
    return read_delimited


def _everything(names: Sequence[str]) -> Sequence[int]:
    return range(len(names))
