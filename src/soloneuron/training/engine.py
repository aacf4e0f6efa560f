"""What an engine is: some epochs of a plan at once."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from soloneuron.training.plan import State


class Engine(Protocol):
    """Advances a run by whole epochs.

    Attributes:
        patience: updates that take about a tenth of a second, so that who watches is not kept waiting and
            who interrupts loses little. A number and not a clock: a run must not depend on the time of day.
    """

    patience: int

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state.

        Args:
            state: where to start, at the end of an epoch; it is not changed.
            epochs: how many, >= 1.

        Returns:
            The state after them, and the loss of each epoch (epochs, runs...): the mean of the losses taken
            before each update.
        """
        ...
