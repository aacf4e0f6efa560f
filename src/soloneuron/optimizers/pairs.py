"""What L-BFGS remembers: the last few steps and changes of the gradient, and the direction that they give."""

from __future__ import annotations

from operator import mul

import torch
from torch import Tensor

from soloneuron.shapes import Gradient

G, Y, D = 0, 1, 2
"""Where a row of products holds those with the gradient, its change and the direction."""


class Pairs:
    """Pairs (s, y), and three vectors beside them: the latest gradient g, its change and the direction d.

    All of them are rows of one matrix, so that one product of matrices gives every number that the two-loop
    recursion asks for. It then runs on plain numbers: a direction costs one product of a vector, and host and
    device meet once an evaluation.

    Numerics: rows are float64, whatever theta is: the recursion on products loses digits that its vectors
    would keep.

    Args:
        s: the steps, oldest first, (history, k).
        y: the changes of the gradient that belong to them, (history, k).
        kept: how many rows there are pairs in.

    Source: Chen, Wang and Zhou, Large-scale L-BFGS using MapReduce, NIPS (2014).
    """

    def __init__(self, s: Tensor, y: Tensor, kept: int) -> None:
        self.history, k = s.shape
        self._rows = torch.cat([s, y, s.new_zeros(3, k)])
        self._beside = self._rows[-3:]
        # Places of the pairs among the rows, oldest first.
        self._order = list(range(kept))
        self._learned = False
        self._sy: list[list[float]] = []
        self._yy: list[list[float]] = []

    def products(self, g: Gradient, before: Gradient | None) -> Tensor:
        """All rows times g, g - before and d, (2 history + 3, 3)."""
        self._beside[G].copy_(g)
        if before is not None:
            torch.sub(g, before, out=self._beside[Y])
        return self._rows @ self._beside.T

    def among_themselves(self) -> Tensor:
        """The products of the steps and of the changes with the changes, (2 history, history)."""
        pairs = self._rows[: 2 * self.history]
        return pairs @ pairs[self.history :].T

    def know(self, found: list[list[float]]) -> None:
        """Take what ``among_themselves`` has found."""
        self._sy, self._yy = found[: self.history], found[self.history :]

    def learn(
        self, y: Gradient, t: float, products: list[list[float]], *, least: float, share: float
    ) -> None:
        """Keep the pair (t d, y) if it bends upwards: s . y > least and s . y > share * y . y > 0.

        That keeps the matrix positive definite, and so the direction downhill; the search sees to it but for
        rounding. Beyond ``history`` the oldest is forgotten.

        Args:
            y: the change of the gradient, (k,).
            t: how far was gone along d.
            products: what ``products`` has found of this y, as numbers.
            least: see above; an absolute bound.
            share: see above; a bound free of scale.
        """
        m, (_, yy, yd) = self.history, products[-2]
        bend = t * yd
        if not (yy > 0 and bend > max(least, share * yy)):
            return
        full = len(self._order) == m
        new = self._order.pop(0) if full else len(self._order)
        for old in self._order:
            self._sy[new][old], self._sy[old][new] = t * products[m + old][D], products[old][Y]
            self._yy[new][old] = self._yy[old][new] = products[m + old][Y]
        self._sy[new][new], self._yy[new][new] = bend, yy
        self._order.append(new)
        self._learned = True
        torch.mul(self._beside[D], t, out=self._rows[new])
        self._rows[m + new].copy_(y)
        # What the rows just written give with the gradient.
        products[new][G], products[m + new][G] = t * products[-1][G], products[-2][G]

    def direction(self, g: Gradient, products: list[list[float]]) -> tuple[Tensor, float]:
        """The direction d = -H g of the two-loop recursion, (k,), and the slope g . d along it.

        Args:
            g: the gradient.
            products: what ``products`` has found of it, as numbers; after ``learn``.
        """
        m, order = self.history, self._order
        sg, yg = ([products[k + i][G] for i in order] for k in (0, m))
        # Row by row in the order of age; a_j is the share of y_j, b_j that of s_j.
        sy = [[self._sy[i][j] for j in order] for i in order]
        n = len(order)
        a, b = [0.0] * n, [0.0] * n
        for i in reversed(range(n)):
            a[i] = (-sg[i] - sum(map(mul, a[i + 1 :], sy[i][i + 1 :]))) / sy[i][i]
        # H = (s . y) / (y . y) of the latest pair: the scale of the curvature that was seen last.
        scale = sy[-1][-1] / self._yy[order[-1]][order[-1]] if n else 1.0
        for i, place in enumerate(order):
            turned = scale * (-yg[i] - sum(map(mul, a, [self._yy[place][j] for j in order])))
            b[i] = a[i] - (turned + sum([b[j] * sy[j][i] for j in range(i)])) / sy[i][i]
        shares = [0.0] * (2 * m)
        for i, place in enumerate(order):
            shares[place], shares[m + place] = b[i], -scale * a[i]
        d = g.new_tensor(shares) @ self._rows[: 2 * m]
        d.sub_(g, alpha=scale)
        self._beside[D].copy_(d)
        slope = -scale * (products[-3][G] + sum(map(mul, a, yg))) + sum(map(mul, b, sg))
        return d, slope

    def write(self, s: Tensor, y: Tensor, kept: Tensor) -> None:
        """Write the pairs to their slots, oldest first."""
        if not self._learned:
            return
        n = len(self._order)
        for slot, first in ((s, 0), (y, self.history)):
            slot[:n] = self._rows[[first + place for place in self._order]]
        kept.fill_(n)
