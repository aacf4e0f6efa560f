"""AdEMAMix: Adam with a second, much slower momentum."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.adam import plus
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class AdEMAMix(Optimizer):
    """Two running means of the gradient, a fast and a slow one, over the root of its mean square.

    Formula, with s = min(t / warm_up, 1), or 1 without a warm-up::

        b3 = exp(1 / ((1 - s) / ln beta1 + s / ln beta3))     its memory grows evenly
        m1 <- beta1 m1 + (1 - beta1) g,   m1^ = m1 / (1 - beta1^t)
        m2 <- b3 m2 + (1 - b3) g
        v <- beta2 v + (1 - beta2) g^2,   v^ = v / (1 - beta2^t)
        theta <- theta - rate * (m1^ + s alpha m2) / (sqrt(v^) + epsilon)

    Numerics: the correction of m1 goes into the rate, and m2 is multiplied by it.

    Args:
        learning_rate: 0.001 unless given.
        beta1: a number in (0, 1); 0.9 unless given.
        beta2: in [0, 1); 0.999 unless given.
        beta3: a number in (0, 1), of the slow mean; 0.9999 unless given.
        alpha: how much the slow mean counts, finite and >= 0; 5 unless given.
        warm_up: steps until beta3 and alpha are what they are to be, finite and >= 0; 0 unless given. The
            paper takes all steps of the training.
        epsilon: finite and >= 0, 1e-8 unless given.
        decay: "decoupled" unless given, as in the paper.

    Source: Pagliardini, Ablin and Grangier, The AdEMAMix optimizer: better, faster, older (2024), algorithm
    1. optax counts the steps of the warm-up from 0. torch.optim has no AdEMAMix.
    """

    name = "ademamix"
    slots = ("m1", "m2", "v")
    spares = 2
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    decay = choice("decoupled", "coupled")
    beta1 = number(0.9, "(0, 1)", tensor=False)
    beta2 = number(0.999, "[0, 1)")
    beta3 = number(0.9999, "(0, 1)", tensor=False)
    alpha = number(5.0, "[0, inf)")
    warm_up = number(0.0, "[0, inf)", tensor=False)
    epsilon = number(1e-8, "[0, inf)")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; t / 0 is beyond every end."""
        return (
            "s = clamp(t / warm_up, 0, 1)",
            "b3 = exp(1 / ((1 - s) / log(beta1) + s / log(beta3)))",
            "m1 = beta1 * m1 + (1 - beta1) * g",
            "m2 = b3 * m2 + (1 - b3) * g",
            "v = beta2 * v + (1 - beta2) * g ** 2",
            "m_hat = m1 / (1 - beta1 ** t)",
            "v_hat = v / (1 - beta2 ** t)",
            "step = rate * (m_hat + s * alpha * m2) / (sqrt(v_hat) + epsilon)",
            "theta = theta - step",
        )

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The corrections, the weight of the slow mean and how fast it forgets."""
        t = context.t
        s = min(t / self.warm_up, 1.0) if self.warm_up else 1.0
        fresh = -math.expm1(1 / ((1 - s) / math.log(self.beta1) + s / math.log(self.beta3)))
        begun = 1 - self.beta1**t
        context.rate = context.rate / begun
        context.extra = 1 - self.beta2**t, s * self.alpha * begun, fresh

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """Both means over the root of v."""
        (m1, m2, v, both, root), c = workspace, context.c
        begun, weight, fresh = context.extra
        m1.lerp_(g, c[1 - self.beta1])
        m2.lerp_(g, fresh)
        v.lerp_(torch.mul(g, g, out=root), c[1 - self.beta2])
        torch.mul(m2, weight, out=both).add_(m1)
        return both, plus(torch.sqrt(v, out=root), begun**0.5, c[self.epsilon], out=root)
