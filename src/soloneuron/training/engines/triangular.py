"""The triangular system of a block of rows, t = c - L sigmoid(t), and three ways to solve it.

Rounds cost two operations each, or three with a bend, Newton's method a triangular solve an iteration, the
recursion four operations a row.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

ITERATIONS = 12
"""Newton's iterations, after which a block is left to the recursion."""


class Block(NamedTuple):
    """Views of one block: t = M [theta, guess] = C theta + N guess, r = sigmoid(t).

    Without a bend s, M = [A, -L] and the guess is of r. With one M = (I + s L)^-1 [A, -L] and the guess is of
    z = r - s t.
    """

    M: Tensor
    C: Tensor
    N: Tensor
    unknowns: Tensor
    theta: Tensor
    rows: Tensor
    columns: Tensor
    guess: Tensor
    t: Tensor
    r: Tensor
    after: Tensor

    def together(self, rounds: int, bend: float) -> None:
        """Some rounds of one product each: the fewest calls."""
        M, unknowns, guess, t = self.M, self.unknowns, self.guess, self.t
        r = self.r if bend else guess
        for _ in range(rounds - 1):
            torch.mv(M, unknowns, out=t)
            torch.sigmoid(t, out=r)
            if bend:
                torch.sub(r, t, alpha=bend, out=guess)
        torch.mv(M, unknowns, out=t)

    def apart(self, rounds: int, bend: float) -> None:
        """Some rounds with C theta done once: the fewest multiplications."""
        N, guess, t, c = self.N, self.guess, self.t, torch.mv(self.C, self.theta)
        r = self.r if bend else guess
        for _ in range(rounds - 1):
            torch.addmv(c, N, guess, out=t)
            torch.sigmoid(t, out=r)
            if bend:
                torch.sub(r, t, alpha=bend, out=guess)
        torch.addmv(c, N, guess, out=t)


def newton(L: Tensor, c: Tensor, tolerance: float) -> tuple[Tensor, Tensor] | None:
    """The logits and residuals of a block; None where the system is stiff, or not finite."""
    t = c
    for _ in range(ITERATIONS):
        r = torch.sigmoid(t)
        F = torch.addmv(t, L, r).sub_(c)
        if F.abs().max().item() <= tolerance:
            return t, r
        # The unit diagonal of the Jacobian I + L diag(r (1 - r)) is implied.
        J = L * (r - r * r)
        t = t - torch.linalg.solve_triangular(J, F[:, None], upper=False, unitriangular=True)[:, 0]
    return None


def recursion(L: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """The same system row by row: slow, and never wrong."""
    t, r = c.clone(), torch.zeros_like(c)
    for i in range(len(c)):
        t[i] -= torch.dot(L[i, :i], r[:i])
        r[i] = torch.sigmoid(t[i])
    return t, r
