"""Engines: k epochs of plain descent at once, as fast as the shape of the work allows.

Every engine is an acceleration of ``Stepwise``, which is the definition, and gives the same numbers to
1e-12. An engine says what it ``suits``; the first that suits is taken, from the most special to the
general one. The fast ones know one case, the commonest: NLL, hard labels, no weights, no penalty.
"""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from soloneuron.training.engines.blocks import Blocks
from soloneuron.training.engines.fullbatch import FullBatch
from soloneuron.training.engines.minibatch import MiniBatch
from soloneuron.training.engines.scalars import Scalars
from soloneuron.training.engines.stepwise import Stepwise
from soloneuron.training.engines.sweeps import Sweeps
from soloneuron.training.engines.tiles import Tiles
from soloneuron.training.plan import Plan, State


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
            state: where to start; it is not changed.
            epochs: how many, >= 1.

        Returns:
            The state after them, and the loss of each epoch (epochs, runs...): the mean of the losses taken
            before each update.
        """
        ...


def choose(plan: Plan) -> Engine:
    """The fastest engine that suits the plan.

    Args:
        plan: the job.

    Returns:
        An engine, prepared for this plan.
    """
    for engine in (Sweeps, Scalars, Blocks, Tiles, FullBatch, MiniBatch):
        if engine.suits(plan):
            return engine(plan)
    return Stepwise(plan)
