"""Check everything, and make a training that can be pulled step by step."""

from __future__ import annotations

from typing import Any, Literal

import torch

from soloneuron.data.arrays import as_features
from soloneuron.data.conversion import as_device, moved
from soloneuron.data.labels import classes_of_words
from soloneuron.data.seeding import fresh_seed
from soloneuron.data.tables import rows_and_labels
from soloneuron.errors import InputError, suggesting
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import as_penalty
from soloneuron.formulas.sharded import ShardedRows, are_few
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.records.dataset import Dataset
from soloneuron.shapes import Features, Theta
from soloneuron.training.automatic import chosen_rule, is_auto
from soloneuron.training.counts import as_count, as_flag, as_seeds, as_shuffle
from soloneuron.training.objectives import objective_on_rows, refuse_settings
from soloneuron.training.plan import State
from soloneuron.training.rates import as_rate, as_rule, check_schedules
from soloneuron.training.run_axes import common_runs
from soloneuron.training.session import Training
from soloneuron.training.sharding.agreement import agreed_seed
from soloneuron.training.starts import as_theta, initial_theta
from soloneuron.training.validation import make_plan


@suggesting
def prepare(
    dataset: Any,
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
) -> Training:
    """Check everything and make a training that can be pulled step by step, watched, paused and stopped.

    Args:
        dataset: a Dataset, a pair (features, labels), a torch data set or loader of pairs (read once), or
            features: n rows of d finite numbers, in lists, arrays, tensors, tables or sparse matrices. On
            features that ``shard`` has spread over processes all of them train together; labels and weights
            are those of all rows.
        labels: n numbers where features came alone; or two words, or -1 and 1, see ``fit``.
        initial: theta to start from, (d+1,): weights, then the bias; (R, d+1) starts R runs. None is zeros,
            or where the objective stands.
        objective: what is minimized in the place of the neuron: anything with ``value_and_gradient(theta,
            batch)``, such as an eager or compiled graph of Elements. Labels may then be any finite numbers;
            loss, penalty, class_weight and bias belong to the neuron.
        loss: a name of the catalogue, or an object with ``value(z, y)`` and ``derivative(z, y)``.
        penalty: a name of the catalogue, a Penalty, or None; one of strength (R, 1) trains R runs at once.
        optimizer: a name of the catalogue (``soloneuron optimizers``), or an Optimizer, also one of your
            own; one with a learning rate of its own must agree with ``learning_rate``. ``"auto"`` takes the
            rule that arrives, see ``chosen_rule``.
        learning_rate: finite and > 0; a tensor (R, 1) trains R runs at once, (d+1,) gives each coordinate its
            own; a schedule t -> rate, or its text (``"cosine(0.1)"``), counts updates from 1. None is 0.1 for
            gradient descent, ``"auto"`` half
            of a rate that is safe for these data; for any other optimizer both are its own default.
        epochs: passes over the rows, >= 0.
        batch_size: rows an update; None takes all, 1 is per-sample.
        shuffle: a new random order every epoch; ``"tiles"`` shuffles tiles of the rows, and rows inside a
            window of 8 tiles, which is what rows on disk take: it is not the uniform order.
        seed: of the shuffling; a list of R seeds trains R runs at once, each in its own order. None draws
            one, which the History records.
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

    Returns:
        A Training.

    Raises:
        InputError: what came in does not hold what it must.
    """
    spread = sharded_rows(dataset)
    if spread is not None:
        shared = agreed_seed(spread.group, dict(locals()), fresh_seed)
        seed = shared if seed is None else seed
    bias, shuffle = as_flag(bias, "bias"), as_shuffle(shuffle)
    epochs = as_count(epochs, "epochs", least=0)
    record_every = as_count(record_every, "record_every", least=1)
    seeds = as_seeds(seed, shuffle=bool(shuffle))
    place = as_device(device)
    initial, sample_weight = moved(initial, place), moved(sample_weight, place)
    X, y = _rows(dataset, labels, dtype, place)
    X = X[:] if isinstance(X, ShardedRows) and are_few(X) else X
    named = classes_of_words(y) if objective is None else None
    y = y if named is None else named[0]
    target, theta = _start(X, objective, initial, loss=loss, penalty=penalty, bias=bias)
    if is_auto(optimizer):
        of_descent = {"learning_rate": learning_rate, "batch_size": batch_size, "shuffle": shuffle or None}
        optimizer = chosen_rule(target, X, **of_descent)
    size = len(X) if batch_size is None else as_count(batch_size, "batch_size", least=1)
    steps = epochs * -(-len(X) // size)
    rate = as_rate(learning_rate, X.dtype, theta.shape[-1], optimizer=optimizer, steps=steps)
    rule, automatic = as_rule(optimizer, rate)
    if objective is not None:
        own = {"loss": loss != "nll", "penalty": penalty is not None}
        own |= {"class_weight": class_weight is not None, "bias": not bias}
        refuse_settings({**own, "learning_rate='auto'": automatic})
    penalty = target.penalty if isinstance(target, Neuron) else None
    if isinstance(X, ShardedRows) and objective is not None:
        raise InputError(
            "rows over processes train a neuron, got an objective of its own: train that in one process",
            code="processes.objective",
        )
    runs = common_runs(theta, rule, seeds, penalty=penalty, sample_weight=sample_weight)
    if isinstance(X, ShardedRows) and runs:
        raise InputError(
            f"rows over processes train one run at a time, got run axes {runs}: train one after another, or "
            "sweep on rows that are not sharded",
            code="processes.runs",
        )
    plan = make_plan(
        X,
        y,
        objective=target,
        optimizer=rule,
        automatic=automatic,
        batch_size=batch_size,
        reduction=reduction,
        seeds=seeds,
        runs=runs,
        sample_weight=sample_weight,
        class_weight=class_weight,
        by_tiles=shuffle == "tiles",
    )
    start = State(0, theta.expand(*runs, -1).clone())
    check_schedules(plan.optimizer, start.theta)
    return Training(plan, start, epochs=epochs, record_every=record_every)


def sharded_rows(dataset: Any) -> ShardedRows | None:
    """The features that ``shard`` has spread, alone, in a pair or in a Dataset; None for others."""
    X = dataset.features if isinstance(dataset, Dataset) else dataset
    if isinstance(X, tuple | list) and len(X) == 2:
        X = X[0]
    return X if isinstance(X, ShardedRows) else None


def _rows(
    dataset: Any, labels: Any, dtype: torch.dtype | None, device: torch.device | None
) -> tuple[Features, Any]:
    """The features, checked, and the labels as they came."""
    if isinstance(dataset, Dataset):
        if labels is not None:
            raise InputError(
                "labels must be left out beside a Dataset, which has its own", code="dataset.labels"
            )
        pair = dataset.features, dataset.labels
    else:
        pair = rows_and_labels(dataset) if labels is None else (dataset, labels)
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise InputError(
            "rows must come as features and labels, fit(X, y); as a pair, fit((X, y)); or as a Dataset, got "
            f"{type(dataset).__name__} alone",
            code="dataset.type",
        )
    names = dataset.feature_names if isinstance(dataset, Dataset) else ()
    X = as_features(moved(pair[0], device), dtype, names=names, device=device)
    return X, moved(pair[1], device)


def _start(
    X: Features, objective: Any, initial: Any, *, loss: Any, penalty: Any, bias: bool
) -> tuple[Objective, Theta]:
    """What is minimized, and theta before the first update."""
    neuron = Neuron(as_loss(loss), as_penalty(penalty), bias=bias)
    if objective is None:
        return neuron, as_theta(initial, X.dtype, X.shape[1] + bias, device=X.device)
    target = objective_on_rows(objective)
    return target, initial_theta(target, initial, X.dtype, device=X.device)
