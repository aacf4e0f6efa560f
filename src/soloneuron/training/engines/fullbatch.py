"""Full-batch descent inside the processor's cache."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.formulas.links import softplus
from soloneuron.training.engines.signed import signed_rows, softplus_sum
from soloneuron.training.engines.workers import one_thread
from soloneuron.training.plan import Plan, State

SHORT = 2048
"""Up to this many rows the losses of many epochs are one vector operation at the end."""


class FullBatch:
    """Three operations an epoch, into buffers: t = A theta; r = sigmoid(t); theta -= rate A^T r / n.

    A stands feature-major (d+1, n): at every width from 2 to 500 that reads faster than row-major.
    """

    patience = 10_000

    @staticmethod
    def suits(plan: Plan) -> bool:
        """One run, all rows an update."""
        return not plan.runs and plan.batch_size == plan.rows and plan.signed

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._step = -float(plan.step_size(plan.rows)) / plan.rows
        # Both products read the same memory: the rows are a view of the columns.
        self._columns = signed_rows(plan).T.contiguous()
        self._rows = self._columns.T

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        theta = state.theta.clone()
        few = len(self._rows) <= SHORT
        losses = self._short(theta, epochs) if few else self._long(theta, epochs)
        return self._plan.after(state, epochs, theta), losses

    @one_thread()
    def _short(self, theta: Tensor, epochs: int) -> Tensor:
        n = len(self._rows)
        parts = []
        for done in range(0, epochs, SHORT):
            # The logits of every epoch are kept, so that many epochs share one softplus and one mean.
            T = theta.new_empty(min(SHORT, epochs - done), n)
            r = theta.new_empty(n)
            for t in T.unbind():
                torch.mv(self._rows, theta, out=t)
                torch.sigmoid(t, out=r)
                theta.addmv_(self._columns, r, alpha=self._step)
            parts.append(softplus(T).mean(-1))
        return torch.cat(parts)

    def _long(self, theta: Tensor, epochs: int) -> Tensor:
        n = len(self._rows)
        t, r, losses = theta.new_empty(n), theta.new_empty(n), theta.new_empty(epochs)
        for k in range(epochs):
            torch.mv(self._rows, theta, out=t)
            torch.sigmoid(t, out=r)
            # softplus_sum spends t, but not r, which the step still needs.
            losses[k] = softplus_sum(t, r)
            theta.addmv_(self._columns, r, alpha=self._step)
        return losses / n
