"""Which optimizer is the fastest on real data, if each may choose its rate from the same grid?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soloneuron.data.bundled import load_breast_cancer
from soloneuron.experiments.base import Measured, Numbers, OnRows, method, name_list, shared, short_name
from soloneuron.experiments.condition import standardized
from soloneuron.experiments.judged_numbers import judged_numbers
from soloneuron.experiments.measuring import count_phrase, finite_or_none
from soloneuron.experiments.surface_race import (
    RACED_METHODS,
    band_cell,
    counted,
    method_names,
    sensitivity,
    standings,
)
from soloneuron.experiments.trained import train_run
from soloneuron.experiments.tuning import RACERS
from soloneuron.formulas.ordering import clearly_less
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Cell, Sheet, Verdict
from soloneuron.records.judged import JudgedComparison, JudgedMethod
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase
from soloneuron.training.protocol.comparing import Protocol, judged_comparison

_RATES = tuple(10 ** (k / 4) for k in range(-14, 4))


@dataclass(frozen=True)
class Race(OnRows):
    """The protocol of ``compare`` on rows: orders of them are the seeds, half tunes and half judges."""

    name = "race"
    untested = frozenset({"winner", "easy"})
    epochs: int = 15
    batch: int = 32
    seeds: int = 22
    share: float = 0.08

    def measure(self) -> Measured:
        """Ten methods on the breast cancer data, or on somebody's own, standardized."""
        data = standardized(load_breast_cancer()) if self.data is None else self.data.even
        batch = min(self.batch, len(data.labels))
        updates = math.ceil(len(data.labels) / batch)
        protocol = Protocol(
            budget=self.epochs * updates, seeds=self.orders(self.seeds), rates=_RATES, share=self.share
        )
        found = judged_comparison(
            data, RACED_METHODS, protocol, {"batch_size": batch, "penalty": self.penalty}
        )
        numbers: dict[str, float] = {"seeds": self.seeds, "own": self.own, "updates": updates}
        numbers |= {"most": found.budget, **_standing(found)}
        title = self.word("table", target=found.target, updates=updates)
        best = {entry.optimizer: entry.best_rate for entry in found.methods}
        rates = {rule: rate for rule in RACERS if (rate := best[rule]) is not None}
        return Measured(
            numbers,
            (_sheet(found, title),),
            (sensitivity(map(costs_by_rate, found.methods)),),
            self._runs(data, batch, rates),
        )

    def _runs(self, data: Dataset, batch: int, rates: Mapping[str, float]) -> dict[str, RunRecord]:
        """The best known methods, each at its best rate, for whoever wants to see the race."""
        return {
            rule: train_run(
                data,
                optimizer=rule,
                learning_rate=rate,
                epochs=self.epochs,
                batch_size=batch,
                penalty=self.penalty,
                shuffle=True,
                seed=self.seed,
            )
            for rule, rate in rates.items()
        }

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """The fastest, and the easiest to tune, each only with a lead."""
        return cls._fastest(numbers), cls._easiest(numbers)

    @classmethod
    def _fastest(cls, numbers: Numbers) -> Verdict:
        """Who is clearly faster than all others on orders that tuned nobody."""
        updates, most = int(numbers["updates"]), numbers["most"]
        where: dict[str, Phrase | str] = {"where": cls.word("yours" if numbers["own"] else "cancer")}
        ranked = [name for group in standings(numbers, "cost") for name in group]
        first_one = RACED_METHODS[int(numbers["first"])]
        others = [name for name in ranked if name != first_one]
        near = [first_one, *(name for name in others if not numbers[f"beaten.{name}"])]
        one = count_phrase(numbers[f"cost.{first_one}"], most, "evaluations")
        if math.isinf(numbers[f"cost.{ranked[0]}"]):
            return Verdict("winner", False, cls.word("nobody", **where))
        where["rounded"] = cls.word("rounded", updates=updates) if updates > 1 else ""
        if len(near) > 1:
            names = [counted(name, numbers[f"cost.{name}"], most, "bare") for name in near]
            return cls.answer("winner", "no", near=name_list(names), **where)
        first, other = short_name(first_one), numbers[f"cost.{others[0]}"]
        if math.isinf(other):
            return Verdict("winner", True, cls.word("winner_only", first=first, one=one, **where))
        seconds = [name for name in others if numbers[f"cost.{name}"] == other]
        next_one = {"second": method_names(seconds), "other": count_phrase(other, most, "evaluations")}
        return cls.answer("winner", "yes", first=first, one=one, **next_one, **where)

    @classmethod
    def _easiest(cls, numbers: Numbers) -> Verdict:
        """Whom most rates of the grid suit."""
        shares = {name: numbers[f"works.{name}"] for name in RACED_METHODS}
        most, *less = sorted(set(shares.values()), reverse=True)
        if not less:
            return cls.answer("easy", "none", share=100 * most)
        first, second = (
            [name for name in RACED_METHODS if shares[name] == share] for share in (most, less[0])
        )
        percent = {"share": 100 * most, "other": 100 * less[0]}
        names = {"first": method_names(first), "second": method_names(second)}
        beside = cls.word("beside", plain=100 * shares["gradient_descent"])
        rest = "" if "gradient_descent" in (*first, *second) else beside
        leads = len(first) == 1 and clearly_less(less[0], most)
        return cls.verdict("easy", leads, rest=rest, **percent, **names)


def _standing(found: JudgedComparison) -> Numbers:
    """What every method costs and how many settings suit it; who beats most, and whom that one beats."""
    numbers = dict(judged_numbers(found))
    for one in found.methods:
        numbers |= {f"cost.{one.optimizer}": one.median, f"works.{one.optimizer}": one.works}
    return numbers


def _sheet(found: JudgedComparison, title: Phrase) -> Sheet:
    """All methods, the fastest first, of equals the one that more settings suit."""
    ranked = sorted(found.methods, key=lambda one: (one.median, -one.works))
    heads = ("method", "best_rate", "evaluations", "band", "works")
    rows = tuple(
        (
            method(one.optimizer),
            _rate(one),
            finite_or_none(one.median),
            band_cell(*one.band),
            f"{100 * one.works:.0f}%",
        )
        for one in ranked
    )
    return Sheet(title, tuple(map(shared, heads)), rows)


def _rate(one: JudgedMethod) -> Cell:
    """The rate that was chosen; the largest that was tried may have better ones above it."""
    return shared("largest_rate", rate=one.best_rate) if one.edge == "high" else one.best_rate


def costs_by_rate(one: JudgedMethod) -> tuple[str, Sequence[float], Sequence[float]]:
    """A method, the rates that were tried, and what it costs at each by the median of the seeds that tune."""
    return one.optimizer, one.rates, one.tuning.quantile(0.5, 1, interpolation="higher").tolist()
