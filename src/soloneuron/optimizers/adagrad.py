"""Adagrad: every coordinate has a rate of its own, which shrinks as its gradients add up."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, nothing, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Adagrad(Optimizer):
    """Divide by the root of all squared gradients so far.

    Formula::

        G <- G + g^2
        theta <- theta - rate * g / (sqrt(G) + epsilon)          variant "after"
        theta <- theta - rate * g / sqrt(G + epsilon)            variant "inside"

    The first step from G = 0 moves every coordinate by rate * sign(g), up to epsilon.

    Args:
        rate_decay: rate_t = rate / (1 + rate_decay (t - 1)); finite and >= 0, 0 unless given.
        initial: G before the first step, finite and >= 0, 0 unless given.
        epsilon: finite and >= 0, 1e-10 unless given; with 0 a coordinate that never had a gradient is 0 / 0.
        variant: where epsilon stands.

    Source: Duchi, Hazan and Singer, Journal of Machine Learning Research 12 (2011), diagonal form. torch:
    "after", initial 0, epsilon 1e-10. Keras and optax: "inside", initial 0.1, epsilon 1e-7.
    """

    name = "adagrad"
    slots = ("G",)
    spares = 1
    learning_rate = number(0.01, "(0, inf)", schedule=True)
    rate_decay = number(0.0, "[0, inf)")
    initial = number(0.0, "[0, inf)")
    epsilon = number(1e-10, "[0, inf)")
    variant = choice("after", "inside")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        slower = () if nothing(self.rate_decay) else ("rate = rate / (1 + rate_decay * (t - 1))",)
        root = "sqrt(G + epsilon)" if self.variant == "inside" else "(sqrt(G) + epsilon)"
        return (*slower, "G = G + g ** 2", f"step = rate * g / {root}", "theta = theta - step")

    def begins(self) -> dict[str, str]:
        """G everywhere at ``initial``."""
        return {"G": "initial"}

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The rate of step t."""
        context.rate = context.rate / (1 + self.rate_decay * (context.t - 1))

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """g over the root of G + g^2."""
        (G, root), epsilon = workspace, context.c[self.epsilon]
        G.addcmul_(g, g)
        if self.variant == "inside":
            return g, torch.add(G, epsilon, out=root).sqrt_()
        return g, torch.sqrt(G, out=root).add_(epsilon)
