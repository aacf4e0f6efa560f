"""An entry of the table of operations: a rule, and how it is written in torch and in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from soloneuron.element.scalars import Scalar


@dataclass(frozen=True)
class Slope:
    """The partial derivative by one operand, as text.

    Args:
        python: an expression.
        torch: lines that leave it in ``{t}``.
        at: where it is found, if not in ``{t}``.
        pole: whether it is infinite where the function is used: a gradient of 0 must not become NaN there.
    """

    python: str
    torch: tuple[str, ...]
    at: str = "{t}"
    pole: bool = False


@dataclass(frozen=True)
class Operation:
    """One operation.

    Args:
        about: one sentence.
        python: its value as an expression.
        torch: lines that leave its value in ``{y}``.
        slopes: by each operand that has one.
        value: of a method of one operand, the function of a number or an Element; None where the rule
            stands beside the operator.
        slope: the derivative, from x and y = value(x).
    """

    about: str
    python: str
    torch: tuple[str, ...]
    slopes: tuple[Slope, ...] = ()
    value: Callable[[Scalar], Scalar] | None = None
    slope: Callable[[Scalar, Scalar], Scalar] | None = None
