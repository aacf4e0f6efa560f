"""RAdam: Adam that waits until it knows its denominators."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.base import Direction, Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class RAdam(Optimizer):
    """Adam with the variance of its denominators rectified.

    Formula, with m, v and m^ of ``Adam`` and rho_inf = 2 / (1 - beta2) - 1::

        rho = rho_inf - 2 t beta2^t / (1 - beta2^t)
        r = sqrt((rho - 4)(rho - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho))
        theta <- theta - rate * r * m^ * sqrt(1 - beta2^t) / (sqrt(v) + epsilon)     if rho > threshold
        theta <- theta - rate * m^                                                   otherwise

    Args:
        beta1: in [0, 1); 0.9 unless given.
        beta2: a number in [0, 1); 0.999 unless given. At 0.6 and below rho never passes the threshold.
        epsilon: finite and >= 0, 1e-8 unless given.
        threshold: finite and >= 4, 5 unless given.

    Source: Liu, Jiang, He, Chen, Liu, Gao and Han, ICLR (2020), with threshold 4 and no epsilon. torch and
    optax: threshold 5; torch as above, optax with epsilon after the correction.
    """

    name = "radam"
    slots = ("m", "v")
    spares = 1
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    beta1 = number(0.9, "[0, 1)")
    beta2 = number(0.999, "[0, 1)", tensor=False)
    epsilon = number(1e-8, "[0, inf)")
    threshold = number(5.0, "[4, inf)", tensor=False)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; what the step is depends on rho."""
        share = "(rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)"
        rectified = "rate * r * m_hat * sqrt(1 - beta2 ** t) / (sqrt(v) + epsilon)"
        return (
            "m = beta1 * m + (1 - beta1) * g",
            "v = beta2 * v + (1 - beta2) * g ** 2",
            "m_hat = m / (1 - beta1 ** t)",
            "rho_inf = 2 / (1 - beta2) - 1",
            "rho = rho_inf - 2 * t * beta2 ** t / (1 - beta2 ** t)",
            f"r = sqrt({share}) if rho > threshold else 1",
            f"step = {rectified} if rho > threshold else rate * m_hat",
            "theta = theta - step",
        )

    def rho(self, t: int) -> float:
        """How many squares the mean v is worth at step t."""
        beta2: float = self.beta2
        return 2 / (1 - beta2) - 1 - 2 * t * beta2**t / (1 - beta2**t)

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The correction of m, and r where rho passes the threshold."""
        beta2, t = self.beta2, context.t
        most, rho = 2 / (1 - beta2) - 1, self.rho(t)
        context.rate = context.rate / (1 - self.beta1**t)
        context.extra = rho > self.threshold
        if context.extra:
            r = ((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho)) ** 0.5
            context.rate = context.rate * r * (1 - beta2**t) ** 0.5

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Direction:
        """m over the root of v, or m alone while rho is small."""
        (m, v, root), c = workspace, context.c
        m.lerp_(g, c[1 - self.beta1])
        v.lerp_(torch.mul(g, g, out=root), c[1 - self.beta2])
        return (m, torch.sqrt(v, out=root).add_(c[self.epsilon])) if context.extra else m
