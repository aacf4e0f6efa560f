"""Does a method notice when the valley is turned? Those that scale each coordinate do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch

from soloneuron.data.batches import dice
from soloneuron.experiments.base import Measured, Numbers, OnRows, asked, listed, method, shared, short
from soloneuron.experiments.landscapes import landscape, paths
from soloneuron.experiments.rows import OwnData
from soloneuron.experiments.training import finite, optimum, rows, told
from soloneuron.formulas.surfaces import Ravine
from soloneuron.records.comparison import Comparison
from soloneuron.records.findings import Chart, Sheet, Verdict
from soloneuron.texts.phrases import Phrase
from soloneuron.training.compare import compare

RATES = tuple(10 ** (k / 8) for k in range(-31, 8))
"""Eight rates a decade; narrow valleys ask for a fine grid."""

COARSE = RATES[::2]
"""Four rates a decade, for somebody's own rows."""

DIAGONAL = ("adagrad", "rmsprop", "adam")
"""Methods with a rate for each coordinate."""

METHODS = ("gradient_descent", "momentum", *DIAGONAL)


@dataclass(frozen=True)
class Rotation(OnRows):
    """Steps to the bottom of a ravine along the axes, and of the same ravine at 45 degrees.

    On somebody's own rows: features as they are, and the same turned by a random rotation.
    """

    name = "rotation"
    own_sizes: ClassVar = {"steps": 400}
    condition: float = 300.0
    steps: int = 2000

    def measure(self) -> Measured:
        """Every method at its best rate of one grid, on both."""
        charts: tuple[Chart, ...] = ()
        if self.data is None:
            straight, turned = (Ravine(condition=self.condition, angle=angle) for angle in (0.0, 45.0))
            options: dict[str, Any] = {"steps": self.steps, "share": 1e-6, "rates": RATES}
            found = [compare(surface, METHODS, **options) for surface in (straight, turned)]
            charts = (landscape(self.word("chart"), turned, paths(turned, found[1], steps=150)),)
        else:
            found = self._on_rows(self.data)
        numbers: dict[str, float] = {"steps": self.steps, "own": self.own}
        table = []
        for name, one, other in zip(METHODS, found[0].entries, found[1].entries, strict=True):
            numbers |= {f"straight.{name}": one.best_steps, f"turned.{name}": other.best_steps}
            table.append((method(name), finite(one.best_steps), finite(other.best_steps)))
        title, *heads = (self.word(asked(key, numbers)) for key in ("table", "straight", "turned"))
        return Measured(numbers, (Sheet(title, (shared("method"), *heads), tuple(table)),), charts)

    def _on_rows(self, own: OwnData) -> list[Comparison]:
        """Full-batch training until a thousandth of the way down is left."""
        neuron, data = self.neuron(), own.even
        least = float(neuron.value(optimum(data, neuron), rows(data)))
        target = least + 0.001 * (math.log(2) - least)
        width = data.features.shape[1]
        chance = torch.randn(width, width, generator=dice(self.seed), dtype=torch.float64)
        turned = replace(data, features=data.features @ torch.linalg.qr(chance).Q)
        options: dict[str, Any] = {"steps": self.steps, "target": target, "penalty": self.penalty}
        return [compare(X, METHODS, rates=COARSE, **options) for X in (data, turned)]

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """One feature has no directions."""
        return cls.word("not_asked") if own.even.features.shape[1] == 1 else None

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Momentum must not notice; who needs more than 1.3 times the steps has noticed."""
        worse = []
        for name in METHODS:
            one, other = numbers[f"straight.{name}"], numbers[f"turned.{name}"]
            if math.isfinite(one) and other > 1.3 * one:
                worse.append(name)
        return (
            cls._momentum(numbers, "momentum" in worse),
            cls._diagonal(numbers, [name for name in DIAGONAL if name in worse]),
        )

    @classmethod
    def _momentum(cls, numbers: Numbers, worse: bool) -> Verdict:
        """Whether it loses; not to be told where it does not arrive before anything is turned."""
        claim = asked("momentum", numbers)
        one, other = (numbers[f"{kind}.momentum"] for kind in ("straight", "turned"))
        fields = {
            "one": told(one, numbers["steps"], "steps"),
            "other": told(other, numbers["steps"], "steps"),
        }
        if not math.isfinite(one):
            return Verdict(claim, False, cls.word(f"{claim}_unknown", **fields))
        return cls.verdict(claim, not worse, **fields)

    @classmethod
    def _diagonal(cls, numbers: Numbers, losers: Sequence[str]) -> Verdict:
        """Whether all lose, some do, or nobody; where somebody does not arrive, nobody is not said."""
        claim = asked("diagonal", numbers)
        if not losers and not all(math.isfinite(numbers[f"straight.{name}"]) for name in DIAGONAL):
            return Verdict(claim, False, cls.word(f"{claim}_unknown"))
        if not losers:
            return Verdict(claim, False, cls.word(f"{claim}_none"))
        names = listed([short(name) for name in losers])
        return cls.verdict(claim, len(losers) == len(DIAGONAL), losers=names)
