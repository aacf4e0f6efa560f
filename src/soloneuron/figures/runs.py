"""The charts of runs read from files: surfaces, landscapes, the course of loss, gradient and step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.figures.comparing import has_surface
from soloneuron.figures.loss_surface import landscape_charts, loss_surfaces, path_of
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import Phrase


class HasRecord(Protocol):
    """What ``fit`` and ``load_run`` return."""

    @property
    def record(self) -> RunRecord:
        """What a run file holds."""


def run_charts(runs: Mapping[str, RunRecord | HasRecord]) -> dict[str, Chart]:
    """All that can be drawn of runs together.

    Args:
        runs: by the name that a legend gives them; records, or what ``fit`` and ``load_run`` return.

    Returns:
        By name: ``surfaces`` of the first two runs with two features; ``landscape`` and ``relief``, the loss
        from above and in space with the paths of all runs that share data and loss (``landscape_2`` ... for
        those that share another); then ``losses``, ``gradients`` and ``steps`` of all runs.

    Raises:
        InputError: no runs.
    """
    if not runs:
        raise InputError("runs must be one at least, got none", code="runs.empty")
    records = records_of(runs)
    charts: dict[str, Chart] = {}
    flat = tuple(name for name, run in records.items() if has_surface(run))[:2]
    if flat:
        title = Phrase("figures.surfaces", {"names": ", ".join(flat)})
        charts["surfaces"] = Chart("surfaces", title, runs=flat)
    for number, surface in enumerate(loss_surfaces(records), 1):
        ending = "" if number == 1 else f"_{number}"
        charts[f"landscape{ending}"], charts[f"relief{ending}"] = landscape_charts(surface)
    return charts | _curves(records)


def records_of(runs: Mapping[str, RunRecord | HasRecord]) -> dict[str, RunRecord]:
    """The records of runs by name."""
    return {name: run if isinstance(run, RunRecord) else run.record for name, run in runs.items()}


def _curves(runs: Mapping[str, RunRecord]) -> dict[str, Chart]:
    """What changes from epoch to epoch, one line a run."""
    losses, slopes, moves = [], [], []
    for name, run in runs.items():
        history = run.history
        losses.append(Series(name, tuple(range(1, len(history.loss) + 1)), first_run(history.loss)))
        slopes.append(Series(name, history.epochs, first_run(history.gradient_norm)))
        moves.append(Series(name, history.epochs[1:], _positive(effective_steps(run))))
    updates = all(run.history.unit == "update" for run in runs.values())
    unit = "update" if updates else "epoch"
    step, curve, loss, slope, effective, move = (
        Phrase(f"figures.{key}")
        for key in (unit, f"losses_{unit}", "loss", "gradient", f"steps_{unit}", f"length_{unit}")
    )
    return {
        "losses": Chart("lines", curve, tuple(losses), step, loss),
        "gradients": Chart("lines", Phrase("figures.gradients"), tuple(slopes), step, slope, log="y"),
        "steps": Chart("lines", effective, tuple(moves), step, move, log="y"),
    }


def effective_steps(run: RunRecord) -> tuple[float, ...]:
    """How far theta moved between two records, divided by the epochs between them.

    Of many updates an epoch it is the length of their sum, not the sum of their lengths.
    """
    epochs = torch.tensor(run.history.epochs, dtype=torch.float64)
    away = torch.linalg.vector_norm(path_of(run).diff(dim=0), dim=-1)
    return tuple((away / epochs.diff()).tolist())


def first_run(values: Tensor) -> tuple[float | None, ...]:
    """The values of the first run, without what is not finite."""
    flat = values.reshape(len(values), -1)[:, 0].tolist() if len(values) else []
    return tuple(value if math.isfinite(value) else None for value in flat)


def _positive(values: tuple[float, ...]) -> tuple[float | None, ...]:
    """Without what a logarithm cannot show."""
    return tuple(value if 0 < value < math.inf else None for value in values)
