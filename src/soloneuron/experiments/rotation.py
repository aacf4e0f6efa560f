"""Does a method notice when the valley is turned? Those that scale each coordinate do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from soloneuron.experiments.base import Experiment, Measured, Numbers, method, shared
from soloneuron.experiments.landscapes import landscape, paths
from soloneuron.experiments.training import finite
from soloneuron.formulas.surfaces import Ravine
from soloneuron.records.findings import Sheet, Verdict
from soloneuron.training.compare import compare

RATES = tuple(10 ** (k / 8) for k in range(-31, 8))
"""Eight rates a decade; narrow valleys ask for a fine grid."""

METHODS = ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam")


@dataclass(frozen=True)
class Rotation(Experiment):
    """Steps to the bottom of a ravine along the axes, and of the same ravine at 45 degrees."""

    name = "rotation"
    condition: float = 300.0
    steps: int = 2000

    def measure(self) -> Measured:
        """Every method at its best rate of one grid, on both."""
        straight, turned = (Ravine(condition=self.condition, angle=angle) for angle in (0.0, 45.0))
        options: dict[str, Any] = {"steps": self.steps, "share": 1e-6, "rates": RATES}
        found = [compare(surface, METHODS, **options) for surface in (straight, turned)]
        numbers: dict[str, float] = {"steps": self.steps}
        table = []
        for name, one, other in zip(METHODS, found[0].entries, found[1].entries, strict=True):
            numbers |= {f"straight.{name}": one.best_steps, f"turned.{name}": other.best_steps}
            table.append((method(name), finite(one.best_steps), finite(other.best_steps)))
        heads = (shared("method"), self.word("straight"), self.word("turned"))
        chart = landscape(self.word("chart"), turned, paths(turned, found[1], steps=150))
        return Measured(numbers, (Sheet(self.word("table"), heads, tuple(table)),), (chart,))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Momentum must not notice; who needs more than 1.3 times the steps has noticed."""
        worse = []
        for name in METHODS:
            one, other = numbers[f"straight.{name}"], numbers[f"turned.{name}"]
            if math.isfinite(one) and other > 1.3 * one:
                worse.append(name)
        one, other = numbers["straight.momentum"], numbers["turned.momentum"]
        losers = ", ".join(worse) or "-"
        return (
            cls.verdict("momentum", "momentum" not in worse, one=one, other=other),
            cls.verdict("diagonal", {"adagrad", "rmsprop", "adam"} <= set(worse), losers=losers),
        )
