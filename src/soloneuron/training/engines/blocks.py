"""Per-sample descent for several features, a block of rows at a time, exactly.

Inside a block the sequential recursion is a triangular system: with c = A theta, the residuals
r = sigmoid(t) and L = rate * tril(A A^T, -1),

    t = c - L r

because a row has seen the steps of the rows before it. Picard's rounds r <- sigmoid(c - L r) carry the answer
further down the block each time, in two operations a round; then theta <- theta - rate * A^T r makes all the
steps of the block at once. Where rounds do not arrive Newton's method does, and where that does not, the
recursion itself.

The larger the rate, the more rounds. Where rows stay in their blocks, the straight part of the sigmoid, a
bend s, is solved for once:

    (I + s L) t = c - L z,   z = r - s t

and rounds on z are few, for z hardly depends on t.
"""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.engines.block_window import SIZE, BlockWindow
from soloneuron.training.engines.scalars import WIDEST, WIDEST_IN_ORDER
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.measuring import TileMeasuring
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.plan import Plan, State

FIRST = 8
"""Rounds where nothing is known yet."""

STEEP = 0.5
"""The mean of rate * |x|^2 from which on a bend pays, 1.6 times at 0.6 and 9 times at 5."""

BEND = 0.12
"""A slope between those that the sigmoid has, 0 to 1/4: with 0.2 an epoch takes 1.3 times as long."""

LEAST_BEND = 0.05
"""A smaller one takes rounds of more calls and spares none."""

KEPT_BYTES = 2**28

PATIENCE, PATIENCE_KEPT = 300_000, 1_000_000
"""Updates of a tenth of a second, without and with all blocks kept."""

WIDEST_SHUFFLED = 512
"""Columns above which Gram matrices of an order no longer pay: with 500 columns single rows take 2.2 times as
long in float32 and 1.1 in float64, with 2,000 columns 1.0 and 0.6 times."""


class Blocks:
    """Exact sequential descent by blocks, with Newton's method and the recursion as guards.

    In file order the Gram matrices are kept, and the rounds of an epoch begin with the residuals of the last
    one, so that a run which settles needs one round. Shuffled, a block is made of other rows each time: then
    no guess is better than zero.
    """

    seamless = False

    @staticmethod
    def suits(plan: Plan) -> bool:
        """One row an update, more columns than plain floats are good for."""
        d = plan.columns
        pays = WIDEST < d <= WIDEST_SHUFFLED if plan.seeds else d > WIDEST_IN_ORDER
        return plan.batch_size == 1 and pays

    def __init__(self, plan: Plan, layout: RowLayout, matrix: Tensor) -> None:
        self._plan, self._loss, self._rows = plan, layout.loss, matrix
        self.measure = TileMeasuring(layout, layout.views(matrix))
        self._count = -(-plan.rows // SIZE)
        rate = float(plan.step_size(1))
        bend = 0.0 if plan.seeds else _bend(matrix, rate)
        numbers = self._count * SIZE * (plan.columns * (2 if bend else 1) + SIZE)
        self._kept = not plan.seeds and numbers * self._rows.element_size() <= KEPT_BYTES
        self.patience = PATIENCE_KEPT if self._kept else PATIENCE
        bend = bend if self._kept else 0.0
        self._window = BlockWindow(matrix, self._count, rate, bend, kept=self._kept)
        if self._kept:
            self._window.fill(self._rows, None)

    @one_thread()
    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        theta, losses = state.theta.clone(), state.theta.new_empty(epochs)
        recorder = Recorder(self._plan, state, every)
        t, r = theta.new_empty(2, self._plan.rows).unbind()
        # How many rounds a block needed last; in file order it is always the same rows.
        rounds = [FIRST] * (self._window.height if self._plan.seeds else self._count)
        for k in range(epochs):
            if recorder.wants(k):
                recorder.keep(k, theta.clone())
            # Blocks that are kept begin an epoch where they ended the one before.
            known = self._kept and k > 0
            self._epoch(theta, self._plan.order(self._plan.epoch(state) + k), t, r, rounds, known=known)
            losses[k] = self._loss.total(t, r)
        after = self._plan.after(state, epochs, theta)
        return Stretch(after, losses / self._plan.rows, recorder.recorded())

    def _epoch(
        self, theta: Tensor, order: Tensor | None, t: Tensor, r: Tensor, rounds: list[int], *, known: bool
    ) -> None:
        """Move theta by an epoch; t and r become its logits and residuals in the order they were met."""
        window = self._window
        # Who was left to Newton in the last epoch gets another chance.
        rounds[:] = [often or FIRST for often in rounds]
        for first in range(0, self._count, window.height):
            rows = slice(first * SIZE, min((first + window.height) * SIZE, self._plan.rows))
            if order is not None:
                window.fill(self._rows, order[rows])
            elif not self._kept:
                window.fill(self._rows[rows], None)
            blocks = min(window.height, self._count - first)
            window.begin(theta, known=known)
            here = slice(0, blocks) if order is not None else slice(first, first + blocks)
            needed = window.solve(rounds[here])
            rounds[here] = needed if order is None else [max(needed)] * blocks
            window.end(theta, blocks, t[rows], r[rows])


def _bend(rows: Tensor, rate: float) -> float:
    """The bend that is solved for, 0 for none; beside the longest row the system stays well conditioned."""
    steepness = torch.linalg.vector_norm(rows, dim=1).square_().mul_(rate)
    if not float(steepness.mean()) >= STEEP:
        return 0.0
    bend = min(BEND, 1 / float(steepness.max()))
    return bend if bend >= LEAST_BEND else 0.0
