"""From the curves of a grid of rates to what each method costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.formulas.arrival import arrival
from soloneuron.records.cost_table import CostTable, Entry


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
) -> CostTable:
    """Turn the curves of each optimizer, one a seed, into entries."""
    everything = torch.cat([curve.values.flatten() for of_one in curves for curve in of_one])
    begin = float(curves[0][0].values[0, 0])
    lowest = float(everything[everything.isfinite()].min()) if lowest is None else lowest
    target = lowest + share * (begin - lowest) if target is None else float(target)
    entries = tuple(
        _entry(name, of_one, rates, lowest=lowest, target=target)
        for name, of_one in zip(names, curves, strict=True)
    )
    return CostTable(
        task=task,
        rates=tuple(rates),
        seeds=seeds,
        steps=budget,
        start=begin,
        lowest=lowest,
        target=target,
        entries=entries,
    )


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
