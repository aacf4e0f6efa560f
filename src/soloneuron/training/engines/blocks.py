"""Per-sample descent for many features, a block of samples at a time, exactly.

Inside a block the sequential recursion is a triangular system: with c = A theta, the residuals
r = sigmoid(t) and L = rate * tril(A A^T, -1),

    t = c - L r

because row i has seen the steps of the rows before it. Newton's method solves it with a triangular solve an
iteration, and theta <- theta - rate * A^T r then makes all the steps of the block at once.
"""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.kernels.layout import Layout
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.plan import Plan, State

SIZE = 192
ITERATIONS = 12
KEPT_BYTES = 2**28


class Blocks:
    """Exact sequential descent by block Newton, with the forward recursion as its guard.

    In file order the Gram blocks are kept, and the last epochs' logits, carried on along a line, are where
    Newton starts. Where it does not arrive (a rate so large that the system is stiff, or a
    non-finite number), the recursion t_i = c_i - sum_j<i L_ij r_j gives the answer row by row.
    """

    patience = 100_000

    def __init__(self, plan: Plan, layout: Layout, matrix: Tensor) -> None:
        self._plan, self._loss = plan, layout.loss
        self._rate = float(plan.step_size(1))
        self._rows = matrix
        kept = not plan.seeds and plan.rows * SIZE * self._rows.element_size() <= KEPT_BYTES
        self._grams = [self._gram(block) for block in self._rows.split(SIZE)] if kept else None
        self._tolerance = 64 * torch.finfo(self._rows.dtype).eps

    @one_thread()
    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        theta, recorder = state.theta, Recorder(self._plan, state, every)
        losses = []
        last: Tensor | None = None
        older: Tensor | None = None
        # The logits of the last epoch and of the one before: a straight line through them is the guess.
        t, r = theta.new_empty(self._plan.rows), theta.new_empty(self._plan.rows)
        for done in range(epochs):
            if recorder.wants(done):
                recorder.keep(done, theta)
            order = self._plan.order(self._plan.epoch(state) + done)
            rows = self._rows if order is None else self._rows[order]
            guess = None if last is None else last if older is None else 2 * last - older
            for k, A in enumerate(rows.split(SIZE)):
                block = slice(k * SIZE, k * SIZE + len(A))
                L = self._gram(A) if self._grams is None else self._grams[k]
                # c is what the logits would be if theta stood still within the block.
                c = torch.mv(A, theta)
                # In another order the rows of a block are others, so that a guess by position means nothing.
                start = c if guess is None or order is not None else guess[block]
                t[block], r[block] = self._solve(L, c, start)
                theta = torch.addmv(theta, A.T, r[block], alpha=-self._rate)
            older, last = last, t.clone()
            losses.append(self._loss.total(t, r))
        after = self._plan.after(state, epochs, theta)
        return Stretch(after, torch.stack(losses) / self._plan.rows, recorder.recorded())

    def _gram(self, A: Tensor) -> Tensor:
        return torch.tril(A @ A.T, -1).mul_(self._rate)

    def _solve(self, L: Tensor, c: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """The logits and residuals of a block: Newton on F(t) = t - c + L sigmoid(t)."""
        scale = 1 + c.abs().max().item()
        for _ in range(ITERATIONS):
            r = torch.sigmoid(t)
            # A comparison with nan is False: a system that is not finite never counts as solved.
            F = torch.addmv(t, L, r).sub_(c)
            if F.abs().max().item() <= self._tolerance * scale:
                return t, r
            # The unit diagonal of the Jacobian I + L diag(r (1 - r)) is implied.
            J = L * (r - r * r)
            t = t - torch.linalg.solve_triangular(J, F[:, None], upper=False, unitriangular=True)[:, 0]
        # Stiff, or not finite: the recursion has the loop's own answer, whatever that is.
        return _recursion(L, c)


def _recursion(L: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """The same system row by row: slow, and never wrong."""
    t, r = c.clone(), torch.zeros_like(c)
    for i in range(len(c)):
        t[i] -= torch.dot(L[i, :i], r[:i])
        r[i] = torch.sigmoid(t[i])
    return t, r
