"""From the curves of a comparison to its verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from soloneuron.formulas.arrival import arrival
from soloneuron.formulas.ordering import paired
from soloneuron.records.comparison import ComparisonRecord, Entry
from soloneuron.texts import text


@dataclass(frozen=True)
class Curve:
    """The values of all rates along a training (T+1, G), and the evaluations until each of them (T+1, G)."""

    values: Tensor
    cost: Tensor


def rank(
    task: str,
    names: Sequence[str],
    curves: Sequence[Sequence[Curve]],
    *,
    rates: Sequence[float],
    seeds: tuple[int, ...],
    budget: int,
    lowest: float | None,
    target: float | None,
    share: float,
) -> ComparisonRecord:
    """Turn the curves of each optimizer, one a seed, into entries and a verdict."""
    everything = torch.cat([curve.values.flatten() for of_one in curves for curve in of_one])
    begin = float(curves[0][0].values[0, 0])
    lowest = float(everything[everything.isfinite()].min()) if lowest is None else lowest
    target = lowest + share * (begin - lowest) if target is None else float(target)
    entries = tuple(
        _entry(name, of_one, rates, lowest=lowest, target=target)
        for name, of_one in zip(names, curves, strict=True)
    )
    winner, kind, fields = _winner(entries)
    return ComparisonRecord(
        task=task,
        rates=tuple(rates),
        seeds=seeds,
        steps=budget,
        start=begin,
        lowest=lowest,
        target=target,
        entries=entries,
        winner=winner,
        verdict=text("en", f"comparisons.{kind}", **fields),
        fields={"kind": kind, **fields},
    )


def verdict(comparison: ComparisonRecord, language: str = "en") -> str:
    """The comparison's sentence in a language."""
    return text(language, f"comparisons.{comparison.fields['kind']}", **comparison.fields)


def _entry(
    name: str, curves: Sequence[Curve], rates: Sequence[float], *, lowest: float, target: float
) -> Entry:
    steps = torch.stack([_arrived(curve, target) for curve in curves])
    gaps = torch.stack([curve.values[-1] - lowest for curve in curves])
    best = _best(steps)
    costs = tuple(steps[:, best].tolist())
    last = gaps.nan_to_num(math.inf).quantile(0.5, 0, interpolation="higher")
    return Entry(
        optimizer=name,
        steps=steps,
        gaps=gaps,
        share=float(steps.isfinite().all(0).double().mean()),
        best_rate=rates[best] if math.isfinite(min(costs)) else None,
        best_steps=float(_median(steps)[best]),
        band=(min(costs), max(costs)),
        best_gap=float(last.min()),
        costs=costs,
    )


def _median(steps: Tensor) -> Tensor:
    """Over the seeds, (G,); of an even number the higher, so that half of them not arriving is inf."""
    return steps.quantile(0.5, 0, interpolation="higher")


def _best(steps: Tensor) -> int:
    """The rate with the least median; where none has one, that which arrives most often."""
    medians = _median(steps)
    if medians.isfinite().any():
        return int(medians.argmin())
    return int(steps.isfinite().sum(0).argmax())


def _arrived(curve: Curve, target: float) -> Tensor:
    """Evaluations until the value is at or below the target for good, (G,); inf where it is not."""
    first = arrival(curve.values <= target)
    there = first.isfinite()
    cost = curve.cost.gather(0, first.where(there, 0).long()[None])[0].double()
    return torch.where(there, cost, math.inf)


def _winner(entries: Sequence[Entry]) -> tuple[str | None, str, dict[str, Any]]:
    """The winner or None, the key of the sentence, and its fields."""
    first, *others = sorted(entries, key=lambda entry: (entry.best_steps, entry.best_rate is None))
    if math.isinf(first.best_steps):
        return None, "nobody" if first.best_rate is None else "rarely", {}
    fields: dict[str, Any] = {"first": first.optimizer, "steps": first.best_steps}
    if not others:
        return None, "alone", fields
    if all(other.best_rate is None for other in others):
        return first.optimizer, "only", fields
    near = [other for other in others if paired(first.costs, other.costs) != "less"]
    second = (near or others)[0]
    fields |= {"second": second.optimizer, "second_steps": second.best_steps}
    kind = "tie" if near else "winner"
    if math.isinf(second.best_steps):
        kind += "_rarely"
    return (None if near else first.optimizer), kind, fields
