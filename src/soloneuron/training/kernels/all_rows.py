"""The kernel of updates that take all rows."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.evaluation import Evaluation
from soloneuron.training.kernels.curvature import Curvature
from soloneuron.training.kernels.in_place import RowsInPlace
from soloneuron.training.kernels.sparse import SparseRows
from soloneuron.training.kernels.whole import WholeBatch
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan


class AllRows:
    """Every update takes all rows: what is recorded of theta is a by-product of its evaluation there.

    Args:
        plan: of a neuron, full batch.
        rows: value, gradient and accuracy over all of them.
        curvature: value, gradient, Hessian and accuracy of a single run, for rules that ask for so much.
    """

    def __init__(
        self,
        plan: Plan,
        rows: WholeBatch | SparseRows | RowsInPlace,
        curvature: Curvature | RowsInPlace | None = None,
    ) -> None:
        self._rows, self._curvature, self._scale = rows, curvature, plan.scale(plan.rows)
        self._measures = plan.asks_at_theta
        self._total, self._watched = torch.zeros(()), False
        ask = plan.evaluation(0)
        self._ask = ask.by(self._both)
        if curvature is not None:
            self._ask = ask.by(
                self._both, value=self._value, second_order=self._second_order, rounded=self._rounded
            )
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
        self._see(value, gradient, accuracy)
        if self._scale == 1:
            return value, gradient
        return value * self._scale, gradient.mul_(self._scale)

    def _value(self, point: Theta) -> Values:
        assert self._curvature is not None, "trials are asked of it"
        return self._scaled(self._curvature.value(point))

    def _second_order(self, point: Theta) -> tuple[Values, Gradient, Tensor]:
        assert self._curvature is not None, "bends are asked of it"
        value, gradient, hessian, accuracy = self._curvature.second_order(point, watch=self._watched)
        self._see(value, gradient, accuracy)
        return self._scaled(value), self._scaled(gradient), self._scaled(hessian)

    def _rounded(self, ask: Evaluation) -> Evaluation:
        """What is asked of a neuron whose loss is rounded off; nothing of it is recorded."""
        assert self._curvature is not None, "bends are asked of it"
        assert isinstance(ask.objective, Neuron), "a neuron stays one"
        curvature = self._curvature.of(ask.objective)

        def second_order(point: Theta) -> tuple[Values, Gradient, Tensor]:
            value, gradient, hessian, _ = curvature.second_order(point)
            return self._scaled(value), self._scaled(gradient), self._scaled(hessian)

        def value(point: Theta) -> Values:
            return self._scaled(curvature.value(point))

        return ask.by(ask, value=value, second_order=second_order)

    def _scaled(self, found: Tensor) -> Tensor:
        return found if self._scale == 1 else found * self._scale

    def _see(self, value: Values, gradient: Gradient, accuracy: Tensor | None) -> None:
        """Keep what was asked for by ``watch``."""
        if accuracy is not None:
            self._watched = False
            norm = torch.linalg.vector_norm(gradient, dim=-1)
            self.seen = Measures(value, norm, accuracy, torch.zeros_like(norm, dtype=torch.bool))
