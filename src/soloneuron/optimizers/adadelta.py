"""Adadelta: steps in the units of theta, without a rate to choose."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Adadelta(Optimizer):
    """Divide by the recent size of the gradients, multiply by the recent size of the steps.

    Formula::

        E <- rho E + (1 - rho) g^2
        d  = sqrt(D + epsilon) / sqrt(E + epsilon) * g
        D <- rho D + (1 - rho) d^2
        theta <- theta - rate * d

    Args:
        learning_rate: 1 unless given, which is the paper's method.
        rho: in [0, 1); 0.9 unless given.
        epsilon: finite and >= 0, 1e-6 unless given; it also starts the motion, so 0 stands still.

    Source: Zeiler, arXiv 1212.5701 (2012), with rho 0.95. torch: rate 1, rho 0.9, epsilon 1e-6, the same
    formula. Keras: rate 0.001, rho 0.95, epsilon 1e-7, the same formula.
    """

    name = "adadelta"
    slots = ("E", "D")
    spares = 2
    learning_rate = number(1.0, "(0, inf)", schedule=True)
    rho = number(0.9, "[0, 1)")
    epsilon = number(1e-6, "[0, inf)")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return (
            "E = rho * E + (1 - rho) * g ** 2",
            "d = sqrt(D + epsilon) / sqrt(E + epsilon) * g",
            "D = rho * D + (1 - rho) * d ** 2",
            "step = rate * d",
            "theta = theta - step",
        )

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """The step d, in the units of theta."""
        (E, D, d, root), c, epsilon = workspace, context.c, context.c[self.epsilon]
        new = c[1 - self.rho]
        E.lerp_(torch.mul(g, g, out=d), new)
        torch.add(E, epsilon, out=root).sqrt_()
        torch.add(D, epsilon, out=d).sqrt_().div_(root).mul_(g)
        D.lerp_(torch.mul(d, d, out=root), new)
        return d
