"""Derivatives checked against numbers, and second derivatives."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from soloneuron.element.element import Element
from soloneuron.element.scalars import Scalar
from soloneuron.errors import InputError

Function = Callable[..., Element]

COMPLEX_STEP = 1e-30
"""The step of Im f(x + ih) / h: nothing is subtracted, so it may be as small as it likes."""

TOLERANCES = {"complex step": 1e-10, "central difference": 1e-6}
"""The complex step is exact to rounding; the central difference loses a third of the digits."""


@dataclass(frozen=True)
class InputCheck:
    """One derivative, twice.

    Args:
        input: which input it is by, from 0.
        derivative: what ``backward`` says.
        measured: what the numbers say.
        method: ``"complex step"`` or ``"central difference"``.
    """

    input: int
    derivative: float
    measured: float
    method: str

    @property
    def error(self) -> float:
        """The difference, relative to the larger of both and of 1; inf if one of them is not a number."""
        if self.derivative == self.measured:
            return 0.0
        scale = max(1.0, abs(self.derivative), abs(self.measured))
        error = abs(self.derivative - self.measured) / scale
        return error if math.isfinite(error) else math.inf

    @property
    def passed(self) -> bool:
        """Whether the error is within the tolerance of the method."""
        return self.error <= TOLERANCES[self.method]


@dataclass(frozen=True)
class GradientReport:
    """What ``gradcheck`` found, for every input."""

    checks: tuple[InputCheck, ...]

    @property
    def passed(self) -> bool:
        """Whether every derivative agrees."""
        return all(check.passed for check in self.checks)

    @property
    def worst(self) -> InputCheck:
        """The check nearest to failing, or failing most."""
        return max(self.checks, key=lambda check: check.error / TOLERANCES[check.method])

    def __str__(self) -> str:
        worst = self.worst
        return (
            f"{'passed' if self.passed else 'FAILED'}: worst is input {worst.input}, derivative "
            f"{worst.derivative!r}, {worst.method} {worst.measured!r}, error {worst.error:.1e}"
        )


def gradcheck(function: Function, inputs: Iterable[float]) -> GradientReport:
    """Compare the derivatives of a function with numbers.

    The numbers are those of the complex step Im f(x + ih) / h where the function can be computed with
    complex Elements, and else of the central difference (f(x + h) - f(x - h)) / 2h.

    Args:
        function: takes as many Elements as there are inputs, returns an Element.
        inputs: numbers.

    Returns:
        A report; its text names the worst input.

    Raises:
        InputError: no inputs, or the function does not return an Element.

    Example:
        >>> report = gradcheck(lambda x, y: x * y.sin(), [2.0, 3.0])
        >>> report.passed
        True

    Source: Squire and Trapp, SIAM Review 40 (1998), for the complex step.
    """
    numbers = _numbers(inputs)
    leaves = [Element(number) for number in numbers]
    _result(function, leaves).backward()
    return GradientReport(
        tuple(_check(function, numbers, index, float(leaf.grad)) for index, leaf in enumerate(leaves))
    )


def hessian(function: Function, inputs: Iterable[float]) -> list[list[float]]:
    """All second derivatives of a function, exact to rounding, by an Element inside an Element.

    Args:
        function: takes as many Elements as there are inputs, returns an Element.
        inputs: numbers.

    Returns:
        Row i, column j: the derivative by input i, then by input j.

    Raises:
        InputError: no inputs, or the function does not return an Element.

    Example:
        >>> hessian(lambda x, y: x * x * y, [3, 5])
        [[10, 6], [6, 0]]
    """
    inner = [Element(number) for number in _numbers(inputs)]
    outer = [Element(x) for x in inner]
    _result(function, outer).backward()
    rows: list[list[float]] = []
    for x in outer:
        for leaf in inner:
            leaf.grad = 0
        # A derivative that does not depend on the inputs stays a plain number: its own are 0.
        if isinstance(x.grad, Element):
            x.grad.backward()
        rows.append([leaf.grad for leaf in inner])
    return rows


def _numbers(inputs: Iterable[float]) -> list[float]:
    numbers: list[float] = [Element(x).data for x in inputs]
    if not numbers:
        raise InputError("a derivative needs at least one input, got none", code="gradcheck.inputs")
    return numbers


def _result(function: Function, leaves: list[Element]) -> Element:
    result = function(*leaves)
    if not isinstance(result, Element):
        raise InputError(
            f"the function must return an Element, got {type(result).__name__}", code="gradcheck.result"
        )
    return result


def _check(function: Function, numbers: list[float], index: int, derivative: float) -> InputCheck:
    measured = _complex_step(function, numbers, index)
    if measured is not None:
        return InputCheck(index, derivative, measured, "complex step")
    return InputCheck(index, derivative, _central_difference(function, numbers, index), "central difference")


def _complex_step(function: Function, numbers: list[float], index: int) -> float | None:
    def leaf(number: Scalar, step: complex) -> Element:
        element = Element(0)
        element.data = number + step
        return element

    steps = [complex(0, COMPLEX_STEP * (i == index)) for i in range(len(numbers))]
    try:
        value = _result(function, [leaf(*pair) for pair in zip(numbers, steps, strict=True)]).data
    except (ArithmeticError, TypeError, ValueError):
        return None
    return value.imag / COMPLEX_STEP if isinstance(value, complex) else 0.0


def _central_difference(function: Function, numbers: list[float], index: int) -> float:
    x = numbers[index]
    step: float = sys.float_info.epsilon ** (1 / 3) * max(1.0, abs(x))

    def value_at(moved: float) -> float:
        leaves = [Element(moved if i == index else number) for i, number in enumerate(numbers)]
        return float(_result(function, leaves).data)

    return (value_at(x + step) - value_at(x - step)) / ((x + step) - (x - step))
