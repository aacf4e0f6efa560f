"""A budget that is kept: whoever asks once more than it pays for is stopped."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.evaluation import Counted, Tally
from soloneuron.training.loop import updates
from soloneuron.training.measures import values_at
from soloneuron.training.session import Training

REMEMBERED = 64
"""So many answers are kept: a line search goes on from a point of the last one, which it has paid for."""


class BudgetSpentError(Exception):
    """The next evaluation is one too many."""


class Budgeted(Counted):
    """A function that answers as often as a budget pays for; the same question twice costs nothing more.

    Args:
        function: point -> (value, gradient there), perhaps with more to ask for.
        budget: evaluations.
        tally: what has been spent of it.
        known: answers so far.
    """

    def __init__(
        self,
        function: ValueAndGradient,
        budget: int,
        tally: Tally,
        known: list[tuple[Theta, Values, Gradient]],
    ) -> None:
        super().__init__(function, tally)
        self._budget, self._known = budget, known

    def _count(self, gradients: int) -> None:
        if self._tally.calls + gradients > self._budget:
            raise BudgetSpentError
        super()._count(gradients)

    def __call__(self, point: Theta) -> tuple[Values, Gradient]:
        """The value and the gradient."""
        for known, value, gradient in self._known:
            if torch.equal(known, point):
                return value.clone(), gradient.clone()
        value, gradient = super().__call__(point)
        self._known.append((point.clone(), value.clone(), gradient.clone()))
        del self._known[:-REMEMBERED]
        return value, gradient


def watched(training: Training, budget: int) -> tuple[Tensor, list[int]]:
    """The values along a run of a rule that asks as often as it likes.

    Args:
        training: where it begins, with whatever run axes.
        budget: evaluations, each for all runs.

    Returns:
        The values (T+1, runs...) at the start and after each epoch, and what had been asked until then.
    """
    plan, tally = training.plan, Tally()
    known: list[tuple[Theta, Values, Gradient]] = []
    batches = plan.updates > 1

    def paid(update: int) -> ValueAndGradient:
        # In batches the next update is another function.
        if batches:
            known.clear()
        return Budgeted(plan.evaluation(update), budget, tally, known)

    thetas, costs = [training.state.theta.clone()], [0]
    try:
        for done in updates(plan.optimizer, training.state, paid):
            if done.state.update % plan.updates:
                continue
            spent = round(tally.calls)
            # Who asks for nothing new stands still.
            if spent == costs[-1]:
                break
            thetas.append(done.state.theta.clone())
            costs.append(spent)
            if spent >= budget:
                break
    except BudgetSpentError:
        pass
    return values_at(plan.objective, torch.stack(thetas), plan.data), costs
