"""NAG that forgets its momentum when it runs uphill: nothing has to be known of the condition."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.inner_products import inner_product, one_a_run, vector_norm
from soloneuron.optimizers.settings import choice, count, number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient, Theta


class RestartedNAG(Optimizer):
    """Nesterov's accelerated gradient with a momentum that grows from 0 after every restart.

    Formula, with k = 1 at the first step::

        y = theta + mu v,  mu = (k - 1) / (k + 2)      where the gradient is wanted: at(theta, state)
        v <- mu v - rate * grad f(y)
        theta <- theta + v
        k <- 1 where grad f(y) . v > 0, else k + 1                  variant "gradient"
        k <- 1 where |v| has become smaller and k >= shortest, else k + 1        "speed"

    On a strongly convex function it needs about the steps of ``NAG`` with the best constant momentum, which
    asks for the condition number.

    Args:
        learning_rate: 0.001 unless given; at most 1 over the largest curvature is safe.
        variant: what a restart is told by.
        shortest: of "speed", the steps between two restarts at least, >= 2; 10 unless given.

    Source: O'Donoghue and Candes, Adaptive restart for accelerated gradient schemes, Foundations of
    Computational Mathematics 15 (2015); "speed": Su, Boyd and Candes, Journal of Machine Learning Research 17
    (2016). torch and optax have no such method.
    """

    name = "restarted_nag"
    slots = ("v", "k")
    needs = "gradient at its point"
    elementwise = False
    learning_rate = number(0.001, "(0, inf)", schedule=True)
    variant = choice("gradient", "speed")
    shortest = count(10, 2)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        first = ("mu = (k - 1) / (k + 2)", "y = theta + mu * v", "g = grad(y)")
        new = "v = mu * v - rate * g"
        restarts = (
            (new, "a = dot(g, v)", "k = 1 if a > 0 else k + 1")
            if self.variant == "gradient"
            else ("a = norm(v)", new, "b = norm(v)", "k = k + 1 if k < shortest else 1 if b < a else k + 1")
        )
        return (*first, *restarts, "theta = theta + v")

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """No velocity, and the count at 1."""
        return {"v": torch.zeros_like(theta), "k": one_a_run(theta) + 1}

    def begins(self) -> Mapping[str, str]:
        """k begins at 1."""
        return {"k": "1"}

    def point(self, theta: Theta, workspace: tuple[Tensor, ...], context: StepContext) -> Theta:
        """The look-ahead y = theta + mu v."""
        v, k = workspace[:2]
        return torch.addcmul(theta, (k - 1) / (k + 2), v, out=context.scratch(theta))

    def move(self, theta: Theta, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> None:
        """v <- mu v - rate * g, theta <- theta + v, and perhaps a restart."""
        v, k = workspace
        before = vector_norm(v) if self.variant == "speed" else None
        v.mul_((k - 1) / (k + 2)).sub_(context.rate * g)
        theta.add_(v)
        uphill = (
            inner_product(g, v) > 0 if before is None else (vector_norm(v) < before) & (k >= self.shortest)
        )
        k.add_(1).masked_fill_(uphill, 1)
