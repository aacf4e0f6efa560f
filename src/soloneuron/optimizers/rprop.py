"""Rprop: only the signs of the gradients count."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class Rprop(Optimizer):
    """A step size for every coordinate: longer while the sign stays, shorter when it turns.

    Formula, with last the gradient of the step before::

        size <- clamp(grow * size if g * last > 0, shrink * size if g * last < 0, else size)
        g <- 0 where g * last < 0
        theta <- theta - sign(g) * size,    last <- g

    It needs full-batch gradients: the noise of a batch turns signs.

    Args:
        learning_rate: the size of the first step of every coordinate, 0.01 unless given; no schedule.
        shrink: in (0, 1); 0.5 unless given.
        grow: finite and >= 1; 1.2 unless given.
        smallest: finite and >= 0; 1e-6 unless given.
        largest: finite and > 0, at least ``smallest``; 50 unless given.

    Source: Riedmiller and Braun, ICNN (1993), in the form without backtracking (Rprop- and its relatives,
    Igel and Huesken, 2003: iRprop-). Equals torch.optim.Rprop; optax is one step stale.
    """

    name = "rprop"
    slots = ("last", "size")
    spares = 1
    learning_rate = number(0.01, "(0, inf)")
    shrink = number(0.5, "(0, 1)")
    grow = number(1.2, "[1, inf)")
    smallest = number(1e-6, "[0, inf)", tensor=False)
    largest = number(50.0, "(0, inf)", tensor=False)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return (
            "turn = g * last",
            "size = grow * size if turn > 0 else shrink * size if turn < 0 else size",
            "size = clamp(size, smallest, largest)",
            "g = 0 if turn < 0 else g",
            "step = sign(g) * size",
            "last = g",
            "theta = theta - step",
        )

    def check(self) -> None:
        """The clamp must leave something."""
        if self.smallest > self.largest:
            raise InputError(
                f"smallest must be <= largest, got {self.smallest} > {self.largest} (Rprop)",
                code="smallest.range",
            )

    def begins(self) -> dict[str, str]:
        """The learning rate as every size."""
        return {"size": "rate"}

    def prepare(self, slots: Mapping[str, Tensor], context: StepContext) -> None:  # noqa: ARG002
        """The sizes are the rate."""
        context.rate = 1.0

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:
        """sign(g) times the size of each coordinate."""
        (last, size, turn), c = workspace, context.c
        torch.mul(g, last, out=turn)
        factor = torch.where(turn > 0, c[self.grow], torch.where(turn < 0, c[self.shrink], c[1.0]))
        size.mul_(factor).clamp_(self.smallest, self.largest)
        last.copy_(g).masked_fill_(turn < 0, 0)
        return torch.sign(last, out=turn).mul_(size)
