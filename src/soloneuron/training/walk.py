"""A training update by update, for whoever wants to see each one.

The loop moves by whole epochs, as fast as it can; a walk stops after every update, and says what it cost.
Both take the same batches in the same order through the same optimizer.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.metrics import accuracy
from soloneuron.optimizers.state import State as Memory
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.plan import Plan


class Place(NamedTuple):
    """Where a walk stands: enough to go on from, bit for bit.

    Attributes:
        update: how many updates are done.
        theta: (d+1,), never changed in place.
        memory: what the optimizer remembers; nor is that.
        rows: gradients of single rows that were evaluated so far, repeats counted.
    """

    update: int
    theta: Theta
    memory: Memory
    rows: int = 0


def first_place(plan: Plan, theta: Theta) -> Place:
    """The place before the first update."""
    return Place(0, theta, plan.optimizer.start(theta.clone()))


def next_place(plan: Plan, place: Place) -> Place:
    """The place one update on.

    Args:
        plan: the job, of a single run.
        place: where to start; it is not changed.

    Returns:
        The next place; its theta may not be finite.
    """
    batch = plan.rows_of(rows_taken(plan, place.update))
    size, calls = len(batch.labels), 0

    def objective(point: Theta) -> tuple[Values, Gradient]:
        nonlocal calls
        calls += 1
        value, gradient = plan.neuron.value_and_gradient(point, batch)
        return value * plan.scale(size), gradient * plan.scale(size)

    theta, memory = place.theta.clone(), place.memory.copy()
    plan.optimizer.update(theta, objective, memory)
    return Place(place.update + 1, theta, memory, place.rows + calls * size)


def rows_taken(plan: Plan, update: int) -> slice | Tensor:
    """Which rows are the batch of an update, counted from 0."""
    length = -(-plan.rows // plan.batch_size)
    epoch, part = divmod(update, length)
    order = plan.order(epoch)
    taken = slice(part * plan.batch_size, (part + 1) * plan.batch_size)
    return taken if order is None else order[taken]


class Look(NamedTuple):
    """One update, taken apart.

    Attributes:
        before: the place it starts from.
        after: the place it leads to.
        rows: (m,) the numbers of the rows of its batch.
        batch: those rows.
        point: where the rule wants the gradient; often theta.
        gradient: of the batch's loss at that point, as the rule gets it first.
    """

    before: Place
    after: Place
    rows: Tensor
    batch: Batch
    point: Theta
    gradient: Gradient


def look(plan: Plan, place: Place) -> Look:
    """Take the next update apart; nothing changes."""
    taken = rows_taken(plan, place.update)
    batch = plan.rows_of(taken)
    theta, memory = place.theta.clone(), place.memory.copy()
    point = plan.optimizer.at(theta, memory).clone()
    _, gradient = plan.neuron.value_and_gradient(point, batch)
    return Look(
        before=place,
        after=next_place(plan, place),
        rows=torch.arange(plan.rows)[taken],
        batch=batch,
        point=point,
        gradient=gradient * plan.scale(len(batch.labels)),
    )


class Measures(NamedTuple):
    """What many thetas cost on all rows: loss, length of the gradient, share of rows on the right side."""

    loss: Tensor
    gradient_norm: Tensor
    accuracy: Tensor


def measure(plan: Plan, thetas: Theta) -> Measures:
    """Measure thetas (R, d+1) on all rows of a plan; three tensors (R,)."""
    loss, gradient = plan.neuron.value_and_gradient(thetas, plan.data)
    z = plan.neuron.logits(thetas, plan.data.features)
    share = accuracy(z, plan.data.labels, plan.data.weights)
    return Measures(loss, torch.linalg.vector_norm(gradient, dim=-1), share)
