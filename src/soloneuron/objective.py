"""The Objective: what can be minimized, whoever wrote it."""

from __future__ import annotations

from typing import Any, Protocol, cast, runtime_checkable

from soloneuron.shapes import Gradient, Theta, Values


@runtime_checkable
class Objective(Protocol):
    """A value and its gradient at theta, for the rows of a batch.

    The neuron with its hand-written gradient is one; so are an Element graph, eager or compiled, a surface,
    and a pair of functions. What needs no rows takes None for a batch.

    An objective may also have ``start``, where a descent usually begins (k numbers), and ``lowest``, the
    least value there is; ``start_of`` and ``lowest_of`` read them.
    """

    def value(self, theta: Theta, batch: Any, /) -> Values:
        """The value (...) at theta (..., k)."""
        ...

    def value_and_gradient(self, theta: Theta, batch: Any, /) -> tuple[Values, Gradient]:
        """The value (...) at theta (..., k), and the gradient, shaped like theta."""
        ...


def start_of(objective: Objective) -> Any:
    """Where a descent on the objective usually begins, or None."""
    return getattr(objective, "start", None)


def lowest_of(objective: Objective) -> float | None:
    """The least value of the objective, or None where nobody knows it."""
    return cast("float | None", getattr(objective, "lowest", None))


def name_of(objective: Objective) -> str:
    """What the objective is called in records and messages."""
    return str(getattr(objective, "name", type(objective).__name__))
