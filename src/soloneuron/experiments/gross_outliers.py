"""Which loss do a few gross mistakes in the data turn? The one that lets a row shout."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch

from soloneuron.data.synthetic import make_gross_outliers
from soloneuron.experiments.base import Measured, Numbers, OnRows, lead, shared
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.metrics import accuracy
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Sheet, Verdict
from soloneuron.records.run import RunRecord

_LOSSES = ("nll", "mse", "mae", "huber")

SEEN = 2.0
"""A difference of fewer degrees is none."""

_SHARE = 1 / 100
"""So many of somebody's own rows are thrown."""


@dataclass(frozen=True)
class GrossOutliers(OnRows):
    """Train with and without thrown rows; measure the turn of the boundary and the accuracy on clean rows."""

    name = "outliers"
    rows: int = 300
    count: int = 10
    epochs: int = 1300
    rate: float = 0.5

    def measure(self) -> Measured:
        """Every loss on clean and on spoiled rows."""
        clean, spoiled, count = self._made() if self.data is None else self._thrown(self.data.even)
        options = {"learning_rate": self.pace(self.rate), "penalty": self.penalty}
        options |= {"epochs": self.epochs, "record_every": max(1, self.epochs // 100)}
        numbers: dict[str, float] = {"count": count, "rows": len(clean.labels)}
        table, runs = [], {}
        for loss in _LOSSES:
            before, after = (train_run(data, loss=loss, **options) for data in (clean, spoiled))
            runs[loss] = after
            turn = angle(before, after)
            share = float(accuracy(Neuron().logits(after.history.theta[-1], clean.features), clean.labels))
            numbers |= {f"turn.{loss}": turn, f"accuracy.{loss}": share}
            table.append((loss.upper(), turn, share))
        heads = (shared("loss"), self.word("turn"), self.word("accuracy"))
        sheet = Sheet(self.word("table"), heads, tuple(table))
        if clean.features.shape[1] != 2:
            return Measured(numbers, (sheet,), runs=runs)
        chart = Chart("surfaces", self.word("chart"), runs=("nll", "mse"))
        return Measured(numbers, (sheet,), (chart,), runs)

    def _made(self) -> tuple[Dataset, Dataset, int]:
        """Clean rows, the same with some thrown away to one side, and how many."""
        clean = make_gross_outliers(self.rows, seed=self.seed, count=0)
        return clean, make_gross_outliers(self.rows, seed=self.seed, count=self.count), self.count

    def _thrown(self, data: Dataset) -> tuple[Dataset, Dataset, int]:
        """The same of somebody's rows: a few have the strongest feature far out on the wrong side.

        So far that at the start they pull half as hard as all the others, as in the rows that are made.
        """
        pulls = ((2 * data.labels - 1)[:, None] * data.features).sum(0)
        strongest = int(pulls.abs().argmax())
        larger = int(data.labels.mean() >= 0.5)
        count = max(1, round(_SHARE * len(data.labels)))
        thrown = (data.labels == larger).nonzero()[-count:, 0]
        X = data.features.clone()
        X[thrown, strongest] = -float(pulls[strongest]) / (2 * len(thrown)) * (2 * larger - 1)
        return data, replace(data, features=X), len(thrown)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """NLL turns far, squared error hardly."""
        nll, mse = numbers["turn.nll"], numbers["turn.mse"]
        shares = {"share_nll": numbers["accuracy.nll"], "share_mse": numbers["accuracy.mse"]}
        fields = {"count": int(numbers["count"]), "rows": int(numbers["rows"])}
        answer = lead(mse, nll) if abs(nll - mse) > SEEN else "no"
        return (cls.answer("turn", answer, nll=nll, mse=mse, **shares, **fields),)


def angle(one: RunRecord, other: RunRecord) -> float:
    """Degrees between the weights of two runs."""
    a, b = (run.history.theta[-1][:-1] for run in (one, other))
    lengths = torch.linalg.vector_norm(a) * torch.linalg.vector_norm(b)
    cosine = float(a @ b / lengths.clamp(min=1e-300))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
