"""Landscapes on which descent comes to a halt early: many minima, a saddle, a plateau, a kink."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.formulas.links import magnitude
from soloneuron.formulas.surfaces import Surface
from soloneuron.shapes import Theta


@dataclass(frozen=True)
class Rastrigin(Surface):
    """20 + x^2 - 10 cos(2 pi x) + y^2 - 10 cos(2 pi y): a bowl full of traps, one near every integer.

    Source: Rastrigin, Systems of Extremal Control (1974).
    """

    name = "rastrigin"
    start = (-2.6, 1.6)
    window = (-5.12, 5.12, -5.12, 5.12)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        turn = 2 * math.pi
        return 20 + x * x - 10 * torch.cos(turn * x) + y * y - 10 * torch.cos(turn * y)

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        turn = 2 * math.pi
        return 2 * x + 10 * turn * torch.sin(turn * x), 2 * y + 10 * turn * torch.sin(turn * y)


@dataclass(frozen=True)
class Saddle(Surface):
    """x^2 / 2 - y^2 / 2 + y^4 / 4: a saddle at the origin between two minima.

    It is the x^2 - y^2 of the textbooks, bent up far away so that there is something to reach.
    """

    name = "saddle"
    minima = ((0.0, 1.0), (0.0, -1.0))
    lowest = -0.25
    start = (-1.0, 0.001)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        square = y * y
        return (x * x - square) / 2 + square * square / 4

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return x, y**3 - y


@dataclass(frozen=True)
class Plateau(Surface):
    """r^2 / (1 + r^2) with r^2 = x^2 + y^2: far away the slope dies like 1 / r^3, as a saturated neuron's."""

    name = "plateau"
    start = (-4.0, 3.0)
    window = (-6.0, 6.0, -6.0, 6.0)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        square = x * x + y * y
        return square / (1 + square)

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        fall = 2 / (1 + x * x + y * y) ** 2
        return x * fall, y * fall


@dataclass(frozen=True)
class Kink(Surface):
    """|x| + 10 |y|: the gradient never fades, so only a falling rate comes to rest."""

    name = "kink"
    start = (-1.5, 1.1)

    def _value(self, x: Tensor, y: Tensor) -> Tensor:
        return magnitude(x) + 10 * magnitude(y)

    def _gradient(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return torch.sign(x), 10 * torch.sign(y)

    def hessian(self, theta: Theta, batch: None = None) -> Tensor:  # noqa: ARG002
        """Zeros (2, 2): it is straight on each side of a kink."""
        return torch.zeros(2, 2, dtype=torch.float64)
