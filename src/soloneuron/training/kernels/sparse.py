"""All rows at once where most numbers are 0: products of compressed rows, and of their transpose."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.formulas.sparse import transposed, weighted_sums
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.layout import RowLayout, Tile


class SparseRows:
    """Value and gradient over all compressed rows, for one theta (k,) or for R runs (R, k).

    The transpose is made once: a column's share of the gradient is then one row's product. Labels cannot be
    folded into rows that are not to be copied; logits and slopes take the sign instead.

    Args:
        layout: the plan's rows.
    """

    def __init__(self, layout: RowLayout) -> None:
        self.measure = None
        self._layout, self._columns = layout, transposed(layout.X)
        nothing = layout.y.new_empty(0, 0)
        labels = None if layout.folded else layout.y
        self._rows = Tile(nothing, nothing, labels, layout.weights, layout.edges)

    def both(self, theta: Theta, *, watch: bool = False) -> tuple[Values, Gradient, Tensor | None]:
        """As ``WholeBatch.both``."""
        layout, rows, flat = self._layout, self._rows, theta.reshape(-1, theta.shape[-1]).squeeze(0)
        neuron, sign = layout.neuron, layout.sign
        t = weighted_sums(neuron.weights(flat), layout.X)
        if neuron.bias:
            t += flat[..., -1:]
        if sign is not None:
            t *= sign
        r = torch.empty_like(t)
        right = layout.right(t, rows, out=r) if watch else None
        total = layout.pass_over(t, rows, out=r)
        if sign is not None:
            r *= sign
        gradient = torch.empty_like(flat)
        neuron.weights(gradient).copy_(weighted_sums(r, self._columns))
        if neuron.bias:
            gradient[..., -1] = r.sum(-1)
        value, gradient = layout.finish(total, gradient, flat, layout.count)
        accuracy = None if right is None else layout.share_of(right).view(theta.shape[:-1])
        return value.view(theta.shape[:-1]), gradient.view(theta.shape), accuracy
