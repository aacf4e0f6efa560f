"""The classic landscapes of optimization: value, gradient and known minima of two coordinates x, y.

Those on which descent comes to a halt before the minimum are in ``stalling_surfaces``.

A point is a tensor (..., 2), so a thousand runs descend at once. Every formula continues analytically to
complex points, which is how the gradients are checked.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.shapes import Gradient, Theta, Values


@dataclass(frozen=True)
class Surface(ABC):
    """What a landscape must tell; subclass it to bring your own. It is an ``Objective`` without rows."""

    name: ClassVar[str] = "own"
    minima: ClassVar[tuple[tuple[float, float], ...]] = ((0.0, 0.0),)
    """The points of the lowest value."""
    lowest: ClassVar[float] = 0.0
    """The value there."""
    window: ClassVar[tuple[float, float, float, float]] = (-2.0, 2.0, -2.0, 2.0)
    """The part worth drawing: least and largest x, least and largest y."""

    @property
    def start(self) -> tuple[float, float]:
        """Where a comparison usually begins; a subclass may give two numbers in its place."""
        return -1.0, 1.0

    def value(self, theta: Theta, batch: None = None) -> Values:  # noqa: ARG002
        """The height at a point (..., 2), shape (...); there are no rows."""
        return self._value(*theta.unbind(-1))

    def gradient(self, theta: Theta) -> Gradient:
        """The gradient at a point, shape (..., 2); at a kink 0 along the kinked coordinate."""
        return torch.stack(self._gradient(*theta.unbind(-1)), -1)

    def value_and_gradient(self, theta: Theta, batch: None = None) -> tuple[Values, Gradient]:  # noqa: ARG002
        """Both at a point (..., 2); there are no rows."""
        return self.value(theta), self.gradient(theta)

    def hessian(self, theta: Theta, batch: None = None) -> Tensor:  # noqa: ARG002
        """The second derivatives (2, 2) at one point, in float64: the gradient's complex steps, exact.

        Example:
            >>> Ravine(condition=9.0).hessian(torch.tensor([1.0, 1.0])).tolist()
            [[1.0, 0.0], [0.0, 9.0]]
        """
        steps = torch.complex(theta.double().expand(2, 2), 1e-20 * torch.eye(2, dtype=torch.float64))
        return self.gradient(steps).imag / 1e-20

    @abstractmethod
    def _value(self, x: Tensor, y: Tensor) -> Tensor: ...

    @abstractmethod
    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]: ...


@dataclass(frozen=True)
class Bowl(Surface):
    """(x^2 + y^2) / 2: every direction is alike.

    Example:
        >>> Bowl().value(torch.tensor([3.0, 4.0])).item()
        12.5
    """

    name = "bowl"

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        return (x * x + y * y) / 2

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return x, y


@dataclass(frozen=True)
class Ravine(Surface):
    """(x^2 + k y^2) / 2, turned by an angle: steep across, flat along.

    Args:
        condition: k, finite and >= 1.
        angle: by how many degrees the valley, and the start with it, is turned from the x axis, finite. A
            method with a rate a coordinate sees through 0 and is lost at 45; to all others it is nothing.

    Raises:
        InputError: a condition below 1 or an angle that is not finite.
    """

    name = "ravine"
    condition: float = 100.0
    angle: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.condition < math.inf:
            raise InputError(
                f"condition must be finite and >= 1, got {self.condition!r} ({type(self).__name__})",
                code="surface.condition",
            )
        if not math.isfinite(self.angle):
            raise InputError(
                f"angle must be finite, got {self.angle!r} ({type(self).__name__})", code="surface.angle"
            )

    @property
    def start(self) -> tuple[float, float]:
        """1.5 against the valley and 1 up its wall, however it is turned."""
        c, s = self._turn()
        return -1.5 * c - s, c - 1.5 * s

    def _turn(self) -> tuple[float, float]:
        return math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))

    def _along(self, x: Tensor, y: Tensor) -> tuple[float, float, Tensor, Tensor]:
        c, s = self._turn()
        return c, s, c * x + s * y, c * y - s * x

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        _, _, u, v = self._along(x, y)
        return (u * u + self.condition * v * v) / 2

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        c, s, u, v = self._along(x, y)
        v = self.condition * v
        return c * u - s * v, s * u + c * v


@dataclass(frozen=True)
class RotatedRavine(Ravine):
    """The ravine at 45 degrees, where no coordinate sees the valley."""

    name = "rotated_ravine"
    angle: float = 45.0


@dataclass(frozen=True)
class Rosenbrock(Surface):
    """(1 - x)^2 + 100 (y - x^2)^2: a bent valley, easy to enter, hard to follow.

    Source: Rosenbrock, The Computer Journal 3 (1960).
    """

    name = "rosenbrock"
    minima = ((1.0, 1.0),)
    start = (-1.2, 1.0)
    window = (-2.0, 2.0, -1.0, 3.0)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        rise = y - x * x
        return 2 * (x - 1) - 400 * x * rise, 200 * rise


@dataclass(frozen=True)
class Beale(Surface):
    """The sum of (a - x (1 - y^k))^2 over a = 1.5, 2.25, 2.625 and k = 1, 2, 3: flat ground, steep corners.

    Source: Beale, On an iterative method for finding a local minimum (1958).
    """

    name = "beale"
    minima = ((3.0, 0.5),)
    start = (1.0, 1.5)
    window = (-4.5, 4.5, -4.5, 4.5)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        return sum(((a - x * (1 - y**k)) ** 2 for k, a in _BEALE), start=torch.zeros_like(x))

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        dx, dy = torch.zeros_like(x), torch.zeros_like(y)
        for k, a in _BEALE:
            rest = a - x * (1 - y**k)
            dx = dx - 2 * rest * (1 - y**k)
            dy = dy + 2 * rest * x * k * y ** (k - 1)
        return dx, dy


_BEALE = ((1, 1.5), (2, 2.25), (3, 2.625))


@dataclass(frozen=True)
class Himmelblau(Surface):
    """(x^2 + y - 11)^2 + (x + y^2 - 7)^2: four minima of equal depth.

    Source: Himmelblau, Applied Nonlinear Programming (1972).
    """

    name = "himmelblau"
    minima = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )
    start = (0.0, 0.0)
    window = (-5.0, 5.0, -5.0, 5.0)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        a, b = x * x + y - 11, x + y * y - 7
        return 4 * a * x + 2 * b, 2 * a + 4 * b * y


@dataclass(frozen=True)
class GoldsteinPrice(Surface):
    """A product of two polynomials of degree four, from 3 to a million within four units.

    Formula: (1 + (x + y + 1)^2 (19 - 14x + 3x^2 - 14y + 6xy + 3y^2)) *
    (30 + (2x - 3y)^2 (18 - 32x + 12x^2 + 48y - 36xy + 27y^2)).

    Source: Goldstein and Price, Mathematics of Computation 25 (1971).
    """

    name = "goldstein_price"
    minima = ((0.0, -1.0),)
    lowest = 3.0
    start = (-0.5, 0.5)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        (one, _), (two, _) = self._factors(x, y)
        return one * two

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        (one, (ox, oy)), (two, (tx, ty)) = self._factors(x, y)
        return ox * two + one * tx, oy * two + one * ty

    def _factors(self, x: Tensor, y: Tensor) -> tuple[_Factor, _Factor]:
        s, p = x + y + 1, 19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y
        slope = 2 * s * p + s * s * (6 * x + 6 * y - 14)
        r, q = 2 * x - 3 * y, 18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y
        tx = 4 * r * q + r * r * (24 * x - 36 * y - 32)
        ty = -6 * r * q + r * r * (54 * y - 36 * x + 48)
        return (1 + s * s * p, (slope, slope)), (30 + r * r * q, (tx, ty))


_Factor = tuple[Tensor, tuple[Tensor, Tensor]]
