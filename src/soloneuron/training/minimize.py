"""Any optimizer on any function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from soloneuron.errors import InputError
from soloneuron.objective import Objective, name_of
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.path import PathRecord
from soloneuron.shapes import Theta
from soloneuron.training.checkpoints import check_place, with_checkpoint
from soloneuron.training.counts import as_count
from soloneuron.training.objectives import as_objective, as_start
from soloneuron.training.plan import Plan, State
from soloneuron.training.rates import as_rate
from soloneuron.training.run_axes import common_runs
from soloneuron.training.session import Training


def minimized(
    function: Any,
    start: Any = None,
    optimizer: Any = "gradient_descent",
    steps: int = 100,
    *,
    learning_rate: Any = None,
    dtype: torch.dtype | None = None,
    checkpoint: str | Path | None = None,
    checkpoint_every: int | None = None,
) -> PathRecord:
    """The path of an optimizer down a function, as ``soloneuron.minimize`` describes it."""
    check_place(checkpoint, checkpoint_every)
    wanted = as_objective(function)
    theta = as_start(start, wanted, dtype)
    steps = as_count(steps, "steps", least=0)
    rate = as_rate(learning_rate, theta.dtype, theta.shape[-1], optimizer=optimizer, steps=steps)
    if isinstance(rate, str):
        raise InputError("learning_rate 'auto' needs data: give a number", code="learning_rate.auto")
    rule = as_optimizer(optimizer, learning_rate=rate)
    training = training_on(wanted, theta, rule, steps)
    if checkpoint is not None:
        with_checkpoint(training, checkpoint, every=checkpoint_every)
    return path_record_of(training)


def training_on(objective: Objective, theta: Theta, rule: Optimizer, steps: int) -> Training:
    """A training of an objective without rows, from theta (runs..., k): an epoch is an update."""
    runs = common_runs(theta, rule, ())
    plan = Plan(objective=objective, data=None, optimizer=rule, runs=runs)
    return Training(plan, State(0, theta.expand(*runs, -1).clone()), epochs=steps)


def path_record_of(training: Training) -> PathRecord:
    """The path of a training without rows, which is pulled to its end."""
    _, points, evaluations, _ = training.run().recorded
    values = training.values()
    if points.dim() == 2:
        # The loop sees the value before an update; the last point's own may be the first that is not finite.
        kept = max(1, int(values.isfinite().long().cumprod(0).sum()))
        points, values, evaluations = points[:kept], values[:kept], evaluations[:kept]
    name, rule = name_of(training.plan.objective), repr(training.plan.optimizer)
    return PathRecord(name, rule, points, values, evaluations, len(points) <= training.epochs)
