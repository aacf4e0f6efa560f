"""The learning rate, and the rule that takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import torch
from torch import Tensor

from soloneuron.data.arrays import as_number
from soloneuron.data.conversion import as_tensor
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.catalogue import SCHEDULE_CLASSES, SCHEDULES
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.settings import scheduled
from soloneuron.optimizers.written_schedules import schedule_of
from soloneuron.records.spellings import AUTO

Rate = float | Tensor | Callable[[int], Any] | Literal["auto"]


def as_rate(
    value: Any, dtype: torch.dtype, columns: int, *, optimizer: Any, steps: int | None
) -> Rate | None:
    """One number, one a run as (runs..., 1), one a coordinate as (..., columns), a schedule or "auto".

    Args:
        value: whatever came; of a schedule also its text, such as ``warm_up(10) >> cosine(90)``.
        dtype: of theta.
        columns: coordinates of theta.
        optimizer: whose own rate a text takes that says none.
        steps: how many steps such a text has, None where nobody knows.
    """
    if value is None or callable(value) or (isinstance(value, str) and value == AUTO):
        return cast("Rate | None", value)
    if isinstance(value, str) and not _is_number(value):
        return _named_schedule(value, optimizer, steps)
    if getattr(value, "ndim", 0) == 0 and not isinstance(value, list | tuple):
        rate = as_number(value, name="learning_rate", wanted="a number or 'auto'", must="be finite and > 0")
        if rate <= 0:
            raise InputError(
                f"learning_rate must be finite and > 0, got {rate:g}", code="learning_rate.range"
            )
        return rate
    rates = as_tensor(value, dtype, "learning_rate")
    if rates.numel() and rates.shape[-1] in {1, columns} and ((rates > 0) & rates.isfinite()).all():
        return rates
    came = f" with values from {rates.min():g} to {rates.max():g}" if rates.numel() else ""
    raise InputError(
        "learning_rate must be finite and > 0: one number, a tensor (R, 1) for R runs, or one number for "
        f"each of the {columns} coordinates of theta, got shape {tuple(rates.shape)}{came}",
        code="learning_rate.range",
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _named_schedule(text: str, optimizer: Any, steps: int | None) -> Rate:
    """The schedule of a text, with the method's own rate and all steps where it does not say them."""
    if text.isidentifier() and text not in (*SCHEDULES, *SCHEDULE_CLASSES):
        raise UnknownNameError("learning rate", text, [AUTO, *SCHEDULES])
    own = as_optimizer(optimizer).learning_rate
    return schedule_of(text, rate=own if isinstance(own, float) else 1.0, steps=steps)


def as_rule(optimizer: Any, rate: Rate | None) -> tuple[Optimizer, bool]:
    """The rule with its learning rate, and whether that is still to be worked out from the data.

    Without a number every method takes its own default; for "auto" plain descent takes a rate that is safe
    for the data.
    """
    number = None if isinstance(rate, str) else rate
    rule = as_optimizer(optimizer, learning_rate=number)
    descent = type(rule) is GradientDescent and "learning_rate" not in rule.given
    return rule, descent and isinstance(rate, str)


def check_schedules(rule: Optimizer, theta: Tensor) -> None:
    """Ask a schedule for its first rate, so that one that gives none is refused before work begins."""
    rate = rule.learning_rate
    if callable(rate):
        scheduled(rate(1), 1, theta, type(rule).__name__)
