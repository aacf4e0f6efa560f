"""Schedule-Free SGD: averaging in place of a falling rate."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import choice, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class ScheduleFreeSGD(Optimizer):
    """Step at z, answer with the weighted average, ask for gradients in between.

    Formula, with theta the average (the paper's x)::

        y = (1 - beta) z + beta theta                   where the gradient is wanted: at(theta, state)
        z <- z - rate * grad f(y)
        theta <- theta + c (z - theta),    c = rate^2 / (sum of rate^2 so far)

    With a constant rate c = 1 / t, so theta is the plain average of z. A warm-up is a schedule of the rate.

    Args:
        learning_rate: 1 unless given; larger than without averaging.
        beta: in [0, 1]; 0.9 unless given. 0 is Polyak's averaging, 1 primal averaging.
        decay: "coupled" only: the penalty's gradient at y.

    Source: Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, The Road Less Scheduled, NeurIPS (2024).
    Their code swaps theta and y in the parameter with train() and eval(); here theta is always the answer.
    """

    name = "schedule_free_sgd"
    slots: tuple[str, ...] = ("z",)
    totals = ("weight",)
    needs = "gradient at its point"
    learning_rate = number(1.0, "(0, inf)", schedule=True)
    decay = choice("coupled")
    beta = number(0.9, "[0, 1]")

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return (
            "y = (1 - beta) * z + beta * theta",
            "g = grad(y)",
            "weight = weight + rate ** 2",
            "c = rate ** 2 / weight if weight > 0 else 0",
            "z = z - rate * g",
            "theta = theta + c * (z - theta)",
        )

    def begins(self) -> dict[str, str]:
        """z starts at theta."""
        return {"z": "theta"}

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """No weight yet, in the shape of the rate."""
        first = self.learning_rate(1) if callable(self.learning_rate) else self.learning_rate
        rate = first.detach() if isinstance(first, Tensor) else theta.new_zeros(())
        weight = torch.zeros_like(rate, dtype=torch.float64, device=theta.device)
        return super().begin(theta) | {"weight": weight}

    def point(self, theta: Theta, workspace: tuple[Tensor, ...], context: StepContext) -> Theta:
        """y, between z and theta."""
        return torch.lerp(workspace[0], theta, context.c[self.beta], out=context.scratch(theta))

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:
        """The share c of z in the average; 0 while the rate has been 0."""
        rate, weight = context.rate, slots["weight"]
        weight.add_(rate**2)
        # A number on the CPU is had at once; on another device it stays there, and nobody waits for it.
        if weight.is_cpu and not isinstance(rate, Tensor):
            total = weight.item()
            context.extra = rate**2 / total if total > 0 else 0.0
        else:
            sums = weight.to(slots["z"].dtype)
            context.extra = torch.where(sums > 0, rate**2 / sums, 0)

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """Step z, then draw the average after it."""
        (z,) = workspace
        super().move(z, g, workspace, context)
        theta.lerp_(z, context.extra)

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:  # noqa: ARG002
        """The gradient itself."""
        return g
