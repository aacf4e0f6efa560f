"""Lion: the sign of a momentum that forgets slower than it votes."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Lion(Optimizer):
    """Every coordinate moves by the rate, in the direction of an interpolated momentum.

    Formula::

        theta <- theta - rate * (sign(beta1 m + (1 - beta1) g) + lambda theta)
        m <- beta2 m + (1 - beta2) g

    Args:
        learning_rate: 1e-4 unless given; three to ten times smaller than Adam's.
        beta1: in [0, 1); 0.9 unless given.
        beta2: in [0, 1); 0.99 unless given.
        decay: "decoupled" unless given, as in the paper.

    Source: Chen et al., Symbolic Discovery of Optimization Algorithms, NeurIPS (2023). Keras and optax
    agree; torch.optim has no Lion.
    """

    name = "lion"
    slots = ("m",)
    spares = 1
    learning_rate = number(1e-4, "(0, inf)", schedule=True)
    decay = choice("decoupled", "coupled")
    beta1 = number(0.9, "[0, 1)")
    beta2 = number(0.99, "[0, 1)")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return (
            "step = rate * sign(beta1 * m + (1 - beta1) * g)",
            "m = beta2 * m + (1 - beta2) * g",
            "theta = theta - step",
        )

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """The sign of the interpolation, with the old m."""
        (m, vote), c = workspace, context.c
        torch.lerp(m, g, c[1 - self.beta1], out=vote).sign_()
        m.lerp_(g, c[1 - self.beta2])
        return vote
