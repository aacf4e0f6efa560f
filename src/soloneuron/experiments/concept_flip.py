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
from soloneuron.experiments.measuring import count_phrase, finite_or_none, side_by_side
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
    own_sizes: ClassVar = {"before": 2000, "seeds": 3}
    rows: int = 200
    before: int = 4000
    after: int = 1000
    seeds: int = 5

    def measure(self) -> Measured:
        """One row at a time; the rate is the one with the least loss before the flip."""
        data = make_blobs(self.rows, seed=self.seed, distance=3.0) if self.data is None else self.data.even
        numbers: dict[str, float] = {"before": self.before, "after": self.after}
        table, lines, runs = [], [], {}
        costs, paths = self._trained(data)
        for name, cost, path in zip(_METHODS, costs, paths.unbind(1), strict=True):
            flip = self._flip(data, name, cost, path)
            numbers |= {f"steps.{name}": float(flip.steps.median())}
            numbers |= repeated(f"steps.{name}", flip.steps.tolist())
            table.append((method(name), flip.rate, finite_or_none(numbers[f"steps.{name}"])))
            lines.append(Series(method(name), tuple(range(1, len(flip.curve) + 1)), flip.curve))
            runs[name] = flip.run
        heads = (shared("method"), shared("best_rate"), self.word("steps"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("step"), shared("accuracy"), log="x")
        sheet = Sheet(self.word("table", share=100 * BACK), heads, tuple(table))
        return Measured(numbers, (sheet,), (chart,), runs)

    def _trained(self, data: Dataset) -> tuple[Tensor, Tensor]:
        """All methods, rates and seeds as one tensor; every seed has rows of its own, drawn at random.

        Returns:
            The losses met in the second half before the exchange, (methods, rates, seeds), and theta after
            every step from the exchange on, (after + 1, methods, rates, seeds, d + 1).
        """
        neuron, total, width = self.neuron(), self.before + self.after, data.features.shape[1] + 1
        rates = torch.tensor(_RATES, dtype=torch.float64)[:, None, None]
        rules = [as_optimizer(name, learning_rate=rates) for name in _METHODS]
        start = torch.zeros(len(_RATES), self.seeds, width, dtype=torch.float64)
        generator = generator_for(self.seed, 1)
        chosen = torch.randint(len(data.labels), (total, self.seeds, 1), generator=generator)
        labels = data.labels[chosen]
        labels[self.before :] = 1 - labels[self.before :]

        def batch_of(update: int) -> Batch:
            return Batch(data.features[chosen[update]], labels[update])

        cost, thetas = torch.zeros(len(rules), len(_RATES), self.seeds, dtype=torch.float64), []
        for update, (theta, value) in enumerate(
            islice(side_by_side(neuron, rules, start, batch_of), total), 1
        ):
            if self.before // 2 < update <= self.before:
                cost += value.nan_to_num(math.inf)
            if update >= self.before:
                thetas.append(theta.clone())
        return cost, torch.stack(thetas)

    def _flip(self, data: Dataset, name: str, cost: Tensor, paths: Tensor) -> Flip:
        """A method at its best rate: its losses (rates, seeds) and paths (after + 1, rates, seeds, d + 1)."""
        best = int(cost.mean(1).argmin())
        path = paths[:, best]
        z = self.neuron().logits(path, data.features)
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
