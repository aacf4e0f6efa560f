"""Losses that follow from the likelihood of the label."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from soloneuron.errors import InputError
from soloneuron.formulas.links import magnitude, relu, sigmoid, sigmoid_slope, softplus
from soloneuron.formulas.losses.base import Loss, curvature_on_grid, number_like, zero_like
from soloneuron.formulas.losses.error import residual
from soloneuron.formulas.numbers import real
from soloneuron.shapes import Labels, Logits

_FOLD = 64
"""Factors of a product under one logarithm."""

_FEW = 2048
"""Below this many rows side by side a logarithm each costs less than the calls that would save it."""


@dataclass(frozen=True)
class NLL(Loss):
    """Negative log-likelihood (cross-entropy, log loss) of a Bernoulli label.

    Formula: -y log p - (1 - y) log q = relu(z) - y z + log1p(exp(-|z|)); derivative p - y; second p q.

    Numerics: finite for every finite z; 1000 at z = -1000, y = 1, where the textbook form gives inf.

    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.2.
    """

    name = "nll"
    soft_labels = True
    convex = True
    strictly_decreasing = True
    symmetric = True

    @property
    def curvature(self) -> float:
        """1/4, at z = 0."""
        return 0.25

    def value(self, z: Logits, y: Labels) -> Logits:
        """The loss of each prediction, in nats."""
        return relu(z) - y * z + torch.log1p(torch.exp(-magnitude(z)))

    def graph(self, z: Any, y: Any) -> Any:
        """The loss as softplus(z) - y z; its two ways back to z bring p and -y."""
        return z.softplus() - y * z

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """The residual p - y."""
        return residual(z, y)

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """The probability of the wrong class."""
        return torch.sigmoid(t, out=out)

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """softplus(t)."""
        return torch.logaddexp(t, zero_like(t), out=out)

    def total(self, t: Logits, slope: Logits, dim: int = -1) -> Logits:
        """The sum of softplus(t), with one logarithm for many rows.

        Formula: softplus(t) = relu(t) - log max(p, 1 - p) with p the slope. The maximum lies in [1/2, 1], so
        64 factors can be multiplied before one logarithm: 2^-64 is far inside the range of float32.
        """
        n = t.shape[dim]
        if n < _FEW and dim == -1:
            return super().total(t, slope)
        # In place: t is spent, and a fresh tensor of this size would cost more than the arithmetic.
        total = t.clamp_(min=0).sum(dim)
        likely = torch.maximum(torch.sub(1.0, slope, out=t), slope, out=t)
        # Folding by view: products down 64 rows, then one logarithm a column; the rest has one of its own.
        folded = n - n % _FOLD
        if folded:
            columns = likely.narrow(dim, 0, folded).unflatten(dim, (_FOLD, -1))
            total -= columns.prod(dim - 1).log_().sum(dim)
        if folded < n:
            total -= likely.narrow(dim, folded, n - folded).prod(dim).log_()
        return total

    def second_derivative(self, z: Logits, y: Labels) -> Logits:  # noqa: ARG002
        """The variance p q of the label."""
        return sigmoid_slope(z)


@dataclass(frozen=True)
class Focal(Loss):
    """NLL that pays less attention to what is already easy.

    Formula for y = 1: q^gamma l with l = -log p; derivative -q^gamma (gamma p l + q); second
    p q^gamma (gamma^2 p l - gamma q l + 2 gamma q + q). For y = 0 the mirror image; a label between mixes
    both in proportion. gamma = 0 is NLL.

    Args:
        gamma: focusing strength, finite and >= 0.

    Raises:
        InputError: gamma negative or not finite.

    Source: Lin, Goyal, Girshick, He and Dollár, ICCV (2017). Their alpha is what class weights are here.
    """

    name = "focal"
    soft_labels = True
    strictly_decreasing = True
    symmetric = True
    gamma: float = 2.0

    def __post_init__(self) -> None:
        if not 0 <= real(self.gamma) < math.inf:
            raise InputError(f"gamma must be finite and >= 0, got {self.gamma!r} (Focal)", code="focal.gamma")

    @property
    def curvature(self) -> float:
        """The maximum over a grid of logits."""
        return curvature_on_grid(self)

    def value(self, z: Logits, y: Labels) -> Logits:
        """The focused cost of both classes, mixed by y."""
        return y * self._positive(z) + (1 - y) * self._positive(-z)

    def graph(self, z: Any, y: Any) -> Any:
        """The loss as q^gamma l in the logit of the wrong class."""
        wrong = (1 - 2 * y) * z
        return wrong.sigmoid() ** self.gamma * wrong.softplus()

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """The slope; that of y = 0 is the mirror image."""
        return y * self._positive_slope(z) - (1 - y) * self._positive_slope(-z)

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """p^gamma (gamma q l + p), with p the probability of the wrong class and l = softplus(t)."""
        p, cost = torch.sigmoid(t, out=out), torch.logaddexp(t, zero_like(t))
        # Between gamma l and 1, p of the way.
        slope = cost.mul_(number_like(t, self.gamma)).lerp_(number_like(t, 1.0), p)
        return (p.mul_(p) if self.gamma == 2 else p.pow_(self.gamma)).mul_(slope)

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """p^gamma l."""
        cost = torch.logaddexp(t, zero_like(t))
        return torch.sigmoid(t, out=out).pow_(self.gamma).mul_(cost)

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """The bend."""
        return y * self._positive_bend(z) + (1 - y) * self._positive_bend(-z)

    def _positive(self, z: Logits) -> Logits:
        return sigmoid(-z) ** self.gamma * softplus(-z)

    def _positive_slope(self, z: Logits) -> Logits:
        p, q, cost = sigmoid(z), sigmoid(-z), softplus(-z)
        return -(q**self.gamma) * (self.gamma * p * cost + q)

    def _positive_bend(self, z: Logits) -> Logits:
        p, q, cost, gamma = sigmoid(z), sigmoid(-z), softplus(-z), self.gamma
        return p * q**gamma * (gamma**2 * p * cost - gamma * q * cost + 2 * gamma * q + q)
