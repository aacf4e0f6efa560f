"""DoG: the rate is the distance gone so far over the root of all squared gradients."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.inner_products import inner_product, one_a_run, vector_norm
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class DoG(Optimizer):
    """Distance over gradients: no rate to choose, only how small the first step is.

    Formula, with x the theta of the start and r = initial (1 + |x|) before the first step::

        r <- max(r, |theta - x|)
        G <- G + |g|^2,        size = r / sqrt(G + epsilon)          variant "dog"
        G <- G + r^2 |g|^2,    size = r^2 / sqrt(G + epsilon)        variant "dowg"
        theta <- theta - rate * size * g

    While r is small against the distance to the minimum it grows from step to step; then the size falls as
    that of ``AdagradNorm``. The best answer is an average of theta: ``Averaged(DoG())``.

    Args:
        learning_rate: a factor on the size, 1 unless given.
        initial: the first distance, in shares of 1 + |theta|, > 0; 1e-6 unless given.
        epsilon: finite and >= 0, 1e-8 unless given.
        variant: whether squares are weighted by the distance at which they came.

    Source: Ivgi, Hinder and Carmon, DoG is SGD's best friend, ICML (2023); "dowg": Khaled, Mishchenko and
    Jin, DoWG unleashed, NeurIPS (2023). optax.contrib has both, with an absolute first distance; torch none.
    """

    name = "dog"
    slots = ("x", "r", "G")
    idle_slots = ("x", "r")
    elementwise = False
    learning_rate = number(1.0, "(0, inf)", schedule=True)
    initial = number(1e-6, "(0, inf)", tensor=False)
    epsilon = number(1e-8, "[0, inf)")
    variant = choice("dog", "dowg")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        sizes = (
            ("G = G + a", "size = r / sqrt(G + epsilon)")
            if self.variant == "dog"
            else ("G = G + r ** 2 * a", "size = r ** 2 / sqrt(G + epsilon)")
        )
        return (
            "b = norm(theta - x)",
            "r = max(r, b)",
            "a = dot(g, g)",
            *sizes,
            "step = rate * size * g",
            "theta = theta - step",
        )

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """The start is remembered; the first distance is a small share of its length."""
        first = self.initial * (1 + vector_norm(theta))
        return {"x": theta.clone(), "r": first, "G": one_a_run(theta)}

    def begins(self) -> Mapping[str, str]:
        """x begins at theta, r at a small share of its length."""
        return {"x": "theta", "r": "initial * (1 + norm(theta))"}

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """theta <- theta - rate * size * g."""
        x, r, G = workspace
        torch.maximum(r, vector_norm(theta - x), out=r)
        weight = 1.0 if self.variant == "dog" else r * r
        G.add_(weight * inner_product(g, g))
        far = r if self.variant == "dog" else weight
        theta.sub_(context.rate * (far / torch.sqrt(G + self.epsilon)) * g)
