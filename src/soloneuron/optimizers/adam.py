"""Adam: momentum divided by the recent size of the gradients, both corrected for their start at 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Adam(Optimizer):
    """Running means of g and g^2, corrected; the step is their signal-to-noise ratio.

    Formula::

        m <- beta1 m + (1 - beta1) g,    m^ = m / (1 - beta1^t)
        v <- beta2 v + (1 - beta2) g^2,  v^ = v / (1 - beta2^t)
        theta <- theta - rate * m^ / (sqrt(v^) + epsilon)                              variant "after"
        theta <- theta - rate * m^ / sqrt(v^ + epsilon)                                variant "inside"
        theta <- theta - rate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)      "hat"

    Numerics: the correction of m goes into the rate, which saves a division. The first step moves every
    coordinate by rate * sign(g), up to epsilon.

    Args:
        beta1: in [0, 1); 0.9 unless given.
        beta2: in [0, 1); 0.999 unless given.
        epsilon: finite and >= 0, 1e-8 unless given; with 0 a zero gradient at the start is 0 / 0.
        variant: where epsilon stands.

    Source: Kingma and Ba, ICLR (2015), algorithm 1. torch and optax: "after" (optax' eps_root is "inside").
    Keras and ensmallen: "hat", 9e-3 away on the first step at gradients of 1e-4.
    """

    name = "adam"
    slots: tuple[str, ...] = ("m", "v")
    spares = 1
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    beta1 = number(0.9, "[0, 1)")
    beta2 = number(0.999, "[0, 1)")
    epsilon = number(1e-8, "[0, inf)")
    variant = choice("after", "inside", "hat")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        lines = ["m = beta1 * m + (1 - beta1) * g", "v = beta2 * v + (1 - beta2) * g ** 2"]
        if self.variant == "hat":
            lines.append("step = rate * sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * m / (sqrt(v) + epsilon)")
        else:
            root = "sqrt(v_hat + epsilon)" if self.variant == "inside" else "(sqrt(v_hat) + epsilon)"
            lines += ["m_hat = m / (1 - beta1 ** t)", "v_hat = v / (1 - beta2 ** t)"]
            lines.append(f"step = rate * m_hat / {root}")
        return (*lines, "theta = theta - step")

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The corrections: that of m goes into the rate, that of v too where it comes after epsilon."""
        context.rate = context.rate / (1 - self.beta1**context.t)
        context.extra = 1 - self.beta2**context.t
        if self.variant == "hat":
            context.rate, context.extra = context.rate * context.extra**0.5, 1.0

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """m over the root of v^."""
        (m, v, root), c = workspace, context.c
        m.lerp_(g, c[1 - self.beta1])
        v.lerp_(torch.mul(g, g, out=root), c[1 - self.beta2])
        if self.variant == "inside":
            return m, plus(v, context.extra, c[self.epsilon], out=root).sqrt_()
        return m, plus(torch.sqrt(v, out=root), context.extra**0.5, c[self.epsilon], out=root)


def plus(x: Tensor, correction: Any, epsilon: Tensor, *, out: Tensor) -> Tensor:
    """x / correction + epsilon; a number divides on the way, in one operation."""
    if isinstance(correction, Tensor):
        return torch.div(x, correction, out=out).add_(epsilon)
    return torch.add(epsilon, x, alpha=1 / correction, out=out)
