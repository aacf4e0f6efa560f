"""What a lesson is: data only.

Steps set the page, measures are taken of their runs, and conditions on the measures pick the answer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from soloneuron.formulas.ordering import clearly_less

Measurements = Mapping[str, float | None]
"""What was measured, by name; None is an event that has not come."""

ARRIVED = 1e-4
"""A loss that stays this close above the lowest counts as arrived."""

UNCLEAR = "unclear"
"""The answer where no condition holds."""


@dataclass(frozen=True)
class LessonStep:
    """One thing to see.

    Attributes:
        link: the settings, as the words of a link.
        until: the step of the run at which it ends, > 0.
        speed: steps of the run a second, one of 5, 15, 60, 240 and 960.
        open: a part of the page that is opened when it has ended, by the name of its command; or nothing.
    """

    link: str
    until: int
    speed: int = 60
    open: str = ""


@dataclass(frozen=True)
class Measure:
    """A number of a run.

    Attributes:
        kind: a name of ``measures.MEASURES``.
        step: at the end of which step of the lesson, from 1.
        runner: whose.
        detail: what the kind needs to know: a tolerance, a coordinate, a number of steps.
    """

    kind: str
    step: int
    runner: int = 0
    detail: float = 0.0


@dataclass(frozen=True)
class Less:
    """One measure lies clearly below another: small * times + plus <= large, times >= 1, plus >= 0.

    What never came is infinite.
    """

    small: str
    large: str
    times: float = 1.0
    plus: float = 0.0

    def holds(self, numbers: Measurements) -> bool:
        """Whether it is so."""
        small, large = _value(numbers[self.small]), _value(numbers[self.large])
        return clearly_less(small, large, factor=self.times, plus=self.plus)


@dataclass(frozen=True)
class Alike:
    """Two measures came, and neither lies clearly below the other."""

    one: str
    two: str
    times: float = 1.0
    plus: float = 0.0

    def holds(self, numbers: Measurements) -> bool:
        """Whether it is so."""
        pairs = ((self.one, self.two), (self.two, self.one))
        apart = any(Less(*pair, self.times, self.plus).holds(numbers) for pair in pairs)
        return numbers[self.one] is not None and numbers[self.two] is not None and not apart


@dataclass(frozen=True)
class Within:
    """A measure lies between two bounds: low <= measure < high."""

    name: str
    low: float
    high: float

    def holds(self, numbers: Measurements) -> bool:
        """Whether it is so."""
        return self.low <= _value(numbers[self.name]) < self.high


Requirement = Less | Alike | Within


@dataclass(frozen=True)
class Lesson:
    """One question, asked before the run and answered by it.

    Attributes:
        steps: what is played, in this order.
        measures: the numbers of the answer, by the names of the sentences' braces.
        answers: what can be predicted, and what must be measured for each to be true; at most one can be.
        expected: the answer that was measured when the lesson was written.
        formulas: entries of the catalogues whose formula is shown, such as ``losses.nll``.
    """

    steps: tuple[LessonStep, ...]
    measures: Mapping[str, Measure]
    answers: Mapping[str, tuple[Requirement, ...]]
    expected: str
    formulas: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("measures", "answers"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def judge(self, numbers: Measurements) -> str:
        """The answer that the numbers give, or ``"unclear"``."""
        held = (
            name for name, conditions in self.answers.items() if all(c.holds(numbers) for c in conditions)
        )
        return next(held, UNCLEAR)


def _value(measured: float | None) -> float:
    return math.inf if measured is None else measured
