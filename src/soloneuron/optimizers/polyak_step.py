"""Polyak's step size: as far as a line would have to go to the lowest value."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.optimizers.base import Optimizer, ValueAndGradient
from soloneuron.optimizers.guard import changed_gradient
from soloneuron.optimizers.inner_products import inner_product, one_a_run
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta, Values


class PolyakStep(Optimizer):
    """Gradient descent whose size is the distance to the lowest value, along the tangent.

    Formula, with lowest the least value there is::

        size = max(f - lowest, 0) / |g|^2, at most ``largest``; 0 where g is
        theta <- theta - rate * size * g

    On a convex function every step brings theta nearer to each minimum for rates in (0, 2), also across
    kinks. With ``lowest`` too low it is too fast and may not come to rest; too high it stops at that value.

    It needs the value, so it has ``update(theta, objective, state)`` only.

    Args:
        learning_rate: a factor on the size, 1 unless given.
        lowest: the least value, finite, 0 unless given: that of a loss on rows which a line separates.
        largest: the size is never more, finite and > 0; None leaves it.

    Raises:
        InputError: weight decay, clipping or maximize, which belong into the objective here.

    Source: Polyak, Introduction to Optimization (1987), section 5.3; "largest": Loizou, Vaswani, Laradji and
    Lacoste-Julien, Stochastic Polyak step-size for SGD, AISTATS (2021). optax' polyak_sgd has at most 1.
    """

    name = "polyak_step"
    slots = ("f",)
    needs = "objective"
    elementwise = False
    learning_rate = number(1.0, "(0, inf)", schedule=True)
    lowest = number(0.0, "(-inf, inf)", tensor=False)
    largest = number(None, "(0, inf)", tensor=False)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        bound = () if self.largest is None else ("size = clamp(size, 0, largest)",)
        return (
            "f = value(theta)",
            "a = dot(g, g)",
            "size = max(f - lowest, 0) / a if a > 0 else 0",
            *bound,
            "step = rate * size * g",
            "theta = theta - step",
        )

    def names(self, gradient: Gradient, before: OptimizerState, after: OptimizerState) -> dict[str, Any]:
        """The value that the step was taken from."""
        return {**super().names(gradient, before, after), "value": lambda _: after.slots["f"]}

    def check(self) -> None:
        """The value and the gradient must be of one function."""
        if not self.takes_gradients_as_they_are:
            raise changed_gradient(type(self).__name__, self.name)

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """Room for the value of every run."""
        return {"f": one_a_run(theta)}

    def update(self, theta: Theta, objective: ValueAndGradient, state: OptimizerState) -> Values:
        """One step by value and gradient at theta.

        Args:
            theta: the parameters, (..., d+1), changed in place.
            objective: point -> (value (...), gradient there).
            state: changed in place.

        Returns:
            The value at theta before the step.

        Raises:
            ShapeError: not one value a run. Nothing has changed then.
        """
        value, gradient = objective(self.at(theta, state))
        slot, seen = state.slots["f"], torch.as_tensor(value).detach()
        if seen.numel() != slot.numel():
            raise ShapeError(
                f"the objective must give one value a run, {tuple(theta.shape[:-1])}, got "
                f"{tuple(seen.shape)}: return (value, gradient) with the gradient like theta",
                code="polyak_step.value",
            )
        before = slot.clone()
        slot.copy_(seen.reshape(slot.shape))
        try:
            super().step(theta, gradient, state)
        except BaseException:
            slot.copy_(before)
            raise
        return value

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """theta <- theta - rate * size * g."""
        square = inner_product(g, g)
        gap = (workspace[0] - self.lowest).clamp(min=0)
        size = torch.where(square > 0, gap / square, 0)
        if self.largest is not None:
            size = size.clamp(max=self.largest)
        theta.sub_(context.rate * size * g)

    def step(self, theta: Theta, gradient: Gradient, state: OptimizerState) -> None:  # noqa: ARG002
        """Refused: the gradient is not enough."""
        raise InputError(
            "PolyakStep needs the value beside the gradient: call update(theta, objective, state)",
            code="polyak_step.step",
        )
