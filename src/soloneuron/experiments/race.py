"""Which optimizer is the fastest on real data, if each may choose its rate from the same grid?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from soloneuron.data.bundled import breast_cancer
from soloneuron.experiments.base import Experiment, Measured, Numbers, method
from soloneuron.experiments.condition import standardized
from soloneuron.experiments.surface_race import METHODS, ranking, sensitivity
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Verdict
from soloneuron.training.compare import compare

RATES = tuple(10 ** (k / 4) for k in range(-14, 4))


@dataclass(frozen=True)
class Race(Experiment):
    """Same start, same batches, one grid of rates, several orders of rows, cost in gradient evaluations."""

    name = "race"
    epochs: int = 15
    batch: int = 32
    seeds: int = 3
    share: float = 0.02
    data: Dataset | None = None

    def measure(self) -> Measured:
        """Ten methods on the breast cancer data, or on somebody's own, standardized."""
        found = compare(
            standardized(breast_cancer()) if self.data is None else self.data,
            METHODS,
            steps=self.epochs,
            rates=RATES,
            seeds=self.orders(self.seeds),
            share=self.share,
            batch_size=self.batch if self.data is None else min(self.batch, len(self.data.labels)),
        )
        numbers: dict[str, float] = {"seeds": self.seeds, "own": float(self.data is not None)}
        for entry in found.entries:
            low, high = entry.band
            numbers |= {f"cost.{entry.optimizer}": entry.best_steps, f"works.{entry.optimizer}": entry.share}
            numbers |= {f"low.{entry.optimizer}": low, f"high.{entry.optimizer}": high}
        return Measured(numbers, (ranking(found),), (sensitivity(found),))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """A winner is 1.3 times faster and its band lies below; else there is none."""
        ranked = sorted(METHODS, key=lambda name: numbers[f"cost.{name}"])
        first, second = ranked[:2]
        one, other = numbers[f"cost.{first}"], numbers[f"cost.{second}"]
        clear = other >= 1.3 * one and numbers[f"low.{second}"] > numbers[f"high.{first}"]
        near = [name for name in METHODS if numbers[f"cost.{name}"] < 1.3 * one]
        where = cls.word("yours" if numbers["own"] else "cancer")
        names = {"first": method(first), "second": method(second), "where": where}
        costs = {"near": len(near), "one": one, "other": other}
        easy = max(METHODS, key=lambda name: numbers[f"works.{name}"])
        share = numbers[f"works.{easy}"]
        plain = numbers["works.gradient_descent"]
        return (
            cls.verdict("winner", math.isfinite(one) and clear, **costs, **names),
            cls.verdict("easy", share > plain, easy=method(easy), share=100 * share, plain=100 * plain),
        )
