"""The public calls that ``neuron.py`` times, each set up in a process of its own."""

from __future__ import annotations

import numpy as np
import torch

from soloneuron import NeuronClassifier, NeuronClassifierCV, fit, sweep, train_neuron
from soloneuron.data.assignment import assignment_data
from soloneuron.optimizers import LBFGS
from soloneuron.training.prepare import prepare

from neuron_data import loss, rows, sparse_rows
from processes import Prepared, fewest


def _tensors(n: int, d: int, dtype: str = "float32") -> tuple[torch.Tensor, torch.Tensor]:
    X, y = rows(n, d, dtype)
    return torch.from_numpy(X), torch.from_numpy(y)


def _settings(n: int, weighted: bool, settings: dict) -> dict:
    given = {"sample_weight": np.random.default_rng(1).uniform(0.5, 1.5, n)} if weighted else {}
    return {"learning_rate": 0.1, **given, **settings}


def whole(n: int, d: int, *, weighted: bool = False, **settings: object) -> Prepared:
    """A call of ``fit``."""
    (X, y), settings = _tensors(n, d), _settings(n, weighted, settings)
    return Prepared(lambda: fit(X, y, **settings))


def epoch(
    n: int, d: int, between: tuple[int, int], *, units: int = 1, weighted: bool = False, **settings: object
) -> Prepared:
    """An epoch of ``fit``: the difference of two calls."""
    (X, y), settings = _tensors(n, d), _settings(n, weighted, settings)
    return Prepared(
        lambda epochs: fit(X, y, epochs=epochs, record_every=epochs, **settings),
        between=tuple(between),
        units=units,
    )


def engine(n: int, d: int, epochs: int, *, units: int = 1, **settings: object) -> Prepared:
    """What is below the call: the engine of a training that is prepared, recording nothing."""
    (X, y), settings = _tensors(n, d), _settings(n, False, settings)
    training = prepare((X, y), epochs=10**9, record_every=10**9, dtype=X.dtype, **settings)
    return Prepared(lambda: training._engine.advance(training.state, epochs), units=units)


def five_points(batch_size: int | None) -> Prepared:
    """``train_neuron`` on the points of the assignment, from lists; 100 epochs."""
    data = assignment_data()
    X, y = data.features.tolist(), data.labels.tolist()
    return Prepared(lambda: train_neuron(X, y, [0.1, -0.2], 0.0, 0.1, 100, batch_size=batch_size))


def rates(count: int) -> Prepared:
    """``sweep`` over learning rates on the points of the assignment."""
    data = assignment_data()
    values = np.linspace(0.001, 1.0, count).tolist()
    return Prepared(lambda: sweep(data, learning_rate=values, epochs=100, batch_size=1))


def classifier(
    n: int,
    d: int,
    *,
    dtype: str = "float64",
    unequal: bool = False,
    optimum: float | None = None,
    within: float = 0.0,
    fewer: bool = False,
    **settings: object,
) -> Prepared:
    """``NeuronClassifier.fit``; where an optimum is given it must arrive there."""
    X, y = rows(n, d, dtype, unequal=unequal)
    return _arriving(X, y, optimum, within, fewer, settings)


def sparse_classifier(*, optimum: float, within: float, l2: float, fewer: bool = False) -> Prepared:
    """The same on sparse rows with an L2 penalty."""
    X, y = sparse_rows()
    return _arriving(X, y, optimum, within, fewer, {"penalty": "l2", "alpha": l2}, l2)


def _arriving(X, y, optimum, within, fewer, settings, l2=0.0) -> Prepared:
    def train(**more):
        return NeuronClassifier(**settings, **more).fit(X, y)

    def value(model):
        return loss(X, y, model.coef_, model.intercept_, l2)

    if optimum is None:
        return Prepared(train)
    goal, chosen = optimum * (1 + within), {}
    model = train()
    if fewer:
        # An update of L-BFGS is a whole search of many directions: these are what is counted there.
        def cut(count):
            if model.optimizer_ == "lbfgs":
                return {"epochs": 1, "optimizer": LBFGS(iterations=count, evaluations=10 * count)}
            return {"epochs": count}

        count = fewest(lambda count: value(train(**cut(count))), goal)
        if count is None:
            return Prepared(train, arrived=False)
        chosen = cut(count)
        model = train(**chosen)
    excess = value(model) / optimum - 1
    found = {"iterations": count if fewer else model.n_iter_, "excess": excess}
    return Prepared(lambda: train(**chosen), found=lambda: found, arrived=excess <= within)


def sparse_epoch(between: tuple[int, int]) -> Prepared:
    """A full-batch epoch of ``fit`` on sparse rows."""
    X, y = sparse_rows()
    return Prepared(
        lambda epochs: fit(X, y, epochs=epochs, record_every=epochs, learning_rate=0.1),
        between=tuple(between),
    )


def five_points_classifier() -> Prepared:
    data = assignment_data()
    X, y = data.features.numpy(), data.labels.numpy()
    return Prepared(lambda: NeuronClassifier().fit(X, y))


def partial_fit(n: int, d: int, batch: int | None = None) -> Prepared:
    """A call on all rows, or on each batch of a new order."""
    X, y = rows(n, d, "float64" if batch is None else "float32")
    model = NeuronClassifier().partial_fit(X, y, classes=[0, 1])
    return Prepared(lambda: model.partial_fit(X, y))


def cross_validated(n: int, d: int, count: int, folds: int, batch_size: int, epochs: int) -> Prepared:
    """``NeuronClassifierCV`` over learning rates; finds the log loss on ten times as many new rows."""
    X, y = rows(11 * n, d, "float64")
    model = NeuronClassifierCV(
        learning_rates=np.logspace(-4, 1, count),
        cv=folds,
        batch_size=batch_size,
        epochs=epochs,
        scoring="neg_log_loss",
        random_state=0,
    )
    return Prepared(
        lambda: model.fit(X[:n], y[:n]),
        found=lambda: {"held out": loss(X[n:], y[n:], model.coef_, model.intercept_)},
    )


def probabilities(n: int, d: int) -> Prepared:
    X, y = rows(n, d)
    model = NeuronClassifier().fit(X[:1000], y[:1000])
    return Prepared(lambda: model.predict_proba(X))


def memory(n: int, d: int, epochs: int) -> Prepared:
    """What a call of ``fit`` adds to the memory at its worst; Linux."""
    X, y = _tensors(n, d)
    fit(X[:1000], y[:1000], epochs=epochs)
    size = (X.numel() + y.numel()) * X.element_size() / 1e6
    with open("/proc/self/clear_refs", "w") as counters:
        counters.write("5")
    before = _megabytes("VmRSS")
    fit(X, y, epochs=epochs)
    added = _megabytes("VmHWM") - before
    return Prepared(lambda: None, found=lambda: {"added": added, "data": size})


def _megabytes(name: str) -> float:
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(name))
