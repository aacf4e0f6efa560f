"""What a training leaves behind: settings and source for the records, one JSON object for machines."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from soloneuron import __version__
from soloneuron.data.files import fingerprint
from soloneuron.data.preparation import standardize
from soloneuron.formulas.metrics import Metrics, metrics
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.model import Scaling
from soloneuron.records.run import Source
from soloneuron.training.results import settings_of
from soloneuron.training.session import Training

SHOWN = 100
"""Losses in the JSON answer, unless all are asked for."""

NAN = float("nan")
UNKNOWN = Metrics(accuracy=NAN, log_loss=NAN, brier=NAN, roc_auc=None, calibration_error=NAN)


def measure(training: Training, data: Dataset, scaling: Scaling | None) -> Metrics:
    """The metrics of the neuron where it stands; unknown where its sums leave the range of numbers."""
    theta = training.state.theta
    X = standardize(data.features, scaling).to(theta.dtype)
    p = training.plan.neuron.probabilities(theta, X)
    return UNKNOWN if p.isnan().any() else metrics(p, data.labels)


def record(options: Namespace, training: Training, history: History) -> dict[str, Any]:
    """How it was trained, as plain JSON values."""
    settings = settings_of(training)
    return {
        "soloneuron": __version__,
        **settings,
        "seed": options.seed if options.test_share is not None else settings["seed"],
        "class_weight": options.class_weight,
        "standardize": options.standardize,
        "test_share": options.test_share,
        "outcome": history.outcome.kind,
    }


def source(options: Namespace, data: Dataset) -> Source:
    """Where the rows came from."""
    rows = len(data.labels)
    if options.file is None:
        return Source(name=data.name, sha256="", rows=rows)
    return Source(name=Path(options.file).name, sha256=fingerprint(options.file), rows=rows)


def summary(
    training: Training,
    history: History,
    data: Dataset,
    measured: dict[str, Metrics],
    settings: dict[str, Any],
    *,
    all_losses: bool,
) -> dict[str, Any]:
    """The answer for machines; of many losses a hundred, evenly over the epochs, with first and last."""
    neuron, theta = training.plan.neuron, training.state.theta
    losses, outcome = history.loss.tolist(), history.outcome
    epochs = range(1, len(losses) + 1) if all_losses else _evenly(len(losses), SHOWN)
    return {
        "weights": dict(zip(data.feature_names, neuron.weights(theta).tolist(), strict=True)),
        "bias": float(neuron.intercept(theta)),
        "classes": list(data.classes),
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
        "settings": settings,
    }


def _evenly(count: int, most: int) -> list[int]:
    if count <= most:
        return list(range(1, count + 1))
    return [1 + round(i * (count - 1) / (most - 1)) for i in range(most)]
