"""Files of rows: CSV, Parquet, NPY and NPZ become a Dataset."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from soloneuron.catalogues import same_name
from soloneuron.data.csv_files import read_csv
from soloneuron.data.labels import as_classes, as_numbers, plain_words
from soloneuron.data.numpy_files import read_numpy
from soloneuron.data.parquet_files import read_parquet
from soloneuron.data.raw import ColumnChoice, RawTable
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.records.dataset import Dataset
from soloneuron.shapes import Features
from soloneuron.texts.plain import file_name

READERS: dict[str, Callable[[Path, ColumnChoice], RawTable]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".parquet": read_parquet,
    ".pq": read_parquet,
    ".npy": read_numpy,
    ".npz": read_numpy,
}


INDEXED = (".npy", ".npz")
"""Formats whose columns have no names but places, which may be counted from the end: -1 is the last."""


def read_dataset(
    path: str | Path,
    *,
    label: str,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    classes: Sequence[str] = (),
    positive: str | None = None,
) -> Dataset:
    """Read rows with a label.

    Args:
        path: .csv, .tsv, .txt (first line: column names; comma, semicolon or tab), .parquet, .pq, .npy
            or .npz (a column is called by its index).
        label: the column to predict; it must hold two different values.
        features: the columns to learn from; None means all others.
        drop: columns to leave out.
        classes: the two words that mean 0 and 1, if they are known; otherwise they are found and sorted.
        positive: the word that means 1, if sorting would choose the other one.

    Returns:
        A Dataset in float64; ``classes`` says which word became 0 and which 1. A file with one class only
        gives the second class an empty name.

    Raises:
        InputError: the file is missing, empty, binary or cut short; a cell is missing or not a number; a
            column is named twice; the label has more than two values.
        UnknownNameError: a column that is not there; the nearest is suggested.
        MissingExtraError: Parquet without pyarrow.
    """

    def choose(names: Sequence[str]) -> tuple[list[int], int | None]:
        nonlocal label
        index = _place(names, label, indexed)
        label = names[index]
        dropped = {_place(names, name, indexed) for name in drop}
        if index in dropped:
            raise InputError(
                f"column {label!r} cannot be the label and dropped", code="columns.twice", column=label
            )
        if features is None:
            return [column for column in range(len(names)) if column not in dropped | {index}], index
        chosen = [_place(names, name, indexed) for name in features]
        for column in chosen:
            if column == index or chosen.count(column) > 1:
                fault = "be the label" if column == index else "be named twice"
                raise InputError(
                    f"column {names[column]!r} cannot be a feature and {fault}",
                    code="columns.twice",
                    column=names[column],
                )
        return [column for column in chosen if column not in dropped], index

    indexed = Path(path).suffix.lower() in INDEXED
    raw = _read(Path(path), choose)
    words = plain_words(raw.words)
    zero, one = tuple(classes) or as_classes(words, label, positive)
    return Dataset(
        features=torch.from_numpy(raw.numbers.copy()),
        labels=torch.tensor(as_numbers(words, (zero, one), label), dtype=torch.float64),
        feature_names=raw.names,
        label_name=label,
        classes=(zero, one),
        name=file_name(path),
    )


def read_features(path: str | Path, names: Sequence[str]) -> Features:
    """Read the named columns only, (n, d) in float64; other columns do not matter.

    Raises:
        InputError: as ``read_dataset``.
        UnknownNameError: a column that is not there.
    """

    def choose(present: Sequence[str]) -> tuple[list[int], int | None]:
        return [_place(present, name) for name in names], None

    return torch.from_numpy(_read(Path(path), choose).numbers.copy())


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


def _read(path: Path, choose: ColumnChoice) -> RawTable:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            f"cannot tell the format of {path}: its name must end in {', '.join(READERS)}", code="file.format"
        )
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path} is empty", code="file.empty")
        raw = reader(path, choose)
    except OSError as fault:
        raise _unreadable(path, fault) from None
    if len(raw.numbers) == 0:
        raise InputError(f"{path} has column names but no rows", code="file.rows")
    return raw


def _place(names: Sequence[str], name: str, indexed: bool = False) -> int:
    same = same_name(name, names)
    if same is not None:
        return names.index(same)
    if indexed and re.fullmatch(r"-[0-9]{1,9}", name) and -len(names) <= int(name):
        return len(names) + int(name)
    raise UnknownNameError("column", name, names)


def _unreadable(path: str | Path, fault: OSError) -> InputError:
    return InputError(f"cannot read {path}: {fault.strerror or fault}", code="file.read")
