"""Who notices that the world has changed? Adagrad's memory only grows, so it is late."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import torch

from soloneuron.data.batches import dice
from soloneuron.data.makers import blobs
from soloneuron.experiments.base import Measured, Numbers, OnRows, method, shared
from soloneuron.experiments.training import column, finite, first_below, told
from soloneuron.formulas.metrics import accuracy
from soloneuron.optimizers import as_optimizer
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict

METHODS = ("gradient_descent", "momentum", "adagrad", "adadelta", "rmsprop", "adam")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class ConceptFlip(OnRows):
    """A long training row by row, then all labels are exchanged: steps until 90 % of the old accuracy."""

    name = "concept_flip"
    own_sizes: ClassVar = {"before": 2000, "after": 400, "seeds": 3}
    rows: int = 200
    before: int = 4000
    after: int = 1000
    seeds: int = 5

    def measure(self) -> Measured:
        """One row at a time; the rate is the one with the least loss before the flip."""
        data = blobs(self.rows, seed=self.seed, distance=3.0) if self.data is None else self.data.even
        numbers: dict[str, float] = {"before": self.before, "after": self.after}
        table, lines = [], []
        for name in METHODS:
            rate, course, steps = self._flip(data, name)
            numbers[f"steps.{name}"] = steps
            table.append((method(name), rate, finite(steps)))
            lines.append(Series(method(name), tuple(range(1, len(course) + 1)), tuple(course)))
        heads = (shared("method"), shared("best_rate"), self.word("steps"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("step"), shared("accuracy"), log="x")
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),), (chart,))

    def _flip(self, data: Dataset, name: str) -> tuple[float, list[float], float]:
        """The rate chosen before the flip, the mean accuracy after it, and the steps until 90 %."""
        neuron, chance, count = self.neuron(), dice(self.seed, 1), len(data.labels)
        rule = as_optimizer(name, learning_rate=column(rate for rate in RATES for _ in range(self.seeds)))
        theta = torch.zeros(len(RATES) * self.seeds, data.features.shape[1] + 1, dtype=torch.float64)
        state, cost = rule.start(theta), torch.zeros(len(theta), dtype=torch.float64)
        course, goal = [], torch.zeros(len(theta), dtype=torch.float64)
        for step in range(self.before + self.after):
            flip = step >= self.before
            if step == self.before:
                goal = 0.9 * accuracy(neuron.logits(theta, data.features), data.labels)
            chosen = torch.randint(count, (self.seeds, 1), generator=chance).repeat(len(RATES), 1)
            y = data.labels[chosen]
            part = Batch(data.features[chosen], 1 - y if flip else y)
            value, gradient = neuron.value_and_gradient(rule.at(theta, state), part)
            rule.step(theta, gradient, state)
            if self.before // 2 <= step < self.before:
                cost += value.nan_to_num(math.inf)
            if flip:
                course.append(accuracy(neuron.logits(theta, data.features), 1 - data.labels))
        best = int(cost.view(len(RATES), self.seeds).mean(1).argmin())
        mine = slice(best * self.seeds, (best + 1) * self.seeds)
        after = torch.stack(course)[:, mine]
        steps = first_below(-after, -goal[mine]).median()
        return RATES[best], after.mean(1).tolist(), float(steps) + 1

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Adagrad must need more steps than plain descent."""
        ada, plain = numbers["steps.adagrad"], numbers["steps.gradient_descent"]
        late, usual = (told(steps, numbers["after"], "steps") for steps in (ada, plain))
        return (cls.verdict("late", ada > 1.3 * plain, ada=late, plain=usual, before=numbers["before"]),)
