"""Are Nesterov's momentum and NAG one method? At constant rate yes, seen from two points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch

from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.keeping import trained
from soloneuron.experiments.rows import OwnData
from soloneuron.formulas.surfaces import Ravine
from soloneuron.optimizers import NAG, Nesterov
from soloneuron.optimizers.schedules import ExponentialDecay
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.training.api import prepare
from soloneuron.training.functions import Function, as_function


@dataclass(frozen=True)
class NesterovAndNAG(OnRows):
    """Compare the points where both ask for the gradient, at a constant rate and at a falling one."""

    name = "nesterov_nag"
    steps: int = 100
    rate: float = 0.01

    def measure(self) -> Measured:
        """The largest distance between the points, over a ravine or somebody's rows."""
        ground, rate = self._ground()
        constant = self._apart(ground, rate)
        falling = self._apart(ground, ExponentialDecay(rate, 0.98))
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

    def _ground(self) -> tuple[Function, float]:
        if self.data is None:
            return as_function(Ravine(condition=50.0)), self.rate
        return self._likelihood(self.data)

    def _likelihood(self, own: OwnData) -> tuple[Function, float]:
        """That of somebody's rows, from zeros, and half the rate that is safe for full batch."""
        plan = prepare(own.even, penalty=own.penalty, learning_rate="auto", epochs=0).plan
        neuron, batch = plan.neuron, plan.data
        both = partial(neuron.value_and_gradient, batch=batch)
        start = (0.0,) * (batch.features.shape[1] + 1)
        function = Function("neuron", partial(neuron.value, batch=batch), both, start=start)
        return function, plan.optimizer.learning_rate / 2

    def _runs(self, rate: float) -> dict[str, RunRecord]:
        """Both at the constant rate on somebody's rows; a ravine has no rows that a run could keep."""
        if self.data is None:
            return {}
        options = {"learning_rate": rate, "epochs": self.steps, "penalty": self.penalty}
        return {rule: trained(self.data.even, optimizer=rule, **options) for rule in ("nesterov", "nag")}

    def _apart(self, ground: Function, rate: object) -> list[float]:
        rules = (Nesterov(learning_rate=rate, momentum=0.9), NAG(learning_rate=rate, momentum=0.9))
        thetas = [torch.tensor(ground.start, dtype=torch.float64) for _ in rules]
        states = [rule.start(theta) for rule, theta in zip(rules, thetas, strict=True)]
        apart = []
        for _ in range(self.steps):
            points = []
            for rule, theta, state in zip(rules, thetas, states, strict=True):
                points.append(rule.at(theta, state).clone())
                rule.step(theta, ground.value_and_gradient(points[-1])[1], state)
            apart.append(float(torch.linalg.vector_norm(points[0] - points[1])))
        return apart

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Zero to rounding at a constant rate, more than that at a falling one."""
        same, apart = numbers["constant"], numbers["falling"]
        return (
            cls.verdict("same", same < 1e-12, same=same),
            cls.verdict("apart", apart > 1e-6, apart=apart),
        )
