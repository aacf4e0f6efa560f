"""The door for sparse rows: any sparse matrix becomes checked ``torch.sparse_csr`` rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from soloneuron.data.complaints import not_finite, numbers_in_rows
from soloneuron.data.conversion import check_device, checked_dtype, fitted, from_numpy, refuse_other_tensors
from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.sparse import compressed, quiet_compressed_rows
from soloneuron.shapes import Features

INT32_END = 2**31


def is_sparse_matrix(values: Any) -> bool:
    """Whether something is a sparse matrix of scipy or torch."""
    strided = not isinstance(values, Tensor) or values.layout == torch.strided
    return hasattr(values, "tocsr") or not strided


def as_sparse_rows(
    values: Any, dtype: torch.dtype | None, name: str, *, device: torch.device | None = None
) -> Features:
    """Turn a sparse matrix into compressed rows (n, d), sorted and without repeats.

    Zeros that are stored stay; numbers stored twice for one place are added, as scipy and torch do. Places
    are 32 bits wide where they fit, which the products are faster with.

    Args:
        values: a sparse matrix or array of scipy, in any format; a sparse tensor in any layout.
        dtype: float32 or float64; None takes float32 where that came, and float64 for everything else.
        name: what they are called, for the message.
        device: where they must be; None leaves them where they are.

    Raises:
        ShapeError: no table.
        InputError: places outside the matrix, or numbers that are not finite: row and column are named.
    """
    checked_dtype(dtype)
    if values.ndim != 2:
        raise ShapeError(
            f"{name} must be a table, n rows of d numbers, got shape {tuple(values.shape)}",
            code=f"{name}.shape",
        )
    if isinstance(values, Tensor):
        crow, columns, numbers = _torch_parts(values.detach(), name)
    else:
        crow, columns, numbers = _scipy_parts(values, name)
    refuse_other_tensors(numbers, name)
    check_device(values, numbers, name, device)
    crow, columns, numbers = (part.to(device) for part in (crow, columns, numbers))
    n, d = values.shape
    _check_places(crow, columns, len(numbers), (n, d), name)
    numbers = fitted(numbers, dtype, name)
    narrow = torch.int32 if max(n, d, len(numbers)) < INT32_END else torch.int64
    rows = compressed(crow.to(narrow), columns.to(narrow), numbers, d)
    return rows if _is_sorted(rows) else _added_up(rows)


def refuse_not_finite(X: Features, name: str, names: Sequence[str] = ()) -> None:
    """Refuse nan and inf in sparse rows; the row and the column are named."""
    values = X.values()
    if bool(values.sum().isfinite()) or bool(values.isfinite().all()):
        return
    at = int((~values.isfinite()).nonzero()[0])
    row = int(torch.searchsorted(X.crow_indices(), at, right=True)) - 1
    column = int(X.col_indices()[at])
    raise not_finite(values[at].item(), name, [row, column], names)


def _torch_parts(values: Tensor, name: str) -> tuple[Tensor, Tensor, Tensor]:
    if values.is_meta:
        refuse_other_tensors(values, name)
    if values.layout == torch.sparse_coo:
        values = values.coalesce()
    if values.layout != torch.sparse_csr:
        quiet_compressed_rows()
        try:
            values = values.to_sparse_csr()
        except RuntimeError:
            raise numbers_in_rows(name, f"a tensor with layout {values.layout}") from None
    if values.values().dim() != 1:
        raise numbers_in_rows(name, "a sparse tensor with dense parts")
    return values.crow_indices(), values.col_indices(), values.values()


def _scipy_parts(values: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:
    rows = values.tocsr()
    try:
        # What lies behind the last row's end is room, not numbers.
        stored = int(rows.indptr[-1])
        parts = rows.indptr, rows.indices[:stored], rows.data[:stored]
        crow, columns, numbers = map(from_numpy, parts)
    except TypeError:
        raise numbers_in_rows(name, f"a sparse matrix of {rows.dtype}") from None
    return crow, columns, numbers


def _check_places(crow: Tensor, columns: Tensor, stored: int, shape: tuple[int, int], name: str) -> None:
    n, d = shape
    fine = len(crow) == n + 1 and len(columns) == stored
    fine = fine and int(crow[0]) == 0 and int(crow[-1]) == stored and bool((crow.diff() >= 0).all())
    if fine and stored:
        least, largest = columns.aminmax()
        fine = int(least) >= 0 and int(largest) < d
    if not fine:
        raise InputError(
            f"{name} must be a sound sparse matrix {n} x {d}, got row ends or columns outside of it: "
            "make it anew, scipy.sparse.csr_array((numbers, (rows, columns)), shape=(n, d))",
            code=f"{name}.places",
        )


def _is_sorted(X: Features) -> bool:
    """Whether columns rise within every row, so that none comes twice."""
    crow, columns = X.crow_indices(), X.col_indices()
    rises = columns[1:] > columns[:-1]
    begins = crow[1:-1].long()
    rises[begins[(begins > 0) & (begins < len(columns))] - 1] = True
    return bool(rises.all())


def _added_up(X: Features) -> Features:
    crow, columns, values = X.crow_indices(), X.col_indices(), X.values()
    rows = torch.arange(len(X), device=crow.device).repeat_interleave(crow.diff())
    # One number a place, so that sorting is one sort and repeats are neighbors.
    places, where = torch.unique(rows * X.shape[1] + columns, return_inverse=True)
    added = values.new_zeros(len(places)).index_add_(0, where, values)
    counts = torch.bincount(places // X.shape[1], minlength=len(X))
    begins = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
    return compressed(begins.to(crow.dtype), (places % X.shape[1]).to(crow.dtype), added, X.shape[1])
