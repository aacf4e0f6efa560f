"""How large may the learning rate be? Up to 2 / lambda_max, and not a step further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from soloneuron.data.synthetic import make_blobs
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.measuring import finite_or_none, optimum, run_column, whole_batch
from soloneuron.experiments.trained import train
from soloneuron.formulas.curvature import largest_curvature
from soloneuron.records.findings import Chart, Series, Sheet, Verdict

BELOW, ABOVE = 0.95, 1.05
"""Just below the limit, and just above it."""

_SHOWN_RATIOS = (0.5, BELOW, ABOVE, 3.0)
"""The rates of the table, in units of the limit."""


@dataclass(frozen=True)
class RateCliff(OnRows):
    """Full-batch descent at many rates around the limit, all in one tensor."""

    name = "rate_cliff"
    quick_sizes: ClassVar = {"rows": 100, "epochs": 1000, "count": 21}
    rows: int = 300
    epochs: int = 2000
    count: int = 81

    def measure(self) -> Measured:
        """The excess loss at the end, over the rate in units of 2 / lambda_max at the optimum."""
        data = make_blobs(self.rows, seed=self.seed) if self.data is None else self.data.even
        neuron = self.neuron()
        best, batch = optimum(data, neuron), whole_batch(data)
        limit = 2 / largest_curvature(neuron.hessian(best, batch))
        ratios = torch.logspace(-2, 1, self.count, dtype=torch.float64).tolist()
        done = train(
            data,
            initial=best + 0.5,
            penalty=self.penalty,
            learning_rate=limit * run_column([*ratios, *_SHOWN_RATIOS]),
            epochs=self.epochs,
            record_every=max(1, self.epochs // 100),
        )
        excess = (neuron.value(done.history.theta[-1], batch) - neuron.value(best, batch)).clamp(min=1e-16)
        values = excess.tolist()
        numbers = {"limit": limit}
        numbers |= {
            f"excess.{ratio:g}": x
            for ratio, x in zip(_SHOWN_RATIOS, values[-len(_SHOWN_RATIOS) :], strict=True)
        }
        line = Series(shared("excess"), tuple(ratios), tuple(map(finite_or_none, values[: self.count])))
        chart = Chart("lines", self.word("chart"), (line,), self.word("ratio"), shared("excess"), log="xy")
        table = tuple((ratio, ratio * limit, numbers[f"excess.{ratio:g}"]) for ratio in _SHOWN_RATIOS)
        heads = (self.word("ratio"), shared("rate"), shared("excess"))
        runs = {f"rate_{ratio:g}": done.run(self.count + k) for k, ratio in enumerate(_SHOWN_RATIOS)}
        return Measured(numbers, (Sheet(self.word("table"), heads, table),), (chart,), runs)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Just below the limit the excess is gone, just above it stays."""
        below, above = numbers[f"excess.{BELOW:g}"], numbers[f"excess.{ABOVE:g}"]
        fields = {"limit": numbers["limit"], "below": below, "above": above}
        fields |= {"slower": BELOW, "faster": ABOVE}
        return (cls.verdict("cliff", below < 1e-9 and not above <= 1e-6, **fields),)
