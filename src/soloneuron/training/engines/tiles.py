"""Full-batch descent for more data than the cache holds."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from soloneuron.training.engines.signed import signed_rows, softplus_sum
from soloneuron.training.engines.workers import Workers
from soloneuron.training.plan import Plan, State

LARGE = 4_000_000
"""From this many numbers on, tiles pay."""

TILE_BYTES = 2**20


class Tiles:
    """Row tiles that stay in cache, shared among threads: each tile is read from memory once an epoch.

    A tile's logits, residuals and its share A^T r of the gradient are made while it is in cache, with three
    operations, for threads wait for each other at every operation's end; the losses of all of a thread's
    rows follow at once. Each thread runs torch's operations on one core, so there is no barrier inside an
    operation, and has its own rows: the sums do not depend on which thread was faster.
    """

    patience = 10

    @staticmethod
    def suits(plan: Plan) -> bool:
        """One run, all rows an update, larger than the cache."""
        large = plan.rows * plan.columns >= LARGE
        return large and not plan.runs and plan.batch_size == plan.rows and plan.signed

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._step = -float(plan.step_size(plan.rows)) / plan.rows
        self._count = plan.rows
        self._workers = Workers()
        # A tile of 1 MiB and its transpose fit the second-level cache; smaller tiles cost more in calls.
        A = signed_rows(plan)
        height = max(1, TILE_BYTES // (plan.columns * A.element_size()))
        # Spans are cut by the number of threads, once: the order of the sums below never changes.
        self._spans = [_Span(part, height) for part in A.tensor_split(self._workers.count)]

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        theta, losses = state.theta.clone(), state.theta.new_zeros(epochs)
        for k in range(epochs):
            for span in self._workers.map(partial(_Span.pass_over, theta=theta), self._spans):
                # In the order of the spans, not of the threads: the same digits every time.
                theta.add_(span.gradient, alpha=self._step)
                losses[k] += span.loss
        return self._plan.after(state, epochs, theta), losses / self._count


class _Span:
    """The rows of one thread."""

    def __init__(self, A: Tensor, height: int) -> None:
        self._t, self._r = A.new_empty(len(A)), A.new_empty(len(A))
        # Feature-major tiles: both products then read along the rows of memory.
        columns = [tile.T.contiguous() for tile in A.split(height)]
        parts = zip(columns, self._t.split(height), self._r.split(height), strict=True)
        self._tiles = [(part, part.T, t, r) for part, t, r in parts]
        self.gradient = A.new_empty(A.shape[1])
        self.loss = A.new_empty(())

    def pass_over(self, theta: Tensor) -> _Span:
        """Loss and gradient of these rows, both summed."""
        self.gradient.zero_()
        for columns, rows, t, r in self._tiles:
            torch.mv(rows, theta, out=t)
            torch.sigmoid(t, out=r)
            self.gradient.addmv_(columns, r)
        self.loss = softplus_sum(self._t, self._r)
        return self
