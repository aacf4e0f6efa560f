"""Many runs in one training: what belongs to some of them, or to one.

Theta, learning rates and other hyperparameters, strengths of penalties, row weights and orders of rows may
have run axes in front of their last one. They broadcast against each other, as tensors do; ``Plan.runs`` are
the axes of them all, and runs are counted in the order of these axes, flattened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from math import prod
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.errors import ShapeError
from soloneuron.formulas.penalties import Penalty
from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import Optimizer
from soloneuron.training.plan import Plan


def broadcast_runs(**axes: tuple[int, ...]) -> tuple[int, ...]:
    """The run axes that several things have together.

    Args:
        axes: the run axes of each, by the name that people know it by.

    Raises:
        ShapeError: they do not agree in the number of runs.

    Example:
        >>> broadcast_runs(learning_rate=(3, 1), seed=(2,))
        (3, 2)
    """
    # A single run is the common case, and torch takes its time to find that out.
    if not any(axes.values()):
        return ()
    try:
        # torch's own would import sympy: 500 modules and 30 MB.
        return np.broadcast_shapes(*axes.values())
    except ValueError:
        listed = ", ".join(f"{name} {tuple(shape)}" for name, shape in axes.items() if shape)
        raise ShapeError(
            f"what has run axes must agree in the number of runs, got {listed}", code="runs.shape"
        ) from None


def common_runs(
    theta: Tensor,
    rule: Optimizer,
    seeds: tuple[int, ...],
    *,
    penalty: Penalty | None = None,
    sample_weight: Any = None,
) -> tuple[int, ...]:
    """The run axes that starts, numbers of rule and penalty, row weights and seeds have together.

    Args:
        theta: the start, (runs..., k).
        rule: its tensors are (runs..., 1) or (runs..., k).
        seeds: more than one are the last run axis.
        penalty: its tensors are (runs..., 1).
        sample_weight: as it was given, (runs..., n) or not checked yet.

    Returns:
        The axes; () for a single run.

    Raises:
        ShapeError: they do not agree.
    """
    own = {
        name: tuple(value.shape[:-1])
        for name, value in rule.settings.items()
        if isinstance(value, Tensor) and value.dim()
    }
    return broadcast_runs(
        initial=tuple(theta.shape[:-1]),
        **own,
        penalty=() if penalty is None else tuple(penalty.runs),
        sample_weight=axes_of_rows(sample_weight),
        seed=(len(seeds),) if len(seeds) > 1 else (),
    )


def axes_of_rows(values: Any) -> tuple[int, ...]:
    """The axes in front of the rows, of numbers in any form; () also where they are no table."""
    shape = getattr(values, "shape", None)
    if shape is not None:
        return tuple(int(size) for size in shape[:-1])
    nested = isinstance(values, list | tuple) and values and isinstance(values[0], list | tuple | Tensor)
    return (len(values), *axes_of_rows(values[0])) if nested else ()


def takes_run_axes(rule: Optimizer) -> bool:
    """Whether runs of a rule can share a tensor; a line search goes its own way in each, run by run."""
    return rule.needs != "objective"


def of_runs(value: Tensor, runs: tuple[int, ...], part: slice) -> Tensor:
    """The rows of some runs, (their number, m), of what broadcasts to (runs..., m).

    Args:
        value: (..., m), its leading axes broadcasting to ``runs``.
        runs: the run axes.
        part: which of the flattened runs.

    Example:
        >>> of_runs(torch.tensor([[[1.0]], [[2.0]]]), (2, 3), slice(2, 5)).flatten().tolist()
        [1.0, 2.0, 2.0]
    """
    lead = value.shape[:-1]
    places = torch.arange(prod(lead), device=value.device).view(lead).expand(runs).reshape(-1)[part]
    return value.reshape(-1, value.shape[-1])[places]


def own_number(value: Tensor, runs: tuple[int, ...], run: int) -> Tensor:
    """What one run has of a setting: (m,), from what broadcasts to (runs..., m)."""
    return of_runs(value, runs, slice(run, run + 1))[0] if value.dim() > 1 else value.reshape(-1)


def part_of_runs(plan: Plan, part: slice) -> Plan:
    """The plan of some of its runs, as one flat run axis; they do what they do among the others.

    Args:
        plan: a job of many runs.
        part: which of the flattened runs; one at least.

    Example:
        >>> from soloneuron.training.prepare import prepare
        >>> rows = ([[0.0], [1.0]], [0, 1])
        >>> plan = prepare(rows, learning_rate=torch.tensor([[0.25], [0.5], [1.0]])).plan
        >>> part_of_runs(plan, slice(1, 3)).learning_rate.flatten().tolist()
        [0.5, 1.0]
    """
    runs = plan.runs
    data, seeds = plan.data, plan.seeds
    if data is not None and data.weights is not None and data.weights.dim() > 1:
        data = data._replace(weights=of_runs(data.weights, runs, part))
    if len(seeds) > 1:
        order = torch.arange(len(seeds))[:, None]
        seeds = tuple(seeds[k] for k in of_runs(order, runs, part)[:, 0].tolist())
    changed = _numbers_of_runs(plan.optimizer.settings, runs, part)
    return replace(
        plan,
        objective=objective_of_runs(plan.objective, runs, part),
        data=data,
        optimizer=plan.optimizer.replace(**changed) if changed else plan.optimizer,
        seeds=seeds,
        runs=(len(range(prod(runs))[part]),),
        _orders={},
    )


def with_one_axis(plan: Plan) -> Plan:
    """The plan with its run axes as one: what broadcasts against several stands for every run."""
    return part_of_runs(plan, slice(0, prod(plan.runs))) if len(plan.runs) > 1 else plan


def objective_of_runs(objective: Any, runs: tuple[int, ...], part: slice) -> Any:
    """The objective of some runs: a neuron whose penalty has the numbers of these, else the objective."""
    penalty = objective.penalty if isinstance(objective, Neuron) else None
    if penalty is None or not is_dataclass(penalty):
        return objective
    numbers = {field.name: getattr(penalty, field.name) for field in fields(penalty)}
    changed = _numbers_of_runs(numbers, runs, part)
    return replace(objective, penalty=replace(penalty, **changed)) if changed else objective


def _numbers_of_runs(settings: Mapping[str, Any], runs: tuple[int, ...], part: slice) -> dict[str, Any]:
    """Those settings that have run axes, for some of the runs."""
    return {
        name: of_runs(value, runs, part)
        for name, value in settings.items()
        if isinstance(value, Tensor) and value.dim() > 1
    }
