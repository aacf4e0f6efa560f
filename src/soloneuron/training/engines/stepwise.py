"""The definition of training: one batch, one gradient, one step."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.training.objective import Objective
from soloneuron.training.plan import Plan, State


class Stepwise:
    """Plain descent for any loss, penalty, weights, order and run axes.

    Formula: theta <- theta - rate * gradient of the mean loss of the batch, batch after batch.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._objective: Objective = plan.neuron

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        theta = state.theta
        losses = []
        for epoch in range(state.epoch, state.epoch + epochs):
            total = theta.new_zeros(self._plan.runs)
            for batch in self._plan.batches(epoch):
                rows = batch.labels.shape[-1]
                value, gradient = self._objective.value_and_gradient(theta, batch)
                total += value * rows
                theta = theta - self._plan.step_size(rows) * gradient
            losses.append(total / self._plan.rows)
        return State(state.epoch + epochs, theta), torch.stack(losses)
