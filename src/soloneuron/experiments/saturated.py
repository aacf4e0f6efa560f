"""What happens to a neuron that is sure of the wrong answer? Squared error leaves it there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.data.makers import saturated
from soloneuron.experiments.base import Measured, Numbers, OnRows, asked, shared
from soloneuron.experiments.training import finite, optimum, rows, told
from soloneuron.formulas.metrics import accuracy
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.texts.phrases import Phrase
from soloneuron.training.api import fit

STARTS = (0.6, 2.0, 4.0, 6.0)
LOSSES = ("nll", "mse")


@dataclass(frozen=True)
class Saturated(OnRows):
    """Full-batch descent from weights (-w, -w): the gradient at the start, and epochs to 95 % accuracy.

    On somebody's own rows the weights of the optimum are turned around and made so long that logits are
    typically 3 w; the goal is 95 % of the optimum's accuracy, and each loss has the rate that is safe for it.
    """

    name = "saturated"
    rows: int = 300
    epochs: int = 2000
    rate: float = 0.3

    def measure(self) -> Measured:
        """Both losses from all starts, each loss one tensor of runs."""
        data, starts, goal = self._made() if self.data is None else self._wrong(self.data.even)
        numbers: dict[str, float] = {"epochs": self.epochs, "own": self.own, "goal": goal}
        lines = []
        for loss in LOSSES:
            _, slope = self.neuron(loss).value_and_gradient(starts, rows(data))
            norms = torch.linalg.vector_norm(slope, dim=-1).tolist()
            options = {"penalty": self.penalty, "learning_rate": self.pace(self.rate), "epochs": self.epochs}
            history = fit(data, initial=starts, loss=loss, **options)
            right = history.accuracy >= goal
            first = torch.where(right.any(0), right.long().argmax(0).double(), math.inf).tolist()
            for w, norm, epoch in zip(STARTS, norms, first, strict=True):
                numbers |= {f"gradient.{loss}.{w:g}": norm, f"epochs.{loss}.{w:g}": epoch}
            course = tuple(history.accuracy[:400, STARTS.index(4.0)].tolist())
            lines.append(Series(self._from(loss, 4), tuple(range(len(course))), course))
        table = tuple(
            (
                3 * w if self.own else w,
                *(finite(numbers[f"{x}.{loss}.{w:g}"]) for x in ("gradient", "epochs") for loss in LOSSES),
            )
            for w in STARTS
        )
        heads = [self.word(x, loss=loss.upper()) for x in ("gradient", "epochs") for loss in LOSSES]
        title, start = (self.word(asked(key, numbers)) for key in ("table", "start"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("accuracy"))
        return Measured(numbers, (Sheet(title, (start, *heads), table),), (chart,))

    def _made(self) -> tuple[Dataset, Tensor, float]:
        """Rows, starts and the accuracy to be reached."""
        starts = torch.tensor([[-w, -w, 0.0] for w in STARTS], dtype=torch.float64)
        return saturated(self.rows, seed=self.seed), starts, 0.95

    def _wrong(self, data: Dataset) -> tuple[Dataset, Tensor, float]:
        """The same for somebody's rows: sure of the opposite of what the optimum says."""
        neuron = self.neuron()
        best = optimum(data, neuron)
        z = neuron.logits(best, data.features)
        size = float(z.square().mean().sqrt().clamp(min=1e-9))
        starts = torch.stack([-3 * w / size * best for w in STARTS])
        return data, starts, 0.95 * float(accuracy(z, data.labels))

    def _from(self, loss: str, w: int) -> Phrase:
        if self.own:
            return self.word("from", loss=loss.upper(), size=3 * w)
        return shared("loss_from", loss=loss.upper(), start=w)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """From the worst start: the gradients, and who gets away."""
        w = f"{STARTS[-1]:g}"
        nll, mse = numbers[f"gradient.nll.{w}"], numbers[f"gradient.mse.{w}"]
        fast, slow = numbers[f"epochs.nll.{w}"], numbers[f"epochs.mse.{w}"]
        soon, late = (told(epochs, numbers["epochs"], "epochs") for epochs in (fast, slow))
        fields = {"fast": soon, "slow": late, "goal": 100 * numbers["goal"]}
        return (
            cls.verdict("gradient", mse < nll / 10, nll=nll, mse=mse),
            cls.verdict("escape", fast < slow / 1.3, **fields),
        )
