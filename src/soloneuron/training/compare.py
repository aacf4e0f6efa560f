"""A fair comparison: same start, same batches, one printed grid of rates for everybody."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.comparison import Comparison
from soloneuron.records.dataset import Dataset
from soloneuron.training.api import prepare
from soloneuron.training.door import as_count
from soloneuron.training.functions import Function, as_function, as_start
from soloneuron.training.minimize import descend
from soloneuron.training.ranking import Course, rank

RATES = tuple(10 ** (k / 8) for k in range(-31, 9, 2))
"""The grid: four rates a decade, from 0.00013 to 7.5.

1 is not among them: from a start like (-1, 1) a method that moves by rate * sign g would be home in one step.
"""


def compare(
    task: Any,
    optimizers: Sequence[Any],
    *,
    start: Any = None,
    steps: int = 300,
    rates: Sequence[float] = RATES,
    seeds: Sequence[int] = (0,),
    target: float | None = None,
    share: float = 1e-4,
    **settings: Any,
) -> Comparison:
    """Run every optimizer at every rate of one grid, each grid as one batched tensor, and judge.

    A method is judged at its own best rate, and by how many rates work at all. Cost is counted in gradient
    evaluations (updates; a line search pays for each of its evaluations), not in epochs or seconds. On a
    Dataset the loss is looked at after every epoch, so in batches the cost is rounded up to whole epochs.

    Args:
        task: a Dataset, on which one neuron is trained; or what ``minimize`` takes for a function.
        optimizers: names of the catalogue, Optimizers without a rate of their own, also your own.
        start: theta or the point to start from; zeros, or the usual start of a surface, for None. For a
            function also (S, k), as many starts, over which a method is judged as over seeds.
        steps: updates of every run, >= 1; epochs for a Dataset.
        rates: the grid, finite numbers > 0.
        seeds: for a Dataset with batches: one training of the whole grid for each order of rows.
        target: the value that counts as reached; None is the lowest value plus ``share`` of the way down from
            the first start.
        share: see target; in (0, 1).
        settings: for a Dataset, those of ``prepare``: loss, penalty, batch_size and so on.

    Returns:
        A Comparison. Its winner is None when the fastest two are within a factor 1.3 of each other, or their
        bands over seeds or starts overlap, or nobody reaches the target.

    Raises:
        InputError: an optimizer that has a rate of its own, or anything that the parts refuse.

    Example:
        >>> found = compare("ravine", ["gradient_descent", "momentum"], steps=400)
        >>> found.winner
        'momentum'
    """
    rules = [_without_rate(optimizer) for optimizer in optimizers]
    if not rules:
        raise InputError("optimizers must be one at least, got none", code="optimizers.empty")
    grid = _grid(rates)
    if not 0 < share < 1:
        raise InputError(f"share must lie between 0 and 1, got {share!r}", code="share.range")
    steps = as_count(steps, "steps", least=1)
    if isinstance(task, Dataset):
        orders = seeds if settings.get("batch_size") is not None else (None,)
        name, lowest = "neuron", None
        courses = [
            [_on_data(task, rule, grid, steps, start, seed, settings) for seed in orders] for rule in rules
        ]
    else:
        if settings:
            raise InputError(
                f"{sorted(settings)[0]} is a setting of training on a Dataset, not of a function",
                code="settings.function",
            )
        function, orders = as_function(task), (None,)
        name, lowest = function.name, function.lowest
        points = _starts(start, function)
        courses = [_on_function(function, rule, grid, steps, points) for rule in rules]
    names = _names(optimizers, rules)
    seen = tuple(seed for seed in orders if seed is not None)
    return rank(name, names, courses, rates=grid, seeds=seen, lowest=lowest, target=target, share=share)


def _without_rate(optimizer: Any) -> Optimizer:
    rule = as_optimizer(optimizer)
    if "learning_rate" in rule.given:
        raise InputError(
            f"an optimizer to be compared must leave its rate to the grid, got {rule!r}",
            code="compare.rate",
        )
    return rule


def _names(given: Sequence[Any], rules: Sequence[Optimizer]) -> list[str]:
    """The name as given, or the rule as it would be written."""
    return [one if isinstance(one, str) else repr(rule) for one, rule in zip(given, rules, strict=True)]


def _grid(rates: Sequence[float]) -> tuple[float, ...]:
    grid = tuple(float(rate) for rate in rates)
    if not grid or not all(0 < rate < math.inf for rate in grid):
        raise InputError(f"rates must be finite numbers > 0, got {list(rates)!r}", code="rates.range")
    return grid


def _column(rates: Sequence[float]) -> Tensor:
    return torch.tensor(rates, dtype=torch.float64)[:, None]


def _starts(start: Any, function: Function) -> Tensor:
    """One start or more, (S, k)."""
    points = as_start(start, function, torch.float64)
    if points.dim() > 2 or not len(points):
        raise InputError(
            f"start must be one point (k,) or several (S, k), got shape {tuple(points.shape)}",
            code="start.shape",
        )
    return points if points.dim() == 2 else points[None]


def _on_function(
    function: Function, rule: Optimizer, rates: Sequence[float], steps: int, points: Tensor
) -> list[Course]:
    """A course of the grid from every start, all at once; one by one for a method outside the run axis."""
    if rule.needs == "objective":
        return [_rate_by_rate(function, rule, rates, steps, point) for point in points]
    theta = points[:, None].repeat(1, len(rates), 1)
    path = descend(function, theta, rule.replace(learning_rate=_column(rates)), steps)
    cost = torch.tensor(path.evaluations)[:, None]
    return [Course(values, cost.expand_as(values)) for values in path.values.unbind(1)]


def _rate_by_rate(
    function: Function, rule: Optimizer, rates: Sequence[float], steps: int, point: Tensor
) -> Course:
    paths = [descend(function, point.clone(), rule.replace(learning_rate=rate), steps) for rate in rates]
    values = torch.full((steps + 1, len(rates)), math.nan, dtype=point.dtype)
    cost = torch.zeros(steps + 1, len(rates), dtype=torch.int64)
    for k, path in enumerate(paths):
        values[: len(path.values), k] = path.values
        cost[: len(path.values), k] = torch.tensor(path.evaluations)
    return Course(values, cost)


def _on_data(
    data: Dataset,
    rule: Optimizer,
    rates: Sequence[float],
    epochs: int,
    start: Any,
    seed: int | None,
    settings: Mapping[str, Any],
) -> Course:
    """The loss over all rows after every epoch."""
    shuffle = seed is not None
    if rule.needs == "objective":
        if shuffle:
            raise InputError(
                f"{rule.name} needs one function in all its steps: compare it without batch_size",
                code="compare.batches",
            )
        still = prepare(data, initial=start, epochs=0, **settings)
        neuron, rows = still.plan.neuron, still.plan.data
        function = Function(
            "neuron", lambda t: neuron.value(t, rows), lambda t: neuron.value_and_gradient(t, rows)
        )
        return _rate_by_rate(function, rule, rates, epochs, still.state.theta)
    training = prepare(
        data,
        initial=start,
        optimizer=rule.replace(learning_rate=_column(rates)),
        epochs=epochs,
        **{"shuffle": shuffle, "seed": seed, **settings},
    )
    plan = training.plan
    values = [plan.neuron.value(training.state.theta, plan.data)]
    values += [plan.neuron.value(step.state.theta, plan.data) for step in training.steps()]
    losses = torch.stack(values)
    updates = -(-plan.rows // plan.batch_size) * torch.arange(len(losses))
    return Course(losses, updates[:, None].expand_as(losses))
