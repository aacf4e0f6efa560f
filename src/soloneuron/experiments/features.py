"""Which features make descent slow: wide, moved away from zero, or nearly the same? And what helps?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch

from soloneuron.data.makers import blobs, correlated, stretched
from soloneuron.experiments.base import Measured, Numbers, OnRows, method, shared
from soloneuron.experiments.condition import standardized
from soloneuron.experiments.training import column, finite, optimum, rows, told, trained
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Name, Sheet, Verdict
from soloneuron.records.run import Run
from soloneuron.training.api import prepare
from soloneuron.training.compare import RATES

METHODS = ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam", "rprop")
CASES = ("round", "wide", "moved", "alike")

RACERS = ("gradient_descent", "momentum", "nag", "adagrad", "rmsprop", "adam")
"""Who races through the ravine of a wide feature, for the report's first picture."""

START = (-1.0, 0.5)
"""Up on the ravine's wall, away from its lowest point."""


@dataclass(frozen=True)
class FeatureShapes(OnRows):
    """Full-batch steps until 99.9 % of the way down is done, at the best rate of one grid for each method."""

    name = "features"
    own_sizes: ClassVar = {"epochs": 500}
    rows: int = 300
    epochs: int = 1000
    raced: int = 150

    def measure(self) -> Measured:
        """Each case raw and standardized, every method."""
        numbers: dict[str, float] = {"own": self.own}
        table, neuron = [], self.neuron()
        for case in CASES if self.data is None else ("yours",):
            data = self._data(case) if self.data is None else self.data.raw
            for kind, shown in (("raw", data), ("even", standardized(data))):
                kappa = condition_of(shown, neuron)
                steps = [steps_to_target(shown, neuron, rule, self.epochs) for rule in METHODS]
                numbers |= {f"{case}.{kind}.{m}": s for m, s in zip(METHODS, steps, strict=True)}
                numbers[f"{case}.{kind}.kappa"] = kappa
                table.append((self.word(case), self.word(kind), kappa, *map(finite, steps)))
        numbers["epochs"] = self.epochs
        heads: tuple[Name, ...] = ("", "", shared("kappa"), *map(method, METHODS))
        sheet = Sheet(self.word("table", count=self.epochs), heads, tuple(table))
        ravine = stretched(self.rows, seed=self.seed, factor=10.0)
        runs = race(ravine, self.raced) if self.data is None else {}
        return Measured(numbers, (sheet,), runs=runs)

    def _data(self, case: str) -> Dataset:
        if case == "wide":
            return stretched(self.rows, seed=self.seed, factor=20.0)
        if case == "alike":
            return correlated(self.rows, seed=self.seed)
        data = blobs(self.rows, seed=self.seed)
        away = torch.tensor([0.0, 20.0 if case == "moved" else 0.0], dtype=torch.float64)
        return replace(data, features=data.features + away)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Plain descent raw against standardized in each case, and who finishes on moved features."""
        verdicts, most = [], numbers["epochs"]
        for case in ("yours",) if numbers["own"] else CASES[1:]:
            raw, even = (numbers[f"{case}.{kind}.gradient_descent"] for kind in ("raw", "even"))
            told_both = {"raw": told(raw, most, "steps"), "even": told(even, most, "steps")}
            verdicts.append(cls.verdict(case, even < raw / 2, **told_both))
        claim, case = ("finish_own", "yours") if numbers["own"] else ("finish", "moved")
        done = [m for m in METHODS if math.isfinite(numbers[f"{case}.raw.{m}"])]
        verdicts.append(cls.verdict(claim, 0 < len(done) < len(METHODS), done=len(done), of=len(METHODS)))
        return tuple(verdicts)


def race(data: Dataset, epochs: int) -> dict[str, Run]:
    """A neuron without a bias, so that its map is exact, trained by each racer at its best rate of one grid.

    The best rate is the first to leave a thousandth of the way down, or, where none does, the one whose last
    loss is the lowest.
    """
    start, neuron, batch = torch.tensor(START, dtype=torch.float64), Neuron(bias=False), rows(data)
    least = float(neuron.value(optimum(data, neuron), batch))
    target = least + 0.001 * (float(neuron.value(start, batch)) - least)
    settings: dict[str, Any] = {"initial": start, "epochs": epochs, "fit_intercept": False}
    runs = {}
    for rule in RACERS:
        training = prepare(data, optimizer=rule, learning_rate=column(RATES), **settings)
        values = neuron.value(start, batch).expand(len(RATES))
        for step in training.steps():
            values = neuron.value(step.state.theta, batch).nan_to_num(math.inf)
            if (values <= target).any():
                break
        runs[rule] = trained(data, optimizer=rule, learning_rate=RATES[int(values.argmin())], **settings)
    return runs


def condition_of(data: Dataset, neuron: Neuron) -> float:
    """The condition number of the Hessian at the optimum."""
    bends = torch.linalg.eigvalsh(neuron.hessian(optimum(data, neuron), rows(data)))
    return float(bends[-1] / bends[0].clamp(min=1e-16 * float(bends[-1])))


def steps_to_target(data: Dataset, neuron: Neuron, rule: str, epochs: int) -> float:
    """The fewest epochs, over the grid of rates, until a thousandth of the way down is left."""
    batch = rows(data)
    least = float(neuron.value(optimum(data, neuron), batch))
    target = least + 0.001 * (math.log(2) - least)
    options: dict[str, Any] = {"penalty": neuron.penalty, "learning_rate": column(RATES), "epochs": epochs}
    training = prepare(data, optimizer=rule, **options)
    for step in training.steps():
        if (neuron.value(step.state.theta, batch) <= target).any():
            return float(step.state.epoch)
    return math.inf
