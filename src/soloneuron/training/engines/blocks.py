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

from math import log

import torch
from torch import Tensor

from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.engines.scalars import WIDEST, WIDEST_IN_ORDER
from soloneuron.training.engines.triangular import Block, newton, recursion
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.measuring import TileMeasuring
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.plan import Plan, State

SIZE = 64
"""Rows a block. Epochs take 1.2 to 1.6 times as long with half as many, the same to a tenth with 96."""

STRETCH = 16
"""Blocks between two looks at whether all arrived: a look costs as much as three rounds of one block."""

FIRST = 8
"""Rounds where nothing is known yet."""

AGAIN = 2
"""Rounds between two looks at a block for which the first rounds were too few."""

ROUNDS = 48
"""Rounds that cost as much as Newton's method: a block that needs more is Newton's."""

STEEP = 0.5
"""The mean of rate * |x|^2 from which on a bend pays, 1.6 times at 0.6 and 9 times at 5."""

BEND = 0.12
"""A slope between those that the sigmoid has, 0 to 1/4: with 0.2 an epoch takes 1.3 times as long."""

LEAST_BEND = 0.05
"""A smaller one takes rounds of more calls and spares none."""

GAIN, GAIN_BENT = 16.0, 2.5
"""By how much a round brings residuals nearer to arriving, when it is asked how many could be spared."""

KEPT_BYTES = 2**28

PATIENCE, PATIENCE_KEPT = 300_000, 1_000_000
"""Updates of a tenth of a second, without and with all blocks kept."""

NARROW = 200
"""Columns up to which A theta is worked out again each round, as part of one product; with 500 columns of
float64 an epoch takes 1.4 times as long that way, with 30 columns 0.8 times."""

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
        height = self._count if self._kept else min(STRETCH, self._count)
        self._window = _Window(matrix, height, rate, bend if self._kept else 0.0)
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


class _Window:
    """Room for blocks that follow one another; rows of zeros fill the last one, and move nothing.

    M = [C, N] stands beside [theta, guess], so that logits are one product. A view costs as much as a short
    product, so that all of them are made once.

    Args:
        like: rows of the dtype and width that come.
        height: blocks at a time.
        rate: what multiplies the gradient of a row.
        bend: see the top of this file; 0 for none.
    """

    def __init__(self, like: Tensor, height: int, rate: float, bend: float) -> None:
        d = like.shape[1]
        self.height = height
        self._rate, self._bend = rate, bend
        self._tolerance = 64 * torch.finfo(like.dtype).eps
        self._systems = M = like.new_zeros(height, SIZE, d + SIZE)
        # Room for one stretch: 1,000 rows and their Gram matrices stay in cache, and malloc is not asked.
        # With a bend C is no longer A, which the steps need: then all rows stand beside it.
        short = min(STRETCH, height)
        self._rows = like.new_zeros(height if bend else short, SIZE, d)
        self._gram = like.new_empty(short, SIZE, SIZE)
        rows = self._rows if bend else M[:, :, :d]
        self._t, self._r = like.new_zeros(height, SIZE), like.new_zeros(height, SIZE)
        unknowns = like.new_zeros(height + 1, d + SIZE)
        self._thetas, self._guesses = unknowns[:, :d], unknowns[:-1, d:]
        parts = (M, M[:, :, :d], M[:, :, d:], unknowns[:-1], self._thetas[:-1], rows, rows.mT)
        self._blocks = [
            Block(*views)
            for views in zip(*parts, self._guesses, self._t, self._r, self._thetas[1:], strict=True)
        ]
        self._rounds = Block.together if d <= NARROW else Block.apart

    def fill(self, rows: Tensor, order: Tensor | None) -> None:
        """Take in rows (m, d), or those that an order (m,) names."""
        n, d = len(rows if order is None else order), rows.shape[1]
        for k in range(0, self.height, STRETCH):
            systems = self._systems[k : k + STRETCH]
            A = self._rows[k : k + STRETCH] if self._bend else self._rows[: len(systems)]
            part = slice(k * SIZE, min((k + len(systems)) * SIZE, n))
            gathered, m = A.view(-1, d), max(0, part.stop - part.start)
            if order is None:
                gathered[:m] = rows[part]
            else:
                torch.index_select(rows, 0, order[part], out=gathered[:m])
            gathered[m:] = 0
            gram = self._gram[: len(A)]
            torch.baddbmm(gram, A, A.mT, beta=0, alpha=-self._rate, out=gram)
            systems[:, :, :d] = A
            systems[:, :, d:] = gram.tril_(-1)
            if self._bend:
                # The unit diagonal of I + s L is implied.
                L = gram.mul_(-self._bend)
                systems.copy_(torch.linalg.solve_triangular(L, systems, upper=False, unitriangular=True))

    def begin(self, theta: Tensor, *, known: bool) -> None:
        """Stand before the first row, where rounds ended last if these are the same rows."""
        self._thetas[0] = theta
        if not known:
            # r at no logit or far below 0; z at a logit of 0.
            self._guesses.fill_(0.5 if self._bend else 0.0)

    def end(self, theta: Tensor, blocks: int, t: Tensor, r: Tensor) -> None:
        """Hand out theta after some blocks, and the logits and residuals of their rows."""
        theta.copy_(self._thetas[blocks])
        t.copy_(self._t.view(-1)[: len(t)])
        r.copy_(self._r.view(-1)[: len(r)])

    def solve(self, rounds: list[int]) -> list[int]:
        """Solve one block after another, with a number of rounds each, 0 for Newton's method.

        Returns:
            With how many rounds each is to begin next time.
        """
        for start in range(0, len(rounds), STRETCH):
            rounds[start : start + STRETCH] = self._stretch(start, rounds[start : start + STRETCH])
        return rounds

    def _stretch(self, start: int, rounds: list[int]) -> list[int]:
        """The same for some blocks from one on, looked at together."""
        done = 0
        while done < len(rounds) and rounds[done]:
            self._run(start + done, rounds[done:])
            moved = self._moved(start + done, start + len(rounds))
            # A comparison with nan is False: what is not finite never counts as arrived.
            right = next((k for k, by in enumerate(moved) if not by <= self._tolerance), len(moved))
            for by in moved[:right]:
                rounds[done] = self._next(rounds[done], by)
                done += 1
            if done < len(rounds):
                more = self._alone(start + done, rounds[done])
                # What the first that is late needs, those after it may need too, within twice their own.
                rounds[done:] = [more and max(often, min(more, 2 * often)) for often in rounds[done:]]
                rounds[done] = more
                done += more > 0
        for k in range(done, len(rounds)):
            self._newton(self._blocks[start + k])
        return rounds

    def _run(self, start: int, rounds: list[int]) -> None:
        """Some rounds for each block from one on, and its step."""
        for block, often in zip(self._blocks[start : start + len(rounds)], rounds, strict=True):
            # The last round goes to another place, so that it can be seen how far it moved.
            self._rounds(block, often, self._bend)
            self._step(block, torch.sigmoid(block.t, out=block.r))

    def _step(self, block: Block, r: Tensor) -> None:
        """What a block leads to: theta - rate * A^T r."""
        torch.addmv(block.theta, block.columns, r, alpha=-self._rate, out=block.after)

    def _moved(self, start: int, stop: int) -> list[float]:
        """By how much the last round moved a residual, at most, for each block; the next ones start there."""
        found, guesses = self._unknown(start, stop), self._guesses[start:stop]
        moved = (found - guesses).abs_()
        if self._bend:
            # Far from 0 it is t that is known to so many digits.
            moved /= found.abs().add_(1)
        guesses.copy_(found)
        return moved.amax(1).tolist()

    def _unknown(self, start: int, stop: int) -> Tensor:
        """What rounds iterate on, of some blocks: r, or z."""
        r = self._r[start:stop]
        return torch.sub(r, self._t[start:stop], alpha=self._bend) if self._bend else r

    def _next(self, rounds: int, moved: float) -> int:
        """Fewer rounds where they arrived with room to spare, though never less than half of them."""
        spare = log(self._tolerance / moved, GAIN_BENT if self._bend else GAIN) if moved else rounds
        return max(rounds - int(spare), rounds // 2, 1)

    def _alone(self, k: int, rounds: int) -> int:
        """Go on with one block; how many rounds it took in all, 0 where it does not arrive."""
        while (rounds := rounds + AGAIN) <= ROUNDS:
            self._run(k, [AGAIN])
            if self._moved(k, k + 1)[0] <= self._tolerance:
                return rounds
        return 0

    def _newton(self, block: Block) -> None:
        """A block by Newton's method on F(t) = t - c + L sigmoid(t), or by the recursion, and its step."""
        L = torch.mm(block.rows, block.columns).mul_(self._rate).tril_(-1)
        c = torch.mv(block.rows, block.theta)
        t, r = newton(L, c, self._tolerance * (1 + c.abs().max().item())) or recursion(L, c)
        block.t.copy_(t)
        self._step(block, block.r.copy_(r))
