"""Who notices that the world has changed? Adagrad's memory only grows, so it is late."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch

from soloneuron.data.makers import blobs
from soloneuron.experiments.base import Experiment, Measured, Numbers, method, shared
from soloneuron.experiments.training import column, finite, rows
from soloneuron.formulas.metrics import accuracy
from soloneuron.neuron import Neuron
from soloneuron.optimizers import as_optimizer
from soloneuron.records.findings import Chart, Series, Sheet, Verdict

METHODS = ("gradient_descent", "momentum", "adagrad", "adadelta", "rmsprop", "adam")
RATES = (0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class ConceptFlip(Experiment):
    """A long training on blobs, then all labels are exchanged: steps until 90 % of the old accuracy."""

    name = "concept_flip"
    rows: int = 64
    before: int = 3000
    after: int = 3000

    def measure(self) -> Measured:
        """Full batch, each method at its best rate of one grid."""
        data, neuron = blobs(self.rows, seed=self.seed, distance=3.0), Neuron()
        flipped = replace(data, labels=1 - data.labels)
        numbers: dict[str, float] = {"before": self.before, "after": self.after}
        table, lines = [], []
        for name in METHODS:
            rule = as_optimizer(name, learning_rate=column(RATES))
            theta = torch.zeros(len(RATES), 3, dtype=torch.float64)
            state = rule.start(theta)
            for _ in range(self.before):
                rule.step(theta, neuron.value_and_gradient(rule.at(theta, state), rows(data))[1], state)
            goal = 0.9 * accuracy(neuron.logits(theta, data.features), data.labels)
            back = torch.full((len(RATES),), math.inf, dtype=torch.float64)
            course = []
            for step in range(1, self.after + 1):
                rule.step(theta, neuron.value_and_gradient(rule.at(theta, state), rows(flipped))[1], state)
                right = accuracy(neuron.logits(theta, data.features), flipped.labels)
                course.append(right)
                back = torch.where((right >= goal) & back.isinf(), float(step), back)
                if back.isfinite().all() and step >= 200:
                    break
            best = int(back.argmin())
            numbers[f"steps.{name}"] = float(back[best])
            table.append((method(name), RATES[best], finite(float(back[best]))))
            shown = tuple(torch.stack(course)[:, best][:1000].tolist())
            lines.append(Series(method(name), tuple(range(1, len(shown) + 1)), shown))
        heads = (shared("method"), shared("best_rate"), self.word("steps"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("step"), shared("accuracy"), log="x")
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),), (chart,))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Adagrad must need more steps than plain descent."""
        ada, plain = numbers["steps.adagrad"], numbers["steps.gradient_descent"]
        told = f"{ada:.0f}" if math.isfinite(ada) else f"> {numbers['after']:.0f}"
        usual = f"{plain:.0f}" if math.isfinite(plain) else f"> {numbers['after']:.0f}"
        return (cls.verdict("late", ada > 1.3 * plain, ada=told, plain=usual, before=numbers["before"]),)
