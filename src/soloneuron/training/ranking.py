"""From the curves of a comparison to its verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from soloneuron.formulas.ordering import clearly_less
from soloneuron.records.comparison import Comparison, Entry
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
    lowest: float | None,
    target: float | None,
    share: float,
) -> Comparison:
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
    return Comparison(
        task=task,
        rates=tuple(rates),
        seeds=seeds,
        steps=int(max(float(curve.cost.max()) for of_one in curves for curve in of_one)),
        start=begin,
        lowest=lowest,
        target=target,
        entries=entries,
        winner=winner,
        verdict=text("en", f"comparisons.{kind}", **fields),
        fields={"kind": kind, **fields},
    )


def verdict(comparison: Comparison, language: str = "en") -> str:
    """The comparison's sentence in a language."""
    return text(language, f"comparisons.{comparison.fields['kind']}", **comparison.fields)


def _entry(
    name: str, curves: Sequence[Curve], rates: Sequence[float], *, lowest: float, target: float
) -> Entry:
    steps = torch.stack([_first_below(curve, target) for curve in curves])
    gaps = torch.stack([curve.values[-1] - lowest for curve in curves])
    medians, best = steps.quantile(0.5, 0, interpolation="higher"), None
    if medians.isfinite().any():
        best = int(medians.argmin())
    last = gaps.nan_to_num(math.inf).quantile(0.5, 0, interpolation="higher")
    return Entry(
        optimizer=name,
        steps=steps,
        gaps=gaps,
        share=float(steps.isfinite().all(0).double().mean()),
        best_rate=None if best is None else rates[best],
        best_steps=math.inf if best is None else float(medians[best]),
        band=(math.inf, math.inf)
        if best is None
        else (float(steps[:, best].min()), float(steps[:, best].max())),
        best_gap=float(last.min()),
    )


def _first_below(curve: Curve, target: float) -> Tensor:
    """Evaluations until the first value at or below the target, (G,); inf where there is none."""
    cost = torch.where(curve.values <= target, curve.cost.double(), math.inf)
    return cost.amin(0)


def _winner(entries: Sequence[Entry]) -> tuple[str | None, str, dict[str, Any]]:
    """The winner or None, the key of the sentence, and its fields."""
    ranked = sorted(entries, key=lambda entry: entry.best_steps)
    first = ranked[0]
    if math.isinf(first.best_steps):
        return None, "nobody", {}
    fields: dict[str, Any] = {"first": first.optimizer, "steps": first.best_steps}
    if len(ranked) == 1 or math.isinf(ranked[1].best_steps):
        return (first.optimizer, "only", fields) if len(ranked) > 1 else (None, "alone", fields)
    second = ranked[1]
    fields |= {"second": second.optimizer, "second_steps": second.best_steps}
    clear = clearly_less(first.best_steps, second.best_steps) and second.band[0] > first.band[1]
    return (first.optimizer, "winner", fields) if clear else (None, "tie", fields)
