"""Newton's method: the step to the minimum of the parabola that fits value, slope and bend."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.formulas.coordinates import Coordinates
from soloneuron.formulas.kinked import kinked_minimum
from soloneuron.formulas.newton import backtracked, newton_direction, positive_definite
from soloneuron.optimizers.searching import Asked, Searching, tried
from soloneuron.optimizers.state import OptimizerState
from soloneuron.shapes import Gradient, Theta, Values


class Newton(Searching):
    """Damped Newton: the Hessian turns and stretches the gradient, a line search makes sure of the descent.

    Formula::

        H r = g                  H the second derivatives at theta
        theta <- theta - t r     the first t of rate, rate/2, rate/4 ... that goes down enough (Armijo)

    Where H is not positive semidefinite, as far from the minimum of a loss that is not convex, a matrix that
    is takes its place: the objective's own ``convex_hessian``, else H with the sizes of its eigenvalues. The
    scale of a column changes nothing but rounding. A cost of sizes, as of L1, is left out of the parabola and
    minimized with it, so that weights become exactly 0; a loss with kinks is rounded off, and the less the
    nearer the minimum is. One update costs an evaluation, a Hessian, and a value for every trial. Like
    ``LBFGS`` it has ``update(theta, objective, state)`` only, whose objective must have a method
    ``hessian(point)``, and no run axis.

    Args:
        learning_rate: the first t the search tries, finite and > 0; 1 unless given.

    Raises:
        InputError: weight decay, clipping or maximize, which belong into the objective here; an objective
            without second derivatives.
        ShapeError: theta with run axes.

    Example:
        >>> def bowl(x):
        ...     return (x * x).sum(), 2 * x
        >>> bowl.hessian = lambda x: 2 * torch.eye(2)
        >>> rule, theta = Newton(), torch.tensor([3.0, -4.0])
        >>> _ = rule.update(theta, bowl, rule.start(theta))
        >>> theta.round(decimals=6).abs().tolist()
        [0.0, 0.0]

    Source: Boyd and Vandenberghe, Convex Optimization (2004), section 9.5; Nocedal and Wright, Numerical
    Optimization (2006), section 3.4, for Hessians that are not positive definite; Lee, Sun and Saunders, SIAM
    Journal on Optimization 24 (2014), for sizes that cost.
    """

    name = "newton"
    on_sample = 5

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; H(g) is the r with H r = g."""
        return "r = H(g)", "t = search(r)", "step = -t * r", "theta = theta + step"

    def descend(self, function: Asked, theta: Theta, state: OptimizerState) -> tuple[Values, Tensor]:
        """Go along one direction."""
        value, g, hessian = function.second_order(theta)
        system = _System(theta, g, function.absolute(theta), function.hessian_coordinates)
        r, fall, failed = system.solved(hessian)
        t = self._far(function, theta, value, r, fall, failed)
        if t is None:
            turned = function.convex_hessian(theta)
            if turned is None:
                turned = positive_definite(hessian)
            r, fall, failed = system.solved(turned)
            t = self._far(function, theta, value, r, fall, failed)
        if t:
            theta.add_(torch.mul(r, -t, out=state.slots["step"]))
        else:
            state.slots["step"].zero_()
        state.slots["r"].copy_(r)
        state.slots["decrement"].copy_(-fall)
        state.t += 1
        return value, -fall

    def _far(
        self, function: Asked, theta: Theta, value: Tensor, r: Tensor, fall: Tensor, failed: Tensor
    ) -> float | None:
        """How far to go against a direction."""

        def along(t: float) -> Tensor:
            found = tried(function.value, theta.sub(r, alpha=t))
            return value.new_full((), torch.nan) if found is None else found

        return backtracked(along, value, fall, failed, self.learning_rate)


class _System(NamedTuple):
    """What a direction is found from.

    Attributes:
        theta: (k,).
        g: the gradient there, with slope 0 at a kink.
        cost: of the size of each coordinate, (k,), or None.
        columns: the coordinates by which the Hessian is taken, or None.
    """

    theta: Theta
    g: Gradient
    cost: Tensor | None
    columns: Coordinates | None

    def solved(self, hessian: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The direction in theta's dtype, the slope along it, and a verdict as of ``newton_direction``."""
        columns, g = self.columns, self.g
        if self.cost is not None:
            return self._kinked(hessian, self.cost)
        direction, failed = newton_direction(hessian, g if columns is None else columns.down(g.double()))
        r = (direction if columns is None else columns.up(direction)).to(g)
        return r, -g.dot(r), failed

    def _kinked(self, hessian: Tensor, cost: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        theta, slope = self.theta, self.g.double() - cost * self.theta.sign()
        columns = self.columns
        if columns is None:
            z, failed = kinked_minimum(hessian, slope, theta, cost)
            away = theta - z
        else:
            start = columns.inside(theta.double())
            sizes = torch.cat([cost[: len(columns.scale)] / columns.scale, cost[len(columns.scale) :]])
            z, failed = kinked_minimum(hessian, columns.down(slope), start, sizes)
            away = columns.up(start - z)
        r = torch.where((z == 0) & (cost > 0), theta, away.to(theta))
        fall = (cost * ((theta - r).abs() - theta.abs())).sum() - slope.dot(r.double())
        return r, fall.to(theta), failed
