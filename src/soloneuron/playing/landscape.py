"""What part of the landscape to look at, and how low it goes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.formulas.slices import Window, square_window
from soloneuron.playing.config import Config, theta_size
from soloneuron.playing.race import LiveRace, expanded, make_penalty, make_rows
from soloneuron.training.prepare import prepare

SEARCH = 60
"""Steps of Newton's method that look for the lowest point; separable data go on for ever."""


@dataclass(frozen=True)
class Landscape:
    """The map's edges, and the floor of every loss.

    Attributes:
        window: left, right, bottom, top, in the two weights.
        lowest: the lowest loss that a search found, by the loss's name.
        minima: where, (d+1,).
    """

    window: Window
    lowest: dict[str, float]
    minima: dict[str, Tensor]


def landscape_of(config: Config, race: LiveRace) -> Landscape:
    """A window with the start, the origin and the lowest points in it."""
    if config.surface:
        surface = SURFACES.load(config.surface)()
        minimum = torch.tensor(surface.minima[0], dtype=torch.float64)
        window = _window_with(surface.window, config.start)
        return Landscape(window, {config.surface: surface.lowest}, {config.surface: minimum})
    lowest, minima = {}, {}
    plain = replace(config, optimizers=Config().optimizers, batch=None, start=(0.0, 0.0), step=0, lesson="")
    for loss in config.loss:
        lowest[loss], minima[loss] = _search(replace(plain, loss=(loss,)))
    window = square_window(race.start[:2], torch.stack([theta[:2] for theta in minima.values()]))
    return Landscape(window, lowest, minima)


def _window_with(window: Window, start: tuple[float, float]) -> Window:
    """A surface's window; one that has to grow to hold the start grows by a twentieth more."""
    left, right, bottom, top = window
    (left, right), (bottom, top) = _grown(left, right, start[0]), _grown(bottom, top, start[1])
    return left, right, bottom, top


def _grown(low: float, high: float, place: float) -> tuple[float, float]:
    if low <= place <= high:
        return low, high
    spare = 0.05 * (max(high, place) - min(low, place))
    return (place - spare, high) if place < low else (low, place + spare)


@lru_cache(maxsize=64)
def _search(config: Config) -> tuple[float, Tensor]:
    """The lowest loss found from zero weights, and where; zero weights themselves if the search fails.

    Who runs, from where and in which batches does not move the lowest point, so it is looked for once.
    """
    zero = torch.zeros(theta_size(config), dtype=torch.float64)
    training = prepare(
        expanded(make_rows(config).train, config), loss=config.loss[0], penalty=make_penalty(config),
        optimizer="newton", epochs=SEARCH, bias=config.bias,
    )  # fmt: skip
    try:
        theta = training.run().state.theta
    except InputError:
        theta = zero
    plan = training.plan
    value = float(plan.objective.value(theta, plan.data))
    if not math.isfinite(value):
        theta = zero
        value = float(plan.objective.value(theta, plan.data))
    return value, theta
