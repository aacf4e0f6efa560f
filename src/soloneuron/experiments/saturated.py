"""What happens to a neuron that is sure of the wrong answer? Squared error leaves it there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from soloneuron.data.makers import saturated
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.training import finite, rows, told
from soloneuron.formulas.losses import as_loss
from soloneuron.neuron import Neuron
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.api import fit

STARTS = (0.6, 2.0, 4.0, 6.0)
LOSSES = ("nll", "mse")


@dataclass(frozen=True)
class Saturated(Experiment):
    """Full-batch descent from weights (-w, -w): the gradient at the start, and epochs to 95 % accuracy."""

    name = "saturated"
    rows: int = 300
    epochs: int = 2000
    rate: float = 0.3

    def measure(self) -> Measured:
        """Both losses from all starts, each loss one tensor of runs."""
        data = saturated(self.rows, seed=self.seed)
        starts = torch.tensor([[-w, -w, 0.0] for w in STARTS], dtype=torch.float64)
        numbers: dict[str, float] = {"epochs": self.epochs}
        lines = []
        for loss in LOSSES:
            neuron = Neuron(as_loss(loss))
            _, slope = neuron.value_and_gradient(starts, rows(data))
            norms = torch.linalg.vector_norm(slope, dim=-1).tolist()
            history = fit(data, initial=starts, loss=loss, learning_rate=self.rate, epochs=self.epochs)
            right = history.accuracy >= 0.95
            first = torch.where(right.any(0), right.long().argmax(0).double(), math.inf).tolist()
            for w, norm, epoch in zip(STARTS, norms, first, strict=True):
                numbers |= {f"gradient.{loss}.{w:g}": norm, f"epochs.{loss}.{w:g}": epoch}
            course = tuple(history.accuracy[:400, STARTS.index(4.0)].tolist())
            lines.append(Series(shared("loss_from", loss=loss.upper(), start=4), tuple(range(400)), course))
        table = tuple(
            (w, *(finite(numbers[f"{x}.{loss}.{w:g}"]) for x in ("gradient", "epochs") for loss in LOSSES))
            for w in STARTS
        )
        heads = [self.word(x, loss=loss.upper()) for x in ("gradient", "epochs") for loss in LOSSES]
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("accuracy"))
        return Measured(numbers, (Sheet(self.word("table"), (self.word("start"), *heads), table),), (chart,))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """From the worst start: the gradients, and who gets away."""
        w = f"{STARTS[-1]:g}"
        nll, mse = numbers[f"gradient.nll.{w}"], numbers[f"gradient.mse.{w}"]
        fast, slow = numbers[f"epochs.nll.{w}"], numbers[f"epochs.mse.{w}"]
        soon, late = (told(epochs, numbers["epochs"]) for epochs in (fast, slow))
        return (
            cls.verdict("gradient", mse < nll / 10, nll=nll, mse=mse),
            cls.verdict("escape", fast < slow / 1.3, fast=soon, slow=late),
        )
