"""What each row counts: by itself, by its class, and on average."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from soloneuron.data.arrays import as_number, as_row_weights
from soloneuron.data.complaints import short
from soloneuron.errors import InputError

ROWS_AT_ONCE = 1 << 16
"""Rows whose weights are worked out together where nothing may be made that is as long as all of them."""


def row_weights(y: Tensor, sample_weight: Any, class_weight: Any) -> Tensor | None:
    """What each row counts by itself and by its class, (n,) or (runs..., n); None where all count alike."""
    weights = None
    if sample_weight is not None:
        weights = as_row_weights(sample_weight, y.dtype, rows=len(y), device=y.device)
    if class_weight is None:
        return weights
    zero: float | Tensor
    one: float | Tensor
    if isinstance(class_weight, str) and class_weight == "balanced":
        zero, one = _balancing(y, weights)
    elif isinstance(class_weight, Mapping) and set(class_weight) <= {0, 1}:
        zero, one = (as_number(class_weight.get(label, 1.0), name="class_weight") for label in (0, 1))
    else:
        raise InputError(
            f"class_weight must be None, 'balanced' or {{0: number, 1: number}}, got {short(class_weight)}",
            code="class_weight.type",
        )
    by_class = as_row_weights(one * y + zero * (1 - y), y.dtype, rows=len(y), name="class_weight")
    if weights is None:
        return by_class
    both = weights * by_class
    if not both.isfinite().all():
        raise InputError(
            "sample_weight times class_weight must be finite, got more than there is room for: scale them",
            code="sample_weight.large",
        )
    return as_row_weights(both, y.dtype, rows=len(y))


def weights_of_tiles(
    y: Tensor, sample_weight: Any, class_weight: Any, memory: Callable[[], Tensor]
) -> Tensor | None:
    """``row_weights`` of rows on disk, a part at a time, in memory (n,) that is made for them.

    Run axes of sample weights stay in memory, as they came.
    """
    if class_weight is None or sample_weight is not None:
        return row_weights(y, sample_weight, class_weight)
    ones = float(sum(part.sum(dtype=torch.float64) for part in y.split(ROWS_AT_ONCE)))
    # As many rows of either class as there are, or one, weigh as all of them do.
    both = torch.tensor([0.0] * (ones < len(y)) + [1.0] * (ones > 0), dtype=y.dtype)
    if not isinstance(class_weight, str):
        row_weights(both, None, class_weight)
    elif class_weight == "balanced":
        # A class without rows is not divided by.
        counts = {0: len(y) - ones, 1: ones}
        class_weight = {label: len(y) / (2 * count) if count else 0.0 for label, count in counts.items()}
    else:
        row_weights(both, None, class_weight)
    zero, one = (as_number(class_weight.get(label, 1.0), name="class_weight") for label in (0, 1))
    place = memory()
    for part, own in zip(y.split(ROWS_AT_ONCE), place.split(ROWS_AT_ONCE), strict=True):
        own.copy_(one * part + zero * (1 - part))
    return place


def _balancing(y: Tensor, weights: Tensor | None) -> tuple[Tensor, Tensor]:
    """What a row of class 0 and one of class 1 count so that both classes weigh the same, (..., 1) each.

    The classes weigh what their rows do, so that a row of weight 2 is the row twice.
    """
    s = torch.ones_like(y) if weights is None else weights
    total, ones = s.sum(-1, keepdim=True), (s * y).sum(-1, keepdim=True)
    # A class without rows is not divided by.
    zero, one = (torch.where(part > 0, total / (2 * part), 0.0) for part in (total - ones, ones))
    return zero, one


def mean_weight(weights: Tensor | None, reduction: str) -> float | Tensor:
    """What a row counts on average; (runs..., 1) where runs weigh the rows differently."""
    if weights is None:
        return 1.0
    if weights.dim() == 1:
        return float(weights.mean())
    if reduction == "sum":
        raise InputError(
            "reduction must be 'mean' where sample_weight has run axes, got 'sum': multiply the learning "
            "rate of each run by the sum of its weights instead",
            code="reduction.runs",
        )
    return weights.mean(-1, keepdim=True)
