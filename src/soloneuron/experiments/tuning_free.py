"""Why tune at all? Methods that need no rate, beside others whose rate was chosen for the task."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from soloneuron.data.bundled import load_breast_cancer
from soloneuron.experiments.base import Measured, Numbers, OnRows, method, shared, short_name
from soloneuron.experiments.condition import standardized
from soloneuron.experiments.measuring import count_phrase, finite_or_none
from soloneuron.experiments.race import costs_by_rate
from soloneuron.experiments.surface_race import band_cell, sensitivity
from soloneuron.experiments.trained import train_run
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Row, Sheet, Verdict
from soloneuron.records.judged import JudgedComparison, JudgedMethod
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase
from soloneuron.training.protocol.comparing import Protocol, judged_comparison
from soloneuron.training.protocol.verdicts import verdict_of

_RATES = tuple(10 ** (k / 2) for k in range(-7, 3))

RATE_TUNED = ("gradient_descent", "momentum", "adam")
"""Methods whose rate is chosen on half of the starts."""

ESTIMATING = ("barzilai_borwein", "dog", "prodigy")
"""Methods that find their rate as they go, for one gradient a step."""

SEARCH_METHODS = ("conjugate_gradient", "lbfgs")
"""Methods that search along a line."""

UNTUNED = "untuned adam"
"""Adam at the rate of its card."""


@dataclass(frozen=True)
class TuningFree(OnRows):
    """The protocol of ``compare``: starts, budget and target are the same; only some may choose a rate."""

    name = "tuning_free"
    untested = frozenset({"estimate", "search"})
    budget: int = 200
    seeds: int = 22
    share: float = 0.08

    def measure(self) -> Measured:
        """Nine ways to the same target on the breast cancer data, or on somebody's own, standardized."""
        data = standardized(load_breast_cancer()) if self.data is None else self.data.even
        found = self._judged(data)
        numbers: dict[str, float] = {"own": self.own, "most": found.budget}
        numbers |= {"tried": len(found.methods[0].rates), "usual": _card_rate("adam")}
        numbers |= _standing(found)
        with_rates = (one for one in found.methods if one.optimizer in (*RATE_TUNED, *ESTIMATING))
        curves = sensitivity(map(costs_by_rate, with_rates))
        return Measured(numbers, (self._sheet(found),), (curves,), self._runs(data, found))

    def _judged(self, data: Dataset) -> JudgedComparison:
        """All together: those that tune by the grid, the others by the one rate that they have."""

        def raced(names: Sequence[str], rates: Sequence[float]) -> JudgedComparison:
            protocol = Protocol(
                budget=self.budget, seeds=self.orders(self.seeds), rates=rates, share=self.share
            )
            return judged_comparison(data, names, protocol, {"penalty": self.penalty})

        # A line search takes no rate of the grid: it may stand among those that do.
        tuned = raced((*RATE_TUNED, *SEARCH_METHODS), _RATES)
        methods = {one.optimizer: one for one in tuned.methods}
        for name in ESTIMATING:
            methods[name] = raced((name,), (_card_rate(name),)).methods[0]
        (untuned,) = raced(("adam",), (_card_rate("adam"),)).methods
        methods[UNTUNED] = replace(untuned, optimizer=UNTUNED)
        return verdict_of(
            tuned.task,
            tuple(methods.values()),
            budget=tuned.budget,
            seeds=tuned.seeds,
            start=tuned.start,
            lowest=tuned.lowest,
            targets=tuned.targets,
        )

    def _sheet(self, found: JudgedComparison) -> Sheet:
        """All ways, the fastest first."""
        ranked = sorted(found.methods, key=lambda one: one.median)
        rows = tuple(self._row(one) for one in ranked)
        heads = (shared("method"), self.word("how_found"), shared("evaluations"), shared("band"))
        return Sheet(self.word("table", target=found.target), heads, rows)

    def _row(self, one: JudgedMethod) -> Row:
        if one.optimizer in RATE_TUNED:
            rate = self.word("chosen", rate=one.best_rate)
        elif one.optimizer == UNTUNED:
            rate = self.word("of_card", rate=one.best_rate)
        else:
            rate = self.word("searched" if one.optimizer in SEARCH_METHODS else "estimated")
        return method(_plain_name(one.optimizer)), rate, finite_or_none(one.median), band_cell(*one.band)

    def _runs(self, data: Dataset, found: JudgedComparison) -> dict[str, RunRecord]:
        """One training by each that asks for one gradient a step, for whoever wants to see them."""
        kept: Mapping[str, float | None] = {
            one.optimizer: one.best_rate for one in found.methods if one.optimizer not in SEARCH_METHODS
        }
        common: dict[str, Any] = {"penalty": self.penalty, "epochs": self.budget}
        return {
            name.replace(" ", "_"): train_run(data, optimizer=_plain_name(name), learning_rate=rate, **common)
            for name, rate in kept.items()
            if rate is not None
        }

    @classmethod
    def conclude(cls, numbers: Numbers) -> tuple[Verdict, ...]:
        """What estimating and searching are worth against tuning, and what a rate from a card is worth."""
        return (
            cls._beside("estimate", ESTIMATING, numbers),
            cls._beside("search", SEARCH_METHODS, numbers),
            cls._untuned(numbers),
        )

    @classmethod
    def _beside(cls, claim: str, names: Sequence[str], numbers: Numbers) -> Verdict:
        """The best of those without tuning, beside the best tuned."""
        free, tuned = (_fastest(group, numbers) for group in (names, RATE_TUNED))
        costs = {key: numbers[f"cost.{name}"] for key, name in (("one", free), ("other", tuned))}
        said = {key: count_phrase(cost, numbers["most"], "evaluations") for key, cost in costs.items()}
        fields = {
            **said,
            "free": short_name(free),
            "tuned": short_name(tuned),
            "tried": numbers["tried"],
            "price": numbers["tried"] * numbers["most"],
            "where": _where(numbers),
        }
        if all(map(math.isinf, costs.values())):
            return cls.answer(claim, "nobody", where=_where(numbers))
        faster, slower = numbers[f"{claim}.faster"], numbers[f"{claim}.slower"]
        return cls.answer(claim, "yes" if faster else "reversed" if slower else "no", **fields)

    @classmethod
    def _untuned(cls, numbers: Numbers) -> Verdict:
        """Adam as it comes, beside Adam tuned."""
        one, other = (
            count_phrase(numbers[f"cost.{name}"], numbers["most"], "evaluations")
            for name in ("adam", UNTUNED)
        )
        fields = {"one": one, "other": other, "rate": numbers["usual"], "where": _where(numbers)}
        return cls.verdict("card", bool(numbers["card.slower"]), **fields)


def _where(numbers: Numbers) -> Phrase:
    return Phrase(f"study.race.{'yours' if numbers['own'] else 'cancer'}")


def _plain_name(name: str) -> str:
    return "adam" if name == UNTUNED else name


def _card_rate(name: str) -> float:
    """The rate that a method has where nobody gives one."""
    return float(as_optimizer(name).settings["learning_rate"])


def _fastest(names: Sequence[str], numbers: Numbers) -> str:
    return min(names, key=lambda name: numbers[f"cost.{name}"])


def _standing(found: JudgedComparison) -> Numbers:
    """What every method costs by the median, and who is clearly faster of those that sentences speak of."""
    numbers: dict[str, float] = {f"cost.{one.optimizer}": one.median for one in found.methods}
    clear = {(pair.first, pair.second) for pair in found.pairs if pair.clear}
    tuned = _fastest(RATE_TUNED, numbers)
    for claim, names in (("estimate", ESTIMATING), ("search", SEARCH_METHODS)):
        free = _fastest(names, numbers)
        numbers[f"{claim}.faster"] = float((free, tuned) in clear)
        numbers[f"{claim}.slower"] = float((tuned, free) in clear)
    return numbers | {"card.slower": float(("adam", UNTUNED) in clear)}
