"""``minimize``: any optimizer on any function."""

from __future__ import annotations

from typing import Any

import torch

from soloneuron.errors import suggesting
from soloneuron.records.path import Path
from soloneuron.training.minimize import minimized


@suggesting
def minimize(
    function: Any,
    start: Any = None,
    optimizer: Any = "gradient_descent",
    steps: int = 100,
    *,
    learning_rate: Any = None,
    dtype: torch.dtype | None = None,
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
        dtype: torch.float32 or torch.float64; None takes float32 where the start came in it, and float64 for
            everything else.

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
    return minimized(function, start, optimizer, steps, learning_rate=learning_rate, dtype=dtype)
