"""Momentum: a heavy ball keeps rolling where the gradients agree."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import nothing, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Momentum(Optimizer):
    """Step along a decaying sum of gradients.

    Formula, with mu the momentum::

        v <- mu v + (1 - dampening) g        the first step takes v = g
        theta <- theta - rate * v

    On a quadratic with curvature L it converges for rate < 2 (1 + mu) / L (no dampening).

    Args:
        momentum: mu in [0, 1); 0.9 unless given.
        dampening: in [0, 1]; 0 unless given.

    Source: Polyak, USSR Computational Mathematics 4 (1964). torch.optim.SGD is the same, with its dampening
    skipped on the first step. Keras and Sutskever keep the rate inside v: equal while the rate is constant.
    """

    name = "momentum"
    slots = ("v",)
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    momentum = number(0.9, "[0, 1)")
    dampening = number(0.0, "[0, 1]")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; dampening is skipped on the first step."""
        force = "g" if nothing(self.dampening) else "((1 - dampening) * g if t > 1 else g)"
        return (f"v = mu * v + {force}", "step = rate * v", "theta = theta - step")

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """The velocity v = mu v + (1 - dampening) g."""
        (v,), mu = workspace, context.c[self.momentum]
        if context.t > 1 and not nothing(self.dampening):
            g = (1 - self.dampening) * g
        return torch.addcmul(g, mu, v, out=v)
