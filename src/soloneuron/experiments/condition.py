"""Does the condition number of the Hessian foretell how fast plain descent converges?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor

from soloneuron.data.preparation import measure_scaling, standardize
from soloneuron.data.synthetic import OVERLAPPING, make_stretched
from soloneuron.experiments.base import Measured, Numbers, OnRows, claim_key, lead, shared
from soloneuron.experiments.landscapes import in_space, loss_landscape
from soloneuron.experiments.measuring import optimum, whole_batch
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.trained import train_run
from soloneuron.formulas.curvature import least_curvature, principal_curvatures
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Cell, Chart, Series, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase

_METHODS = {"gradient_descent": 0.018, "momentum": 0.005, "adam": 0.1}
"""The paths that are drawn, with their rates."""

DRAWN = 60
"""So many steps of each path."""

NOISE = 1e-15
"""Nearer to the optimum a distance is rounding, and is not drawn."""


_MOST = 0.9e16
"""In 64 bits no condition number beyond about this can be told from a singular Hessian's."""


@dataclass(frozen=True)
class Condition(OnRows):
    """Descend at the best constant rate, 2 / (lambda_min + lambda_max), and measure the factor a step."""

    name = "condition"
    quick_sizes: ClassVar = {"rows": 100}
    factors: tuple[float, ...] = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
    rows: int = 300
    epochs: int = 1000

    def measure(self) -> Measured:
        """Stretched features, or somebody's own; as they came and standardized."""
        numbers: dict[str, float] = {"own": self.own, "epochs": self.epochs}
        table, lines, runs = [], [], {}
        for key, name, data in self._cases():
            descended = descent(data, self.neuron(), self.epochs)
            even = condition_number(standardized(data), self.neuron())
            numbers |= {f"kappa.{key}": descended.kappa, f"predicted.{key}": descended.predicted}
            numbers |= {f"measured.{key}": descended.measured, f"standardized.{key}": even}
            table.append((name, descended.kappa, descended.predicted, descended.measured, even))
            shown = tuple(away if away > NOISE else None for away in descended.away)
            lines.append(Series(shared("condition", value=descended.kappa), tuple(range(len(shown))), shown))
            runs[key if self.own else f"stretch_{key}"] = descended.run
        first = self.word("features") if self.own else shared("stretch")
        heads = (first, self.word("kappa"), self.word("predicted"), self.word("measured"))
        title = self.word(claim_key("table", numbers))
        sheet = Sheet(title, (*heads, self.word("standardized")), tuple(table))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("distance"), log="y")
        charts: tuple[Chart, ...] = (foretold(self, numbers), chart)
        if not self.own:
            chart = self._landscape()
            charts = (*charts, chart, in_space(chart))
        return Measured(numbers, (sheet,), charts, runs)

    def _cases(self) -> list[tuple[str, Cell, Dataset]]:
        """Key, name and rows; the worst last."""
        if self.data is not None:
            own = self.data
            return [("even", self.word("even"), own.even), ("raw", self.word("raw"), own.raw)]
        made = {
            factor: make_stretched(self.rows, seed=self.seed, factor=factor, distance=OVERLAPPING)
            for factor in self.factors
        }
        return [(f"{factor:g}", factor, data) for factor, data in made.items()]

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Columns that cannot be computed with as they came."""
        return own.not_as_they_came()

    def _landscape(self) -> Chart:
        last = make_stretched(self.rows, seed=self.seed, factor=self.factors[-1], distance=OVERLAPPING)
        return loss_landscape(
            self.word("landscape", steps=DRAWN, count=len(_METHODS)), last, _METHODS, steps=DRAWN
        )

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """How far what a step takes off is from what was foretold, and what standardizing does."""
        keys, resolved = keys_of(numbers), resolved_keys(numbers)
        ratios = [(1 - numbers[f"measured.{key}"]) / (1 - numbers[f"predicted.{key}"]) for key in resolved]
        worst = max((abs(ratio - 1) for ratio in ratios), default=math.inf)
        raw, even = numbers[f"kappa.{keys[-1]}"], numbers[f"standardized.{keys[-1]}"]
        whole = "yes" if len(resolved) == len(keys) else "part"
        answer = "unknown" if not resolved else whole if worst < 0.1 else "no"
        fields = {"worst": max(0.01, 100 * worst), "kappa": max(numbers[f"kappa.{key}"] for key in keys)}
        return (
            cls.answer("rate", answer, epochs=int(numbers["epochs"]), **fields),
            cls.answer("standardize", lead(even, raw), raw=shown(raw), even=even),
        )


def shown(kappa: float) -> str:
    """Three digits of a condition number; beyond what 64 bits can tell only that it is beyond."""
    return f"{float(f'{kappa:.3g}'):.6g}" if kappa < _MOST else f"> {_MOST:.0e}"


def keys_of(numbers: Numbers) -> list[str]:
    """The cases that were measured, the worst last."""
    return [name.partition(".")[2] for name in numbers if name.startswith("kappa.")]


def resolved_keys(numbers: Numbers) -> list[str]:
    """Those cases whose slowest direction is alone in the end: it loses a factor e in half of the epochs."""
    return [key for key in keys_of(numbers) if numbers[f"kappa.{key}"] <= numbers["epochs"]]


def foretold(one: Condition, numbers: Numbers) -> Chart:
    """What a step takes off the distance over the condition number: the law as a line, measurements on it.

    1 - (kappa - 1) / (kappa + 1) = 2 / (kappa + 1); the factors themselves crowd below 1.
    """
    keys = resolved_keys(numbers) or keys_of(numbers)[:1]
    kappas = tuple(numbers[f"kappa.{key}"] for key in keys)
    reach = torch.logspace(0, math.log10(2 * max(kappas)), 60, dtype=torch.float64).tolist()
    law = Series(one.word("law"), tuple(reach), tuple(2 / (kappa + 1) for kappa in reach))
    taken = tuple(1 - numbers[f"measured.{key}"] for key in keys)
    dots = Series(one.word("taken"), kappas, taken, points=True)
    return Chart("lines", one.word("foretold"), (law, dots), one.word("kappa"), one.word("share"), log="xy")


class Descent(NamedTuple):
    """A descent at the best constant rate.

    Attributes:
        kappa: the condition number at the optimum.
        predicted: the factor that a step leaves of the distance, foretold from it.
        measured: the factor that it did leave.
        away: the distances to the optimum, epoch by epoch.
        run: the training.
    """

    kappa: float
    predicted: float
    measured: float
    away: tuple[float, ...]
    run: RunRecord


def descent(data: Dataset, neuron: Neuron, epochs: int) -> Descent:
    """From beside the optimum, in all directions of the Hessian."""
    best = optimum(data, neuron)
    low, high, directions = extreme_curvatures(data, neuron, best)
    # So near that the surface is a bowl, also for features in thousands.
    start = best + 0.01 / max(1.0, high**0.5) * directions.sum(1)
    run = train_run(
        data, initial=start, penalty=neuron.penalty, learning_rate=2 / (low + high), epochs=epochs
    )
    away = torch.linalg.vector_norm(run.history.theta - best, dim=-1)
    predicted = (high - low) / (high + low)
    return Descent(high / low, predicted, factor_a_step(away), tuple(away.tolist()), run)


def extreme_curvatures(data: Dataset, neuron: Neuron, theta: Tensor) -> tuple[float, float, Tensor]:
    """The least and the largest curvature at theta, and the directions of all, as columns."""
    values, directions = principal_curvatures(neuron.hessian(theta, whole_batch(data)))
    return least_curvature(values), float(values[-1]), directions


def condition_number(data: Dataset, neuron: Neuron) -> float:
    """The largest curvature at the optimum over the least."""
    low, high, _ = extreme_curvatures(data, neuron, optimum(data, neuron))
    return high / low


def factor_a_step(away: Tensor) -> float:
    """The geometric mean of the last half of the ratios that are still above rounding."""
    kept = away[: int((away > 1e-11).sum())]
    if len(kept) < 3:
        return 0.0
    half = len(kept) // 2
    return float((kept[-1] / kept[half]) ** (1 / (len(kept) - 1 - half)))


def standardized(data: Dataset) -> Dataset:
    """The same rows with every feature at mean 0 and deviation 1."""
    X = standardize(data.features, measure_scaling(data))
    return Dataset(X, data.labels, data.feature_names, name=data.name)
