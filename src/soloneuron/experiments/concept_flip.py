"""Who notices that the world has changed? Adagrad's memory only grows, so it is late."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor

from soloneuron.data.seeding import generator_for
from soloneuron.data.synthetic import make_blobs
from soloneuron.experiments.base import Measured, Numbers, OnRows, method, name_list, shared, short_name
from soloneuron.experiments.measuring import count_phrase, finite_or_none, run_column, updates_on
from soloneuron.experiments.repeats import ANSWER_OF_ORDER, order_of, repeated
from soloneuron.experiments.trained import run_record
from soloneuron.formulas.arrival import arrival
from soloneuron.formulas.metrics import accuracy
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.records.history import History, Outcome
from soloneuron.records.run import RunRecord
from soloneuron.training.measures import measure
from soloneuron.training.prepare import prepare
from soloneuron.training.recipes import recipe_of

_METHODS = ("gradient_descent", "momentum", "adagrad", "adadelta", "rmsprop", "adam")
_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

BACK = 0.9
"""A method has followed when it has so much of its old accuracy again."""

_RECORDS = 200
"""About so many steps of a run are kept."""


class Flip(NamedTuple):
    """A method after the exchange, at the rate that was best before it.

    Attributes:
        rate: that rate.
        steps: (S,) steps until the old accuracy is nearly there again for good, inf where it is not.
        curve: the mean accuracy after every step.
        run: the first seed's steps.
    """

    rate: float
    steps: Tensor
    curve: tuple[float, ...]
    run: RunRecord


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
        data = make_blobs(self.rows, seed=self.seed, distance=3.0) if self.data is None else self.data.even
        numbers: dict[str, float] = {"before": self.before, "after": self.after}
        table, lines, runs = [], [], {}
        for name in _METHODS:
            flip = self._flip(data, name)
            numbers |= {f"steps.{name}": float(flip.steps.median())}
            numbers |= repeated(f"steps.{name}", flip.steps.tolist())
            table.append((method(name), flip.rate, finite_or_none(numbers[f"steps.{name}"])))
            lines.append(Series(method(name), tuple(range(1, len(flip.curve) + 1)), flip.curve))
            runs[name] = flip.run
        heads = (shared("method"), shared("best_rate"), self.word("steps"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("step"), shared("accuracy"), log="x")
        sheet = Sheet(self.word("table", share=100 * BACK), heads, tuple(table))
        return Measured(numbers, (sheet,), (chart,), runs)

    def _flip(self, data: Dataset, name: str) -> Flip:
        """All rates and seeds as one tensor, every seed with rows drawn by chance."""
        neuron, generator, count = self.neuron(), generator_for(self.seed, 1), len(data.labels)
        rule = as_optimizer(
            name, learning_rate=run_column(rate for rate in _RATES for _ in range(self.seeds))
        )
        theta = torch.zeros(len(_RATES) * self.seeds, data.features.shape[1] + 1, dtype=torch.float64)

        def batch_of(update: int) -> Batch:
            chosen = torch.randint(count, (self.seeds, 1), generator=generator).repeat(len(_RATES), 1)
            y = data.labels[chosen]
            return Batch(data.features[chosen], 1 - y if update >= self.before else y)

        cost, thetas = torch.zeros(len(theta), dtype=torch.float64), []
        for state, value in islice(updates_on(neuron, rule, theta, batch_of), self.before + self.after):
            if self.before // 2 < state.update <= self.before:
                cost += value.nan_to_num(math.inf)
            if state.update >= self.before:
                thetas.append(state.theta.clone())
        best = int(cost.view(len(_RATES), self.seeds).mean(1).argmin())
        path = torch.stack(thetas)[:, best * self.seeds : (best + 1) * self.seeds]
        z = neuron.logits(path, data.features)
        goal, after = BACK * accuracy(z[0], data.labels), accuracy(z[1:], 1 - data.labels)
        run = self._kept(replace(data, labels=1 - data.labels), path[:, 0], name, _RATES[best])
        return Flip(_RATES[best], arrival(after >= goal) + 1, tuple(after.mean(1).tolist()), run)

    def _kept(self, data: Dataset, path: Tensor, name: str, rate: float) -> RunRecord:
        """A path (T + 1, d + 1) over the rows with exchanged labels as a run whose step is an update."""
        training = prepare(data, penalty=self.penalty, optimizer=name, learning_rate=rate, batch_size=1)
        last = len(path) - 1
        found = measure(training.plan.objective, path, training.plan.data)
        kept = torch.arange(0, last + 1, max(1, last // _RECORDS))
        history = History(
            epochs=tuple(kept.tolist()),
            theta=path[kept],
            loss=found.value[:-1],
            value=found.value[kept],
            gradient_norm=found.gradient_norm[kept],
            accuracy=found.accuracy[kept],
            outcomes=(Outcome("finished", last, f"all {last} updates done", {"epochs": last}),),
            evaluations=tuple(kept.tolist()),
            unit="update",
        )
        recipe = replace(
            recipe_of(training), epochs=-(-last // len(data.labels)), shuffle=True, seed=self.seed
        )
        return run_record(data, history, recipe)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Adagrad must need more steps than plain descent, seed by seed; the reverse is said too."""
        methods = ("gradient_descent", "adagrad")
        usual, late = (count_phrase(numbers[f"steps.{name}"], numbers["after"], "steps") for name in methods)
        answer = ANSWER_OF_ORDER[order_of("steps.gradient_descent", "steps.adagrad", numbers)]
        longest = max(numbers[f"steps.{name}"] for name in _METHODS)
        slowest = [short_name(name) for name in _METHODS if numbers[f"steps.{name}"] == longest]
        last = {"slowest": name_list(slowest), "most": count_phrase(longest, numbers["after"], "steps")}
        return (cls.answer("late", answer, ada=late, plain=usual, before=numbers["before"], **last),)
