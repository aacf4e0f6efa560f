"""All rows at once where most numbers are 0: products of compressed rows, and of their columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.pairwise import PairwiseSum
from soloneuron.formulas.sparse import column_sums, rows_at, weighted_sums
from soloneuron.shapes import Features, Gradient, Theta, Values
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.workers import TaskSpan, Workers
from soloneuron.training.measures import Measures


class SparseRows:
    """Value and gradient over all compressed rows, for one theta (k,) or for R runs (R, k).

    Labels cannot be folded into rows that are not to be copied; logits and slopes take the sign instead.
    Blocks are shared among threads and added in one fixed tree, as those of ``WholeBatch`` are.

    Args:
        layout: the plan's rows.
        runs: the run axes of theta.
    """

    def __init__(self, layout: RowLayout, runs: tuple[int, ...] = ()) -> None:
        # The weights of many runs, or their thetas, are measured by the objective, which knows run axes.
        self.measure = None if runs else self._measured
        # Torch parts a long row of a compressed matrix among cores, so that its sum hangs on their number.
        self._layout, self._workers, self._many = layout, Workers(alone=True), bool(runs)
        self._spans = self._workers.spans([self._block(rows) for rows in layout.cuts()])

    def both(self, theta: Theta, *, watch: bool = False) -> tuple[Values, Gradient, Tensor | None]:
        """As ``WholeBatch.both``."""
        return self._asked(theta, watch=watch)[:3]

    def _asked(self, theta: Theta, *, watch: bool) -> tuple[Values, Gradient, Tensor | None, Tensor | None]:
        """The same, and the highest logit of the wrong class if it is watched."""
        layout, flat = self._layout, theta.reshape(-1, theta.shape[-1]) if self._many else theta
        sums, parts = layout.sums(), self._workers.map(partial(self._pass_over, flat, watch), self._spans)
        for part, _ in parts:
            sums.join(part.nodes)
        gradient, total, right = layout.of_all(sums).tensor_split((-2, -1), -1)
        value, gradient = layout.finish(total[..., 0], gradient.contiguous(), flat, layout.count)
        value, gradient = value.view(theta.shape[:-1]), gradient.view(theta.shape)
        if not watch:
            return value, gradient, None, None
        highest = torch.stack([one for _, each in parts for one in each]).amax(0)
        return value, gradient, layout.share_of(right[..., 0]).view(theta.shape[:-1]), highest

    def _measured(self, thetas: Theta) -> Measures:
        """The measures of thetas (K, k), (K,) each: one after another, for one number a row is enough."""
        found = []
        for theta in thetas:
            value, gradient, accuracy, highest = self._asked(theta, watch=True)
            assert accuracy is not None, "it was watched"
            assert highest is not None, "it was watched"
            apart = self._layout.largest(highest) < 0
            found.append((value, torch.linalg.vector_norm(gradient), accuracy, apart))
        return Measures(*map(torch.stack, zip(*found, strict=True)))

    def _pass_over(
        self, theta: Theta, watch: bool, span: TaskSpan[_Block]
    ) -> tuple[PairwiseSum, list[Tensor]]:
        """Sums over some blocks, and of each the highest logit of the wrong class if that is watched."""
        layout, sums, highest = self._layout, self._layout.sums(span.first), list[Tensor]()
        for block in span.tasks:
            t = self._logits(block, theta)
            if watch:
                highest.append(layout.highest(t, block.tile))
            sums.add(self._share(block, t, watch=watch))
        return sums, highest

    def _logits(self, block: _Block, theta: Theta) -> Tensor:
        """Those of the wrong class where the labels are hard and the loss is symmetric."""
        neuron = self._layout.neuron
        t = weighted_sums(neuron.weights(theta), block.rows)
        if neuron.bias:
            t += theta[..., -1:]
        if block.sign is not None:
            t *= block.sign
        return t

    def _share(self, block: _Block, t: Tensor, *, watch: bool) -> Tensor:
        """Of one block the sums of slopes times rows, losses and accuracies, (..., k + 2); t is spent."""
        layout, neuron = self._layout, self._layout.neuron
        r, share = torch.empty_like(t), t.new_zeros(*t.shape[:-1], layout.width + 2)
        if watch:
            share[..., -1] = layout.right(t, block.tile, out=r)
        share[..., -2] = layout.pass_over(t, block.tile, out=r)
        if block.sign is not None:
            r *= block.sign
        neuron.weights(share[..., :-2]).copy_(block.columns(r))
        if neuron.bias:
            share[..., -3] = r.sum(-1)
        return share

    def _block(self, rows: slice) -> _Block:
        layout = self._layout
        X = layout.X if rows == slice(0, len(layout.X)) else rows_at(layout.X, rows)
        nothing = layout.y.new_empty(0, 0)
        labels = None if layout.folded else layout.y[rows]
        weights = None if layout.weights is None else layout.weights[..., rows]
        edges = None if layout.edges is None else layout.edges[rows]
        tile = Tile(nothing, nothing, labels, weights, edges)
        return _Block(X, partial(column_sums, X=X), tile, None if layout.sign is None else layout.sign[rows])


class _Block(NamedTuple):
    """Some rows, and r -> X^T r of them; what belongs to them; the sign of their class, or None."""

    rows: Features
    columns: Callable[[Tensor], Tensor]
    tile: Tile
    sign: Tensor | None
