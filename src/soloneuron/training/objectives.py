"""What people hand over to be minimized, as an Objective."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from inspect import signature
from typing import Any

import torch
from torch import Tensor

from soloneuron.data.complaints import short
from soloneuron.data.conversion import as_tensor
from soloneuron.element import Element, hessian
from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.formulas.surfaces import Surface
from soloneuron.objective import Objective, lowest_of, name_of, start_of
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.answers import as_gradient, as_values


def as_objective(given: Any) -> Objective:
    """Take an objective in any of the forms that people have.

    Args:
        given: a name of the catalogue of surfaces; an objective, with ``value_and_gradient(theta, batch)`` at
            least, such as a surface or a compiled graph; a pair (value, gradient) of functions of a tensor
            (..., k); or a plain Python function of k Elements that returns an Element.

    Returns:
        An Objective.

    Raises:
        UnknownNameError: no such surface.
        InputError: none of these.
    """
    if isinstance(given, str):
        surface: Objective = SURFACES.load(given)()
        return surface
    if isinstance(given, tuple | list) and len(given) == 2 and all(map(callable, given)):
        return PairObjective(*given)
    if callable(getattr(given, "value_and_gradient", None)):
        methods = [getattr(given, name, None) for name in ("value", "value_and_gradient")]
        whole = all(callable(method) and _takes_batch(method) for method in methods)
        return given if whole else GivenObjective(given)
    if callable(given):
        return ElementObjective(given)
    raise InputError(
        "function must be the name of a surface, a Surface, a pair (value, gradient), an objective or a "
        f"function of Elements, got {type(given).__name__}",
        code="function.type",
    )


def objective_on_rows(given: Any) -> Objective:
    """An objective that stands in the place of the neuron."""
    if not callable(getattr(given, "value_and_gradient", None)):
        raise InputError(
            "objective must have value_and_gradient(theta, batch), as a compiled graph has, got "
            f"{type(given).__name__}",
            code="objective.type",
        )
    return as_objective(given)


def refuse_settings(of_the_neuron: Mapping[str, bool]) -> None:
    """Refuse what only a neuron has, where an objective stands in its place.

    Args:
        of_the_neuron: the settings, and whether they were given.
    """
    given = [name for name, is_given in of_the_neuron.items() if is_given]
    if given:
        raise InputError(
            f"{given[0]} belongs to the neuron: with an objective of its own leave it out",
            code="objective.settings",
        )


@dataclass(frozen=True)
class PairObjective:
    """Two functions of a point (..., k): the value (...) and the gradient (..., k)."""

    function: Callable[[Theta], Values]
    gradient: Callable[[Theta], Gradient]

    @property
    def name(self) -> str:
        """The function's name."""
        return _name(self.function)

    def value(self, theta: Theta, batch: Any = None) -> Values:  # noqa: ARG002
        """The value at a point; there are no rows."""
        return as_values(self.function(theta), theta, self.name)

    def value_and_gradient(self, theta: Theta, batch: Any = None) -> tuple[Values, Gradient]:  # noqa: ARG002
        """Both at a point; there are no rows."""
        return self.value(theta), as_gradient(self.gradient(theta), theta, self.name)


class GivenObjective:
    """Somebody's object that has ``value_and_gradient`` alone, or methods of theta without a batch."""

    def __init__(self, given: Any) -> None:
        self._both = _with_batch(given.value_and_gradient)
        own = getattr(given, "value", None)
        self._value = _with_batch(own) if callable(own) else None
        self.name, self.start, self.lowest = name_of(given), start_of(given), lowest_of(given)

    def value(self, theta: Theta, batch: Any = None) -> Values:
        """The value (...); by way of both where the object has nothing else."""
        value = self._both(theta, batch)[0] if self._value is None else self._value(theta, batch)
        return as_values(value, theta, self.name)

    def value_and_gradient(self, theta: Theta, batch: Any = None) -> tuple[Values, Gradient]:
        """Both, from the object."""
        value, gradient = self._both(theta, batch)
        return as_values(value, theta, self.name), as_gradient(gradient, theta, self.name)


def _with_batch(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of theta as one of theta and a batch."""
    return function if _takes_batch(function) else lambda theta, _batch: function(theta)


def _takes_batch(function: Callable[..., Any]) -> bool:
    try:
        signature(function).bind(None, None)
    except TypeError:
        return False
    except ValueError:
        return True  # written in C: it has no signature to ask
    return True


class ElementObjective:
    """A plain Python function of Elements, recorded anew at every call."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.name = _name(function)

    def value(self, theta: Theta, batch: Any = None) -> Values:  # noqa: ARG002
        """The value (...) at a point (..., k); there are no rows."""
        values = [float(self._loss(row).data) for row in _rows(theta)]
        return theta.new_tensor(values).view(theta.shape[:-1])

    def value_and_gradient(self, theta: Theta, batch: Any = None) -> tuple[Values, Gradient]:  # noqa: ARG002
        """The value and the gradient of each point (..., k), by a backward pass each."""
        values, gradients = [], []
        for row in _rows(theta):
            loss = self._loss(row)
            loss.backward()
            values.append(float(loss.data))
            gradients.append([float(x.grad) for x in row])
        return theta.new_tensor(values).view(theta.shape[:-1]), theta.new_tensor(gradients).view(theta.shape)

    def hessian(self, theta: Theta, batch: Any = None) -> Tensor:  # noqa: ARG002
        """The second derivatives (k, k) at one point, by Elements inside Elements."""
        return theta.new_tensor(hessian(self._function, theta.tolist()), dtype=torch.float64)

    def _loss(self, row: list[Element]) -> Element:
        try:
            _signature(self._function, row)
        except TypeError as problem:
            raise ShapeError(
                f"{self.name} cannot take {len(row)} number{'s' * (len(row) != 1)}: {problem}; a function of "
                "Elements takes one for each number, a function of tensors comes as a pair (value, gradient)",
                code="function.arguments",
            ) from None
        try:
            loss = self._function(*row)
        except (AttributeError, TypeError) as problem:
            # What is written in C counts its arguments itself.
            if "Element" not in str(problem) and hasattr(self._function, "__code__"):
                raise
            raise InputError(
                f"{self.name} must work on Elements, and cannot: {problem}; a function of tensors comes as a "
                "pair (value, gradient)",
                code="function.tensors",
            ) from problem
        if not isinstance(loss, Element):
            raise InputError(
                f"a function of Elements must return an Element, got {type(loss).__name__}; a function of "
                "tensors comes as a pair (value, gradient)",
                code="function.result",
            )
        return loss


def _signature(function: Callable[..., Any], row: list[Element]) -> None:
    """Whether a function takes so many arguments; what is written in C is not asked."""
    with suppress(ValueError):
        signature(function).bind(*row)


def _rows(theta: Tensor) -> list[list[Element]]:
    return [[Element(number) for number in row] for row in theta.reshape(-1, theta.shape[-1]).tolist()]


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def as_start(start: Any, objective: Objective, dtype: torch.dtype | None) -> Tensor:
    """The start (..., k) as a tensor of its own; the objective's usual one for None."""
    if start is None:
        start = start_of(objective)
    if start is None:
        raise InputError(f"start must be given for {name_of(objective)}", code="start.missing")
    point = as_tensor(start, dtype, "start").clone()
    if point.dim() == 0 or not point.numel() or not point.isfinite().all():
        raise InputError(f"start must be a vector of finite numbers, got {short(start)}", code="start.range")
    if isinstance(objective, Surface) and point.shape[-1] != len(objective.start):
        raise ShapeError(
            f"start must have {len(objective.start)} numbers for {objective.name}, got {short(start)}",
            code="start.surface",
        )
    return point


def check_starts(points: Tensor) -> None:
    """Refuse what is neither one start nor several.

    Raises:
        InputError: ``points`` is not (k,) or (S, k).
    """
    if points.dim() > 2 or not len(points):
        raise InputError(
            f"start must be one point (k,) or several (S, k), got shape {tuple(points.shape)}",
            code="start.shape",
        )
