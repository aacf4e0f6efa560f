"""Plain full-batch descent on few rows, where calls cost more than arithmetic."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.shapes import Theta
from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.measuring import TileMeasuring
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan, State

SHORT = 2048
"""Up to this many rows the losses of many epochs are one vector operation at the end."""

LOGITS_HELD = 1_000_000
"""Logits held until then."""


class FullBatch:
    """Three operations an epoch, into buffers: t = A theta; r = slope(t); theta <- theta - rate A^T r / n.

    The logits and slopes of every epoch are kept, so that losses, gradients and accuracies of many epochs are
    one operation each.

    Args:
        plan: plain descent of a neuron without a penalty, one run, all rows an update.
        layout: its rows, all in one tile.
    """

    patience = 10_000
    seamless = False

    def __init__(self, plan: Plan, layout: RowLayout) -> None:
        self._plan, self._layout = plan, layout
        tiles = layout.tiles()
        self._tile, self.measure = tiles[0], TileMeasuring(layout, tiles)
        self._step = -float(plan.step_size(plan.rows)) / plan.rows

    @one_thread()
    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        theta, recorder = state.theta.clone(), Recorder(self._plan, state, every)
        at_once = max(1, LOGITS_HELD // self._plan.rows)
        losses, measures = [], []
        for done in range(0, epochs, at_once):
            loss, seen = self._some(theta, recorder, done, min(at_once, epochs - done))
            losses.append(loss)
            measures.append(seen)
        together = Measures(*(torch.cat(column) for column in zip(*measures, strict=True)))
        return Stretch(self._plan.after(state, epochs, theta), torch.cat(losses), recorder.recorded(together))

    def _some(self, theta: Theta, recorder: Recorder, done: int, epochs: int) -> tuple[Tensor, Measures]:
        """As many epochs as are held: theta moves; their losses, and the measures of those recorded."""
        layout, tile = self._layout, self._tile
        T, R = theta.new_empty(epochs, layout.count), theta.new_empty(epochs, layout.count)
        slope, simple, kept = layout.loss.slope_into, tile.labels is None and tile.weights is None, []
        for k, (t, r) in enumerate(zip(T.unbind(), R.unbind(), strict=True)):
            if recorder.wants(done + k):
                recorder.keep(done + k, theta.clone())
                kept.append(k)
            torch.mv(tile.rows, theta, out=t)
            if simple:
                slope(t, out=r)
            else:
                layout.slope(t, tile, out=r)
            theta.addmv_(tile.columns, r, alpha=self._step)
        # All epochs are recorded, or some: a view or a copy of their logits.
        chosen = slice(None) if len(kept) == epochs else kept
        norms = torch.linalg.vector_norm(R[chosen] @ tile.rows, dim=-1) / layout.count
        share = layout.share_of(layout.right(T[chosen], tile, out=torch.empty_like(T[chosen])))
        losses = layout.total(T, R, tile) / layout.count
        return losses, Measures(losses[chosen], norms, share, torch.zeros_like(share, dtype=torch.bool))
