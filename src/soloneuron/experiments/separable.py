"""Where do the weights go when a line separates the classes? Nowhere in the end, like log t."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import torch

from soloneuron.data.synthetic import make_narrow_gap
from soloneuron.experiments.base import Measured, Numbers, OnRows, shared
from soloneuron.experiments.measuring import is_separable, optimum
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.penalties import L2
from soloneuron.neuron import Neuron
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.texts.phrases import Phrase


@dataclass(frozen=True)
class Separable(OnRows):
    """The length of the weights over a long training, with and without an L2 penalty."""

    name = "separable"
    own_sizes: ClassVar = {"epochs": 9_000}
    rows: int = 200
    epochs: int = 9_000
    rate: float = 0.5
    alpha: float = 0.001

    def measure(self) -> Measured:
        """The same training twice."""
        data = make_narrow_gap(self.rows, seed=self.seed) if self.data is None else self.data.even
        every = max(1, self.epochs // 1000)
        numbers: dict[str, float] = {}
        lines, lengths, runs = [], {}, {}
        for kind, penalty in (("free", None), ("held", L2(self.alpha))):
            runs[kind] = train_run(
                data,
                penalty=penalty,
                learning_rate=self.pace(self.rate),
                epochs=self.epochs,
                record_every=every,
            )
            history = runs[kind].history
            length = torch.linalg.vector_norm(history.theta[..., :-1], dim=-1)
            lengths[kind] = dict(zip(history.epochs, length.tolist(), strict=True))
            lines.append(Series(self.word(kind), history.epochs[1:], tuple(length[1:].tolist())))
        marks = [every * 10, every * 100, self.epochs]
        for kind, found in lengths.items():
            numbers |= {f"{kind}.{k}": found[mark] for k, mark in enumerate(marks)}
        table = [(mark, *(lengths[kind][mark] for kind in lengths)) for mark in marks]
        heads = (shared("epoch"), self.word("free"), self.word("held"))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("length"), log="x")
        numbers |= {f"log.{k}": math.log(mark) for k, mark in enumerate(marks)}
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),), (chart,), runs)

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Classes that no line parts."""
        if is_separable(own.even):
            return None
        neuron = Neuron(penalty=own.penalty)
        z = neuron.logits(optimum(own.even, neuron), own.even.features)
        wrong = int((z * (2 * own.even.labels - 1) <= 0).sum())
        return cls.word("not_asked", wrong=wrong, rows=own.count)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Growth a decade early and late must agree within half as much again; the penalty must stop it."""
        first, middle, last = (numbers[f"free.{k}"] for k in range(3))
        early = (middle - first) / (numbers["log.1"] - numbers["log.0"])
        late = (last - middle) / (numbers["log.2"] - numbers["log.1"])
        stopped = abs(numbers["held.2"] - numbers["held.1"]) < 0.05 * numbers["held.1"]
        fields = {"early": early, "late": late, "first": first, "last": last}
        return (
            cls.verdict("growth", 0 < early < 1.5 * late and late < 1.5 * early, **fields),
            cls.verdict("penalty", stopped, held=numbers["held.2"], last=last),
        )
