"""When labels are wrong by chance, does the choice of loss change the answers, or the trust in them?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import torch

from soloneuron.data.batches import dice
from soloneuron.data.makers import label_noise
from soloneuron.data.preparation import hold_out
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.rows import OwnData
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.metrics import metrics
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.texts.phrases import Phrase
from soloneuron.training.api import fit

SHARES = (0.0, 0.1, 0.2, 0.3)
LOSSES = ("nll", "mse", "mae")

FEWEST = 15
"""So many rows somebody's smaller class must have for a third of them to test anything."""


@dataclass(frozen=True)
class NoisyLabels(OnRows):
    """Train on labels turned over by chance, measure on new rows: accuracy on true labels, calibration.

    Of somebody's own rows two thirds train and one third is new, in as many splits as ``repeats`` says.
    """

    name = "label_noise"
    own_sizes: ClassVar = {"repeats": 4, "epochs": 500}
    rows: int = 400
    tested: int = 4000
    epochs: int = 1500
    rate: float = 1.0
    repeats: int = 1

    def measure(self) -> Measured:
        """Every share of wrong labels, every loss."""
        numbers: dict[str, float] = {}
        table = []
        for share in SHARES:
            for loss in LOSSES:
                found = [self._measured(loss, share, self.seed + k) for k in range(self.repeats)]
                right, trust = (sum(column) / len(column) for column in zip(*found, strict=True))
                numbers |= {f"accuracy.{loss}.{share:g}": right, f"calibration.{loss}.{share:g}": trust}
            kinds = [(kind, loss) for loss in LOSSES for kind in ("accuracy", "calibration")]
            table.append((share, *(numbers[f"{kind}.{loss}.{share:g}"] for kind, loss in kinds)))
        heads = [self.word(x, loss=loss.upper()) for loss in LOSSES for x in ("accuracy", "calibration")]
        lines = tuple(
            Series(loss.upper(), SHARES, tuple(numbers[f"calibration.{loss}.{share:g}"] for share in SHARES))
            for loss in LOSSES
        )
        chart = Chart("lines", self.word("chart"), lines, self.word("share"), shared("calibration"))
        sheet = Sheet(self.word("table"), (self.word("share"), *heads), tuple(table))
        return Measured(numbers, (sheet,), (chart,))

    def _measured(self, loss: str, share: float, seed: int) -> tuple[float, float]:
        """Accuracy on true labels and calibration on noisy ones, both on new rows."""
        data, noisy, clean = self._parts(share, seed)
        options = {"epochs": self.epochs, "record_every": self.epochs, "penalty": self.penalty}
        history = fit(data, loss=loss, learning_rate=self.pace(self.rate), **options)
        p = Neuron(as_loss(loss)).probabilities(history.theta[-1], noisy.features)
        return metrics(p, clean.labels).accuracy, metrics(p, noisy.labels).calibration_error

    def _parts(self, share: float, seed: int) -> tuple[Dataset, Dataset, Dataset]:
        """Rows to learn from, new rows as noisy, the same new rows with true labels."""
        if self.data is None:
            data = label_noise(self.rows, seed=seed, share=share)
            noisy, clean = (label_noise(self.tested, seed=seed + 1, share=part) for part in (share, 0.0))
            return data, noisy, clean
        data, clean = hold_out(self.data.even, 1 / 3, seed=seed)
        return turned_over(data, share, seed=seed), turned_over(clean, share, seed=seed + 1), clean

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Too few rows to keep some for a test."""
        enough = own.smaller_class >= FEWEST
        return None if enough else shared("too_few", count=own.smaller_class, least=FEWEST)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """At the largest share: do NLL and squared error answer alike, and who is calibrated?"""
        share = f"{SHARES[-1]:g}"
        right = {loss: numbers[f"accuracy.{loss}.{share}"] for loss in LOSSES}
        trust = {loss: numbers[f"calibration.{loss}.{share}"] for loss in LOSSES}
        return (
            cls.verdict("answers", abs(right["nll"] - right["mse"]) < 0.01, share=100 * SHARES[-1], **right),
            cls.verdict("trust", 2 * trust["nll"] < trust["mae"], share=100 * SHARES[-1], **trust),
        )


def turned_over(data: Dataset, share: float, *, seed: int) -> Dataset:
    """The rows with a share of the labels turned over by chance."""
    wrong = torch.randperm(len(data.labels), generator=dice(seed))[: round(share * len(data.labels))]
    y = data.labels.clone()
    y[wrong] = 1 - y[wrong]
    return replace(data, labels=y)
