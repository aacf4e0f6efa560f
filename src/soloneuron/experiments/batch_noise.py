"""How far from the optimum does a constant rate keep small batches? In proportion to rate / batch."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.data.batches import dice
from soloneuron.data.makers import blobs
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.training import column, optimum
from soloneuron.neuron import Neuron
from soloneuron.optimizers import GradientDescent
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.records.findings import Chart, Row, Series, Sheet, Verdict
from soloneuron.training.api import fit

BATCHES = (1, 4, 16, 64)


@dataclass(frozen=True)
class BatchNoise(Experiment):
    """Start at the optimum, train on with a constant rate, and measure how far the run strays."""

    name = "batch_noise"
    rows: int = 256
    epochs: int = 40
    updates: int = 4000
    rates: tuple[float, ...] = (0.02, 0.05, 0.1)
    seeds: int = 8

    def measure(self) -> Measured:
        """Rows drawn with replacement, looked at after every update; then shuffled epochs, at their ends."""
        data = blobs(self.rows, seed=self.seed)
        best = optimum(data)
        numbers: dict[str, float] = {}
        table: list[Row] = []
        lines = []
        for batch in BATCHES:
            drawn, shuffled = self._drawn(data, best, batch), self._shuffled(data, best, batch)
            numbers |= {f"ball.{batch}.{rate:g}": x for rate, x in zip(self.rates, drawn, strict=True)}
            numbers |= {f"shuffled.{batch}.{rate:g}": x for rate, x in zip(self.rates, shuffled, strict=True)}
            table.append((batch, *drawn, *shuffled))
            ratios = tuple(rate / batch for rate in self.rates)
            lines.append(Series(shared("batch", size=batch), ratios, tuple(drawn)))
        full = self._shuffled(data, best, self.rows)
        table.append((self.rows, *[None for _ in self.rates], *full))
        numbers["power"] = power(numbers, self.rates)
        numbers["full"] = max(1e-16, *full)
        last = f"1.{self.rates[-1]:g}"
        numbers |= {"drawn": numbers[f"ball.{last}"], "shuffled": numbers[f"shuffled.{last}"]}
        heads = [self.word(kind, rate=rate) for kind in ("drawn", "shuffled") for rate in self.rates]
        sheet = Sheet(self.word("table"), (shared("batch_size"), *heads), tuple(table))
        chart = Chart(
            "lines", self.word("chart"), tuple(lines), shared("rate_over_batch"), shared("distance"), log="xy"
        )
        return Measured(numbers, (sheet,), (chart,))

    def _drawn(self, data: Dataset, best: Tensor, batch: int) -> list[float]:
        """The distance of every rate, over the second half of the updates, rows drawn by chance each time."""
        neuron, chance = Neuron(), dice(self.seed, batch)
        rates = column(rate for rate in self.rates for _ in range(self.seeds))
        rule, theta = GradientDescent(learning_rate=rates), best.repeat(len(rates), 1)
        state, total = rule.start(theta), torch.zeros(len(rates), dtype=torch.float64)
        for step in range(self.updates):
            chosen = torch.randint(self.rows, (len(rates), batch), generator=chance)
            part = Batch(data.features[chosen], data.labels[chosen])
            rule.step(theta, neuron.value_and_gradient(theta, part)[1], state)
            if step >= self.updates // 2:
                total += (theta - best).square().sum(-1)
        mean = total.view(len(self.rates), self.seeds).mean(1) / (self.updates - self.updates // 2)
        return [float(x) for x in mean.sqrt()]

    def _shuffled(self, data: Dataset, best: Tensor, batch: int) -> list[float]:
        """The same at the ends of shuffled epochs, each row seen once an epoch."""
        history = fit(
            data,
            initial=best,
            learning_rate=column(rate for rate in self.rates for _ in range(self.seeds)),
            seed=[*self.orders(self.seeds)] * len(self.rates),
            shuffle=True,
            batch_size=batch,
            epochs=self.epochs,
        )
        away = (history.theta[self.epochs // 2 :] - best).square().sum(-1).mean(0)
        return [float(x) for x in away.view(len(self.rates), self.seeds).mean(1).sqrt()]

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The exponent of (rate / batch) in the squared distance must be 1 within a quarter."""
        power, full = numbers["power"], numbers["full"]
        drawn, shuffled = numbers["drawn"], numbers["shuffled"]
        return (
            cls.verdict("ball", abs(power - 1) < 0.25, power=power),
            cls.verdict("full", full < 1e-6, distance=full),
            cls.verdict("shuffled", shuffled < drawn / 1.3, drawn=drawn, shuffled=shuffled),
        )


def power(numbers: Numbers, rates: tuple[float, ...]) -> float:
    """The slope of log(squared distance) over log(rate / batch), by least squares."""
    points = [
        (math.log(rate / batch), 2 * math.log(numbers[f"ball.{batch}.{rate:g}"]))
        for batch in BATCHES
        for rate in rates
    ]
    x, y = torch.tensor(points, dtype=torch.float64).unbind(1)
    return float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum())
