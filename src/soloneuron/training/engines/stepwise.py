"""The definition of training: the loop itself, update by update."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from soloneuron.training.loop import Update, updates_of
from soloneuron.training.plan import Plan, State


class Stepwise:
    """Any optimizer on any objective, with any weights, order and run axes.

    Formula, batch after batch, for plain descent: theta <- theta - rate * gradient of the mean loss of the
    batch. Every optimizer gets the gradient where it wants it, and as often as it asks.

    The generator of updates is kept: whoever goes on from the state that was returned last goes on with its
    workspace.
    """

    patience = 1_000

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._updates: Iterator[Update] = iter(())
        self._stands: State | None = None

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state, or to the end of the one that it stands in; see ``Engine``."""
        if self._stands is not state:
            self._updates = updates_of(self._plan, state)
        left = epochs * self._plan.updates - state.update % self._plan.updates
        total, rows, losses = state.theta.new_zeros(self._plan.runs), 0, []
        for update in range(state.update, state.update + left):
            live, value = next(self._updates)
            size = self._plan.size(update)
            total = total + value * (size / self._plan.scale(size))
            rows += size
            if live.update % self._plan.updates == 0:
                losses.append(total / rows)
                total, rows = torch.zeros_like(total), 0
        # What is handed out is a snapshot: the live tensors belong to the next update.
        self._stands = live.copy()
        return self._stands, torch.stack(losses)
