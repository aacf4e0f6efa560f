"""Coordinates of theta in which all columns are alike: mean 0, size 1."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.shapes import Features, Gradient

ROW_BLOCK = 1 << 16
"""Numbers in a block of rows: half a megabyte of float64, which stays in the cache."""


@dataclass(frozen=True, eq=False)
class Coordinates:
    """theta = T inner, where inner are the weights and the bias of standardized columns (x - mean) / scale.

    Formula: w = inner_w / scale and b = inner_b - w . mean, so that both give every row the same logit.

    Args:
        mean: (d,); zeros where there is no bias to take them up.
        scale: (d,), > 0.
        bias: whether theta ends with one.

    Example:
        >>> X = torch.tensor([[10.0], [14.0]])
        >>> columns = standard_coordinates(X, bias=True)
        >>> columns.up(torch.tensor([1.0, 0.0])).tolist()
        [0.5, -6.0]
    """

    mean: Tensor
    scale: Tensor
    bias: bool

    def up(self, inner: Tensor) -> Tensor:
        """T inner, (k,)."""
        if not self.bias:
            return inner / self.scale
        w = inner[:-1] / self.scale
        return torch.cat([w, inner[-1:] - w.dot(self.mean)])

    def inside(self, step: Tensor) -> Tensor:
        """T^-1 step, (k,)."""
        if not self.bias:
            return step * self.scale
        w = step[:-1]
        return torch.cat([w * self.scale, step[-1:] + w.dot(self.mean)])

    def down(self, gradient: Gradient) -> Tensor:
        """T^T gradient, (k,): the gradient by ``inner``."""
        if not self.bias:
            return gradient / self.scale
        return torch.cat([(gradient[:-1] - self.mean * gradient[-1]) / self.scale, gradient[-1:]])


def standard_coordinates(X: Features, weights: Tensor | None = None, *, bias: bool) -> Coordinates:
    """The coordinates in which the columns of rows have mean 0 and standard deviation 1.

    Numerics: one pass over blocks of rows, sums of float64 around the first row, so that neither an offset
    nor float32 costs digits. A column that is constant has its own size for a scale, one of zeros 1.

    Args:
        X: (n, d).
        weights: what the rows count, (n,), or None.
        bias: whether theta ends with a bias; without one columns keep their means.

    Returns:
        Coordinates in the dtype of X.
    """
    n, d = X.shape
    first = X[:1].double() if bias and n else X.new_zeros(1, d, dtype=torch.float64)
    total, squares = first.new_zeros(d), first.new_zeros(d)
    rows = max(1, ROW_BLOCK // max(d, 1))
    for start in range(0, n, rows):
        moved = X[start : start + rows].double() - first
        s = moved.new_ones(len(moved)) if weights is None else weights[start : start + rows].double()
        total += s @ moved
        squares += s @ moved.square_()
    count = n if weights is None else float(weights.sum(dtype=torch.float64))
    shift = total / count
    mean = first[0] + shift
    deviation = (squares / count - (shift * shift if bias else 0.0)).clamp(min=0.0).sqrt()
    # What rounding leaves of a constant column is no deviation.
    constant = deviation <= 1e-12 * mean.abs()
    size = torch.where(mean == 0, 1.0, mean.abs())
    scale = torch.where(constant, size, deviation)
    return Coordinates((mean if bias else torch.zeros_like(mean)).to(X.dtype), scale.to(X.dtype), bias)
