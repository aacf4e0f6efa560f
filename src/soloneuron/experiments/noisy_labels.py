"""When labels are wrong by chance, does the choice of loss change the answers, or the trust in them?"""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.data.makers import label_noise
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.metrics import metrics
from soloneuron.neuron import Neuron
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.api import fit

SHARES = (0.0, 0.1, 0.2, 0.3)
LOSSES = ("nll", "mse", "mae")


@dataclass(frozen=True)
class NoisyLabels(Experiment):
    """Train on labels turned over by chance, measure on new rows: accuracy on true labels, calibration."""

    name = "label_noise"
    rows: int = 400
    tested: int = 4000
    epochs: int = 1500
    rate: float = 1.0

    def measure(self) -> Measured:
        """Every share of wrong labels, every loss."""
        numbers: dict[str, float] = {}
        table = []
        for share in SHARES:
            data = label_noise(self.rows, seed=self.seed, share=share)
            noisy = label_noise(self.tested, seed=self.seed + 1, share=share)
            clean = label_noise(self.tested, seed=self.seed + 1, share=0.0)
            cells: list[float] = []
            for loss in LOSSES:
                options = {"epochs": self.epochs, "record_every": self.epochs}
                theta = fit(data, loss=loss, learning_rate=self.rate, **options).theta[-1]
                p = Neuron(as_loss(loss)).probabilities(theta, noisy.features)
                right, trust = metrics(p, clean.labels).accuracy, metrics(p, noisy.labels).calibration_error
                numbers |= {f"accuracy.{loss}.{share:g}": right, f"calibration.{loss}.{share:g}": trust}
                cells += [right, trust]
            table.append((share, *cells))
        heads = [self.word(x, loss=loss.upper()) for loss in LOSSES for x in ("accuracy", "calibration")]
        lines = tuple(
            Series(loss.upper(), SHARES, tuple(numbers[f"calibration.{loss}.{share:g}"] for share in SHARES))
            for loss in LOSSES
        )
        chart = Chart("lines", self.word("chart"), lines, self.word("share"), shared("calibration"))
        return Measured(
            numbers, (Sheet(self.word("table"), (self.word("share"), *heads), tuple(table)),), (chart,)
        )

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """At the largest share: do NLL and squared error answer alike, and who is calibrated?"""
        share = f"{SHARES[-1]:g}"
        right = {loss: numbers[f"accuracy.{loss}.{share}"] for loss in LOSSES}
        trust = {loss: numbers[f"calibration.{loss}.{share}"] for loss in LOSSES}
        return (
            cls.verdict("answers", abs(right["nll"] - right["mse"]) < 0.01, share=SHARES[-1], **right),
            cls.verdict("trust", 2 * trust["nll"] < trust["mae"], share=SHARES[-1], **trust),
        )
