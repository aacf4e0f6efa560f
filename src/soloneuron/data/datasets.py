"""Files of rows become Datasets: columns are chosen, given a meaning, and told what is done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from soloneuron.data.columns.choosing import choose_labelled
from soloneuron.data.columns.encoding import features_of, learned
from soloneuron.data.columns.faults import ColumnFault, distinct_names, missing_fault, refuse, several_fault
from soloneuron.data.columns.kinds import is_id, meaning
from soloneuron.data.columns.rows import (
    finite,
    gaps_of,
    label_words,
    matrix_of,
    rows_kept,
    rows_notes,
    without_index,
)
from soloneuron.data.columns.telling import encoded_notes, filled_notes, id_note, tell
from soloneuron.data.files.reading import read_table
from soloneuron.data.files.sources import FileNames, table_name
from soloneuron.data.files.table import RawColumn, RawTable
from soloneuron.data.labels import LabelClasses, Labelled, as_classes, as_numbers
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.records.columns import MISSING, ColumnEncoding, Gaps, Missing, encoded_names
from soloneuron.records.dataset import Dataset


def read_dataset(
    path: FileNames,
    *,
    label: str,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    classes: Sequence[str] = (),
    positive: str | None = None,
    encode: bool = False,
    missing: Missing | None = None,
) -> Dataset:
    """Read rows with a label.

    Args:
        path: the file; the columns of NPY and NPZ are called by their index. Several files, or a pattern
            such as ``"rows/*.csv"``, are one table; ``"-"`` is standard input.
        label: the column to predict; it must hold two different values, unless ``positive`` says which of
            several is meant.
        features: the columns to learn from; None means all others but an index without a name.
        drop: columns to leave out.
        classes: the two words that mean 0 and 1, if they are known; otherwise they are found: the one that
            says yes is 1, else the larger number, else the second in the order of letters.
        positive: the word that means 1, if it should be another one; all other values mean 0.
        encode: whether words become features: a feature for each of at most 50 categories, 0 and 1 for no
            and yes, days from 1970-01-01 for dates.
        missing: what is done about missing cells: ``drop`` leaves their rows out; ``mean`` or ``median``
            fills numbers, and words with the most frequent; ``indicator`` fills with the mean and adds a
            feature that says where cells were missing. Rows without a label are left out in all cases.

    Returns:
        A Dataset in float64; ``classes`` says which word became 0 and which 1, ``columns`` what became of
        the columns. A file with one class only gives the second class an empty name.

    Raises:
        InputError: the file is missing, empty, binary or cut short; columns are no numbers and are not to be
            encoded, or cells are missing (all of them are told at once); a column is named twice; the label
            has more than two values.
        UnknownNameError: a column that is not there; the nearest is suggested.
        MissingExtraError: a format that needs an optional library.

    Warns:
        InputWarning: what is done to columns and rows, and what looks like an id.
    """
    if missing is not None and missing not in MISSING:
        raise UnknownNameError("treatment of missing cells", str(missing), MISSING)
    table = read_table(path, wanted=choose_labelled(path, label=label, features=features, drop=drop))
    *columns, target = table.columns
    columns, left_out = without_index(columns) if features is None else (columns, [])
    means, faults = _meanings(columns, table, encode=encode, missing=missing)
    labels = label_words(target, table)
    unlabelled = labels.codes < 0
    if unlabelled.any() and missing is None:
        faults.append(missing_fault(target.name, np.flatnonzero(unlabelled), table.place, "label"))
    known = LabelClasses(classes[0], classes[1]) if classes else None
    known = known or _classes(labels, target.name, positive, faults)
    if len(faults) == 1 and any(column.fault is not None for column in columns):
        # Whoever read the file says it best.
        fault = next(column.fault for column in columns if column.fault is not None)
        fault.fields.setdefault("file", table.source)
        raise fault
    refuse(faults, table.source)
    alike = [id_note(column.name) for column in columns if is_id(column, table.rows)]
    # What is copied from here on need not stand in memory twice.
    label_name, table = target.name, replace(table, columns=())
    del target
    kept, columns = rows_kept(columns, unlabelled, table, drop=missing == "drop")
    # What stood only in rows without a label is gone now.
    gone = [column.name for column in columns if column.missing.all()]
    refuse([ColumnFault(name, "empty", "drop") for name in gone], table.source)
    encodings = learned(columns, means, missing)
    made = () if all(encoding.plain for encoding in encodings) else encodings
    numbers = features_of(columns, made) if made else matrix_of(columns, len(kept))
    done = [*rows_notes(kept, unlabelled), *encoded_notes(made), *filled_notes(gaps_of(columns), made)]
    places = kept.tolist()
    left = labels.of(kept)
    if not classes and not known.rest and len(kept) < table.rows:
        # Of the rows that are left one class may be gone.
        known = as_classes(left.words, label_name, positive if positive in left.words else None)
    y = as_numbers(left, known, label_name, lambda row: table.place(places[row]))
    names = encoded_names(made) if made else tuple(column.name for column in columns)
    tell([*table.notes, *left_out, *alike, *done])
    return Dataset(
        features=torch.from_numpy(finite(numbers, table, places)),
        labels=torch.from_numpy(y),
        feature_names=distinct_names(names, label_name),
        label_name=label_name,
        classes=(known.zero, known.one),
        name=table_name(path),
        rest=known.rest,
        columns=made,
    )


def _classes(labels: Labelled, name: str, positive: str | None, faults: list[ColumnFault]) -> LabelClasses:
    """The words that mean 0 and 1; where there are too many, that is one more of the faults."""
    try:
        return as_classes(labels.words, name, positive)
    except InputError as fault:
        if "settings" not in fault.fields or not faults:
            raise
        faults.append(several_fault(name, fault))
        return LabelClasses("", "")


def _meanings(
    columns: Sequence[RawColumn], table: RawTable, *, encode: bool, missing: Missing | None
) -> tuple[list[ColumnEncoding], list[ColumnFault]]:
    """What the columns mean, and all that keeps them from being learned from."""
    gaps: Gaps = "refuse" if missing is None else "drop" if missing == "drop" else "fill"
    means: list[ColumnEncoding] = []
    faults: list[ColumnFault] = []
    for column in columns:
        if column.missing.all():
            faults.append(ColumnFault(column.name, "empty", "drop"))
            continue
        mean, found = meaning(column, table.place, encode=encode, gaps=gaps)
        faults += found
        means.append(mean)
    return means, faults
