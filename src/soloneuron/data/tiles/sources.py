"""Files of rows in any number, as pieces of Arrow columns: Parquet, CSV and Feather, through pyarrow."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soloneuron.data.files.sources import files_of
from soloneuron.data.tiles.arrow_files import FORMATS, TableFile, open_file
from soloneuron.errors import InputError, UnknownNameError

MARKED_PLACES = 64
"""A file is known by its size, its time and so many places of its bytes."""

MARKED_BYTES = 4096


@dataclass(frozen=True)
class Columns:
    """Which columns are read.

    Attributes:
        features: their names, in order.
        label: its name; None where only features are read.
    """

    features: tuple[str, ...]
    label: str | None

    @property
    def all(self) -> list[str]:
        """Features, then the label."""
        return [*self.features, *([] if self.label is None else [self.label])]


def found_files(source: Any) -> list[Path]:
    """The files that a path, a pattern, a folder, or several of them stand for, sorted where it is many.

    Raises:
        InputError: none, one named twice, or a file whose format cannot be streamed.
    """
    if not isinstance(source, str | os.PathLike | Iterable):
        raise InputError(
            f"a source of rows must be a path, a pattern or a list of them, got {type(source).__name__}",
            code="source.type",
        )
    given = [source] if isinstance(source, str | os.PathLike) else list(source)
    found = [Path(name).absolute() for name in files_of([inner for one in given for inner in _inside(one)])]
    for path in found:
        if path.suffix.lower() not in FORMATS:
            raise InputError(
                f"cannot stream {path}: its name must end in {', '.join(FORMATS)}", code="source.format"
            )
    return found


def _inside(source: str | os.PathLike[str]) -> list[str]:
    """The files of a folder that can be streamed; anything else as it is."""
    path = Path(source)
    if not path.is_dir():
        return [os.fspath(source)]
    found = sorted(str(one) for one in path.rglob("*") if one.suffix.lower() in FORMATS and one.is_file())
    if not found:
        raise InputError(
            f"the folder {source} must have a file that ends in {', '.join(FORMATS)}, got none",
            code="source.none",
        )
    return found


def chosen_columns(
    files: Sequence[TableFile],
    *,
    label: str | None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
) -> Columns:
    """The columns to read, held against every file.

    Raises:
        InputError: files of different columns, a column chosen twice, or no feature at all.
        UnknownNameError: a column that is not there.
    """
    first = files[0]
    for name in [*([label] if label is not None else []), *(features or ()), *drop]:
        if name not in first.names:
            raise UnknownNameError("column", name, first.names)
    if label is not None and label in {*drop, *(features or ())}:
        raise InputError(
            f"column {label!r} cannot be the label and {'dropped' if label in drop else 'a feature'}",
            code="columns.twice",
            column=label,
        )
    wanted = first.names if features is None else features
    chosen = tuple(name for name in wanted if name not in {*drop, label})
    twice = next((name for name in chosen if chosen.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"column {twice!r} cannot be a feature and be named twice", code="columns.twice", column=twice
        )
    if not chosen:
        raise InputError(f"{first.path} has no column to learn from", code="features.columns")
    columns = Columns(chosen, label)
    for other in files[1:]:
        _compare(first, other, columns, every=features is None, dropped={*drop})
    return columns


def _compare(first: TableFile, other: TableFile, columns: Columns, *, every: bool, dropped: set[str]) -> None:
    """Refuse a file of other columns."""
    if columns.label is not None and columns.label not in other.names:
        raise InputError(
            f"{other.path} must have the label {columns.label!r} as {first.path} has, got columns "
            f"{_listed(other.names)}",
            code="source.label",
            column=columns.label,
        )
    missing = [name for name in columns.features if name not in other.names]
    more = [name for name in other.names if every and name not in {*columns.all, *dropped}]
    if missing:
        raise InputError(
            f"all files must have the same columns: {other.path} has no {missing[0]!r}, unlike {first.path}; "
            "name the columns that all of them have with features",
            code="source.columns",
            column=missing[0],
        )
    if more:
        raise InputError(
            f"all files must have the same columns: {other.path} has {more[0]!r} besides, unlike "
            f"{first.path}; name the columns that all of them have with features",
            code="source.columns",
            column=more[0],
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")


def opened_files(paths: Sequence[Path]) -> list[TableFile]:
    """Files with the names of their columns read.

    Raises:
        InputError: a file that cannot be read, or has no columns.
        MissingExtraError: pyarrow is not installed.
    """
    return [open_file(path) for path in paths]


def file_mark(path: Path) -> tuple[str, int, int, str]:
    """By what a file is known: its path, size, time, and a digest of places of its bytes.

    Raises:
        InputError: it cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            about = path.stat()
            stride = max(MARKED_BYTES, about.st_size // MARKED_PLACES)
            for start in [*range(0, about.st_size, stride), max(0, about.st_size - MARKED_BYTES)]:
                file.seek(start)
                digest.update(file.read(MARKED_BYTES))
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise InputError(f"cannot read {path}: {reason}", code="file.read", reason=reason) from None
    return str(path), about.st_size, about.st_mtime_ns, digest.hexdigest()
