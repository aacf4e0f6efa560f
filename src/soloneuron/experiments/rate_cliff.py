"""How large may the learning rate be? Up to 2 / lambda_max, and not a step further."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from soloneuron.data.makers import blobs
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.training import column, optimum, rows
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.api import fit


@dataclass(frozen=True)
class RateCliff(OnRows):
    """Full-batch descent at many rates around the limit, all in one tensor."""

    name = "rate_cliff"
    rows: int = 300
    epochs: int = 2000
    count: int = 81

    def measure(self) -> Measured:
        """The excess loss at the end, over the rate in units of 2 / lambda_max at the optimum."""
        data = blobs(self.rows, seed=self.seed) if self.data is None else self.data.even
        neuron = self.neuron()
        best, batch = optimum(data, neuron), rows(data)
        limit = 2 / float(torch.linalg.eigvalsh(neuron.hessian(best, batch))[-1])
        ratios = torch.logspace(-2, 1, self.count, dtype=torch.float64).tolist()
        told = (0.5, 0.95, 1.05, 3.0)
        history = fit(
            data,
            initial=best + 0.5,
            penalty=self.penalty,
            learning_rate=limit * column([*ratios, *told]),
            epochs=self.epochs,
            record_every=self.epochs,
        )
        excess = (neuron.value(history.theta[-1], batch) - neuron.value(best, batch)).clamp(min=1e-16)
        values = excess.tolist()
        numbers = {"limit": limit}
        numbers |= {f"excess.{ratio:g}": x for ratio, x in zip(told, values[-len(told) :], strict=True)}
        line = Series(shared("excess"), tuple(ratios), tuple(values[: self.count]))
        chart = Chart("lines", self.word("chart"), (line,), self.word("ratio"), shared("excess"), log="xy")
        table = tuple((ratio, ratio * limit, numbers[f"excess.{ratio:g}"]) for ratio in told)
        heads = (self.word("ratio"), shared("rate"), shared("excess"))
        return Measured(numbers, (Sheet(self.word("table"), heads, table),), (chart,))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Just below the limit the excess is gone, just above it stays."""
        below, above = numbers["excess.0.95"], numbers["excess.1.05"]
        fields = {"limit": numbers["limit"], "below": below, "above": above}
        return (cls.verdict("cliff", below < 1e-9 and above > 1e-6, **fields),)
