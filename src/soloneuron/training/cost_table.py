"""A table of costs: same start, same batches, one printed grid of rates, one budget of evaluations.

Experiments read it, each with a question of its own; who is faster is for ``protocol`` to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.objective import Objective, lowest_of, name_of
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.searching import Searching, direction_by_direction
from soloneuron.records.cost_table import CostTable
from soloneuron.records.dataset import Dataset
from soloneuron.training.counts import as_count
from soloneuron.training.minimize import training_on
from soloneuron.training.objectives import as_objective, as_start, check_starts
from soloneuron.training.parallel import map_tasks
from soloneuron.training.prepare import prepare
from soloneuron.training.ranking import Curve, rank
from soloneuron.training.session import Training

Trainings = Callable[[Optimizer], Training]
"""A rule with its rates, one or a column (G, 1) -> the training of one start or seed."""

RATES = tuple(10 ** (k / 8) for k in range(-31, 9, 2))
"""The grid: four rates a decade, from 0.00013 to 7.5.

1 is not among them: from a start like (-1, 1) a method that moves by rate * sign g would be home in one step.
"""

STEPS = 300
"""Evaluations on a function, or epochs on a Dataset, where nobody says how many."""


def tabulate_costs(
    task: Any,
    optimizers: Sequence[Any],
    *,
    start: Any = None,
    steps: int | None = None,
    epochs: int | None = None,
    rates: Sequence[float] = RATES,
    seeds: Sequence[int] = (0,),
    target: float | None = None,
    share: float = 1e-4,
    **settings: Any,
) -> CostTable:
    """What every optimizer costs at every rate of one grid, from every start or in every order of rows."""
    rules = [_without_rate(optimizer) for optimizer in optimizers]
    if not rules:
        raise InputError("optimizers must be one at least, got none", code="optimizers.empty")
    grid = _grid(rates)
    if not 0 < share < 1:
        raise InputError(f"share must lie between 0 and 1, got {share!r}", code="share.range")
    if steps is not None and epochs is not None:
        raise InputError("steps and epochs must not be given both", code="compare.length")
    if isinstance(task, Dataset):
        orders = tuple(seeds) if settings.get("batch_size") is not None else ()
        trainings = _on_data(task, rules, start, orders, steps=steps, epochs=epochs, settings=settings)
    else:
        orders, trainings = (), _on_function(task, start, steps=steps, epochs=epochs, settings=settings)
    one = trainings[0](rules[0].replace(learning_rate=grid[0]))
    objective = one.plan.objective
    curves = _curves(trainings, rules, grid)
    return rank(
        name_of(objective),
        _names(optimizers, rules),
        curves,
        rates=grid,
        seeds=orders,
        budget=_budget(one),
        lowest=lowest_of(objective),
        target=target,
        share=share,
    )


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


def _on_function(
    task: Any, start: Any, *, steps: int | None, epochs: int | None, settings: Mapping[str, Any]
) -> list[Trainings]:
    """A training of a rule from every start."""
    if settings or epochs is not None:
        name = "epochs" if epochs is not None else sorted(settings)[0]
        raise InputError(
            f"{name} is a setting of training on a Dataset, not of a function", code="settings.function"
        )
    objective = as_objective(task)
    length = as_count(STEPS if steps is None else steps, "steps", least=1)

    def training_from(point: Tensor) -> Trainings:
        return lambda rule: training_on(objective, point, rule, length)

    return [training_from(point) for point in _starts(start, objective)]


def _starts(start: Any, objective: Objective) -> Tensor:
    """One start or more, (S, k)."""
    points = as_start(start, objective, torch.float64)
    check_starts(points)
    return points if points.dim() == 2 else points[None]


def _on_data(
    data: Dataset,
    rules: Sequence[Optimizer],
    start: Any,
    seeds: Sequence[int],
    *,
    steps: int | None,
    epochs: int | None,
    settings: Mapping[str, Any],
) -> list[Trainings]:
    """A training of a rule in every order of the rows."""
    stubborn = [rule.name for rule in rules if rule.needs == "objective"]
    if stubborn and seeds:
        raise InputError(
            f"{stubborn[0]} needs one function in all its steps: compare it without batch_size",
            code="compare.batches",
        )
    first = prepare(data, initial=start, epochs=0, **settings)
    # A graph keeps the theta it was asked at last: taken anew, the start would be another's end.
    point = first.state.theta
    if steps is not None:
        length = -(-as_count(steps, "steps", least=1) // first.plan.updates)
    else:
        length = as_count(STEPS if epochs is None else epochs, "epochs", least=1)

    def training_in(seed: int | None) -> Trainings:
        order = {"shuffle": seed is not None, "seed": seed}
        return lambda rule: prepare(
            data, initial=point, optimizer=rule, epochs=length, **{**order, **settings}
        )

    return [training_in(seed) for seed in (seeds or (None,))]


def _budget(training: Training) -> int:
    """How many gradients a run may ask for: one an update, or in batches one for each of them."""
    return training.epochs * training.plan.updates


def _curves(
    trainings: Sequence[Trainings], rules: Sequence[Optimizer], rates: Sequence[float]
) -> list[list[Curve]]:
    """The values of every rule from every start or seed, (rules, starts)."""
    pairs = [(rule, training) for rule in rules for training in trainings]
    tasks = [(training, paced) for rule, training in pairs for paced in _paced(rule, rates)]
    found = iter(map_tasks(_asked, tasks))
    curves = [_curve([next(found) for _ in _paced(rule, rates)], len(rates)) for rule, _ in pairs]
    return [curves[k : k + len(trainings)] for k in range(0, len(curves), len(trainings))]


def _paced(rule: Optimizer, rates: Sequence[float]) -> list[Optimizer]:
    """A rule with the whole grid, or one rule a rate where a method knows no run axis."""
    if rule.needs != "objective":
        return [rule.replace(learning_rate=torch.tensor(rates, dtype=torch.float64)[:, None])]
    return [direction_by_direction(rule.replace(learning_rate=rate)) for rate in rates]


WatchedValues = tuple[Tensor, list[int]]
"""The values at every look, (T, runs...), and what had been asked until each."""


def _asked(task: tuple[Trainings, Optimizer]) -> WatchedValues:
    training, rule = task
    return _watched(training(rule))


def _curve(found: Sequence[WatchedValues], rates: int) -> Curve:
    """The values of the whole grid."""
    if len(found) < rates or found[0][0].dim() > 1:
        ((values, costs),) = found
        return Curve(values, torch.tensor(costs)[:, None].expand_as(values))
    length = max(len(costs) for _, costs in found)
    columns = [_held(values, costs, length) for values, costs in found]
    return Curve(*(torch.stack(part, -1) for part in zip(*columns, strict=True)))


def _watched(training: Training) -> WatchedValues:
    """What a run shows at every look that the budget pays for.

    A single run that overflowed ends with NaN.
    """
    budget, last = _budget(training), -1
    # Who asks once an update spends the budget to the last; who asks more often is watched.
    watched = training.plan.optimizer.needs == "objective"
    for step in training.steps() if watched else training.stretches():
        cost = _cost(training, step.state.evaluations, step.state.update)
        if cost >= budget or cost == last:
            break
        last = cost
    recorded, updates = training.recorded, training.plan.updates
    every = [
        _cost(training, asked, epoch * updates)
        for epoch, asked in zip(recorded.epochs, recorded.evaluations, strict=True)
    ]
    costs = [cost for cost in every if cost <= budget]
    values = training.values()[: len(costs)]
    if training.overflow:
        return torch.cat([values, values.new_full((1,), math.nan)]), [*costs, budget]
    return values, costs


def _cost(training: Training, asked: int, update: int) -> int:
    """The evaluations until an update.

    A gradient search begins one where its last ended, and asks there again what it has been told.
    """
    rule = training.plan.optimizer
    again = isinstance(rule, Searching) and rule.asks_again
    return asked - again * max(0, update - 1)


def _held(values: Tensor, costs: Sequence[int], length: int) -> tuple[Tensor, Tensor]:
    """The same up to a length: who rests, or has no budget for another update, stays where it is."""
    more = length - len(costs)
    longer = torch.cat([values, values[-1:].expand(more)])
    return longer, torch.tensor([*costs, *[costs[-1]] * more])
