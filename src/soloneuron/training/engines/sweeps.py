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
    """Rows (m, k), columns (k, m), weights (m, kinds...) or None, and the factor of their step."""

    rows: Tensor
    columns: Tensor
    weights: Tensor | None
    factor: float


class _Block(NamedTuple):
    """Batches that fill the buffers together, how many rows they have, and weights (rows, D) of D kinds."""

    batches: list[_Batch]
    rows: int
    weights: Tensor | None


class _Place(NamedTuple):
    """Where logits, slopes and steps of a batch go, (m, R) each, and the last once more as (m, runs...)."""

    t: Tensor
    r: Tensor
    step: Tensor
    by_runs: Tensor


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
        # Rows in other orders are gathered into one place, so that the views of batches are made once.
        self._taken = None if ordered else torch.empty_like(matrix)
        self._counts = self._weights
        if self._weights is not None and not ordered:
            self._counts = torch.empty_like(self._weights)
        self._blocks = self._cut(matrix if self._taken is None else self._taken, self._counts)

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
        places = {
            (slot, rows): self._places(T[slot, :rows], R[slot, :rows], step)
            for slot in range(together)
            for rows in {block.rows for block in self._blocks}
        }
        for k in range(epochs):
            if recorder.wants(k):
                recorder.keep(k, theta.T.clone(memory_format=torch.contiguous_format).view_as(state.theta))
            slot = k % together
            self._take(plan.order(first + k))
            for block in self._blocks:
                losses[k] += self._descend(theta, block.batches, places[slot, block.rows])
                # Losses of all epochs in the buffer at once, when it is full or the last epoch is done.
                if plan.losses and (slot == together - 1 or k == epochs - 1):
                    held = self._totals(T[: slot + 1, : block.rows], R[: slot + 1, : block.rows], block)
                    losses[k - slot : k + 1] += held
        after = theta.T.contiguous().view_as(state.theta)
        losses = losses.div_(plan.rows if plan.losses else math.nan).view(epochs, *plan.runs)
        return Stretch(plan.after(state, epochs, after), losses, recorder.recorded())

    def _descend(self, theta: Tensor, batches: list[_Batch], places: list[_Place]) -> Values | float:
        """The steps of some batches; the penalties' share of their losses, times rows."""
        slope, penalty, rates = self._layout.loss.slope_into, self._layout.neuron.penalty, self._rates
        w = self._layout.penalized(theta.T)
        cost: Values | float = 0.0
        for (rows, columns, weights, factor), (t, r, s, by_runs) in zip(batches, places, strict=True):
            torch.mm(rows, theta, out=t)
            slope(t, out=r)
            # r is kept for the losses; the step that each run's own rate scales goes elsewhere.
            torch.mul(r, rates, out=s)
            if weights is not None:
                # The folds of many settings are few: spread over the runs they would be as many as logits.
                by_runs.mul_(weights)
            if penalty is not None:
                # Value and gradient are those of theta before the batch.
                if self._plan.losses:
                    cost = cost + penalty.value(w) * len(rows)
                w.sub_(penalty.gradient(w) * (rates.T * (-factor * len(rows))))
            theta.addmm_(columns, s, alpha=factor)
        return cost

    def _totals(self, T: Logits, R: Tensor, block: _Block) -> Values:
        """The sums of the losses of each epoch held (epochs, R); T is spent."""
        if block.weights is None:
            return self._layout.loss.total(T, R, -2)
        costs = self._layout.loss.value_into(T, out=T)
        costs.view(*T.shape[:-1], *self._plan.runs).mul_(block.weights.view(-1, *self._kinds))
        return costs.sum(-2)

    def _take(self, order: Tensor | None) -> None:
        """Put the rows and their weights where the batches look for them, in the order of an epoch."""
        if self._taken is None or order is None:
            return
        torch.index_select(self._matrix, 0, order, out=self._taken)
        if self._weights is not None and self._counts is not None:
            torch.index_select(self._weights, 0, order, out=self._counts)

    def _cut(self, matrix: Tensor, weights: Tensor | None) -> list[_Block]:
        """The batches of an epoch, in blocks of the buffers' height."""
        size, factor, blocks = self._plan.batch_size, self._plan.mean_weight, []
        for rows, counts in zip(
            matrix.split(self._height), _split(weights, self._height, len(matrix)), strict=True
        ):
            batches = []
            for A, s in zip(rows.split(size), _split(counts, size, len(rows)), strict=True):
                step = -1 / len(A) if factor is None else -factor
                batches.append(_Batch(A, A.T, None if s is None else s.view(-1, *self._kinds), step))
            blocks.append(_Block(batches, len(rows), counts))
        return blocks

    def _places(self, T: Tensor, R: Tensor, step: Tensor) -> list[_Place]:
        """Where the logits, slopes and steps of each batch go."""
        runs, size = self._plan.runs, self._plan.batch_size
        parts = zip(T.split(size), R.split(size), strict=True)
        return [_Place(t, r, s, s.view(-1, *runs)) for t, r in parts for s in (step[: len(t)],)]


def _split(weights: Tensor | None, size: int, rows: int) -> tuple[Tensor | None, ...]:
    """Weights in pieces of so many rows, or as many times None."""
    return (None,) * -(-rows // size) if weights is None else weights.split(size)
