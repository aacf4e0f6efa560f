"""What does a batch size cost, in epochs and in updates, when each has its own best rate?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.data.synthetic import OVERLAPPING, make_stretched
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.measuring import (
    count_phrase,
    finite_or_none,
    first_below,
    optimum,
    run_column,
    whole_batch,
)
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.ordering import clearly_less
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.prepare import prepare

_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)

OWN_RATES = (0.005, *(10 * rate for rate in _RATES[1::2]), 50.0, 200.0)
"""Somebody's own features are standardized and bear larger rates."""

LONGER = 10
"""So many times the epochs that are drawn may pass until the target."""

_SHARE = 0.002
"""The target is reached when so little of the way down is left, by the median over seeds,"""

_HELD = 3
"""and stays so for so many epochs running: one dip below it may be luck."""


@dataclass(frozen=True)
class BatchSizes(OnRows):
    """Epochs and updates until 99.8 % of the way down is done, on features of different widths."""

    name = "batch_sizes"
    rows: int = 1024
    epochs: int = 12
    sizes: tuple[int, ...] = (1, 8, 64, 512)
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
        numbers: dict[str, float] = {"most": LONGER * self.epochs, "rows": count}
        table, lines, runs = [], [], {}
        for size in (*(size for size in self.sizes if size < count), count):
            values = self._curves(data, size, grid, target)
            reached = first_below(held(values), target)
            best = int(reached.argmin())
            epochs = float(reached[best])
            updates = epochs * math.ceil(count / size)
            numbers |= {f"epochs.{size}": epochs, f"updates.{size}": updates}
            rate = grid[best] if math.isfinite(epochs) else None
            table.append((size, rate, finite_or_none(epochs), finite_or_none(updates)))
            excess = values[: self.epochs + 1, best] - least
            low, middle, high = (tuple(torch.quantile(excess, q, dim=-1).tolist()) for q in (0.0, 0.5, 1.0))
            x = tuple(range(len(middle)))
            options = {"learning_rate": grid[best], "batch_size": size, "epochs": len(values) - 1}
            orders = {"shuffle": True, "seed": self.orders(self.seeds)[0]}
            runs[f"batch_{size}"] = train_run(data, penalty=self.penalty, **options, **orders)
            lines.append(Series(shared("batch", size=size), x, middle, low, high))
        heads = (shared("batch_size"), shared("best_rate"), shared("epochs"), shared("updates"))
        charts = (Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("excess"), "y"),)
        title = self.word("table", done=100 * (1 - _SHARE))
        return Measured(numbers, (Sheet(title, heads, tuple(table)),), charts, runs)

    def _curves(self, data: Dataset, size: int, grid: Sequence[float], target: float) -> Tensor:
        """The loss over all rows after every epoch, (epochs + 1, rates, seeds), until a rate is there."""
        training = prepare(
            data,
            penalty=self.penalty,
            learning_rate=run_column(rate for rate in grid for _ in range(self.seeds)),
            seed=[*self.orders(self.seeds)] * len(grid),
            shuffle=True,
            batch_size=size,
            epochs=LONGER * self.epochs,
        )
        plan = training.plan
        values = [plan.objective.value(training.state.theta, plan.data)]
        for step in training.steps():
            values.append(plan.objective.value(step.state.theta, plan.data))
            lately = torch.stack(values[-_HELD:]).view(-1, len(grid), self.seeds)
            if len(values) > max(self.epochs, _HELD) and (held(lately) <= target).any():
                break
        return torch.stack(values).view(len(values), len(grid), self.seeds)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Fewest epochs and fewest updates: are they on opposite ends? Who does not arrive saves nothing."""
        sizes = sorted(int(name.partition(".")[2]) for name in numbers if name.startswith("epochs."))
        epochs = [numbers[f"epochs.{size}"] for size in sizes]
        updates = [numbers[f"updates.{size}"] for size in sizes]
        small, large = epochs[0], epochs[-1]
        most = numbers["most"]
        fields = {"small": count_phrase(small, most, "epochs"), "large": count_phrase(large, most, "epochs")}
        few = count_phrase(updates[-1], most, "updates")
        steps = {"few": few, "many": count_phrase(updates[0], most * numbers["rows"], "updates")}
        return (
            cls.verdict("epochs", math.isfinite(small) and clearly_less(small, large), **fields),
            cls.verdict("updates", math.isfinite(large) and clearly_less(updates[-1], updates[0]), **steps),
        )


def held(values: Tensor) -> Tensor:
    """The largest of the medians over seeds from an epoch on, of so many epochs running: (epochs, rates)."""
    middle = values.median(-1).values
    return middle.unfold(0, _HELD, 1).amax(-1)
