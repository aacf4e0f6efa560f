"""Newton's method: the direction, how far to go along it, and the points that it visits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from soloneuron.shapes import Gradient, Theta

RIDGE = 1e-13
"""What is added to a scaled diagonal of ones: more than rounding leaves of a column that follows from others,
less than any curvature that can be told from 0."""

DECREASE = 1e-4
"""Armijo's share of the decrease that the slope foretells."""

SMALLEST_STEP = 2.0**-60

TINY = 1e-300
"""Stands for a bend of 0, whose root can be divided by: 0 over it is 0, and a slope over it is no number."""


def newton_direction(hessian: Tensor, gradient: Gradient) -> tuple[Tensor, Tensor]:
    """The step H^-1 g that theta moves against.

    Formula: with D = diag|H|, d = D^-1/2 (D^-1/2 H D^-1/2 + ridge)^-1 D^-1/2 g by Cholesky's factor.

    Numerics: a column times c is its weight divided by c, and so is the direction, up to rounding. The ridge
    lets columns that repeat each other share a weight; a column of zeros, which has no slope either, keeps
    its own. All is done in float64, and nothing waits for a device.

    Args:
        hessian: symmetric (k, k).
        gradient: (k,), in any dtype.

    Returns:
        The direction (k,) in float64, and Cholesky's verdict, a tensor () that is not 0 where H is not
        positive semidefinite. Where H does not bend and the gradient slopes the direction is not finite, nor
        where H is not.

    Example:
        >>> newton_direction(torch.tensor([[4.0]]), torch.tensor([8.0]))[0].round(decimals=9).tolist()
        [2.0]
    """
    scaled, root = scaled_hessian(hessian)
    factor, failed = torch.linalg.cholesky_ex(scaled)
    return torch.cholesky_solve((root * gradient)[:, None], factor)[:, 0].mul_(root), failed


def scaled_hessian(hessian: Tensor) -> tuple[Tensor, Tensor]:
    """D^-1/2 H D^-1/2 + ridge with D = diag|H|, (k, k) in float64, and the diagonal of D^-1/2, (k,)."""
    H = hessian.double()
    root = H.diagonal().abs().clamp_(min=TINY).rsqrt_()
    scaled = H * torch.outer(root, root)
    scaled.diagonal().add_(RIDGE)
    return scaled, root


def positive_definite(hessian: Tensor) -> Tensor:
    """A symmetric (k, k) with the sizes of its eigenvalues in their place: it bends upwards everywhere.

    Where nothing bends it is the identity, with which Newton's step is the gradient.

    Source: Dauphin et al., Identifying and attacking the saddle point problem, NIPS (2014).
    """
    values, directions = torch.linalg.eigh(hessian)
    sizes = values.abs()
    least = RIDGE * sizes.max()
    sizes = torch.where(least > 0, sizes.clamp(min=least), 1.0)
    turned: Tensor = (directions * sizes) @ directions.mT
    return turned


def backtracked(
    value: Callable[[float], Tensor], here: Tensor, slope: Tensor, failed: Tensor, first: float = 1.0
) -> float | None:
    """How far to go along a direction: Armijo's condition, the step halved until it holds.

    A trial that is not finite is too far. Where the decrease foretold is lost in the rounding of the values,
    the step is taken unless the value rises by more than that rounding: so close to a minimum the direction
    is more exact than the difference of two values.

    Numerics: host and device meet once a trial.

    Args:
        value: step -> the value there.
        here: the value at step 0, a tensor ().
        slope: the derivative there: negative, and not finite where the direction is not.
        failed: a tensor () that is not 0 where the direction means nothing.
        first: the step to try first.

    Returns:
        The step; 0 where none goes down, None where the direction had failed.
    """
    f, fall, useless, trial = torch.stack((here, slope, failed.to(here), value(first))).tolist()
    if useless or not math.isfinite(fall):
        return None
    return halved(lambda step: float(value(step)), trial, f, fall, here.dtype, first)


def halved(
    value: Callable[[float], float], trial: float, f: float, fall: float, dtype: torch.dtype, first: float
) -> float:
    """The same for plain numbers.

    Args:
        value: step -> the value there.
        trial: the value at the first step.
        f: the value at step 0.
        fall: the derivative there, finite.
        dtype: in which values are rounded.
        first: the first step.

    Returns:
        The step; 0 where none goes down.

    Example:
        >>> halved(lambda t: (1 - 4 * t) ** 2, 9.0, 1.0, -8.0, torch.float64, 1.0)
        0.25
    """
    step, lost = first, abs(f) * float(torch.finfo(dtype).eps) ** (2 / 3)
    # Not "rises": a value that is no number has not fallen either, nor has one below all numbers.
    while not -math.inf < trial <= f + DECREASE * step * fall:
        if not -step * fall > lost or step < SMALLEST_STEP:
            return step if -math.inf < trial <= f + lost else 0.0
        step /= 2
        trial = value(step)
    return step


def newton_points(
    start: Theta,
    *,
    value: Callable[[Theta], Tensor],
    value_and_gradient: Callable[[Theta], tuple[Tensor, Gradient]],
    hessian: Callable[[Theta], Tensor],
) -> Iterator[tuple[Theta, Gradient]]:
    """The points of Newton's method on a convex function and the gradients there, from the start on.

    Formula: theta <- theta - s H^-1 g with the first s of 1, 1/2, 1/4 ... that brings enough.

    Who takes the points decides when the gradient is small enough; they end by themselves only where H is not
    positive semidefinite or no step goes down.

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

    Source: Boyd and Vandenberghe, Convex Optimization (2004), section 9.5.
    """
    theta = start
    while True:
        here, gradient = value_and_gradient(theta)
        yield theta, gradient
        direction, failed = newton_direction(hessian(theta), gradient)
        direction = direction.to(theta)

        def along(step: float, theta: Theta = theta, direction: Tensor = direction) -> Tensor:
            return value(theta.sub(direction, alpha=step))

        step = backtracked(along, here, -gradient.dot(direction), failed)
        if not step:
            return
        theta = theta.sub(direction, alpha=step)
