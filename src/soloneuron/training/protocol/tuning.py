"""The choice of a setting by the seeds that tune, and what the tuning tells besides."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from soloneuron.training.protocol.candidates import Candidates

UNSOLVED = 2.0
"""A run that does not arrive counts as so many budgets: more than any that does.

The penalized average runtime PAR2 of the competitions of solvers.
"""


def log_costs(costs: Tensor, budget: int) -> Tensor:
    """Natural logarithms of costs, any shape; inf counts as ``UNSOLVED`` budgets."""
    return costs.clamp(min=1.0).where(costs.isfinite(), UNSOLVED * budget).log()


def scores(costs: Tensor, budget: int) -> Tensor:
    """What each setting is chosen by, (N,): the mean logarithm of its costs at the target.

    Args:
        costs: (N, T, K), of K targets the last is the target.
        budget: of each run.

    Returns:
        The least is the best. Where none arrives the targets before it tell one setting from another.
    """
    logs = log_costs(costs, budget).mean(1)
    return logs[:, -1] + 1e-3 * logs.mean(1)


def best_of(ranked: Tensor, places: Sequence[int]) -> int:
    """The best of some settings; of equals the first."""
    return places[int(ranked[torch.tensor(places)].argmin())]


def three_choices(candidates: Candidates, costs: Tensor, budget: int) -> tuple[int, int, int]:
    """The best of all settings, of the first half, and of the second."""
    ranked = scores(costs, budget)
    first, second = (best_of(ranked, half) for half in candidates.halves)
    return (first if ranked[first] <= ranked[second] else second), first, second


def share_that_works(costs: Tensor) -> float:
    """The share of settings that arrive on every seed that tunes; costs (N, T, K)."""
    return float(costs[:, :, -1].isfinite().all(1).double().mean())


def success_by_trials(costs: Tensor, budget: int) -> tuple[tuple[int, float], ...]:
    """How often the best of n random settings arrives, for n = 1, 2, 4 and so on up to all N.

    Exact, over all draws of n settings: chosen by one part of the seeds that tune, looked at on the others.

    Args:
        costs: (N, T, K) of the seeds that tune.
        budget: of each run.

    Returns:
        Pairs (n, share of runs that arrive).

    Source: the curves over tuning budgets of Sivaprasad, Mai, Vogels, Jaggi and Fleuret, ICML (2020).
    """
    count, seeds = costs.shape[:2]
    chosen, looked = (costs[:, 0::2], costs[:, 1::2]) if seeds > 1 else (costs, costs)
    order = scores(chosen, budget).argsort()
    arrives = looked[order][:, :, -1].isfinite().double().mean(1).tolist()
    found = []
    trials = 1
    while True:
        # The best of n is the setting of rank i if it was drawn and none better was.
        ways = [math.comb(count - 1 - rank, trials - 1) for rank in range(count)]
        share = sum(way * rate for way, rate in zip(ways, arrives, strict=True)) / math.comb(count, trials)
        found.append((trials, share))
        if trials == count:
            return tuple(found)
        trials = min(2 * trials, count)
