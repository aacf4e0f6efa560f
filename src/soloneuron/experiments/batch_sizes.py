"""What does a batch size cost, in epochs and in updates, when each has its own best rate?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from soloneuron.data.synthetic import OVERLAPPING, make_stretched
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.measuring import (
    count_phrase,
    finite_or_none,
    optimum,
    run_column,
    whole_batch,
)
from soloneuron.experiments.repeats import ANSWER_OF_ORDER, order_of, repeated, repeats_of
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.arrival import arrival
from soloneuron.formulas.ordering import Order, paired
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.prepare import prepare

_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)

OWN_RATES = (0.005, *(10 * rate for rate in _RATES[1::2]), 50.0, 200.0)
"""Somebody's own features are standardized and bear larger rates."""

_SHARE = 0.01
"""The target is reached when so little of the way down is left, and stays so."""


@dataclass(frozen=True)
class BatchSizes(OnRows):
    """Epochs and updates until 99.8 % of the way down is done, on features of different widths."""

    name = "batch_sizes"
    quick_sizes: ClassVar = {"rows": 128, "epochs": 20, "sizes": (1, 16), "seeds": 2}
    own_quick_sizes: ClassVar = {"epochs": 4}
    rows: int = 440
    epochs: int = 28
    sizes: tuple[int, ...] = (1, 16, 128)
    seeds: int = 5

    def measure(self) -> Measured:
        """Every batch size at every rate of one grid, the best of them kept."""
        data = (
            make_stretched(self.rows, seed=self.seed, factor=5.0, distance=OVERLAPPING)
            if self.data is None
            else self.data.even
        )
        neuron, count = self.neuron(), len(data.labels)
        least = float(neuron.value(optimum(data, neuron), whole_batch(data)))
        target = least + _SHARE * (math.log(2) - least)
        grid = _RATES if self.data is None else OWN_RATES
        numbers: dict[str, float] = {"most": self.epochs, "rows": count}
        table, lines, runs = [], [], {}
        for size in (*(size for size in self.sizes if size < count), count):
            values = self._curves(data, size, grid)
            since = arrival(values <= target)
            best = int(since.median(-1).values.argmin())
            epochs = float(since[best].median())
            numbers |= repeated(f"epochs.{size}", since[best].tolist())
            updates = epochs * math.ceil(count / size)
            numbers |= {f"epochs.{size}": epochs, f"updates.{size}": updates}
            rate = grid[best] if math.isfinite(epochs) else None
            table.append((size, rate, finite_or_none(epochs), finite_or_none(updates)))
            excess = values[:, best] - least
            low, middle, high = (tuple(torch.quantile(excess, q, dim=-1).tolist()) for q in (0.0, 0.5, 1.0))
            x = tuple(range(len(middle)))
            options = {"learning_rate": grid[best], "batch_size": size, "epochs": self.epochs}
            orders = {"shuffle": True, "seed": self.orders(self.seeds)[0]}
            runs[f"batch_{size}"] = train_run(data, penalty=self.penalty, **options, **orders)
            lines.append(Series(shared("batch", size=size), x, middle, low, high))
        heads = (shared("batch_size"), shared("best_rate"), shared("epochs"), shared("updates"))
        charts = (Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("excess"), "y"),)
        title = self.word("table", done=100 * (1 - _SHARE))
        return Measured(numbers, (Sheet(title, heads, tuple(table)),), charts, runs)

    def _curves(self, data: Dataset, size: int, grid: Sequence[float]) -> Tensor:
        """The loss over all rows after every epoch, (epochs + 1, rates, seeds)."""
        training = prepare(
            data,
            penalty=self.penalty,
            learning_rate=run_column(rate for rate in grid for _ in range(self.seeds)),
            seed=[*self.orders(self.seeds)] * len(grid),
            shuffle=True,
            batch_size=size,
            epochs=self.epochs,
        )
        return training.run().values().view(-1, len(grid), self.seeds)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Fewest epochs and fewest updates: are they on opposite ends? Who does not arrive saves nothing."""
        sizes = sorted(int(name.split(".")[1]) for name in numbers if name.startswith("updates."))
        small, large = sizes[0], sizes[-1]
        most, rows = numbers["most"], numbers["rows"]
        epochs = [count_phrase(numbers[f"epochs.{size}"], most, "epochs") for size in (small, large)]
        few, many = (
            count_phrase(numbers[f"updates.{size}"], most * math.ceil(rows / size), "updates")
            for size in (large, small)
        )
        reading = order_of(f"epochs.{small}", f"epochs.{large}", numbers)
        moving = cls._moving(numbers, small, large)
        return (
            cls.answer("epochs", ANSWER_OF_ORDER[reading], small=epochs[0], large=epochs[1]),
            cls.answer("updates", ANSWER_OF_ORDER[moving], few=few, many=many),
        )

    @classmethod
    def _moving(cls, numbers: Numbers, small: int, large: int) -> Order:
        """Which of two sizes needs fewer updates; who does not arrive needs more than its budget had."""
        per_epoch = {size: math.ceil(numbers["rows"] / size) for size in (small, large)}
        many, few = (
            [epochs * per_epoch[size] for epochs in repeats_of(f"epochs.{size}", numbers)]
            for size in (small, large)
        )
        order = paired(few, many)
        budget = numbers["most"] * per_epoch[large]
        if order == "more" and paired([min(updates, budget) for updates in few], many) != "more":
            return "unclear"
        return order
