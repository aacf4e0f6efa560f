"""Surfaces as charts: heights on a grid, and the paths that optimizers took."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from soloneuron.experiments.base import method, shared
from soloneuron.experiments.training import optimum, rows
from soloneuron.formulas.surfaces import Surface
from soloneuron.neuron import Neuron
from soloneuron.records.comparison import Comparison
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Grid, Series
from soloneuron.texts.phrases import Phrase
from soloneuron.training.api import fit
from soloneuron.training.minimize import minimize

POINTS = 61
"""Rows and columns of the grid."""

KEPT = 120
"""Points kept of a path."""


def landscape(title: Phrase, surface: Surface, series: tuple[Series, ...]) -> Chart:
    """The window of a surface with paths."""
    grid = heights(surface.value, surface.lowest, surface.window)
    return Chart("landscape", title, series, "x", "y", grid=grid)


def loss_landscape(title: Phrase, data: Dataset, methods: Mapping[str, float], *, steps: int) -> Chart:
    """The likelihood over the two weights of a neuron without a bias, exact, with the paths of methods."""
    neuron, batch = Neuron(bias=False), rows(data)
    walked = {
        name: fit(data, optimizer=name, learning_rate=rate, epochs=steps, fit_intercept=False).theta[:KEPT]
        for name, rate in methods.items()
    }
    best = optimum(data, neuron)
    seen = torch.cat([*walked.values(), best[None]])
    room = 0.25 * (seen.amax(0) - seen.amin(0)) + 1e-3
    (left, bottom), (right, top) = (seen.amin(0) - room).tolist(), (seen.amax(0) + room).tolist()
    grid = heights(
        lambda theta: neuron.value(theta, batch), float(neuron.value(best, batch)), (left, right, bottom, top)
    )
    first, second = (shared("weight_of", name=name) for name in data.feature_names)
    series = tuple(path_series(name, points) for name, points in walked.items())
    return Chart("landscape", title, series, first, second, grid=grid)


def heights(
    value: Callable[[Tensor], Tensor], lowest: float, window: tuple[float, float, float, float]
) -> Grid:
    """Heights above the lowest point, in powers of ten, over a window (left, right, bottom, top)."""
    left, right, bottom, top = window
    x = torch.linspace(left, right, POINTS, dtype=torch.float64)
    y = torch.linspace(bottom, top, POINTS, dtype=torch.float64)
    points = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
    height = torch.log10((value(points) - lowest).clamp(min=1e-6))
    z = tuple(tuple(round(cell, 3) for cell in row) for row in height.tolist())
    return Grid(tuple(round(v, 4) for v in x.tolist()), tuple(round(v, 4) for v in y.tolist()), z)


def path_series(name: str, points: Tensor) -> Series:
    """The points (T, 2) of a method as a line."""
    x, y = (tuple(round(number, 4) for number in axis) for axis in points.T.tolist())
    return Series(method(name), x, y)


def paths(surface: Surface, found: Comparison, *, steps: int) -> tuple[Series, ...]:
    """The path of every optimizer of a comparison at its own best rate."""
    rates = {entry.optimizer: entry.best_rate for entry in found.entries}
    return walks(surface, {name: rate for name, rate in rates.items() if rate is not None}, steps=steps)


def walks(surface: Surface, rates: Mapping[str, float], *, steps: int) -> tuple[Series, ...]:
    """The path of each optimizer at a rate."""
    series = []
    for name, rate in rates.items():
        path = minimize(surface, surface.start, name, steps, learning_rate=rate)
        series.append(path_series(name, path.points[:: max(1, len(path.points) // KEPT)]))
    return tuple(series)
