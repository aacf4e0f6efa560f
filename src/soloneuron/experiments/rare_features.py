"""Who learns a feature that is hardly ever there? The method that remembers it was not."""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.data.makers import rare_feature
from soloneuron.experiments.base import Experiment, Measured, Numbers, method, shared
from soloneuron.experiments.training import column, optimum, rows
from soloneuron.neuron import Neuron
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.api import fit
from soloneuron.training.compare import RATES

METHODS = ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam")


@dataclass(frozen=True)
class RareFeatures(Experiment):
    """A short training in batches; how much of the rare feature's best weight each method has found."""

    name = "rare_feature"
    rows: int = 2000
    epochs: int = 4
    batch: int = 16
    seeds: int = 3

    def measure(self) -> Measured:
        """Each method at the rate of the grid that leaves the lowest loss, the mean over seeds."""
        data, neuron = rare_feature(self.rows, seed=self.seed), Neuron()
        best, batch = optimum(data), rows(data)
        numbers: dict[str, float] = {"true": float(best[1])}
        table, lines = [], []
        grid = RATES[4:]
        for name in METHODS:
            history = fit(
                data,
                optimizer=name,
                learning_rate=column(rate for rate in grid for _ in range(self.seeds)),
                seed=[*self.orders(self.seeds)] * len(grid),
                shuffle=True,
                batch_size=self.batch,
                epochs=self.epochs,
            )
            theta = history.theta.view(len(history.theta), len(grid), self.seeds, -1)
            excess = (neuron.value(theta, batch) - neuron.value(best, batch)).mean(-1)
            chosen = int(excess[-1].nan_to_num(float("inf")).argmin())
            weight = theta[:, chosen, :, 1].mean(-1).tolist()
            numbers |= {f"weight.{name}": weight[-1], f"excess.{name}": float(excess[-1, chosen])}
            table.append((method(name), grid[chosen], weight[-1], float(excess[-1, chosen])))
            lines.append(Series(method(name), tuple(range(len(weight))), tuple(weight)))
        heads = (shared("method"), shared("best_rate"), self.word("weight"), shared("excess"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), self.word("weight"))
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),), (chart,))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Adagrad's excess loss must be below plain descent's; and is it the least of all?"""
        ada, plain = numbers["excess.adagrad"], numbers["excess.gradient_descent"]
        first = min(METHODS, key=lambda name: numbers[f"excess.{name}"])
        fields = {"ada": ada, "plain": plain, "first": method(first), "least": numbers[f"excess.{first}"]}
        weights = {"found": numbers["weight.adagrad"], "other": numbers["weight.gradient_descent"]}
        return (cls.verdict("adagrad", ada < plain / 1.3, true=numbers["true"], **weights, **fields),)
