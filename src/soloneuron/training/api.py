"""The public doors of training: ``train_neuron`` for a contract, ``fit`` for everything else."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from soloneuron.data.arrays import as_features, as_number, as_vector
from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import as_penalty
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.training.door import (
    as_count,
    as_objective,
    as_rate,
    as_rule,
    as_seeds,
    as_theta,
    common_runs,
    make_plan,
    refuse_settings,
    where_it_stands,
)
from soloneuron.training.plan import State
from soloneuron.training.session import Training


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
    shuffle: bool = False,
    seed: int | None = None,
    dtype: torch.dtype = torch.float64,
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
        dtype: torch.float64 or torch.float32.

    Returns:
        The updated weights (d floats), the updated bias, and the loss of each epoch (epochs floats).

    Raises:
        InputError: what came in does not hold what it must, or the training overflowed (the epoch is named).
        ShapeError: sizes do not fit together.
        UnknownNameError: no such loss or optimizer.

    Example:
        >>> train_neuron([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]], [1, 0, 0], [0.1, -0.2], 0.0, 0.1, 2)
        ([0.107, -0.0847], -0.0335, [0.8006, 0.7631])
    """
    X = as_features(features, dtype)
    weights = as_vector(initial_weights, dtype, name="initial_weights", size=X.shape[1])
    bias = as_number(initial_bias, name="initial_bias")
    rule, automatic = as_rule(optimizer, as_rate(learning_rate, dtype, len(weights) + 1))
    plan = make_plan(
        X,
        labels,
        neuron=Neuron(as_loss(loss)),
        optimizer=rule,
        automatic=automatic,
        batch_size=batch_size,
        reduction=reduction,
        seeds=as_seeds(seed, shuffle=shuffle),
    )
    theta = torch.cat([weights, weights.new_tensor([bias])])
    if common_runs(theta, rule, ()):
        raise ShapeError("train_neuron trains one run: use fit for many", code="runs.many")
    start = State(0, theta)
    epochs = as_count(epochs, "epochs", least=0)
    training = Training(plan, start, epochs=epochs, record_every=max(1, epochs))
    for _ in training.steps():
        pass
    if training.overflow:
        outcome = training.history().outcome
        raise InputError(f"training failed: {outcome.reason}", code="training.overflow", **outcome.fields)
    *updated_weights, updated_bias = _rounded(training.state.theta)
    return updated_weights, updated_bias, _rounded(training.losses)


def fit(dataset: Any, **settings: Any) -> History:
    """Train one neuron, or many at once, and return the History without rounding.

    The settings are those of ``prepare``. A learning rate of shape (R, 1), an initial theta (R, d+1) or R
    seeds train R exact runs in one tensor.

    Returns:
        The History; an overflow is an outcome in it, not an exception.

    Raises:
        InputError: what came in does not hold what it must.

    Example:
        >>> from soloneuron.data.assignment import assignment_data
        >>> fit(assignment_data(), learning_rate=0.5, epochs=20).outcome.kind
        'finished'
    """
    training = prepare(dataset, **settings)
    for _ in training.steps():
        pass
    return training.history()


def prepare(
    dataset: Any,
    *,
    initial: Any = None,
    objective: Any = None,
    loss: Any = "nll",
    penalty: Any = None,
    optimizer: Any = "gradient_descent",
    learning_rate: Any = None,
    epochs: int = 100,
    batch_size: int | None = None,
    shuffle: bool = False,
    seed: Any = None,
    reduction: str = "mean",
    sample_weight: Any = None,
    class_weight: Any = None,
    fit_intercept: bool = True,
    record_every: int = 1,
    dtype: torch.dtype = torch.float64,
) -> Training:
    """Check everything and make a training that can be pulled step by step, watched, paused and stopped.

    Args:
        dataset: a Dataset, or a pair (features, labels).
        initial: theta to start from, (d+1,): weights, then the bias; (R, d+1) starts R runs. None is zeros,
            or where the objective stands.
        objective: what is minimized in the place of the neuron: anything with ``value_and_gradient(theta,
            batch)``, such as an eager or compiled graph of Elements. Labels may then be any finite numbers;
            loss, penalty, class_weight and fit_intercept belong to the neuron.
        loss: a name of the catalogue, or an object with ``value(z, y)`` and ``derivative(z, y)``.
        penalty: a name of the catalogue, a Penalty, or None.
        optimizer: a name of the catalogue (``soloneuron optimizers``) or an Optimizer, also one of your
            own; one with a learning rate of its own must agree with ``learning_rate``.
        learning_rate: finite and > 0; a tensor (R, 1) trains R runs at once, (d+1,) gives each coordinate its
            own; a schedule t -> rate counts updates from 1. None is 0.1 for gradient descent, ``"auto"`` half
            of a rate that is safe for these data; for any other optimizer both are its own default.
        epochs: passes over the rows, >= 0.
        batch_size: rows an update; None takes all, 1 is per-sample.
        shuffle: a new random order every epoch.
        seed: of the shuffling; a list of R seeds trains R runs at once, each in its own order. None draws
            one, which the History records.
        reduction: ``"mean"`` or ``"sum"`` of the gradients in a batch.
        sample_weight: n numbers >= 0; an integer weight acts like repeating the row in full batch.
        class_weight: ``"balanced"`` (n / (2 * rows of the class)), or a mapping {0: number, 1: number}.
        fit_intercept: whether the neuron has a bias.
        record_every: epochs between two records of theta, >= 1.
        dtype: torch.float64 or torch.float32.

    Returns:
        A Training.

    Raises:
        InputError: what came in does not hold what it must.
    """
    pair = (dataset.features, dataset.labels) if isinstance(dataset, Dataset) else dataset
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise InputError(
            f"dataset must be a Dataset or a pair (features, labels), got {type(dataset).__name__}",
            code="dataset.type",
        )
    features, labels = pair
    X = as_features(features, dtype, names=getattr(dataset, "feature_names", ()))
    objective = as_objective(objective)
    neuron = Neuron(as_loss(loss), as_penalty(penalty), bias=fit_intercept)
    width = X.shape[1] + fit_intercept
    theta = (
        as_theta(initial, dtype, width) if objective is None else where_it_stands(objective, initial, dtype)
    )
    rule, automatic = as_rule(optimizer, as_rate(learning_rate, dtype, theta.shape[-1]))
    if objective is not None:
        own = {"loss": loss != "nll", "penalty": penalty is not None}
        own |= {"class_weight": class_weight is not None, "fit_intercept": not fit_intercept}
        refuse_settings({**own, "learning_rate='auto'": automatic})
    seeds = as_seeds(seed, shuffle=shuffle)
    runs = common_runs(theta, rule, seeds)
    plan = make_plan(
        X,
        labels,
        neuron=neuron,
        optimizer=rule,
        automatic=automatic,
        batch_size=batch_size,
        reduction=reduction,
        seeds=seeds,
        runs=runs,
        sample_weight=sample_weight,
        class_weight=class_weight,
        objective=objective,
    )
    start = State(0, theta.expand(*runs, -1).clone())
    epochs = as_count(epochs, "epochs", least=0)
    return Training(plan, start, epochs=epochs, record_every=as_count(record_every, "record_every", least=1))


def _rounded(values: Tensor) -> list[float]:
    return [round(value, 4) for value in values.tolist()]
