"""Plain mini-batch descent of one run: three operations a batch for NLL, a few more for other costs."""

from __future__ import annotations

import torch

from soloneuron.shapes import Theta
from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.kernels.batches import Batches
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.plan import Plan, State


class MiniBatch:
    """Each batch: t = A theta; r = slope(t); theta <- theta - rate A^T r / m, the penalty's share first.

    Args:
        plan: plain descent of a neuron, one run.
        kernel: its batches.
    """

    patience = 10_000
    seamless = True

    def __init__(self, plan: Plan, kernel: Batches) -> None:
        self._plan, self._kernel, self.measure = plan, kernel, kernel.measure
        self._penalty = kernel.layout.neuron.penalty

    @one_thread()
    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        theta, first = state.theta.clone(), self._plan.epoch(state)
        recorder, losses = Recorder(self._plan, state, every), theta.new_empty(epochs)
        self._kernel.begin()
        for done in range(epochs):
            if recorder.wants(done):
                recorder.keep(done, theta.clone())
            self._epoch(theta, first + done)
            losses[done] = self._kernel.loss()
        return Stretch(self._plan.after(state, epochs, theta), losses, recorder.recorded())

    def _epoch(self, theta: Theta, epoch: int) -> None:
        layout, penalty = self._kernel.layout, self._penalty
        w = layout.penalized(theta)
        shrink = (
            {} if penalty is None else {decay: penalty.descent(w, decay) for decay in self._kernel.decays}
        )
        slope_into, simple = layout.loss.slope_into, layout.folded and layout.weights is None
        for batches in self._kernel.blocks(epoch):
            for rows, columns, t, r, tile, _, step, decay, kept in batches:
                torch.mv(rows, theta, out=t)
                # The common case without a call between.
                if simple:
                    slope_into(t, out=r)
                else:
                    layout.slope(t, tile, out=r)
                if penalty is not None:
                    # The gradient is that of theta before the batch: so the penalty is asked first.
                    kept.copy_(theta)
                    shrink[decay]()
                theta.addmv_(columns, r, alpha=step)
