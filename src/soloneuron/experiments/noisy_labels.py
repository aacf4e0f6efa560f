"""When labels are wrong by chance, does the choice of loss change the answers, or the trust in them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import torch

from soloneuron.data.preparation import hold_out
from soloneuron.data.seeding import generator_for
from soloneuron.data.synthetic import make_label_noise
from soloneuron.experiments.base import Measured, Numbers, OnRows, lead, shared
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.repeats import (
    FEWEST_TEST_ROWS,
    TEST_SEEDS,
    difference_range,
    negligible,
    range_fields,
)
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.metrics import accuracy, calibration_error
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase

SHARES = (0.0, 0.1, 0.2, 0.3)
_LOSSES = ("nll", "mse", "mae")
_KINDS = ("accuracy", "calibration")

_FELT = 0.02
"""A smaller difference in accuracy is none."""


_CALIBRATED = 2.0
"""A calibration error must be so many times as large to be called larger."""


class Test(NamedTuple):
    """A training and what it is worth on new rows."""

    accuracy: float
    calibration: float
    run: RunRecord


@dataclass(frozen=True)
class NoisyLabels(OnRows):
    """Train on labels turned over by chance, measure on new rows: accuracy on true labels, calibration.

    Of somebody's own rows two thirds train and one third is new, in as many splits as ``repeats`` says.
    """

    name = "label_noise"
    untested = frozenset({"answers"})
    own_sizes: ClassVar = {"repeats": 4, "epochs": 500}
    rows: int = 400
    tested: int = 2000
    epochs: int = 400
    rate: float = 1.0
    repeats: int = 3

    def measure(self) -> Measured:
        """Every share of wrong labels, every loss, as often as is asked."""
        numbers: dict[str, float] = {"repeats": self.repeats}
        table, runs, last = [], {}, {}
        for share in SHARES:
            for loss in _LOSSES:
                tests = [self._test(loss, share, seed) for seed in self.orders(self.repeats)]
                runs[loss], last[loss] = tests[0].run, tests
                for kind in _KINDS:
                    found = [getattr(test, kind) for test in tests]
                    numbers[f"{kind}.{loss}.{share:g}"] = sum(found) / len(found)
            kinds = [(kind, loss) for loss in _LOSSES for kind in _KINDS]
            table.append((share, *(numbers[f"{kind}.{loss}.{share:g}"] for kind, loss in kinds)))
        numbers |= difference_range(
            "answers", *([test.accuracy for test in last[loss]] for loss in ("nll", "mse"))
        )
        heads = [self.word(kind, loss=loss.upper()) for loss in _LOSSES for kind in _KINDS]
        sheet = Sheet(self.word("table"), (self.word("share"), *heads), tuple(table))
        charts = (
            self._chart("chart", "calibration", numbers),
            self._chart("chart_accuracy", "accuracy", numbers),
        )
        return Measured(numbers, (sheet,), charts, runs)

    def _chart(self, title: str, kind: str, numbers: Numbers) -> Chart:
        """One measure over the share of wrong labels, a line for each loss."""
        lines = tuple(
            Series(loss.upper(), SHARES, tuple(numbers[f"{kind}.{loss}.{share:g}"] for share in SHARES))
            for loss in _LOSSES
        )
        return Chart("lines", self.word(title), lines, self.word("share"), shared(kind))

    def _test(self, loss: str, share: float, seed: int) -> Test:
        """Accuracy on true labels and calibration on noisy ones, both on new rows."""
        data, noisy, clean = self._parts(share, seed)
        options = {"epochs": self.epochs, "record_every": max(1, self.epochs // 100)}
        rate = self.pace(self.rate)
        run = train_run(data, loss=loss, learning_rate=rate, penalty=self.penalty, **options)
        neuron, theta = Neuron(as_loss(loss)), run.history.theta[-1]
        right = float(accuracy(neuron.logits(theta, noisy.features), clean.labels))
        return Test(right, calibration_error(neuron.probabilities(theta, noisy.features), noisy.labels), run)

    def _parts(self, share: float, seed: int) -> tuple[Dataset, Dataset, Dataset]:
        """Rows to learn from, new rows as noisy, the same new rows with true labels."""
        if self.data is None:
            data = make_label_noise(self.rows, seed=seed, share=share)
            noisy, clean = (
                make_label_noise(self.tested, seed=seed + TEST_SEEDS, share=part) for part in (share, 0.0)
            )
            return data, noisy, clean
        data, clean = hold_out(self.data.even, 1 / 3, seed=seed)
        return flip_labels(data, share, seed=seed), flip_labels(clean, share, seed=seed + 1), clean

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Too few rows to keep some for a test."""
        enough = own.smaller_class >= FEWEST_TEST_ROWS
        return None if enough else shared("too_few", count=own.smaller_class, least=FEWEST_TEST_ROWS)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """At the largest share: do NLL and squared error answer alike, and who is calibrated?"""
        share = f"{SHARES[-1]:g}"
        right, trust = ({loss: numbers[f"{kind}.{loss}.{share}"] for loss in _LOSSES} for kind in _KINDS)
        fields = {"share": 100 * SHARES[-1]}
        answer = negligible("answers", numbers, _FELT)
        shown_numbers = {**right, **range_fields("answers", numbers)}
        return (
            cls.answer("answers", answer, **fields, **shown_numbers),
            cls.answer("trust", cls._trusted(trust), **fields, **trust),
        )

    @classmethod
    def _trusted(cls, error: Mapping[str, float]) -> str:
        """Whether both of the others are clearly better calibrated than absolute error, or it than both."""
        leads = {lead(error[loss], error["mae"], _CALIBRATED) for loss in ("nll", "mse")}
        return leads.pop() if len(leads) == 1 else "no"


def flip_labels(data: Dataset, share: float, *, seed: int) -> Dataset:
    """The rows with a share of the labels turned over by chance."""
    wrong = torch.randperm(len(data.labels), generator=generator_for(seed))[: round(share * len(data.labels))]
    y = data.labels.clone()
    y[wrong] = 1 - y[wrong]
    return replace(data, labels=y)
