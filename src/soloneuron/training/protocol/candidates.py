"""What is tried of each method: the same number of settings for all, in two halves that check each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch

from soloneuron.data.seeding import generator_for
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.optimizers.base import Optimizer

CandidateSettings = Mapping[str, Any]
"""Hyperparameters by name, the learning rate among them."""

WIDENINGS = 2
"""How often a grid is widened whose best rate is its last."""

MORE_RATES = 4
"""By how many rates it is widened at a time."""

WIDEST_STEP = 10.0
"""A grid whose rates are further apart goes on beyond its ends by this factor."""

RANDOM_TRIALS = 40
"""Random settings of every method, where more than the rate is tuned."""


@dataclass(frozen=True)
class Candidates:
    """Settings that are tried of one method.

    Attributes:
        settings: N of them; one without a rate is the method's own.
        second: (N,), whether each belongs to the second half: the grid shifted by half a step, or the second
            half of random settings.
        steps: the factors between the two lowest and the two highest rates; () where no grid has ends.
    """

    settings: tuple[CandidateSettings, ...]
    second: tuple[bool, ...]
    steps: tuple[float, float] | tuple[()] = ()

    def __len__(self) -> int:
        return len(self.settings)

    @property
    def halves(self) -> tuple[list[int], list[int]]:
        """The places of the first half, and those of the second; all of them where there is but one."""
        both = [[place for place, own in enumerate(self.second) if own is half] for half in (False, True)]
        return both[0] or both[1], both[1] or both[0]

    def end(self, place: int) -> str:
        """At which end of the grid a setting stands: "low", "high", or "" for none."""
        if not self.steps:
            return ""
        rates = [one["learning_rate"] for one in self.settings]
        ranked = sorted(rates)
        # Of the grid and the shifted one together the two last are ends.
        if rates[place] >= ranked[-min(2, len(rates))]:
            return "high"
        return "low" if rates[place] <= ranked[min(1, len(rates) - 1)] else ""

    def beyond(self, end: str) -> Candidates:
        """More of the grid at one of its ends, both halves."""
        assert self.steps, "only a grid has ends"
        rates = [one["learning_rate"] for one in self.settings]
        low, high = self.steps
        if end == "high":
            made = [max(rates) * high ** (k / 2) for k in range(1, 2 * MORE_RATES + 1)]
        else:
            made = [min(rates) / low ** (k / 2) for k in range(1, 2 * MORE_RATES + 1)]
        last = self.second[rates.index(max(rates) if end == "high" else min(rates))]
        return Candidates(_rates_only(made), tuple(last ^ (k % 2 == 0) for k in range(len(made))), self.steps)

    def only(self, places: Sequence[int]) -> Candidates:
        """Some of them."""
        return Candidates(tuple(self.settings[k] for k in places), tuple(self.second[k] for k in places))

    def joined(self, other: Candidates) -> Candidates:
        """Both, these first."""
        return Candidates(self.settings + other.settings, self.second + other.second, self.steps)


CandidatesOrFault = Candidates | Exception | SystemExit
"""What is tried of a method, or what a rule of somebody's own raised when it was made with a rate."""


def _rates_only(rates: Sequence[float]) -> tuple[CandidateSettings, ...]:
    return tuple({"learning_rate": rate} for rate in rates)


def rate_grid(rates: Sequence[float]) -> Candidates:
    """A grid of rates, and the same shifted upwards by half a step; one rate alone is no grid.

    Example:
        >>> found = rate_grid((0.01, 0.04))
        >>> [round(one["learning_rate"], 3) for one in found.settings], found.second
        ([0.01, 0.02, 0.04, 0.08], (False, True, False, True))
    """
    try:
        grid = sorted({float(rate) for rate in rates})
    except (TypeError, ValueError):
        raise InputError(f"rates must be finite numbers > 0, got {rates!r}", code="rates.range") from None
    if not grid or not all(0 < rate < math.inf for rate in grid):
        raise InputError(f"rates must be finite numbers > 0, got {list(rates)!r}", code="rates.range")
    if len(grid) == 1:
        return Candidates(_rates_only(grid), (False,))
    factors = [high / low for low, high in pairwise(grid)]
    factors.append(min(WIDEST_STEP, factors[-1]))
    shifted = [rate * math.sqrt(factor) for rate, factor in zip(grid, factors, strict=True)]
    both = [rate for pair in zip(grid, shifted, strict=True) for rate in pair]
    return Candidates(
        _rates_only(both), (False, True) * len(grid), (min(WIDEST_STEP, factors[0]), factors[-1])
    )


def drawn_settings(
    rule: Optimizer, tune: Mapping[str, Any], rates: Sequence[float], trials: int
) -> Candidates:
    """Random settings: rates between the ends of the grid, and of ``tune`` what the method has.

    Args:
        rule: whose settings they are.
        tune: hyperparameter -> (low, high) or a list of values.
        rates: the grid, of which only the ends count; none where a line search finds the rate.
        trials: how many, the same for every method.
    """
    generator = generator_for(trials)
    wanted = {"learning_rate": (min(rates), max(rates)) if rates else None, **tune}
    settings = []
    for _ in range(trials):
        # Every method spends the same draws, whether or not it has the hyperparameter.
        uniform = torch.rand(len(wanted), generator=generator, dtype=torch.float64).tolist()
        named = zip(wanted.items(), uniform, strict=True)
        drawn = {name: drawn_value(choices, quantile) for (name, choices), quantile in named if choices}
        settings.append({name: value for name, value in drawn.items() if name in rule.hyperparameters})
    return Candidates(tuple(settings), tuple(place % 2 == 1 for place in range(trials)))


def drawn_value(choices: Any, quantile: float) -> Any:
    """One value of a hyperparameter.

    Args:
        choices: a list of values; or two numbers (low, high): between them by logarithm where they span a
            factor 10, by that of 1 - value where that does, else evenly.
        quantile: in [0, 1).

    Example:
        >>> round(drawn_value((0.001, 0.1), 0.5), 3), round(drawn_value((0.9, 0.999), 0.5), 3)
        (0.01, 0.99)
        >>> drawn_value([True, False], 0.7)
        False
    """
    if isinstance(choices, list):
        return choices[int(quantile * len(choices))]
    low, high = choices
    if low > 0 and high / low >= 10:
        return low * (high / low) ** quantile
    if high < 1 and (1 - low) / (1 - high) >= 10:
        return 1 - (1 - low) * ((1 - high) / (1 - low)) ** quantile
    return low + (high - low) * quantile


def checked_tune(tune: Any, rules: Sequence[Optimizer]) -> dict[str, Any]:
    """Refuse what is no table of hyperparameters and their values, before anything runs."""
    if not isinstance(tune, Mapping) or not tune:
        raise InputError(
            "tune must name hyperparameters with (low, high) or a list of values, "
            f"such as dict(momentum=(0.5, 0.99)), got {tune!r}",
            code="tune.type",
        )
    known = {name for rule in rules for name in rule.hyperparameters} - {"learning_rate"}
    for name, choices in tune.items():
        if name == "learning_rate":
            raise InputError(
                "learning_rate is tuned in any case: leave it out of tune, and give rates for its ends",
                code="tune.rate",
            )
        if name not in known:
            raise UnknownNameError("hyperparameter", str(name), known)
        if isinstance(choices, list) and choices:
            continue
        pair = isinstance(choices, tuple) and len(choices) == 2
        if (
            not pair
            or not all(isinstance(end, int | float) for end in choices)
            or not choices[0] < choices[1]
        ):
            raise InputError(
                f"tune[{name!r}] must be two numbers (low, high) or a list of values, got {choices!r}",
                code="tune.values",
            )
    return dict(tune)
