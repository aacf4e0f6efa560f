"""Schedule-Free AdamW: averaging in place of a falling rate, around steps in units of the gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.optimizers.adam import plus
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.schedule_free import ScheduleFreeSGD
from soloneuron.optimizers.settings import choice, nothing, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class ScheduleFreeAdamW(ScheduleFreeSGD):
    """``ScheduleFreeSGD`` whose steps are divided by the root of the mean square, as Adam's are.

    Formula, with theta the average (the paper's x) and lambda the weight decay::

        y = (1 - beta) z + beta theta                     where the gradient is wanted: at(theta, state)
        v <- beta2 v + (1 - beta2) g^2,  v^ = v / (1 - beta2^t)
        z <- z - rate * (g / (sqrt(v^) + epsilon) + lambda y)                           variant "after"
        z <- z - gamma * (g / (sqrt(v) + epsilon) + lambda y),  gamma = rate * sqrt(1 - beta2^t)    "paper"
        theta <- theta + c (z - theta),    c = rate^2 / (sum of rate^2 so far), gamma for rate in "paper"

    There is no momentum besides: beta takes its place.

    Args:
        learning_rate: 0.0025 unless given.
        beta: in [0, 1]; 0.9 unless given (the paper's beta1).
        beta2: in [0, 1); 0.999 unless given.
        epsilon: finite and >= 0, 1e-8 unless given.
        decay: "decoupled" unless given: lambda y stands beside the step of z. "coupled" adds it to g.
        variant: where the mean square is corrected, and with it whether the first steps count less.

    Source: Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, The Road Less Scheduled, NeurIPS (2024),
    algorithm 1. Their code is "after" by now; it weighs by the largest rate so far, which is the same while
    the rate does not fall.
    """

    name = "schedule_free_adamw"
    slots = ("z", "v")
    spares = 1
    learning_rate = number(0.0025, "(0, inf)", schedule=True)
    decay = choice("decoupled", "coupled")
    beta2 = number(0.999, "[0, 1)")
    epsilon = number(1e-8, "[0, inf)")
    variant = choice("after", "paper")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading; where z decays beside its step, it says so itself."""
        own = self.variant == "paper"
        gamma, size = ("gamma", "v") if own else ("rate", "v_hat")
        apart = self.decay == "decoupled" and not nothing(self.weight_decay)
        step = f"g / (sqrt({size}) + epsilon)"
        return (
            "y = (1 - beta) * z + beta * theta",
            "g = grad(y)",
            "v = beta2 * v + (1 - beta2) * g ** 2",
            "gamma = rate * sqrt(1 - beta2 ** t)" if own else "v_hat = v / (1 - beta2 ** t)",
            f"weight = weight + {gamma} ** 2",
            f"c = {gamma} ** 2 / weight if weight > 0 else 0",
            f"z = z - {gamma} * ({step} + lam * y)" if apart else f"z = z - {gamma} * {step}",
            "theta = theta + c * (z - theta)",
        )

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """No weight yet, in the shape of the rate."""
        first = self.learning_rate(1) if callable(self.learning_rate) else self.learning_rate
        first = torch.as_tensor(first * self._begun(1) ** 0.5).detach()
        weight = torch.zeros_like(first, dtype=torch.float64, device=theta.device)
        return Optimizer.begin(self, theta) | {"weight": weight}

    def _begun(self, t: int) -> Any:
        """What the mean square is corrected by on the rate's side."""
        return 1 - self.beta2**t if self.variant == "paper" else 1.0

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:
        """The rate gamma, the share c of z in the average, the correction of v."""
        t = context.t
        context.rate = context.rate * self._begun(t) ** 0.5
        super().prepare(slots, context)
        context.extra = context.extra, 1.0 if self.variant == "paper" else 1 - self.beta2**t

    def regular(
        self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], rate: Any, context: StepContext
    ) -> Gradient:
        """Decoupled decay pulls z by what y is."""
        if self.decay == "coupled" or nothing(self.weight_decay):
            return super().regular(theta, g, workspace, rate, context)
        y = self.point(theta, workspace, context)
        workspace[0].sub_(context.rate * self.weight_decay * y)
        return -g if self.maximize else g

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """Step z, then draw the average after it."""
        Optimizer.move(self, workspace[0], g, workspace, context)
        theta.lerp_(workspace[0], context.extra[0])

    def direction(  # type: ignore[override]
        self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext
    ) -> tuple[Tensor, Tensor]:
        """g over the root of v."""
        (_, v, root), c = workspace, context.c
        v.lerp_(torch.mul(g, g, out=root), c[1 - self.beta2])
        return g, plus(torch.sqrt(v, out=root), context.extra[1] ** 0.5, c[self.epsilon], out=root)
