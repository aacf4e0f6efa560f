"""Mini-batches: rows gathered into one buffer in the order of the epoch, batches as views of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.shapes import Gradient, Logits, Theta, Values
from soloneuron.training.kernels.gathering import RowPlace, row_source
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.measuring import TileMeasuring
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan

BLOCK = 65_536
"""Numbers gathered at a time: half a megabyte stays in cache until its batches are done."""


class BatchViews(NamedTuple):
    """One batch in the buffer.

    Attributes:
        rows: (m, k). columns: (k, m), the same memory.
        t: (m,), for the logits.
        r: (m,), for the slopes.
        tile: the same rows with what belongs to them.
        scale: what makes the sum of slopes times rows the gradient that the rule is given.
        step: what plain descent adds of that sum to theta.
        decay: the rate by which it steps against the penalty.
        point: (k,), where theta is kept for the penalty's share of the loss.
    """

    rows: Tensor
    columns: Tensor
    t: Logits
    r: Tensor
    tile: Tile
    scale: float
    step: float
    decay: float
    point: Tensor


class Batches:
    """The batches of an epoch in turn; a view costs as much as a short product, so all are made once.

    Losses are added up a buffer at a time: one vector operation serves many batches.

    Args:
        plan: of a neuron on rows, one run.
        layout: the plan's rows.
    """

    def __init__(self, plan: Plan, layout: RowLayout) -> None:
        self._plan, self.layout = plan, layout
        self.seen: Measures | None = None
        self._source = row_source(plan, layout)
        self.measure = TileMeasuring(layout, self._source.tiles())
        # Whole batches only: a batch that straddled two fills would need a second set of views.
        batches = max(1, BLOCK // (plan.batch_size * max(1, plan.columns)))
        height = min(batches * plan.batch_size, plan.rows)
        self._height = height
        self._place = RowPlace.like(layout, height)
        self._buffer, self._labels, self._weights = self._place
        self._t, self._r = self._buffer.new_empty(height), self._buffer.new_empty(height)
        self._points = self._buffer.new_empty(-(-height // plan.batch_size), plan.columns)
        self._whole, self._rest = self._views(height), self._views(plan.rows % height)
        # Of whole batches and of the last one, which may be shorter.
        self.decays = {batch.decay for batch in (*self._whole, *self._rest)}
        self._held: list[BatchViews] = []
        self._filled = 0
        self._sum = self._buffer.new_zeros(())
        self._first = -1

    def begin(self) -> None:
        """See ``Kernel``."""
        self._held, self._sum, self._first = [], torch.zeros_like(self._sum), -1

    def blocks(self, epoch: int) -> Iterator[list[BatchViews]]:
        """Fill the buffer, yield its batches, add up their losses; until the epoch is done."""
        for start in range(0, self._plan.rows, self._height):
            self._fill(start, epoch)
            yield self._held
        self._settle()

    def loss(self) -> Tensor:
        """See ``Kernel``."""
        self._settle()
        mean = self._sum / self._plan.rows
        self._sum = torch.zeros_like(mean)
        return mean

    # For any rule: see ``Kernel``.

    def watch(self) -> None:
        """Nothing: no evaluation looks at all rows."""

    def took(self, update: int, value: Values) -> None:
        """Nothing: losses are added up a buffer at a time."""

    def evaluation(self, update: int) -> ValueAndGradient:
        """See ``Kernel``; the value is one that nobody may read before ``loss`` has been asked."""
        epoch, part = divmod(update, self._plan.updates)
        block, place = divmod(part, len(self._points))
        if not self._held or self._first != update - place:
            self._first = update - place
            self._fill(block * self._height, epoch)
        self._batch = self._held[place]
        return self._both

    def _both(self, point: Theta) -> tuple[Values, Gradient]:
        rows, columns, t, r, tile, scale, _, _, kept = self._batch
        torch.mv(rows, point, out=t)
        self.layout.slope(t, tile, out=r)
        gradient = torch.addmv(kept, columns, r, beta=0, alpha=scale)
        penalty = self.layout.neuron.penalty
        if penalty is not None:
            kept.copy_(point)
            share = penalty.gradient(self.layout.penalized(point))
            self.layout.penalized(gradient).add_(share, alpha=self._plan.scale(len(rows)))
        return self._sum, gradient

    def _fill(self, start: int, epoch: int) -> None:
        """Gather the next rows, after the losses of the last ones have been taken."""
        self._settle()
        height = min(self._height, self._plan.rows - start)
        # One gather for many batches.
        self._source.fill(self._place.part(slice(0, height)), start, epoch)
        self._held, self._filled = (self._whole if height == self._height else self._rest), height

    def _settle(self) -> None:
        """Add up the losses of the batches in the buffer."""
        if not self._held:
            return
        height = self._filled
        whole = Tile(
            self._buffer[:height].T,
            self._buffer[:height],
            None if self._labels is None else self._labels[:height],
            None if self._weights is None else self._weights[:height],
            self._t,
        )
        self._sum = self._sum + self.layout.total(self._t[:height], self._r[:height], whole)
        penalty = self.layout.neuron.penalty
        if penalty is not None:
            costs = penalty.value(self.layout.penalized(self._points[: len(self._held)]))
            self._sum = self._sum + costs @ costs.new_tensor([len(batch.t) for batch in self._held])
        self._held = []

    def _views(self, height: int) -> list[BatchViews]:
        """The batches in the first rows of the buffer."""
        views = []
        for k, start in enumerate(range(0, height, self._plan.batch_size)):
            place = slice(start, min(start + self._plan.batch_size, height))
            A = self._buffer[place]
            scale = self._plan.scale(len(A)) / len(A)
            tile = Tile(
                A.T,
                A,
                None if self._labels is None else self._labels[place],
                None if self._weights is None else self._weights[place],
                self._t[place],
            )
            rate, t, r = self._plan.largest_rate, self._t[place], self._r[place]
            decay = rate * self._plan.scale(len(A))
            views.append(BatchViews(A, A.T, t, r, tile, scale, -rate * scale, decay, self._points[k]))
        return views
