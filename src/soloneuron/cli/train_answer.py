"""What ``soloneuron train`` answers: the run as a record, its metrics, one JSON object for machines."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from soloneuron.cli.streaming_rows import streamed_metrics
from soloneuron.cli.train_recipe import settings_json
from soloneuron.data.files.sources import fingerprint, table_name
from soloneuron.data.preparation import own_units, standardize
from soloneuron.formulas.metrics import Metrics, metrics
from soloneuron.formulas.tiled import row_parts, tiled
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import ModelRecord, Scaling
from soloneuron.records.run import RunRecord, Source
from soloneuron.shapes import Theta
from soloneuron.training.session import Training

MOST_LOSSES = 100
"""Losses in the JSON answer, unless all are asked for."""

NAN = float("nan")
UNKNOWN_METRICS = Metrics(accuracy=NAN, log_loss=NAN, brier=NAN, roc_auc=None, calibration_error=NAN)


def run_metrics(run: RunRecord, data: Dataset, scaling: Scaling | None) -> Metrics:
    """The metrics of a run's neuron at its end; unknown where its sums leave the range of numbers."""
    theta = run.history.theta[-1]
    if tiled(data.features) is not None:
        return tile_metrics(Neuron(bias=run.recipe.bias), theta, data, scaling)
    X = standardize(data.features, scaling).to(theta.dtype)
    p = Neuron(bias=run.recipe.bias).probabilities(theta, X)
    return UNKNOWN_METRICS if p.isnan().any() else metrics(p, data.labels)


def tile_metrics(neuron: Neuron, theta: Theta, data: Dataset, scaling: Scaling | None) -> Metrics:
    """The same of rows in tiles, one tile after another."""
    streamed = streamed_metrics(data)
    for rows, X in row_parts(data.features, len(data.labels)):
        p = neuron.probabilities(theta, standardize(X, scaling).to(theta.dtype))
        if p.isnan().any():
            return UNKNOWN_METRICS
        streamed.add(p, data.labels[rows])
    return streamed.metrics()


def source_of(options: Namespace, data: Dataset) -> Source:
    """Where the rows came from; a file is read once more for its hash only if the run is kept."""
    rows = len(data.labels)
    if options.file is None:
        return Source(name=data.name, sha256="", rows=rows)
    kept = options.save_run is not None
    return Source(name=table_name(options.file), sha256=fingerprint(options.file) if kept else "", rows=rows)


def train_json(
    training: Training,
    run: RunRecord,
    model: ModelRecord,
    measured: dict[str, Metrics],
    *,
    all_losses: bool,
) -> dict[str, Any]:
    """The answer for machines; of many losses a hundred, evenly over the epochs, with first and last."""
    losses, outcome = run.history.loss.tolist(), run.history.outcome
    own_weights, own_bias = own_units(model.weights, model.bias, model.scaling)
    epochs = range(1, len(losses) + 1) if all_losses else _evenly(len(losses), MOST_LOSSES)
    return {
        "weights": dict(zip(model.feature_names, model.weights, strict=True)),
        "bias": model.bias,
        "own_units": {"weights": dict(zip(model.feature_names, own_weights, strict=True)), "bias": own_bias},
        "classes": list(model.classes),
        "rest": list(model.rest),
        "loss_epochs": list(epochs),
        "losses": [losses[epoch - 1] for epoch in epochs],
        "metrics": {part: asdict(values) for part, values in measured.items()},
        "limits": asdict(training.limits()) if training.plan.plain else None,
        "outcome": {
            "kind": outcome.kind,
            "epoch": outcome.epoch,
            "reason": outcome.reason,
            "separable": outcome.separable,
        },
        "settings": settings_json(training, run),
        "recipe": asdict(run.recipe),
    }


def _evenly(count: int, most: int) -> list[int]:
    if count <= most:
        return list(range(1, count + 1))
    return [1 + round(i * (count - 1) / (most - 1)) for i in range(most)]
