"""The public door for numbers: whatever people bring becomes a checked tensor, or one clear sentence.

Lists, tuples, NumPy arrays, tensors, data frames and sparse matrices come in; nothing that came in is ever
changed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from soloneuron.data.complaints import is_number, not_finite, shape_of, short
from soloneuron.data.conversion import as_tensor, checked_dtype, first_not_finite
from soloneuron.data.sparse import as_sparse_rows, is_sparse_matrix, refuse_not_finite
from soloneuron.data.tables import column_names, sparse_frame
from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.formulas.tiled import TiledRows, tiled
from soloneuron.shapes import Features, Labels, RowWeights

LABELS_AT_ONCE = 1 << 16
"""Labels looked at together: nothing is made that is as long as they are many."""


def as_features(
    values: Any,
    dtype: torch.dtype | None = None,
    *,
    names: Sequence[str] = (),
    device: torch.device | None = None,
) -> Features:
    """Turn rows of numbers into X (n, d).

    Args:
        values: n rows of d finite real numbers, dense or a sparse matrix; d may be 0, n must not.
        dtype: float32 or float64; None takes float32 where that came, and float64 for everything else.
        names: column names for the message; a table brings its own.
        device: where they must be; what has no device of its own is put there. None leaves them where they
            are.

    Returns:
        A tensor (n, d), sparse rows as ``torch.sparse_csr``; it may share memory with a tensor or array that
        came in. Rows that ``shard`` has spread stay spread.

    Raises:
        ShapeError: no rows, ragged rows, or not a table.
        InputError: text, complex numbers, NaN or inf; row and column are named, counted from 0.
    """
    stacked = tiled(values)
    if stacked is not None:
        return _of_tiles(stacked, dtype, device)
    if isinstance(values, ShardedRows):
        if tiled(values.here) is not None:
            return cast("Features", values.of_rows(lambda here: as_features(here, dtype, device=device)))
        return cast("Features", values if dtype is None else values.to(dtype))
    values, names = sparse_frame(values), names or column_names(values)
    sparse = is_sparse_matrix(values)
    X = (as_sparse_rows if sparse else as_tensor)(values, dtype, "features", device=device)
    if X.shape[0:1] == (0,):
        raise ShapeError("features must have at least one row, got none", code="features.empty")
    if X.dim() != 2:
        raise ShapeError(
            f"features must be a table, n rows of d numbers, got {shape_of(X)}"
            + ("; write a single feature as [[1.0], [2.0]]" if X.dim() == 1 else ""),
            code="features.shape",
        )
    if sparse:
        refuse_not_finite(X, "features", names)
    else:
        _refuse_infinite(X, "features", names)
    return X


def as_labels(
    values: Any,
    dtype: torch.dtype,
    *,
    rows: int,
    soft: bool,
    loss: str,
    device: torch.device | None = None,
) -> Labels:
    """Turn labels into y (n,) and hold them against the domain of the loss.

    Args:
        values: n numbers.
        dtype: float32 or float64.
        rows: n, the number of rows of the features.
        soft: whether the loss takes any y in [0, 1]; otherwise y is 0 or 1.
        loss: the name of the loss, for the message.
        device: where the features are.

    Raises:
        ShapeError: not a flat list of n numbers.
        InputError: a label that is not a number of the domain; its row is named.
    """
    y = _flat(values, dtype, "labels", rows, device)
    if not (_between(y, 0.0, 1.0) if soft else is_hard(y)):
        inside = (y >= 0) & (y <= 1) if soft else (y == 0) | (y == 1)
        row = int((~inside).nonzero()[0])
        domain = "lie in [0, 1]" if soft else "be 0 or 1"
        raise InputError(
            f"labels must {domain} for the loss {loss!r}, got {y[row].item():g} in row {row}",
            code="labels.domain",
            row=row,
        )
    return y


def as_targets(values: Any, dtype: torch.dtype, *, rows: int, device: torch.device | None = None) -> Labels:
    """Turn n finite numbers into y (n,), for an objective that makes its own use of them."""
    y = _flat(values, dtype, "labels", rows, device)
    _refuse_infinite(y, "labels")
    return y


def is_hard(y: Tensor) -> bool:
    """Whether every label is 0 or 1: the two numbers that are their own squares."""
    return all(torch.equal(part * part, part) for part in y.split(LABELS_AT_ONCE))


def as_row_weights(
    values: Any,
    dtype: torch.dtype,
    *,
    rows: int,
    name: str = "sample_weight",
    device: torch.device | None = None,
) -> RowWeights:
    """Turn weights of rows into s (n,), or (runs..., n): finite, >= 0, each run's sum finite and > 0."""
    s = as_tensor(values, dtype, name, device=device)
    s = _of_rows(s, name, rows) if s.dim() > 1 else _flat(s, dtype, name, rows, device)
    _refuse_infinite(s, name)
    if (s < 0).any():
        *_, row = place = (s < 0).nonzero()[0].tolist()
        raise InputError(
            f"{name} must be >= 0, got {s[tuple(place)].item():g} in row {row}",
            code=f"{name}.negative",
            row=row,
        )
    if not s.any(-1).all():
        run = "" if s.dim() == 1 else f", got only 0 in run {int((~s.any(-1)).flatten().nonzero()[0])}"
        raise InputError(f"{name} must not be 0 for every row{run}", code=f"{name}.zero")
    means = s.mean(-1)
    if not ((means > 0) & means.isfinite()).all():
        raise InputError(
            f"{name} must have a mean that {str(dtype).removeprefix('torch.')} can hold, got numbers up to "
            f"{float(s.max()):g}: divide them all by that",
            code=f"{name}.large",
        )
    return s


def as_vector(
    values: Any, dtype: torch.dtype, *, name: str, size: int, device: torch.device | None = None
) -> Tensor:
    """Turn d finite numbers into a vector (d,)."""
    v = as_tensor(values, dtype, name, device=device)
    if v.shape != (size,):
        raise ShapeError(
            f"{name} must hold {size} number{'s' * (size != 1)}, one a feature, got {shape_of(v)}",
            code=f"{name}.shape",
        )
    _refuse_infinite(v, name)
    return v


def as_number(value: Any, *, name: str, wanted: str = "a number", must: str = "be finite") -> float:
    """Turn one finite real number, also of NumPy or torch, into a float.

    Args:
        value: a number; text and truths are none, even if Python would make one of them.
        name: what it is called.
        wanted: what may stand here, in words.
        must: what must hold for it.
    """
    if isinstance(value, int) and not isinstance(value, bool) and not is_number(value):
        raise InputError(
            f"{name} must {must}, got a whole number of {value.bit_length()} bits", code=f"{name}.finite"
        )
    if isinstance(value, bool | np.bool_) or not is_number(value):
        raise InputError(f"{name} must be {wanted}, got {short(value)}", code=f"{name}.type")
    number = float(value)
    if not math.isfinite(number):
        raise InputError(f"{name} must {must}, got {number}", code=f"{name}.finite")
    return number


def _of_tiles(rows: TiledRows, dtype: torch.dtype | None, device: torch.device | None) -> Features:
    """Rows in tiles were checked when they were written; they stay as they are, and where."""
    checked_dtype(dtype)
    if device not in (None, rows.device):
        raise InputError(
            f"rows on disk are computed with on the cpu, got device={str(device)!r}: leave device out",
            code="tiles.device",
        )
    if dtype not in (None, rows.dtype):
        wanted = str(dtype).removeprefix("torch.")
        raise InputError(
            f"rows on disk stand in {str(rows.dtype).removeprefix('torch.')}, and training was asked for "
            f"{wanted}: take stream(..., dtype=torch.{wanted})",
            code="tiles.dtype",
        )
    return cast("Features", rows)


def _between(values: Tensor, low: float, high: float) -> bool:
    least, largest = values.aminmax()
    return low <= least.item() and largest.item() <= high


def _flat(values: Any, dtype: torch.dtype, name: str, rows: int, device: torch.device | None) -> Tensor:
    v = as_tensor(values, dtype, name, device=device)
    if v.dim() != 1:
        raise ShapeError(f"{name} must be a flat list of numbers, got {shape_of(v)}", code=f"{name}.shape")
    if len(v) != rows:
        raise ShapeError(
            f"{name} must be as many as the rows of features, got {len(v)} for {rows} rows",
            code=f"{name}.length",
        )
    return v


def _of_rows(v: Tensor, name: str, rows: int) -> Tensor:
    """Numbers with run axes, (runs..., n)."""
    if v.shape[-1] != rows or not v.numel():
        raise ShapeError(
            f"{name} must hold {rows} numbers a run, one a row of features, got {shape_of(v)}",
            code=f"{name}.length",
        )
    return v


def _refuse_infinite(values: Tensor, name: str, names: Sequence[str] = ()) -> None:
    place = first_not_finite(values)
    if place is not None:
        raise not_finite(values[tuple(place)].item(), name, place, names)
