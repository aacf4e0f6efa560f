"""From what people ask ``compare`` for to a judged comparison: checked whole before anything runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from numbers import Real
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.objective import Objective, name_of
from soloneuron.optimizers.base import Optimizer
from soloneuron.records.dataset import Dataset
from soloneuron.records.judged import JudgedComparison
from soloneuron.shapes import Theta
from soloneuron.training.checkpoint_identity import digests_of_rows
from soloneuron.training.checkpoints import check_place
from soloneuron.training.cost_table import RATES
from soloneuron.training.counts import as_count
from soloneuron.training.kept_tasks import tasks_kept
from soloneuron.training.objectives import as_objective, as_start, check_starts
from soloneuron.training.prepare import prepare
from soloneuron.training.protocol.candidates import (
    RANDOM_TRIALS,
    Candidates,
    CandidatesOrFault,
    checked_tune,
    rate_grid,
)
from soloneuron.training.protocol.judging import judged_methods
from soloneuron.training.protocol.methods import (
    as_methods,
    candidates_or_fault,
    names_of_methods,
    warn_of_own_rules,
)
from soloneuron.training.protocol.pairs import pairs_needed
from soloneuron.training.protocol.starts import (
    JITTER,
    found_lowest,
    jittered_starts,
    targets_between,
    value_at_start,
)
from soloneuron.training.protocol.trainings import ComparedTask, FunctionTask, RowsTask, TrainedCosts
from soloneuron.training.protocol.verdicts import verdict_of
from soloneuron.training.sharding.descriptions import description

BUDGET = 1000
"""Gradient evaluations of a run, where nobody says how many."""

MOST_SEEDS = 10_000
"""More than anybody needs, and what a number that was meant otherwise would take long to count."""

DECIDED = ("optimizer", "learning_rate", "epochs", "initial", "shuffle", "seed", "record_every")
"""Settings of a training that the protocol decides."""

SEEDS = 20
"""Of them half tune, half judge; so many methods that these cannot tell them apart get more."""


@dataclass(frozen=True)
class Protocol:
    """What is the same for all that take part; each as in ``soloneuron.compare``."""

    budget: int | None = None
    seeds: int | Sequence[int] | None = None
    start: Any = None
    rates: Sequence[float] = RATES
    target: float | None = None
    share: float = 1e-4
    tune: Mapping[str, Any] | None = None
    trials: int = RANDOM_TRIALS
    jitter: float = JITTER
    checkpoint: str | Path | None = None

    def __post_init__(self) -> None:
        if self.budget is not None:
            as_count(self.budget, "budget", least=1)
        as_count(self.trials, "trials", least=1)
        check_place(self.checkpoint, None)
        rate_grid(self.rates)
        if not _is_number(self.share) or not 0 < self.share < 1:
            raise InputError(f"share must lie between 0 and 1, got {self.share!r}", code="share.range")
        if not _is_number(self.jitter) or not 0 < self.jitter < math.inf:
            raise InputError(f"jitter must be finite and > 0, got {self.jitter!r}", code="jitter.range")
        if self.target is not None and not (_is_number(self.target) and math.isfinite(self.target)):
            raise InputError(f"target must be a finite number, got {self.target!r}", code="target.range")


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def judged_comparison(
    task: Any, optimizers: Sequence[Any], protocol: Protocol, settings: Mapping[str, Any]
) -> JudgedComparison:
    """Every optimizer on one task, judged, as ``soloneuron.compare`` describes it."""
    optimizers = [optimizers] if isinstance(optimizers, str) else list(optimizers)
    rules = as_methods(optimizers)
    names = names_of_methods(optimizers, rules)
    warn_of_own_rules(rules)
    seeds = _seeds(protocol.seeds, len(rules))
    tune = None if protocol.tune is None else checked_tune(protocol.tune, rules)
    candidates = [candidates_or_fault(rule, protocol.rates, tune, protocol.trials) for rule in rules]
    if isinstance(task, Dataset):
        common, budget = _on_rows(task, protocol, seeds, settings)
    else:
        common, budget = _on_function(task, protocol, seeds, settings)
    seeds = tuple(sorted(common.starts)) or seeds
    begin = value_at_start(common.objective, common.batch, common.start)
    lowest = found_lowest(common, begin) if protocol.target is None else float(protocol.target)
    targets = targets_between(begin, lowest, protocol.share, protocol.target)
    costs = TrainedCosts(common, rules, budget, targets)
    with tasks_kept(protocol.checkpoint, partial(_facts, common, rules, candidates, seeds, costs, settings)):
        methods = judged_methods(names, candidates, seeds, budget, costs)
    return verdict_of(
        name_of(common.objective),
        methods,
        budget=budget,
        seeds=seeds,
        start=begin,
        lowest=lowest,
        targets=targets.tolist(),
    )


def _facts(
    common: ComparedTask,
    rules: Sequence[Optimizer],
    candidates: Sequence[CandidatesOrFault],
    seeds: Sequence[int],
    costs: TrainedCosts,
    settings: Mapping[str, Any],
) -> dict[str, str]:
    """What makes a comparison this one, in words."""
    rows = {} if common.batch is None else digests_of_rows(common.batch)
    asked = common.objective.value_and_gradient(common.start, common.batch)
    return {
        "the task": description((name_of(common.objective), *asked)),
        **rows,
        **{f"the setting {name}": description(value) for name, value in settings.items()},
        "the list of optimizers": description([(type(rule), rule.settings) for rule in rules]),
        "the grid": description(
            [one.settings if isinstance(one, Candidates) else repr(one) for one in candidates]
        ),
        "the list of seeds": description(list(seeds)),
        "the start": description([common.start, *common.starts.values()]),
        "the budget": str(costs.budget),
        "the target": description(costs.targets),
    }


def _seeds(seeds: int | Sequence[int] | None, methods: int) -> tuple[int, ...]:
    if seeds is None:
        return tuple(range(max(SEEDS, 2 * pairs_needed(methods))))
    if isinstance(seeds, Sequence) and not isinstance(seeds, str | bytes):
        found = tuple(sorted({as_count(seed, "seeds", least=0) for seed in seeds}))
        if not found:
            raise InputError("seeds must be one at least, got none", code="seeds.empty")
        return found
    count = as_count(seeds, "seeds", least=1)
    if count > MOST_SEEDS:
        raise InputError(f"seeds must be <= {MOST_SEEDS}, got {count}", code="seeds.many")
    return tuple(range(count))


def _on_function(
    task: Any, protocol: Protocol, seeds: Sequence[int], settings: Mapping[str, Any]
) -> tuple[ComparedTask, int]:
    """A function, from one start a seed."""
    if settings:
        raise InputError(
            f"{sorted(settings)[0]} is a setting of training on a Dataset, not of a function",
            code="settings.function",
        )
    objective = as_objective(task)
    points = as_start(protocol.start, objective, torch.float64)
    start, starts = _starts(objective, None, points, seeds, protocol)
    budget = BUDGET if protocol.budget is None else as_count(protocol.budget, "budget", least=1)
    return FunctionTask(objective, start, starts, budget), budget


def _on_rows(
    data: Dataset, protocol: Protocol, seeds: Sequence[int], settings: Mapping[str, Any]
) -> tuple[ComparedTask, int]:
    """Rows: in batches a seed is an order of them, else a start."""
    decided = [name for name in DECIDED if name in settings]
    if decided:
        raise InputError(f"{decided[0]} is decided by the protocol: leave it out", code="compare.decided")
    first = prepare(data, initial=protocol.start, **{**settings, "epochs": 0})
    plan = first.plan
    # A graph keeps the theta it was asked at last: taken anew, the start would be another's end.
    points = first.state.theta.clone()
    wanted = BUDGET if protocol.budget is None else as_count(protocol.budget, "budget", least=1)
    epochs = -(-wanted // plan.updates)
    start, starts = (
        _starts(plan.objective, plan.data, points, seeds, protocol)
        if plan.updates == 1
        else (_one_start(points), {})
    )
    return RowsTask(plan.objective, start, starts, plan.data, data, epochs, settings), epochs * plan.updates


def _starts(
    objective: Objective, batch: Any, points: Tensor, seeds: Sequence[int], protocol: Protocol
) -> tuple[Theta, Mapping[int, Theta]]:
    """The usual start, and one a seed: near it, or those that were given."""
    if points.dim() == 1:
        return points, jittered_starts(objective, batch, points, seeds, protocol.jitter)
    check_starts(points)
    # Their order says nothing, nor does a start that is given twice.
    points = torch.unique(points, dim=0)
    values = torch.stack([torch.as_tensor(objective.value(point, batch)) for point in points])
    middle = int(values.argsort()[len(values) // 2])
    return points[middle], dict(enumerate(points))


def _one_start(points: Tensor) -> Theta:
    if points.dim() != 1:
        raise InputError(
            "start must be one point (k,) where seeds are orders of the rows, "
            f"got shape {tuple(points.shape)}",
            code="start.shape",
        )
    return points
