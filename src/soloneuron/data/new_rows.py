"""Rows that a model has not seen become features as the rows that it learned from did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from soloneuron.data.columns.choosing import choose_labelled, choose_named
from soloneuron.data.columns.encoding import Matrix, features_of, unfit
from soloneuron.data.columns.faults import missing_fault, refuse
from soloneuron.data.columns.rows import gaps_of, label_words, matrix_of, rows_notes
from soloneuron.data.columns.telling import filled_notes, tell, unseen_note
from soloneuron.data.files.reading import read_table
from soloneuron.data.files.sources import FileNames, table_name
from soloneuron.data.files.table import Note, RawColumn, RawTable
from soloneuron.data.labels import LabelClasses, as_numbers
from soloneuron.records.columns import ColumnEncoding
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import ModelRecord
from soloneuron.shapes import Features


def read_features(path: FileNames, names: Sequence[str], columns: Sequence[ColumnEncoding] = ()) -> Features:
    """Read the columns of a model only, (n, d) in float64; other columns do not matter.

    Args:
        path: as in ``read_dataset``.
        names: of the features.
        columns: how they are made of columns of the file; without any they are those columns.

    Returns:
        The features. Where rows with a missing cell are to be left out, such a row is all nan.

    Raises:
        InputError: as ``read_dataset``.
        UnknownNameError: a column that is not there.

    Warns:
        InputWarning: cells that are filled, words that no category stands for.
    """
    known = _known(names, columns)
    table = read_table(path, wanted=choose_named([column.name for column in known]))
    numbers, notes = _features_alike(table, table.columns, known, predicting=True)
    tell([*table.notes, *notes])
    return torch.from_numpy(numbers)


def read_labelled(path: FileNames, model: ModelRecord, *, label: str | None = None) -> Dataset:
    """Read rows with labels as a model has learned them; rows that it leaves out are left out.

    Args:
        path: as in ``read_dataset``.
        model: which columns become features, and how; which words are classes.
        label: the column to compare with; None is that of the model.

    Raises:
        InputError: as ``read_dataset``; or a label that is none of the model's classes.
    """
    known = _known(model.feature_names, model.columns)
    chosen = choose_labelled(path, label=label or model.label_name, features=[c.name for c in known], drop=())
    table = read_table(path, wanted=chosen)
    *columns, target = table.columns
    labels = label_words(target, table)
    unlabelled = labels.codes < 0
    fills = any(column.gaps != "refuse" for column in known)
    if unlabelled.any() and not (fills and not unlabelled.all()):
        refuse([missing_fault(target.name, np.flatnonzero(unlabelled), table.place, "file")], table.source)
    numbers, notes = _features_alike(table, columns, known)
    kept = np.flatnonzero(~np.isnan(numbers).any(1) & ~unlabelled)
    places = kept.tolist()
    classes = LabelClasses(*model.classes, model.rest)
    left = labels.of(kept)
    y = as_numbers(left, classes, target.name, lambda row: table.place(places[row]))
    tell([*table.notes, *notes, *rows_notes(kept, unlabelled)])
    return Dataset(
        features=torch.from_numpy(numbers[kept]),
        labels=torch.from_numpy(y),
        feature_names=model.feature_names,
        label_name=target.name,
        classes=model.classes,
        name=table_name(path),
        rest=model.rest,
        columns=model.columns,
    )


def _known(names: Sequence[str], columns: Sequence[ColumnEncoding]) -> tuple[ColumnEncoding, ...]:
    return tuple(columns) or tuple(ColumnEncoding(name) for name in names)


def _features_alike(
    table: RawTable,
    columns: Sequence[RawColumn],
    known: Sequence[ColumnEncoding],
    *,
    predicting: bool = False,
) -> tuple[Matrix, list[Note]]:
    """The features of new rows, and what is to be told; a row that is left out is all nan.

    Raises:
        InputError: all that the encodings do not know what to do with.
    """
    faults, notes = [], []
    for column, encoding in zip(columns, known, strict=True):
        found, unseen = unfit(column, encoding, table.place)
        faults += found
        notes += [] if unseen is None else [unseen_note(unseen, encoding)]
    refuse(faults, table.source, by_model=True)
    if all(encoding.plain for encoding in known):
        return matrix_of(columns, table.rows), notes
    numbers = features_of(columns, known)
    out = np.zeros(table.rows, dtype=bool)
    for column, encoding in zip(columns, known, strict=True):
        if encoding.gaps == "drop":
            out |= column.missing
    numbers[out] = np.nan
    left = [Note("no_prediction", {"rows": int(out.sum())})] if predicting and out.any() else []
    return numbers, [*notes, *filled_notes(gaps_of(columns), known), *left]
