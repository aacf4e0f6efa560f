"""Nadam: Adam with Nesterov's momentum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.optimizers.adam import plus
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class Nadam(Optimizer):
    """Adam that counts on the momentum of the next step.

    Formula, with m, v and v^ of ``Adam`` and P the product mu_1 ... mu_t::

        mu_t = beta1 (1 - 0.96^(psi t) / 2)
        n = mu_(t+1) m / (1 - P mu_(t+1)) + (1 - mu_t) g / (1 - P)
        theta <- theta - rate * n / (sqrt(v^) + epsilon)

    Numerics: with a and b the factors of g and m, n = (a + b) lerp(g, m, b / (a + b)) is one operation.

    Args:
        beta1: in [0, 1); 0.9 unless given.
        beta2: in [0, 1); 0.999 unless given.
        psi: how fast the momentum warms up, finite and >= 0; 0.004 unless given (torch's momentum_decay).
        epsilon: finite and >= 0, 1e-8 unless given.
        variant: "dozat" has the schedule above, "keras" the same without psi (that is psi = 1), "optax" the
            constant mu_t = beta1.

    Source: Dozat, ICLR workshop (2016), and its report with the 0.96 schedule. torch is "dozat"; Keras lost
    psi; optax has no schedule, 0.79 away after ten steps. torch keeps P in its default dtype; we in float64.
    """

    name = "nadam"
    slots = ("m", "v")
    totals = ("product",)
    spares = 2
    learning_rate = number(0.002, "(0, inf)", schedule=True)
    beta1 = number(0.9, "[0, 1)")
    beta2 = number(0.999, "[0, 1)")
    psi = number(0.004, "[0, inf)")
    epsilon = number(1e-8, "[0, inf)")
    variant = choice("dozat", "keras", "optax")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        warm = {
            "dozat": "beta1 * (1 - 0.96 ** (psi * {t}) / 2)",
            "keras": "beta1 * (1 - 0.96 ** {t} / 2)",
            "optax": "beta1",
        }[self.variant]
        return (
            "m = beta1 * m + (1 - beta1) * g",
            "v = beta2 * v + (1 - beta2) * g ** 2",
            "v_hat = v / (1 - beta2 ** t)",
            "mu = " + warm.format(t="t"),
            "mu_next = " + warm.format(t="(t + 1)"),
            "product = product * mu",
            "n = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)",
            "step = rate * n / (sqrt(v_hat) + epsilon)",
            "theta = theta - step",
        )

    def begins(self) -> dict[str, str]:
        """The product at 1."""
        return {"product": "1"}

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """Moments at 0, the product in the shape of mu_t."""
        mu = torch.as_tensor(self.mu(1), dtype=torch.float64)
        return super().begin(theta) | {"product": torch.ones_like(mu, device=theta.device)}

    def mu(self, t: int) -> Any:
        """The momentum of step t."""
        if self.variant == "optax":
            return self.beta1
        psi = self.psi if self.variant == "dozat" else 1.0
        return self.beta1 * (1 - 0.5 * 0.96 ** (psi * t))

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:
        """The factors a and b of g and m, from the product of all momenta so far."""
        mu, ahead, product = self.mu(context.t), self.mu(context.t + 1), slots["product"]
        # A number on the CPU is had at once; on another device it stays there, and nobody waits for it.
        P: Any = product.item() * mu if product.is_cpu and not product.dim() else product * mu
        if isinstance(P, Tensor):
            product.copy_(P)
        else:
            product.fill_(P)
        a, b = (1 - mu) / (1 - P), ahead / (1 - P * ahead)
        context.extra = b / (a + b), (1 - self.beta2**context.t) ** 0.5
        context.rate = context.rate * (a + b)

    def direction(
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """The look-ahead mean n over the root of v."""
        (m, v, n, root), (share, correction), c = workspace, context.extra, context.c
        m.lerp_(g, c[1 - self.beta1])
        v.lerp_(torch.mul(g, g, out=root), c[1 - self.beta2])
        plus(torch.sqrt(v, out=root), correction, c[self.epsilon], out=root)
        return torch.lerp(g, m, share, out=n), root
