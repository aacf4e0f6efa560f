"""When one class is rare, does another loss help? No; weights of classes do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from soloneuron.data.makers import imbalanced
from soloneuron.data.preparation import hold_out
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.noisy_labels import FEWEST
from soloneuron.experiments.rows import OwnData
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Sheet, Verdict
from soloneuron.shapes import Theta
from soloneuron.texts.phrases import Phrase
from soloneuron.training.api import fit

LOSSES = ("nll", "mse")

RARE = 0.2
"""A class is rare with so many of somebody's rows or fewer."""


@dataclass(frozen=True)
class Imbalance(OnRows):
    """Balanced accuracy, the mean of the two classes' shares of right answers, on new rows."""

    name = "imbalance"
    own_sizes: ClassVar = {"repeats": 5, "epochs": 1000}
    rows: int = 1000
    share: float = 0.05
    epochs: int = 3000
    rate: float = 1.0
    repeats: int = 1

    def measure(self) -> Measured:
        """Both losses, with and without balanced weights."""
        parts = [self._parts(self.seed + k) for k in range(self.repeats)]
        share = self.share if self.data is None else self.data.smaller_class / self.data.count
        numbers: dict[str, float] = {"share": share}
        table = []
        for kind, weight in (("plain", None), ("balanced", "balanced")):
            for loss in LOSSES:
                shares = [self._share(data, test, loss=loss, class_weight=weight) for data, test in parts]
                found = sum(shares) / len(shares)
                numbers[f"{kind}.{loss}"] = found
                table.append((loss.upper(), self.word(kind), found))
        heads = (shared("loss"), self.word("weights"), self.word("balanced_accuracy"))
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),))

    def _parts(self, seed: int) -> tuple[Dataset, Dataset]:
        """Rows to learn from and new rows."""
        if self.data is not None:
            return hold_out(self.data.even, 1 / 3, seed=seed)
        test = imbalanced(20 * self.rows, seed=seed + 1, share=self.share)
        return imbalanced(self.rows, seed=seed, share=self.share), test

    def _share(self, data: Dataset, test: Dataset, **options: Any) -> float:
        """Balanced accuracy on new rows after a training."""
        times = {"epochs": self.epochs, "record_every": self.epochs}
        rate = self.pace(self.rate)
        history = fit(data, learning_rate=rate, penalty=self.penalty, **times, **options)
        return balanced_accuracy(test, history.theta[-1])

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Classes that are about as large, or too few rows of the rare one."""
        if own.smaller_class < FEWEST:
            return shared("too_few", count=own.smaller_class, least=FEWEST)
        share = own.smaller_class / own.count
        return cls.word("not_asked", share=100 * share, most=100 * RARE) if share > RARE else None

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The difference between losses beside the difference that weights make."""
        nll, mse = numbers["plain.nll"], numbers["plain.mse"]
        weighted = numbers["balanced.nll"]
        return (
            cls.verdict("loss", abs(nll - mse) < 0.05, nll=nll, mse=mse, share=100 * numbers["share"]),
            cls.verdict("weights", weighted > nll + 0.05, plain=nll, weighted=weighted),
        )


def balanced_accuracy(data: Dataset, theta: Theta) -> float:
    """The mean over classes of the share of right answers."""
    said = Neuron().logits(theta, data.features) > 0
    ones = data.labels > 0.5
    return float((said[ones].double().mean() + (~said[~ones]).double().mean()) / 2)
