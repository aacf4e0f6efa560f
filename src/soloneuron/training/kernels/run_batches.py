"""Mini-batches of many runs that share one order of rows."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan


class RunBatches:
    """A batch A (m, k) serves all runs theta (R, k) in two products: t = theta A^T, gradient = r A / m.

    Args:
        plan: of a neuron on rows, many runs.
        layout: the plan's rows.
    """

    def __init__(self, plan: Plan, layout: RowLayout) -> None:
        self._plan, self._layout, self._matrix = plan, layout, layout.matrix()
        self.seen: Measures | None = None
        self.measure = None
        self._runs = prod(plan.runs)
        weights = layout.weights
        self._weights = None if weights is None else weights.expand(self._runs, -1)
        self.begin()

    def begin(self) -> None:
        """See ``Kernel``."""
        self._sum, self._rows = self._matrix.new_zeros(self._runs), 0

    def watch(self) -> None:
        """Nothing: no evaluation looks at all rows."""

    def evaluation(self, update: int) -> ValueAndGradient:
        """See ``Kernel``."""
        self._tile = self._taken(self._plan.rows_taken(update))
        return self._both

    def took(self, update: int, value: Values) -> None:
        """See ``Kernel``."""
        size = self._plan.size(update)
        self._sum += value.reshape(-1) * (size / self._plan.scale(size))
        self._rows += size

    def loss(self) -> Tensor:
        """See ``Kernel``."""
        mean = (self._sum / self._rows).view(self._plan.runs)
        self.begin()
        return mean

    def _taken(self, rows: slice | Tensor) -> Tile:
        A, layout = self._matrix[rows], self._layout
        return Tile(
            A.T,
            A,
            None if layout.folded else layout.y[rows],
            None if self._weights is None else self._weights[:, rows],
            A,
        )

    def _both(self, point: Theta) -> tuple[Values, Gradient]:
        tile, layout, theta = self._tile, self._layout, point.reshape(self._runs, -1)
        t = torch.mm(theta, tile.columns)
        r = torch.empty_like(t)
        total = layout.pass_over(t, tile, out=r)
        value, gradient = layout.finish(total, torch.mm(r, tile.rows), theta, len(tile.rows))
        scale = self._plan.scale(len(tile.rows))
        if scale != 1:
            value, gradient = value * scale, gradient.mul_(scale)
        return value.view(point.shape[:-1]), gradient.view(point.shape)
