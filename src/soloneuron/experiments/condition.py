"""Does the condition number of the Hessian foretell how fast plain descent converges?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.data.makers import stretched
from soloneuron.data.preparation import measure_scaling, standardize
from soloneuron.experiments.base import Experiment, Measured, Numbers, shared
from soloneuron.experiments.landscapes import in_space, loss_landscape
from soloneuron.experiments.training import optimum, rows
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.api import fit

METHODS = {"gradient_descent": 0.018, "momentum": 0.005, "adam": 0.1}
"""The paths that are drawn, with their rates."""


@dataclass(frozen=True)
class Condition(Experiment):
    """Descend at the best constant rate, 2 / (lambda_min + lambda_max), and measure the factor a step."""

    name = "condition"
    factors: tuple[float, ...] = (1.0, 3.0, 10.0, 20.0)
    rows: int = 300
    epochs: int = 300

    def measure(self) -> Measured:
        """Stretched features, raw and standardized."""
        numbers: dict[str, float] = {}
        table, lines = [], []
        for factor in self.factors:
            data = stretched(self.rows, seed=self.seed, factor=factor)
            kappa, predicted, measured, course = descent(data, self.epochs)
            even, *_ = descent(standardized(data), 0)
            key = f"{factor:g}"
            numbers |= {f"kappa.{key}": kappa, f"predicted.{key}": predicted, f"measured.{key}": measured}
            numbers[f"standardized.{key}"] = even
            table.append((factor, kappa, predicted, measured, even))
            lines.append(Series(shared("condition", value=kappa), tuple(range(len(course))), course))
        heads = (shared("stretch"), self.word("kappa"), self.word("predicted"), self.word("measured"))
        sheet = Sheet(self.word("table"), (*heads, self.word("standardized")), tuple(table))
        chart = Chart("lines", self.word("chart"), tuple(lines), shared("epoch"), shared("distance"), log="y")
        last = stretched(self.rows, seed=self.seed, factor=self.factors[-1])
        ground = loss_landscape(self.word("landscape"), last, METHODS, steps=60)
        return Measured(numbers, (sheet,), (chart, ground, in_space(ground)))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The worst distance between prediction and measurement, and what standardizing does."""
        keys = [name.partition(".")[2] for name in numbers if name.startswith("kappa.")]
        worst = max(abs(numbers[f"predicted.{key}"] - numbers[f"measured.{key}"]) for key in keys)
        raw, even = numbers[f"kappa.{keys[-1]}"], numbers[f"standardized.{keys[-1]}"]
        return (
            cls.verdict("rate", worst < 0.02, worst=worst),
            cls.verdict("standardize", even < raw / 1.3, raw=raw, even=even),
        )


def descent(data: Dataset, epochs: int) -> tuple[float, float, float, tuple[float, ...]]:
    """kappa, the predicted factor a step, the measured one, and the distances to the optimum."""
    best, neuron = optimum(data), Neuron()
    bends, directions = torch.linalg.eigh(neuron.hessian(best, rows(data)))
    low, high = float(bends[0]), float(bends[-1])
    start = best + 0.01 * directions.sum(1)
    history = fit(data, initial=start, learning_rate=2 / (low + high), epochs=epochs)
    away = torch.linalg.vector_norm(history.theta - best, dim=-1)
    return high / low, (high - low) / (high + low), factor_a_step(away), tuple(away.tolist())


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
