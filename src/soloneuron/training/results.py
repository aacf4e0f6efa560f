"""What a training is turned into when it is to be kept: a model, or a run."""

from __future__ import annotations

import platform
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

import torch

from soloneuron.data.preparation import sample, standardize
from soloneuron.errors import InputError
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.records.history import History
from soloneuron.records.model import ModelRecord, Scaling
from soloneuron.records.recipe import Recipe
from soloneuron.records.run import RunRecord, Source
from soloneuron.shapes import Features, Probabilities
from soloneuron.training.measures import values_at
from soloneuron.training.recipes import neuron_of

KEPT_ROWS = 2_000
"""A run keeps at most so many rows of its data."""


def model_of(run: RunRecord, *, scaling: Scaling | None = None) -> ModelRecord:
    """The neuron at the end of a single run, ready to predict.

    Args:
        run: of a neuron.
        scaling: how raw columns are standardized first, or None.

    Raises:
        InputError: an objective that is no neuron predicts nothing that a model file could hold.
    """
    if run.recipe.objective.name != "neuron":
        raise InputError(
            f"only a neuron can be a model: this run trained {run.recipe.objective.name!r}",
            code="model.objective",
        )
    neuron, theta, data = Neuron(bias=run.recipe.bias), run.history.theta[-1], run.data
    return ModelRecord(
        weights=tuple(neuron.weights(theta).tolist()),
        bias=float(neuron.intercept(theta)),
        feature_names=data.feature_names,
        label_name=data.label_name,
        classes=data.classes,
        scaling=scaling,
        recipe=run.recipe,
        rows=run.source.rows,
        outcome=run.history.outcome.kind,
        epochs_done=run.history.epochs[-1],
        rest=data.rest,
        columns=data.columns,
    )


def predict_probabilities(model: ModelRecord, X: Features) -> Probabilities:
    """The probability of the second class for raw rows, (n,).

    Args:
        model: from ``model_of`` or a file.
        X: (n, d) in float64, columns in the order of ``model.feature_names``.
    """
    theta = torch.tensor([*model.weights, model.bias], dtype=X.dtype, device=X.device)
    return Neuron().probabilities(theta, standardize(X, model.scaling))


def make_run(history: History, data: Dataset, source: Source, recipe: Recipe, *, link: str = "") -> RunRecord:
    """A run that can be saved: its data, or a seeded sample of 2,000 rows of it."""
    return RunRecord(
        recipe=recipe,
        versions=versions(),
        history=history,
        data=sample(data, KEPT_ROWS, seed=0),
        source=source,
        link=link,
    )


def completed(run: RunRecord) -> RunRecord:
    """A run with its values; files of format 1 hold none, so they are measured, on the rows that are kept.

    Args:
        run: as it was read.

    Returns:
        The run itself if its values are known, or if its recipe cannot be rebuilt.
    """
    history, recipe = run.history, run.recipe
    if not (history.value.isnan() & history.theta.isfinite().all(-1)).all():
        return run
    try:
        neuron = neuron_of(recipe)
    except InputError:
        return run
    rows = Batch(run.data.features.double(), run.data.labels.double())
    value = values_at(neuron, history.theta.double(), rows).to(history.theta.dtype)
    return replace(run, history=replace(history, value=value))


def one_run(history: History, run: int) -> History:
    """The history of one run of many, counted in the order of the flattened run axes."""
    if history.theta.dim() == 2:
        return history
    names = ("theta", "loss", "value", "gradient_norm", "accuracy")
    ends = {"theta": -2}
    own = {name: getattr(history, name).flatten(1, ends.get(name, -1))[:, run] for name in names}
    # Seeds are the last run axis.
    seeds = (history.seeds[run % len(history.seeds)],) if history.seeds else ()
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
