"""Losses of the error p - y of the probability."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from soloneuron.errors import InputError
from soloneuron.formulas.links import sigmoid, sigmoid_slope
from soloneuron.formulas.losses.base import Loss, curvature_on_grid
from soloneuron.formulas.numbers import real
from soloneuron.shapes import Labels, Logits


@dataclass(frozen=True)
class MSE(Loss):
    """Squared error of the probability (the Brier score).

    Formula: (p - y)^2; derivative 2 (p - y) p q; second 2 (p q)^2 + 2 (p - y) p q (q - p). Not convex in z:
    at a confident wrong answer the gradient vanishes with p q.

    Source: Rumelhart, Hinton and Williams, Nature 323 (1986). They write 1/2 (p - y)^2; we keep the factor
    2 in the derivative, as the mean of squares demands.
    """

    name = "mse"
    soft_labels = True
    strictly_decreasing = True
    symmetric = True

    @property
    def curvature(self) -> float:
        """0.154..., where p = (9 + sqrt 33) / 24 for y = 1."""
        p = (9 + math.sqrt(33)) / 24
        return 2 * p * (1 - p) ** 2 * (3 * p - 1)

    def value(self, z: Logits, y: Labels) -> Logits:
        """The square of p - y."""
        return residual(z, y) ** 2

    def graph(self, z: Any, y: Any) -> Any:
        """The square of p - y."""
        return (z.sigmoid() - y) ** 2

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """2 (p - y) p q."""
        return 2 * residual(z, y) * sigmoid_slope(z)

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """2 p^2 q, with p the probability of the wrong class."""
        q = torch.neg(t).sigmoid_()
        torch.sigmoid(t, out=out)
        # Two times in the addition that is there anyway: q p + q p.
        q.mul_(out)
        return out.mul_(q.add_(q))

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """The square of the probability of the wrong class."""
        return torch.sigmoid(t, out=out).square_()

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """2 (p q)^2 + 2 (p - y) p q (q - p)."""
        slope = sigmoid_slope(z)
        return 2 * slope * (slope + residual(z, y) * (sigmoid(-z) - sigmoid(z)))


@dataclass(frozen=True)
class MAE(Loss):
    """Absolute error of the probability.

    Formula: |p - y| = (1 - y) p + y q for y in {0, 1}; derivative -s p q; second -s p q (q - p). Each
    example costs at most 1, so a gross outlier cannot drag the line; the price is a vanishing gradient.

    Source: Ghosh, Kumar and Sastry, AAAI (2017).
    """

    name = "mae"
    strictly_decreasing = True
    symmetric = True

    @property
    def curvature(self) -> float:
        """1 / (6 sqrt 3)."""
        return 1 / (6 * math.sqrt(3))

    def value(self, z: Logits, y: Labels) -> Logits:
        """The probability of the wrong class."""
        return _wrong(z, y)

    def graph(self, z: Any, y: Any) -> Any:
        """|p - y|, as the probability of the wrong class."""
        return ((1 - 2 * y) * z).sigmoid()

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """-s p q."""
        return (1 - 2 * y) * sigmoid_slope(z)

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """p q."""
        return torch.sigmoid(t, out=out).mul_(torch.neg(t).sigmoid_())

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """The probability of the wrong class."""
        return torch.sigmoid(t, out=out)

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """-s p q (q - p)."""
        return (1 - 2 * y) * sigmoid_slope(z) * (sigmoid(-z) - sigmoid(z))


@dataclass(frozen=True)
class Huber(Loss):
    """Squared near, absolute far: Huber's function of the error e = |p - y|.

    Formula: e^2 / 2 for e <= delta, else delta (e - delta / 2); by the chain rule the derivative is
    min(e, delta) e' and the second e'^2 [e <= delta] + min(e, delta) e''.

    Args:
        delta: where the square becomes a line, 0 < delta <= 1; an error of a probability is at most 1, so
            delta = 1 is half of MSE.

    Raises:
        InputError: delta outside (0, 1].

    Source: Huber, Annals of Mathematical Statistics 35 (1964). His residual is unbounded; ours is that of
    a probability.
    """

    name = "huber"
    strictly_decreasing = True
    symmetric = True
    delta: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < real(self.delta) <= 1:
            raise InputError(f"delta must lie in (0, 1], got {self.delta!r} (Huber)", code="huber.delta")

    @property
    def curvature(self) -> float:
        """The maximum over a grid of logits, and where |p - y| = delta."""
        bend = math.log(self.delta / (1 - self.delta)) if self.delta < 1 else 0.0
        return curvature_on_grid(self, (bend, -bend))

    def value(self, z: Logits, y: Labels) -> Logits:
        """Huber's function of |p - y|."""
        e = _wrong(z, y)
        return torch.where(e.real <= self.delta, e * e / 2, self.delta * (e - self.delta / 2))

    def graph(self, z: Any, y: Any) -> Any:
        """Huber's function as c (e - c / 2) with c = min(e, delta): both branches without an if."""
        e = MAE().graph(z, y)
        c = e.minimum(self.delta)
        return c * (e - c / 2)

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """min(e, delta) e'."""
        return self._influence(z, y) * MAE().derivative(z, y)

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """min(p, delta) p q, with p the probability of the wrong class."""
        q = torch.neg(t).sigmoid_()
        p = torch.sigmoid(t, out=out)
        q.mul_(p)
        return p.clamp_(max=self.delta).mul_(q)

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """c (p - c / 2) with c = min(p, delta): both branches without an if."""
        p = torch.sigmoid(t, out=out)
        c = p.clamp(max=self.delta)
        return p.sub_(c, alpha=0.5).mul_(c)

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """e'^2 [e <= delta] + min(e, delta) e''."""
        near = _wrong(z, y).real <= self.delta
        bend = torch.where(near, MAE().derivative(z, y) ** 2, 0)
        return bend + self._influence(z, y) * MAE().second_derivative(z, y)

    def _influence(self, z: Logits, y: Labels) -> Logits:
        e = _wrong(z, y)
        return torch.where(e.real <= self.delta, e, self.delta)


def residual(z: Logits, y: Labels) -> Logits:
    """The error p - y, written as (1 - y) p - y q.

    For a hard label that has no subtraction: a well-classified example keeps its relative precision.
    """
    return (1 - y) * sigmoid(z) - y * sigmoid(-z)


def _wrong(z: Logits, y: Labels) -> Logits:
    return (1 - y) * sigmoid(z) + y * sigmoid(-z)
