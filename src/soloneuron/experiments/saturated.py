"""What happens to a neuron that is sure of the wrong answer? Squared error leaves it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor

from soloneuron.data.synthetic import make_saturated
from soloneuron.experiments.base import Measured, Numbers, OnRows, claim_key, lead, shared
from soloneuron.experiments.measuring import count_phrase, finite_or_none, optimum, whole_batch
from soloneuron.experiments.trained import train, train_run
from soloneuron.formulas.arrival import arrival
from soloneuron.formulas.metrics import accuracy
from soloneuron.formulas.ordering import clearly_less
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.texts.phrases import Phrase

STARTS = (0.6, 2.0, 4.0, 6.0)
_LOSSES = ("nll", "mse")

_SHOWN = 4.0
"""The start whose course is drawn and kept."""

GOAL = 0.95
"""The accuracy to be reached, or on somebody's own rows the share of the optimum's."""

FLAT = 10.0
"""A gradient that is so many times as short has all but vanished."""


@dataclass(frozen=True)
class Saturated(OnRows):
    """Full-batch descent from weights (-w, -w): the gradient at the start, and epochs to 95 % accuracy.

    On somebody's own rows the weights of the optimum are turned around and made so long that logits are
    typically 3 w; the goal is 95 % of the optimum's accuracy, and each loss has the rate that is safe for it.
    """

    name = "saturated"
    quick_sizes: ClassVar = {"rows": 100, "epochs": 800}
    rows: int = 300
    epochs: int = 2000
    rate: float = 0.3

    def measure(self) -> Measured:
        """Both losses from all starts, each loss one tensor of runs."""
        data, starts, goal = self._made() if self.data is None else self._wrong(self.data.even)
        numbers: dict[str, float] = {"epochs": self.epochs, "own": self.own, "goal": goal}
        lines, runs, shown = [], {}, STARTS.index(_SHOWN)
        for loss in _LOSSES:
            _, slope = self.neuron(loss).value_and_gradient(starts, whole_batch(data))
            norms = torch.linalg.vector_norm(slope, dim=-1).tolist()
            options = {"penalty": self.penalty, "learning_rate": self.pace(self.rate), "epochs": self.epochs}
            history = train(data, initial=starts, loss=loss, **options).history
            every = max(1, self.epochs // 200)
            runs[loss] = train_run(data, initial=starts[shown], loss=loss, record_every=every, **options)
            first = arrival(history.accuracy >= goal).tolist()
            for w, norm, epoch in zip(STARTS, norms, first, strict=True):
                numbers |= {f"gradient.{loss}.{w:g}": norm, f"epochs.{loss}.{w:g}": epoch}
            curve = tuple(history.accuracy[:400, shown].tolist())
            lines.append(Series(self._from(loss, _SHOWN), tuple(range(len(curve))), curve))
        return replace(self._measured(numbers, lines), runs=runs)

    def _measured(self, numbers: Numbers, curves: Sequence[Series]) -> Measured:
        """The table, and a chart for each effect."""
        sizes = tuple(3 * w if self.own else w for w in STARTS)
        columns = {
            (kind, loss): tuple(finite_or_none(numbers[f"{kind}.{loss}.{w:g}"]) for w in STARTS)
            for kind in ("gradient", "epochs")
            for loss in _LOSSES
        }
        heads = [self.word(kind, loss=loss.upper()) for kind, loss in columns]
        title, start = (self.word(claim_key(key, numbers), goal=100 * GOAL) for key in ("table", "start"))
        table = tuple(zip(sizes, *columns.values(), strict=True))
        slopes = tuple(Series(loss.upper(), sizes, columns["gradient", loss]) for loss in _LOSSES)
        charts = (
            Chart("lines", self.word("chart_gradient"), slopes, start, self.word("slope"), log="y"),
            Chart("lines", self.word("chart"), tuple(curves), shared("epoch"), shared("accuracy")),
        )
        return Measured(numbers, (Sheet(title, (start, *heads), table),), charts)

    def _made(self) -> tuple[Dataset, Tensor, float]:
        """Rows, starts and the accuracy to be reached."""
        starts = torch.tensor([[-w, -w, 0.0] for w in STARTS], dtype=torch.float64)
        return make_saturated(self.rows, seed=self.seed), starts, GOAL

    def _wrong(self, data: Dataset) -> tuple[Dataset, Tensor, float]:
        """The same for somebody's rows: sure of the opposite of what the optimum says."""
        neuron = self.neuron()
        best = optimum(data, neuron)
        z = neuron.logits(best, data.features)
        size = float(z.square().mean().sqrt().clamp(min=1e-9))
        starts = torch.stack([-3 * w / size * best for w in STARTS])
        return data, starts, GOAL * float(accuracy(z, data.labels))

    def _from(self, loss: str, w: float) -> Phrase:
        if self.own:
            return self.word("from", loss=loss.upper(), size=f"{3 * w:g}")
        return shared("loss_from", loss=loss.upper(), start=f"{w:g}")

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """From the worst start: the gradients, and who gets away."""
        w = f"{STARTS[-1]:g}"
        nll, mse = numbers[f"gradient.nll.{w}"], numbers[f"gradient.mse.{w}"]
        fast, slow = numbers[f"epochs.nll.{w}"], numbers[f"epochs.mse.{w}"]
        gradient = "yes" if clearly_less(mse, nll, factor=FLAT) else "no"
        gradient = "reversed" if clearly_less(nll, mse) else gradient
        soon, late = (count_phrase(epochs, numbers["epochs"], "epochs") for epochs in (fast, slow))
        fields = {"fast": soon, "slow": late, "goal": 100 * numbers["goal"]}
        return (
            cls.answer("gradient", gradient, times=FLAT, nll=nll, mse=mse),
            cls.answer("escape", lead(fast, slow), **fields),
        )
