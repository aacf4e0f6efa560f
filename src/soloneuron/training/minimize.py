"""Any optimizer on any function."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.path import Path
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.door import as_count, as_rate, common_runs
from soloneuron.training.functions import Function, as_function, as_start


def minimize(
    function: Any,
    start: Any = None,
    optimizer: Any = "gradient_descent",
    steps: int = 100,
    *,
    learning_rate: Any = None,
    dtype: torch.dtype = torch.float64,
) -> Path:
    """Go downhill on a function and return the whole path.

    Args:
        function: the name of a surface (``bowl``, ``rosenbrock`` ...), a Surface, a plain Python function of
            Elements, a pair (value, gradient) of functions of a tensor (..., k), or an objective with
            ``value_and_gradient(theta)``.
        start: k numbers, or (R, k) for R runs; None takes the usual start of a surface.
        optimizer: a name of the catalogue or an Optimizer.
        steps: updates, >= 0.
        learning_rate: finite and > 0, a schedule t -> rate, (R, 1) for R runs at once; None takes the
            optimizer's own.
        dtype: torch.float64 or torch.float32.

    Returns:
        A Path. A single run ends at its last finite point.

    Raises:
        InputError: what came in does not hold what it must.
        UnknownNameError: no such surface or optimizer.

    Example:
        >>> path = minimize(lambda x, y: (x - 3) ** 2 + y**2, [0, 1], "momentum", 300, learning_rate=0.1)
        >>> [round(number, 4) for number in path.point.tolist()]
        [3.0, 0.0]
    """
    wanted = as_function(function)
    theta = as_start(start, wanted, dtype)
    rate = as_rate(learning_rate, dtype, theta.shape[-1])
    if isinstance(rate, str):
        raise InputError("learning_rate 'auto' needs data: give a number", code="learning_rate.auto")
    rule = as_optimizer(optimizer, learning_rate=rate)
    theta = theta.expand(*common_runs(theta, rule, ()), -1).clone()
    return descend(wanted, theta, rule, as_count(steps, "steps", least=0))


def descend(function: Function, theta: Theta, rule: Optimizer, steps: int) -> Path:
    """The loop of ``minimize``, for what has passed its door; theta is changed in place."""
    asked = 0

    def objective(point: Theta) -> tuple[Values, Gradient]:
        nonlocal asked
        asked += 1
        return function.value_and_gradient(point)

    memory, single = rule.start(theta), theta.dim() == 1
    points, values, evaluations = [theta.clone()], [function.value(theta)], [0]
    for _ in range(steps):
        rule.update(theta, objective, memory)
        value = function.value(theta)
        if single and not (value.isfinite() and theta.isfinite().all()):
            break
        points.append(theta.clone())
        values.append(value)
        evaluations.append(asked)
    early = len(points) <= steps
    return Path(function.name, repr(rule), torch.stack(points), _stacked(values), tuple(evaluations), early)


def _stacked(values: list[Tensor]) -> Tensor:
    return torch.stack([torch.as_tensor(value) for value in values]).detach()
