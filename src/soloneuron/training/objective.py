"""What the loop asks of a model."""

from __future__ import annotations

from typing import Protocol

from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values


class Objective(Protocol):
    """A value and its gradient at theta, for a batch of rows.

    The neuron with its hand-written gradient is one; an Element graph, eager or compiled, is another.
    """

    def value_and_gradient(self, theta: Theta, batch: Batch) -> tuple[Values, Gradient]:
        """The mean loss (...) at theta (..., k) and its gradient, shaped like theta."""
        ...
