"""Does a method notice when the valley is turned? Those that scale each coordinate do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch

from soloneuron.data.seeding import generator_for
from soloneuron.experiments.base import (
    Measured,
    Numbers,
    OnRows,
    claim_key,
    lead,
    method,
    name_list,
    shared,
    short_name,
)
from soloneuron.experiments.landscapes import best_paths, landscape
from soloneuron.experiments.measuring import count_phrase, finite_or_none, optimum, whole_batch
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.trained import train_run
from soloneuron.experiments.tuning import TARGET_SHARE
from soloneuron.formulas.surfaces import Ravine
from soloneuron.records.cost_table import CostTable
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase
from soloneuron.training.cost_table import tabulate_costs

_RATES = tuple(10 ** (k / 8) for k in range(-31, 8))
"""Eight rates a decade; narrow valleys ask for a fine grid."""

COARSE = _RATES[::2]
"""Four rates a decade, for somebody's own rows."""

ANGLE = 45.0
"""The ravine is turned by so many degrees."""

DEEP = 1e-6
"""So little of the starting height is left at the target in the ravine."""

_SIZES = {"angle": ANGLE, "left": DEEP, "done": 100 * (1 - TARGET_SHARE)}

DIAGONAL = ("adagrad", "rmsprop", "adam")
"""Methods with a rate for each coordinate."""

_METHODS = ("gradient_descent", "momentum", *DIAGONAL)


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
        runs: dict[str, RunRecord] = {}
        if self.data is None:
            straight, turned = (Ravine(condition=self.condition, angle=angle) for angle in (0.0, ANGLE))
            options: dict[str, Any] = {"steps": self.steps, "share": DEEP, "rates": _RATES}
            found = [tabulate_costs(surface, _METHODS, **options) for surface in (straight, turned)]
            charts = (landscape(self.word("chart"), turned, best_paths(turned, found[1], steps=150)),)
        else:
            both = self.data.even, self._turned(self.data.even)
            found = self._on_rows(both)
            runs = self._runs("straight", both[0], found[0]) | self._runs("turned", both[1], found[1])
        numbers: dict[str, float] = {"steps": self.steps, "own": self.own}
        table = []
        for name, one, other in zip(_METHODS, found[0].entries, found[1].entries, strict=True):
            numbers |= {f"straight.{name}": one.best_steps, f"turned.{name}": other.best_steps}
            table.append((method(name), finite_or_none(one.best_steps), finite_or_none(other.best_steps)))
        title, *heads = (
            self.word(claim_key(key, numbers), **_SIZES) for key in ("table", "straight", "turned")
        )
        sheet = Sheet(title, (shared("method"), *heads), tuple(table))
        return Measured(numbers, (sheet,), charts, runs)

    def _turned(self, data: Dataset) -> Dataset:
        """The same rows, their features turned by a random rotation."""
        width = data.features.shape[1]
        noise = torch.randn(width, width, generator=generator_for(self.seed), dtype=torch.float64)
        names = tuple(f"axis {k + 1}" for k in range(width))
        return replace(data, features=data.features @ torch.linalg.qr(noise).Q, feature_names=names)

    def _on_rows(self, both: Sequence[Dataset]) -> list[CostTable]:
        """Full-batch training until a thousandth of the way down is left."""
        neuron, data = self.neuron(), both[0]
        least = float(neuron.value(optimum(data, neuron), whole_batch(data)))
        target = least + TARGET_SHARE * (math.log(2) - least)
        options: dict[str, Any] = {"epochs": self.steps, "target": target, "penalty": self.penalty}
        return [tabulate_costs(data, _METHODS, rates=COARSE, **options) for data in both]

    def _runs(self, kind: str, data: Dataset, found: CostTable) -> dict[str, RunRecord]:
        """Every method that arrives, at its best rate, until it does."""
        return {
            f"{kind}_{entry.optimizer}": train_run(
                data,
                optimizer=entry.optimizer,
                learning_rate=entry.best_rate,
                penalty=self.penalty,
                epochs=int(entry.best_steps),
            )
            for entry in found.entries
            if entry.best_rate is not None
        }

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """One feature has no directions."""
        return cls.word("not_asked") if own.even.features.shape[1] == 1 else None

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Momentum must not notice; who needs clearly more steps has noticed."""
        worse = [
            name for name in DIAGONAL if lead(numbers[f"straight.{name}"], numbers[f"turned.{name}"]) == "yes"
        ]
        return cls._momentum(numbers), cls._diagonal(numbers, worse)

    @classmethod
    def _momentum(cls, numbers: Numbers) -> Verdict:
        """Whether it loses, or gains; not to be told where it arrives neither before nor after the turn."""
        claim = claim_key("momentum", numbers)
        one, other = (numbers[f"{kind}.momentum"] for kind in ("straight", "turned"))
        fields = {
            "one": count_phrase(one, numbers["steps"], "steps"),
            "other": count_phrase(other, numbers["steps"], "steps"),
            "angle": ANGLE,
        }
        answers = {"yes": "no", "no": "yes", "reversed": "reversed", "unknown": "unknown"}
        return cls.answer(claim, answers[lead(one, other)], **fields)

    @classmethod
    def _diagonal(cls, numbers: Numbers, losers: Sequence[str]) -> Verdict:
        """Whether all lose, some do, or nobody; where somebody does not arrive, nobody is not said."""
        claim = claim_key("diagonal", numbers)
        if not losers and not all(math.isfinite(numbers[f"straight.{name}"]) for name in DIAGONAL):
            return cls.answer(claim, "unknown")
        if not losers:
            return cls.answer(claim, "none")
        names = name_list([short_name(name) for name in losers])
        return cls.verdict(claim, len(losers) == len(DIAGONAL), losers=names)
