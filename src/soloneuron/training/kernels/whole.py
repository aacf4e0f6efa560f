"""All rows at once: tiles that stay in cache, shared among threads, each read from memory once."""

from __future__ import annotations

from functools import partial
from math import prod

import torch
from torch import Tensor

from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.curvature import Curvature
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.measuring import TileMeasuring
from soloneuron.training.kernels.workers import Workers
from soloneuron.training.plan import Plan


class WholeBatch:
    """Value and gradient over all rows, for one theta (k,) or for R runs (R, k).

    A tile's logits, its losses and its share A^T r of the gradient are made while it is in cache. Each thread
    runs torch's operations on one core, so there is no barrier inside an operation; shares are added in the
    order of the tiles, so digits depend neither on which thread was faster nor on how many there are.

    Args:
        plan: of a neuron; its batch size does not matter here.
        layout: the plan's rows.
    """

    def __init__(self, plan: Plan, layout: RowLayout) -> None:
        self._layout, self._runs = layout, plan.runs
        self._workers = Workers()
        tiles = layout.tiles()
        shape = () if not plan.runs else (prod(plan.runs),)
        shares = [_Share(layout, tile, shape) for tile in tiles]
        spans = min(self._workers.count, len(shares))
        self._spans = [
            shares[k * len(shares) // spans : (k + 1) * len(shares) // spans] for k in range(spans)
        ]
        self._shares = shares
        self.tiles = tiles
        self.measure = None if plan.runs else TileMeasuring(layout, tiles)
        self.curvature = None if plan.runs else Curvature(layout, tiles, self._workers)

    def both(self, theta: Theta, *, watch: bool = False) -> tuple[Values, Gradient, Tensor | None]:
        """The objective and its gradient; with ``watch`` also the accuracy, else None in its place."""
        shape, layout = theta.shape, self._layout
        flat = theta.reshape(-1, shape[-1]) if self._runs else theta
        self._workers.map(partial(_pass_over, theta=flat, watch=watch), self._spans)
        first, *others = self._shares
        # In the order of the tiles, not of the threads: the same digits every time.
        gradient, total, right = first.gradient.clone(), first.total, first.right
        for share in others:
            gradient += share.gradient
            total = total + share.total
            right = None if right is None or share.right is None else right + share.right
        value, gradient = layout.finish(total, gradient, flat, layout.count)
        accuracy = None if right is None else layout.share_of(right).view(shape[:-1])
        return value.view(shape[:-1]), gradient.view(shape), accuracy


class _Share:
    """What one tile gives."""

    def __init__(self, layout: RowLayout, tile: Tile, runs: tuple[int, ...]) -> None:
        self.layout, self.tile = layout, tile
        self.gradient = tile.columns.new_empty(*runs, layout.width)
        self.total = tile.columns.new_empty(runs)
        self.right: Tensor | None = None


def _pass_over(span: list[_Share], *, theta: Theta, watch: bool) -> None:
    """Losses and gradients of some tiles in turn."""
    first = span[0].tile
    t = first.columns.new_empty(*theta.shape[:-1], first.columns.shape[1])
    r = torch.empty_like(t)
    for share in span:
        tile, layout = share.tile, share.layout
        m = tile.columns.shape[1]
        if t.shape[-1] != m:
            t, r = t[..., :m], r[..., :m]
        if theta.dim() == 1:
            torch.mv(tile.rows, theta, out=t)
        else:
            torch.mm(theta, tile.columns, out=t)
        layout.turned(t, tile)
        share.right = layout.right(t, tile, out=r) if watch else None
        share.total = layout.pass_over(t, tile, out=r)
        layout.turned(r, tile)
        if theta.dim() == 1:
            torch.mv(tile.columns, r, out=share.gradient)
        else:
            torch.mm(r, tile.rows, out=share.gradient)
