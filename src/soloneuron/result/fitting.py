"""``train_neuron`` for a contract, ``fit`` for everything else."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from soloneuron.data.arrays import as_features, as_number, as_vector
from soloneuron.data.conversion import as_device, moved
from soloneuron.data.labels import classes_of_words
from soloneuron.data.preparation import named_rows
from soloneuron.data.tables import column_names
from soloneuron.errors import InputError, ShapeError, TrainingWarning, suggesting
from soloneuron.progress import training_progress
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import FAILED
from soloneuron.result.run import Run
from soloneuron.training.checkpoints import check_place, kept_seeds, with_checkpoint
from soloneuron.training.counts import as_count
from soloneuron.training.prepare import prepare
from soloneuron.training.session import Training
from soloneuron.training.trends import plainly_falls
from soloneuron.training.validation import refuse_no_columns


@suggesting
def train_neuron(
    features: Any,
    labels: Any,
    initial_weights: Any,
    initial_bias: Any,
    learning_rate: Any,
    epochs: int,
    *,
    loss: Any = "nll",
    optimizer: Any = "gradient_descent",
    batch_size: int | None = None,
    reduction: str = "mean",
    shuffle: bool | Literal["tiles"] = False,
    seed: int | None = None,
    dtype: torch.dtype | None = None,
    device: Any = None,
) -> tuple[list[float], float, list[float]]:
    """Train one sigmoid neuron and return plain numbers, rounded to four decimals at the very end.

    Formula: theta <- theta - learning_rate * gradient of the mean loss of a batch, for each batch of each
    epoch, or whatever the optimizer makes of that gradient. The loss of an epoch is the mean of the losses
    of its rows, each taken before its update, at the point where the optimizer wants the gradient.

    The example printed in the assignment (weights 0.0808, -0.1916, bias -0.0214, losses 0.2386, 0.2348)
    cannot be obtained under any convention; the example below shows what is right.

    Args:
        features: n rows of d finite numbers; lists, tuples, NumPy arrays or tensors; integers too.
            d may be 0.
        labels: n numbers, in [0, 1] for the losses nll, mse and focal, 0 or 1 for the others.
        initial_weights: d numbers.
        initial_bias: one number.
        learning_rate: finite and > 0; a schedule t -> rate with t = 1, 2, ... counting updates; None takes
            the optimizer's own default, "auto" a rate that is safe for the data.
        epochs: passes over the rows, >= 0; 0 returns the start.
        loss: a name of the catalogue, or an object with ``value(z, y)`` and ``derivative(z, y)``.
        optimizer: a name of the catalogue (``gradient_descent`` with alias ``sgd``, ``momentum``, ``adam``
            ...) or an Optimizer; one with a learning rate of its own must agree with ``learning_rate``.
        batch_size: rows an update. None takes all rows (classic gradient descent), 1 one row
            (stochastic), any other number is mini-batch; the last batch may be short.
        reduction: ``"mean"`` or ``"sum"`` of the gradients in a batch; losses are means in both cases.
        shuffle: take the rows in a new random order every epoch, instead of the order they came in.
        seed: of the shuffling; None draws one from the operating system.
        dtype: torch.float32 or torch.float64; None takes float32 where features came in it, and float64 for
            everything else.
        device: where to compute, such as ``"cuda"``: everything is put there. None is where the features are;
            other tensors must be there too, for nothing is moved unasked.

    Returns:
        The updated weights (d floats), the updated bias, and the loss of each epoch (epochs floats).

    Raises:
        InputError: what came in does not hold what it must, or the training overflowed (the epoch is named).
        ShapeError: sizes do not fit together.
        UnknownNameError: no such loss or optimizer.

    Warns:
        TrainingWarning: the training ended badly: the loss rises, goes up and down, stands still though it
            could be lower, or is above that of weights of 0. The sentence says what to do.

    Example:
        >>> train_neuron([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]], [1, 0, 0], [0.1, -0.2], 0.0, 0.1, 2)
        ([0.107, -0.0847], -0.0335, [0.8006, 0.7631])
    """
    place = as_device(device)
    X = as_features(moved(features, place), dtype, device=place)
    weights = as_vector(
        moved(initial_weights, place), X.dtype, name="initial_weights", size=X.shape[1], device=X.device
    )
    bias = as_number(initial_bias, name="initial_bias")
    epochs = as_count(epochs, "epochs", least=0)
    training = prepare(
        X,
        moved(labels, place),
        initial=torch.cat([weights, weights.new_tensor([bias])]),
        loss=loss,
        optimizer=optimizer,
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        reduction=reduction,
        shuffle=shuffle,
        seed=seed,
        record_every=max(1, epochs),
        dtype=X.dtype,
    )
    if training.plan.runs:
        raise ShapeError("train_neuron trains one run: use fit for many", code="runs.many")
    _refuse_or_warn(training.run())
    *updated_weights, updated_bias = _rounded(training.state.theta)
    return updated_weights, updated_bias, _rounded(training.losses)


def _refuse_or_warn(training: Training) -> None:
    """An overflow is an error where plain numbers are wanted, any other bad end a warning."""
    if not training.overflow and plainly_falls(training.losses.tolist()):
        return
    outcome = training.history().outcome
    if training.overflow:
        raise InputError(f"training failed: {outcome.reason}", code="training.overflow", **outcome.fields)
    if outcome.kind in FAILED:
        warnings.warn(outcome.reason, TrainingWarning, stacklevel=4)


@suggesting
def fit(
    features: Any,
    labels: Any = None,
    *,
    initial: Any = None,
    objective: Any = None,
    loss: Any = "nll",
    penalty: Any = None,
    optimizer: Any = "gradient_descent",
    learning_rate: Any = None,
    epochs: int = 100,
    batch_size: int | None = None,
    shuffle: bool | Literal["tiles"] = False,
    seed: Any = None,
    reduction: str = "mean",
    sample_weight: Any = None,
    class_weight: Any = None,
    bias: bool = True,
    record_every: int = 1,
    dtype: torch.dtype | None = None,
    device: Any = None,
    checkpoint: str | Path | None = None,
    checkpoint_every: int | None = None,
    progress: bool = False,
) -> Run:
    """Train one neuron, or many at once, and return the Run, nothing rounded.

    ``fit(X, y)``, ``fit((X, y))`` and ``fit(dataset)`` are the same. A learning rate of shape (R, 1), an
    initial theta (R, d+1) or R seeds train R exact runs in one tensor.

    Args:
        features: n rows of d finite numbers (lists, NumPy arrays, tensors); a pair (features, labels); or a
            Dataset.
        labels: n numbers, in [0, 1] for the losses nll, mse and focal, 0 or 1 for the others; or two words:
            the one that says yes (yes, true, +, positive, да, истина) is 1, else the second in the order of
            letters; or -1 and 1. None where they came with the features.
        initial: theta to start from, (d+1,): weights, then the bias; (R, d+1) starts R runs. None is zeros,
        or
            where the objective begins.
        objective: what is minimized in the place of the neuron: anything with ``value_and_gradient(theta,
            batch)``, such as an eager or compiled graph of Elements. Labels may then be any finite numbers;
            loss, penalty, class_weight and bias belong to the neuron.
        loss: a name of the catalogue, or an object with ``value(z, y)`` and ``derivative(z, y)``.
        penalty: a name of the catalogue, a Penalty, or None; one of strength (R, 1) trains R runs at once.
        optimizer: a name of the catalogue (``soloneuron optimizers``) or an Optimizer, also one of your own;
            ``"auto"`` takes Newton's method or L-BFGS, plain descent where learning_rate, batch_size or
            shuffle is given.
        learning_rate: finite and > 0; a tensor (R, 1) trains R runs at once, (d+1,) gives each coordinate its
            own; a schedule t -> rate, or its text (``"cosine(0.1)"``), counts updates from 1. None is 0.1 for
            gradient descent, ``"auto"`` half
            of a rate that is safe for these data; for any other optimizer both are its own default.
        epochs: passes over the rows, >= 0.
        batch_size: rows an update; None takes all, 1 is per-sample.
        shuffle: a new random order every epoch; ``"tiles"`` shuffles tiles of the rows, and rows inside a
            window of 8 tiles, which is what rows on disk take: it is not the uniform order.
        seed: of the shuffling; a list of R seeds trains R runs at once, each in its own order. None draws
        one,
            which the Run records.
        reduction: ``"mean"`` or ``"sum"`` of the gradients in a batch.
        sample_weight: n numbers >= 0; an integer weight acts like repeating the row in full batch. (R, n)
            gives each of R runs its own.
        class_weight: ``"balanced"`` (n / (2 * rows of the class)), or a mapping {0: number, 1: number}.
        bias: whether the neuron has one.
        record_every: epochs between two records of theta, >= 1.
        dtype: torch.float32 or torch.float64; None takes float32 where features came in it, and float64 for
            everything else.
        device: where to compute, such as ``"cuda"``: everything is put there. None is where the features are;
            other tensors must be there too, for nothing is moved unasked.
        checkpoint: a file in which the training is kept on its way. Where the file is there already the
            training goes on from it, and ends with the digits of one that nothing disturbed.
        checkpoint_every: epochs between two of them, >= 1, ten a second at most; None writes about a
            hundred in all.
        progress: show a bar, in a terminal or a notebook, where it takes longer than half a second.

    Returns:
        A Run; an overflow is an outcome in it, not an exception.

    Raises:
        InputError: what came in does not hold what it must.
        RecordError: the checkpoint is one of another training, of other versions, or damaged.
        TypeError: an unknown keyword; the nearest is suggested.

    Example:
        >>> run = fit([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]], [1, 0, 0], learning_rate=0.5, epochs=20)
        >>> run.outcome.kind, run.predict([[1.0, 2.0]])
        ('finished', [1])
    """
    check_place(checkpoint, checkpoint_every)
    if shuffle and seed is None:
        seed = kept_seeds(checkpoint)
    training = prepare(
        features,
        labels,
        initial=initial,
        objective=objective,
        loss=loss,
        penalty=penalty,
        optimizer=optimizer,
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        shuffle=shuffle,
        seed=seed,
        reduction=reduction,
        sample_weight=sample_weight,
        class_weight=class_weight,
        bias=bias,
        record_every=record_every,
        dtype=dtype,
        device=device,
    )
    refuse_no_columns(training.plan)
    if checkpoint is not None:
        with_checkpoint(training, checkpoint, every=checkpoint_every)
    with training_progress(training, shown=progress):
        training.run()
    return Run.of(training, _named(features, labels, training))


def _named(features: Any, labels: Any, training: Training) -> Dataset | None:
    """The rows with the names of their columns and classes; None where they had none."""
    rows = training.plan.data
    if isinstance(features, Dataset) or rows is None:
        return features if rows is not None else None
    if labels is None and isinstance(features, tuple | list):
        features, labels = features
    names, classes = column_names(features), classes_of_words(labels)
    if not names and classes is None:
        return None
    data = named_rows(rows.features, rows.labels)
    data = replace(data, feature_names=names) if names else data
    return data if classes is None else replace(data, classes=classes[1][:2])


def _rounded(values: Tensor) -> list[float]:
    return [round(value, 4) for value in values.tolist()]
