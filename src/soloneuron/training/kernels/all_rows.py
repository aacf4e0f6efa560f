"""The kernel of updates that take all rows."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.sparse import SparseRows
from soloneuron.training.kernels.whole import WholeBatch
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan


class AllRows:
    """Every update takes all rows: what is recorded of theta is a by-product of its evaluation there.

    Args:
        plan: of a neuron, full batch.
        rows: value, gradient and accuracy over all of them.
    """

    def __init__(self, plan: Plan, rows: WholeBatch | SparseRows) -> None:
        self._rows, self._scale = rows, plan.scale(plan.rows)
        self._measures = plan.asks_at_theta
        self._total, self._watched = torch.zeros(()), False
        self._ask = plan.evaluation(0).by(self._both)
        self.seen: Measures | None = None
        self.measure = rows.measure

    def begin(self) -> None:
        """See ``Kernel``."""

    def watch(self) -> None:
        """See ``Kernel``."""
        self.seen, self._watched = None, self._measures

    def evaluation(self, update: int) -> ValueAndGradient:  # noqa: ARG002
        """See ``Kernel``."""
        return self._ask

    def took(self, update: int, value: Values) -> None:  # noqa: ARG002
        """See ``Kernel``."""
        self._total = value if self._scale == 1 else value / self._scale

    def loss(self) -> Tensor:
        """See ``Kernel``."""
        return self._total

    def _both(self, point: Theta) -> tuple[Values, Gradient]:
        value, gradient, accuracy = self._rows.both(point, watch=self._watched)
        if accuracy is not None:
            self._watched = False
            norm = torch.linalg.vector_norm(gradient, dim=-1)
            self.seen = Measures(value, norm, accuracy, torch.zeros_like(norm, dtype=torch.bool))
        if self._scale == 1:
            return value, gradient
        return value * self._scale, gradient.mul_(self._scale)
