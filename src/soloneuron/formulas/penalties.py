"""Penalties on the size of the weights, added to the mean loss; the bias stays free unless asked.

With strength alpha: L1 is alpha * sum |w|, L2 is alpha/2 * sum w^2 (its gradient is alpha w), the elastic
net a mixture. These are scikit-learn's conventions for SGDClassifier. A strength may have run axes, as a
learning rate may: (runs..., 1) is one for each run.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, TypeAlias

import numpy as np
import torch
from torch import Tensor

from soloneuron.brief import brief
from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.catalogue import PENALTIES
from soloneuron.formulas.numbers import real
from soloneuron.shapes import Gradient, Theta, Values

RunNumber: TypeAlias = float | Tensor
"""One number for all runs, or one for each, (runs..., 1)."""


@dataclass(frozen=True)
class Penalty(ABC):
    """What a penalty must tell. It is given only the part of theta that it acts on.

    Args:
        strength: alpha, finite and >= 0; a tensor (runs..., 1) gives each run its own.
        penalize_bias: whether the bias is held back like a weight.

    Raises:
        InputError: a strength that is negative or not finite.
    """

    name: ClassVar[str] = "own"
    strength: RunNumber = 1e-4
    penalize_bias: bool = False

    def __post_init__(self) -> None:
        self._check("strength", "be finite and >= 0", 0.0, math.inf)
        if not isinstance(self.penalize_bias, bool):
            raise InputError(
                f"penalize_bias must be True or False, got {self.penalize_bias!r} ({type(self).__name__})",
                code="penalty.penalize_bias",
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

    def descent(self, w: Theta, rate: float) -> Callable[[], object]:
        """A step against the gradient, made ready: each call does w <- w - rate * gradient(w), in place."""
        return lambda: w.sub_(self.gradient(w), alpha=rate)

    @property
    def smooth(self) -> bool:
        """Whether the gradient has no jump."""
        return True

    @property
    @abstractmethod
    def curvature(self) -> RunNumber:
        """The second derivative along each weight, where the penalty is smooth; (runs..., 1) of many runs."""

    @property
    def absolute(self) -> RunNumber:
        """What each |w| costs, where that and something smooth are all of the penalty."""
        return 0.0

    @property
    def runs(self) -> torch.Size:
        """The run axes of its numbers; none where every run has the same."""
        numbers = (value for value in vars(self).values() if isinstance(value, Tensor))
        return torch.Size(np.broadcast_shapes(*(value.shape[:-1] for value in numbers)))

    def _check(self, name: str, domain: str, least: float, most: float) -> None:
        """Refuse a number, or a tensor (runs..., 1) of them, that does not lie between two ends."""
        value: Any = getattr(self, name)
        column = isinstance(value, Tensor) and value.dim() > 0
        if column and value.shape[-1] != 1:
            raise ShapeError(
                f"{name} must be one number, or a tensor (R, 1) for R runs, got shape {tuple(value.shape)} "
                f"({type(self).__name__})",
                code=f"penalty.{name}.shape",
            )
        number = float(value) if isinstance(value, Tensor) and not column else real(value)
        low, high = (value.min(), value.max()) if column else (number, number)
        # Not "outside": a value that is no number lies nowhere.
        if not (least <= low and high <= most and high < math.inf):
            came = f"a tensor from {low:g} to {high:g}" if column else repr(value)
            raise InputError(
                f"{name} must {domain}, got {came} ({type(self).__name__})", code=f"penalty.{name}"
            )


@dataclass(frozen=True)
class L1(Penalty):
    """alpha * sum |w|: drives useless weights towards 0.

    Source: Tibshirani, Journal of the Royal Statistical Society B 58 (1996). We step along a subgradient,
    sign(w) with sign(0) = 0, so weights come close to 0 but not exactly to it; SGDClassifier truncates.
    """

    name: ClassVar[str] = "l1"

    __repr__ = brief

    def value(self, w: Theta) -> Values:
        """alpha * sum |w|."""
        return _each(self.strength, w) * w.abs().sum(-1)

    def gradient(self, w: Theta) -> Gradient:
        """alpha * sign(w)."""
        return _like(self.strength, w) * torch.sign(w)

    @property
    def smooth(self) -> bool:
        """No: it has a kink at 0."""
        return False

    @property
    def curvature(self) -> RunNumber:
        """0: it is linear on each side."""
        return 0.0

    @property
    def absolute(self) -> RunNumber:
        """alpha."""
        return self.strength


@dataclass(frozen=True)
class L2(Penalty):
    """alpha/2 * sum w^2: keeps all weights moderate, and gives separable data a finite optimum.

    Source: Hoerl and Kennard, Technometrics 12 (1970).
    """

    name: ClassVar[str] = "l2"

    __repr__ = brief

    def value(self, w: Theta) -> Values:
        """alpha/2 * sum w^2."""
        return _each(self.strength, w) / 2 * (w * w).sum(-1)

    def gradient(self, w: Theta) -> Gradient:
        """alpha * w."""
        return _like(self.strength, w) * w

    def descent(self, w: Theta, rate: float) -> Callable[[], object]:
        """Shrinking, made ready: w <- (1 - rate * alpha) w."""
        # A 0-d tensor: an operation with one costs half of one with a Python number.
        factor = torch.as_tensor(1 - rate * _like(self.strength, w), dtype=w.dtype, device=w.device)
        return partial(w.mul_, factor)

    @property
    def curvature(self) -> RunNumber:
        """alpha."""
        return self.strength


@dataclass(frozen=True)
class ElasticNet(Penalty):
    """alpha * (rho * sum |w| + (1 - rho)/2 * sum w^2): a mixture of L1 and L2.

    Args:
        l1_ratio: rho, from 0 (L2) to 1 (L1); a tensor (runs..., 1) gives each run its own.

    Raises:
        InputError: rho outside [0, 1].

    Source: Zou and Hastie, Journal of the Royal Statistical Society B 67 (2005); in their terms the naive
    elastic net.
    """

    name: ClassVar[str] = "elastic_net"
    l1_ratio: RunNumber = 0.15

    __repr__ = brief

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("l1_ratio", "lie in [0, 1]", 0.0, 1.0)

    def value(self, w: Theta) -> Values:
        """rho times L1 plus (1 - rho) times L2."""
        rho = _like(self.l1_ratio, w)
        return _each(self.strength, w) * (rho * w.abs() + (1 - rho) / 2 * w * w).sum(-1)

    def gradient(self, w: Theta) -> Gradient:
        """alpha * (rho * sign(w) + (1 - rho) * w)."""
        rho = _like(self.l1_ratio, w)
        return _like(self.strength, w) * (rho * torch.sign(w) + (1 - rho) * w)

    @property
    def smooth(self) -> bool:
        """Only without its L1 part."""
        return not torch.as_tensor(self.l1_ratio).any()

    @property
    def curvature(self) -> RunNumber:
        """alpha * (1 - rho)."""
        return self.strength * (1 - self.l1_ratio)

    @property
    def absolute(self) -> RunNumber:
        """alpha * rho."""
        return self.strength * self.l1_ratio


def _like(number: RunNumber, w: Theta) -> RunNumber:
    """A number of each run as it meets w (runs..., d): in its dtype, so that float32 stays float32."""
    return number.to(w) if isinstance(number, Tensor) else number


def _each(number: RunNumber, w: Theta) -> RunNumber:
    """A number of each run as it meets a sum over the weights, (runs...)."""
    return number.to(w)[..., 0] if isinstance(number, Tensor) else number


def as_penalty(penalty: object, strength: RunNumber | None = None) -> Penalty | None:
    """The penalty meant by a catalogue name, or the user's own object; None stays None.

    Args:
        penalty: a name of ``PENALTIES``, a ``Penalty``, or None.
        strength: alpha for a name, one or (runs..., 1); None takes the default of the class.

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
