"""Which features make descent slow: wide, moved away from zero, or nearly the same? And what helps?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, NamedTuple

import torch

from soloneuron.data.preparation import whiten
from soloneuron.data.synthetic import OVERLAPPING, make_blobs, make_correlated, make_stretched
from soloneuron.experiments.base import Measured, Numbers, OnRows, lead, method, shared
from soloneuron.experiments.condition import extreme_curvatures, standardized
from soloneuron.experiments.measuring import count_phrase, finite_or_none, optimum, whole_batch
from soloneuron.experiments.own_rows import OwnData
from soloneuron.experiments.trained import train_run
from soloneuron.experiments.tuning import RACERS, TARGET_SHARE, Tuned, race, tuned
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Name, Series, Sheet, Verdict
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase

TUNED_METHODS = ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam", "rprop")
CASES = ("round", "wide", "moved", "alike", "apart")
_KINDS = ("raw", "even", "white")

WIDE = 20.0
"""So many times as wide is the wide feature."""

AWAY = 20.0
"""So far from zero is the moved feature."""

APART = 0.2
"""So far apart are the centers of features that are nearly the same, where the label is their difference."""

_SIZES = {"width": WIDE, "away": AWAY}

_CLEAR = 2.0
"""A treatment that helps leaves fewer steps by this factor."""


class Shape(NamedTuple):
    """One form of the rows.

    Attributes:
        kappa: its condition number at the optimum.
        found: every method at its best rate.
        run: plain descent at its own.
    """

    kappa: float
    found: Mapping[str, Tuned]
    run: RunRecord


@dataclass(frozen=True)
class FeatureShapes(OnRows):
    """Full-batch steps until 99.9 % of the way down is done, at the best rate of one grid for each method.

    Features as they are, standardized, and whitened (turned to their principal axes).
    """

    name = "features"
    untested = frozenset({"alike", "finish", "finish_own"})
    own_sizes: ClassVar = {"epochs": 500}
    rows: int = 300
    epochs: int = 700
    raced: int = 150

    def measure(self) -> Measured:
        """Each case in each form, every method; plain descent is kept, and a race through a ravine."""
        numbers: dict[str, float] = {"own": self.own, "epochs": self.epochs}
        table, runs, seen = [], {}, list[tuple[Dataset, Shape]]()
        for case, data in self._cases():
            for kind, shown in self._forms(case, data):
                # Once they are standardized, rows that were wide or moved are those of another case.
                shape = next((known for rows, known in seen if _alike(rows, shown)), None)
                if shape is None:
                    shape = self._shape(shown)
                    seen.append((shown, shape))
                numbers |= {f"{case}.{kind}.{rule}": one.steps for rule, one in shape.found.items()}
                numbers[f"{case}.{kind}.kappa"] = shape.kappa
                steps = (finite_or_none(one.steps) for one in shape.found.values())
                table.append((self.word(case, **_SIZES), self.word(kind), shape.kappa, *steps))
                runs[f"{case}_{kind}"] = shape.run
        heads: tuple[Name, ...] = ("", "", shared("kappa"), *map(method, TUNED_METHODS))
        title = self.word("table", count=self.epochs, done=100 * (1 - TARGET_SHARE))
        if self.data is None:
            runs |= race(
                make_stretched(self.rows, seed=self.seed, distance=OVERLAPPING), RACERS, epochs=self.raced
            )
        return Measured(numbers, (Sheet(title, heads, tuple(table)),), (self._chart(runs),), runs)

    def _forms(self, case: str, data: Dataset) -> Iterator[tuple[str, Dataset]]:
        """The rows as they came and standardized; whitened too where columns may be alike."""
        yield "raw", data
        yield "even", standardized(data)
        if case in ("alike", "apart", "yours"):
            yield "white", whitened(data)

    def _shape(self, data: Dataset) -> Shape:
        """Every method on one form of the rows."""
        neuron = self.neuron()
        best = optimum(data, neuron)
        low, high, _ = extreme_curvatures(data, neuron, best)
        least = float(neuron.value(best, whole_batch(data)))
        found = tuned(data, neuron, TUNED_METHODS, least, epochs=self.epochs)
        plain = found["gradient_descent"]
        options = {"learning_rate": plain.rate, "epochs": int(min(self.epochs, plain.steps))}
        return Shape(high / low, found, train_run(data, penalty=self.penalty, **options))

    def _chart(self, runs: Mapping[str, RunRecord]) -> Chart:
        """Plain descent at its best rates, in the case where the treatments differ most."""
        lines = []
        for kind in _KINDS:
            run = runs[f"{'apart' if self.data is None else 'yours'}_{kind}"]
            neuron = self.neuron()
            batch = whole_batch(run.data)
            excess = neuron.value(run.history.theta, batch) - neuron.value(optimum(run.data, neuron), batch)
            curve = tuple(value if value > 0 else None for value in excess.tolist())
            lines.append(Series(self.word(kind), run.history.epochs, curve))
        title = self.word("chart" if self.data is None else "chart_own")
        return Chart("lines", title, tuple(lines), shared("step"), shared("excess"), log="y")

    def _cases(self) -> Iterator[tuple[str, Dataset]]:
        """The names of the cases with their rows."""
        if self.data is not None:
            yield "yours", self.data.raw
            return
        data = make_blobs(self.rows, seed=self.seed)
        yield "round", data
        yield "wide", make_stretched(self.rows, seed=self.seed, factor=WIDE, distance=OVERLAPPING)
        yield "moved", replace(data, features=data.features + torch.tensor([0.0, AWAY], dtype=torch.float64))
        yield "alike", make_correlated(self.rows, seed=self.seed)
        yield "apart", make_correlated(self.rows, seed=self.seed, distance=(APART, -APART))

    @classmethod
    def refusal(cls, own: OwnData) -> Phrase | None:
        """Columns that cannot be computed with as they came."""
        return own.not_as_they_came()

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """Plain descent in each case, as it is and made ready; and who finishes on moved features."""
        if numbers["own"]:
            ready = cls._helps("yours", "raw", "even", numbers), cls._helps("yours", "even", "white", numbers)
            return (*ready, cls._finish("finish_own", "yours", numbers))
        return (
            cls._helps("wide", "raw", "even", numbers),
            cls._helps("moved", "raw", "even", numbers),
            cls._depends(numbers),
            cls._helps("apart", "even", "white", numbers),
            cls._finish("finish", "moved", numbers),
        )

    @classmethod
    def _helps(cls, case: str, before: str, after: str, numbers: Numbers) -> Verdict:
        """Whether what was done to the features leaves plain descent clearly fewer steps."""
        steps = {
            kind: numbers[key] for kind in _KINDS if (key := f"{case}.{kind}.gradient_descent") in numbers
        }
        answer = lead(steps[after], steps[before], _CLEAR)
        fields = {kind: count_phrase(count, numbers["epochs"], "steps") for kind, count in steps.items()}
        claim = "white" if (case, after) == ("yours", "white") else case
        return cls.answer(claim, answer, **fields, **_SIZES)

    @classmethod
    def _depends(cls, numbers: Numbers) -> Verdict:
        """Whether nearly equal features cost more where the label follows their difference."""
        both = {case: numbers[f"{case}.raw.gradient_descent"] for case in ("alike", "apart")}
        fields = {case: count_phrase(steps, numbers["epochs"], "steps") for case, steps in both.items()}
        return cls.answer("alike", lead(both["alike"], both["apart"], _CLEAR), **fields)

    @classmethod
    def _finish(cls, claim: str, case: str, numbers: Numbers) -> Verdict:
        """Who arrives at all on features as they are."""
        done = [rule for rule in TUNED_METHODS if math.isfinite(numbers[f"{case}.raw.{rule}"])]
        return cls.verdict(claim, 0 < len(done) < len(TUNED_METHODS), done=len(done), of=len(TUNED_METHODS))


def _alike(one: Dataset, other: Dataset) -> bool:
    """Whether two hold the same rows up to rounding."""
    near = partial(torch.allclose, rtol=0.0, atol=1e-9)
    return one.labels.equal(other.labels) and near(one.features, other.features)


def whitened(data: Dataset) -> Dataset:
    """The same rows along their principal axes, every axis at mean 0 and deviation 1."""
    X = whiten(standardized(data).features)
    names = tuple(f"axis {k + 1}" for k in range(X.shape[1]))
    return replace(data, features=X, feature_names=names)
