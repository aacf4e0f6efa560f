"""Coordinates of theta in which all columns are alike: mean 0, size 1."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.formulas.columns import ColumnMoments
from soloneuron.shapes import Gradient


@dataclass(frozen=True, eq=False)
class Coordinates:
    """theta = T inner, where inner are the weights and the bias of standardized columns (x - mean) / scale.

    Formula: w = inner_w / scale and b = inner_b - w . mean, so that both give every row the same logit.

    Args:
        mean: (d,); zeros where there is no bias to take them up.
        scale: (d,), > 0.
        bias: whether theta ends with one.
        bend: by how much a function bends along each of ``inner`` at most, columns that lean on each other
            apart; None where that has no bound.

    Example:
        >>> moments = ColumnMoments(mean=torch.tensor([12.0]), deviation=torch.tensor([2.0]))
        >>> columns = standard_coordinates(moments, bias=True)
        >>> columns.up(torch.tensor([1.0, 0.0])).tolist()
        [0.5, -6.0]
    """

    mean: Tensor
    scale: Tensor
    bias: bool
    bend: float | None = None

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

    def congruent(self, diagonal: Tensor) -> Tensor:
        """T^T D T, (k, k), of a diagonal D (k,): what bends for each of theta, by ``inner``."""
        d = len(self.scale)
        bent = torch.diag(torch.cat([diagonal[:d] / self.scale / self.scale, diagonal[d:]]))
        if self.bias and bool(diagonal[d] != 0):
            along = torch.cat([-self.mean / self.scale, self.scale.new_ones(1)])
            bent[d, d] = 0.0
            bent.addr_(along, along, alpha=float(diagonal[d]))
        return bent


def standard_coordinates(moments: ColumnMoments, *, bias: bool, ridge: float = 0.0) -> Coordinates:
    """The coordinates in which the columns of rows have mean 0 and standard deviation 1.

    Numerics: theta alone is turned, so rows may be sparse. A column that is constant has its own size for a
    scale, one of zeros 1.

    Args:
        moments: of the columns, (d,) each.
        bias: whether theta ends with a bias; without one columns keep their means.
        ridge: how much a penalty bends for every weight, where a row bends by 1 in its logit: a column much
            smaller than its root is no longer what the weight feels.

    Returns:
        Coordinates in float64.
    """
    mean, deviation = moments
    scale = torch.where(moments.varied, deviation, mean.abs()) if bias else moments.root_mean_square
    scale = torch.where(scale == 0, 1.0, scale) if ridge == 0 else (scale * scale + ridge).sqrt()
    return Coordinates(mean if bias else torch.zeros_like(mean), scale, bias)
