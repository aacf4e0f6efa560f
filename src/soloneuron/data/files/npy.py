"""NPY and NPZ files: one table of numbers, whose columns are called by their index."""

from __future__ import annotations

import zlib
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

import numpy as np

from soloneuron.data.files.archives import unpacked_limit
from soloneuron.data.files.table import EXACT, ColumnChoice, RawColumn, RawTable
from soloneuron.errors import InputError

BEGINNINGS = (b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06")
"""How NPY, NPZ and an empty NPZ begin."""

FAULTS = (
    ValueError,
    EOFError,
    KeyError,
    BadZipFile,
    UnicodeError,
    NotImplementedError,
    zlib.error,
    MemoryError,
)


def read_numpy(stream: BinaryIO, source: str, choose: ColumnChoice) -> RawTable:
    """Read one numeric table from NPY or NPZ; its columns are called by their index, from "0"."""
    tables = _tables(stream, source)
    if len(tables) != 1:
        raise InputError(f"{source} must hold one table, got {', '.join(tables) or 'none'}", code="file.npz")
    (table,) = tables.values()
    if not isinstance(table, np.ndarray) or table.ndim != 2 or table.dtype.kind not in "biuf":
        raise InputError(f"{source} must hold a table of real numbers, got {_came(table)}", code="file.shape")
    names = [str(column) for column in range(table.shape[1])]
    columns = (_column(names[index], table[:, index], source) for index in choose(names))
    return RawTable(tuple(columns), source, len(table))


def _column(name: str, values: np.ndarray, source: str) -> RawColumn:
    numbers = np.ascontiguousarray(values, dtype=np.float64)
    # Names of classes must stay apart where float64 cannot tell them.
    exact = (
        values.dtype.kind not in "iu"
        or not len(values)
        or max(-int(values.min()), int(values.max())) <= EXACT
    )
    words = None if exact else [str(value) for value in values.tolist()]
    return RawColumn(name, numbers, words, fault=infinite_fault(numbers, name, source))


def infinite_fault(numbers: np.ndarray, name: str, source: str) -> InputError | None:
    """The sentence about the first number that is infinite, where rows have no lines; None without one."""
    rows = np.flatnonzero(np.isinf(numbers))
    if not len(rows):
        return None
    cell = str(numbers[rows[0]])
    return InputError(
        f"{source} must hold finite numbers, got {cell} in row {rows[0]}, column {name!r}",
        code="file.finite_row",
        row=int(rows[0]),
        column=name,
        cell=cell,
    )


def _tables(stream: BinaryIO, source: str) -> dict[str, object]:
    try:
        if not stream.read(6).startswith(BEGINNINGS):
            raise _fault(source, "it does not begin like one; a text file must end in .csv")
        stream.seek(0)
        _refuse_bomb(stream, source)
        loaded = np.load(stream, allow_pickle=False)
        return dict(loaded) if isinstance(loaded, np.lib.npyio.NpzFile) else {"": loaded}
    except InputError:
        raise
    except FAULTS as fault:
        if "pickle" in str(fault):
            raise _fault(source, "it holds Python objects") from None
        raise _fault(source, str(fault).splitlines()[0] if str(fault) else "it is cut short") from None


def _refuse_bomb(stream: BinaryIO, source: str) -> None:
    """Refuse an NPZ that would fill the memory; what it promises stands in its list of members."""
    if stream.read(2) == b"PK":
        infos = ZipFile(stream).infolist()
        most = unpacked_limit(sum(info.compress_size for info in infos))
        if sum(info.file_size for info in infos) > most:
            raise InputError(
                f"{source} must be at most {most >> 20} MiB when it is unpacked, got more: save it as NPY",
                code="file.bomb",
                most=most >> 20,
            )
    stream.seek(0)


def _fault(source: str, reason: str) -> InputError:
    return InputError(f"{source} is not a whole NumPy file of numbers: {reason}", code="file.numpy")


def _came(table: object) -> str:
    if isinstance(table, np.ndarray):
        return f"shape {table.shape} of {table.dtype}"
    return type(table).__name__
