"""Tables of other libraries, which are recognized by what they can do and never imported.

pandas, polars, Arrow tables, masked arrays, and torch's data sets and loaders.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.errors import InputError


def column_names(values: Any) -> tuple[str, ...]:
    """The names of a table's columns; () for what has none."""
    names = getattr(values, "column_names", None)
    if names is None and hasattr(values, "to_numpy"):
        names = getattr(values, "columns", None)
    return () if names is None or callable(names) else tuple(map(str, names))


def unpacked(values: Any, name: str) -> Any:
    """The array in a table; anything else as it came.

    Raises:
        InputError: a masked array with a cell under its mask, which would be lost.
    """
    values = unmasked(values, name)
    if hasattr(values, "column_names") and hasattr(values, "columns"):
        columns = [np.asarray(column) for column in values.columns]
        return np.stack(columns, 1) if columns else np.empty((len(values), 0))
    if hasattr(values, "to_numpy"):
        # Arrow copies a column with gaps only when told that it may.
        return np.asarray(values) if hasattr(values, "null_count") else values.to_numpy()
    return values


def sparse_frame(values: Any) -> Any:
    """The scipy matrix in a pandas frame whose columns are all sparse; anything else as it came."""
    if not hasattr(values, "to_numpy"):
        return values
    sparse = getattr(values, "sparse", None)
    return values if sparse is None or not len(values.columns) else sparse.to_coo()


def rows_and_labels(values: Any) -> Any:
    """The pair (features, labels) of a torch data set or loader, read once from its first row to its last.

    A loader's batches are put together: how rows are taken while training is said by ``batch_size`` and
    ``shuffle`` alone.

    Returns:
        The pair; anything else as it came.

    Raises:
        InputError: an item that is no pair (row, label), or none at all.
    """
    # Whoever made one has imported the module.
    module = sys.modules.get("torch.utils.data")
    if module is None or not isinstance(values, module.Dataset | module.DataLoader):
        return values
    if isinstance(values, module.TensorDataset):
        return _pair(values.tensors)
    loaded = isinstance(values, module.DataLoader) and values.batch_size is not None
    pairs = [_pair(item) for item in _items(values)]
    if not pairs:
        raise InputError(
            f"features must have at least one row, got an empty {type(values).__name__}",
            code="features.empty",
        )
    rows, labels = zip(*pairs, strict=True)
    return (_joined(rows), _joined(labels)) if loaded else ([*rows], [*labels])


def _joined(batches: Sequence[Any]) -> Any:
    """The batches of a loader one after another; of rows that were lists it makes a list of columns."""
    tensors = [torch.stack(batch, -1) if _is_columns(batch) else batch for batch in batches]
    if all(isinstance(batch, Tensor) for batch in tensors):
        return torch.cat(tensors)
    return [row for batch in tensors for row in batch]


def _is_columns(batch: Any) -> bool:
    return isinstance(batch, list) and all(isinstance(column, Tensor) for column in batch)


def _items(values: Any) -> Iterable[Any]:
    # A data set by index need not end by itself when it is iterated over.
    by_index = hasattr(values, "__getitem__") and hasattr(values, "__len__")
    return (values[i] for i in range(len(values))) if by_index else values


def _pair(item: Any) -> tuple[Any, Any]:
    if not isinstance(item, tuple | list) or len(item) != 2:
        count = f"{len(item)} parts" if isinstance(item, tuple | list) else type(item).__name__
        raise InputError(
            f"every item of a torch data set must be a pair (row, label), got {count}", code="dataset.item"
        )
    return item[0], item[1]


def unmasked(values: Any, name: str) -> Any:
    """The plain array in a masked one under whose mask nothing lies; anything else as it came.

    Args:
        values: anything.
        name: what it is, for the message.

    Raises:
        InputError: a cell under the mask, which would be lost.
    """
    if not isinstance(values, np.ma.MaskedArray):
        return values
    if np.ma.is_masked(values):
        place = np.argwhere(np.ma.getmaskarray(values))[0].tolist()
        column = f", column {place[1]}" if len(place) > 1 else ""
        raise InputError(
            f"{name} must have no masked numbers, got one in row {place[0] if place else 0}{column}: "
            "fill it, X.filled(0.0), or leave the row or the column out",
            code=f"{name}.masked",
            place=place,
        )
    return values.data
