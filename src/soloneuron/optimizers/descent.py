"""Gradient descent, the method that all others improve on."""

from __future__ import annotations

from torch import Tensor

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.workspace import StepContext
from soloneuron.shapes import Gradient


class GradientDescent(Optimizer):
    """Step against the gradient.

    Formula: theta <- theta - rate * g. On a quadratic with curvature L it converges for rate < 2 / L.

    Args:
        learning_rate: 0.1 unless given, as in the assignment; the other arguments are those of every
            ``Optimizer``.

    Source: Cauchy, Comptes rendus 25 (1847); Robbins and Monro, Annals of Mathematical Statistics 22 (1951)
    for random batches. Libraries agree; torch calls it SGD.
    """

    name = "gradient_descent"
    learning_rate = number(0.1, "(0, inf)", schedule=True)

    def paper(self, t: int) -> tuple[str, ...]:  # noqa: ARG002
        """The formula for reading."""
        return ("step = rate * g", "theta = theta - step")

    def direction(self, g: Gradient, workspace: tuple[Tensor, ...], context: StepContext) -> Tensor:  # noqa: ARG002
        """The gradient itself."""
        return g
