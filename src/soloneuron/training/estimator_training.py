"""The trainings of an estimator, by its parameters: one on all rows, and one on rows that come in pieces."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from soloneuron.data.arrays import as_features
from soloneuron.data.validation_rows import validation_rows
from soloneuron.errors import InputError
from soloneuron.formulas.penalties import as_penalty
from soloneuron.records.dataset import Batch
from soloneuron.records.spellings import AUTO
from soloneuron.training.automatic import PLAIN_RULE, is_auto
from soloneuron.training.checkpoints import check_place, with_checkpoint
from soloneuron.training.counts import as_count
from soloneuron.training.estimator_parameters import NeuronParameters, asked_neuron, asked_rule
from soloneuron.training.estimator_rows import EncodedRows
from soloneuron.training.prepare import prepare
from soloneuron.training.rates import as_rate, as_rule
from soloneuron.training.session import Training
from soloneuron.training.stopping import Validation, Watcher
from soloneuron.training.streaming import Stream
from soloneuron.training.watching import watcher_of


def held_out(given: NeuronParameters, rows: EncodedRows, generator: Any) -> np.ndarray | None:
    """Which rows early stopping holds out, (n,) bool; None without it.

    Raises:
        ValueError: no class has two different rows.
    """
    if not given.early_stopping:
        return None
    share, seed = given.validation_fraction, int(generator.randint(2**31))
    held = validation_rows(*rows, share, seed=seed)
    if not held.any():
        raise ValueError("early_stopping needs two different rows of a class, got none to hold out")
    return held


def order_seed(given: NeuronParameters, generator: Any) -> int | None:
    """The seed of the order of rows; it matters to parts of the data only."""
    parts = given.batch_size is not None and (given.shuffle is None or given.shuffle)
    return int(generator.randint(2**31)) if parts else None


def asked_training(
    given: NeuronParameters, rows: EncodedRows, *, initial: np.ndarray | None, seed: int | None
) -> Training:
    """The training on rows.

    Args:
        given: the parameters.
        rows: those that are not held out.
        initial: theta to start from, (k,); None is zeros.
        seed: of the order of rows; None takes them as they come.
    """
    features = as_features(rows.features)
    return prepare(
        (features, rows.target),
        initial=initial,
        loss=given.loss,
        penalty=as_penalty(given.penalty, given.alpha),
        optimizer=asked_rule(given, features),
        learning_rate=AUTO if given.learning_rate is None else given.learning_rate,
        epochs=int(given.epochs),
        batch_size=None if given.batch_size is None else min(given.batch_size, len(rows.target)),
        shuffle=seed is not None,
        seed=seed,
        sample_weight=rows.weights,
        bias=bool(given.fit_intercept),
        dtype=features.dtype,
    )


def validation_of(training: Training, rows: EncodedRows) -> Validation:
    """The loss of rows held out of a training."""
    like = training.state.theta
    weights = None if rows.weights is None else torch.as_tensor(rows.weights).to(like)
    part = Batch(as_features(rows.features), torch.as_tensor(rows.target).to(like), weights)
    return Validation.of(training.plan, part)


def asked_watcher(given: NeuronParameters, training: Training, held: EncodedRows | None) -> Watcher | None:
    """Whoever ends the training where a loss stands still, and the checkpoint of both where one is asked for.

    Args:
        given: the parameters.
        training: that has not begun; where there is a checkpoint of it, it stands there then.
        held: the rows that early stopping watches, if any.

    Raises:
        InputError: chance that another call would not have, or what ``with_checkpoint`` refuses.
        RecordError: as ``with_checkpoint``.
    """
    validation = None if held is None else validation_of(training, held)
    longest = int(given.n_iter_no_change)
    watcher = watcher_of(training, tol=given.tol, longest=longest, validation=validation)
    check_place(given.checkpoint, given.checkpoint_every)
    if given.checkpoint is None:
        return watcher
    if held is not None or training.plan.seeds:
        refuse_unseeded(given.random_state)
    with_checkpoint(training, given.checkpoint, every=given.checkpoint_every, watcher=watcher)
    return watcher


def refuse_unseeded(random_state: Any) -> None:
    """Refuse chance beside a checkpoint that another call would not have.

    Raises:
        InputError: nobody gave it.
    """
    if random_state is None:
        raise InputError(
            "random_state must be a whole number beside a checkpoint, got None: rows that are shuffled or "
            "held out by chance would be others in the call that goes on; give random_state=0",
            code="checkpoint.random_state",
        )


def asked_stream(given: NeuronParameters, columns: int) -> Stream:
    """What the trainings on pieces have in common."""
    neuron = asked_neuron(given)
    asked = AUTO if given.learning_rate is None else given.learning_rate
    # Second derivatives of a piece alone would throw away what was learned from those before it.
    rule = PLAIN_RULE if is_auto(given.optimizer) else given.optimizer
    rate = as_rate(asked, torch.float64, columns + neuron.bias, optimizer=rule, steps=None)
    size = None if given.batch_size is None else as_count(given.batch_size, "batch_size", least=1)
    return Stream(neuron, *as_rule(rule, rate), size)


def makes_stream(given: NeuronParameters, columns: int) -> tuple[Any, ...]:
    """All that ``asked_stream`` depends on: the same objects make the same stream."""
    of_neuron = (given.loss, given.penalty, given.alpha, given.fit_intercept, columns)
    return (*of_neuron, given.optimizer, given.learning_rate, given.batch_size)


def stream_of(model: Any, columns: int) -> Stream:
    """The parts of ``partial_fit``, made again only where a parameter is another one than last time."""
    asked = makes_stream(model, columns)
    known: Any = getattr(model, "_stream", None)
    if known is None or not all(one is other for one, other in zip(known[0], asked, strict=True)):
        known = model._stream = asked, asked_stream(model, columns)
    stream: Stream = known[1]
    return stream
