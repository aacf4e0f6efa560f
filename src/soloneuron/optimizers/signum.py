"""Signum: the sign of a mean of gradients."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Signum(Optimizer):
    """Every coordinate moves by the rate, against the sign of its mean gradient.

    Formula::

        m <- beta m + (1 - beta) g
        theta <- theta - rate * sign(m)

    With beta = 0 it is signSGD. ``Lion`` is the same with two memories.

    Args:
        learning_rate: 0.001 unless given.
        beta: in [0, 1); 0.9 unless given.

    Source: Bernstein, Wang, Azizzadenesheli and Anandkumar, signSGD, ICML (2018), algorithm 2. optax' signum
    leaves the factor 1 - beta out, of which the sign knows nothing. torch.optim has no Signum.
    """

    name = "signum"
    slots = ("m",)
    spares = 1
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    beta = number(0.9, "[0, 1)")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return ("m = beta * m + (1 - beta) * g", "step = rate * sign(m)", "theta = theta - step")

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """The sign of the mean."""
        m, vote = workspace
        return torch.sign(m.lerp_(g, context.c[1 - self.beta]), out=vote)
