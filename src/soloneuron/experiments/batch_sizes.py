"""What does a batch size cost, in epochs and in updates, when each has its own best rate?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from soloneuron.data.makers import stretched
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.training import HOLD, column, finite, first_below, optimum, rows, told
from soloneuron.formulas.penalties import L2
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.api import fit

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)

LONGER = 10
"""Large batches get so many times the epochs."""

SHARE = 0.002
"""The target is reached when so little of the way down is left."""


@dataclass(frozen=True)
class BatchSizes(Experiment):
    """Epochs and updates until 99.8 % of the way down is done, on features of different widths."""

    name = "batch_sizes"
    rows: int = 1024
    epochs: int = 12
    sizes: tuple[int, ...] = (1, 8, 64, 512)
    seeds: int = 2
    data: Dataset | None = None

    def measure(self) -> Measured:
        """Every batch size at every rate of one grid, the best of them kept."""
        data, penalty = stretched(self.rows, seed=self.seed, factor=5.0), None
        if self.data is not None:
            data, penalty = self.data, L2(HOLD)
        batch, neuron, count = rows(data), Neuron(penalty=penalty), len(data.labels)
        least = float(neuron.value(optimum(data, neuron), batch))
        target = least + SHARE * (math.log(2) - least)
        grid = RATES if self.data is None else tuple(10 * rate for rate in RATES)
        rates = [rate for rate in grid for _ in range(self.seeds)]
        seeds = [*self.orders(self.seeds)] * len(RATES)
        numbers: dict[str, float] = {"most": LONGER * self.epochs, "rows": count}
        table, lines = [], []
        for size in (*(size for size in self.sizes if size < count), count):
            history = fit(
                data,
                penalty=penalty,
                learning_rate=column(rates),
                seed=seeds,
                shuffle=True,
                batch_size=size,
                epochs=self.epochs if size < 64 else LONGER * self.epochs,
            )
            values = neuron.value(history.theta, batch).view(len(history.theta), len(RATES), self.seeds)
            epochs = first_below(values, target).amax(-1)
            best = int(epochs.argmin())
            updates = float(epochs[best]) * math.ceil(count / size)
            numbers |= {f"epochs.{size}": float(epochs[best]), f"updates.{size}": updates}
            table.append((size, grid[best], finite(float(epochs[best])), finite(updates)))
            course = values[: self.epochs + 1, best] - least
            low, middle, high = (tuple(torch.quantile(course, q, dim=-1).tolist()) for q in (0.0, 0.5, 1.0))
            x = tuple(range(len(middle)))
            lines.append(Series(shared("batch", size=size), x, middle, low, high))
        heads = (shared("batch_size"), shared("best_rate"), shared("epochs"), shared("updates"))
        charts = (Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("excess"), "y"),)
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),), charts)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Fewest epochs and fewest updates: are they on opposite ends?"""
        sizes = sorted(int(name.partition(".")[2]) for name in numbers if name.startswith("epochs."))
        epochs = [numbers[f"epochs.{size}"] for size in sizes]
        updates = [numbers[f"updates.{size}"] for size in sizes]
        small, large = epochs[0], epochs[-1]
        most = numbers["most"]
        fields = {"small": told(small, most), "large": told(large, most)}
        steps = {"few": told(updates[-1], most), "many": told(updates[0], most * numbers["rows"])}
        return (
            cls.verdict("epochs", small < large, **fields),
            cls.verdict("updates", updates[-1] < updates[0], **steps),
        )
