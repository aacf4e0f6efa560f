"""The races on landscapes: the same question on a saddle, a plateau and Rosenbrock's valley."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import ClassVar

import torch
from torch import Tensor

from soloneuron.data.seeding import generator_for
from soloneuron.experiments.base import Experiment, Measured, Numbers, method, name_list, shared, short_name
from soloneuron.experiments.judged_numbers import judged_numbers
from soloneuron.experiments.landscapes import best_paths, in_space, landscape
from soloneuron.experiments.measuring import count_phrase, finite_or_none
from soloneuron.experiments.repeats import order_of, repeated
from soloneuron.formulas.stalling_surfaces import Plateau, Saddle
from soloneuron.formulas.surfaces import Rosenbrock, Surface
from soloneuron.optimizers.catalogue import NINE
from soloneuron.records.cost_table import CostTable, Entry
from soloneuron.records.findings import Cell, Chart, Row, Series, Sheet, Verdict
from soloneuron.texts.phrases import Phrase
from soloneuron.training.cost_table import RATES, tabulate_costs
from soloneuron.training.protocol.comparing import Protocol, judged_comparison

RACED_METHODS = ("gradient_descent", *NINE)
"""Plain descent and the assignment's nine methods."""


@dataclass(frozen=True)
class SurfaceRace(Experiment):
    """Every method from the same starts, at its best rate of one printed grid, steps until the target.

    The first start is the surface's own; the others are moved from it by chance, since a path over bent
    ground may hang on the third digit of its start. Who is first the protocol of ``compare`` says: half of
    the starts chooses the rates, the other half judges.
    """

    untested = frozenset({"winner"})
    surface: ClassVar[type[Surface]]
    spread: ClassVar[tuple[float, float]]
    """By how much at most a start is moved in x and in y."""
    spatial: ClassVar[bool] = True
    """Whether the view in space tells anything."""
    steps: int = 2000
    starts: int = 5
    tested: int = 22
    """So many starts, those of the table among them, are given to the protocol."""
    share: float = 0.01
    drawn: int = 120
    rates: tuple[float, ...] = RATES

    def measure(self) -> Measured:
        """Run the grid, and keep the paths at the best rates."""
        surface = self.surface()
        points = self.points(surface)
        found = tabulate_costs(
            surface, RACED_METHODS, start=points, steps=self.steps, rates=self.rates, share=self.share
        )
        numbers: dict[str, float] = {"most": self.steps, "rate": self.rates[0]}
        numbers |= standing(found, "steps")
        more = self._points(surface, max(self.starts, self.tested))
        protocol = Protocol(self.steps, None, more, self.rates, found.target)
        numbers |= judged_numbers(judged_comparison(surface, RACED_METHODS, protocol, {}))
        chart = landscape(
            self.word("chart", rate=self.rates[0]), surface, best_paths(surface, found, steps=self.drawn)
        )
        charts = [chart, *([in_space(chart)] if self.spatial else [])]
        if len(self.rates) > 1:
            charts.append(sensitivity(map(partial(_median_steps, found.rates), found.entries)))
        sheet = ranking(found, self.title(found.target), shared("over_starts"))
        return Measured(numbers, (sheet,), tuple(charts))

    def points(self, surface: Surface) -> Tensor:
        """The starts of the table, (S, 2)."""
        return self._points(surface, self.starts)

    def _points(self, surface: Surface, count: int) -> Tensor:
        """So many starts; the first are the same however many there are."""
        own = torch.tensor([surface.start], dtype=torch.float64)
        moved = torch.rand(count - 1, 2, generator=generator_for(self.seed), dtype=torch.float64)
        return torch.cat([own, own + (2 * moved - 1) * torch.tensor(self.spread, dtype=torch.float64)])

    def title(self, target: float) -> Phrase:
        """What the table says above."""
        return shared("ranking_starts", target=target, count=self.starts)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Who is first, and whether plain descent is slower; nothing where nobody arrives."""
        costs = {name: numbers[f"steps.{name}"] for name in RACED_METHODS}
        near = rivals(numbers, "steps")
        slow = count_phrase(costs["gradient_descent"], numbers["most"], "steps")
        if math.isinf(costs[near[0]]):
            return cls.answer("winner", "nobody"), cls.answer("plain", "unknown", plain=slow)
        leads, behind = len(near) == 1, "gradient_descent" not in near
        answer = "yes" if behind else "reversed" if near == ["gradient_descent"] else "no"
        winner = cls._first(numbers, near[0]) if leads else cls._nobody(numbers, near)
        return winner, cls.answer("plain", answer, plain=slow)

    @classmethod
    def _first(cls, numbers: Numbers, first: str) -> Verdict:
        """Who is first, and who comes next, if anybody does."""
        second = next(group for group in standings(numbers, "steps") if first not in group)
        steps, later = (
            count_phrase(numbers[f"steps.{name}"], numbers["most"], "steps") for name in (first, second[0])
        )
        fields = {"first": short_name(first), "steps": steps}
        if math.isinf(numbers[f"steps.{second[0]}"]):
            return Verdict("winner", True, cls.word("winner_only", **fields))
        return cls.answer("winner", "yes", **fields, second=method_names(second), second_steps=later)

    @classmethod
    def _nobody(cls, numbers: Numbers, near: Sequence[str]) -> Verdict:
        """Who cannot be told apart."""
        names = [counted(name, numbers[f"steps.{name}"], numbers["most"], "steps") for name in near]
        return cls.answer("winner", "no", near=name_list(names))


@dataclass(frozen=True)
class SaddleEscape(SurfaceRace):
    """From beside a saddle, where the slope is nearly nothing, all at the one rate 0.01.

    A grid of rates would settle nothing here: a large enough first step jumps over the saddle. Starts are
    moved along the way in; across it by no more than the little that there is.
    """

    name = "saddle"
    surface = Saddle
    spread = (0.2, 0.0005)
    share: float = 0.1
    drawn: int = 1500
    rates: tuple[float, ...] = (0.01,)

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The same at the rate that all have."""
        rate = {"rate": numbers["rate"]}
        return tuple(
            replace(verdict, phrase=Phrase(verdict.phrase.key, {**verdict.phrase.fields, **rate}))
            for verdict in super().conclude(numbers)
        )

    def title(self, target: float) -> Phrase:
        """There is no grid, and no best rate."""
        return self.word("table", target=target, rate=self.rates[0], count=self.starts)


@dataclass(frozen=True)
class PlateauCrossing(SurfaceRace):
    """From far out on a plateau, where the slope dies away."""

    name = "plateau"
    quick_sizes: ClassVar = {"steps": 150, "starts": 2, "drawn": 60}
    surface = Plateau
    spread = (0.6, 0.6)


@dataclass(frozen=True)
class RosenbrockValley(SurfaceRace):
    """Along a bent valley."""

    name = "rosenbrock"
    surface = Rosenbrock
    spread = (0.2, 0.2)
    spatial = False
    share: float = 0.0001


def standings(numbers: Numbers, key: str) -> list[list[str]]:
    """The methods in the order of the table, the cheapest first; those that cost the same stand together."""
    ranked = sorted(RACED_METHODS, key=lambda name: (numbers[f"{key}.{name}"], -numbers[f"works.{name}"]))
    return [list(group) for _, group in groupby(ranked, key=lambda name: numbers[f"{key}.{name}"])]


def standing(found: CostTable, key: str) -> Numbers:
    """What every method costs, by the median and repeat by repeat, and how many rates suit it."""
    numbers: dict[str, float] = {}
    for entry in found.entries:
        numbers |= {f"{key}.{entry.optimizer}": entry.best_steps, f"works.{entry.optimizer}": entry.share}
        numbers |= repeated(f"{key}.{entry.optimizer}", entry.costs)
    return numbers


def rivals(numbers: Numbers, key: str, rounding: float = 0) -> list[str]:
    """Who cannot be told from the first, in order, and the first itself.

    Where the protocol has judged, it says so. Else, repeat by repeat, the first must cost less, and in most
    of them less by a factor, also than one that came at the start of what its cost was rounded up by.
    """
    first, *others = (name for group in standings(numbers, key) for name in group)
    if "first" in numbers:
        ranked, judged = [first, *others], RACED_METHODS[int(numbers["first"])]
        return [judged, *(name for name in ranked if name != judged and not numbers[f"beaten.{name}"])]
    return [first] + [
        name
        for name in others
        if order_of(f"{key}.{first}", f"{key}.{name}", numbers, plus=rounding) != "less"
    ]


def method_names(names: Sequence[str]) -> Phrase:
    """What a sentence calls several methods."""
    return name_list([short_name(name) for name in names])


def counted(name: str, cost: float, most: float, unit: str) -> Phrase:
    """A method with what it costs."""
    return shared("counted_name", name=short_name(name), count=count_phrase(cost, most, unit))


def ranking(found: CostTable, title: Phrase, over: Phrase) -> Sheet:
    """All methods, the fastest first, of equals the one that more rates suit; ``over``: what bands span."""
    ranked = sorted(found.entries, key=lambda entry: (entry.best_steps, -entry.share))
    evaluations = [(finite_or_none(entry.best_steps), band_cell(*entry.band)) for entry in ranked]
    names = [method(entry.optimizer) for entry in ranked]
    if len(found.rates) == 1:
        rows: list[Row] = [(name, *cells) for name, cells in zip(names, evaluations, strict=True)]
        return Sheet(title, (shared("method"), shared("evaluations"), over), tuple(rows))
    heads = (shared("method"), shared("best_rate"), shared("evaluations"), over, shared("works"))
    rows = [
        (name, _rate(entry, found.rates), *cells, f"{100 * entry.share:.0f}%")
        for name, entry, cells in zip(names, ranked, evaluations, strict=True)
    ]
    return Sheet(title, heads, tuple(rows))


def _rate(entry: Entry, rates: Sequence[float]) -> Cell:
    """The best rate; the largest of a grid may have better ones above it."""
    if entry.best_rate == max(rates):
        return shared("largest_rate", rate=entry.best_rate)
    return entry.best_rate


def band_cell(low: float, high: float) -> Cell:
    """The least and the most, if they differ."""
    if low == high:
        return None
    return f"{low:.0f}-{high:.0f}" if math.isfinite(high) else shared("open_band", low=low)


def sensitivity(curves: Iterable[tuple[str, Sequence[float], Sequence[float]]]) -> Chart:
    """Evaluations to the target over the learning rate, one line a method.

    Args:
        curves: a method, the rates that were tried, and what it costs at each; inf where it does not arrive.
    """
    lines = [
        Series(method(name), tuple(rates), tuple(map(finite_or_none, costs)))
        for name, rates, costs in curves
        if any(map(math.isfinite, costs))
    ]
    return Chart(
        "lines", shared("sensitivity"), tuple(lines), shared("rate"), shared("evaluations"), log="xy"
    )


def _median_steps(rates: Sequence[float], entry: Entry) -> tuple[str, Sequence[float], Sequence[float]]:
    """A method, the rates that were tried, and what it costs at each by the median of the starts."""
    return entry.optimizer, rates, entry.steps.quantile(0.5, 0, interpolation="higher").tolist()
