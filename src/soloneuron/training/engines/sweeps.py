"""Many runs at once: one tensor holds a thousand neurons."""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from soloneuron.training.engines.signed import signed_rows, softplus_sums
from soloneuron.training.engines.workers import one_thread
from soloneuron.training.plan import Plan, State

WIDTH = 10_000
"""Runs in a chunk: operations of several microseconds, on numbers that stay in cache."""

HELD = 200_000
"""Logits held before their losses are added up."""


class Sweeps:
    """Every run takes the same rows in the same order; starts and learning rates are its own.

    theta stands feature-major (d+1, R), so a batch A (m, d+1) serves all runs in two matrix products:
    T = A theta, then theta -= A^T (rate * sigmoid(T)) / m. Runs do not depend on each other, so they go
    through all epochs in chunks that fit the cache. One thread does it: operations this short would spend
    a second thread's time on waiting for the interpreter.
    """

    patience = 1_000

    @staticmethod
    def suits(plan: Plan) -> bool:
        """Many runs that share one order of rows."""
        return bool(plan.runs) and len(plan.seeds) <= 1 and plan.signed

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows = signed_rows(plan)

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        runs = prod(self._plan.runs)
        theta = state.theta.reshape(runs, -1).T
        rates = torch.as_tensor(self._plan.learning_rate, dtype=theta.dtype)
        rates = rates.expand(*self._plan.runs, 1).reshape(1, runs)
        # Cut at fixed places: a chunk's width decides how a product sums, so digits depend on it.
        chunks = zip(theta.split(WIDTH, 1), rates.split(WIDTH, 1), strict=True)
        with one_thread():
            done = [self._chunk(self._plan.epoch(state), epochs, *chunk) for chunk in chunks]
        moved, losses = (
            done[0] if len(done) == 1 else (torch.cat(parts, 1) for parts in zip(*done, strict=True))
        )
        after = moved.T.contiguous().view_as(state.theta)
        losses = losses.view(epochs, *self._plan.runs)
        return self._plan.after(state, epochs, after), losses

    def _chunk(self, first: int, epochs: int, theta: Tensor, rates: Tensor) -> tuple[Tensor, Tensor]:
        """All epochs of some runs: their theta (d+1, k) afterwards and their losses (epochs, k)."""
        plan, runs, size = self._plan, theta.shape[1], self._plan.batch_size
        theta = theta.clone(memory_format=torch.contiguous_format)
        losses = theta.new_zeros(epochs, runs)
        # A block is as many whole batches as the buffer holds; if all rows fit, so do several epochs.
        height = min(plan.rows, max(1, HELD // (runs * size)) * size)
        together = min(epochs, max(1, HELD // (runs * plan.rows)))
        T, R = theta.new_empty(together, height, runs), theta.new_empty(together, height, runs)
        step = theta.new_empty(size, runs)
        slots = [self._slot(t, r, step) for t, r in zip(T, R, strict=True)]
        # In file order the batches are the same in every epoch, and so are their views.
        fixed = None if plan.seeds else self._blocks(self._rows, height)
        for k in range(epochs):
            slot = k % together
            for block in fixed or self._blocks(self._rows[plan.order(first + k)], height):
                rows = sum(len(A) for A, _, _ in block) if height < plan.rows else height
                place = slots[slot] if rows == height else self._slot(T[slot, :rows], R[slot, :rows], step)
                for (A, columns, factor), (t, r, s) in zip(block, place, strict=True):
                    torch.mm(A, theta, out=t)
                    torch.sigmoid(t, out=r)
                    # r is kept for the losses; the step that each run's own rate scales goes elsewhere.
                    torch.mul(r, rates, out=s)
                    theta.addmm_(columns, s, alpha=factor)
                # Losses of all epochs in the buffer at once, when it is full or the last epoch is done.
                if slot == together - 1 or k == epochs - 1:
                    losses[k - slot : k + 1] += softplus_sums(T[: slot + 1, :rows], R[: slot + 1, :rows])
        return theta, losses.div_(plan.rows)

    def _blocks(self, rows: Tensor, height: int) -> list[list[tuple[Tensor, Tensor, float]]]:
        """Rows, columns and step factor of each batch, in blocks of a height."""
        weight, size = self._plan.mean_weight, self._plan.batch_size
        return [
            [(A, A.T, -1 / len(A) if weight is None else -weight) for A in block.split(size)]
            for block in rows.split(height)
        ]

    def _slot(self, T: Tensor, R: Tensor, step: Tensor) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Where the logits, residuals and steps of each batch go."""
        size = self._plan.batch_size
        return [(t, r, step[: len(t)]) for t, r in zip(T.split(size), R.split(size), strict=True)]
