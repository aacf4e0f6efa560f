"""All rows at once: tiles that stay in cache, shared among threads, each read from memory once."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.pairwise import PairwiseSum
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.curvature import Curvature
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.measuring import TileMeasuring
from soloneuron.training.kernels.workers import TaskSpan, Workers
from soloneuron.training.plan import Plan


class WholeBatch:
    """Value and gradient over all rows, for one theta (k,) or for R runs (R, k).

    A tile's logits, its losses and its share A^T r of the gradient are made while it is in cache. Each thread
    runs torch's operations on one core, so there is no barrier inside an operation; shares are added in one
    fixed tree, so digits depend neither on which thread was faster nor on how many threads and processes
    there are.

    Args:
        plan: of a neuron; its batch size does not matter here.
        layout: the plan's rows.
    """

    def __init__(self, plan: Plan, layout: RowLayout) -> None:
        self._layout, self._runs = layout, plan.runs
        self._workers = Workers()
        tiles = layout.tiles()
        shape = () if not plan.runs else (prod(plan.runs),)
        shares = [_Share(tile, tile.columns.new_zeros(*shape, layout.width + 2)) for tile in tiles]
        self._spans = self._workers.spans(shares)
        self.measure = None if plan.runs else TileMeasuring(layout, tiles)
        self.curvature = (
            None if plan.runs else Curvature(layout, tiles, self._workers, lambda: plan.hessian_coordinates)
        )

    def both(self, theta: Theta, *, watch: bool = False) -> tuple[Values, Gradient, Tensor | None]:
        """The objective and its gradient; with ``watch`` also the accuracy, else None in its place."""
        shape, layout = theta.shape, self._layout
        flat = theta.reshape(-1, shape[-1]) if self._runs else theta
        parts = self._workers.map(partial(self._pass_over, theta=flat, watch=watch), self._spans)
        sums = layout.sums()
        for part in parts:
            sums.join(part.nodes)
        # A copy: it is made of what the next pass writes to.
        gradient, total, right = layout.of_all(sums).clone().tensor_split((-2, -1), -1)
        value, gradient = layout.finish(total[..., 0], gradient, flat, layout.count)
        accuracy = layout.share_of(right[..., 0]).view(shape[:-1]) if watch else None
        return value.view(shape[:-1]), gradient.reshape(shape), accuracy

    def _pass_over(self, span: TaskSpan[_Share], *, theta: Theta, watch: bool) -> PairwiseSum:
        """Losses and gradients of some tiles in turn."""
        layout, sums = self._layout, self._layout.sums(span.first)
        first = span.tasks[0].tile
        t = first.columns.new_empty(*theta.shape[:-1], first.columns.shape[1])
        r = torch.empty_like(t)
        for tile, share in span.tasks:
            m = tile.columns.shape[1]
            if t.shape[-1] != m:
                t, r = t[..., :m], r[..., :m]
            if theta.dim() == 1:
                torch.mv(tile.rows, theta, out=t)
            else:
                torch.mm(theta, tile.columns, out=t)
            layout.turned(t, tile)
            if watch:
                share[..., -1] = layout.right(t, tile, out=r)
            share[..., -2] = layout.pass_over(t, tile, out=r)
            layout.turned(r, tile)
            if theta.dim() == 1:
                torch.mv(tile.columns, r, out=share[:-2])
            else:
                torch.mm(r, tile.rows, out=share[..., :-2])
            sums.add(share)
        return sums


class _Share(NamedTuple):
    """A tile, and room for what it gives: its share of the gradient, its losses, its accuracy."""

    tile: Tile
    sum: Tensor
