"""Where a training begins: theta before the first update."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from soloneuron.data.complaints import shape_of
from soloneuron.data.conversion import as_tensor
from soloneuron.errors import InputError, ShapeError
from soloneuron.objective import Objective, start_of


def as_theta(initial: Any, dtype: torch.dtype, columns: int, *, device: torch.device | None = None) -> Tensor:
    """The start (runs..., columns); zeros for None."""
    if initial is None:
        return torch.zeros(columns, dtype=dtype, device=device)
    theta = as_tensor(initial, dtype, "initial", device=device)
    if theta.dim() == 0 or theta.shape[-1] != columns or (columns and not theta.numel()):
        raise ShapeError(
            f"initial must hold {columns} numbers a run (weights, then the bias if there is one), got "
            f"{shape_of(theta)}",
            code="initial.shape",
        )
    if not theta.isfinite().all():
        worst = float(theta[~theta.isfinite()][0])
        raise InputError(f"initial must be finite, got {worst:g}", code="initial.finite")
    return theta


def initial_theta(
    objective: Objective, initial: Any, dtype: torch.dtype, *, device: torch.device | None = None
) -> Tensor:
    """The start of an objective that is no neuron: as given, else where it says that a descent begins."""
    start = start_of(objective) if initial is None else initial
    if start is None:
        raise InputError("initial must be given for an objective without a start", code="initial.missing")
    theta = as_tensor(start, dtype, "initial", device=device)
    if initial is None and not theta.isfinite().all():
        raise InputError(
            "the objective stands at numbers that are not finite, as a graph does after a run overflowed: "
            f"give initial, {theta.shape[-1]} numbers",
            code="initial.finite",
        )
    return as_theta(theta, dtype, theta.shape[-1] if theta.dim() else 1, device=device)
