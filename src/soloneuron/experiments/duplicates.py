"""When data repeat themselves, who notices first? Whoever does not have to read them all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice

import torch
from torch import Tensor

from soloneuron.data.seeding import generator_for
from soloneuron.data.synthetic import make_duplicates
from soloneuron.experiments.base import Measured, Numbers, OnRows, lead, shared
from soloneuron.experiments.measuring import (
    count_phrase,
    finite_or_none,
    optimum,
    run_column,
    updates_on,
    whole_batch,
)
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.arrival import arrival
from soloneuron.optimizers import GradientDescent
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.texts.phrases import Phrase, Said

_RATES = (0.1, 0.3, 1.0, 3.0, 10.0)

LEFT = 0.05
"""The target is reached when so little of the way down is left."""

BEYOND = 4.0
"""A line is drawn for so many times the rows that it takes to the target."""
OFTEN = 10
"""So many times somebody's rows must repeat on average."""


@dataclass(frozen=True)
class Duplicates(OnRows):
    """Rows read until the loss is within five percent of the optimum, on a few rows repeated many times.

    The loss is the median over several orders of the rows: one order may touch the target by luck.
    """

    name = "duplicates"
    rows: int = 5000
    different: int = 20
    most: int = 40
    seeds: int = 9

    def measure(self) -> Measured:
        """Full batch, mini-batches of 64 and single rows, each at its best rate of one grid."""
        neuron, data = self.neuron(), self._data()
        count = len(data.labels)
        least = float(neuron.value(optimum(data, neuron), whole_batch(data)))
        target = least + LEFT * (math.log(2) - least)
        numbers: dict[str, float] = {"rows": count, "most": self.most * count}
        table, lines, runs = [], [], {}
        for size in (*(size for size in (1, 64) if size < count), count):
            checks, values = self._curves(whole_batch(data), size)
            read = (arrival(values <= target) + 1) * checks[0]
            best = int(read.argmin())
            numbers[f"read.{size}"] = float(read[best])
            table.append((size, _RATES[best], finite_or_none(float(read[best]))))
            shown = sum(check <= BEYOND * float(read[best]) for check in checks)
            curve = (values[:shown, best] - least).clamp(min=1e-16)
            lines.append(Series(shared("batch", size=size), checks[:shown], tuple(curve.tolist())))
            epochs = int(min(self.most, math.ceil(read[best] / count))) if read[best].isfinite() else 1
            options = {"learning_rate": _RATES[best], "batch_size": size, "epochs": epochs}
            runs[f"batch_{size}"] = train_run(data, penalty=self.penalty, **options)
        numbers |= {"single": numbers["read.1"], "full": numbers[f"read.{count}"]}
        heads = (shared("batch_size"), shared("best_rate"), shared("rows_read"))
        sheet = Sheet(self.word("table", done=100 * (1 - LEFT), count=self.seeds), heads, tuple(table))
        ends = (min(line.x[0] for line in lines), max(line.x[-1] for line in lines))
        lines.append(Series(self.word("target"), ends, (target - least, target - least)))
        words = shared("rows_read"), shared("excess")
        chart = Chart("lines", self.word("chart", count=self.seeds), tuple(lines), *words, log="xy")
        return Measured(numbers, (sheet,), (chart,), runs)

    def _data(self) -> Dataset:
        """Rows in a random order; a file may have them sorted."""
        if self.data is None:
            return make_duplicates(self.rows, seed=self.seed, different=self.different)
        data = self.data.even
        order = torch.randperm(len(data.labels), generator=generator_for(self.seed))
        return replace(data, features=data.features[order], labels=data.labels[order])

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Rows that hardly repeat."""
        different = len(torch.cat([own.even.features, own.even.labels[:, None]], 1).unique(dim=0))
        often = own.count / different
        fields = {"rows": own.count, "different": different, "often": OFTEN}
        return None if often >= OFTEN else cls.word("not_asked", **fields)

    def _curves(self, data: Batch, size: int) -> tuple[tuple[float, ...], Tensor]:
        """The rows read at every look, and there the median loss of every rate, (looks, rates).

        Looks are as far apart as the first is from the start.
        """
        count, seeds = len(data.labels), self.seeds if size < len(data.labels) else 1
        orders = torch.stack(
            [torch.randperm(count, generator=generator_for(seed)) for seed in self.orders(seeds)]
        )
        orders = orders.repeat(len(_RATES), 1)

        def batch_of(update: int) -> Batch:
            taken = orders[:, (torch.arange(size) + update * size) % count]
            return data if size == count else Batch(data.features[taken], data.labels[taken])

        neuron = self.neuron()
        rule = GradientDescent(learning_rate=run_column(r for r in _RATES for _ in range(seeds)))
        theta = torch.zeros(len(orders), data.features.shape[1] + 1, dtype=torch.float64)
        steps = (self.most * count if size == count else count) // size
        checks: list[float] = []
        values: list[Tensor] = []
        for state, _ in islice(updates_on(neuron, rule, theta, batch_of), steps):
            read = state.update * size
            if read % self.different == 0 or size > 1:
                checks.append(float(read))
                values.append(neuron.value(state.theta, data).view(len(_RATES), seeds).median(1).values)
        return tuple(checks), torch.stack(values)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The ratio of rows read."""
        single, full, rows = (numbers[name] for name in ("single", "full", "rows"))
        fields: dict[str, Said] = {
            "single": count_phrase(single, rows, "rows"),
            "full": count_phrase(full, numbers["most"], "rows"),
        }
        # Single rows are read once at most: beyond that nothing is known of them.
        answer = lead(single, full) if math.isfinite(single) or full <= rows else "unknown"
        if answer == "yes" and math.isinf(full):
            return (Verdict("rows", True, cls.word("rows_only", **fields)),)
        if answer == "yes":
            ratio = full / single
            fields["ratio"] = round(ratio) if ratio > 2 else ratio
        return (cls.answer("rows", answer, **fields),)
