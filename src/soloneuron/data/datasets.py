"""Files of rows become a Dataset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from soloneuron.data.files.cells import is_number
from soloneuron.data.files.reading import is_indexed, read_table
from soloneuron.data.files.table import RawColumn, RawTable, Vector
from soloneuron.data.labels import as_classes, as_numbers, plain_words
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.records.dataset import Dataset
from soloneuron.shapes import Features


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

    def choose(names: Sequence[str]) -> list[int]:
        nonlocal label
        index = _place(names, label, indexed)
        label = names[index]
        dropped = {_place(names, name, indexed) for name in drop}
        if index in dropped:
            raise InputError(
                f"column {label!r} cannot be the label and dropped", code="columns.twice", column=label
            )
        if features is None:
            return [column for column in range(len(names)) if column not in dropped | {index}] + [index]
        chosen = [_place(names, name, indexed) for name in features]
        for column in chosen:
            if column == index or chosen.count(column) > 1:
                fault = "be the label" if column == index else "be named twice"
                raise InputError(
                    f"column {names[column]!r} cannot be a feature and {fault}",
                    code="columns.twice",
                    column=names[column],
                )
        return [column for column in chosen if column not in dropped] + [index]

    indexed = is_indexed(path)
    table = read_table(path, wanted=choose)
    words = plain_words(_label_words(table.columns[-1], table))
    zero, one = tuple(classes) or as_classes(words, label, positive)
    columns = table.columns[:-1]
    return Dataset(
        features=_matrix(columns, table),
        labels=torch.tensor(as_numbers(words, (zero, one), label), dtype=torch.float64),
        feature_names=tuple(column.name for column in columns),
        label_name=label,
        classes=(zero, one),
        name=Path(path).name,
    )


def read_features(path: str | Path, names: Sequence[str]) -> Features:
    """Read the named columns only, (n, d) in float64; other columns do not matter.

    Raises:
        InputError: as ``read_dataset``.
        UnknownNameError: a column that is not there.
    """
    table = read_table(path, wanted=lambda present: [_place(present, name) for name in names])
    return _matrix(table.columns, table)


def _matrix(columns: Sequence[RawColumn], table: RawTable) -> Features:
    matrix = np.empty((table.rows, len(columns)))
    for index, column in enumerate(columns):
        matrix[:, index] = _feature(column, table)
    return torch.from_numpy(matrix)


def _feature(column: RawColumn, table: RawTable) -> Vector:
    """The numbers of a feature, all of them.

    Raises:
        InputError: a cell is missing, or no number.
    """
    if column.fault is not None:
        raise column.fault
    rows = np.flatnonzero(column.missing)
    if len(rows) and (column.numbers is not None or len(rows) == table.rows):
        place = table.place(int(rows[0]))
        raise InputError(
            f"{table.source} has a missing cell in {place}, column {column.name!r}: fill it, or leave the "
            "row or the column out",
            code="file.missing",
            line=table.line(int(rows[0])),
            column=column.name,
        )
    if column.numbers is None:
        row, cell = _first_word(column)
        raise InputError(
            f"column {column.name!r} of {table.source} must be numbers, got {cell!r} in {table.place(row)}: "
            f"leave it out with --drop {column.name}",
            code="file.text",
            column=column.name,
            line=table.line(row),
            cell=cell[:40],
        )
    return column.numbers


def _first_word(column: RawColumn) -> tuple[int, str]:
    """The first cell of a column that is no number."""
    words = [(row, word) for row, word in enumerate(column.words or ()) if word is not None]
    return next(((row, word) for row, word in words if not is_number(word)), words[0])


def _label_words(column: RawColumn, table: RawTable) -> list[str]:
    """The labels as words."""
    if column.fault is not None:
        raise column.fault
    rows = np.flatnonzero(column.missing)
    if len(rows):
        place = table.place(int(rows[0]))
        raise InputError(
            f"{table.source} has no label in {place}, column {column.name!r}: fill it, or leave the row out",
            code="file.label",
            line=table.line(int(rows[0])),
            column=column.name,
        )
    if column.words is not None:
        return [word for word in column.words if word is not None]
    numbers = column.numbers.tolist() if column.numbers is not None else []
    if column.type == "truth":
        return [str(bool(number)) for number in numbers]
    return [str(number) for number in numbers]


def _place(names: Sequence[str], name: str, indexed: bool = False) -> int:
    if name in names:
        return names.index(name)
    if indexed and re.fullmatch(r"-[0-9]{1,9}", name) and -len(names) <= int(name):
        return len(names) + int(name)
    raise UnknownNameError("column", name, names)


def _unreadable(path: str | Path, fault: OSError) -> InputError:
    return InputError(f"cannot read {path}: {fault.strerror or fault}", code="file.read")
