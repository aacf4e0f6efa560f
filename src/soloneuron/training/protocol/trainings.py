"""Costs by real trainings: settings and seeds as run axes, cut at fixed widths, on joblib's workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from soloneuron.formulas.arrival import arrivals
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.searching import direction_by_direction
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.shapes import Theta
from soloneuron.training.minimize import training_on
from soloneuron.training.parallel import map_tasks
from soloneuron.training.prepare import prepare
from soloneuron.training.protocol.budgets import watched
from soloneuron.training.protocol.candidates import CandidateSettings
from soloneuron.training.protocol.judging import CostAnswer, CostRequest
from soloneuron.training.run_axes import takes_run_axes
from soloneuron.training.session import Training
from soloneuron.training.sweep import CutRuns, cut_runs


class ComparedTask(Protocol):
    """What all methods run on.

    Attributes:
        objective: what is minimized.
        start: where a descent usually begins, (k,).
        starts: one a seed; none where seeds are orders of the rows.
        batch: all rows; None for a function.
    """

    @property
    def objective(self) -> Objective:
        """See above."""

    @property
    def start(self) -> Theta:
        """See above."""

    @property
    def starts(self) -> Mapping[int, Theta]:
        """See above."""

    @property
    def batch(self) -> Batch | None:
        """See above."""

    def trainings(self, rule: Optimizer, seeds: Sequence[int]) -> Iterator[tuple[Sequence[int], Training]]:
        """TrainedCosts of a rule whose numbers may be (N, 1), each for some of the seeds, (seeds, N) runs."""

    def single(self, rule: Optimizer, seed: int) -> Training:
        """One training of one rule."""

    def searching(self, rule: Optimizer, start: Theta) -> Training:
        """A training from anywhere, on all rows."""


@dataclass(frozen=True)
class FunctionTask:
    """A function without rows, from one start a seed."""

    objective: Objective
    start: Theta
    starts: Mapping[int, Theta]
    budget: int
    batch: None = None

    def trainings(self, rule: Optimizer, seeds: Sequence[int]) -> Iterator[tuple[Sequence[int], Training]]:
        """All seeds together."""
        points = torch.stack([self.starts[seed] for seed in seeds])[:, None]
        yield seeds, self._from(points, rule)

    def single(self, rule: Optimizer, seed: int) -> Training:
        """From the start of one seed."""
        return self.searching(rule, self.starts[seed])

    def searching(self, rule: Optimizer, start: Theta) -> Training:
        """From anywhere."""
        return self._from(start, rule)

    def _from(self, point: Theta, rule: Optimizer) -> Training:
        training = training_on(self.objective, point, rule, self.budget)
        training.record_every = _every(training)
        return training


@dataclass(frozen=True)
class RowsTask:
    """A neuron, or an objective in its place, on rows: a seed is a start, or in batches an order of them."""

    objective: Objective
    start: Theta
    starts: Mapping[int, Theta]
    batch: Batch | None
    data: Dataset
    epochs: int
    settings: Mapping[str, Any]

    @property
    def by_batches(self) -> bool:
        """Whether seeds are orders of the rows; else they are starts."""
        return not self.starts

    def trainings(self, rule: Optimizer, seeds: Sequence[int]) -> Iterator[tuple[Sequence[int], Training]]:
        """All starts together; orders one after another, for each gathers its own rows."""
        if self.by_batches:
            for seed in seeds:
                yield (seed,), self._of(rule, self.start[None, None], {"shuffle": True, "seed": seed})
        else:
            yield seeds, self._of(rule, torch.stack([self.starts[seed] for seed in seeds])[:, None], {})

    def single(self, rule: Optimizer, seed: int) -> Training:
        """From the start of one seed, or in its order."""
        if self.by_batches:
            return self._of(rule, self.start, {"shuffle": True, "seed": seed})
        return self._of(rule, self.starts[seed], {})

    def searching(self, rule: Optimizer, start: Theta) -> Training:
        """From anywhere, all rows at once."""
        return self._of(rule, start, {}, batch_size=None)

    def _of(self, rule: Optimizer, point: Theta, order: Mapping[str, Any], **other: Any) -> Training:
        common = {"initial": point, "optimizer": rule, "epochs": self.epochs}
        training = prepare(self.data, **{**order, **self.settings, **common, **other})
        training.record_every = _every(training)
        return training


def _every(training: Training) -> int:
    """How often theta is recorded: never on the way where the losses tell all that is asked."""
    return max(1, training.epochs) if _losses_tell(training) else 1


def _losses_tell(training: Training) -> bool:
    """Whether the loss of an epoch is the value at the theta before it, over all rows."""
    plan = training.plan
    return (
        plan.asks_at_theta and plan.updates == 1 and plan.scale(plan.rows) == 1 and plan.optimizer.asks_once
    )


class CostTask(NamedTuple):
    """What a worker is given."""

    training: Training
    budget: int
    targets: Tensor


class TrainedCosts:
    """Answers requests for costs.

    Args:
        task: what all run on.
        rules: the methods.
        budget: of each run.
        targets: (K,).
    """

    def __init__(
        self,
        task: ComparedTask,
        rules: Sequence[Optimizer],
        budget: int,
        targets: Tensor,
    ) -> None:
        self._task, self._rules = task, rules
        self.budget, self.targets = budget, targets

    def __call__(self, requests: Sequence[CostRequest]) -> list[CostAnswer]:
        """The costs of each request; what one raises is the answer to it alone."""
        answers: list[CostAnswer] = []
        places: list[tuple[int, Tensor]] = []
        tasks: list[CostTask] = []
        for place, request in enumerate(requests):
            shape = (len(request.candidates) * len(request.seeds), len(self.targets))
            answers.append(torch.full(shape, torch.inf, dtype=torch.float64))
            try:
                pieces = list(self._pieces(request))
            except (Exception, SystemExit) as fault:
                answers[place] = fault
                continue
            places += [(place, numbers) for numbers, _ in pieces]
            tasks += [CostTask(training, self.budget, self.targets) for _, training in pieces]
        # A graph of somebody's own keeps where it was asked last, so it is no matter for threads.
        threads = isinstance(self._task.objective, Neuron)
        for (place, numbers), found in zip(places, map_tasks(_costs, tasks, threads=threads), strict=True):
            whole = answers[place]
            if not isinstance(found, Tensor):
                answers[place] = found
            elif isinstance(whole, Tensor):
                whole[numbers.flatten()] = found.reshape(-1, len(self.targets))
        return [
            answer.view(len(request.candidates), len(request.seeds), -1)
            if isinstance(answer, Tensor)
            else answer
            for request, answer in zip(requests, answers, strict=True)
        ]

    def _pieces(self, request: CostRequest) -> Iterator[CutRuns]:
        """TrainedCosts and the places of their runs, setting by setting and in each seed by seed."""
        rule, seeds = self._rules[request.method], request.seeds
        numbers = torch.arange(len(request.candidates) * len(seeds)).view(-1, len(seeds))
        if not takes_run_axes(rule):
            for own, settings in zip(numbers.tolist(), request.candidates.settings, strict=True):
                one = direction_by_direction(rule.replace(**settings))
                yield from (
                    (torch.tensor([number]), self._task.single(one, seed))
                    for number, seed in zip(own, seeds, strict=True)
                )
            return
        for places, one in sharing_tensors(rule, request.candidates.settings):
            for some, training in self._task.trainings(one, seeds):
                at = [seeds.index(seed) for seed in some]
                yield from cut_runs(numbers[places][:, at].T.contiguous(), training)


def sharing_tensors(
    rule: Optimizer, settings: Sequence[CandidateSettings]
) -> Iterator[tuple[list[int], Optimizer]]:
    """The settings that can share a tensor: their places, and the rule with (N, 1) for each number."""
    groups: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for place, own in enumerate(settings):
        words = [item for item in own.items() if not rule.hyperparameters[item[0]].tensor]
        groups.setdefault(tuple(sorted(words)), []).append(place)
    for same, places in groups.items():
        fixed = dict(same)
        numbers = {
            name: torch.tensor([settings[place][name] for place in places], dtype=torch.float64)[:, None]
            for name in settings[places[0]]
            if name not in fixed
        }
        yield places, rule.replace(**fixed, **numbers)


def _costs(task: CostTask) -> CostAnswer:
    """What each run needed to each target, (runs..., K); or what was raised."""
    try:
        return _measured(*task)
    except (Exception, SystemExit) as fault:
        return fault


def _measured(training: Training, budget: int, targets: Tensor) -> Tensor:
    plan = training.plan
    if not plan.optimizer.asks_once:
        values, asked = watched(training, budget)
        costs = torch.tensor(asked, dtype=torch.float64)
    else:
        training.run()
        values = _values(training)
        costs = torch.arange(len(values), dtype=torch.float64) * plan.updates
        if len(values) <= training.epochs:  # a single run that left the range of its numbers
            values = torch.cat([values, torch.full_like(values[:1], torch.nan)])
    found = arrivals(values, targets)
    there = found.isfinite()
    return torch.where(there, costs[found.where(there, 0).long()], torch.inf)


def _values(training: Training) -> Tensor:
    """The value at the start and after every epoch, (T+1, runs...)."""
    if not _losses_tell(training):
        return training.values()
    last = training.plan.objective.value(training.state.theta, training.plan.data)
    return torch.cat([training.losses, last[None].to(training.losses)])
