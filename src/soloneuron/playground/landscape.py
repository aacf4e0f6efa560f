"""What part of the landscape to look at, and how low it goes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.playground.race import Race
from soloneuron.training.api import prepare

SEARCH = 60
"""Steps of L-BFGS that look for the lowest point; separable data go on for ever."""

FARTHEST_SHOWN = 8.0
"""The map does not follow a lowest point that lies further away than this, or than the start."""

MARGIN = 0.4


@dataclass(frozen=True)
class Landscape:
    """The map's edges, and the floor of every loss.

    Attributes:
        window: left, right, bottom, top, in the two weights.
        lowest: the lowest loss that a search found, by the loss's name.
        minima: where, (d+1,).
    """

    window: tuple[float, float, float, float]
    lowest: dict[str, float]
    minima: dict[str, Tensor]


def view(race: Race) -> Landscape:
    """A window with the start, the origin and the lowest points in it."""
    lowest, minima = {}, {}
    for runner in race.runners:
        if runner.loss not in lowest:
            lowest[runner.loss], minima[runner.loss] = _search(race, runner.loss)
    reach = max(FARTHEST_SHOWN, float(race.start.abs().max()))
    shown = [race.start[:2], torch.zeros(2, dtype=torch.float64)]
    shown += [theta[:2].clamp(-reach, reach) for theta in minima.values()]
    corners = torch.stack(shown)
    low, high = corners.amin(0), corners.amax(0)
    half = (high - low).amax().clamp(min=2.0) / 2 * (1 + MARGIN)
    (x, y), h = ((low + high) / 2).tolist(), float(half)
    return Landscape((x - h, x + h, y - h, y + h), lowest, minima)


def _search(race: Race, loss: str) -> tuple[float, Tensor]:
    """The lowest loss found from zero weights, and where; zero weights themselves if the search fails."""
    neuron = next(runner.plan.neuron for runner in race.runners if runner.loss == loss)
    training = prepare(
        race.data, loss=loss, penalty=neuron.penalty, optimizer="lbfgs", epochs=SEARCH,
        fit_intercept=neuron.bias,
    )  # fmt: skip
    try:
        for _ in training.steps():
            pass
        theta = training.state.theta
    except InputError:
        theta = torch.zeros_like(race.start)
    plan = training.plan
    value = float(plan.neuron.value(theta, plan.data))
    if not math.isfinite(value):
        theta = torch.zeros_like(race.start)
        value = float(plan.neuron.value(theta, plan.data))
    return value, theta
