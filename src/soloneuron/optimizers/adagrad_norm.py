"""Adagrad with one accumulator for all weights and one for the bias."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.errors import ShapeError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, flag, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class AdagradNorm(Optimizer):
    """Divide each named part of theta by the root of its squared gradient lengths so far.

    Formula, for part in weights, bias::

        G_part <- G_part + |g_part|^2
        theta_part <- theta_part - rate * g_part / sqrt(G_part + epsilon)       variant "inside"
        theta_part <- theta_part - rate * g_part / (sqrt(G_part) + epsilon)     variant "after"

    The direction of a part stays that of its gradient; only its length is tamed. Rotating the weights rotates
    the path, which ``Adagrad`` does not grant.

    Args:
        bias: whether the last coordinate is a part of its own; True unless given.
        epsilon: finite and >= 0, 0.01 unless given.
        variant: where epsilon stands.

    Source: Ward, Wu and Bottou, ICML (2019); they have one accumulator for everything (``bias=False``), with
    b_0^2 for our epsilon. torch and Keras have no such method. The assignment calls this Adagrad: rate 1,
    epsilon 0.01 inside the root.
    """

    name = "adagrad_norm"
    slots = ("weights", "bias")
    parts = {"G": slots}  # noqa: RUF012
    elementwise = False
    learning_rate = number(1.0, "(0, inf)", schedule=True)
    bias = flag(True)
    epsilon = number(0.01, "[0, inf)")
    variant = choice("inside", "after")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading, each coordinate with the accumulator of its part."""
        root = "sqrt(G + epsilon)" if self.variant == "inside" else "(sqrt(G) + epsilon)"
        return ("n = norm(g)", "G = G + n ** 2", f"step = rate * g / {root}", "theta = theta - step")

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """One zero a part and run, shape (..., 1)."""
        if not theta.dim():
            raise ShapeError(
                "theta must have an axis of coordinates for AdagradNorm, got a single number",
                code="adagrad_norm.shape",
            )
        return {name: torch.zeros_like(theta[..., :1]) for name in self.slots}

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:  # noqa: ARG002
        """Each part of g over the root of its accumulator."""
        if not self.bias:
            return self._shrunk(g, workspace[0])
        return torch.cat(
            (self._shrunk(g[..., :-1], workspace[0]), self._shrunk(g[..., -1:], workspace[1])), -1
        )

    def _shrunk(self, g: Gradient, G: Tensor) -> Tensor:
        G.add_((g * g).sum(-1, keepdim=True))
        return g / (torch.sqrt(G + self.epsilon) if self.variant == "inside" else G.sqrt() + self.epsilon)
