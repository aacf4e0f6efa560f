"""Prodigy: Adam that estimates from its own gradients how far the minimum is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.inner_products import inner_product, one_a_run
from soloneuron.optimizers.settings import choice, nothing, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class Prodigy(Optimizer):
    """Adam whose rate is a lower bound d of the distance from the start to the minimum, which only grows.

    Formula, with x the theta of the start, beta3 = sqrt(beta2) and lambda the weight decay::

        r <- beta3 r + (1 - beta3) rate d^2 g . (x - theta)
        s <- beta3 s + (1 - beta3) rate d^2 g
        m <- beta1 m + (1 - beta1) d g
        v <- beta2 v + (1 - beta2) d^2 g^2
        theta <- theta - rate * d * (m / (sqrt(v) + d epsilon) + lambda theta)
        d <- max(d, coefficient * r / sum |s|)

    In the variant "corrected" rate is multiplied by sqrt(1 - beta2^t) / (1 - beta1^t) throughout.

    Args:
        learning_rate: 1 unless given; where it falls, by a cosine for example, the method does best.
        beta1: in [0, 1); 0.9 unless given.
        beta2: in [0, 1); 0.999 unless given.
        epsilon: finite and >= 0, 1e-8 unless given; with 0 a zero gradient at the start is 0 / 0.
        initial: d before the first step, finite and > 0, 1e-6 unless given.
        coefficient: a factor on the estimate, finite and > 0; 1 unless given.
        decay: "decoupled" unless given: lambda theta stands beside the step, at its rate rate * d.
        variant: whether Adam's corrections are made.

    Source: Mishchenko and Defazio, Prodigy: an expeditiously adaptive parameter-free learner, ICML (2024),
    algorithm 4. Their code multiplies epsilon by the new d; optax.contrib is "corrected"; torch has none.
    """

    name = "prodigy"
    slots = ("m", "v", "s", "x", "r", "d")
    spares = 1
    idle_slots = ("x", "d")
    elementwise = False
    learning_rate = number(1.0, "(0, inf)", schedule=True)
    decay = choice("decoupled", "coupled")
    beta1 = number(0.9, "[0, 1)")
    beta2 = number(0.999, "[0, 1)")
    epsilon = number(1e-8, "[0, inf)")
    initial = number(1e-6, "(0, inf)", tensor=False)
    coefficient = number(1.0, "(0, inf)")
    variant = choice("paper", "corrected")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; where theta decays beside its step, it says so itself."""
        corrected = "gamma = rate * sqrt(1 - beta2 ** t) / (1 - beta1 ** t)"
        apart = self.decay == "decoupled" and not nothing(self.weight_decay)
        step = "m / (sqrt(v) + d * epsilon)"
        return (
            "gamma = rate" if self.variant == "paper" else corrected,
            "beta3 = sqrt(beta2)",
            "a = dot(gamma * g, x - theta)",
            "r = beta3 * r + (1 - beta3) * d ** 2 * a",
            "s = beta3 * s + (1 - beta3) * d ** 2 * gamma * g",
            "m = beta1 * m + (1 - beta1) * d * g",
            "v = beta2 * v + (1 - beta2) * d ** 2 * g ** 2",
            f"step = gamma * d * ({step} + lam * theta)" if apart else f"step = gamma * d * {step}",
            "b = dot(s, sign(s))",
            "d = max(d, coefficient * r / b) if b > 0 else d",
            "theta = theta - step",
        )

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """The start is remembered; the distance is taken for very small."""
        found = {name: torch.zeros_like(theta) for name in ("m", "v", "s")}
        return {**found, "x": theta.clone(), "r": one_a_run(theta), "d": one_a_run(theta) + self.initial}

    def begins(self) -> Mapping[str, str]:
        """x begins at theta, d at ``initial``."""
        return {"x": "theta", "d": "initial"}

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """Adam's corrections go into the rate."""
        if self.variant == "corrected":
            begun = (1 - self.beta2**context.t) ** 0.5
            context.rate = context.rate * (begun / (1 - self.beta1**context.t))

    def regular(
        self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], rate: Any, context: StepContext
    ) -> Gradient:
        """Decoupled decay waits for the step, which is measured where theta stands."""
        if self.decay == "coupled":
            return super().regular(theta, g, workspace, rate, context)
        return -g if self.maximize else g

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """A step of Adam at the rate rate * d, and a new estimate."""
        (m, v, s, x, r, d, root), gamma, lam = workspace, context.rate, self.weight_decay
        keep, scaled = self.beta2**0.5, d * g
        fresh = (1 - keep) * d
        r.mul_(keep).add_(fresh * inner_product(gamma * scaled, torch.sub(x, theta, out=root)))
        s.mul_(keep).add_(fresh * gamma * scaled)
        m.lerp_(scaled, context.c[1 - self.beta1])
        v.lerp_(scaled.square_(), context.c[1 - self.beta2])
        step = m / torch.sqrt(v, out=root).add_(d * self.epsilon)
        if not (nothing(lam) or self.decay == "coupled"):
            step.add_(lam * theta)
        theta.sub_(gamma * d * step)
        total = s.abs().sum(-1, keepdim=True) if s.dim() else s.abs()
        torch.maximum(d, torch.where(total > 0, self.coefficient * r / total, d), out=d)
