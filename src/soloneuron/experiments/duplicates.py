"""When data repeat themselves, who notices first? Whoever does not have to read them all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.data.makers import duplicates
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.training import column, finite, optimum, rows
from soloneuron.neuron import Neuron
from soloneuron.optimizers import GradientDescent
from soloneuron.records.dataset import Batch
from soloneuron.records.findings import Sheet, Verdict

RATES = (0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Duplicates(Experiment):
    """Rows read until the loss is within five percent of the optimum, on a few rows repeated many times."""

    name = "duplicates"
    rows: int = 10_000
    different: int = 20
    most: int = 40

    def measure(self) -> Measured:
        """Full batch, mini-batches of 64 and single rows, each at its best rate of one grid."""
        data = duplicates(self.rows, seed=self.seed, different=self.different)
        least = float(Neuron().value(optimum(data), rows(data)))
        start = math.log(2)
        target = least + 0.05 * (start - least)
        numbers, table = {}, []
        for size in (1, 64, self.rows):
            read = self._rows_read(rows(data), size, target)
            best = int(read.argmin())
            numbers[f"rows.{size}"] = float(read[best])
            table.append((size, RATES[best], finite(float(read[best]))))
        numbers |= {"single": numbers["rows.1"], "full": numbers[f"rows.{self.rows}"]}
        heads = (shared("batch_size"), shared("best_rate"), shared("rows_read"))
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),))

    def _rows_read(self, data: Batch, size: int, target: float) -> Tensor:
        """For each rate the rows read until the target; the loss is looked at after every 20 rows or more."""
        neuron, rule = Neuron(), GradientDescent(learning_rate=column(RATES))
        theta = torch.zeros(len(RATES), 3, dtype=torch.float64)
        state, read = rule.start(theta), torch.full((len(RATES),), math.inf, dtype=torch.float64)
        total = self.most * self.rows if size == self.rows else self.rows
        for step in range(1, total // size + 1):
            first = (step - 1) * size % self.rows
            X, y, _ = data
            part = Batch(X[first : first + size], y[first : first + size])
            rule.step(theta, neuron.value_and_gradient(theta, part)[1], state)
            if step * size % self.different == 0 or size > 1:
                reached = neuron.value(theta, data) <= target
                read = torch.where(reached & read.isinf(), float(step * size), read)
                if read.isfinite().all():
                    break
        return read

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The ratio of rows read."""
        single, full = numbers["single"], numbers["full"]
        ratio = full / single if math.isfinite(full) and math.isfinite(single) else math.nan
        return (cls.verdict("rows", ratio > 1.3, single=single, full=full, ratio=ratio),)
