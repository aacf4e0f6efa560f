"""Adamax: Adam with the largest recent gradient in place of the root mean square."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Adamax(Optimizer):
    """Momentum over the largest recent gradient.

    Formula::

        m <- beta1 m + (1 - beta1) g
        u <- max(beta2 u, |g| + epsilon);  theta <- theta - rate / (1 - beta1^t) * m / u              "torch"
        u <- max(beta2 u, |g|);            theta <- theta - rate / (1 - beta1^t) * m / (u + epsilon)  "keras"

    Args:
        beta1: in [0, 1); 0.9 unless given.
        beta2: in [0, 1); 0.999 unless given.
        epsilon: finite and >= 0, 1e-8 unless given.
        variant: where epsilon stands.

    Source: Kingma and Ba, ICLR (2015), algorithm 2, which has no epsilon. torch and optax keep it inside the
    maximum, Keras adds it to u.
    """

    name = "adamax"
    slots = ("m", "u")
    spares = 1
    learning_rate = number(0.002, "(0, inf)", schedule=True)
    beta1 = number(0.9, "[0, 1)")
    beta2 = number(0.999, "[0, 1)")
    epsilon = number(1e-8, "[0, inf)")
    variant = choice("torch", "keras")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        keras = self.variant == "keras"
        return (
            "m = beta1 * m + (1 - beta1) * g",
            f"u = max(beta2 * u, abs(g){'' if keras else ' + epsilon'})",
            "m_hat = m / (1 - beta1 ** t)",
            f"step = rate * m_hat / {'(u + epsilon)' if keras else 'u'}",
            "theta = theta - step",
        )

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The correction of m."""
        context.rate = context.rate / (1 - self.beta1**context.t)

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """m over u."""
        (m, u, size), c = workspace, context.c
        m.lerp_(g, c[1 - self.beta1])
        u.mul_(c[self.beta2])
        torch.abs(g, out=size)
        if self.variant == "keras":
            return m, torch.add(torch.maximum(u, size, out=u), c[self.epsilon], out=size)
        return m, torch.maximum(u, size.add_(c[self.epsilon]), out=u)
