"""Second derivatives over all rows, in the pass that gives value and gradient; values alone for trials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.workers import Workers

GROUPS = 8
"""Tiles are summed up in so many groups, whatever the number of threads: the digits are the same."""


class SecondOrder(NamedTuple):
    """What one pass says of a point.

    Attributes:
        value: ().
        gradient: (k,).
        hessian: (k, k), in float64.
        accuracy: (), or None where it was not asked for.
    """

    value: Values
    gradient: Gradient
    hessian: Tensor
    accuracy: Tensor | None


class Curvature:
    """All that Newton's method asks about one theta (k,), each tile read while it is in cache.

    Formula: H = sum over tiles of (A^T diag(bend)) A / n, plus the penalty's curvature. Signs of folded
    labels meet twice and are gone.

    Numerics: products are float64 also of float32 rows. Where a column lies far from 0 the bend along it is
    a small difference of large sums, and 24 bits would leave none of it.

    Args:
        layout: of a single run's rows.
        tiles: its tiles.
        workers: who shares them.
    """

    def __init__(self, layout: RowLayout, tiles: list[Tile], workers: Workers) -> None:
        self._layout, self._workers = layout, workers
        count = min(GROUPS, len(tiles))
        cuts = [g * len(tiles) // count for g in range(count + 1)]
        self._groups = [tiles[low:high] for low, high in pairwise(cuts)]

    def second_order(self, theta: Theta, *, watch: bool = False) -> SecondOrder:
        """Value, gradient and Hessian; with ``watch`` the accuracy too."""
        first, *others = self._workers.map(partial(self._bent, theta=theta, watch=watch), self._groups)
        for sums in others:
            first.add(sums)
        layout, neuron = self._layout, self._layout.neuron
        value, gradient = layout.finish(first.total, first.gradient, theta, layout.count)
        H = first.hessian.div_(layout.count)
        if neuron.penalty is not None:
            neuron.penalized(H.diagonal()).add_(neuron.penalty.curvature)
        return SecondOrder(value, gradient, H, layout.share_of(first.right) if watch else None)

    def value(self, theta: Theta) -> Values:
        """The value alone: a trial costs one product a tile."""
        layout, neuron = self._layout, self._layout.neuron
        parts = self._workers.map(partial(self._valued, theta=theta), self._groups)
        mean: Values = torch.stack(parts).sum() / layout.count
        return mean if neuron.penalty is None else mean + neuron.penalty.value(neuron.penalized(theta))

    def _valued(self, group: list[Tile], *, theta: Theta) -> Values:
        layout, total = self._layout, theta.new_zeros(())
        for tile in group:
            t = layout.turned(torch.mv(tile.rows, theta), tile)
            total = total + layout.cost(t, tile)
        return total

    def _bent(self, group: list[Tile], *, theta: Theta, watch: bool) -> _Sums:
        layout, sums = self._layout, _Sums.of(theta)
        wide, bent = (torch.empty(0, dtype=torch.float64, device=theta.device) for _ in range(2))
        for tile in group:
            t = layout.turned(torch.mv(tile.rows, theta), tile)
            bend, r = layout.bend(t, tile), torch.empty_like(t)
            if watch:
                sums.right += layout.right(t, tile, out=r)
            sums.total += layout.pass_over(t, tile, out=r)
            sums.gradient.addmv_(tile.columns, layout.turned(r, tile))
            if wide.shape != tile.columns.shape:
                wide, bent = wide.new_empty(tile.columns.shape), wide.new_empty(tile.columns.shape)
            A = tile.columns if tile.columns.dtype == torch.float64 else wide.copy_(tile.columns)
            sums.hessian.addmm_(torch.mul(A, bend, out=bent), A.T)
        return sums


@dataclass
class _Sums:
    """What a group of tiles has summed up."""

    total: Tensor
    right: Tensor
    gradient: Gradient
    hessian: Tensor

    @staticmethod
    def of(theta: Theta) -> _Sums:
        """Nothing yet."""
        k = len(theta)
        zero = theta.new_zeros(())
        return _Sums(zero, zero.clone(), torch.zeros_like(theta), theta.new_zeros(k, k, dtype=torch.float64))

    def add(self, other: _Sums) -> None:
        """The sums of two groups."""
        self.total += other.total
        self.right += other.right
        self.gradient += other.gradient
        self.hessian += other.hessian
