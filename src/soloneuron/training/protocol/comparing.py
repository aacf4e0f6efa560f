"""From what people ask ``compare`` for to a judged comparison: checked whole before anything runs."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from numbers import Real
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError, InputWarning
from soloneuron.objective import Objective, name_of
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.examination import ACROSS, check_optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.dataset import Dataset
from soloneuron.records.judged import JudgedComparison
from soloneuron.shapes import Theta
from soloneuron.training.checkpoint_identity import digests_of_rows
from soloneuron.training.checkpoints import check_place
from soloneuron.training.compare import RATES
from soloneuron.training.counts import as_count
from soloneuron.training.kept_tasks import tasks_kept
from soloneuron.training.objectives import as_objective, as_start
from soloneuron.training.prepare import prepare
from soloneuron.training.protocol.candidates import (
    RANDOM_TRIALS,
    Candidates,
    checked_tune,
    drawn_settings,
    rate_grid,
)
from soloneuron.training.protocol.judging import judged_methods
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
from soloneuron.training.run_axes import takes_run_axes
from soloneuron.training.sharding.descriptions import description

BUDGET = 1000
"""Gradient evaluations of a run, where nobody says how many."""

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
    rules = as_methods(optimizers)
    names = names_of_methods(optimizers, rules)
    _warn_of_own_rules(rules)
    seeds = _seeds(protocol.seeds, len(rules))
    tune = None if protocol.tune is None else checked_tune(protocol.tune, rules)
    candidates = [_candidates(rule, protocol, tune) for rule in rules]
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
    candidates: Sequence[Candidates],
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
        "the grid": description([one.settings for one in candidates]),
        "the list of seeds": description(list(seeds)),
        "the start": description([common.start, *common.starts.values()]),
        "the budget": str(costs.budget),
        "the target": description(costs.targets),
    }


def as_methods(optimizers: Sequence[Any]) -> list[Optimizer]:
    """The rules, each without a rate of its own."""
    if isinstance(optimizers, str):
        optimizers = [optimizers]
    rules = [as_optimizer(optimizer) for optimizer in optimizers]
    if not rules:
        raise InputError("optimizers must be one at least, got none", code="optimizers.empty")
    for rule in rules:
        if "learning_rate" in rule.given and takes_run_axes(rule):
            raise InputError(
                f"an optimizer to be compared must leave its rate to the grid, got {rule!r}",
                code="compare.rate",
            )
    return rules


def _warn_of_own_rules(rules: Sequence[Optimizer]) -> None:
    """Tell what is wrong with rules that are not of the catalogue; they are run all the same."""
    for rule in rules:
        if type(rule).__module__.startswith("soloneuron.optimizers"):
            continue
        try:
            check_optimizer(rule)
        except InputError as fault:
            if fault.code not in ACROSS:
                warnings.warn(InputWarning(str(fault), code=fault.code), stacklevel=4)
        except Exception:
            # A rule that raises does so in its own race, where it is told.
            continue


def names_of_methods(given: Sequence[Any], rules: Sequence[Optimizer]) -> list[str]:
    """The name as given, or the rule as it would be written."""
    given = [given] if isinstance(given, str) else given
    names = [one if isinstance(one, str) else repr(rule) for one, rule in zip(given, rules, strict=True)]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise InputError(f"each optimizer must be given once, got {twice} twice", code="compare.twice")
    return names


def _seeds(seeds: int | Sequence[int] | None, methods: int) -> tuple[int, ...]:
    if seeds is None:
        return tuple(range(max(SEEDS, 2 * pairs_needed(methods))))
    if isinstance(seeds, Sequence) and not isinstance(seeds, str | bytes):
        found = tuple(sorted({as_count(seed, "seeds", least=0) for seed in seeds}))
        if not found:
            raise InputError("seeds must be one at least, got none", code="seeds.empty")
        return found
    return tuple(range(as_count(seeds, "seeds", least=1)))


def _candidates(rule: Optimizer, protocol: Protocol, tune: Mapping[str, Any] | None) -> Candidates:
    """What is tried of a method; a line search finds its own rate."""
    known = {} if tune is None else {name: tune[name] for name in tune if name in rule.hyperparameters}
    if not takes_run_axes(rule) and not known:
        return Candidates(({},), (False,))
    if tune is None:
        found = rate_grid(protocol.rates)
    else:
        rates = tuple(protocol.rates) if takes_run_axes(rule) else ()
        found = drawn_settings(rule, tune, rates, protocol.trials)
    # A setting that is out of range is refused here, before anything runs.
    for own in found.settings:
        rule.replace(**own)
    return found


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
    if points.dim() > 2 or not len(points):
        raise InputError(
            f"start must be one point (k,) or several (S, k), got shape {tuple(points.shape)}",
            code="start.shape",
        )
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
