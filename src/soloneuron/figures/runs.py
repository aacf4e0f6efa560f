"""The charts of runs read from files: the course of the loss, the gradient, the surfaces."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import Run
from soloneuron.texts.phrases import Phrase


def run_charts(runs: Mapping[str, Run]) -> tuple[Chart, ...]:
    """Loss and gradient of all runs together, and the surfaces of the first two if they have two features.

    Raises:
        InputError: no runs.
    """
    if not runs:
        raise InputError("runs must be one at least, got none", code="runs.empty")
    updates = all(run.settings.get("unit") == "update" for run in runs.values())
    told = ("update", "losses_update") if updates else ("epoch", "losses")
    step, title, loss, slope = (Phrase(f"figures.{key}") for key in (*told, "loss", "gradient"))
    losses, slopes = [], []
    for name, run in runs.items():
        history = run.history
        losses.append(Series(name, tuple(range(1, len(history.loss) + 1)), _first(history.loss)))
        slopes.append(Series(name, history.epochs, _first(history.gradient_norm)))
    charts = [
        Chart("lines", title, tuple(losses), step, loss),
        Chart("lines", Phrase("figures.gradients"), tuple(slopes), step, slope, log="y"),
    ]
    flat = tuple(name for name, run in runs.items() if run.data.features.shape[1] == 2)[:2]
    if flat:
        charts.insert(0, Chart("surfaces", Phrase("figures.surfaces"), runs=flat))
    return tuple(charts)


def _first(values: Tensor) -> tuple[float | None, ...]:
    """The values of the first run, without what is not finite."""
    flat = values.reshape(len(values), -1)[:, 0].tolist() if len(values) else []
    return tuple(value if abs(value) < float("inf") else None for value in flat)
