"""What the columns of the rows are like: their means, and how far they spread."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.sharded import ShardedRows, sum_of_blocks
from soloneuron.formulas.sparse import is_sparse
from soloneuron.formulas.tiled import row_parts

NUMBERS_AT_ONCE = 1 << 16
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

    @property
    def varied(self) -> Tensor:
        """Which columns have a deviation that is more than what rounding leaves of a constant one, (d,)."""
        return self.deviation > 1e-12 * self.mean.abs()


def column_moments(X: Tensor, weights: Tensor | None = None) -> ColumnMoments:
    """Mean and standard deviation of every column, by blocks of rows.

    Formula: mean = sum s x / sum s; deviation^2 = sum s (x - c)^2 / sum s - (mean - c)^2, with c the mean of
    the first block.

    Numerics: 64 bits whatever the rows have; sums are taken around the mean of the first block, so that an
    offset of 1e8 leaves the deviation its digits; columns beyond 1e100 or below 1e-100 are scaled before they
    are squared. Of sparse rows only what is stored is touched.

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
    return _sparse(X, weights) if is_sparse(X) else _strided(X, weights)


def column_ranges(X: Tensor) -> tuple[Tensor, Tensor]:
    """The least and the largest number of every column of dense rows, (d,) each; no copy of rows is made.

    Example:
        >>> column_ranges(torch.tensor([[1.0, 5.0], [3.0, 4.0]]))
        (tensor([1., 4.]), tensor([3., 5.]))
    """
    ends = [torch.aminmax(part, dim=0) for _, part in row_parts(X, len(X))]
    return torch.stack([low for low, _ in ends]).amin(0), torch.stack([high for _, high in ends]).amax(0)


def _strided(X: Tensor, weights: Tensor | None) -> ColumnMoments:
    mean, square = _sums(X, weights, None)
    if not (square.isfinite() & (square > 1 / SAFE)).all():
        unit = _unit(_largest(X))
        if (unit != 1).any():
            mean, square = _sums(X, weights, unit)
            return ColumnMoments(mean * unit, square.sqrt() * unit)
    return ColumnMoments(mean, square.sqrt())


def _sums(X: Tensor, weights: Tensor | None, unit: Tensor | None) -> tuple[Tensor, Tensor]:
    """The means of the columns of X / unit, and the mean squares about them."""
    d = X.shape[1]
    height = max(1, NUMBERS_AT_ONCE // max(1, d))
    middle = X[:height].double()
    middle = (middle if unit is None else middle / unit).mean(0)

    def of_block(rows: Tensor, at: slice) -> Tensor:
        s = None if weights is None else weights[at]
        sums = middle.new_zeros(2 * d + 1)
        for start in range(0, len(rows), height):
            block = rows[start : start + height].double()
            block = (block if unit is None else block / unit) - middle
            share = block.new_ones(len(block)) if s is None else s[start : start + height].double()
            sums[:d] += share @ block
            sums[d:-1] += share @ block.square_()
            sums[-1] += share.sum()
        return sums

    sums = sum_of_blocks(X, of_block)
    shift, square = sums[:d] / sums[-1], sums[d:-1] / sums[-1]
    return middle + shift, (square - shift * shift).clamp(min=0)


def _sparse(X: Tensor, weights: Tensor | None) -> ColumnMoments:
    moments, held = _stored_sums(X, weights, None)
    size = moments.root_mean_square
    # Where squares have stayed inside the range of numbers nobody need know the largest of each column.
    if not ((size < SAFE**0.5) & ((size > SAFE**-0.5) | (held == 0))).all():
        unit = _unit(_largest(X))
        if (unit != 1).any():
            (mean, deviation), _ = _stored_sums(X, weights, unit)
            return ColumnMoments(mean * unit, deviation * unit)
    return moments


def _stored_sums(X: Tensor, weights: Tensor | None, unit: Tensor | None) -> tuple[ColumnMoments, Tensor]:
    """The moments of the columns of X / unit from what is stored, and the weight of that."""
    d = X.shape[1]

    def stored(rows: Tensor, at: slice) -> tuple[Tensor, Tensor, Tensor | None]:
        """Columns and numbers of what is stored in some rows, and the weight of each if there are any."""
        column, x = rows.col_indices(), rows.values().double()
        x = x if unit is None else x / unit.index_select(0, column)
        return column, x, None if weights is None else _of_stored(weights[at], rows)

    def first(rows: Tensor, at: slice) -> Tensor:
        column, x, share = stored(rows, at)
        held = torch.bincount(column, share, minlength=d).double()
        total = x.new_tensor(float(len(rows))) if weights is None else weights[at].double().sum()
        return torch.cat([torch.bincount(column, _times(x, share), minlength=d), held, total[None]])

    sums = sum_of_blocks(X, first)
    total, held = sums[-1], sums[d:-1]
    mean = sums[:d] / total

    def second(rows: Tensor, at: slice) -> Tensor:
        column, x, share = stored(rows, at)
        away = (x - mean.index_select(0, column)).square_()
        return torch.bincount(column, _times(away, share), minlength=d)

    # What is not stored is 0, and lies one mean away from it.
    square = sum_of_blocks(X, second) + (total - held).clamp(min=0) * mean.square()
    return ColumnMoments(mean, (square / total).sqrt()), held


def _of_stored(s: Tensor, rows: Tensor) -> Tensor:
    """The weight of every stored number, in float64."""
    return s.double().repeat_interleave(rows.crow_indices().diff(), output_size=len(rows.values()))


def _times(x: Tensor, share: Tensor | None) -> Tensor:
    return x if share is None else x * share


def _largest(X: Tensor) -> Tensor:
    """The largest size of a number of each column, (d,), in float64."""
    if isinstance(X, ShardedRows):
        return X.largest(_largest(X.here))
    if not is_sparse(X):
        low, high = column_ranges(X)
        return torch.maximum(high, -low).double()
    largest = X.values().new_zeros(X.shape[1])
    return largest.scatter_reduce_(0, X.col_indices().long(), X.values().abs(), "amax").double()


def _unit(largest: Tensor) -> Tensor:
    """What a column is divided by before it is squared: 1 unless its square would leave the range."""
    outside = (largest > SAFE) | ((largest < 1 / SAFE) & (largest > 0))
    return torch.where(outside, largest, 1.0)
