"""The definition of training: one batch, one gradient, one step of the optimizer."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.objective import Objective
from soloneuron.training.plan import Plan, State


class Stepwise:
    """Any optimizer for any loss, penalty, weights, order and run axes.

    Formula, batch after batch, for plain descent: theta <- theta - rate * gradient of the mean loss of the
    batch. Every optimizer gets the gradient where it wants it, and as often as it asks.
    """

    patience = 1_000

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._objective: Objective = plan.neuron if plan.objective is None else plan.objective

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        plan, rule, theta = self._plan, self._plan.optimizer, state.theta.clone()
        memory = rule.start(theta) if state.memory is None else state.memory.copy()
        losses = []
        for epoch in range(state.epoch, state.epoch + epochs):
            total = theta.new_zeros(plan.runs)
            for batch in plan.batches(epoch):
                rows = batch.labels.shape[-1]
                value = rule.update(theta, partial(self._scaled, batch, plan.scale(rows)), memory)
                total += value * (rows / plan.scale(rows))
            losses.append(total / plan.rows)
        return State(state.epoch + epochs, theta, memory), torch.stack(losses)

    def _scaled(self, batch: Batch, scale: float, point: Theta) -> tuple[Values, Gradient]:
        value, gradient = self._objective.value_and_gradient(point, batch)
        return (value, gradient) if scale == 1 else (value * scale, gradient * scale)
