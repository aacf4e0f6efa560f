"""Learning rates as plain functions of the step t = 1, 2, ...

Every schedule is a frozen record with a formula: ``Cosine(0.1, steps=100)(t)`` is the rate of step t. Any
function of t will do in its place. torch.optim.lr_scheduler counts from 0: its epoch is our t - 1.

What has ``steps`` has its last rate at t = steps, and keeps it. Schedules compose:
``WarmUp(100) >> Cosine(1000)`` goes up in 100 steps and then down in 1000; ``0.1 * schedule`` is a tenth.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from numbers import Integral

from soloneuron.errors import InputError
from soloneuron.formulas.numbers import real
from soloneuron.optimizers.composing import ComposableSchedule
from soloneuron.optimizers.settings import described


class UnsaidSteps(int):
    """How many steps there are where nobody said it."""


@dataclass(frozen=True)
class Schedule(ComposableSchedule, ABC):
    """A rate for every step; subclasses add their shape.

    Args:
        rate: the rate that the others are fractions of, finite and > 0. Of a schedule with ``steps`` a whole
            number alone is these: ``Cosine(1000)`` is ``Cosine(1.0, steps=1000)``.

    Raises:
        InputError: a number that is not finite and > 0 (>= 0 for ``floor``), steps that are no whole number,
            or shares that lie nowhere between.
    """

    rate: float

    def __post_init__(self) -> None:
        steps = getattr(self, "steps", None)
        if isinstance(steps, UnsaidSteps):
            whole = isinstance(self.rate, Integral) and not isinstance(self.rate, bool) and self.rate > 1
            object.__setattr__(self, "steps", int(self.rate) if whole else int(steps))
            object.__setattr__(self, "rate", 1.0 if whole else self.rate)
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("steps", "every") and (
                isinstance(value, bool) or not isinstance(value, Integral) or value < 1
            ):
                raise InputError(
                    f"{field.name} must be a whole number >= 1, got {described(value)} "
                    f"({type(self).__name__})",
                    code=f"schedule.{field.name}",
                )
            may_be_zero = field.name == "floor"
            number = real(value)
            if not (0 < number < math.inf or (may_be_zero and number == 0)):
                must = f"be finite and {'>=' if may_be_zero else '>'} 0"
                raise InputError(
                    f"{field.name} must {must}, got {described(value)} ({type(self).__name__})",
                    code=f"schedule.{field.name}",
                )
        for name, most in (("floor", self.rate), ("rise", 1.0)):
            value = getattr(self, name, 0.0)
            if value > most:
                raise InputError(
                    f"{name} must be <= {most:g}, got {described(value)} ({type(self).__name__})",
                    code=f"schedule.{name}",
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
    """Half a cosine from rate to floor, which it has at t = steps. torch: CosineAnnealingLR(T_max=steps-1).

    Formula: floor + (rate - floor) (1 + cos(pi (t - 1) / (steps - 1))) / 2, then floor; torch rises again.

    Source: Loshchilov and Hutter, SGDR, ICLR (2017), without restarts.

    Example:
        >>> Cosine(1.0, steps=11)(6), Cosine(1.0, steps=11)(11)
        (0.5, 0.0)
    """

    steps: int = UnsaidSteps(1)
    floor: float = 0.0

    def __call__(self, t: int) -> float:
        """The rate on the cosine."""
        share = passed(t, self.steps)
        return self.floor + (self.rate - self.floor) * (1 + math.cos(math.pi * share)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """A line from rate / steps at t = 1 up to rate at t = steps, then rate.

    Formula: rate * min(t / steps, 1). torch: LinearLR(start_factor=1/steps, total_iters=steps-1).

    Example:
        >>> [WarmUp(1.0, steps=4)(t) for t in (1, 4, 9)]
        [0.25, 1.0, 1.0]
    """

    steps: int = UnsaidSteps(1)

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
    """rate * (1 - (t - 1) / (steps - 1))^power, which is 0 at t = steps. torch: PolynomialLR(steps - 1).

    Example:
        >>> Polynomial(1.0, steps=5, power=2.0)(3), Polynomial(1.0, steps=5)(5)
        (0.25, 0.0)
    """

    steps: int = UnsaidSteps(1)
    power: float = 1.0

    def __call__(self, t: int) -> float:
        """The rate on the curve."""
        return self.rate * math.pow(1 - passed(t, self.steps), self.power)


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

    steps: int = UnsaidSteps(10)
    rise: float = 0.3
    start: float = 25.0
    end: float = 10000.0

    def __call__(self, t: int) -> float:
        """The rate on the rising or the falling cosine."""
        top, now = self.rise * self.steps - 1, min(t, self.steps) - 1
        low = self.rate / self.start
        if now <= top:
            return between(low, self.rate, now / top) if top > 0 else self.rate
        rest = self.steps - 1 - top
        return between(self.rate, low / self.end, (now - top) / rest if rest > 0 else 1.0)


def passed(t: int, steps: int) -> float:
    """The share of the way that is behind at step t: 0 at t = 1, and 1 from t = steps on."""
    return min((t - 1) / (steps - 1), 1.0) if steps > 1 else float(t >= 1)


def between(first: float, last: float, share: float) -> float:
    """Half a cosine from first to last."""
    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2
