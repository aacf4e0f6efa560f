"""Newton's method with halved steps: a tool to find the minimum of a convex function, not a way to train."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from soloneuron.shapes import Gradient, Theta

SMALLEST_SHARE = 1e-6
"""A step is halved until so little of it is left; a function that still rises has met rounding."""


def newton_points(
    start: Theta,
    *,
    value: Callable[[Theta], Tensor],
    value_and_gradient: Callable[[Theta], tuple[Tensor, Gradient]],
    hessian: Callable[[Theta], Tensor],
) -> Iterator[tuple[Theta, Gradient]]:
    """The points of Newton's method and the gradients there, from the start on.

    Formula: theta <- theta - s H^-1 g with the first s of 1, 1/2, 1/4 ... that does not raise the value.

    Numerics: Cholesky's factor does not mind columns of very different size, which raw features have. Who
    takes the points decides when the gradient is small enough; they end by themselves only where H is not
    positive definite.

    Args:
        start: theta (k,).
        value: from theta to the value.
        value_and_gradient: from theta to the value and its gradient (k,).
        hessian: from theta to the second derivatives (k, k).

    Yields:
        theta (k,) and the gradient (k,) there, before the Hessian is asked for.

    Example:
        >>> points = newton_points(
        ...     torch.tensor([3.0]),
        ...     value=lambda x: x.square().sum(),
        ...     value_and_gradient=lambda x: (x.square().sum(), 2 * x),
        ...     hessian=lambda x: torch.tensor([[2.0]]),
        ... )
        >>> [abs(round(next(points)[0].item(), 4)) for _ in range(2)]
        [3.0, 0.0]

    Source: Boyd and Vandenberghe, Convex Optimization (2004), section 9.5, with halving instead of Armijo's
    condition.
    """
    theta = start
    while True:
        here, gradient = value_and_gradient(theta)
        yield theta, gradient
        factor, failed = torch.linalg.cholesky_ex(hessian(theta))
        if failed:
            return
        direction = torch.cholesky_solve(gradient[:, None], factor)[:, 0]
        share = 1.0
        # Not "rises": a value that is no number has not fallen either.
        while share > SMALLEST_SHARE and not float(value(theta - share * direction)) <= float(here):
            share /= 2
        theta = theta - share * direction
