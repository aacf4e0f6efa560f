"""The method of Barzilai and Borwein: the rate is what the last step has shown of the curvature."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.inner_products import inner_product
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class BarzilaiBorwein(Optimizer):
    """Gradient descent whose step size is the inverse of the curvature along the last step.

    Formula, with x and h the theta and the gradient of the step before::

        s = theta - x,  u = g - h
        size = (s . s) / (s . u)      variant "long"
        size = (s . u) / (u . u)      variant "short"
        size = rate                   where s . u <= 0: at the first step, and where nothing bends upwards
        theta <- theta - size * g,    x <- theta,  h <- g

    On a quadratic 1 / size lies between the least and the largest curvature. Values may rise on the way; with
    the gradients of batches u is noise.

    Args:
        learning_rate: of the first step, and of those along which the curvature is not positive; 0.01 unless
            given.
        variant: which of the two sizes; the first is never the shorter.

    Source: Barzilai and Borwein, IMA Journal of Numerical Analysis 8 (1988); Raydan, SIAM Journal on
    Optimization 7 (1997), adds a line search that we leave out. torch and optax have no such method.
    """

    name = "barzilai_borwein"
    slots = ("x", "h")
    spares = 2
    elementwise = False
    learning_rate = number(0.01, "(0, inf)", schedule=True)
    variant = choice("long", "short")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; before the first step s is 0."""
        sizes = (
            ("b = dot(s, s)", "size = b / a if a > 0 else rate")
            if self.variant == "long"
            else ("b = dot(u, u)", "size = a / b if a > 0 else rate")
        )
        return (
            "s = theta - x",
            "u = g - h",
            "a = dot(s, u)",
            *sizes,
            "x = theta",
            "h = g",
            "step = size * g",
            "theta = theta - step",
        )

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """As if the step before had not moved."""
        return {"x": theta.clone(), "h": torch.zeros_like(theta)}

    def begins(self) -> Mapping[str, str]:
        """x begins at theta."""
        return {"x": "theta"}

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """theta <- theta - size * g."""
        x, h, s, u = workspace
        torch.sub(theta, x, out=s)
        torch.sub(g, h, out=u)
        bend = inner_product(s, u)
        size = inner_product(s, s) / bend if self.variant == "long" else bend / inner_product(u, u)
        x.copy_(theta)
        h.copy_(g)
        theta.sub_(torch.where(bend > 0, size, context.rate) * g)
