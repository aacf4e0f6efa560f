"""When the noise of gradients has heavy tails, who stays near the minimum? Whoever limits a step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice

import torch

from soloneuron.data.seeding import generator_for
from soloneuron.experiments.base import Experiment, Measured, Numbers, lead, method, shared, short_name
from soloneuron.experiments.measuring import run_column
from soloneuron.formulas.surfaces import Bowl
from soloneuron.optimizers.base import ValueAndGradient
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.findings import Chart, Series, Sheet, Verdict
from soloneuron.training.loop import updates
from soloneuron.training.plan import State

_METHODS = ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam", "lion")
_RATES = tuple(10 ** (k / 4) for k in range(-16, 1))


@dataclass(frozen=True)
class HeavyTails(Experiment):
    """A bowl whose gradient comes with noise; the median distance to the minimum at the end."""

    name = "heavy_tails"
    steps: int = 400
    seeds: int = 200

    def measure(self) -> Measured:
        """Normal and Cauchy noise, the same draws for everybody."""
        curves = {(kind, name): self._curve(name, kind) for kind in ("normal", "cauchy") for name in _METHODS}
        numbers = {f"{kind}.{name}": curve[-1] for (kind, name), curve in curves.items()}
        table = tuple(
            (method(name), numbers[f"normal.{name}"], numbers[f"cauchy.{name}"]) for name in _METHODS
        )
        heads = (shared("method"), self.word("normal"), self.word("cauchy"))
        steps = tuple(range(self.steps + 1))
        lines = tuple(Series(method(name), steps, curves["cauchy", name]) for name in _METHODS)
        chart = Chart("lines", self.word("chart"), lines, shared("step"), self.word("distance"), log="y")
        return Measured(numbers, (Sheet(self.word("table", count=self.steps), heads, table),), (chart,))

    def _curve(self, name: str, kind: str) -> tuple[float, ...]:
        """The median over seeds of the distance, from (3, -2) on, at the rate that ends the nearest."""
        generator = generator_for(self.seed, _METHODS.index("adam"))
        rates = run_column(rate for rate in _RATES for _ in range(self.seeds))
        rule, theta = as_optimizer(name, learning_rate=rates), torch.tensor([3.0, -2.0], dtype=torch.float64)
        theta = theta.repeat(len(rates), 1)

        def evaluation(_update: int) -> ValueAndGradient:
            noise = torch.randn(self.seeds, 2, generator=generator, dtype=torch.float64)
            if kind == "cauchy":
                noise = torch.tan(
                    math.pi * (torch.rand(self.seeds, 2, generator=generator, dtype=torch.float64) - 0.5)
                )
            return lambda point: (Bowl().value(point), point + noise.repeat(len(_RATES), 1))

        curve = islice(updates(rule, State(0, theta), evaluation), self.steps)
        path = [theta, *(state.theta.clone() for state, _ in curve)]
        away = torch.linalg.vector_norm(torch.stack(path), dim=-1).view(len(path), len(_RATES), self.seeds)
        middle = away.median(-1).values
        return tuple(middle[:, int(middle[-1].argmin())].tolist())

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """How much farther plain descent and Adam end under heavy tails."""
        plain, adam = numbers["cauchy.gradient_descent"], numbers["cauchy.adam"]
        first = min(_METHODS, key=lambda name: numbers[f"cauchy.{name}"])
        fields = {
            "plain": plain,
            "adam": adam,
            "first": short_name(first),
            "least": numbers[f"cauchy.{first}"],
        }
        calm = {"calm_plain": numbers["normal.gradient_descent"], "calm_adam": numbers["normal.adam"]}
        return (cls.answer("limits", lead(adam, plain), **fields, **calm),)
