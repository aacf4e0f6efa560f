"""What the rows do to a vector and back: A^T diag(s) A / n with A = [X, 1], by blocks or by products."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.columns import NUMBERS_AT_ONCE
from soloneuron.formulas.coordinates import Coordinates
from soloneuron.formulas.curvature import curvatures
from soloneuron.formulas.lanczos import NEGLIGIBLE, largest_eigenvalue
from soloneuron.formulas.sharded import ShardedRows, sum_of_blocks
from soloneuron.formulas.sparse import (
    column_sums,
    compressed,
    dense_rows,
    is_sparse,
    largest_number,
    weighted_sums,
)
from soloneuron.formulas.tiled import row_parts, tiled

DENSE = 64
"""Up to this many columns the matrix is formed; above it, it is known by its products only."""

WIDEST_SPARSE = 2_000
"""Up to this many columns sparse rows have that matrix: beyond, it is what they are there to avoid."""

UNSCALED = {torch.float32: 1e15, torch.float64: 1e140}
"""Features within this factor of 1 are multiplied as they are; others in 64 bits, by the largest of them."""


def gram(
    X: Tensor,
    s: Tensor | None = None,
    *,
    bias: bool,
    unit: float = 1.0,
    columns: Coordinates | None = None,
) -> Tensor:
    """A^T diag(s) A / (n unit^2) in float64, (k, k), by blocks of rows.

    Args:
        X: (n, d), dense or sparse, n >= 1.
        s: what each row counts (n,), of any sign, or None.
        bias: whether A has a last column of ones.
        unit: what A is divided by, so that squares stay numbers.
        columns: those of X are taken as they are in these coordinates; None takes them as they came.

    Raises:
        InputError: sparse rows of more than 2,000 columns.

    Example:
        >>> gram(torch.tensor([[1.0], [3.0]]), bias=True).tolist()
        [[5.0, 2.0], [2.0, 1.0]]
    """
    n, d = X.shape
    if is_sparse(X) and d > WIDEST_SPARSE:
        raise InputError(
            f"a matrix of {d} x {d} second derivatives must not be made of sparse rows with more than "
            f"{WIDEST_SPARSE} columns: take optimizer='lbfgs'",
            code="sparse.wide",
            columns=d,
        )

    def of_block(rows: Tensor, at: slice) -> Tensor:
        return _gram_sum(rows, None if s is None else s[at], bias=bias, unit=unit, columns=columns)

    return sum_of_blocks(X, of_block).div_(n)


def _gram_sum(X: Tensor, s: Tensor | None, *, bias: bool, unit: float, columns: Coordinates | None) -> Tensor:
    """The same of some rows, times their number."""
    n, d = X.shape
    G = torch.zeros(d + bias, d + bias, dtype=torch.float64, device=X.device)
    rows = max(1, NUMBERS_AT_ONCE // max(1, d))
    for start in range(0, n, rows):
        A = dense_rows(X, slice(start, start + rows)).double()
        A = A if unit == 1.0 else A / unit
        A = A if columns is None else (A - columns.mean) / columns.scale
        share = A.new_ones(len(A)) if s is None else s[start : start + rows].double()
        G[:d, :d].addmm_(A.mT, A if s is None else A * share[:, None])
        if bias:
            G[:d, d].addmv_(A.mT, share)
            G[d, d] += share.sum()
    if bias:
        G[:d, d] /= unit
        G[d, :d] = G[:d, d]
        G[d, d] /= unit * unit
    return G


def largest_curvature_of_rows(
    X: Tensor, s: Tensor | None = None, *, bias: bool, ridge: Tensor | None = None
) -> float:
    """The largest eigenvalue of A^T diag(s) A / n + diag(ridge), or a bound at most 0.1 % above it.

    Args:
        X: (n, d), strided or sparse CSR.
        s: what each row counts (n,), of any sign, or None.
        bias: whether A has a last column of ones.
        ridge: what is added to the diagonal, (k,), or None.

    Returns:
        It; inf beyond the range of numbers, nan where something is not finite, 0 without columns.
    """
    unit = _unit(X, bias=bias)
    return _largest(X, s, bias, unit, ridge) * unit * unit


def largest_stretch(X: Tensor, s: Tensor | None = None, *, bias: bool) -> float:
    """By how much A lengthens a vector at most, as a root mean square over the rows.

    Formula: the root of the largest eigenvalue of A^T diag(s) A / n for s >= 0: a number also where that
    eigenvalue is beyond the range of numbers.

    Args and Returns: as ``largest_curvature_of_rows``.

    Example:
        >>> largest_stretch(torch.tensor([[3e200], [4e200]], dtype=torch.float64) * 2**0.5, bias=True)
        5e+200
    """
    unit = _unit(X, bias=bias)
    return math.sqrt(max(0.0, _largest(X, s, bias, unit, None))) * unit


def longest_row(X: Tensor, s: Tensor | None = None, *, bias: bool) -> float:
    """The largest root of s |a|^2 over the rows a of A; s >= 0."""
    unit = _unit(X, bias=bias)
    if isinstance(X, ShardedRows):
        own = _longest(X.here, None if s is None else s[X.span], bias=bias, unit=unit)
        return math.sqrt(float(X.largest(own))) * unit
    return math.sqrt(float(_longest(X, s, bias=bias, unit=unit))) * unit


def _longest(X: Tensor, s: Tensor | None, *, bias: bool, unit: float) -> Tensor:
    """The largest s |a|^2 / unit^2, ()."""
    if tiled(X) is not None:
        each = [(part, None if s is None else s[rows]) for rows, part in row_parts(X, len(X))]
        return torch.stack([_longest(*part, bias=bias, unit=unit) for part in each]).max()
    if is_sparse(X):
        of_row = torch.arange(X.shape[0], device=X.device).repeat_interleave(X.crow_indices().diff())
        squares = (X.values().double() / unit).square()
        sizes = squares.new_zeros(X.shape[0]).index_add_(0, of_row, squares)
    else:
        rows = max(1, NUMBERS_AT_ONCE // max(1, X.shape[1]))
        sizes = torch.cat([(part.double() / unit).square_().sum(1) for part in X.split(rows)])
    sizes += bias / unit / unit
    return (sizes if s is None else sizes * s).max()


def _unit(X: Tensor, *, bias: bool) -> float:
    """What A is divided by before it is squared: 1 where that needs no care."""
    largest, plain = largest_number(X), UNSCALED.get(X.dtype, 1e15)
    # Beside a column of ones tiny features may vanish.
    careless = largest == 0 or (largest < plain and (bias or largest > 1 / plain))
    return 1.0 if careless else largest


def _largest(X: Tensor, s: Tensor | None, bias: bool, unit: float, ridge: Tensor | None) -> float:
    k = X.shape[1] + bias
    if not k:
        return 0.0
    added = None if ridge is None else ridge.double() / unit / unit
    if k <= DENSE and not is_sparse(X):
        G = gram(X, s, bias=bias, unit=unit)
        if added is not None:
            G.diagonal().add_(added)
        if not G.isfinite().all():
            return math.nan
        values = curvatures(G)
        largest, size = float(values[-1]), float(values.abs().max())
        return largest if abs(largest) > NEGLIGIBLE * size else 0.0
    start = torch.randn(k, generator=torch.Generator().manual_seed(0), dtype=torch.float64).to(X.device)
    return largest_eigenvalue(_product(X, s, bias, unit, added), start)


def _product(
    X: Tensor, s: Tensor | None, bias: bool, unit: float, ridge: Tensor | None
) -> Callable[[Tensor], Tensor]:
    """v -> (A^T diag(s) A / (n unit^2) + diag(ridge)) v, for v (k,) in float64."""
    n, d = X.shape
    share = torch.ones((), dtype=torch.float64, device=X.device).expand(n) if s is None else s.double()

    def product(v: Tensor) -> Tensor:
        def of_block(X: Tensor, at: slice) -> Tensor:
            out = torch.zeros_like(v)
            for rows, A in _parts(X, unit):
                z = weighted_sums(v[:d].to(A.dtype), A).double()
                z = (z + v[d] / unit if bias else z) * share[at][rows] / n
                out[:d] += column_sums(z.to(A.dtype), A)
                if bias:
                    out[d] += z.sum() / unit
            return out

        sums = sum_of_blocks(X, of_block)
        return sums if ridge is None else sums + ridge * v

    return product


def _parts(X: Tensor, unit: float) -> Iterator[tuple[slice, Tensor]]:
    """X / unit: the rows as they are, or blocks of them in 64 bits."""
    n, d = X.shape
    if unit == 1.0:
        yield slice(0, n), X
    elif is_sparse(X):
        stored = X.values().double() / unit
        yield slice(0, n), compressed(X.crow_indices(), X.col_indices(), stored, d)
    else:
        width = max(1, NUMBERS_AT_ONCE // max(1, d))
        for start in range(0, n, width):
            rows = slice(start, start + width)
            yield rows, X[rows].double() / unit
