"""Mini-batch descent: gathered rows, three operations a batch."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.training.engines.signed import signed_rows, softplus_sum
from soloneuron.training.engines.workers import one_thread
from soloneuron.training.plan import Plan, State

BLOCK = 65_536
"""Numbers gathered at a time: half a megabyte stays in cache until its batches are done."""


class MiniBatch:
    """Batches as views of one contiguous buffer, which rows are gathered into in the order of the epoch.

    Each batch: t = A theta; r = sigmoid(t); theta -= rate A^T r / m. The views are made once; the losses of
    all batches in the buffer are one vector operation.
    """

    patience = 10_000

    @staticmethod
    def suits(plan: Plan) -> bool:
        """One run; single rows where no other engine takes them."""
        return not plan.runs and plan.signed

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows = signed_rows(plan)
        # Whole batches only: a batch that straddled two fills would need a second set of views.
        batches = max(1, BLOCK // (plan.batch_size * plan.columns))
        self._height = min(batches * plan.batch_size, plan.rows)
        self._buffer = self._rows.new_empty(self._height, plan.columns)
        self._t, self._r = self._rows.new_empty(self._height), self._rows.new_empty(self._height)
        # A view costs as much as a short product, so both sets are made once: of full fills, and of the last.
        self._whole = self._views(self._height)
        self._rest = self._views(plan.rows % self._height)

    @one_thread()
    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        theta = state.theta.clone()
        losses = theta.new_zeros(epochs)
        for k in range(epochs):
            order = self._plan.order(self._plan.epoch(state) + k)
            for start in range(0, self._plan.rows, self._height):
                height = min(self._height, self._plan.rows - start)
                rows = slice(start, start + height)
                # One gather for many batches; with out= nothing is allocated in the loop.
                if order is None:
                    self._buffer[:height] = self._rows[rows]
                else:
                    torch.index_select(self._rows, 0, order[rows], out=self._buffer[:height])
                for A, columns, t, r, step in self._whole if height == self._height else self._rest:
                    torch.mv(A, theta, out=t)
                    torch.sigmoid(t, out=r)
                    theta.addmv_(columns, r, alpha=step)
                # t and r of every batch in the buffer are kept until here: one logarithm serves them all.
                losses[k] += softplus_sum(self._t[:height], self._r[:height])
        return self._plan.after(state, epochs, theta), losses / self._plan.rows

    def _views(self, height: int) -> list[tuple[Tensor, Tensor, Tensor, Tensor, float]]:
        """Rows, columns, logits, residuals and step of each batch in the first rows of the buffer."""
        views = []
        for A, t, r in zip(
            self._buffer[:height].split(self._plan.batch_size),
            self._t[:height].split(self._plan.batch_size),
            self._r[:height].split(self._plan.batch_size),
            strict=True,
        ):
            # split() of nothing yields one empty part, and a step of rate / 0 must not be worked out.
            if len(A):
                views.append((A, A.T, t, r, -float(self._plan.step_size(len(A))) / len(A)))
        return views
