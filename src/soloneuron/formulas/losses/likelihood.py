"""Losses that follow from the likelihood of the label."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from soloneuron.errors import InputError
from soloneuron.formulas.links import magnitude, relu, sigmoid, sigmoid_slope, softplus
from soloneuron.formulas.losses.base import Loss, curvature_on_grid
from soloneuron.formulas.losses.error import residual
from soloneuron.shapes import Labels, Logits


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
    gamma: float = 2.0

    def __post_init__(self) -> None:
        if not 0 <= self.gamma < math.inf:
            raise InputError(f"gamma must be finite and >= 0, got {self.gamma} (Focal)", code="focal.gamma")

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
