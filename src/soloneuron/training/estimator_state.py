"""Where an estimator stands: its ``coef_`` and ``intercept_`` as one theta, and what its rule remembers."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning

from soloneuron.data.arrays import as_features
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.state import OptimizerState
from soloneuron.shapes import RowWeights, Theta
from soloneuron.training.plan import State
from soloneuron.training.session import Training


def theta_of(model: Any) -> np.ndarray:
    """theta (k,) of a fitted estimator."""
    return np.concatenate([model.coef_[0], model.intercept_]) if model.fit_intercept else model.coef_[0]


def stand_at(model: Any, theta: np.ndarray) -> None:
    """Give an estimator the ``coef_`` and ``intercept_`` of theta (k,).

    Example:
        >>> from soloneuron import NeuronClassifier
        >>> model = NeuronClassifier()
        >>> stand_at(model, np.array([1.0, 2.0, 3.0]))
        >>> model.coef_.tolist(), model.intercept_.tolist(), theta_of(model).tolist()
        ([[1.0, 2.0]], [3.0], [1.0, 2.0, 3.0])
    """
    model.coef_ = theta[None, : len(theta) - bool(model.fit_intercept)].copy()
    model.intercept_ = theta[-1:].copy() if model.fit_intercept else np.zeros(1, dtype=theta.dtype)


def keep_state(model: Any, state: State) -> None:
    """Let an estimator stand where a training has ended, and remember what its rule does."""
    stand_at(model, state.theta.numpy())
    model._memory = state.memory


def last_theta(model: Any) -> np.ndarray | None:
    """Where the last training of an estimator ended, with ``warm_start``."""
    return theta_of(model) if model.warm_start and hasattr(model, "coef_") else None


def with_memory(model: Any, training: Training) -> Training:
    """A training that began at ``last_theta``, with what the last one remembers."""
    if model.warm_start and hasattr(model, "coef_"):
        memory = memory_for(model, training.plan.optimizer, training.state.theta)
        training.state = training.state._replace(memory=memory)
    return training


def memory_for(model: Any, rule: Optimizer, theta: Theta) -> OptimizerState | None:
    """What the last fit remembers, if it was by the same method and in the same dtype."""
    memory: OptimizerState | None = model._memory
    known = memory is not None and memory.method == rule.name
    return memory if known and torch.from_numpy(model.coef_).dtype == theta.dtype else None


def start_of_stream(model: Any, rule: Optimizer, X: Any) -> State:
    """Where an estimator stands before a piece of rows: at weights of 0 before its first."""
    if hasattr(model, "coef_"):
        theta = torch.from_numpy(theta_of(model))
        return State(0, theta, memory_for(model, rule, theta))
    return State(0, torch.zeros(X.shape[1] + bool(model.fit_intercept), dtype=as_features(X[:1]).dtype))


def fitted_theta(task: tuple[Any, Any, np.ndarray, RowWeights | None, Any]) -> np.ndarray:
    """theta (k,) of an estimator after its fit on some of the rows.

    Args:
        task: the estimator; X (n, d), y (n,) and what each row counts, (n,) or None; which rows it trains on.
    """
    model, X, y, weights, train = task
    weight = None if weights is None else weights.numpy()[train]
    with warnings.catch_warnings():
        # The grid holds settings that are meant to be too weak or too strong.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return theta_of(model.fit(X[train], y[train], weight))
