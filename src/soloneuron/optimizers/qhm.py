"""QHM: a step between plain descent and momentum."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class QHM(Optimizer):
    """Quasi-hyperbolic momentum: the gradient and its running mean, mixed.

    Formula::

        m <- beta m + (1 - beta) g
        theta <- theta - rate * ((1 - nu) g + nu m)

    nu = 0 is plain descent, nu = 1 momentum with a mean for the sum, nu = beta Nesterov's momentum: each at
    a rate 1 / (1 - beta) times as large as ``Momentum`` and ``Nesterov`` have.

    Args:
        learning_rate: 1 unless given, as in the paper.
        beta: in [0, 1); 0.999 unless given.
        nu: in [0, 1]; 0.7 unless given.

    Source: Ma and Yarats, Quasi-hyperbolic momentum and Adam for deep learning, ICLR (2019). torch and optax
    have no QHM.
    """

    name = "qhm"
    slots = ("m",)
    spares = 1
    learning_rate = number(1.0, "(0, inf)", schedule=True)
    beta = number(0.999, "[0, 1)")
    nu = number(0.7, "[0, 1]")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return (
            "m = beta * m + (1 - beta) * g",
            "step = rate * ((1 - nu) * g + nu * m)",
            "theta = theta - step",
        )

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """A point between the gradient and its mean."""
        (m, mixed), c = workspace, context.c
        m.lerp_(g, c[1 - self.beta])
        return torch.lerp(g, m, c[self.nu], out=mixed)
