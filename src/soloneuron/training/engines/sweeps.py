"""Many runs at once: one tensor holds a thousand neurons."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from soloneuron.training.engines.signed import signed_rows, softplus_sums
from soloneuron.training.engines.workers import Workers, one_thread
from soloneuron.training.plan import Plan, State

WIDTH = 5_000
"""Runs in a chunk: operations long enough for threads to work side by side, short enough for the cache."""

HELD = 500_000
"""Logits held before their losses are added up."""


class Sweeps:
    """Every run takes the same rows in the same order; starts and learning rates are its own.

    theta stands feature-major (d+1, R), so a batch A (m, d+1) serves all runs in two matrix products:
    T = A theta, then theta -= A^T (rate * sigmoid(T)) / m. Runs do not depend on each other, so they go
    through all epochs in chunks that fit the cache, shared among threads.
    """

    @staticmethod
    def suits(plan: Plan) -> bool:
        """Many runs that share one order of rows."""
        return bool(plan.runs) and len(plan.seeds) <= 1 and plan.signed

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows = signed_rows(plan)
        self._workers = Workers()

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        runs = prod(self._plan.runs)
        theta = state.theta.reshape(runs, -1).T
        rates = torch.as_tensor(self._plan.learning_rate, dtype=theta.dtype)
        rates = rates.expand(*self._plan.runs, 1).reshape(1, runs)
        chunks = list(zip(theta.split(WIDTH, 1), rates.split(WIDTH, 1), strict=True))
        with one_thread():
            done = self._workers.map(lambda chunk: self._chunk(state.epoch, epochs, *chunk), chunks)
        after = torch.cat([part for part, _ in done], 1).T.contiguous().view_as(state.theta)
        losses = torch.cat([part for _, part in done], 1).view(epochs, *self._plan.runs)
        return State(state.epoch + epochs, after), losses

    def _chunk(self, first: int, epochs: int, theta: Tensor, rates: Tensor) -> tuple[Tensor, Tensor]:
        """All epochs of some runs: their theta (d+1, k) afterwards and their losses (epochs, k)."""
        plan, runs, size = self._plan, theta.shape[1], self._plan.batch_size
        theta = theta.clone(memory_format=torch.contiguous_format)
        losses = theta.new_zeros(epochs, runs)
        height = min(plan.rows, max(1, HELD // (runs * size)) * size)
        T, R, step = (theta.new_empty(height, runs) for _ in range(3))
        parts = list(zip(T.split(size), R.split(size), step.split(size), strict=True))
        for k in range(epochs):
            order = plan.order(first + k)
            rows = self._rows if order is None else self._rows[order]
            for block in rows.split(height):
                for A, (t, r, s) in zip(block.split(size), parts, strict=False):
                    m = len(A)
                    torch.mm(A, theta, out=t[:m])
                    torch.sigmoid(t[:m], out=r[:m])
                    torch.mul(r[:m], rates, out=s[:m])
                    theta.addmm_(A.T, s[:m], alpha=-1 / m if plan.mean_weight is None else -plan.mean_weight)
                losses[k] += softplus_sums(T[: len(block)], R[: len(block)])
        return theta, losses / plan.rows
