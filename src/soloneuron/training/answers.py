"""What somebody's functions answer, held against the point they were asked at."""

from __future__ import annotations

from numbers import Real
from typing import Any

from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.shapes import Gradient, Theta, Values


def as_values(value: Any, theta: Theta, name: str) -> Values:
    """One number a run, (...), for a point (..., k).

    Args:
        value: whatever came; a Python number will do for a single point.
        theta: the point.
        name: of the function.

    Raises:
        InputError: no numbers.
        ShapeError: more or fewer than one a run.

    Example:
        >>> import torch
        >>> as_values(2.5, torch.ones(3), "f")
        tensor(2.5000)
    """
    if isinstance(value, Real):
        value = theta.new_tensor(float(value))
    if not isinstance(value, Tensor):
        raise InputError(
            f"the value of {name} must be a tensor, got {type(value).__name__}", code="objective.value"
        )
    if value.shape != theta.shape[:-1]:
        raise ShapeError(
            f"the value of {name} at a point {tuple(theta.shape)} must have shape {tuple(theta.shape[:-1])}, "
            f"one number a run, got {tuple(value.shape)}: add up over the last axis alone, .sum(-1)",
            code="objective.value_shape",
        )
    return value if value.is_floating_point() else value.to(theta)


def as_gradient(gradient: Any, theta: Theta, name: str) -> Gradient:
    """The gradient (..., k) at a point (..., k).

    Raises:
        InputError: no tensor.
        ShapeError: another shape than the point's.
    """
    if not isinstance(gradient, Tensor):
        raise InputError(
            f"the gradient of {name} must be a tensor, got {type(gradient).__name__}",
            code="objective.gradient",
        )
    if gradient.shape != theta.shape:
        raise ShapeError(
            f"the gradient of {name} at a point {tuple(theta.shape)} must have that shape, got "
            f"{tuple(gradient.shape)}",
            code="objective.gradient_shape",
        )
    return gradient
