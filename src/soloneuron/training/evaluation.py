"""What an optimizer is given to ask: the function of one update, its rows and their scale inside."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from soloneuron.formulas.coordinates import Coordinates
from soloneuron.formulas.sparse import is_sparse
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective, name_of
from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.optimizers.searching import Asked, asked, second_derivatives
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values

ROWS_PER_SAMPLED = 10
"""A sample has one of so many rows, and no more numbers than ``MOST_SAMPLED``."""

MOST_SAMPLED = 2**21
"""Numbers of a sample: every process has all of it in memory, however many rows there are."""

MANY = 1_000_000
"""Numbers in the rows from which a pass over a sample costs much less than one over all."""

ROWS_PER_COLUMN = 50
"""A sample has so many rows a column at least: with fewer its minimum lies too far from that of all."""


class Evaluation:
    """An objective on the rows of one update: ``evaluation(point)`` is its value and gradient there.

    Most rules ask for no more. A line search tries values alone, Newton's method wants second derivatives,
    L-BFGS the coordinates in which columns are alike.

    Args:
        objective: what is minimized.
        batch: the rows; None for an objective without rows.
        scale: what means are multiplied by: 1, or what makes them sums.
        coordinates: finds those in which columns are alike, when a rule asks for them; None for none.
        hessian_coordinates: finds those by which second derivatives are taken; None for theta itself.

    Example:
        >>> import torch
        >>> from soloneuron.formulas.surfaces import Bowl
        >>> value, gradient = Evaluation(Bowl())(torch.tensor([3.0, 4.0]))
        >>> value.item(), gradient.tolist()
        (12.5, [3.0, 4.0])
    """

    def __init__(
        self,
        objective: Objective,
        batch: Batch | None = None,
        scale: float = 1.0,
        coordinates: Callable[[], Coordinates | None] = lambda: None,
        hessian_coordinates: Callable[[], Coordinates | None] = lambda: None,
    ) -> None:
        self.objective, self.batch, self.scale = objective, batch, scale
        self._coordinates, self._hessian_coordinates = coordinates, hessian_coordinates
        self._both: ValueAndGradient = self._asked
        self._value: Callable[[Theta], Values] = self._value_asked
        self._second_order: Callable[[Theta], tuple[Values, Gradient, Tensor]] = self._second_order_asked
        self._rounded: Callable[[Evaluation], Evaluation] = lambda other: other

    def by(
        self,
        both: ValueAndGradient,
        *,
        value: Callable[[Theta], Values] | None = None,
        second_order: Callable[[Theta], tuple[Values, Gradient, Tensor]] | None = None,
        rounded: Callable[[Evaluation], Evaluation] | None = None,
    ) -> Evaluation:
        """The same, of which a kernel gives value and gradient, perhaps more; the rest by the objective."""
        other = self._of(self.objective)
        other._both = both
        other._value = other._value if value is None else value
        other._second_order = other._second_order if second_order is None else second_order
        other._rounded = other._rounded if rounded is None else rounded
        return other

    def _of(self, objective: Objective) -> Evaluation:
        return Evaluation(objective, self.batch, self.scale, self._coordinates, self._hessian_coordinates)

    def __call__(self, point: Theta) -> tuple[Values, Gradient]:
        """The value (...) and the gradient (..., k) at a point (..., k)."""
        return self._both(point)

    def _asked(self, point: Theta) -> tuple[Values, Gradient]:
        value, gradient = self.objective.value_and_gradient(point, self.batch)
        return (value, gradient) if self.scale == 1 else (value * self.scale, gradient * self.scale)

    def value(self, point: Theta) -> Values:
        """The value (...) alone."""
        return self._value(point)

    def _value_asked(self, point: Theta) -> Values:
        value = self.objective.value(point, self.batch)
        return value if self.scale == 1 else value * self.scale

    def second_order(self, point: Theta) -> tuple[Values, Gradient, Tensor]:
        """Value, gradient and second derivatives at one point (k,), in one pass where somebody knows how."""
        return self._second_order(point)

    def _second_order_asked(self, point: Theta) -> tuple[Values, Gradient, Tensor]:
        second = second_derivatives(self.objective, name_of(self.objective))
        return (*self._both(point), self._second(second, point))

    def hessian(self, point: Theta) -> Tensor:
        """The second derivatives (k, k) at one point (k,).

        Raises:
            InputError: an objective that does not tell them.
        """
        second = second_derivatives(self.objective, name_of(self.objective))
        return self._scaled(second(point, self.batch))

    def convex_hessian(self, point: Theta) -> Tensor | None:
        """Second derivatives made positive semidefinite by who knows how; None where nobody does."""
        second = getattr(self.objective, "convex_hessian", None)
        return None if second is None else self._second(second, point)

    def sample(self) -> Evaluation | None:
        """The objective on some of its rows, drawn once for all; None where there are not many."""
        neuron, rows = self.objective, self.batch
        if not isinstance(neuron, Neuron) or rows is None or is_sparse(rows.features):
            return None
        n, d = rows.features.shape
        count = min(n // ROWS_PER_SAMPLED, MOST_SAMPLED // max(1, d))
        if n * d < MANY or count < ROWS_PER_COLUMN * d:
            return None
        generator = torch.Generator().manual_seed(0)
        drawn = torch.randint(n, (count,), generator=generator).to(rows.labels.device)
        X, y, s = rows
        some = Batch(X[drawn], y[drawn], None if s is None else s[drawn])
        return Evaluation(neuron, some, self.scale, self._coordinates, self._hessian_coordinates)

    def rounded(self, width: Tensor) -> Evaluation | None:
        """The objective with the kinks of its loss rounded off by a width (); None where it has none."""
        neuron = getattr(self.objective, "rounded", lambda _: None)(width)
        return None if neuron is None else self._rounded(self._of(neuron))

    def absolute(self, point: Theta) -> Tensor | None:
        """What the size of each coordinate of a point (k,) costs, (k,); None where it costs nothing."""
        found: Tensor | None = getattr(self.objective, "absolute", lambda _: None)(point)
        return found if found is None or self.scale == 1 else found * self.scale

    @cached_property
    def coordinates(self) -> Coordinates | None:
        """In which the columns of the rows have mean 0 and size 1; None where nobody knows them."""
        found: Coordinates | None = self._coordinates()
        return found

    @cached_property
    def hessian_coordinates(self) -> Coordinates | None:
        """By which second derivatives are taken; None where theta itself will do."""
        found: Coordinates | None = self._hessian_coordinates()
        return found

    @property
    def smooth(self) -> bool:
        """Whether the loss has no kinks; of an objective that is no neuron it is not asked."""
        return not isinstance(self.objective, Neuron) or self.objective.loss.smooth

    def _second(self, second: Callable[..., Tensor], point: Theta) -> Tensor:
        columns = self.hessian_coordinates
        return self._scaled(
            second(point, self.batch) if columns is None else second(point, self.batch, columns=columns)
        )

    def _scaled(self, found: Tensor) -> Tensor:
        return found if self.scale == 1 else found * self.scale


@dataclass
class Tally:
    """A count that functions share.

    Attributes:
        calls: how often they were asked.
    """

    calls: float = 0.0


class Counted:
    """A function that counts what it is asked for, in gradients.

    A value counts as one: a trial is a trial. A Hessian counts as its k columns, each of which is the
    derivative of a gradient.

    Args:
        function: point -> (value, gradient there), perhaps with more to ask for.
        tally: where the count is kept, by several functions perhaps; None begins one.
        share: of the rows that one call looks at.
    """

    def __init__(self, function: ValueAndGradient, tally: Tally | None = None, share: float = 1.0) -> None:
        self._share = share
        self._tally = Tally() if tally is None else tally
        self._function = asked(function)

    @property
    def calls(self) -> int:
        """The count so far."""
        return math.ceil(self._tally.calls - 1e-9)

    def _count(self, gradients: int) -> None:
        self._tally.calls += self._share * gradients

    def __call__(self, point: Theta) -> tuple[Values, Gradient]:
        """The value and the gradient."""
        self._count(1)
        return self._function(point)

    def value(self, point: Theta) -> Values:
        """The value alone."""
        self._count(1)
        return self._function.value(point)

    def second_order(self, point: Theta) -> tuple[Values, Gradient, Tensor]:
        """Value, gradient and second derivatives."""
        self._count(1 + point.shape[-1])
        return self._function.second_order(point)

    def hessian(self, point: Theta) -> Tensor:
        """The second derivatives."""
        self._count(point.shape[-1])
        return self._function.hessian(point)

    def convex_hessian(self, point: Theta) -> Tensor | None:
        """Second derivatives made positive semidefinite, or None."""
        found = self._function.convex_hessian(point)
        self._count(0 if found is None else point.shape[-1])
        return found

    def sample(self) -> Asked | None:
        """The function on some of its rows, whose calls count here as a tenth each; or None."""
        found = self._function.sample()
        return None if found is None else Counted(found, self._tally, self._share / ROWS_PER_SAMPLED)

    def rounded(self, width: Tensor) -> Asked | None:
        """The function with the kinks of its loss rounded off, whose calls count here; or None."""
        found = self._function.rounded(width)
        return None if found is None else Counted(found, self._tally, self._share)

    def absolute(self, point: Theta) -> Tensor | None:
        """What the size of each coordinate costs, or None."""
        return self._function.absolute(point)

    @property
    def coordinates(self) -> Coordinates | None:
        """Those in which the columns are alike, or None."""
        return self._function.coordinates

    @property
    def hessian_coordinates(self) -> Coordinates | None:
        """Those by which second derivatives are taken, or None."""
        return self._function.hessian_coordinates

    @property
    def smooth(self) -> bool:
        """Whether its loss has no kinks."""
        return self._function.smooth

    @property
    def scale(self) -> float:
        """What a mean loss was multiplied by."""
        return self._function.scale
