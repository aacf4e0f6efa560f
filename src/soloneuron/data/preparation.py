"""What is done to rows before training: a part held out, columns brought to one scale."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.data.seeding import generator_for
from soloneuron.errors import InputError, InputWarning
from soloneuron.formulas.columns import column_moments, column_ranges
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.formulas.sparse import is_sparse, rows_at
from soloneuron.formulas.tiled import tiled
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import Scaling
from soloneuron.shapes import Features, Labels

VANISHING = 1e-6
"""An axis with less of the largest variance than this is rounding, also in float32."""


def named_rows(features: Features, labels: Labels) -> Dataset:
    """Rows that came without names: their columns are x1, x2, ...

    Example:
        >>> named_rows(torch.zeros(2, 3), torch.zeros(2)).feature_names
        ('x1', 'x2', 'x3')
    """
    return Dataset(features, labels, tuple(f"x{i}" for i in range(1, features.shape[1] + 1)))


def hold_out(data: Dataset, share: float, *, seed: int) -> tuple[Dataset, Dataset]:
    """Split rows by chance into a training part and a test part, each class in proportion.

    Args:
        data: the rows, with labels 0 and 1.
        share: of the rows that are held out, 0 < share < 1.
        seed: of the chance.

    Returns:
        The training part and the test part, both in the order of the file.

    Raises:
        InputError: a share outside (0, 1), or one that leaves a part without rows.
    """
    check_share(share)
    generator = generator_for(seed)
    held = torch.zeros(len(data.labels), dtype=torch.bool, device=data.labels.device)
    for label in (0, 1):
        rows = (data.labels == label).nonzero()[:, 0]
        count = round(share * len(rows))
        held[rows[torch.randperm(len(rows), generator=generator)[:count]]] = True
    check_parts(share, held)
    return _part(data, (~held).nonzero()[:, 0]), _part(data, held.nonzero()[:, 0])


def check_share(share: float) -> None:
    """Refuse a share that no part of rows can have.

    Raises:
        InputError: it is outside (0, 1).
    """
    if not 0 < share < 1:
        raise InputError(f"the test share must lie between 0 and 1, got {share:g}", code="share.range")


def check_parts(share: float, held: Tensor) -> None:
    """Refuse a part without rows; ``held`` (n,) says which rows are held out.

    Raises:
        InputError: all of them, or none.
    """
    if held.all() or not held.any():
        raise InputError(
            f"a test share of {share:g} leaves one part of {len(held)} rows empty", code="share.empty"
        )


def measure_scaling(data: Dataset) -> Scaling:
    """Mean and standard deviation of every column; a column that never changes keeps its size.

    Numerics: a column is divided by a power of two of its size, which rounds nothing and lets no square
    overflow or vanish, and it is centered before it is squared, so that 1e15 + 1 and 1e15 + 2 stay apart.

    Warns:
        InputWarning: a column holds one value only, and so tells nothing.
    """
    _refuse_sparse(data.features)
    if tiled(data.features) is not None:
        return _scaling_of_tiles(data)
    X, limits = data.features, torch.finfo(data.features.dtype)
    size = X.abs().amax(0).clamp(min=limits.tiny)
    unit = size / (2 * size.frexp().mantissa)
    about = (X / unit).mean(0)
    away = X / unit - about
    mean = unit * (about + away.mean(0))
    scale = unit * (away - away.mean(0)).square().mean(0).sqrt()
    # Rounding may bring it to 0, or beyond the largest number.
    scale = scale.clamp(min=limits.tiny * limits.eps).minimum(size)
    return _scaling(data, mean, scale, (X[:1] == X).all(0))


def _scaling_of_tiles(data: Dataset) -> Scaling:
    """The same in one pass over rows in tiles, whose sums are merged; the last digit may be another one."""
    moments, (low, high) = column_moments(data.features), column_ranges(data.features)
    return _scaling(data, moments.mean, moments.deviation, low == high)


def _scaling(data: Dataset, mean: torch.Tensor, scale: torch.Tensor, constant: torch.Tensor) -> Scaling:
    if constant.any():
        name = data.feature_names[int(constant.nonzero()[0])]
        warnings.warn(f"column {name!r} holds one value only and tells nothing", InputWarning, stacklevel=3)
    return Scaling(mean=tuple(mean.tolist()), scale=tuple(torch.where(constant, 1.0, scale).tolist()))


def differing_sizes(X: Features) -> tuple[float, int, int]:
    """By how much the sizes of columns differ, the largest absolute value of each, and in which two.

    A size and not a deviation, so that years, 2001 to 2024, are large beside shares. Columns that never
    change have none.

    Returns:
        The ratio, the column of the largest size, that of the smallest; 1 where no two columns change.

    Example:
        >>> differing_sizes(torch.tensor([[0.5, 300.0, 7.0], [-1.0, 100.0, 7.0]]))
        (300.0, 1, 0)
    """
    low, high = column_ranges(X)
    changing = (low != high).nonzero()[:, 0]
    if len(changing) < 2:
        return 1.0, 0, 0
    sizes = torch.maximum(-low, high)[changing].double()
    large, small = int(sizes.argmax()), int(sizes.argmin())
    return float(sizes[large] / sizes[small]), int(changing[large]), int(changing[small])


def own_units(
    weights: Sequence[float], bias: float, scaling: Scaling | None
) -> tuple[tuple[float, ...], float]:
    """Weights and bias for the columns as they came, of those for standardized columns.

    Formula: w / scale, and b - sum of w mean / scale.

    Example:
        >>> own_units([2.0], 1.0, Scaling(mean=(10.0,), scale=(4.0,)))
        ((0.5,), -4.0)
    """
    if scaling is None:
        return tuple(weights), bias
    raw = tuple(weight / scale for weight, scale in zip(weights, scaling.scale, strict=True))
    return raw, bias - math.fsum(weight * mean for weight, mean in zip(raw, scaling.mean, strict=True))


def standardize(X: Features, scaling: Scaling | None) -> Features:
    """(x - mean) / scale, or X itself without a scaling.

    Raises:
        InputError: sparse rows, which would become dense.
    """
    if scaling is None:
        return X
    if tiled(X) is not None:
        raise InputError(
            "rows on disk are standardized when they are converted: take stream(..., standardize=True)",
            code="tiles.standardize",
        )
    if isinstance(X, ShardedRows):
        return X.of_rows(lambda here: standardize(here, scaling))
    _refuse_sparse(X)
    mean, scale = (
        torch.tensor(part, dtype=X.dtype, device=X.device) for part in (scaling.mean, scaling.scale)
    )
    # Halves of wide columns, whose differences may be more than there is room for; halving rounds nothing.
    half = torch.where(scale > 1, 0.5, 1.0)
    return (X * half - mean * half) / (scale * half)


def whiten(X: Features) -> Features:
    """Rows turned to their principal axes, every axis at mean 0 and deviation 1: no two are correlated.

    Axes along which the rows do not vary, but for rounding, are left out.

    Args:
        X: (n, d), best with columns of one size.

    Returns:
        (n, k) with k <= d, the axis of least variance first.

    Example:
        >>> import torch
        >>> whiten(torch.tensor([[0.0, 0.0], [2.0, 2.0], [2.0, 2.0], [4.0, 4.0]])).shape
        torch.Size([4, 1])

    Source: principal component analysis, Hotelling, Journal of Educational Psychology 24 (1933).
    """
    centered = X - X.mean(0)
    variances, axes = torch.linalg.eigh(centered.T @ centered / len(X))
    felt = variances > VANISHING * variances[-1]
    whitened: Features = centered @ axes[:, felt] / variances[felt].sqrt()
    return whitened


def sample(data: Dataset, most: int, *, seed: int) -> Dataset:
    """At most so many rows by chance, in the order of the file."""
    rows = len(data.labels)
    stacked = tiled(data.features)
    if rows <= most:
        return data if isinstance(data.features, torch.Tensor) else _part(data, torch.arange(rows))
    # The list of all rows is as long as they are many: where they are not in memory, it is not either.
    space = None if stacked is None else stacked.space(rows, torch.int64)
    chosen = torch.randperm(rows, generator=generator_for(seed), out=space)[:most]
    return _part(data, chosen.sort().values)


def _part(data: Dataset, rows: torch.Tensor) -> Dataset:
    return replace(data, features=rows_at(data.features, rows), labels=data.labels[rows])


def _refuse_sparse(X: Features) -> None:
    if is_sparse(X):
        raise InputError(
            "sparse rows must not be standardized: less its mean, a 0 is no 0 any more. Divide the columns "
            "by their largest size instead, sklearn.preprocessing.MaxAbsScaler()",
            code="sparse.standardize",
        )
