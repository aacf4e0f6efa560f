"""Are Nesterov's momentum and NAG one method? At constant rate yes, seen from two points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor

from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.surfaces import Ravine
from soloneuron.objective import Objective
from soloneuron.optimizers import NAG, Nesterov
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.schedules import ExponentialDecay
from soloneuron.records.dataset import Batch
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.loop import updates
from soloneuron.training.plan import State
from soloneuron.training.prepare import prepare


class Descended(NamedTuple):
    """What both go down: an objective, its rows if it has any, the start, and the constant rate."""

    objective: Objective
    batch: Batch | None
    start: Theta
    rate: float


@dataclass(frozen=True)
class NesterovAndNAG(OnRows):
    """Compare the points where both ask for the gradient, at a constant rate and at a falling one."""

    name = "nesterov_nag"
    quick_sizes: ClassVar = {}
    steps: int = 100
    rate: float = 0.01

    def measure(self) -> Measured:
        """The largest distance between the points, over a ravine or somebody's rows."""
        task = self._ravine() if self.data is None else self._on_rows(self.data)
        rate = task.rate
        constant = self._apart(task, rate)
        falling = self._apart(task, ExponentialDecay(rate, 0.98))
        numbers = {"constant": max(constant), "falling": max(falling)}
        x = tuple(range(1, self.steps + 1))
        lines = (
            Series(self.word("constant"), x, tuple(max(d, 1e-18) for d in constant)),
            Series(self.word("falling"), x, tuple(max(d, 1e-18) for d in falling)),
        )
        chart = Chart("lines", self.word("chart"), lines, shared("step"), self.word("distance"), log="y")
        table = tuple((self.word(kind), numbers[kind]) for kind in numbers)
        sheet = Sheet(self.word("table"), ("", self.word("distance")), table)
        return Measured(numbers, (sheet,), (chart,), self._runs(rate))

    def _ravine(self) -> Descended:
        surface = Ravine(condition=50.0)
        return Descended(surface, None, torch.tensor(surface.start, dtype=torch.float64), self.rate)

    def _on_rows(self, own: OwnData) -> Descended:
        """The loss of somebody's rows, from zeros, at half the rate that is safe for full batch."""
        training = prepare(own.even, penalty=own.penalty, learning_rate="auto", epochs=0)
        plan = training.plan
        return Descended(plan.objective, plan.data, training.state.theta, plan.learning_rate / 2)

    def _runs(self, rate: float) -> dict[str, RunRecord]:
        """Both at the constant rate on somebody's rows; a ravine has no rows that a run could keep."""
        if self.data is None:
            return {}
        options = {"learning_rate": rate, "epochs": self.steps, "penalty": self.penalty}
        return {rule: train_run(self.data.even, optimizer=rule, **options) for rule in ("nesterov", "nag")}

    def _apart(self, task: Descended, rate: object) -> list[float]:
        """The distance between the points where the two ask, update by update."""
        rules = (Nesterov(learning_rate=rate, momentum=0.9), NAG(learning_rate=rate, momentum=0.9))
        one, other = (asked_points(task, rule, self.steps) for rule in rules)
        return [float(x) for x in torch.linalg.vector_norm(one - other, dim=-1)]

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Zero to rounding at a constant rate, more than that at a falling one."""
        same, apart = numbers["constant"], numbers["falling"]
        return (
            cls.verdict("same", same < 1e-12, same=same),
            cls.verdict("apart", apart > 1e-6, apart=apart),
        )


def asked_points(task: Descended, rule: Optimizer, steps: int) -> Tensor:
    """The points (steps, k) where a rule asks for the gradient."""
    points = []

    def evaluation(point: Theta) -> tuple[Values, Gradient]:
        points.append(point.clone())
        return task.objective.value_and_gradient(point, task.batch)

    for _ in islice(updates(rule, State(0, task.start), lambda _update: evaluation), steps):
        pass
    return torch.stack(points)
