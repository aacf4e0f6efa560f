"""Newton's method: the step to the minimum of the parabola that fits value, slope and bend."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.formulas.newton import backtracked, newton_direction, positive_definite
from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.optimizers.searching import Asked, Searching, asked, tried
from soloneuron.optimizers.state import OptimizerState
from soloneuron.shapes import Gradient, Theta, Values


class Newton(Searching):
    """Damped Newton: the Hessian turns and stretches the gradient, a line search makes sure of the descent.

    Formula::

        H r = g                  H the second derivatives at theta
        theta <- theta - t r     the first t of rate, rate/2, rate/4 ... that goes down enough (Armijo)

    Where H is not positive semidefinite, as far from the minimum of a loss that is not convex, a matrix that
    is takes its place: the objective's own ``convex_hessian``, else H with the sizes of its eigenvalues. The
    scale of a column changes nothing but rounding. One update costs an evaluation, a Hessian, and a value for
    every trial. Like ``LBFGS`` it has ``update(theta, objective, state)`` only, whose objective must have a
    method ``hessian(point)``, and no run axis.

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
    Optimization (2006), section 3.4, for Hessians that are not positive definite.
    """

    name = "newton"

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; H(g) is the r with H r = g."""
        return "r = H(g)", "t = search(r)", "step = -t * r", "theta = theta + step"

    def update(self, theta: Theta, objective: ValueAndGradient, state: OptimizerState) -> Values:
        """Go along one direction; theta and state change together at the end.

        Args:
            theta: one vector, changed in place.
            objective: point -> (value, gradient there), with a method ``hessian(point)``.
            state: changed in place.

        Returns:
            The value at the point where the update began.
        """
        self._workspace(theta, state)
        function = asked(objective)
        value, g, hessian = function.second_order(theta)
        direction, failed = newton_direction(hessian, g)
        r, t = self._search(function, theta, value, g, direction, failed)
        if t is None:
            turned = function.convex_hessian(theta)
            if turned is None:
                turned = positive_definite(hessian)
            r, t = self._search(function, theta, value, g, *newton_direction(turned, g))
        if t:
            theta.add_(torch.mul(r, -t, out=state.slots["step"]))
        else:
            state.slots["step"].zero_()
        state.slots["r"].copy_(r)
        state.slots["decrement"].copy_(g.dot(r))
        state.t += 1
        return value

    def _search(
        self, function: Asked, theta: Theta, value: Tensor, g: Gradient, direction: Tensor, failed: Tensor
    ) -> tuple[Tensor, float | None]:
        """The direction in theta's dtype, and how far to go along it."""
        r = direction.to(theta)
        slope = -g.dot(r)

        def along(t: float) -> Tensor:
            found = tried(function.value, theta.sub(r, alpha=t))
            return value.new_full((), torch.nan) if found is None else found

        return r, backtracked(along, value, slope, failed, self.learning_rate)
