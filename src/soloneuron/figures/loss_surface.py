"""The loss landscapes of saved runs: exact for two parameters, else a slice that the caption names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.slices import Plane, coordinate_plane, height_grid, principal_plane, window_around
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.records.findings import Chart, Grid, Name, Series
from soloneuron.records.history import FAILED
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase, Said
from soloneuron.training.recipes import neuron_of

_POINTS = 61
"""Rows and columns of the grid."""

KEPT = 150
"""Points kept of a path."""

PARTS = 3
"""So many of the weights that a direction is made of are named."""


FAR = FAILED - {"plateau"}
"""Runs that ended so do not set the window: they would leave the others a dot."""


@dataclass(frozen=True, eq=False)
class LossSurface:
    """Runs that descend on one and the same loss.

    Args:
        runs: by name; data, loss, penalty and the length of theta are equal.
        neuron: what the loss is of.
        batch: the rows.
    """

    runs: Mapping[str, RunRecord]
    neuron: Neuron
    batch: Batch

    def value(self, theta: Tensor) -> Tensor:
        """The loss at thetas (..., k), shape (...)."""
        return self.neuron.value(theta, self.batch)


@dataclass(frozen=True, eq=False)
class LossView:
    """The plane in which a loss surface is drawn, and the names of its axes."""

    plane: Plane
    x: Name
    y: Name
    description: Phrase


def loss_surfaces(runs: Mapping[str, RunRecord]) -> tuple[LossSurface, ...]:
    """The runs in groups that share data and loss; runs whose loss a file cannot tell are left out."""
    groups: list[LossSurface] = []
    for name, run in runs.items():
        neuron = _neuron(run)
        if neuron is None:
            continue
        batch = Batch(run.data.features, run.data.labels)
        for place, group in enumerate(groups):
            if _alike(group, run, neuron):
                groups[place] = replace(group, runs={**group.runs, name: run})
                break
        else:
            groups.append(LossSurface({name: run}, neuron, batch))
    return tuple(groups)


def landscape_charts(surface: LossSurface) -> tuple[Chart, Chart]:
    """The surface from above and in space, with the path of every run."""
    thetas = {name: path_of(run) for name, run in surface.runs.items()}
    view = _view(surface, thetas)
    projected_paths = {name: view.plane.project(theta) for name, theta in thetas.items()}
    finite_runs = [name for name, run in surface.runs.items() if run.history.outcome.kind not in FAR]
    window = window_around(torch.cat([projected_paths[name] for name in finite_runs or projected_paths]))
    x, y, z = height_grid(lambda points: surface.value(view.plane.at(points)), window, _POINTS)
    lowest = min(float(z.amin()), *(float(values_of(run).amin()) for run in surface.runs.values()))
    grid = Grid(_digits(x), _digits(y), tuple(_digits(row, 9) for row in z), lowest)
    series = tuple(_series(name, surface, thetas[name], projected_paths[name]) for name in surface.runs)
    where = {"where": _sampled(view.description, next(iter(surface.runs.values())))}
    from_above, in_space = (Phrase(f"figures.{kind}", where) for kind in ("landscape", "relief"))
    names: dict[str, Any] = {"z": Phrase("figures.loss"), "time": Phrase("figures.epoch"), "grid": grid}
    return (
        Chart("landscape", from_above, series, view.x, view.y, log="z", **names),
        Chart("relief", in_space, series, view.x, view.y, **names),
    )


def path_of(run: RunRecord) -> Tensor:
    """The recorded thetas (K, k) of a run, of many runs those of the first, in float64."""
    theta = run.history.theta
    return theta.reshape(len(theta), -1, theta.shape[-1])[:, 0].double()


def values_of(run: RunRecord) -> Tensor:
    """The recorded values (K,) of a run, of many runs those of the first, in float64."""
    value = run.history.value
    return value.reshape(len(value), -1)[:, 0].double()


def _neuron(run: RunRecord) -> Neuron | None:
    """The neuron whose value the run went down on; None where its rows are not all that the value needs."""
    recipe, size, columns = run.recipe, run.history.theta.shape[-1], run.data.features.shape[1]
    weighted = recipe.class_weight is not None or recipe.sample_weight
    if weighted or size < 2 or size - columns != recipe.bias or not len(run.data.labels):
        return None
    if not path_of(run).isfinite().all():
        return None
    try:
        return neuron_of(recipe)
    except InputError:
        return None


def _alike(group: LossSurface, run: RunRecord, neuron: Neuron) -> bool:
    data = next(iter(group.runs.values())).data
    return (
        group.neuron == neuron
        and torch.equal(data.features, run.data.features)
        and torch.equal(data.labels, run.data.labels)
    )


def _view(surface: LossSurface, thetas: Mapping[str, Tensor]) -> LossView:
    """The parameters themselves where there are two; else the plane in which the paths move most."""
    name, run = next(iter(surface.runs.items()))
    end = thetas[name][-1]
    names: list[Name] = [Phrase("figures.weight", {"name": feature}) for feature in run.data.feature_names]
    names += [Phrase("figures.bias")] * surface.neuron.bias
    if len(end) == 2:
        return LossView(coordinate_plane(end, 0, 1), names[0], names[1], Phrase("figures.exact"))
    plane, share = principal_plane(torch.cat([*thetas.values(), end[None]]), end)
    parts = [*run.data.feature_names, *names[run.data.features.shape[1] :]]
    one, two = (_parts(direction, parts) for direction in plane.directions)
    x, y = (Phrase("figures.direction", {"number": number}) for number in (1, 2))
    description: dict[str, Said] = {"run": name, "share": share, "one": one, "two": two}
    return LossView(plane, x, y, Phrase("figures.slice", description))


def _sampled(description: Phrase, run: RunRecord) -> Phrase:
    """The caption, and that the file holds a part of the rows where it does."""
    kept, rows = len(run.data.labels), run.source.rows
    return (
        description
        if kept == rows
        else Phrase("figures.sampled", {"where": description, "kept": kept, "rows": rows})
    )


def _parts(direction: Tensor, names: Sequence[Name]) -> Name:
    """What a direction is made of: its largest parts, in the order of theta."""
    largest = direction.abs().argsort(descending=True)[:PARTS].tolist()
    description: Name = "" if len(direction) <= PARTS else "…"
    for i in sorted(largest, reverse=True):
        fields = {
            "share": float(direction[i]),
            "name": names[i],
            "gap": " " if description else "",
            "after": description,
        }
        description = Phrase("figures.term", fields)
    return description


def _series(name: str, surface: LossSurface, theta: Tensor, projected: Tensor) -> Series:
    """At most KEPT points of a path, the first and the last among them, each at the loss it really had."""
    count = len(theta)
    kept = torch.linspace(0, count - 1, min(count, KEPT)).round().long()
    epochs = surface.runs[name].history.epochs
    x, y = (_digits(axis) for axis in projected[kept].T)
    values = _digits(values_of(surface.runs[name])[kept], 9)
    return Series(name, x, y, z=values, steps=tuple(epochs[i] for i in kept.tolist()))


def _digits(values: Tensor, digits: int = 5) -> tuple[float, ...]:
    return tuple(float(f"{value:.{digits}g}") for value in values.tolist())
