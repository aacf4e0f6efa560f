"""What must hold of the tensors of a step before anything moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.shapes import Gradient, Theta

STEPPED_DTYPES = (torch.float32, torch.float64, torch.bfloat16)
"""In half precision squares of gradients below 2e-4 are 0, and a step divides by what is left."""


def check_theta(theta: Any, settings: Mapping[str, Any], owner: str) -> None:
    """Refuse a theta that a rule cannot change in place with its numbers.

    Args:
        theta: whatever came.
        settings: the hyperparameters.
        owner: the rule's name, for the message.

    Raises:
        InputError: no floating tensor, one of half precision, or one in which a number becomes 0.
        ShapeError: places of theta that share their memory.
    """
    if not isinstance(theta, Tensor) or not theta.is_floating_point():
        came = theta.dtype if isinstance(theta, Tensor) else type(theta).__name__
        raise InputError(f"theta must be a floating tensor, got {came}", code="theta.dtype")
    if theta.dtype not in STEPPED_DTYPES:
        raise InputError(
            f"theta must be float32, float64 or bfloat16, got {theta.dtype}: "
            "squares of gradients vanish in it",
            code="theta.half",
        )
    if _overlaps_itself(theta):
        raise ShapeError(
            f"every place of theta must have memory of its own, got a tensor {tuple(theta.shape)} "
            f"with strides {tuple(theta.stride())}: clone it",
            code="theta.expanded",
        )
    least = torch.finfo(theta.dtype).smallest_normal
    for name, value in settings.items():
        if isinstance(value, float) and 0 < abs(value) < least:
            raise InputError(
                f"{name} must not vanish in {theta.dtype}, got {value!r} ({owner})", code=f"{name}.vanishes"
            )


def _overlaps_itself(theta: Theta) -> bool:
    """Whether two places may be the same memory: by strides, the shortest first."""
    if theta.is_contiguous():
        return False
    reach = 0
    for stride, size in sorted(zip(theta.stride(), theta.shape, strict=True)):
        if size > 1:
            if stride <= reach:
                return True
            reach += (size - 1) * stride
    return False


def misfit(gradient: Any, theta: Theta, owner: str) -> InputError:
    """The error about a gradient that is none of a theta."""
    tensor = isinstance(gradient, Tensor)
    came = f"{gradient.dtype} {tuple(gradient.shape)}" if tensor else type(gradient).__name__
    if tensor and gradient.layout != torch.strided:
        came += f" in the layout {gradient.layout}"
    elif tensor and gradient.device != theta.device:
        came += f" on {gradient.device}"
    kind = ShapeError if tensor and gradient.shape != theta.shape else InputError
    return kind(
        f"the gradient must be {theta.dtype} {tuple(theta.shape)} like theta, got {came} ({owner})",
        code="gradient.fit",
    )


def unstarted(state: Any, owner: str) -> InputError:
    """The error about something in the place of a state."""
    return InputError(
        f"the state must be what {owner}.start(theta) returns, got {type(state).__name__}", code="state.type"
    )


def changed_gradient(owner: str, name: str) -> InputError:
    """The error about a gradient that is changed before a rule that looks at the value, too.

    Args:
        owner: the class of the rule, for the message.
        name: of the rule.
    """
    return InputError(
        f"{owner} must see the whole objective: put weight decay, clipping or the sign into it",
        code=f"{name}.objective",
    )


def fitting(gradient: Any, theta: Theta, owner: str) -> Gradient:
    """The gradient without its graph, refused where it is none of this theta.

    Raises:
        ShapeError: gradient and theta differ in shape.
        InputError: they differ in dtype, or it is no tensor.
    """
    if not isinstance(gradient, Tensor) or gradient.layout != torch.strided:
        raise misfit(gradient, theta, owner)
    if (gradient.shape, gradient.dtype, gradient.device) != (theta.shape, theta.dtype, theta.device):
        raise misfit(gradient, theta, owner)
    return gradient.detach()


def storage_of(x: Tensor) -> int:
    """Where the memory behind a tensor begins, whatever part of it the tensor is."""
    return x.untyped_storage().data_ptr()


def clipped(g: Gradient, value: float | None, norm: float | None) -> Gradient:
    """The gradient with no coordinate above ``value``, then no run's length above ``norm``.

    Numerics: lengths are measured in units of the largest coordinate, so none overflows; of infinite
    coordinates only their signs are left. A gradient that is short enough stays as it is, to the bit.
    """
    if value is not None:
        g = g.clamp(-value, value)
    if norm is None or not g.numel():
        return g
    largest = torch.linalg.vector_norm(g, ord=torch.inf, dim=-1, keepdim=True)
    endless = largest.isinf()
    unit = torch.where(endless, 1.0, largest.clamp(min=torch.finfo(g.dtype).tiny))
    h = torch.where(endless, torch.where(g.isinf(), g.sign(), 0.0), g / unit)
    length = torch.linalg.vector_norm(h, dim=-1, keepdim=True)
    return torch.where(largest * length <= norm, g, h * (norm / length))
