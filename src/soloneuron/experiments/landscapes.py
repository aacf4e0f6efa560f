"""Surfaces as charts: heights on a grid, and the paths that optimizers took."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.experiments.base import method, shared
from soloneuron.experiments.measuring import optimum, whole_batch
from soloneuron.experiments.trained import train
from soloneuron.formulas.slices import Window, height_grid, window_around
from soloneuron.formulas.surfaces import Surface
from soloneuron.neuron import Neuron
from soloneuron.records.cost_table import CostTable
from soloneuron.records.dataset import Dataset
from soloneuron.records.findings import Chart, Grid, Series
from soloneuron.texts.phrases import Phrase
from soloneuron.training.minimize import minimized

_POINTS = 61
"""Rows and columns of the grid."""

_KEPT = 120
"""Points kept of a path."""


def landscape(title: Phrase, surface: Surface, series: tuple[Series, ...]) -> Chart:
    """The window of a surface with paths."""
    grid = grid_of(surface.value, surface.lowest, surface.window)
    height = Phrase("figures.height")
    return Chart("landscape", title, series, "x", "y", log="z", grid=grid, z=height, time=shared("step"))


def loss_landscape(title: Phrase, data: Dataset, methods: Mapping[str, float], *, steps: int) -> Chart:
    """The likelihood over the two weights of a neuron without a bias, exact, with the paths of methods."""
    neuron, batch = Neuron(bias=False), whole_batch(data)
    thetas = {
        name: train(data, optimizer=name, learning_rate=rate, epochs=steps, bias=False).history.theta[:_KEPT]
        for name, rate in methods.items()
    }
    best = optimum(data, neuron)

    def value(theta: Tensor) -> Tensor:
        return neuron.value(theta, batch)

    grid = grid_of(value, float(value(best)), window_around(torch.cat([*thetas.values(), best[None]])))
    first, second = (shared("weight_of", name=name) for name in data.feature_names)
    series = tuple(path_series(name, points, value(points), 1) for name, points in thetas.items())
    height, time = shared("mean_loss"), shared("epoch")
    return Chart("landscape", title, series, first, second, log="z", grid=grid, z=height, time=time)


def in_space(chart: Chart) -> Chart:
    """The same landscape in space, with heights as they are."""
    return replace(chart, kind="relief", title=Phrase("figures.in_space", {"what": chart.title}), log="")


def grid_of(value: Callable[[Tensor], Tensor], lowest: float, window: Window) -> Grid:
    """Heights over a window, with nine digits, so that the differences from the lowest keep some."""
    x, y, z = height_grid(value, window, _POINTS)
    return Grid(_rounded(x), _rounded(y), tuple(_rounded(row, digits=9) for row in z), lowest)


def path_series(name: str, points: Tensor, values: Tensor, stride: int) -> Series:
    """The points (T, 2) of a method, every so many steps apart, as a line."""
    x, y = (_rounded(axis) for axis in points.T)
    steps = tuple(stride * k for k in range(len(points)))
    return Series(method(name), x, y, z=_rounded(values, digits=9), steps=steps)


def _rounded(values: Tensor, *, digits: int = 5) -> tuple[float, ...]:
    return tuple(float(f"{value:.{digits}g}") for value in values.tolist())


def best_paths(surface: Surface, found: CostTable, *, steps: int) -> tuple[Series, ...]:
    """The path of every optimizer of a comparison at its own best rate."""
    rates = {entry.optimizer: entry.best_rate for entry in found.entries}
    return paths_at(surface, {name: rate for name, rate in rates.items() if rate is not None}, steps=steps)


def paths_at(surface: Surface, rates: Mapping[str, float], *, steps: int) -> tuple[Series, ...]:
    """The path of each optimizer at a rate."""
    series = []
    for name, rate in rates.items():
        path = minimized(surface, surface.start, name, steps, learning_rate=rate)
        stride = max(1, len(path.points) // _KEPT)
        series.append(path_series(name, path.points[::stride], path.values[::stride], stride))
    return tuple(series)
