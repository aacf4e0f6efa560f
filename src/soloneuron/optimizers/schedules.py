"""Learning rates as plain functions of the step t = 1, 2, ...

Every schedule is a frozen record with a formula: ``Cosine(0.1, steps=100)(t)`` is the rate of step t. Any
function of t will do in its place. torch.optim.lr_scheduler counts from 0: its epoch is our t - 1.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields

from soloneuron.errors import InputError
from soloneuron.formulas.numbers import real
from soloneuron.optimizers.settings import described


@dataclass(frozen=True)
class Schedule(ABC):
    """A rate for every step; subclasses add their shape.

    Args:
        rate: the rate that the others are fractions of, finite and > 0.

    Raises:
        InputError: a number that is not finite and > 0 (>= 0 for ``floor``).
    """

    rate: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            may_be_zero = field.name == "floor"
            number = real(value)
            if not (0 < number < math.inf or (may_be_zero and number == 0)):
                must = f"be finite and {'>=' if may_be_zero else '>'} 0"
                raise InputError(
                    f"{field.name} must {must}, got {described(value)} ({type(self).__name__})",
                    code=f"schedule.{field.name}",
                )

    @abstractmethod
    def __call__(self, t: int) -> float:
        """The rate of step t."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate always.

    Example:
        >>> Constant(0.5)(7)
        0.5
    """

    def __call__(self, t: int) -> float:  # noqa: ARG002
        """The rate."""
        return self.rate


@dataclass(frozen=True)
class StepDecay(Schedule):
    """A stair: rate * factor^floor((t - 1) / every). torch: StepLR.

    Example:
        >>> [StepDecay(1.0, every=2)(t) for t in (1, 2, 3)]
        [1.0, 1.0, 0.1]
    """

    every: int = 1
    factor: float = 0.1

    def __call__(self, t: int) -> float:
        """The rate of the stair that t stands on."""
        return self.rate * self.factor ** ((t - 1) // self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """rate * factor^(t - 1). torch: ExponentialLR.

    Example:
        >>> ExponentialDecay(1.0, factor=0.5)(3)
        0.25
    """

    factor: float = 0.99

    def __call__(self, t: int) -> float:
        """The rate after t - 1 multiplications."""
        return self.rate * self.factor ** (t - 1)


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from rate to floor in ``steps`` steps, then floor. torch: CosineAnnealingLR.

    Formula: floor + (rate - floor) (1 + cos(pi (t - 1) / steps)) / 2. torch rises again after ``steps``.

    Source: Loshchilov and Hutter, SGDR, ICLR (2017), without restarts.

    Example:
        >>> Cosine(1.0, steps=10)(6)
        0.5
    """

    steps: int = 1
    floor: float = 0.0

    def __call__(self, t: int) -> float:
        """The rate on the cosine."""
        share = min((t - 1) / self.steps, 1)
        return self.floor + (self.rate - self.floor) * (1 + math.cos(math.pi * share)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """A line from rate / steps at t = 1 up to rate at t = steps, then rate.

    Formula: rate * min(t / steps, 1). torch: LinearLR(start_factor=1/steps, total_iters=steps-1).

    Example:
        >>> [WarmUp(1.0, steps=4)(t) for t in (1, 4, 9)]
        [0.25, 1.0, 1.0]
    """

    steps: int = 1

    def __call__(self, t: int) -> float:
        """The rate on the line."""
        return self.rate * min(t / self.steps, 1)


@dataclass(frozen=True)
class InverseSqrt(Schedule):
    """rate / sqrt(t), the classic rate of stochastic gradient descent on convex functions.

    Source: Zinkevich, ICML (2003).

    Example:
        >>> InverseSqrt(1.0)(4)
        0.5
    """

    def __call__(self, t: int) -> float:
        """The rate over the root of t."""
        return self.rate / math.sqrt(t)


@dataclass(frozen=True)
class Polynomial(Schedule):
    """rate * (1 - (t - 1) / steps)^power, then 0. torch: PolynomialLR.

    Example:
        >>> Polynomial(1.0, steps=4, power=2.0)(3)
        0.25
    """

    steps: int = 1
    power: float = 1.0

    def __call__(self, t: int) -> float:
        """The rate on the curve."""
        return self.rate * math.pow(max(1 - (t - 1) / self.steps, 0), self.power)


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Up to rate and down to almost nothing on two half cosines. torch: OneCycleLR.

    From rate / start at t = 1 up to rate at t = rise * steps, down to rate / start / end at t = steps, which
    is also the rate after that.

    Source: Smith and Topin, Super-Convergence (2018), with cosines in place of lines as in torch and fastai.

    Example:
        >>> cycle = OneCycle(1.0, steps=10)
        >>> [round(cycle(t), 6) for t in (1, 3, 10)]
        [0.04, 1.0, 4e-06]
    """

    steps: int = 10
    rise: float = 0.3
    start: float = 25.0
    end: float = 10000.0

    def __call__(self, t: int) -> float:
        """The rate on the rising or the falling cosine."""
        top, now = self.rise * self.steps - 1, min(t, self.steps) - 1
        low = self.rate / self.start
        if now <= top:
            return between(low, self.rate, now / top) if top > 0 else self.rate
        return between(self.rate, low / self.end, (now - top) / (self.steps - 1 - top))


def between(first: float, last: float, share: float) -> float:
    """Half a cosine from first to last."""
    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2
