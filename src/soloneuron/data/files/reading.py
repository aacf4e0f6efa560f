"""Any file of rows becomes a table: by its ending the reader is found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from soloneuron.data.files.delimited import read_delimited
from soloneuron.data.files.encodings import open_text
from soloneuron.data.files.npy import read_numpy
from soloneuron.data.files.parquet import read_parquet
from soloneuron.data.files.table import ColumnChoice, RawTable
from soloneuron.errors import InputError


def _read_text(path: Path, choose: ColumnChoice) -> RawTable:
    with path.open("rb") as stream:
        text, notes = open_text(stream, str(path))
        return read_delimited(text, notes, choose)


READERS: dict[str, Callable[[Path, ColumnChoice], RawTable]] = {
    ".csv": _read_text,
    ".tsv": _read_text,
    ".txt": _read_text,
    ".parquet": read_parquet,
    ".pq": read_parquet,
    ".npy": read_numpy,
    ".npz": read_numpy,
}

INDEXED = (".npy", ".npz")
"""Formats whose columns have no names but places, which may be counted from the end: -1 is the last."""


def read_table(source: str | Path, *, wanted: ColumnChoice | None = None) -> RawTable:
    """Read a table as it is written: numbers, words and missing cells.

    Args:
        source: the file.
        wanted: given the names of all columns, the places of those to read; None for all of them.

    Raises:
        InputError: the file is no table; the line at fault is named.
        MissingExtraError: an optional library is needed.
    """
    path = Path(source)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            f"cannot tell the format of {path}: its name must end in {', '.join(READERS)}", code="file.format"
        )
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path} is empty", code="file.empty")
        table = reader(path, wanted or _everything)
    except OSError as fault:
        raise _unreadable(path, fault) from None
    if table.rows == 0:
        raise InputError(f"{path} has column names but no rows", code="file.rows")
    return table


def fingerprint(path: str | Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise _unreadable(path, fault) from None


def _everything(names: Sequence[str]) -> Sequence[int]:
    return range(len(names))


def _unreadable(path: str | Path, fault: OSError) -> InputError:
    return InputError(f"cannot read {path}: {fault.strerror or fault}", code="file.read")
