"""What rules with a line search have in common: what they ask, and what they refuse."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Protocol, Self, TypeVar, cast

import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.coordinates import Coordinates
from soloneuron.optimizers.base import Optimizer, ValueAndGradient
from soloneuron.optimizers.guard import changed_gradient
from soloneuron.optimizers.settings import number
from soloneuron.optimizers.state import OptimizerState, workspace_of
from soloneuron.shapes import Gradient, Theta, Values

Answer = TypeVar("Answer")

NARROWER = 0.2
"""By how much a rounded kink becomes narrower at a time."""

LEAST_ROUNDINGS = 64
"""A rounded kink is so many roundings wide at least: logits are not known better."""


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

    def sample(self) -> Asked | None:
        """The function on some of its rows, many enough to come near its minimum; None where they are few."""

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
    def smooth(self) -> bool:
        """Whether its loss has no kinks."""

    @property
    def scale(self) -> float:
        """What a mean loss was multiplied by: 1, or what made it a sum."""


class Bare:
    """A bare function point -> (value, gradient), perhaps with a method ``hessian(point)``, as ``Asked``."""

    convex_hessian = rounded = absolute = staticmethod(lambda _: None)
    sample = staticmethod(lambda: None)
    coordinates = hessian_coordinates = None
    smooth = True
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
    near: ClassVar[float] = 0.01
    """A rounded kink becomes narrower where no more than this share of its width is left to gain."""
    on_sample: ClassVar[int] = 1
    """How often a first update goes down some of the rows before it goes down all."""
    narrowest: ClassVar[float] = 0.0
    """And never narrower than this."""
    asks_again: ClassVar[bool] = False
    """Whether an update begins with the gradient that the last one has asked for at its end."""
    learning_rate = number(1.0, "(0, inf)", tensor=False)

    def check(self) -> None:
        """A line search needs the gradient of the very function that it sees."""
        if not self.takes_gradients_as_they_are:
            raise changed_gradient(type(self).__name__, self.name)

    def one_direction(self) -> Self:
        """The rule that follows one direction an update: it goes the same way, and can be watched."""
        return self

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """Room for the last direction and step, the decrement foretold, and how often kinks narrowed."""
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
            "narrowed": theta.new_zeros(()),
        }

    def update(self, theta: Theta, objective: ValueAndGradient, state: OptimizerState) -> Values:
        """Go down as far as an update does; theta and state change together at the end.

        A loss with kinks is rounded off: its minimum is followed while the kinks become narrower.

        Args:
            theta: one vector, changed in place.
            objective: point -> (value, gradient there); a pure function during the update. For Newton's
                method it has ``hessian(point)``.
            state: changed in place.

        Returns:
            The value at the point where the update began.
        """
        workspace_of(self, theta, state)
        function = asked(objective)
        width = None if function.smooth else self.width(state)
        rounded = None if width is None else function.rounded(width)
        if width is None or rounded is None:
            sample = function.sample() if self.on_sample and not state.t else None
            if sample is None:
                return self.descend(function, theta, state)[0]
            return self._begun_near(function, sample, theta, state)
        # What is recorded is the function itself.
        value, _ = function(theta)
        _, left = self.descend(rounded, theta, state)
        allowed = width * function.scale
        state.slots["decrement"].copy_(2 * (left + allowed))
        # Where no step leads down a sharper kink changes nothing for the worse.
        if left <= self.near * allowed or not state.slots["step"].any():
            state.slots["narrowed"].add_(1)
            self.narrowed(state)
        return value

    def _begun_near(self, function: Asked, sample: Asked, theta: Theta, state: OptimizerState) -> Values:
        """A first update that comes near the minimum by some rows, and goes on by all from there."""
        value, _ = function(theta)
        near, begun = theta.clone(), state.copy()
        for _ in range(self.on_sample):
            self.descend(sample, near, state)
        there, _ = self.descend(function, near, state)
        if there <= value:
            theta.copy_(near)
            return value
        # The rows were no likeness of all.
        for name, slot in begun.slots.items():
            state.slots[name].copy_(slot)
        state.t = begun.t
        return self.descend(function, theta, state)[0]

    def width(self, state: OptimizerState) -> Tensor:
        """How wide kinks of a loss are rounded off, (): less and less."""
        times = state.slots["narrowed"]
        least = max(self.narrowest, LEAST_ROUNDINGS * float(torch.finfo(times.dtype).eps))
        return torch.pow(NARROWER, times).clamp_(min=least)

    def narrowed(self, state: OptimizerState) -> None:
        """A kink is less rounded from now on."""

    @abstractmethod
    def descend(self, function: Asked, theta: Theta, state: OptimizerState) -> tuple[Values, Tensor]:
        """Move theta down a function without kinks but those of ``absolute``.

        Returns:
            The value where theta stood, and a guess of how much is left to gain, () in theta's dtype.
        """

    def promise(self, state: OptimizerState) -> Tensor | None:
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


def direction_by_direction(rule: Optimizer) -> Optimizer:
    """A rule as it is watched: a search with one direction an update, any other as it is."""
    return rule.one_direction() if isinstance(rule, Searching) else rule
