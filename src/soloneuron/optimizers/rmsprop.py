"""RMSProp: divide by the recent size of the gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.optimizers.base import Direction, Optimizer
from soloneuron.optimizers.settings import choice, flag, nothing, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class RMSProp(Optimizer):
    """Divide by the root of a running mean of squared gradients.

    Formula; centered takes the variance v - a^2 in place of v, momentum puts a buffer behind::

        v <- rho v + (1 - rho) g^2,   a <- rho a + (1 - rho) g
        theta <- theta - rate * g / (sqrt(v) + epsilon)        variant "after"
        theta <- theta - rate * g / sqrt(v + epsilon)          variant "inside"
        b <- mu b + (g over its root);  theta <- theta - rate * b               "after" with momentum
        b <- mu b + rate * (g over its root);  theta <- theta - b               "inside" with momentum

    Args:
        rho: in [0, 1); 0.99 unless given.
        epsilon: finite and >= 0, 1e-8 unless given.
        momentum: mu in [0, 1); 0 unless given, which needs no buffer.
        centered: whether the mean is subtracted; its square may exceed v by rounding, so we clamp v - a^2 at
            0, where torch may take the root of a negative number and give NaN.
        variant: where epsilon stands, and with it whether the rate is inside the buffer.

    Source: Hinton, Neural Networks for Machine Learning, lecture 6e (2012); Graves, arXiv 1308.0850 (2013)
    for the centered form. torch: "after", rho 0.99. Keras and optax: "inside", rho 0.9; they differ from
    torch by 90 % on the first step at small gradients.
    """

    name = "rmsprop"
    slots = ("v", "a", "b")
    spares = 1
    learning_rate = number(0.01, "(0, inf)", schedule=True)
    rho = number(0.99, "[0, 1)")
    epsilon = number(1e-8, "[0, inf)")
    momentum = number(0.0, "[0, 1)")
    centered = flag(False)
    variant = choice("after", "inside")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        wanted = {"v": True, "a": self.centered, "b": not nothing(self.momentum)}
        vars(self)["slots"] = tuple(name for name in wanted if wanted[name])

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        lines, size, inside = ["v = rho * v + (1 - rho) * g ** 2"], "v", self.variant == "inside"
        if self.centered:
            # Rounding may make the difference negative.
            lines += ["a = rho * a + (1 - rho) * g", "s = max(v - a ** 2, 0)"]
            size = "s"
        force = f"g / sqrt({size} + epsilon)" if inside else f"g / (sqrt({size}) + epsilon)"
        if "b" not in self.slots:
            lines.append(f"step = rate * {force}")
        elif inside:
            lines += [f"b = mu * b + rate * {force}", "step = b"]
        else:
            lines += [f"b = mu * b + {force}", "step = rate * b"]
        return (*lines, "theta = theta - step")

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:
        """Inside the buffer the rate has done its work."""
        context.extra = context.rate
        if self.variant == "inside" and "b" in slots:
            context.rate = 1.0

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Direction:
        """g over its root, or the buffer b of such fractions."""
        v, *more, root = workspace
        new, epsilon = context.c[1 - self.rho], context.c[self.epsilon]
        v.lerp_(torch.mul(g, g, out=root), new)
        if self.centered:
            a = more[0].lerp_(g, new)
            v = torch.addcmul(v, a, a, value=-1, out=root).clamp_(min=0)
        if self.variant == "inside":
            torch.add(v, epsilon, out=root).sqrt_()
        else:
            torch.sqrt(v, out=root).add_(epsilon)
        if "b" not in self.slots:
            return g, root
        b = more[-1].mul_(context.c[self.momentum])
        force = torch.div(g, root, out=root)
        return b.add_(force * context.extra if self.variant == "inside" else force)
