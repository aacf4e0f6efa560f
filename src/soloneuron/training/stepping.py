"""A training update by update, for whoever wants to see each one and what is inside.

``loop.updates_of`` goes on from update to update; here is one update on its own, and one taken apart.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta
from soloneuron.training.loop import updates_of
from soloneuron.training.plan import Plan, State


def first_state(plan: Plan, theta: Theta) -> State:
    """The state before the first update, with what the optimizer begins with."""
    return State(0, theta.clone(), plan.optimizer.start(theta))


def next_state(plan: Plan, state: State) -> State:
    """The state one update on.

    Args:
        plan: the job.
        state: where to start; it is not changed.

    Returns:
        The next state; its theta may not be finite.

    Example:
        >>> from soloneuron.data.assignment import assignment_data
        >>> from soloneuron.training.prepare import prepare
        >>> training = prepare(assignment_data(), batch_size=2)
        >>> state = next_state(training.plan, training.state)
        >>> state.update, state.evaluations, state.rows
        (1, 1, 2)
    """
    return next(updates_of(plan, state)).state


class UpdateDetail(NamedTuple):
    """One update of a single run, taken apart.

    Attributes:
        before: the state it starts from.
        after: the state it leads to.
        rows: (m,) the numbers of the rows of its batch.
        batch: those rows.
        point: where the rule wants the gradient; often theta.
        gradient: of the batch's loss at that point, as the rule gets it first.
    """

    before: State
    after: State
    rows: Tensor
    batch: Batch
    point: Theta
    gradient: Gradient


def update_detail(plan: Plan, state: State) -> UpdateDetail:
    """Take the next update apart; nothing changes."""
    taken = plan.rows_taken(state.update)
    theta = state.theta.clone()
    memory = plan.optimizer.start(theta) if state.memory is None else state.memory.copy()
    point = plan.optimizer.at(theta, memory).clone()
    _, gradient = plan.evaluation(state.update)(point)
    return UpdateDetail(
        before=state,
        after=next_state(plan, state),
        rows=torch.arange(plan.rows)[taken],
        batch=plan.rows_of(taken),
        point=point,
        gradient=gradient,
    )
