"""The parameters of the estimators, held against what they must be, and the parts that they name."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from numbers import Integral, Real
from typing import Any, Protocol

import numpy as np
from sklearn.utils import check_random_state

from soloneuron.errors import InputError
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import as_penalty
from soloneuron.neuron import Neuron
from soloneuron.shapes import Features
from soloneuron.training.automatic import chosen_rule, is_auto
from soloneuron.training.counts import as_count, as_flag
from soloneuron.training.sharding.descriptions import description


class NeuronParameters(Protocol):
    """Whatever has the parameters of ``NeuronClassifier``, which says what they mean."""

    loss: Any
    optimizer: Any
    learning_rate: Any
    epochs: int
    batch_size: int | None
    penalty: Any
    alpha: float
    class_weight: Any
    fit_intercept: bool
    shuffle: bool | None
    early_stopping: bool
    validation_fraction: float
    n_iter_no_change: int
    tol: float | None
    random_state: Any
    warm_start: bool
    verbose: int
    checkpoint: Any
    checkpoint_every: int | None


def check_parameters(given: NeuronParameters) -> None:
    """Refuse what the checks of a training do not see.

    Raises:
        InputError: a parameter of another kind, or out of its range.
    """
    for name in ("epochs", "n_iter_no_change", "batch_size"):
        if name != "batch_size" or given.batch_size is not None:
            as_count(getattr(given, name), name, least=1)
    for name in ("fit_intercept", "shuffle", "early_stopping", "warm_start"):
        if name != "shuffle" or given.shuffle is not None:
            as_flag(getattr(given, name), name)
    if not isinstance(given.verbose, Integral) or given.verbose < 0:
        raise InputError(f"verbose must be 0 or 1, got {given.verbose!r}", code="verbose.type")
    if given.tol is not None and not (isinstance(given.tol, Real) and math.isfinite(given.tol)):
        raise InputError(f"tol must be a finite number or None, got {given.tol!r}", code="tol.type")
    if not (isinstance(given.alpha, Real) and 0 <= given.alpha < math.inf):
        raise InputError(f"alpha must be finite and >= 0, got {given.alpha!r}", code="alpha.range")
    if not (isinstance(given.validation_fraction, Real) and 0 < given.validation_fraction < 1):
        raise InputError(
            f"validation_fraction must be a number between 0 and 1, got {given.validation_fraction!r}",
            code="validation_fraction.range",
        )


def as_axis(name: str, values: Any, *, above: bool) -> tuple[float, ...] | None:
    """The numbers that a search tries.

    Args:
        name: what they are called.
        values: finite numbers, one or many; or None.
        above: whether they must be > 0; otherwise they are >= 0.

    Returns:
        The numbers; None where they were left out.

    Raises:
        InputError: none at all, or one that is out of range.

    Example:
        >>> as_axis("alphas", [0, 0.1], above=False)
        (0.0, 0.1)
    """
    if values is None:
        return None
    many = values.tolist() if hasattr(values, "tolist") else values
    many = list(many) if isinstance(many, Sequence) and not isinstance(many, str | bytes) else [many]
    if not many:
        raise InputError(f"{name} must have one value at least, got none", code=f"{name}.empty")
    for value in many:
        fine = isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(float(value))
        if not fine or not (value > 0 if above else value >= 0):
            raise InputError(
                f"{name} must be finite and {'>' if above else '>='} 0, got {value!r}", code=f"{name}.range"
            )
    return tuple(float(value) for value in many)


def asked_neuron(given: NeuronParameters) -> Neuron:
    """The neuron that the parameters describe."""
    penalty = as_penalty(given.penalty, given.alpha)
    return Neuron(as_loss(given.loss), penalty, bias=bool(given.fit_intercept))


def asked_rule(given: NeuronParameters, X: Features) -> Any:
    """The optimizer, or the name of the one that is chosen where that is left to the library."""
    if not is_auto(given.optimizer):
        return given.optimizer
    of_descent = {name: getattr(given, name) for name in ("learning_rate", "batch_size", "shuffle")}
    return chosen_rule(asked_neuron(given), X, **of_descent)


def parameter_facts(estimator: Any, *, without: Collection[str]) -> dict[str, str]:
    """The parameters of an estimator by name, in words that are the same for the same parameters alone.

    Args:
        estimator: of scikit-learn's kind.
        without: the names of those that do not matter.
    """
    asked = estimator.get_params(deep=False)
    if not isinstance(estimator.random_state, int | None):
        asked["random_state"] = check_random_state(estimator.random_state).get_state()
    return {name: description(asked[name]) for name in asked if name not in without}
