"""The races on landscapes: the same question on a saddle, a plateau and Rosenbrock's valley."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from soloneuron.experiments.base import LEAD, Experiment, Measured, Numbers, lead, method, shared, short
from soloneuron.experiments.landscapes import in_space, landscape, paths
from soloneuron.experiments.training import finite, told
from soloneuron.formulas.surfaces import Plateau, Rosenbrock, Saddle, Surface
from soloneuron.optimizers.catalogue import NINE
from soloneuron.records.comparison import Comparison, Entry
from soloneuron.records.findings import Chart, Row, Series, Sheet, Verdict
from soloneuron.training.compare import RATES, compare

METHODS = ("gradient_descent", *NINE)
"""Plain descent and the assignment's nine methods."""


@dataclass(frozen=True)
class SurfaceRace(Experiment):
    """Every method from one start, at its best rate of one printed grid, steps until the target."""

    surface: ClassVar[type[Surface]]
    relief: ClassVar[bool] = True
    """Whether the view in space tells anything."""
    steps: int = 2000
    share: float = 0.01
    drawn: int = 120
    rates: tuple[float, ...] = RATES

    def measure(self) -> Measured:
        """Run the grid, and keep the paths at the best rates."""
        surface = self.surface()
        found = compare(surface, METHODS, steps=self.steps, rates=self.rates, share=self.share)
        numbers: dict[str, float] = {f"steps.{entry.optimizer}": entry.best_steps for entry in found.entries}
        numbers["most"] = self.steps
        ground = landscape(
            self.word("chart", rate=self.rates[0]), surface, paths(surface, found, steps=self.drawn)
        )
        charts = [ground, *([in_space(ground)] if self.relief else [])]
        if len(self.rates) > 1:
            charts.append(sensitivity(found))
        return Measured(numbers, (ranking(found),), tuple(charts))

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Who is first, and how long plain descent takes."""
        ranked = sorted(METHODS, key=lambda name: numbers[f"steps.{name}"])
        names = {"first": short(ranked[0]), "second": short(ranked[1])}
        first, second = (numbers[f"steps.{name}"] for name in ranked[:2])
        plain = numbers["steps.gradient_descent"]
        slow = told(plain, numbers["most"], "steps")
        fields = {"steps": told(first, numbers["most"], "steps")}
        fields["second_steps"] = told(second, numbers["most"], "steps")
        return (
            cls.verdict("winner", math.isfinite(first) and second >= LEAD * first, **names, **fields),
            cls.answer("plain", "unknown" if math.isinf(first) else lead(first, plain), plain=slow),
        )


@dataclass(frozen=True)
class SaddleEscape(SurfaceRace):
    """From beside a saddle, where the slope is nearly nothing, all at the one rate 0.01.

    A grid of rates would settle nothing here: a large enough first step jumps over the saddle.
    """

    name = "saddle"
    surface = Saddle
    share: float = 0.1
    drawn: int = 1500
    rates: tuple[float, ...] = (0.01,)


@dataclass(frozen=True)
class PlateauCrossing(SurfaceRace):
    """From far out on a plateau, where the slope dies away."""

    name = "plateau"
    surface = Plateau


@dataclass(frozen=True)
class RosenbrockValley(SurfaceRace):
    """Along a bent valley."""

    name = "rosenbrock"
    surface = Rosenbrock
    relief = False
    share: float = 0.0001


def ranking(found: Comparison) -> Sheet:
    """All methods, the fastest first."""
    ranked = sorted(found.entries, key=lambda entry: (entry.best_steps, -entry.share))
    heads = (shared("method"), shared("best_rate"), shared("evaluations"), shared("band"), shared("works"))
    return Sheet(shared("ranking", target=found.target), heads, tuple(map(_row, ranked)))


def _row(entry: Entry) -> Row:
    low, high = entry.band
    band = f"{low:.0f}-{high:.0f}" if math.isfinite(high) and low < high else None
    return (
        method(entry.optimizer),
        entry.best_rate,
        finite(entry.best_steps),
        band,
        f"{100 * entry.share:.0f}%",
    )


def sensitivity(found: Comparison) -> Chart:
    """Evaluations to the target over the learning rate, one line a method."""
    lines = []
    for entry in found.entries:
        steps = entry.steps.quantile(0.5, 0, interpolation="higher").tolist()
        if any(map(math.isfinite, steps)):
            lines.append(Series(method(entry.optimizer), found.rates, tuple(map(finite, steps))))
    return Chart(
        "lines", shared("sensitivity"), tuple(lines), shared("rate"), shared("evaluations"), log="xy"
    )
