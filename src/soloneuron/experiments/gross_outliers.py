"""Which loss do a few gross mistakes in the data turn? The one that lets a row shout."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from soloneuron.data.makers import outliers
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.training import trained
from soloneuron.formulas.metrics import accuracy
from soloneuron.neuron import Neuron
from soloneuron.records.findings import Chart, Sheet, Verdict
from soloneuron.records.run import Run

LOSSES = ("nll", "mse", "mae", "huber")


@dataclass(frozen=True)
class GrossOutliers(Experiment):
    """Train with and without thrown rows; measure the turn of the boundary and the accuracy on clean rows."""

    name = "outliers"
    rows: int = 300
    count: int = 10
    epochs: int = 3000
    rate: float = 0.5

    def measure(self) -> Measured:
        """Every loss on clean and on spoiled rows."""
        clean = outliers(self.rows, seed=self.seed, count=0)
        spoiled = outliers(self.rows, seed=self.seed, count=self.count)
        options = {"learning_rate": self.rate, "epochs": self.epochs, "record_every": self.epochs}
        numbers: dict[str, float] = {"count": self.count, "rows": self.rows}
        table, runs = [], {}
        for loss in LOSSES:
            before, after = (trained(data, loss=loss, **options) for data in (clean, spoiled))
            runs[loss] = after
            turn = angle(before, after)
            share = float(accuracy(Neuron().logits(after.history.theta[-1], clean.features), clean.labels))
            numbers |= {f"turn.{loss}": turn, f"accuracy.{loss}": share}
            table.append((loss.upper(), turn, share))
        heads = (shared("loss"), self.word("turn"), self.word("accuracy"))
        chart = Chart("surfaces", self.word("chart"), runs=("nll", "mse"))
        kept = {name: runs[name] for name in ("nll", "mse")}
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),), (chart,), kept)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """NLL turns far, squared error hardly."""
        nll, mse = numbers["turn.nll"], numbers["turn.mse"]
        shares = {"share_nll": numbers["accuracy.nll"], "share_mse": numbers["accuracy.mse"]}
        fields = {"count": int(numbers["count"]), "rows": int(numbers["rows"])}
        return (cls.verdict("turn", mse < nll / 1.3, nll=nll, mse=mse, **shares, **fields),)


def angle(one: Run, other: Run) -> float:
    """Degrees between the weights of two runs."""
    a, b = (run.history.theta[-1][:-1] for run in (one, other))
    cosine = float(a @ b / (torch.linalg.vector_norm(a) * torch.linalg.vector_norm(b)))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
