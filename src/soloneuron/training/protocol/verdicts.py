"""From judged methods to what may be said: every pair, the winner on both grids, and the sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import torch
from torch import Tensor

from soloneuron.records.judged import JudgedComparison, JudgedMethod, JudgedPair
from soloneuron.texts import text
from soloneuron.texts.translation import translated
from soloneuron.training.protocol.pairs import LEVEL, holm, pairs_needed, sign_flips
from soloneuron.training.protocol.tuning import log_costs

LEAST_RATIO = 1.2
"""A method that is faster by less than this factor is not called faster, however sure that is."""


def judged_pairs(names: Sequence[str], costs: Tensor, budget: int) -> tuple[JudgedPair, ...]:
    """Every two methods by what they needed on the same seeds.

    Args:
        names: M of them.
        costs: (M, J), inf where a run did not arrive.
        budget: of each run.

    Returns:
        M (M - 1) / 2 pairs, in each the method that needs less first.
    """
    logs = log_costs(costs, budget)
    places = list(combinations(range(len(names)), 2))
    if not places:
        return ()
    one, other = torch.tensor(places).T
    differences = logs[other] - logs[one]
    # The one that needs less stands first, so that a ratio is never below 1.
    turned = differences.mean(1) < 0
    differences = torch.where(turned[:, None], -differences, differences)
    found = sign_flips(differences)
    ratios = (x.exp().tolist() for x in (found.mean, found.low, found.high))
    ordered = [(b, a) if back else (a, b) for (a, b), back in zip(places, turned.tolist(), strict=True)]
    return tuple(
        JudgedPair(names[a], names[b], ratio, low, high, one, p, clear=p <= LEVEL and ratio >= LEAST_RATIO)
        for (a, b), ratio, low, high, one, p in zip(
            ordered, *ratios, found.p.tolist(), holm(found.p).tolist(), strict=True
        )
    )


def _leads(pair: JudgedPair) -> bool:
    """Whether the first of a pair is faster, by this pair alone."""
    return pair.p_pair <= LEVEL and pair.ratio >= LEAST_RATIO


def leader(names: Sequence[str], pairs: Sequence[JudgedPair]) -> str | None:
    """The method that is faster than every other, by each pair alone, or None.

    All of its tests must agree, and at most one method can pass them: so they need no correction, whatever
    the costs have in common. (Sets of outcomes that name different leaders lie as far apart as the two tails
    of one test, and by the isoperimetric inequality no such sets outweigh these two tails.)

    Source: the tests are those of Berger, Technometrics 24 (1982); the inequality is that of Borell,
    Inventiones Mathematicae 30 (1975).
    """
    beaten: dict[str, int] = dict.fromkeys(names, 0)
    for pair in pairs:
        beaten[pair.first] += _leads(pair)
    return next((name for name, count in beaten.items() if count == len(names) - 1 > 0), None)


def verdict_of(
    task: str,
    methods: Sequence[JudgedMethod],
    *,
    budget: int,
    seeds: tuple[int, ...],
    start: float,
    lowest: float,
    targets: Sequence[float],
) -> JudgedComparison:
    """The comparison with its pairs, its winner and its sentence."""
    ran = [method for method in methods if not method.fault]
    names = [method.optimizer for method in ran]
    leading, pairs = _leaders_and_pairs(ran, names, budget) if ran else ((), ())
    # All three choices of rates must name the same.
    winner = leading[0] if len(set(leading)) == 1 else None
    pairs = tuple(replace(pair, clear=pair.clear or pair.first == winner) for pair in pairs)
    if ran:
        kind, fields = _kind(ran, pairs, leading[0], winner, seeds)
    else:
        kind, fields = "raised", {"first": methods[0].optimizer, "fault": methods[0].fault}
    return JudgedComparison(
        task=task,
        budget=budget,
        seeds=seeds,
        start=start,
        lowest=lowest,
        targets=tuple(targets),
        methods=tuple(methods),
        pairs=pairs,
        winner=winner,
        verdict=text("en", f"comparisons.{kind}", **fields),
        fields={"kind": kind, **fields},
    )


def _leaders_and_pairs(
    ran: Sequence[JudgedMethod], names: Sequence[str], budget: int
) -> tuple[tuple[str | None, ...], tuple[JudgedPair, ...]]:
    """Who leads by what both grids chose together, and by each alone; pairs, clear where all three say it."""
    costs = [[method.costs[:, -1], *method.second] for method in ran]
    together, *halves = (judged_pairs(names, torch.stack(own), budget) for own in zip(*costs, strict=True))
    pairs = together
    for half in halves:
        clear = {(pair.first, pair.second) for pair in half if pair.clear}
        pairs = tuple(replace(p, clear=p.clear and (p.first, p.second) in clear) for p in pairs)
    return tuple(leader(names, own) for own in (together, *halves)), pairs


def said_verdict(found: JudgedComparison, language: str) -> str:
    """The sentence in a language."""
    fields = {name: value for name, value in found.fields.items() if name != "kind"}
    if "fault" in fields:
        fields["fault"] = translated(fields["fault"], language)
    return text(language, f"comparisons.{found.fields['kind']}", **fields)


def _kind(
    ran: Sequence[JudgedMethod],
    pairs: Sequence[JudgedPair],
    leading: str | None,
    winner: str | None,
    seeds: tuple[int, ...],
) -> tuple[str, dict[str, Any]]:
    """Which sentence it is, and what fills it."""
    judges = len(ran[0].costs)
    if not any(method.arrived for method in ran):
        return "nobody", {"count": judges}
    ranked = sorted(ran, key=lambda method: (method.median, -method.arrived))
    first = ranked[0]
    fields: dict[str, Any] = {"first": first.optimizer, "count": judges}
    if len(ran) == 1:
        rarely = math.isinf(first.median)
        fields |= {"arrived": round(first.arrived * judges)} if rarely else {"steps": first.median}
        return ("alone_rarely" if rarely else "alone"), fields
    needed = 2 * pairs_needed(2)
    if judges < needed // 2:
        return "few", {"methods": len(ran), "needed": needed, "seeds": len(seeds)}
    if winner is not None:
        mine = [pair for pair in pairs if pair.first == winner]
        nearest = min(mine, key=lambda pair: pair.ratio)
        steps = next(method.median for method in ran if method.optimizer == winner)
        fields |= {"first": winner, "second": nearest.second, "steps": steps}
        return "winner", fields | _of_pair(nearest)
    return _tie(ran, pairs, fields) if leading is None else ("unstable", {**fields, "first": leading})


def _tie(
    ran: Sequence[JudgedMethod], pairs: Sequence[JudgedPair], fields: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Nobody leads: the first by the mean, and the nearest of those who cannot be told from it."""
    led = {method.optimizer: sum(pair.first == method.optimizer for pair in pairs) for method in ran}
    first = max(led, key=led.__getitem__)
    near = [
        pair
        for pair in pairs
        if first in {pair.first, pair.second} and not (_leads(pair) and pair.first == first)
    ]
    pair = min(near, key=lambda pair: pair.ratio)
    second = pair.second if pair.first == first else pair.first
    others, small = len(near) - 1, pair.p_pair <= LEVEL
    fields |= (
        {"first": pair.first, "second": pair.second} if not others else {"first": first, "second": second}
    )
    more = {"more": others} if others else {"least": LEAST_RATIO} if small else {}
    return "tie_more" if others else "tie_small" if small else "tie", {**fields, **_of_pair(pair), **more}


def _of_pair(pair: JudgedPair) -> dict[str, float]:
    """Its ratio and interval, to three digits."""
    return {name: short_ratio(getattr(pair, name)) for name in ("ratio", "low", "high")}


def short_ratio(ratio: float) -> float:
    """To three digits.

    Example:
        >>> short_ratio(1.2345), short_ratio(1234.5)
        (1.23, 1230.0)
    """
    return float(f"{ratio:.3g}")
