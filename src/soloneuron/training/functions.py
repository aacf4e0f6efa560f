"""What people hand over to be minimized, brought into one form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

import torch
from torch import Tensor

from soloneuron.element import Element
from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.formulas.surfaces import Surface
from soloneuron.shapes import Gradient, Theta, Values


@dataclass(frozen=True)
class Function:
    """A value and a gradient, both for points (..., k).

    Attributes:
        name: for messages and records.
        value: point -> value (...).
        value_and_gradient: point -> value and gradient (..., k).
        lowest: the least value there is, or None where nobody knows.
        start: where a comparison usually begins, or None.
    """

    name: str
    value: Callable[[Theta], Values]
    value_and_gradient: Callable[[Theta], tuple[Values, Gradient]]
    lowest: float | None = None
    start: tuple[float, ...] | None = None


def as_function(function: Any) -> Function:
    """Take a function in any of the forms that people have.

    Args:
        function: a name of the catalogue of surfaces; a ``Surface``; a pair (value, gradient) of functions of
            a tensor (..., k); an objective with ``value_and_gradient(theta)``, such as a compiled graph; or a
            plain Python function of k Elements that returns an Element.

    Returns:
        A Function.

    Raises:
        UnknownNameError: no such surface.
        InputError: none of these.
    """
    if isinstance(function, str):
        function = SURFACES.load(function)()
    if isinstance(function, Surface):
        return Function(function.name, function.value, function, function.lowest, function.start)
    if isinstance(function, tuple | list) and len(function) == 2 and all(map(callable, function)):
        value, gradient = function
        return Function(_name(value), value, lambda point: (value(point), gradient(point)))
    if hasattr(function, "value_and_gradient"):
        both = function.value_and_gradient
        return Function(type(function).__name__, lambda point: both(point)[0], both)
    if callable(function):
        scalar = _Scalar(function)
        return Function(_name(function), scalar.value, scalar.value_and_gradient)
    raise InputError(
        "function must be the name of a surface, a Surface, a pair (value, gradient), an objective or a "
        f"function of Elements, got {type(function).__name__}",
        code="function.type",
    )


class _Scalar:
    """A plain Python function of Elements, a graph at every call."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def value(self, point: Theta) -> Values:
        values = [float(self._loss(row).data) for row in self._rows(point)]
        return point.new_tensor(values).view(point.shape[:-1])

    def value_and_gradient(self, point: Theta) -> tuple[Values, Gradient]:
        values, gradients = [], []
        for row in self._rows(point):
            loss = self._loss(row)
            loss.backward()
            values.append(float(loss.data))
            gradients.append([float(x.grad) for x in row])
        return point.new_tensor(values).view(point.shape[:-1]), point.new_tensor(gradients).view(point.shape)

    def _rows(self, point: Tensor) -> list[list[Element]]:
        return [[Element(number) for number in row] for row in point.reshape(-1, point.shape[-1]).tolist()]

    def _loss(self, row: list[Element]) -> Element:
        try:
            signature(self._function).bind(*row)
        except TypeError as problem:
            raise ShapeError(
                f"{_name(self._function)} cannot take {len(row)} number{'s' * (len(row) != 1)}: {problem}",
                code="function.arguments",
            ) from None
        loss = self._function(*row)
        if not isinstance(loss, Element):
            raise InputError(
                f"a function of Elements must return an Element, got {type(loss).__name__}; a function of "
                "tensors comes as a pair (value, gradient)",
                code="function.result",
            )
        return loss


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def as_start(start: Any, function: Function, dtype: torch.dtype) -> Tensor:
    """The start (..., k) as a tensor of its own; the function's usual one for None."""
    if start is None:
        start = function.start
    if start is None:
        raise InputError(f"start must be given for {function.name}", code="start.missing")
    try:
        point = torch.as_tensor(start, dtype=dtype).detach().clone()
    except (TypeError, ValueError, RuntimeError):
        raise InputError(f"start must be numbers, got {start!r}", code="start.type") from None
    if point.dim() == 0 or not point.isfinite().all():
        raise InputError(f"start must be a vector of finite numbers, got {start!r}", code="start.range")
    return point
