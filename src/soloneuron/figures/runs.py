"""The charts of runs read from files: the course of the loss, the gradient, the surfaces."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from soloneuron.figures.comparing import check_same_rows, has_surface
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import Run
from soloneuron.texts.phrases import Phrase


def run_charts(runs: Mapping[str, Run]) -> tuple[Chart, ...]:
    """Loss and gradient of all runs together, and the surfaces of the first two if they have two features.

    Raises:
        InputError: no runs, or runs that learned from different rows.
    """
    check_same_rows(runs)
    epoch, loss, slope = (Phrase(f"figures.{key}") for key in ("epoch", "loss", "gradient"))
    losses, slopes = [], []
    for name, run in runs.items():
        history = run.history
        losses.append(Series(name, tuple(range(1, len(history.loss) + 1)), first_run(history.loss)))
        slopes.append(Series(name, history.epochs, first_run(history.gradient_norm)))
    charts = [
        Chart("lines", Phrase("figures.losses"), tuple(losses), epoch, loss),
        Chart("lines", Phrase("figures.gradients"), tuple(slopes), epoch, slope, log="y"),
    ]
    flat = tuple(name for name, run in runs.items() if has_surface(run))[:2]
    if flat:
        charts.insert(0, Chart("surfaces", Phrase("figures.surfaces", {"names": ", ".join(flat)}), runs=flat))
    return tuple(charts)


def first_run(values: Tensor) -> tuple[float | None, ...]:
    """The values of the first run, without what is not finite."""
    flat = values.reshape(len(values), -1)[:, 0].tolist() if len(values) else []
    return tuple(value if abs(value) < float("inf") else None for value in flat)
