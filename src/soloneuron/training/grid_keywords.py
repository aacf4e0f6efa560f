"""The keywords of a sweep become a grid, or one clear sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from numbers import Real
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from soloneuron.data.seeding import fresh_seed
from soloneuron.errors import InputError, ShapeError
from soloneuron.training.counts import as_count
from soloneuron.training.grid import AXES, SweepGrid

NUMBERS = ("learning_rate", "l1", "l2")
"""Keywords that hold real numbers."""


def read_grid(settings: Mapping[str, Any]) -> SweepGrid:
    """The grid that keywords describe: those with a list of values are its axes.

    Args:
        settings: keywords of ``sweep`` in the order they were given.

    Returns:
        The SweepGrid; without any list it is a single run.

    Raises:
        InputError: a list without values, or numbers outside their range.

    Example:
        >>> grid = read_grid({"l2": [0.0, 0.1], "learning_rate": [0.1, "auto"], "epochs": 3})
        >>> grid.runs, [group.numbers.tolist() for group in grid.groups()]
        (4, [[0, 2], [1, 3]])
    """
    _refuse_double(settings)
    axes: dict[str, tuple[Any, ...]] = {}
    shared: dict[str, Any] = {}
    single: dict[str, Any] = {}
    inside = _mapping(settings.get("hyperparameters") or {})
    for name, value in settings.items():
        if name == "hyperparameters":
            for own, given in inside.items():
                several = _several(own, given)
                single.update({own: given} if several is None else {})
                axes.update({} if several is None else {own: several})
            continue
        several = _several(name, value) if name in AXES else None
        if several is None:
            shared[name] = _as_float(value) if name in ("l1", "l2") else value
        else:
            axes[name] = several
    if shared.get("shuffle") and shared.get("seed") is None and "seeds" not in axes:
        # One order for all runs, whoever trains beside whom.
        shared["seed"] = fresh_seed()
    grid = SweepGrid(axes, frozenset(inside) - frozenset(single), shared, single)
    _check(grid)
    return grid


def _several(name: str, value: Any) -> tuple[Any, ...] | None:
    """The values of a list; None for a single value."""
    if isinstance(value, np.ndarray | Tensor):
        array = torch.as_tensor(value)
        if name == "initial":
            several = tuple(array) if array.dim() > 1 else None
        else:
            several = tuple(array.flatten().tolist()) if array.dim() else None
    elif name == "initial":
        nested = isinstance(value, list | tuple) and value and not isinstance(value[0], int | float)
        several = tuple(value) if nested else None
    else:
        several = tuple(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else None
    if name == "seeds" and several is None:
        raise InputError(
            f"seeds must be a list of whole numbers, such as range(5), got {value!r}", code="seeds.type"
        )
    if several == ():
        raise InputError(f"{name} must have one value at least, got an empty list", code=f"{name}.empty")
    return several if several is None or name not in NUMBERS else tuple(map(_as_float, several))


def _as_float(value: Any) -> Any:
    """A number of any kind as a float, so that a run has the recipe it would have alone; else as it came."""
    if type(value) is float:
        return value
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else value


def _mapping(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise InputError(
            f"hyperparameters must be a mapping such as {{'beta1': [0.8, 0.9]}}, got {given!r}",
            code="hyperparameters.type",
        )
    if "learning_rate" in given:
        raise InputError(
            "learning_rate is a keyword of its own: take it out of hyperparameters",
            code="hyperparameters.learning_rate",
        )
    return cast("Mapping[str, Any]", given)


def _refuse_double(settings: Mapping[str, Any]) -> None:
    for one, other in (("seed", "seeds"), ("penalty", "l1"), ("penalty", "l2")):
        if settings.get(one) is not None and other in settings:
            raise InputError(f"{one} and {other} must not be given both", code=f"sweep.{other}")


def _check(grid: SweepGrid) -> None:
    """Refuse numbers that the runs would refuse, before any of them begins."""
    for name in ("l1", "l2"):
        for value in grid.axes.get(name, (grid.shared.get(name, 0.0),)):
            if not (isinstance(value, float) and 0 <= value < math.inf):
                raise InputError(f"{name} must be finite and >= 0, got {value!r}", code=f"{name}.range")
    for value in grid.axes.get("learning_rate", ()):
        number = isinstance(value, float) and 0 < value < math.inf
        if not (number or value == "auto" or value is None or callable(value)):
            raise InputError(
                f"learning_rate must be finite and > 0, 'auto' or a schedule, got {value!r}",
                code="learning_rate.range",
            )
    for seed in grid.axes.get("seeds", ()):
        as_count(seed, "seed", least=0)
    lengths = {len(torch.as_tensor(start)) for start in grid.axes.get("initial", ())}
    if len(lengths) > 1:
        raise ShapeError(
            f"initial must be starts of one length, got {sorted(lengths)} numbers", code="initial.shape"
        )
    for rule, (name, values) in product(grid.rules(), grid.axes.items()):
        for value in values if name in grid.hyperparameters else ():
            rule.replace(**{name: value})
