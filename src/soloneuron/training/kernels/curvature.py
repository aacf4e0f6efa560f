"""Second derivatives over all rows, in the pass that gives value and gradient; values alone for trials."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.coordinates import Coordinates
from soloneuron.formulas.pairwise import PairwiseSum
from soloneuron.neuron import Neuron
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.workers import TaskSpan, Workers


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
    a small difference of large sums, and 24 bits would leave none of it. Where 53 would not either, or
    squares would leave the range, columns are taken in other coordinates, tile by tile.

    Args:
        layout: of a single run's rows.
        tiles: its tiles.
        workers: who shares them.
        columns: finds the coordinates to differentiate by when they are needed; None in them is theta itself.
    """

    def __init__(
        self,
        layout: RowLayout,
        tiles: list[Tile],
        workers: Workers,
        columns: Callable[[], Coordinates | None],
    ) -> None:
        self._layout, self._workers, self._columns = layout, workers, columns
        self._spans = workers.spans(tiles)

    def of(self, neuron: Neuron) -> Curvature:
        """The same of another neuron on these rows, see ``RowLayout.of``."""
        other = copy(self)
        other._layout = self._layout.of(neuron)
        return other

    def second_order(self, theta: Theta, *, watch: bool = False) -> SecondOrder:
        """Value, gradient and Hessian; with ``watch`` the accuracy too."""
        parts = self._workers.map(partial(self._bent, theta=theta, watch=watch), self._spans)
        layout, neuron = self._layout, self._layout.neuron
        sums, bends = layout.sums(), layout.sums()
        for of_span, bends_of_span in parts:
            sums.join(of_span.nodes)
            bends.join(bends_of_span.nodes)
        gradient, total, right = layout.of_all(sums).tensor_split((-2, -1))
        value, gradient = layout.finish(total[0], gradient, theta, layout.count)
        H = neuron.add_bend(layout.of_all(bends).div_(layout.count), self._columns())
        return SecondOrder(value, gradient, H, layout.share_of(right[0]) if watch else None)

    def value(self, theta: Theta) -> Values:
        """The value alone: a trial costs one product a tile."""
        layout, neuron, sums = self._layout, self._layout.neuron, self._layout.sums()
        for part in self._workers.map(partial(self._valued, theta=theta), self._spans):
            sums.join(part.nodes)
        mean: Values = layout.of_all(sums) / layout.count
        return mean if neuron.penalty is None else mean + neuron.penalty.value(neuron.penalized(theta))

    def _valued(self, span: TaskSpan[Tile], *, theta: Theta) -> PairwiseSum:
        layout, sums = self._layout, self._layout.sums(span.first)
        for tile in span.tasks:
            sums.add(layout.cost(layout.turned(torch.mv(tile.rows, theta), tile), tile))
        return sums

    def _bent(self, span: TaskSpan[Tile], *, theta: Theta, watch: bool) -> tuple[PairwiseSum, PairwiseSum]:
        """Sums of slopes times rows, losses, accuracies (k + 2,), and of Hessians (k, k), in float64."""
        layout = self._layout
        sums, bends = layout.sums(span.first), layout.sums(span.first)
        wide, bent = (torch.empty(0, dtype=torch.float64, device=theta.device) for _ in range(2))
        for tile in span.tasks:
            t = layout.turned(torch.mv(tile.rows, theta), tile)
            bend, r, share = layout.bend(t, tile), torch.empty_like(t), t.new_zeros(layout.width + 2)
            if watch:
                share[-1] = layout.right(t, tile, out=r)
            share[-2] = layout.pass_over(t, tile, out=r)
            torch.mv(tile.columns, layout.turned(r, tile), out=share[:-2])
            sums.add(share)
            if wide.shape != tile.columns.shape:
                wide, bent = wide.resize_(tile.columns.shape), bent.resize_(tile.columns.shape)
            A = self._standing(tile, wide)
            bends.add(torch.mm(torch.mul(A, bend, out=bent), A.T))
        return sums, bends

    def _standing(self, tile: Tile, wide: Tensor) -> Tensor:
        """The columns of a tile in float64 and in their coordinates; ``wide`` is scratch."""
        columns = self._columns()
        if columns is None:
            return tile.columns if tile.columns.dtype == torch.float64 else wide.copy_(tile.columns)
        x = wide.copy_(tile.columns)[: len(columns.scale)]
        if columns.bias:
            # The last row has the signs that labels were folded in with.
            x.addr_(columns.mean, wide[-1], alpha=-1)
        x.div_(columns.scale[:, None])
        return wide
