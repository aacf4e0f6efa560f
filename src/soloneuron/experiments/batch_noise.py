"""How far from the optimum does a constant rate keep small batches? In proportion to rate / batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

import torch
from torch import Tensor

from soloneuron.data.seeding import generator_for
from soloneuron.data.synthetic import make_blobs
from soloneuron.experiments.base import Measured, Numbers, OnRows, lead, shared
from soloneuron.experiments.measuring import optimum, run_column, updates_on
from soloneuron.experiments.trained import Trained, train
from soloneuron.optimizers import GradientDescent
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.records.findings import Chart, Row, Series, Sheet, Verdict

BATCHES = (1, 4, 16, 64)


@dataclass(frozen=True)
class BatchNoise(OnRows):
    """Start at the optimum, train on with a constant rate, and measure how far the run strays."""

    name = "batch_noise"
    own_sizes: ClassVar = {"updates": 1500, "epochs": 16, "seeds": 8}
    rows: int = 256
    epochs: int = 16
    updates: int = 1600
    rates: tuple[float, ...] = (0.02, 0.05, 0.1)
    seeds: int = 16

    def measure(self) -> Measured:
        """Rows drawn with replacement, looked at after every update; then shuffled epochs, at their ends."""
        data = make_blobs(self.rows, seed=self.seed) if self.data is None else self.data.even
        best, rates, count = optimum(data, self.neuron()), self._rates(data), len(data.labels)
        batches = [size for size in BATCHES if size < count]
        numbers: dict[str, float] = {}
        table: list[Row] = []
        lines, runs = [], {}
        for batch in batches:
            drawn, kept = self._drawn(data, best, batch, rates), self._shuffled(data, best, batch, rates)
            shuffled, runs[f"batch_{batch}"] = self._strayed(kept, best, rates), kept.run(self._last(rates))
            numbers |= {f"ball.{batch}.{rate:g}": x for rate, x in zip(rates, drawn, strict=True)}
            numbers |= {f"shuffled.{batch}.{rate:g}": x for rate, x in zip(rates, shuffled, strict=True)}
            table.append((batch, *drawn, *shuffled))
            ratios = tuple(rate / batch for rate in rates)
            lines.append(Series(shared("batch", size=batch), ratios, tuple(drawn)))
        kept = self._shuffled(data, best, count, rates)
        full, runs[f"batch_{count}"] = self._strayed(kept, best, rates), kept.run(self._last(rates))
        table.append((count, *[None for _ in rates], *full))
        numbers["power"] = _power(numbers, rates, batches)
        numbers["full"] = max(1e-16, *full)
        last = f"1.{rates[-1]:g}"
        numbers |= {"drawn": numbers[f"ball.{last}"], "shuffled": numbers[f"shuffled.{last}"]}
        heads = [self.word(kind, rate=rate) for kind in ("drawn", "shuffled") for rate in rates]
        sheet = Sheet(self.word("table"), (shared("batch_size"), *heads), tuple(table))
        chart = Chart(
            "lines", self.word("chart"), tuple(lines), shared("rate_over_batch"), shared("distance"), log="xy"
        )
        return Measured(numbers, (sheet,), (chart,), runs)

    def _rates(self, data: Dataset) -> tuple[float, ...]:
        """The rates, smaller where rows are longer: they are meant for clouds, whose mean |(x, 1)|^2 is 4."""
        if self.data is None:
            return self.rates
        longer = float(data.features.square().sum(1).mean() + 1) / 4
        return tuple(float(f"{rate / longer:.2g}") for rate in self.rates)

    def _drawn(self, data: Dataset, best: Tensor, batch: int, rates: Sequence[float]) -> list[float]:
        """The distance of every rate, over the second half of the updates, rows drawn by chance each time."""
        neuron, generator, count = self.neuron(), generator_for(self.seed, batch), len(data.labels)
        all_rates = run_column(rate for rate in rates for _ in range(self.seeds))
        rule, theta = GradientDescent(learning_rate=all_rates), best.repeat(len(all_rates), 1)

        def batch_of(_update: int) -> Batch:
            chosen = torch.randint(count, (len(theta), batch), generator=generator)
            return Batch(data.features[chosen], data.labels[chosen])

        total = torch.zeros(len(theta), dtype=torch.float64)
        for state, _ in islice(updates_on(neuron, rule, theta, batch_of), self.updates):
            if state.update > self.updates // 2:
                total += (state.theta - best).square().sum(-1)
        mean = total.view(len(rates), self.seeds).mean(1) / (self.updates - self.updates // 2)
        return [float(x) for x in mean.sqrt()]

    def _shuffled(self, data: Dataset, best: Tensor, batch: int, rates: Sequence[float]) -> Trained:
        """Shuffled epochs, each row seen once an epoch, as many runs a rate as there are seeds."""
        return train(
            data,
            initial=best,
            penalty=self.penalty,
            learning_rate=run_column(rate for rate in rates for _ in range(self.seeds)),
            seed=[*self.orders(self.seeds)] * len(rates),
            shuffle=True,
            batch_size=batch,
            epochs=self.epochs,
        )

    def _last(self, rates: Sequence[float]) -> int:
        """The first run at the last rate, which is kept."""
        return (len(rates) - 1) * self.seeds

    def _strayed(self, done: Trained, best: Tensor, rates: Sequence[float]) -> list[float]:
        """The distance of every rate at the ends of epochs, over the second half of them."""
        away = (done.history.theta[self.epochs // 2 :] - best).square().sum(-1).mean(0)
        return [float(x) for x in away.view(len(rates), self.seeds).mean(1).sqrt()]

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The exponent of (rate / batch) in the squared distance must be 1 within a quarter."""
        _power, full = numbers["power"], numbers["full"]
        drawn, shuffled = numbers["drawn"], numbers["shuffled"]
        return (
            cls.verdict("ball", abs(_power - 1) < 0.25, power=_power),
            cls.verdict("full", full < 1e-6, distance=full),
            cls.answer("shuffled", lead(shuffled, drawn), drawn=drawn, shuffled=shuffled),
        )


def _power(numbers: Numbers, rates: Sequence[float], batches: Sequence[int]) -> float:
    """The slope of log(squared distance) over log(rate / batch), by least squares."""
    points = [
        (math.log(rate / batch), 2 * math.log(numbers[f"ball.{batch}.{rate:g}"]))
        for batch in batches
        for rate in rates
    ]
    x, y = torch.tensor(points, dtype=torch.float64).unbind(1)
    return float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum())
