"""Nesterov's accelerated gradient: the gradient at the point where momentum is about to carry theta."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import described, lies_in, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class NAG(Optimizer):
    """Look ahead, then correct the velocity.

    Formula, the velocity form::

        y = theta + mu v                  where the gradient is wanted: at(theta, state)
        v <- mu v - rate * grad f(y)
        theta <- theta + v

    ``Nesterov`` is the same after the change of variables Theta = theta + mu v: it stores the look-ahead
    point, NAG the answer. With constant rate and momentum NAG's gradient points are Nesterov's iterates; they
    part when the rate varies. On a quadratic with curvature L: rate < (2 + 2 mu) / (1 + 2 mu) / L.

    Args:
        momentum: mu in [0, 1], 0.9 unless given: a number, a tensor, or a function of t = 1, 2, ... such as
            ``nesterov_momentum``, ``strongly_convex_momentum(condition)`` or ``sutskever_momentum``.

    Raises:
        InputError: also in ``at`` and ``step``, when a function gives a momentum outside [0, 1].

    Source: Nesterov, Doklady 269 (1983), in the velocity form of Sutskever, Martens, Dahl and Hinton, ICML
    (2013). torch and Keras have only the ``Nesterov`` form.
    """

    name = "nag"
    slots = ("v",)
    needs = "gradient at its point"
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    momentum = number(0.9, "[0, 1]", schedule=True)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return ("y = theta + mu * v", "g = grad(y)", "v = mu * v - rate * g", "theta = theta + v")

    def point(self, theta: Theta, workspace: tuple[Tensor, ...], context: StepContext) -> Theta:
        """The look-ahead y = theta + mu v."""
        return torch.addcmul(theta, self.mu(context), workspace[0], out=context.scratch(theta))

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The momentum of this step, before anything moves: a function may give none."""
        context.extra = self.mu(context)

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """v <- mu v - rate * g, then theta <- theta + v."""
        v, mu, rate = workspace[0], context.extra, context.rate
        if isinstance(rate, Tensor):
            v.mul_(mu).sub_(rate * g)
        else:
            v.mul_(mu).sub_(g, alpha=rate)
        theta.add_(v)

    def mu(self, context: StepContext) -> Tensor:
        """The momentum of this step as a tensor."""
        mu: Any = self.momentum
        if callable(mu):
            mu = mu(context.t)
            if not lies_in(mu, "[0, 1]"):
                raise InputError(
                    f"the momentum must lie in [0, 1], got {described(mu)} at step {context.t} (NAG)",
                    code="momentum.range",
                )
        tensor: Tensor = context.c[mu]
        return tensor


def nesterov_momentum(t: int) -> float:
    """(t - 1) / (t + 2): no strong convexity known, error of order 1 / t^2.

    Source: Su, Boyd and Candes, Journal of Machine Learning Research 17 (2016).

    Example:
        >>> nesterov_momentum(1), nesterov_momentum(4)
        (0.0, 0.5)
    """
    return (t - 1) / (t + 2)


def strongly_convex_momentum(condition: float) -> float:
    """(sqrt k - 1) / (sqrt k + 1) for condition number k: the best constant on a strongly convex function.

    Source: Nesterov, Introductory Lectures on Convex Optimization (2004), section 2.2.

    Args:
        condition: k, finite and >= 1.

    Raises:
        InputError: a condition below 1.

    Example:
        >>> strongly_convex_momentum(9.0)
        0.5
    """
    if not 1 <= condition < math.inf:
        raise InputError(f"condition must be finite and >= 1, got {condition!r}", code="condition.range")
    return (math.sqrt(condition) - 1) / (math.sqrt(condition) + 1)


def sutskever_momentum(t: int, largest: float = 0.99) -> float:
    """min(1 - 2^(-1 - log2(floor(t / 250) + 1)), largest): from 1/2 upwards in stairs of 250 steps.

    Source: Sutskever, Martens, Dahl and Hinton, ICML (2013), equation 5.

    Example:
        >>> sutskever_momentum(1), sutskever_momentum(250)
        (0.5, 0.75)
    """
    return min(1 - 0.5 / (t // 250 + 1), largest)
