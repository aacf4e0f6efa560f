"""L-BFGS where sizes cost: within an orthant they are linear, so steps end at its walls."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.newton import DECREASE, SMALLEST_STEP
from soloneuron.optimizers.searching import Asked, tried
from soloneuron.shapes import Gradient, Theta

BEND_OF_ROUNDING = 1e-14
"""What s . y must exceed of y . y: less is rounding."""


class OrthantPoint(NamedTuple):
    """Where a search stands.

    Attributes:
        theta: (k,), in its own dtype.
        inner: the same in coordinates in which columns are alike, (k,) in float64.
        f: the value.
        slope: of the smooth part by ``inner``, (k,).
    """

    theta: Theta
    inner: Tensor
    f: float
    slope: Gradient


@dataclass(frozen=True, eq=False)
class Orthants:
    """A function that is smooth but for sizes that cost, in coordinates that keep the signs.

    Args:
        function: the objective; its gradient has slope 0 at a kink.
        cost: of the size of each of theta, (k,).
    """

    function: Asked
    cost: Tensor

    @property
    def inner_cost(self) -> Tensor:
        """Of the size of each inner coordinate, (k,)."""
        columns, cost = self.function.coordinates, self.cost.double()
        if columns is None:
            return cost
        return torch.cat([cost[: len(columns.scale)] / columns.scale, cost[len(columns.scale) :]])

    def at(self, theta: Theta, inner: Tensor | None = None) -> tuple[Tensor, OrthantPoint] | None:
        """The value as it came and the point, or None where the function is not defined or not finite."""
        found = tried(self.function, theta)
        if found is None:
            return None
        value, g = found
        columns = self.function.coordinates
        slope = g.double() - (self.cost * theta.sign()).double()
        slope = slope if columns is None else columns.down(slope)
        if inner is None:
            inner = theta.double() if columns is None else columns.inside(theta.double())
        f = float(value)
        if not (math.isfinite(f) and bool(slope.isfinite().all())):
            return None
        return value, OrthantPoint(theta, inner, f, slope)

    def first(self, pg: Gradient) -> float:
        """How far to go along -pg where nothing is known of the curvature but a bound."""
        columns = self.function.coordinates
        if columns is None or columns.bend is None:
            return min(1.0, 1 / float(pg.abs().sum()))
        return 1 / (columns.bend * self.function.scale)

    def steepest(self, point: OrthantPoint) -> Gradient:
        """The slope with its kinks: of all that are slopes at the point the one of least size, (k,)."""
        cost = self.inner_cost
        beside = point.slope.sign() * (point.slope.abs() - cost).clamp(min=0)
        return torch.where(point.inner != 0, point.slope + cost * point.inner.sign(), beside)

    def moved(self, point: OrthantPoint, wall: Tensor, direction: Tensor, t: float) -> OrthantPoint | None:
        """A step along a direction, stopped at the walls of an orthant of signs (k,)."""
        inner = point.inner + t * direction
        stopped = (self.cost > 0) & (inner * wall <= 0)
        inner = torch.where(stopped, 0.0, inner)
        columns = self.function.coordinates
        change = inner - point.inner
        theta = point.theta + (change if columns is None else columns.up(change)).to(point.theta)
        found = self.at(torch.where(stopped, 0.0, theta), inner)
        return None if found is None else found[1]

    def searched(
        self, point: OrthantPoint, pg: Gradient, direction: Tensor, t: float
    ) -> tuple[OrthantPoint | None, int]:
        """The first of t, t/2, t/4 ... that goes down enough, or None; and how many were asked for."""
        wall = torch.where(point.inner != 0, point.inner.sign(), -pg.sign())
        asks = 0
        while t >= SMALLEST_STEP:
            new = self.moved(point, wall, direction, t)
            asks += 1
            if new is not None and new.f <= point.f + DECREASE * float(pg @ (new.inner - point.inner)):
                return new, asks
            t /= 2
        return None, asks


def turned(pg: Gradient, pairs: deque[tuple[Tensor, Tensor]]) -> tuple[Tensor, float]:
    """The direction of the two-loop recursion, without what would lead up, and the slope along it.

    Args:
        pg: the steepest slope, (k,).
        pairs: (s, y), oldest first.
    """
    q, shares = pg.clone(), []
    for s, y in reversed(pairs):
        shares.append(float(s @ q) / float(s @ y))
        q.sub_(y, alpha=shares[-1])
    if pairs:
        s, y = pairs[-1]
        q.mul_(float(s @ y) / float(y @ y))
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        q.add_(s, alpha=share - float(y @ q) / float(s @ y))
    direction = torch.where(q * pg > 0, -q, 0.0)
    return direction, float(direction @ pg)


def learn(pairs: deque[tuple[Tensor, Tensor]], before: OrthantPoint, after: OrthantPoint) -> None:
    """Keep the step and the change of the smooth part's slope, if it bends upwards."""
    s, y = after.inner - before.inner, after.slope - before.slope
    if float(s @ y) > BEND_OF_ROUNDING * float(y @ y) > 0:
        pairs.append((s, y))
