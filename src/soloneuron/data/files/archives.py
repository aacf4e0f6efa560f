"""Packed files: what one compressed stream or one table in a zip holds, and no bomb."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from pathlib import PurePath
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from soloneuron.data.files.contents import Content
from soloneuron.errors import InputError

PACKED: dict[str, Content] = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz"}
"""Endings of compressed streams; the ending before says what is in them."""

_OPENERS: dict[Content, Callable[[BinaryIO], object]] = {
    "gzip": lambda stream: gzip.GzipFile(fileobj=stream, mode="rb"),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}

UNPACKING_FAULTS = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    BadZipFile,
    NotImplementedError,
    UnicodeError,
)

TABLE_ENDINGS = (".csv", ".tsv", ".parquet", ".pq", ".feather", ".xlsx", ".xlsm")
"""Endings in a zip that can only be tables."""

LEAST_LIMIT = 1 << 26
MOST_UNPACKED = 1 << 30
MOST_TIMES = 200
"""How many times as large as its archive a table may be; 64 MiB in any case, 1 GiB in none."""


def unpacked_limit(packed: int) -> int:
    """The most bytes that so many packed ones may become."""
    return min(MOST_UNPACKED, max(LEAST_LIMIT, MOST_TIMES * packed))


def unpacking_stream(stream: BinaryIO, content: Content) -> BinaryIO:
    """The bytes in a compressed stream."""
    return cast(BinaryIO, _OPENERS[content](stream))


def is_packed(content: Content | None) -> bool:
    """Whether this is a compressed stream."""
    return content in _OPENERS


def the_table(archive: ZipFile, name: str) -> ZipInfo:
    """The one table in a zip; what systems add of their own is no table.

    Raises:
        InputError: there is none, there are several, or it is under a password.
    """
    members = [info for info in archive.infolist() if not info.is_dir() and not _is_extra(info.filename)]
    # What explains a table, as a picture or a read-me, does not hide it.
    tables = [info for info in members if PurePath(info.filename).suffix.lower() in TABLE_ENDINGS] or members
    if len(tables) != 1:
        names = ", ".join(info.filename for info in tables[:5]) + (" ..." if len(tables) > 5 else "")
        raise InputError(
            f"{name} must hold one table, got {names or 'none'}"
            + (": unpack it, and name the one to read" if tables else ""),
            code="file.zip",
            count=len(tables),
            came=names,
        )
    if tables[0].flag_bits & 1:
        raise InputError(f"{name} is under a password: save it without one", code="file.password", came="zip")
    return tables[0]


def broken_archive(name: str, fault: Exception) -> InputError:
    """The sentence about an archive that cannot be unpacked."""
    reason = str(fault).splitlines()[0] if str(fault) else "it is cut short"
    return InputError(f"{name} is not a whole archive: {reason}", code="file.archive")


def _is_extra(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePath(name).name.startswith(".")
