"""When data repeat themselves, who notices first? Whoever does not have to read them all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from soloneuron.data.batches import dice
from soloneuron.data.makers import duplicates
from soloneuron.experiments.base import LEAD, Measured, Numbers, OnRows, shared
from soloneuron.experiments.keeping import trained
from soloneuron.experiments.rows import OwnData
from soloneuron.experiments.training import column, finite, optimum, rows, told
from soloneuron.optimizers import GradientDescent
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.records.findings import Sheet, Verdict
from soloneuron.texts.phrases import Phrase

RATES = (0.1, 0.3, 1.0, 3.0, 10.0)

LEFT = 0.05
"""The target is reached when so little of the way down is left."""

OFTEN = 10
"""So many times somebody's rows must repeat on average."""


@dataclass(frozen=True)
class Duplicates(OnRows):
    """Rows read until the loss is within five percent of the optimum, on a few rows repeated many times."""

    name = "duplicates"
    rows: int = 10_000
    different: int = 20
    most: int = 40

    def measure(self) -> Measured:
        """Full batch, mini-batches of 64 and single rows, each at its best rate of one grid."""
        neuron, data = self.neuron(), self._data()
        count = len(data.labels)
        least = float(neuron.value(optimum(data, neuron), rows(data)))
        start = math.log(2)
        target = least + LEFT * (start - least)
        numbers: dict[str, float] = {"rows": count, "most": self.most * count}
        table, runs = [], {}
        for size in (1, 64, count):
            read = self._rows_read(rows(data), size, target)
            best = int(read.argmin())
            numbers[f"read.{size}"] = float(read[best])
            table.append((size, RATES[best], finite(float(read[best]))))
            epochs = min(float(self.most), math.ceil(read[best] / count)) if read[best].isfinite() else 1
            options = {"learning_rate": RATES[best], "batch_size": size, "epochs": int(epochs)}
            runs[f"batch_{size}"] = trained(data, penalty=self.penalty, **options)
        numbers |= {"single": numbers["read.1"], "full": numbers[f"read.{count}"]}
        heads = (shared("batch_size"), shared("best_rate"), shared("rows_read"))
        title = self.word("table", done=100 * (1 - LEFT))
        return Measured(numbers, (Sheet(title, heads, tuple(table)),), runs=runs)

    def _data(self) -> Dataset:
        """Rows in a random order; a file may have them sorted."""
        if self.data is None:
            return duplicates(self.rows, seed=self.seed, different=self.different)
        data = self.data.even
        order = torch.randperm(len(data.labels), generator=dice(self.seed))
        return replace(data, features=data.features[order], labels=data.labels[order])

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Rows that hardly repeat."""
        different = len(torch.cat([own.even.features, own.even.labels[:, None]], 1).unique(dim=0))
        often = own.count / different
        fields = {"rows": own.count, "different": different, "often": OFTEN}
        return None if often >= OFTEN else cls.word("not_asked", **fields)

    def _rows_read(self, data: Batch, size: int, target: float) -> Tensor:
        """For each rate the rows read until the target; the loss is looked at after every 20 rows or more."""
        neuron, rule, count = self.neuron(), GradientDescent(learning_rate=column(RATES)), len(data.labels)
        theta = torch.zeros(len(RATES), data.features.shape[1] + 1, dtype=torch.float64)
        state, read = rule.start(theta), torch.full((len(RATES),), math.inf, dtype=torch.float64)
        total = self.most * count if size == count else count
        for step in range(1, total // size + 1):
            first = (step - 1) * size % count
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
        single, full, rows = (numbers[name] for name in ("single", "full", "rows"))
        ratio = full / single if math.isfinite(full) and math.isfinite(single) else math.nan
        fields = {"single": told(single, rows, "rows"), "full": told(full, numbers["most"], "rows")}
        return (cls.verdict("rows", ratio > LEAD, **fields, ratio=round(ratio) if ratio > 2 else ratio),)
