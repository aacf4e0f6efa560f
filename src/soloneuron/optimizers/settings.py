"""Hyperparameters as they are declared: a default, and what must hold for every value that comes.

A rule names them in its class body, and ``Configurable`` does the rest::

    beta1 = number(0.9, "[0, 1)")
    variant = choice("after", "inside", "hat")
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError, UnknownNameError
from soloneuron.shapes import Theta

LONGEST = 10**40
"""A whole number beyond it is not written out in a message."""


@dataclass(frozen=True)
class Setting:
    """One hyperparameter: its default and the check that every value passes.

    Args:
        default: taken when nothing is given.
        check: (name, value, owner) -> the value as the formulas use it; raises InputError.
        domain: what must hold, in words, for lists and help texts.
        tensor: whether a tensor that broadcasts against theta may stand for it, so that runs differ in it.
        options: all values, where there are only so many.
    """

    default: Any
    check: Callable[[str, Any, str], Any]
    domain: str
    tensor: bool = False
    options: tuple[Any, ...] = ()


def number(default: float | None, interval: str, *, schedule: bool = False, tensor: bool = True) -> Any:
    """A real hyperparameter: a number, or a tensor that broadcasts against theta.

    Args:
        default: taken when nothing is given; where it is None, None may be given too.
        interval: where every value must lie, such as "[0, 1)" or "(0, inf)".
        schedule: whether a function of the step t = 1, 2, ... may stand for the number.
        tensor: whether a tensor may.

    Returns:
        The declaration, typed Any so that the formulas may compute with the name.
    """
    domain = phrase(interval)

    def check(name: str, value: Any, owner: str) -> Any:
        if (value is None and default is None) or (schedule and callable(value)):
            return value
        if isinstance(value, Tensor) and value.dim() == 0:
            value = value.item()
        fine = tensor and isinstance(value, Tensor) and value.is_floating_point() and value.numel() > 0
        if not (fine or (isinstance(value, Real) and not isinstance(value, bool))) or not lies_in(
            value, interval
        ):
            raise InputError(
                f"{name} must {domain}, got {described(value)} ({owner})",
                code=f"{name}.range",
                value=value,
                owner=owner,
            )
        return value.detach().clone() if isinstance(value, Tensor) else float(value)

    return Setting(default, check, domain, tensor)


def count(default: int, least: int) -> Any:
    """A whole number that is at least ``least``."""

    def check(name: str, value: Any, owner: str) -> int:
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise InputError(
                f"{name} must be a whole number >= {least}, got {described(value)} ({owner})",
                code=f"{name}.range",
                value=value,
                owner=owner,
            )
        return int(value)

    return Setting(default, check, f"be a whole number >= {least}")


def choice(*options: str) -> Any:
    """One of several names; the first is the default."""

    def check(name: str, value: Any, owner: str) -> str:  # noqa: ARG001
        if value not in options:
            raise UnknownNameError(name, str(value), options)
        return str(value)

    return Setting(options[0], check, f"be one of {', '.join(options)}", options=options)


def flag(default: bool) -> Any:
    """True or False."""

    def check(name: str, value: Any, owner: str) -> bool:
        if not isinstance(value, bool):
            raise InputError(
                f"{name} must be True or False, got {described(value)} ({owner})",
                code=f"{name}.type",
                value=value,
                owner=owner,
            )
        return value

    return Setting(default, check, "be True or False", options=(True, False))


def phrase(interval: str) -> str:
    """An interval in words: "lie in [0, 1)", or "be finite and > 0" where it has no upper end."""
    low, high = ends(interval)
    if high < math.inf:
        return f"lie in {interval}"
    if low == -math.inf:
        return "be finite"
    return f"be finite and {'>=' if interval[0] == '[' else '>'} {low:g}"


def ends(interval: str) -> tuple[float, float]:
    """The two numbers of an interval."""
    low, high = interval[1:-1].split(",")
    return float(low), float(high)


def lies_in(value: Any, interval: str) -> bool:
    """Whether a number, or every element of a tensor, lies in the interval; NaN and inf never do."""
    low, high = ends(interval)
    try:
        x: Any = value.detach().to(torch.float64) if isinstance(value, Tensor) else float(value)
    except OverflowError:  # a whole number beyond the largest float
        return False
    above = x >= low if interval[0] == "[" else x > low
    below = x <= high if interval[-1] == "]" else x < high
    return bool((above & below).all()) if isinstance(value, Tensor) else bool(above and below)


def scheduled(rate: Any, t: int, theta: Theta, owner: str) -> Any:
    """The rate that a schedule gave for step t, as the formulas use it.

    Raises:
        InputError: it is not finite and >= 0, or a tensor that does not broadcast to theta.
    """
    tensor = isinstance(rate, Tensor)
    if tensor and not broadcasts(rate, theta):
        raise InputError(
            "the schedule of the learning rate must give tensors that broadcast to theta "
            f"{tuple(theta.shape)}, got {tuple(rate.shape)} at step {t} ({owner}): for R runs give R starts",
            code="learning_rate.schedule",
        )
    known = tensor or (isinstance(rate, Real) and not isinstance(rate, bool))
    if not known or not lies_in(rate, "[0, inf)"):
        raise InputError(
            f"the schedule of the learning rate must give numbers that are finite and >= 0, "
            f"got {described(rate)} at step {t} ({owner})",
            code="learning_rate.schedule",
        )
    return rate.detach().to(theta) if tensor else float(rate)


def described(value: Any) -> str:
    """A value as an error message shows it: the type of a stranger, the ends of a tensor."""
    if isinstance(value, Tensor) and value.numel():
        return f"a {value.dtype} tensor of shape {tuple(value.shape)} from {value.min()} to {value.max()}"
    if isinstance(value, Integral) and abs(int(value)) > LONGEST:
        return f"a whole number of {int(value).bit_length()} bits"
    return repr(value) if isinstance(value, Real | str | None) else f"{type(value).__name__} {value!r}"


def broadcasts(value: Tensor, theta: Theta) -> bool:
    """Whether a tensor broadcasts to the shape of theta without enlarging it."""
    try:
        return value.expand_as(theta).shape == theta.shape
    except RuntimeError:
        return False


def nothing(value: Any) -> bool:
    """Whether a hyperparameter is the number 0, so that its part of the formula falls away."""
    return not isinstance(value, Tensor) and value == 0
