"""Many runs of plain descent at once: one tensor holds a thousand neurons."""

from __future__ import annotations

import math
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.shapes import Logits, Values
from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.plan import Plan, State

HELD = 200_000
"""Logits held before their losses are added up."""


class _Batch(NamedTuple):
    """Rows (m, k), columns (k, m), weights (m, D) of D kinds or None, and the factor of their step."""

    rows: Tensor
    columns: Tensor
    weights: Tensor | None
    factor: float


class Sweeps:
    """Every run takes the same rows in the same order; starts, rates, penalties and row weights are its own.

    theta stands feature-major (d+1, R), so a batch A (m, d+1) serves all runs in two matrix products:
    T = A theta, then theta -= A^T (rate * slope(T)) / m. One thread does it: operations this short would
    spend a second thread's time on waiting for the interpreter.

    Args:
        plan: plain descent of a neuron whose labels can be folded in, many runs.
        layout: its rows.
        matrix: those rows, row-major.
    """

    patience = 1_000
    seamless = True
    measure = None

    def __init__(self, plan: Plan, layout: RowLayout, matrix: Tensor) -> None:
        self._plan, self._layout, self._matrix = plan, layout, matrix
        self._runs = prod(plan.runs)
        rates = torch.as_tensor(plan.learning_rate, dtype=matrix.dtype, device=matrix.device)
        self._rates = rates.expand(*plan.runs, 1).reshape(1, self._runs)
        weights = None if plan.data is None else plan.data.weights
        self._weights = None if weights is None else weights.reshape(-1, plan.rows).T.contiguous()
        kinds = () if weights is None else weights.shape[:-1]
        self._kinds = (1,) * (len(plan.runs) - len(kinds)) + tuple(kinds)
        # Buffers: a block is as many whole batches as they hold; if all rows fit, so do several epochs.
        size, rows = plan.batch_size, plan.rows
        self._height = min(rows, max(1, HELD // (self._runs * size)) * size)
        ordered = not plan.seeds or plan.full_batch
        # In orders of their own epochs weigh other places of the buffer: then it holds one.
        self._together = max(1, HELD // (self._runs * rows)) if ordered or weights is None else 1
        self._fixed = self._blocks(matrix, self._weights) if ordered else None

    @one_thread()
    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        plan, runs, size = self._plan, self._runs, self._plan.batch_size
        recorder, first = Recorder(plan, state, every), plan.epoch(state)
        theta = state.theta.reshape(runs, -1).T.clone(memory_format=torch.contiguous_format)
        losses = theta.new_zeros(epochs, runs)
        together = min(epochs, self._together)
        T, R = (theta.new_empty(together, self._height, runs) for _ in range(2))
        step = theta.new_empty(size, runs)
        slots = [self._slot(t, r, step) for t, r in zip(T, R, strict=True)]
        for k in range(epochs):
            if recorder.wants(k):
                recorder.keep(k, theta.T.clone(memory_format=torch.contiguous_format).view_as(state.theta))
            slot = k % together
            for block in self._fixed or self._shuffled(first + k):
                rows = sum(len(batch.rows) for batch in block) if self._height < plan.rows else self._height
                whole = rows == self._height
                place = slots[slot] if whole else self._slot(T[slot, :rows], R[slot, :rows], step)
                losses[k] += self._descend(theta, block, place)
                # Losses of all epochs in the buffer at once, when it is full or the last epoch is done.
                if plan.losses and (slot == together - 1 or k == epochs - 1):
                    held = self._totals(T[: slot + 1, :rows], R[: slot + 1, :rows], block)
                    losses[k - slot : k + 1] += held
        after = theta.T.contiguous().view_as(state.theta)
        losses = losses.div_(plan.rows if plan.losses else math.nan).view(epochs, *plan.runs)
        return Stretch(plan.after(state, epochs, after), losses, recorder.recorded())

    def _descend(
        self, theta: Tensor, block: list[_Batch], place: list[tuple[Tensor, Tensor, Tensor]]
    ) -> Values | float:
        """The steps of some batches; the penalties' share of their losses, times rows."""
        slope, penalty, rates = self._layout.loss.slope_into, self._layout.neuron.penalty, self._rates
        w = self._layout.penalized(theta.T)
        cost: Values | float = 0.0
        for (rows, columns, weights, factor), (t, r, s) in zip(block, place, strict=True):
            torch.mm(rows, theta, out=t)
            slope(t, out=r)
            # r is kept for the losses; the step that each run's own rate scales goes elsewhere.
            torch.mul(r, rates, out=s)
            if weights is not None:
                self._weigh(s, weights)
            if penalty is not None:
                # Value and gradient are those of theta before the batch.
                if self._plan.losses:
                    cost = cost + penalty.value(w) * len(rows)
                w.sub_(penalty.gradient(w) * (rates.T * (-factor * len(rows))))
            theta.addmm_(columns, s, alpha=factor)
        return cost

    def _totals(self, T: Logits, R: Tensor, block: list[_Batch]) -> Values:
        """The sums of the losses of each epoch held (epochs, R); T is spent."""
        if self._weights is None:
            return self._layout.loss.total(T, R, -2)
        weights = torch.cat([batch.weights for batch in block if batch.weights is not None])
        return self._weigh(self._layout.loss.value_into(T, out=T), weights).sum(-2)

    def _weigh(self, x: Tensor, weights: Tensor) -> Tensor:
        """Multiply x (..., m, R) by weights (m, D) of D kinds, on the spot.

        The folds of many settings are few: spread over the runs they would be as many as all logits.
        """
        x.view(*x.shape[:-1], *self._plan.runs).mul_(weights.view(-1, *self._kinds))
        return x

    def _shuffled(self, epoch: int) -> list[list[_Batch]]:
        order = self._plan.order(epoch)
        weights = None if self._weights is None else self._weights[order]
        return self._blocks(self._matrix[order], weights)

    def _blocks(self, matrix: Tensor, weights: Tensor | None) -> list[list[_Batch]]:
        """The batches of an epoch, in blocks of the buffers' height."""
        size = self._plan.batch_size
        factor = self._plan.mean_weight
        blocks = []
        for start in range(0, len(matrix), self._height):
            block = []
            for at in range(start, min(start + self._height, len(matrix)), size):
                part = slice(at, min(at + size, len(matrix)))
                A = matrix[part]
                step = -1 / len(A) if factor is None else -factor
                block.append(_Batch(A, A.T, None if weights is None else weights[part], step))
            blocks.append(block)
        return blocks

    def _slot(self, T: Tensor, R: Tensor, step: Tensor) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Where the logits, slopes and steps of each batch go."""
        size = self._plan.batch_size
        return [(t, r, step[: len(t)]) for t, r in zip(T.split(size), R.split(size), strict=True)]
