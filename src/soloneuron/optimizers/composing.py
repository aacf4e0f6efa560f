"""Schedules put together: one after another, or times a number."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.numbers import real
from soloneuron.optimizers.settings import described, lies_in


class ComposableSchedule(ABC):
    """A rate for every step that can be followed by another and multiplied by a number."""

    @abstractmethod
    def __call__(self, t: int) -> Any:
        """The rate of step t."""

    @property
    def length(self) -> float:
        """The step at which it ends; inf for one that goes on for ever."""
        return float(getattr(self, "steps", math.inf))

    def __rshift__(self, other: ComposableSchedule) -> ScheduleSequence:
        """This one up to its end, then the other from its beginning.

        Raises:
            InputError: this one has no end, or the other is no schedule.
        """
        return ScheduleSequence(self, other)

    def __mul__(self, factor: Any) -> ScaledSchedule:
        """All rates times a number, or a tensor that broadcasts against theta."""
        return ScaledSchedule(self, factor)

    __rmul__ = __mul__


@dataclass(frozen=True)
class ScheduleSequence(ComposableSchedule):
    """One schedule after another; ``first >> second``.

    Args:
        first: it must have an end.
        second: begins at its own t = 1 when the first has ended.

    Raises:
        InputError: one that has no end, or no schedule.

    Example:
        >>> from soloneuron.optimizers.schedules import Cosine, WarmUp
        >>> both = WarmUp(2) >> Cosine(3)
        >>> [round(both(t), 2) for t in (1, 2, 3, 4, 5, 9)]
        [0.5, 1.0, 1.0, 0.5, 0.0, 0.0]
    """

    first: ComposableSchedule
    second: ComposableSchedule

    def __post_init__(self) -> None:
        for part in (self.first, self.second):
            if not isinstance(part, ComposableSchedule):
                raise InputError(
                    f"a schedule can be followed by another, got {described(part)}", code="schedule.sequence"
                )
        if math.isinf(self.first.length):
            raise InputError(
                f"a schedule with an end can be followed by another, got {self.first!r}",
                code="schedule.endless",
            )

    @property
    def length(self) -> float:
        """The end of the second after that of the first."""
        return self.first.length + self.second.length

    def __call__(self, t: int) -> Any:
        """The rate of the one that t falls into."""
        end = int(self.first.length)
        return self.first(t) if t <= end else self.second(t - end)


@dataclass(frozen=True)
class ScaledSchedule(ComposableSchedule):
    """A schedule times a number; ``0.1 * schedule``.

    Args:
        schedule: the shape.
        factor: finite and > 0, or a tensor of such numbers.

    Raises:
        InputError: another factor.

    Example:
        >>> from soloneuron.optimizers.schedules import WarmUp
        >>> (0.1 * WarmUp(4))(2)
        0.05
    """

    schedule: ComposableSchedule
    factor: Any

    def __post_init__(self) -> None:
        if not (isinstance(self.factor, Tensor) or real(self.factor) > 0) or not lies_in(
            self.factor, "(0, inf)"
        ):
            raise InputError(
                f"a schedule is multiplied by numbers that are finite and > 0, got {described(self.factor)}",
                code="schedule.factor",
            )

    @property
    def length(self) -> float:
        """That of the schedule."""
        return self.schedule.length

    def __call__(self, t: int) -> Any:
        """The schedule's rate times the factor."""
        return self.factor * self.schedule(t)
