"""What rules with a line search have in common: what they ask, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.coordinates import Coordinates
from soloneuron.optimizers.base import Optimizer, ValueAndGradient
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.state import OptimizerState
from soloneuron.shapes import Gradient, Theta, Values

Answer = TypeVar("Answer")


class Asked(Protocol):
    """A function that may be asked for more than its value and gradient."""

    def __call__(self, point: Theta) -> tuple[Values, Gradient]:
        """Both at a point."""

    def value(self, point: Theta) -> Values:
        """The value alone."""

    def second_order(self, point: Theta) -> tuple[Values, Gradient, Tensor]:
        """Value, gradient and second derivatives (k, k)."""

    def hessian(self, point: Theta) -> Tensor:
        """The second derivatives, (k, k)."""

    def convex_hessian(self, point: Theta) -> Tensor | None:
        """Second derivatives made positive semidefinite, or None where nobody knows how."""

    def rounded(self, width: Tensor) -> Asked | None:
        """The function with the kinks of its loss rounded off by a width (); None where it has none."""

    def absolute(self, point: Theta) -> Tensor | None:
        """What the size of each coordinate costs, (k,): a part of the function with kinks at 0; or None."""

    @property
    def coordinates(self) -> Coordinates | None:
        """Those in which the columns are alike, or None."""

    @property
    def hessian_coordinates(self) -> Coordinates | None:
        """Those by which ``second_order`` and ``convex_hessian`` differentiate twice; None for theta."""

    @property
    def scale(self) -> float:
        """What a mean loss was multiplied by: 1, or what made it a sum."""


class Bare:
    """A bare function point -> (value, gradient), perhaps with a method ``hessian(point)``, as ``Asked``."""

    convex_hessian = rounded = absolute = staticmethod(lambda _: None)
    coordinates = hessian_coordinates = None
    scale = 1.0

    def __init__(self, function: ValueAndGradient) -> None:
        self._function = function

    def __call__(self, point: Theta) -> tuple[Values, Gradient]:
        """Both at a point."""
        return self._function(point)

    def value(self, point: Theta) -> Values:
        """The first of both."""
        return self._function(point)[0]

    def second_order(self, point: Theta) -> tuple[Values, Gradient, Tensor]:
        """Asked one after the other."""
        return (*self._function(point), self.hessian(point))

    def hessian(self, point: Theta) -> Tensor:
        """The function's own.

        Raises:
            InputError: it has none.
        """
        return second_derivatives(self._function, "the function")(point)  # type: ignore[no-any-return]


def second_derivatives(of: Any, name: str) -> Any:
    """The method ``hessian`` of an objective or a function.

    Raises:
        InputError: it has none.
    """
    found = getattr(of, "hessian", None)
    if found is None:
        raise InputError(
            f"Newton's method needs second derivatives, and {name} has no method hessian: give it one, or "
            f"take lbfgs",
            code="objective.hessian",
        )
    return found


def asked(function: ValueAndGradient) -> Asked:
    """A function as one that may be asked for more."""
    # One name stands for all: asking a Protocol costs more than a step on five rows.
    return cast("Asked", function) if hasattr(function, "convex_hessian") else Bare(function)


def tried(function: Callable[[Theta], Answer], point: Theta) -> Answer | None:
    """What a function says at a point that a search tries; None where it is not defined.

    Beyond a wall arithmetic raises, as ``math.log`` and an Element's do. Where a search starts nobody catches
    that: a start must be in the domain, and a function that is wrong fails there.
    """
    try:
        return function(point)
    except (ArithmeticError, ValueError):
        return None


class Searching(Optimizer):
    """A rule that goes along a direction r as far as a line search says: theta <- theta - t r.

    It asks as often as it wants, so it has ``update`` only, and theta is one vector (d+1,): a search goes its
    own way in every run.
    """

    needs = "objective"
    learning_rate = number(1.0, "(0, inf)", tensor=False)

    def check(self) -> None:
        """A line search needs the gradient of the very function that it sees."""
        if not self.takes_gradients_as_they_are:
            raise InputError(
                f"{type(self).__name__} must see the whole objective: put weight decay, clipping or the sign "
                f"into it",
                code=f"{self.name}.objective",
            )

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """Room for the last direction and step, and for the decrement that the gradient foretold."""
        if theta.dim() != 1:
            raise ShapeError(
                f"theta must be one vector (d+1,) for {type(self).__name__}, which has no run axis: a line "
                f"search goes its own way in every run; got {tuple(theta.shape)}",
                code=f"{self.name}.runs",
            )
        return {
            "r": torch.zeros_like(theta),
            "step": torch.zeros_like(theta),
            "decrement": theta.new_zeros(()),
        }

    def promise(self, state: OptimizerState) -> Tensor:
        """Half of g . r for the last direction: the decrease by the parabola; after its step less is left."""
        return state.slots["decrement"] / 2

    def names(self, gradient: Gradient, before: OptimizerState, after: OptimizerState) -> dict[str, Any]:  # noqa: ARG002
        """The direction r that was followed, and the t that the line search has found."""
        r, step = after.slots["r"], after.slots["step"]
        moved = after.t > before.t and bool(r.any())
        t = 0.0 - step.dot(r) / r.dot(r) if moved else 0.0
        return {"H": lambda _: r if moved else torch.zeros_like(r), "search": lambda _: t}

    def step(self, theta: Theta, gradient: Gradient, state: OptimizerState) -> None:  # noqa: ARG002
        """Refused: one gradient is not enough."""
        raise InputError(
            f"{type(self).__name__} needs a number of evaluations that depends on the data: call update(...)",
            code=f"{self.name}.step",
        )
