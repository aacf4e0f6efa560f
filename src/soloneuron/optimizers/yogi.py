"""Yogi: Adam whose denominators change by no more than the newest square."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.adam import Adam, plus
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Yogi(Adam):
    """Adam with a sum of small steps towards g^2 in the place of its mean.

    Formula, with v starting at ``initial``::

        m <- beta1 m + (1 - beta1) g
        v <- v - (1 - beta2) sign(v - g^2) g^2
        theta <- theta - rate * m / (sqrt(v) + epsilon)         variant "paper"
        theta <- theta - rate * m^ / (sqrt(v^) + epsilon)       "corrected", with m^ and v^ of ``Adam``

    Adam forgets a large v by a factor a step, whatever the gradient; here v falls by (1 - beta2) g^2 only,
    so the effective rate of a coordinate cannot rise at once when its gradients become small.

    Args:
        learning_rate: 0.01 unless given.
        beta1, beta2: as in ``Adam``.
        epsilon: finite and >= 0, 1e-3 unless given.
        initial: v before the first step, finite and >= 0, 1e-6 unless given.
        variant: whether m and v are corrected for where they began.

    Source: Zaheer, Reddi, Sachan, Kale and Kumar, NeurIPS (2018), algorithm 2. optax: "corrected", with m
    starting at 1e-6 too. torch.optim has no Yogi.
    """

    name = "yogi"
    spares = 2
    learning_rate = number(0.01, "(0, inf)", schedule=True)
    epsilon = number(1e-3, "[0, inf)")
    initial = number(1e-6, "[0, inf)")
    variant = choice("paper", "corrected")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        lines = (
            "m = beta1 * m + (1 - beta1) * g",
            "v = v - (1 - beta2) * sign(v - g ** 2) * g ** 2",
        )
        if self.variant == "paper":
            return (*lines, "step = rate * m / (sqrt(v) + epsilon)", "theta = theta - step")
        return (
            *lines,
            "m_hat = m / (1 - beta1 ** t)",
            "v_hat = v / (1 - beta2 ** t)",
            "step = rate * m_hat / (sqrt(v_hat) + epsilon)",
            "theta = theta - step",
        )

    def begins(self) -> Mapping[str, str]:
        """v begins at ``initial``."""
        return {"v": "initial"}

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:
        """The corrections, where there are any."""
        if self.variant == "paper":
            context.extra = 1.0
        else:
            super().prepare(slots, context)

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """m over the root of v."""
        (m, v, square, root), c = workspace, context.c
        m.lerp_(g, c[1 - self.beta1])
        torch.mul(g, g, out=square)
        torch.sub(v, square, out=root).sign_()
        v.addcmul_(root, square.mul_(c[1 - self.beta2]), value=-1)
        return m, plus(torch.sqrt(v, out=root), context.extra**0.5, c[self.epsilon], out=root)
