"""Penalties on the size of the weights, added to the mean loss; the bias stays free unless asked.

With strength alpha: L1 is alpha * sum |w|, L2 is alpha/2 * sum w^2 (its gradient is alpha w), the elastic
net a mixture. These are scikit-learn's conventions for SGDClassifier.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import PENALTIES
from soloneuron.shapes import Gradient, Theta, Values


@dataclass(frozen=True)
class Penalty(ABC):
    """What a penalty must tell. It is given only the part of theta that it acts on.

    Args:
        strength: alpha, finite and >= 0.
        penalize_bias: whether the bias is held back like a weight.

    Raises:
        InputError: a strength that is negative or not finite.
    """

    name: ClassVar[str] = "own"
    strength: float = 1e-4
    penalize_bias: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.strength < math.inf:
            raise InputError(
                f"strength must be finite and >= 0, got {self.strength} ({type(self).__name__})",
                code="penalty.strength",
            )

    @abstractmethod
    def value(self, w: Theta) -> Values:
        """The cost of w (..., d), shape (...)."""

    @abstractmethod
    def gradient(self, w: Theta) -> Gradient:
        """The gradient, the shape of w; at a kink 0."""

    def add_gradient(self, w: Theta, gradient: Gradient) -> None:
        """Add the gradient at w to a gradient of the same shape, in place."""
        gradient += self.gradient(w)

    @property
    @abstractmethod
    def curvature(self) -> float:
        """The second derivative along each weight, where the penalty is smooth."""


@dataclass(frozen=True)
class L1(Penalty):
    """alpha * sum |w|: drives useless weights towards 0.

    Source: Tibshirani, Journal of the Royal Statistical Society B 58 (1996). We step along a subgradient,
    sign(w) with sign(0) = 0, so weights come close to 0 but not exactly to it; SGDClassifier truncates.
    """

    name: ClassVar[str] = "l1"

    def value(self, w: Theta) -> Values:
        """alpha * sum |w|."""
        return self.strength * w.abs().sum(-1)

    def gradient(self, w: Theta) -> Gradient:
        """alpha * sign(w)."""
        return self.strength * torch.sign(w)

    @property
    def curvature(self) -> float:
        """0: it is linear on each side."""
        return 0.0


@dataclass(frozen=True)
class L2(Penalty):
    """alpha/2 * sum w^2: keeps all weights moderate, and gives separable data a finite optimum.

    Source: Hoerl and Kennard, Technometrics 12 (1970).
    """

    name: ClassVar[str] = "l2"

    def value(self, w: Theta) -> Values:
        """alpha/2 * sum w^2."""
        return self.strength / 2 * (w * w).sum(-1)

    def gradient(self, w: Theta) -> Gradient:
        """alpha * w."""
        return self.strength * w

    @property
    def curvature(self) -> float:
        """alpha."""
        return self.strength


@dataclass(frozen=True)
class ElasticNet(Penalty):
    """alpha * (rho * sum |w| + (1 - rho)/2 * sum w^2): a mixture of L1 and L2.

    Args:
        l1_ratio: rho, from 0 (L2) to 1 (L1).

    Raises:
        InputError: rho outside [0, 1].

    Source: Zou and Hastie, Journal of the Royal Statistical Society B 67 (2005); in their terms the naive
    elastic net.
    """

    name: ClassVar[str] = "elastic_net"
    l1_ratio: float = 0.15

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.l1_ratio <= 1:
            raise InputError(
                f"l1_ratio must lie in [0, 1], got {self.l1_ratio} (ElasticNet)", code="penalty.l1_ratio"
            )

    def value(self, w: Theta) -> Values:
        """rho times L1 plus (1 - rho) times L2."""
        return self.strength * (self.l1_ratio * w.abs() + (1 - self.l1_ratio) / 2 * w * w).sum(-1)

    def gradient(self, w: Theta) -> Gradient:
        """alpha * (rho * sign(w) + (1 - rho) * w)."""
        return self.strength * (self.l1_ratio * torch.sign(w) + (1 - self.l1_ratio) * w)

    @property
    def curvature(self) -> float:
        """alpha * (1 - rho)."""
        return self.strength * (1 - self.l1_ratio)


def as_penalty(penalty: object, strength: float | None = None) -> Penalty | None:
    """The penalty meant by a catalogue name, or the user's own object; None stays None.

    Args:
        penalty: a name of ``PENALTIES``, a ``Penalty``, or None.
        strength: alpha for a name; None takes the default of the class.

    Returns:
        A Penalty or None.

    Raises:
        UnknownNameError: a name that the catalogue does not have.
        InputError: neither a name nor a Penalty.
    """
    if penalty is None or isinstance(penalty, Penalty):
        return penalty
    if isinstance(penalty, str):
        chosen = PENALTIES.load(penalty)
        made: Penalty = chosen() if strength is None else chosen(strength=strength)
        return made
    raise InputError(
        f"penalty must be None, a name of the catalogue or a Penalty, got {penalty!r}", code="penalty.type"
    )
