"""What a training is turned into when it is to be kept: a model, or a run."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from soloneuron.data.preparation import sample, standardize
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.model import Model, Scaling
from soloneuron.records.run import Run, Source
from soloneuron.shapes import Features, Probabilities
from soloneuron.training.session import Training

KEPT_ROWS = 2_000
"""A run keeps at most so many rows of its data."""


def make_model(
    training: Training, data: Dataset, *, scaling: Scaling | None, settings: dict[str, Any]
) -> Model:
    """The neuron of a single run where it stands, ready to predict.

    Args:
        training: one run.
        data: what it was trained on, for the names.
        scaling: how raw columns are standardized first, or None.
        settings: how it was trained, as plain JSON values.
    """
    neuron, theta = training.plan.neuron, training.state.theta
    return Model(
        weights=tuple(neuron.weights(theta).tolist()),
        bias=float(neuron.intercept(theta)),
        feature_names=data.feature_names,
        label_name=data.label_name,
        classes=data.classes,
        scaling=scaling,
        training=settings,
    )


def predict_probabilities(model: Model, X: Features) -> Probabilities:
    """The probability of the second class for raw rows, (n,).

    Args:
        model: from ``make_model`` or ``load_model``.
        X: (n, d) in float64, columns in the order of ``model.feature_names``.
    """
    theta = torch.tensor([*model.weights, model.bias], dtype=X.dtype)
    return Neuron().probabilities(theta, standardize(X, model.scaling))


def make_run(history: History, data: Dataset, source: Source, *, settings: dict[str, Any]) -> Run:
    """A run that can be saved: its data, or a seeded sample of 2,000 rows of it."""
    return Run(
        settings=settings,
        versions=versions(),
        history=history,
        data=sample(data, KEPT_ROWS, seed=0),
        source=source,
    )


def versions() -> dict[str, str]:
    """What made a result: Python, soloneuron, torch and NumPy by version."""
    found = {"python": platform.python_version()}
    for library in ("soloneuron", "torch", "numpy"):
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "unknown"
    return found
