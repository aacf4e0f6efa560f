"""Who learns a feature that is hardly ever there? The method that remembers it was not."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from soloneuron.data.synthetic import make_rare_feature
from soloneuron.experiments.base import Measured, Numbers, OnRows, method, shared, short_name
from soloneuron.experiments.measuring import optimum, run_column, whole_batch
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.repeats import ANSWER_OF_ORDER, order_of, repeated
from soloneuron.experiments.trained import train
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.texts.phrases import Phrase
from soloneuron.training.cost_table import RATES

_METHODS = ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam")

_RARE = 0.05
"""Somebody's feature is rare if so many rows or fewer differ from its usual value."""

_FEWEST = 5
"""But so many must, or there is nothing to learn."""


@dataclass(frozen=True)
class RareFeatures(OnRows):
    """A short training in batches; how much of the rare feature's best weight each method has found."""

    name = "rare_feature"
    rows: int = 2000
    epochs: int = 4
    batch: int = 16
    seeds: int = 3

    def measure(self) -> Measured:
        """Each method at the rate of the grid that leaves the lowest loss, the mean over seeds."""
        data, rare = (
            (make_rare_feature(self.rows, seed=self.seed), 1) if self.data is None else sparse(self.data)
        )
        neuron, batch = self.neuron(), whole_batch(data)
        best = optimum(data, neuron)
        numbers: dict[str, float] = {"true": float(best[rare])}
        table, lines, runs = [], [], {}
        grid = RATES[4:]
        for name in _METHODS:
            done = train(
                data,
                optimizer=name,
                penalty=self.penalty,
                learning_rate=run_column(rate for rate in grid for _ in range(self.seeds)),
                seed=[*self.orders(self.seeds)] * len(grid),
                shuffle=True,
                batch_size=min(self.batch, len(data.labels)),
                epochs=self.epochs,
            )
            theta = done.history.theta.view(self.epochs + 1, len(grid), self.seeds, -1)
            ends = neuron.value(theta[-1], batch) - neuron.value(best, batch)
            excess = ends.mean(-1).nan_to_num(math.inf)
            chosen = int(excess.argmin())
            runs[name] = done.run(chosen * self.seeds)
            weight = theta[:, chosen, :, rare].mean(-1).tolist()
            numbers |= {f"weight.{name}": weight[-1], f"excess.{name}": float(excess[chosen])}
            numbers |= repeated(f"excess.{name}", ends[chosen].nan_to_num(math.inf).tolist())
            table.append((method(name), grid[chosen], weight[-1], float(excess[chosen])))
            lines.append(Series(method(name), tuple(range(len(weight))), tuple(weight)))
        heads = (shared("method"), shared("best_rate"), self.word("weight"), shared("excess"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), self.word("weight"))
        sheet = Sheet(self.word("table", count=self.epochs), heads, tuple(table))
        return Measured(numbers, (sheet,), (chart,), runs)

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """No feature that is hardly ever there."""
        there, column = rarest(own)
        if _FEWEST <= there <= _RARE * own.count:
            return None
        fields = {"name": own.raw.feature_names[column], "there": there, "rows": own.count}
        return cls.word("not_asked", **fields, most=100 * _RARE, least=_FEWEST)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Adagrad's excess loss must be below plain descent's, in every order of rows; who has the least?"""
        ada, plain = numbers["excess.adagrad"], numbers["excess.gradient_descent"]
        first = min(_METHODS, key=lambda name: numbers[f"excess.{name}"])
        fields = {"ada": ada, "plain": plain, "first": short_name(first), "least": numbers[f"excess.{first}"]}
        weights = {"found": numbers["weight.adagrad"], "other": numbers["weight.gradient_descent"]}
        answer = ANSWER_OF_ORDER[order_of("excess.adagrad", "excess.gradient_descent", numbers)]
        return (cls.answer("adagrad", answer, true=numbers["true"], **weights, **fields),)


def rarest(own: OwnData) -> tuple[int, int]:
    """The fewest rows in which a feature differs from its most frequent value, and that feature's column."""
    X = own.raw.features
    there = (X.mode(0).values != X).sum(0)
    return int(there.min()), int(there.argmin())


def sparse(own: OwnData) -> tuple[Dataset, int]:
    """Standardized rows but for the rarest feature, which is 0 where it has its usual value; its column."""
    _, column = rarest(own)
    raw, X = own.raw.features[:, column], own.even.features.clone()
    X[:, column] -= X[raw == raw.mode().values, column][0]
    return replace(own.even, features=X), column
