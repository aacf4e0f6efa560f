"""Nesterov's momentum with the gradient at the current point."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Nesterov(Optimizer):
    """Momentum that already counts on the velocity to come.

    Formula::

        v <- mu v + g
        theta <- theta - rate * (g + mu v)

    This is ``NAG`` after the change of variables Theta = theta + mu v (v NAG's velocity): Nesterov stores the
    look-ahead point, NAG the answer. For a constant rate and momentum the points where NAG asks for gradients
    are the iterates of Nesterov; they part when the rate varies, because NAG keeps the rate inside v.
    On a quadratic with curvature L it converges for rate < (2 + 2 mu) / (1 + 2 mu) / L.

    Args:
        momentum: mu in [0, 1); 0.9 unless given.

    Source: Nesterov, Doklady 269 (1983), in the form of Bengio, Boulanger-Lewandowski and Pascanu, ICASSP
    (2013). Equals torch.optim.SGD(nesterov=True).
    """

    name = "nesterov"
    slots = ("v",)
    spares = 1
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    momentum = number(0.9, "[0, 1)")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return ("v = mu * v + g", "step = rate * (g + mu * v)", "theta = theta - step")

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """The look-ahead g + mu v with the new velocity v = mu v + g."""
        (v, ahead), mu = workspace, context.c[self.momentum]
        torch.addcmul(g, mu, v, out=v)
        return torch.addcmul(g, mu, v, out=ahead)
