"""Where an optimizer went on a function."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from soloneuron.brief import brief


@dataclass(frozen=True, eq=False)
class PathRecord:
    """The course of a minimization, of one run or of many at once (axes ``runs`` in every tensor).

    Attributes:
        function: the name of the function.
        optimizer: the rule, as it would be written.
        points: (T+1, runs..., k), the start and theta after every step. Of a single run that overflows, up to
            its last finite point.
        values: (T+1, runs...), the function at these points.
        evaluations: (T+1,), how often the gradient had been asked for.
        overflow: whether a single run ended early because its next point or value was not finite.
    """

    function: str
    optimizer: str
    points: Tensor
    values: Tensor
    evaluations: tuple[int, ...]
    overflow: bool = False

    __repr__ = brief

    @property
    def point(self) -> Tensor:
        """The last point, (runs..., k)."""
        return self.points[-1]

    @property
    def value(self) -> Tensor:
        """The function there, (runs...)."""
        return self.values[-1]
