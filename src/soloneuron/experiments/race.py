"""Which optimizer is the fastest on real data, if each may choose its rate from the same grid?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from soloneuron.data.bundled import load_breast_cancer
from soloneuron.experiments.base import Measured, Numbers, OnRows, name_list, shared, short_name
from soloneuron.experiments.condition import standardized
from soloneuron.experiments.measuring import count_phrase
from soloneuron.experiments.surface_race import (
    RACED_METHODS,
    counted,
    method_names,
    ranking,
    rivals,
    sensitivity,
    standing,
    standings,
)
from soloneuron.experiments.trained import train_run
from soloneuron.experiments.tuning import RACERS
from soloneuron.formulas.ordering import clearly_less
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Verdict
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase
from soloneuron.training.compare import compare_optimizers

_RATES = tuple(10 ** (k / 4) for k in range(-14, 4))


@dataclass(frozen=True)
class Race(OnRows):
    """Same start, same batches, one grid of rates, several orders of rows, cost in gradient evaluations."""

    name = "race"
    untested = frozenset({"winner", "easy"})
    epochs: int = 15
    batch: int = 32
    seeds: int = 3
    share: float = 0.02

    def measure(self) -> Measured:
        """Ten methods on the breast cancer data, or on somebody's own, standardized."""
        data = standardized(load_breast_cancer()) if self.data is None else self.data.even
        batch = min(self.batch, len(data.labels))
        found = compare_optimizers(
            data,
            RACED_METHODS,
            epochs=self.epochs,
            rates=_RATES,
            seeds=self.orders(self.seeds),
            share=self.share,
            batch_size=batch,
            penalty=self.penalty,
        )
        updates = math.ceil(len(data.labels) / batch)
        numbers: dict[str, float] = {"seeds": self.seeds, "own": self.own, "updates": updates}
        numbers["most"] = found.steps
        numbers |= standing(found, "cost")
        title = self.word("table", target=found.target, updates=updates)
        sheet = ranking(found, title, shared("band"))
        best = {entry.optimizer: entry.best_rate for entry in found.entries}
        rates = {rule: rate for rule in RACERS if (rate := best[rule]) is not None}
        return Measured(numbers, (sheet,), (sensitivity(found),), self._runs(data, batch, rates))

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
        """A lead counts in every order of the rows, with the runner-up at the start of its last epoch."""
        updates, most = int(numbers["updates"]), numbers["most"]
        where: dict[str, Phrase | str] = {"where": cls.word("yours" if numbers["own"] else "cancer")}
        groups, near = standings(numbers, "cost"), rivals(numbers, "cost", updates)
        one = count_phrase(numbers[f"cost.{near[0]}"], most, "evaluations")
        if math.isinf(numbers[f"cost.{near[0]}"]):
            return Verdict("winner", False, cls.word("nobody", **where))
        where["rounded"] = cls.word("rounded", updates=updates) if updates > 1 else ""
        if len(near) > 1:
            names = [counted(name, numbers[f"cost.{name}"], most, "bare") for name in near]
            return cls.answer("winner", "no", near=name_list(names), **where)
        first, other = short_name(near[0]), numbers[f"cost.{groups[1][0]}"]
        if math.isinf(other):
            return Verdict("winner", True, cls.word("winner_only", first=first, one=one, **where))
        next_one = {"second": method_names(groups[1]), "other": count_phrase(other, most, "evaluations")}
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
