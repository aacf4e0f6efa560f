"""Surfaces as charts: heights on a grid, and the paths that optimizers took."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from soloneuron.experiments.base import method
from soloneuron.formulas.surfaces import Surface
from soloneuron.records.comparison import Comparison
from soloneuron.records.findings import Chart, Grid, Series
from soloneuron.texts.phrases import Phrase
from soloneuron.training.minimize import minimize

POINTS = 61
"""Rows and columns of the grid."""

KEPT = 200
"""Points kept of a path."""


def landscape(title: Phrase, surface: Surface, series: tuple[Series, ...]) -> Chart:
    """The window of a surface, its height above the lowest point in logarithmic steps, with paths."""
    left, right, bottom, top = surface.window
    x = torch.linspace(left, right, POINTS, dtype=torch.float64)
    y = torch.linspace(bottom, top, POINTS, dtype=torch.float64)
    points = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
    height = torch.log10((surface.value(points) - surface.lowest).clamp(min=1e-6))
    z = tuple(tuple(round(cell, 3) for cell in row) for row in height.tolist())
    grid = Grid(tuple(x.tolist()), tuple(y.tolist()), z)
    return Chart("landscape", title, series, "x", "y", grid=grid)


def paths(surface: Surface, found: Comparison, *, steps: int) -> tuple[Series, ...]:
    """The path of every optimizer of a comparison at its own best rate."""
    rates = {entry.optimizer: entry.best_rate for entry in found.entries}
    return walks(surface, {name: rate for name, rate in rates.items() if rate is not None}, steps=steps)


def walks(surface: Surface, rates: Mapping[str, float], *, steps: int) -> tuple[Series, ...]:
    """The path of each optimizer at a rate."""
    series = []
    for name, rate in rates.items():
        path = minimize(surface, surface.start, name, steps, learning_rate=rate)
        kept = path.points[:: max(1, len(path.points) // KEPT)]
        x, y = (tuple(round(number, 4) for number in axis) for axis in kept.T.tolist())
        series.append(Series(method(name), x, y))
    return tuple(series)
