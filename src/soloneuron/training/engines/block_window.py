"""Room for blocks of rows that follow one another, and the rounds that solve them."""

from __future__ import annotations

from math import log

import torch
from torch import Tensor

from soloneuron.training.engines.triangular import Block, newton, recursion

SIZE = 64
"""Rows a block. Epochs take 1.2 to 1.6 times as long with half as many, the same to a tenth with 96."""

STRETCH = 16
"""Blocks between two looks at whether all arrived: a look costs as much as three rounds of one block."""

AGAIN = 2
"""Rounds between two looks at a block for which the first rounds were too few."""

ROUNDS = 48
"""Rounds that cost as much as Newton's method: a block that needs more is Newton's."""

GAIN, GAIN_BENT = 16.0, 2.5
"""By how much a round brings residuals nearer to arriving, when it is asked how many could be spared."""

NARROW = 200
"""Columns up to which A theta is worked out again each round, as part of one product; with 500 columns of
float64 an epoch takes 1.4 times as long that way, with 30 columns 0.8 times."""


class BlockWindow:
    """Room for blocks that follow one another; rows of zeros fill the last one, and move nothing.

    M = [C, N] stands beside [theta, guess], so that logits are one product. A view costs as much as a short
    product, so that all of them are made once.

    Args:
        like: rows of the dtype and width that come.
        blocks: how many there are.
        rate: what multiplies the gradient of a row.
        bend: see the top of ``blocks``; 0 for none.
        kept: whether all of them stand here at once.

    Attributes:
        height: blocks at a time.
    """

    def __init__(self, like: Tensor, blocks: int, rate: float, bend: float, *, kept: bool) -> None:
        d = like.shape[1]
        self.height = height = blocks if kept else min(STRETCH, blocks)
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
