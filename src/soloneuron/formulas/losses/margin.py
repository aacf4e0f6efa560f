"""Losses of the margin m = s z of a hard label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from soloneuron.formulas.links import relu
from soloneuron.formulas.losses.base import Loss
from soloneuron.shapes import Labels, Logits


@dataclass(frozen=True)
class Hinge(Loss):
    """The support vector machine's loss: linear below margin 1, nothing above.

    Formula: relu(1 - m); derivative -s [m < 1]; second 0.

    Source: Cortes and Vapnik, Machine Learning 20 (1995). At m = 1 we take the derivative 0;
    scikit-learn's SGDClassifier takes -s there.
    """

    name = "hinge"
    convex = True
    smooth = False
    symmetric = True

    def value(self, z: Logits, y: Labels) -> Logits:
        """relu(1 - m)."""
        return relu(1 - (2 * y - 1) * z)

    def graph(self, z: Any, y: Any) -> Any:
        """relu(1 - m)."""
        return (1 - (2 * y - 1) * z).relu()

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """-s below margin 1."""
        s = 2 * y - 1
        return torch.where((s * z).real < 1, -s, torch.zeros_like(z))

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """1 where t > -1."""
        return torch.gt(t, -1.0, out=out)

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """relu(1 + t)."""
        return torch.add(t, 1.0, out=out).clamp_(min=0)

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """0 on both sides of the kink."""
        return torch.zeros_like(z * y)

    def rounded(self, width: Tensor) -> Loss:
        """The branch of a hyperbola whose asymptotes it is."""
        return RoundedHinge(width)


@dataclass(frozen=True, eq=False)
class RoundedHinge(Loss):
    """The hinge on its way: a hyperbola that has the hinge for its asymptotes.

    Formula: with x = 1 - m and q = sqrt(x^2 + 4 width^2), (x + q) / 2; derivative -s (1 + x/q) / 2; second
    2 width^2 / q^3. It lies above the hinge, by width at the kink and by less elsewhere.

    Args:
        width: a number (), > 0.

    Source: Chen and Harker, SIAM Journal on Matrix Analysis 14 (1993); Kanzow, SIAM Journal on Matrix
    Analysis 17 (1996). It is what a logarithmic barrier makes of the hinge, so that Newton's method follows
    its minimum to that of the hinge as an interior-point method does.

    Example:
        >>> RoundedHinge(torch.tensor(0.1)).value(torch.tensor(1.0), torch.tensor(1.0)).item()
        0.10000000149011612
    """

    width: Tensor
    name = "rounded_hinge"
    convex = True
    symmetric = True

    def value(self, z: Logits, y: Labels) -> Logits:
        """(x + q) / 2."""
        x = 1 - (2 * y - 1) * z
        return (x + self._root(x)) / 2

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """-s (1 + x/q) / 2."""
        s = 2 * y - 1
        x = 1 - s * z
        return -s * (1 + x / self._root(x)) / 2

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """(1 + x/q) / 2 with x = 1 + t."""
        x = 1 + t
        return torch.div(x, self._root(x), out=out).add_(1).div_(2)

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """(x + q) / 2 with x = 1 + t."""
        x = 1 + t
        return torch.add(x, self._root(x), out=out).div_(2)

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """2 width^2 / q^3."""
        # The square of a small width leaves the range of 32 bits beside q^3 sooner than their quotients do.
        q = self._root(1 - (2 * y - 1) * z)
        return 2 * (self.width / q).square_().div_(q)

    def _root(self, x: Logits) -> Logits:
        return torch.hypot(x, (2 * self.width).expand_as(x))


@dataclass(frozen=True)
class SquaredHinge(Loss):
    """The smooth form of the hinge.

    Formula: relu(1 - m)^2; derivative -2 s relu(1 - m); second 2 [m < 1].

    Source: Chang, Hsieh and Lin, Journal of Machine Learning Research 9 (2008), L2-loss SVM.
    """

    name = "squared_hinge"
    convex = True
    symmetric = True

    @property
    def curvature(self) -> float:
        """2, below margin 1."""
        return 2.0

    def value(self, z: Logits, y: Labels) -> Logits:
        """relu(1 - m)^2."""
        return relu(1 - (2 * y - 1) * z) ** 2

    def graph(self, z: Any, y: Any) -> Any:
        """relu(1 - m)^2."""
        return Hinge().graph(z, y) ** 2

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """-2 s relu(1 - m)."""
        s = 2 * y - 1
        return -2 * s * relu(1 - s * z)

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """2 relu(1 + t)."""
        return torch.add(2.0, t, alpha=2.0, out=out).clamp_(min=0)

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """relu(1 + t)^2."""
        return torch.add(t, 1.0, out=out).clamp_(min=0).square_()

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """2 below margin 1, else 0."""
        return torch.where(((2 * y - 1) * z).real < 1, torch.full_like(z, 2), 0)


@dataclass(frozen=True)
class Exponential(Loss):
    """AdaBoost's loss: a confident mistake costs exponentially much.

    Formula: exp(-m); derivative -s exp(-m); second exp(-m).

    Numerics: the true value leaves the range of the dtype at m = -710 (float64) or -89 (float32); it is
    inf there, never NaN.

    Source: Freund and Schapire (1997); Friedman, Hastie and Tibshirani, Annals of Statistics 28 (2000).
    """

    name = "exponential"
    convex = True
    symmetric = True
    strictly_decreasing = True

    def value(self, z: Logits, y: Labels) -> Logits:
        """exp(-m)."""
        return torch.exp((1 - 2 * y) * z)

    def graph(self, z: Any, y: Any) -> Any:
        """exp(-m)."""
        return ((1 - 2 * y) * z).exp()

    def derivative(self, z: Logits, y: Labels) -> Logits:
        """-s exp(-m)."""
        return (1 - 2 * y) * self.value(z, y)

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """exp(t)."""
        return torch.exp(t, out=out)

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """exp(t)."""
        return torch.exp(t, out=out)

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        """exp(-m)."""
        return self.value(z, y)
