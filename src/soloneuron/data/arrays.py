"""The public door for numbers: whatever people bring becomes a checked tensor, or one clear sentence.

Lists, tuples, NumPy arrays, tensors and data frames come in; nothing that came in is ever changed.
Only when a conversion has failed does a slow walk look for the cell to blame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.shapes import Features, Labels, RowWeights

DTYPES = (torch.float32, torch.float64)


def as_features(values: Any, dtype: torch.dtype, *, names: Sequence[str] = ()) -> Features:
    """Turn rows of numbers into X (n, d).

    Args:
        values: n rows of d finite real numbers; d may be 0, n must not.
        dtype: float32 or float64.
        names: column names for the message, if there are any.

    Returns:
        A tensor (n, d); it may share memory with a tensor or array that came in.

    Raises:
        ShapeError: no rows, ragged rows, or not a table.
        InputError: text, complex numbers, NaN or inf; row and column are named, counted from 0.
    """
    X = _tensor(values, dtype, "features")
    if X.shape[0:1] == (0,):
        raise ShapeError("features must have at least one row, got none", code="features.empty")
    if X.dim() != 2:
        raise ShapeError(
            f"features must be a table, n rows of d numbers, got {_shape(X)}"
            + ("; write a single feature as [[1.0], [2.0]]" if X.dim() == 1 else ""),
            code="features.shape",
        )
    _refuse_infinite(X, "features", names)
    return X


def as_labels(values: Any, dtype: torch.dtype, *, rows: int, soft: bool, loss: str) -> Labels:
    """Turn labels into y (n,) and hold them against the domain of the loss.

    Args:
        values: n numbers.
        dtype: float32 or float64.
        rows: n, the number of rows of the features.
        soft: whether the loss takes any y in [0, 1]; otherwise y is 0 or 1.
        loss: the name of the loss, for the message.

    Raises:
        ShapeError: not a flat list of n numbers.
        InputError: a label that is not a number of the domain; its row is named.
    """
    y = _flat(values, dtype, "labels", rows)
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


def as_targets(values: Any, dtype: torch.dtype, *, rows: int) -> Labels:
    """Turn n finite numbers into y (n,), for an objective that makes its own use of them."""
    y = _flat(values, dtype, "labels", rows)
    _refuse_infinite(y, "labels")
    return y


def is_hard(y: Tensor) -> bool:
    """Whether every label is 0 or 1: the two numbers that are their own squares."""
    return torch.equal(y * y, y)


def as_row_weights(values: Any, dtype: torch.dtype, *, rows: int) -> RowWeights:
    """Turn sample weights into s (n,), or (runs..., n), finite, >= 0 and not all 0 in any run."""
    s = _tensor(values, dtype, "sample_weight")
    s = _of_rows(s, "sample_weight", rows) if s.dim() > 1 else _flat(s, dtype, "sample_weight", rows)
    _refuse_infinite(s, "sample_weight")
    if (s < 0).any():
        *_, row = place = (s < 0).nonzero()[0].tolist()
        raise InputError(
            f"sample_weight must be >= 0, got {s[tuple(place)].item():g} in row {row}",
            code="sample_weight.negative",
            row=row,
        )
    if not s.any(-1).all():
        run = "" if s.dim() == 1 else f", got only 0 in run {int((~s.any(-1)).flatten().nonzero()[0])}"
        raise InputError(f"sample_weight must not be 0 for every row{run}", code="sample_weight.zero")
    return s


def as_vector(values: Any, dtype: torch.dtype, *, name: str, size: int) -> Tensor:
    """Turn d finite numbers into a vector (d,)."""
    v = _tensor(values, dtype, name)
    if v.shape != (size,):
        raise ShapeError(
            f"{name} must hold {size} number{'s' * (size != 1)}, one a feature, got {_shape(v)}",
            code=f"{name}.shape",
        )
    _refuse_infinite(v, name)
    return v


def as_number(value: Any, *, name: str) -> float:
    """Turn one finite real number, also of NumPy or torch, into a float."""
    try:
        number = float(value)
    except (TypeError, ValueError, RuntimeError):
        raise InputError(f"{name} must be a number, got {value!r}", code=f"{name}.type") from None
    if not math.isfinite(number):
        raise InputError(f"{name} must be finite, got {number}", code=f"{name}.finite")
    return number


def _between(values: Tensor, low: float, high: float) -> bool:
    least, largest = values.aminmax()
    return low <= least.item() and largest.item() <= high


def _flat(values: Any, dtype: torch.dtype, name: str, rows: int) -> Tensor:
    v = _tensor(values, dtype, name)
    if v.dim() != 1:
        raise ShapeError(f"{name} must be a flat list of numbers, got {_shape(v)}", code=f"{name}.shape")
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
            f"{name} must hold {rows} numbers a run, one a row of features, got {_shape(v)}",
            code=f"{name}.length",
        )
    return v


def _tensor(values: Any, dtype: torch.dtype, name: str) -> Tensor:
    if dtype not in DTYPES:
        raise InputError(f"dtype must be torch.float32 or torch.float64, got {dtype}", code="dtype")
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    try:
        given = _convert(values)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise _complaint(values, name) from None
    if given.is_complex():
        raise InputError(f"{name} must be real numbers, got complex ones", code=f"{name}.complex")
    fitted = given.to(device="cpu", dtype=dtype)
    if given.dtype.itemsize > dtype.itemsize:
        _refuse_too_large(given, fitted, name)
    return fitted


def _refuse_too_large(given: Tensor, fitted: Tensor, name: str) -> None:
    lost = fitted.isinf() & given.isfinite().to(fitted.device)
    if lost.any():
        place = lost.nonzero()[0].tolist()
        largest = torch.finfo(fitted.dtype).max
        raise InputError(
            f"{name} must fit {str(fitted.dtype).removeprefix('torch.')} (up to {largest:.3g}), got "
            f"{given[tuple(place)].item():g} in row {place[0] if place else 0}; scale them, or take float64",
            code=f"{name}.large",
            place=place,
        )


def _convert(values: Any) -> Tensor:
    if isinstance(values, Tensor):
        return values.detach()
    if isinstance(values, np.ndarray):
        return _from_numpy(values)
    first = values[0] if isinstance(values, list | tuple) and values else None
    if isinstance(first, np.ndarray | Tensor):
        return torch.stack([_convert(row) for row in values])
    return torch.tensor(values, dtype=torch.float64)


def _from_numpy(values: np.ndarray[Any, Any]) -> Tensor:
    kind = values.dtype.kind
    if kind == "O":
        return torch.tensor(values.tolist(), dtype=torch.float64)
    if kind not in "biufc":
        raise TypeError
    shareable = values.flags.writeable and values.dtype.isnative and all(s >= 0 for s in values.strides)
    return torch.from_numpy(
        values if shareable else np.array(values, dtype=values.dtype.newbyteorder("="), order="C")
    )


def _refuse_infinite(values: Tensor, name: str, names: Sequence[str] = ()) -> None:
    if torch.isfinite(values).all():
        return
    place = (~torch.isfinite(values)).nonzero()[0].tolist()
    column = f", column {names[place[1]]!r}" if names else f", column {place[-1]}"
    raise InputError(
        f"{name} must be finite, got {values[tuple(place)].item()} in row {place[0]}"
        + (column if len(place) > 1 else ""),
        code=f"{name}.finite",
        place=place,
    )


def _complaint(values: Any, name: str) -> InputError:
    """Find the row or cell that kept the values from becoming a tensor."""
    if not isinstance(values, list | tuple | np.ndarray):
        return InputError(f"{name} must be numbers in rows, got {_short(values)}", code=f"{name}.type")
    rows = list(values)
    table = any(_is_row(row) for row in rows)
    for i, row in enumerate(rows):
        if table and (not _is_row(row) or len(row) != len(rows[0] if _is_row(rows[0]) else row)):
            came = f"{len(row)} numbers" if _is_row(row) else _short(row)
            return ShapeError(
                f"{name} must have rows of one length, got {came} in row {i}"
                + (f" and {len(rows[0])} in row 0" if _is_row(rows[0]) else ""),
                code=f"{name}.ragged",
                row=i,
            )
    cells = ((i, j, cell) for i, row in enumerate(rows) for j, cell in enumerate(row if table else [row]))
    for i, j, cell in cells:
        if isinstance(cell, complex):
            return InputError(
                f"{name} must be real numbers, got {_short(cell)} in row {i}", code=f"{name}.complex", row=i
            )
        if isinstance(cell, str | bytes) or not _is_number(cell):
            place = f"row {i}, column {j}" if table else f"row {i}"
            return InputError(
                f"{name} must be numbers, got {_short(cell)} in {place}", code=f"{name}.text", row=i
            )
    return InputError(f"{name} must be numbers in rows, got {_short(values)}", code=f"{name}.type")


def _is_row(value: object) -> bool:
    return isinstance(value, list | tuple | np.ndarray) or (isinstance(value, Tensor) and value.dim() > 0)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return False
    return True


def _shape(values: Tensor) -> str:
    return "a single number" if values.dim() == 0 else f"shape {tuple(values.shape)}"


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
