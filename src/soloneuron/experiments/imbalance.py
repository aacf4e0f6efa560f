"""When one class is rare, does another loss help? No; weights of classes do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from soloneuron.data.preparation import hold_out
from soloneuron.data.synthetic import make_imbalanced
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.repeats import (
    FEWEST_TEST_ROWS,
    TEST_SEEDS,
    difference_range,
    negligible,
    range_fields,
)
from soloneuron.experiments.trained import train_run
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.shapes import Theta
from soloneuron.texts.phrases import Phrase

_LOSSES = ("nll", "mse")

_FELT = 0.05
"""A smaller difference in balanced accuracy is none."""

_RARE = 0.2
"""A class is rare with so many of somebody's rows or fewer."""


@dataclass(frozen=True)
class Imbalance(OnRows):
    """Balanced accuracy, the mean of the two classes' shares of right answers, on new rows."""

    name = "imbalance"
    untested = frozenset({"loss"})
    own_sizes: ClassVar = {"repeats": 5, "epochs": 1000}
    rows: int = 1000
    share: float = 0.05
    epochs: int = 600
    rate: float = 1.0
    repeats: int = 3

    def measure(self) -> Measured:
        """Both losses, with and without balanced weights."""
        parts = [self._parts(seed) for seed in self.orders(self.repeats)]
        share = self.share if self.data is None else self.data.smaller_class / self.data.count
        numbers: dict[str, float] = {"share": share, "repeats": self.repeats}
        table, found = [], {}
        runs: dict[str, RunRecord] = {}
        for kind, weight in (("plain", None), ("balanced", "balanced")):
            for loss in _LOSSES:
                name, shares = f"{kind}.{loss}", []
                for data, test in parts:
                    run = self._run(data, loss=loss, class_weight=weight)
                    runs.setdefault(name.replace(".", "_"), run)
                    shares.append(balanced_accuracy(test, run.history.theta[-1]))
                found[name], numbers[name] = shares, sum(shares) / len(shares)
                table.append((loss.upper(), self.word(kind), numbers[name]))
        numbers |= difference_range("loss", found["plain.nll"], found["plain.mse"])
        numbers |= difference_range("weights", found["balanced.nll"], found["plain.nll"])
        heads = (shared("loss"), self.word("weights"), self.word("balanced_accuracy"))
        flat = parts[0][0].features.shape[1] == 2
        surfaces = Chart("surfaces", self.word("chart"), runs=("plain_nll", "balanced_nll"))
        sheet = Sheet(self.word("table"), heads, tuple(table))
        return Measured(numbers, (sheet,), (surfaces,) if flat else (), runs)

    def _parts(self, seed: int) -> tuple[Dataset, Dataset]:
        """Rows to learn from and new rows."""
        if self.data is not None:
            return hold_out(self.data.even, 1 / 3, seed=seed)
        test = make_imbalanced(10 * self.rows, seed=seed + TEST_SEEDS, share=self.share)
        return make_imbalanced(self.rows, seed=seed, share=self.share), test

    def _run(self, data: Dataset, **options: Any) -> RunRecord:
        """One training."""
        times = {"epochs": self.epochs, "record_every": max(1, self.epochs // 100)}
        return train_run(data, learning_rate=self.pace(self.rate), penalty=self.penalty, **times, **options)

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Classes that are about as large, or too few rows of the rare one."""
        if own.smaller_class < FEWEST_TEST_ROWS:
            return shared("too_few", count=own.smaller_class, least=FEWEST_TEST_ROWS)
        share = own.smaller_class / own.count
        return cls.word("not_asked", share=100 * share, most=100 * _RARE) if share > _RARE else None

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The difference between losses beside the difference that weights make, over all repeats."""
        nll, mse, weighted = (numbers[name] for name in ("plain.nll", "plain.mse", "balanced.nll"))
        fields = {"nll": nll, "mse": mse, "share": 100 * numbers["share"]}
        gain = "yes" if numbers["weights.low"] > 0 and weighted - nll > _FELT else "no"
        gain = "reversed" if numbers["weights.high"] < 0 and nll - weighted > _FELT else gain
        return (
            cls.answer("loss", negligible("loss", numbers, _FELT), **fields, **range_fields("loss", numbers)),
            cls.answer("weights", gain, plain=nll, weighted=weighted, **range_fields("weights", numbers)),
        )


def balanced_accuracy(data: Dataset, theta: Theta) -> float:
    """The mean over classes of the share of right answers."""
    said = Neuron().logits(theta, data.features) > 0
    ones = data.labels > 0.5
    return float((said[ones].double().mean() + (~said[~ones]).double().mean()) / 2)
