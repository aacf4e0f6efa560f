"""What a training is turned into when it is to be kept: a model, or a run."""

from __future__ import annotations

import platform
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch
from torch import Tensor

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


def settings_of(training: Training, run: int = 0) -> dict[str, Any]:
    """How a run was trained, as plain JSON values; hyperparameters are those that were given.

    Args:
        training: of one run, or of many at once.
        run: which of many, in the order of the flattened run axes.
    """
    plan = training.plan
    rule, penalty, settings = plan.optimizer, plan.neuron.penalty, plan.optimizer.settings
    rate = _of_run(plan.learning_rate, run)
    given = {name: _of_run(value, run) for name, value in settings.items() if name in rule.given}
    return {
        "loss": plan.neuron.loss.name,
        "optimizer": rule.name,
        "hyperparameters": given | {"learning_rate": rate},
        "learning_rate": rate,
        "epochs": training.epochs,
        "epochs_done": training.state.epoch,
        "batch_size": plan.batch_size,
        "rows": plan.rows,
        "reduction": "mean" if plan.mean_weight is None else "sum",
        "seed": plan.seeds[run % len(plan.seeds)] if plan.seeds else None,
        "shuffle": bool(plan.seeds),
        "penalty": None if penalty is None else {"name": penalty.name, "alpha": penalty.strength},
        "bias": plan.neuron.bias,
        "dtype": str(training.state.theta.dtype).removeprefix("torch."),
    }


def _of_run(value: Any, run: int) -> Any:
    """A setting of one run as JSON: its own number, or one a coordinate; words for what is no number."""
    if isinstance(value, Tensor):
        rows = value.reshape(-1, value.shape[-1] if value.dim() else 1).tolist()
        own: list[float] = rows[run % len(rows)]
        return own if len(own) > 1 else own[0]
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def one_run(history: History, run: int) -> History:
    """The history of one run of many, counted in the order of the flattened run axes."""
    if history.theta.dim() == 2:
        return history
    names = ("theta", "loss", "gradient_norm", "accuracy")
    ends = {"theta": -2}
    own = {name: getattr(history, name).flatten(1, ends.get(name, -1))[:, run] for name in names}
    seeds = history.seeds[run : run + 1] if len(history.seeds) > 1 else history.seeds
    return replace(history, **own, outcomes=(history.outcomes[run],), seeds=seeds)


def versions() -> dict[str, str]:
    """What made a result: Python, soloneuron, torch and NumPy by version."""
    found = {"python": platform.python_version()}
    for library in ("soloneuron", "torch", "numpy"):
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "unknown"
    return found
