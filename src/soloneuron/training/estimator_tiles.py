"""A Dataset for the estimator: rows in memory as arrays, rows on disk trained on where they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from soloneuron.errors import InputError
from soloneuron.formulas.penalties import as_penalty
from soloneuron.formulas.tiled import tiled
from soloneuron.records.dataset import Dataset
from soloneuron.records.spellings import AUTO
from soloneuron.training.estimator_parameters import NeuronParameters, asked_rule
from soloneuron.training.estimator_rows import host_rows
from soloneuron.training.prepare import prepare
from soloneuron.training.session import Training


def class_values(data: Dataset) -> np.ndarray:
    """The two labels of a Dataset: whole numbers where both words are, else the words.

    Raises:
        ValueError: one of them does not occur.

    Example:
        >>> import torch
        >>> class_values(Dataset(torch.zeros(2, 1), torch.tensor([0.0, 1.0]), ("x1",))).tolist()
        [0, 1]
    """
    if not all(data.classes):
        raise ValueError(f"NeuronClassifier needs two classes, got 1 class: {max(data.classes)!r}")
    try:
        return np.array([int(word) for word in data.classes])
    except ValueError:
        return np.array(data.classes)


def arrays_of(data: Dataset) -> tuple[Any, np.ndarray]:
    """Features (n, d), an array or a sparse matrix, and labels (n,) of rows in memory."""
    return host_rows(data.features), class_values(data)[data.labels.long().numpy()]


def tile_training(
    given: NeuronParameters,
    data: Dataset,
    sample_weight: Any,
    *,
    initial: np.ndarray | None,
    seed: int | None,
) -> Training:
    """The training of an estimator on rows that stand in tiles.

    Args:
        given: the parameters.
        data: its features in tiles.
        sample_weight: (n,) numbers >= 0, or None.
        initial: theta to start from, (k,); None is zeros.
        seed: of the order of rows; None takes them as they come.

    Raises:
        InputError: early stopping, which holds rows out in memory.
    """
    if given.early_stopping:
        raise InputError(
            "early_stopping must be False for rows on disk, which are not copied into two parts; stream the "
            "rows to watch apart, and score them",
            code="tiles.early_stopping",
        )
    weights = given.class_weight
    if weights is not None and not isinstance(weights, str):
        weights = {place: weights.get(label, 1.0) for place, label in enumerate(class_values(data).tolist())}
    return prepare(
        data,
        initial=initial,
        loss=given.loss,
        penalty=as_penalty(given.penalty, given.alpha),
        optimizer=asked_rule(given, data.features),
        learning_rate=AUTO if given.learning_rate is None else given.learning_rate,
        epochs=int(given.epochs),
        batch_size=None if given.batch_size is None else min(given.batch_size, len(data.labels)),
        shuffle=seed is not None and "tiles",
        seed=seed,
        sample_weight=sample_weight,
        class_weight=weights,
        bias=bool(given.fit_intercept),
    )


def in_tiles(X: object) -> bool:
    """Whether this is a Dataset of rows on disk."""
    return isinstance(X, Dataset) and tiled(X.features) is not None
