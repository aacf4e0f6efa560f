"""AdaBelief: Adam that divides by how far the gradient is from what was expected."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.optimizers.adam import Adam, plus
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class AdaBelief(Adam):
    """Adam with the running variance of the gradient around m in place of its mean square.

    Formula::

        m <- beta1 m + (1 - beta1) g
        s <- beta2 s + (1 - beta2) (g - m)^2 + epsilon
        theta <- theta - rate * m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + epsilon)

    Args:
        beta1, beta2: as in ``Adam``.
        epsilon: finite and >= 0, 1e-16 unless given; it stands in both places.
        variant: whether g is compared with the new m ("paper") or with that of the step before ("optax").

    Source: Zhuang et al., NeurIPS (2020), algorithm 2, with the epsilon of its code. optax has the same
    epsilon in both places and compares with the old m.
    """

    name = "adabelief"
    slots = ("m", "s")
    epsilon = number(1e-16, "[0, inf)")
    variant = choice("paper", "optax")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; the old m is compared where its line comes second."""
        lines = [
            "m = beta1 * m + (1 - beta1) * g",
            "s = beta2 * s + (1 - beta2) * (g - m) ** 2 + epsilon",
        ]
        return (
            *(lines if self.variant == "paper" else reversed(lines)),
            "m_hat = m / (1 - beta1 ** t)",
            "s_hat = s / (1 - beta2 ** t)",
            "step = rate * m_hat / (sqrt(s_hat) + epsilon)",
            "theta = theta - step",
        )

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """m over the root of s."""
        (m, s, root), c = workspace, context.c
        if self.variant == "optax":
            torch.sub(g, m, out=root)
            m.lerp_(g, c[1 - self.beta1])
        else:
            torch.sub(g, m.lerp_(g, c[1 - self.beta1]), out=root)
        s.lerp_(root.square_(), c[1 - self.beta2]).add_(c[self.epsilon])
        return m, plus(torch.sqrt(s, out=root), context.extra**0.5, c[self.epsilon], out=root)
