"""What a kernel is, and the definition that every other accelerates."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan


class Kernel(Protocol):
    """Gives loss and gradient for the rows of each update; any rule drives it.

    Attributes:
        seen: what the first evaluation since ``watch`` said of theta on all rows, or None.
    """

    seen: Measures | None

    @property
    def measure(self) -> Callable[[Theta], Measures] | None:
        """Measures thetas (K, k) on the rows as they are laid out here; None where they are not."""

    def begin(self) -> None:
        """Forget what an interrupted stretch has left."""

    def watch(self) -> None:
        """Measure theta at the next evaluation, where it looks at all rows."""

    def evaluation(self, update: int) -> ValueAndGradient:
        """Value and gradient at a point, for the rows of an update."""

    def took(self, update: int, value: Values) -> None:
        """An update is done; its optimizer was given this value first."""

    def loss(self) -> Tensor:
        """The mean loss (runs...) of the rows that updates took since this was asked last."""


class ObjectiveKernel:
    """The definition: the objective is asked itself, whatever it is.

    Args:
        plan: any.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.seen: Measures | None = None
        self.measure = None
        self._watched = False
        self._total: Tensor | float = 0.0
        self._rows = 0
        # A neuron's accuracy is not in its value and gradient: it is measured apart.
        self._measures = plan.full_batch and plan.asks_at_theta and not isinstance(plan.objective, Neuron)

    def begin(self) -> None:
        """See ``Kernel``."""
        self._total, self._rows = 0.0, 0

    def watch(self) -> None:
        """See ``Kernel``."""
        self.seen, self._watched = None, self._measures

    def evaluation(self, update: int) -> ValueAndGradient:
        """See ``Kernel``."""
        ask = self._plan.evaluation(update)
        if not self._watched:
            return ask
        return ask.by(self._watching(ask, self._plan.scale(self._plan.size(update))))

    def took(self, update: int, value: Values) -> None:
        """See ``Kernel``."""
        size = self._plan.size(update)
        # Added at once: an objective may hand out the same tensor every time.
        self._total = self._total + value * (size / self._plan.scale(size))
        self._rows += size

    def loss(self) -> Tensor:
        """See ``Kernel``."""
        mean = torch.as_tensor(self._total) / self._rows
        self.begin()
        return mean

    def _watching(self, ask: ValueAndGradient, scale: float) -> ValueAndGradient:
        def watched(point: Theta) -> tuple[Values, Gradient]:
            value, gradient = ask(point)
            if self._watched:
                self._watched = False
                norm = torch.linalg.vector_norm(gradient, dim=-1) / scale
                nothing = torch.full_like(norm, math.nan)
                self.seen = Measures(
                    (value / scale).detach().clone(), norm, nothing, torch.zeros_like(norm, dtype=torch.bool)
                )
            return value, gradient

        return watched
