"""Many runs at once: one tensor holds a thousand neurons."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from soloneuron.training.engines.signed import is_signed, signed_rows, softplus_sums
from soloneuron.training.engines.workers import Workers
from soloneuron.training.plan import Plan, State

CHUNK_BYTES = 2**22
"""Size of the logits of one chunk of runs."""

FEWEST = 2
WIDEST_CHUNK = 5_000


class Sweeps:
    """Every run takes the same rows in the same order; starts and learning rates are its own.

    theta stands feature-major (d+1, R), so a batch A (m, d+1) serves all runs in two matrix products:
    T = A theta, then theta -= A^T (rate * sigmoid(T)) / m. Runs do not depend on each other, so they go
    through all epochs in chunks that fit the cache, shared among threads.
    """

    @staticmethod
    def suits(plan: Plan) -> bool:
        """Many runs that share one order of rows."""
        return bool(plan.runs) and len(plan.seeds) <= 1 and is_signed(plan)

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
        width = CHUNK_BYTES // (self._plan.batch_size * theta.element_size())
        width = max(FEWEST, min(width, WIDEST_CHUNK, -(-runs // self._workers.count)))
        chunks = list(zip(theta.split(width, 1), rates.split(width, 1), strict=True))
        count = self._workers.count

        def share(worker: int) -> list[tuple[Tensor, Tensor]]:
            return [self._chunk(state.epoch, epochs, *chunk) for chunk in chunks[worker::count]]

        done: list[tuple[Tensor, Tensor]] = [(theta, theta)] * len(chunks)
        for worker, results in enumerate(self._workers.map(share)):
            done[worker::count] = results
        after = torch.cat([part for part, _ in done], 1).T.contiguous().view_as(state.theta)
        losses = torch.cat([part for _, part in done], 1).view(epochs, *self._plan.runs)
        return State(state.epoch + epochs, after), losses

    def _chunk(self, first: int, epochs: int, theta: Tensor, rates: Tensor) -> tuple[Tensor, Tensor]:
        """All epochs of some runs: their theta (d+1, k) afterwards and their losses (epochs, k)."""
        plan, theta = self._plan, theta.clone(memory_format=torch.contiguous_format)
        losses = theta.new_zeros(epochs, theta.shape[1])
        T, R = (theta.new_empty(plan.batch_size, theta.shape[1]) for _ in range(2))
        for k in range(epochs):
            order = plan.order(first + k)
            rows = self._rows if order is None else self._rows[order]
            for A in rows.split(plan.batch_size):
                t, r = T[: len(A)], R[: len(A)]
                torch.mm(A, theta, out=t)
                torch.sigmoid(t, out=r)
                losses[k] += softplus_sums(t, r)
                share = 1 / len(A) if plan.mean_weight is None else plan.mean_weight
                theta.addmm_(A.T, r.mul_(rates), alpha=-share)
        return theta, losses / plan.rows
