"""All rows at once where most numbers are 0: products of compressed rows, and of their transpose."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.sparse import rows_at, transposed, weighted_sums
from soloneuron.shapes import Features, Gradient, Theta, Values
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.measures import Measures


class SparseRows:
    """Value and gradient over all compressed rows, for one theta (k,) or for R runs (R, k).

    The transpose of every block is made once: a column's share of the gradient is then one row's product.
    Labels cannot be folded into rows that are not to be copied; logits and slopes take the sign instead.

    Args:
        layout: the plan's rows.
        runs: the run axes of theta.
    """

    def __init__(self, layout: RowLayout, runs: tuple[int, ...] = ()) -> None:
        # The weights of many runs, or their thetas, are measured by the objective, which knows run axes.
        self.measure = None if runs else self._measured
        self._layout = layout
        self._blocks = [self._block(rows) for rows in layout.cuts()]

    def both(self, theta: Theta, *, watch: bool = False) -> tuple[Values, Gradient, Tensor | None]:
        """As ``WholeBatch.both``."""
        layout, flat = self._layout, theta.reshape(-1, theta.shape[-1]).squeeze(0)
        sums = layout.sums()
        for block in self._blocks:
            sums.add(self._share(block, self._logits(block, flat), watch=watch))
        gradient, total, right = layout.of_all(sums).tensor_split((-2, -1), -1)
        value, gradient = layout.finish(total[..., 0], gradient.contiguous(), flat, layout.count)
        accuracy = layout.share_of(right[..., 0]).view(theta.shape[:-1]) if watch else None
        return value.view(theta.shape[:-1]), gradient.view(theta.shape), accuracy

    def _measured(self, thetas: Theta) -> Measures:
        """The measures of thetas (K, k), (K,) each: one after another, for one number a row is enough."""
        layout, found = self._layout, []
        for theta in thetas:
            value, gradient, accuracy = self.both(theta, watch=True)
            parts = [layout.highest(self._logits(block, theta), block.tile) for block in self._blocks]
            apart = layout.largest(torch.stack(parts).amax()) < 0
            assert accuracy is not None, "it was watched"
            found.append((value, torch.linalg.vector_norm(gradient), accuracy, apart))
        return Measures(*map(torch.stack, zip(*found, strict=True)))

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
        neuron.weights(share[..., :-2]).copy_(weighted_sums(r, block.columns))
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
        return _Block(X, transposed(X), tile, None if layout.sign is None else layout.sign[rows])


class _Block(NamedTuple):
    """Some rows, and their columns as rows; what belongs to them; the sign of their class, or None."""

    rows: Features
    columns: Features
    tile: Tile
    sign: Tensor | None
