"""What the columns of the rows are like: their means, and how far they spread."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

NUMBERS_AT_ONCE = 250_000
"""Numbers taken into 64 bits at a time: a block stays in the cache, and no copy of the rows is made."""

SAFE = 1e100
"""Squares of numbers within this factor of 1 and sums of them stay inside the range of 64 bits."""


class ColumnMoments(NamedTuple):
    """Of each of d columns, in float64.

    Attributes:
        mean: (d,).
        deviation: (d,), the standard deviation about the mean; 0 for a constant column.
    """

    mean: Tensor
    deviation: Tensor

    @property
    def root_mean_square(self) -> Tensor:
        """The root of the second moment about 0, (d,)."""
        return torch.hypot(self.mean, self.deviation)


def column_moments(X: Tensor, weights: Tensor | None = None) -> ColumnMoments:
    """Mean and standard deviation of every column, in one pass over blocks of rows.

    Formula: mean = sum s x / sum s; deviation^2 = sum s (x - c)^2 / sum s - (mean - c)^2, with c the mean of
    the first block.

    Numerics: 64 bits whatever the rows have; c is subtracted first, so that an offset of 1e8 leaves the
    deviation its digits; where a square leaves the range the columns are scaled and passed again. Of sparse
    rows only what is stored is touched.

    Args:
        X: (n, d), strided or sparse CSR.
        weights: s (n,), >= 0, or None.

    Returns:
        Both moments; zeros where there are no rows.

    Example:
        >>> moments = column_moments(torch.tensor([[1.0, 1e200], [3.0, 1e200]], dtype=torch.float64))
        >>> moments.mean.tolist(), moments.deviation.tolist()
        ([2.0, 1e+200], [1.0, 0.0])
    """
    if not X.shape[0]:
        return ColumnMoments(*X.new_zeros(2, X.shape[1], dtype=torch.float64))
    return _sparse(X, weights) if X.layout == torch.sparse_csr else _strided(X, weights)


def _strided(X: Tensor, weights: Tensor | None) -> ColumnMoments:
    s = (X.new_ones(()).expand(len(X)) if weights is None else weights).double()
    plain = _blockwise(X, s, X.new_ones((), dtype=torch.float64))
    squares = plain.deviation.square()
    if (squares > SAFE**-2).logical_and_(squares < SAFE**2).all():
        return plain
    # A square has left the range, or a column is constant: then the columns are scaled first.
    parts = X.split(max(1, NUMBERS_AT_ONCE // max(1, X.shape[1])))
    unit = _unit(torch.stack([part.abs().amax(0) for part in parts]).amax(0).double())
    return _blockwise(X, s, unit)


def _blockwise(X: Tensor, s: Tensor, unit: Tensor) -> ColumnMoments:
    """One pass: sums of x - shift and of its square, with the first block's mean for a shift."""
    total, rows = s.sum(), max(1, NUMBERS_AT_ONCE // max(1, X.shape[1]))
    shift = (X[:rows].double() / unit).mean(0)
    sums = torch.zeros_like(shift), torch.zeros_like(shift)
    for part, share in zip(X.split(rows), s.split(rows), strict=True):
        block = (part.double() if unit.dim() == 0 else part.double() / unit) - shift
        sums[0].add_(share @ block)
        sums[1].add_(share @ block.square_())
    mean, square = (part / total for part in sums)
    deviation = (square - mean.square()).clamp(min=0).sqrt()
    return ColumnMoments((mean + shift) * unit, deviation * unit)


def _sparse(X: Tensor, weights: Tensor | None) -> ColumnMoments:
    n, d = X.shape
    column, stored = X.col_indices(), X.values()
    s = (stored.new_ones(n) if weights is None else weights).double()
    total, of_row = s.sum(), X.crow_indices().diff()
    zeros = stored.new_zeros(d, dtype=torch.float64)
    largest = stored.new_zeros(d).scatter_reduce_(0, column, stored.abs(), "amax").double()
    unit = _unit(largest)
    share, x = s.repeat_interleave(of_row), stored.double() / unit[column]
    mean = zeros.index_add(0, column, share * x) / total
    held = zeros.index_add(0, column, share)
    square = zeros.index_add(0, column, share * (x - mean[column]).square())
    # What is not stored is 0, and lies one mean away from it.
    square += (total - held).clamp(min=0) * mean.square()
    return ColumnMoments(mean * unit, (square / total).sqrt() * unit)


def _unit(largest: Tensor) -> Tensor:
    """What a column is divided by before it is squared: 1 unless its square would leave the range."""
    outside = (largest > SAFE) | ((largest < 1 / SAFE) & (largest > 0))
    return torch.where(outside, largest, 1.0)
