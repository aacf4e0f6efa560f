"""Random settings of everything against a plain loop in NumPy, which shares no line with the package."""

# ruff: noqa: ARG001 - every rule is called alike, and not all need the memory or the number of the step

import random

import numpy as np
import pytest
import scipy.sparse
import torch

from soloneuron import fit
from soloneuron.formulas.penalties import L1, L2, ElasticNet
from tolerances import ENGINES

EPOCHS = 3


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def focal(z, y):
    def one(z):
        p, q = sigmoid(z), sigmoid(-z)
        cost = np.log1p(np.exp(-z))
        return q**2 * cost, -(q**2) * (2 * p * cost + q)

    (a, da), (b, db) = one(z), one(-z)
    return y * a + (1 - y) * b, y * da - (1 - y) * db


def huber(z, y):
    p = sigmoid(z)
    e, s = np.abs(p - y), np.sign(p - y)
    return np.where(e <= 0.5, e * e / 2, 0.5 * (e - 0.25)), np.minimum(e, 0.5) * s * p * (1 - p)


LOSSES = {
    "nll": lambda z, y: (np.logaddexp(0, z) - y * z, sigmoid(z) - y),
    "mse": lambda z, y: ((sigmoid(z) - y) ** 2, 2 * (sigmoid(z) - y) * sigmoid(z) * sigmoid(-z)),
    "mae": lambda z, y: (np.abs(sigmoid(z) - y), (1 - 2 * y) * sigmoid(z) * sigmoid(-z)),
    "huber": huber,
    "focal": focal,
    "hinge": lambda z, y: (np.maximum(0, 1 - (2 * y - 1) * z), np.where((2 * y - 1) * z < 1, 1 - 2 * y, 0)),
    "squared_hinge": lambda z, y: (
        np.maximum(0, 1 - (2 * y - 1) * z) ** 2,
        2 * (1 - 2 * y) * np.maximum(0, 1 - (2 * y - 1) * z),
    ),
    "exponential": lambda z, y: (np.exp((1 - 2 * y) * z), (1 - 2 * y) * np.exp((1 - 2 * y) * z)),
}

PENALTIES = {
    L1: lambda w, a: (a * np.abs(w).sum(), a * np.sign(w)),
    L2: lambda w, a: (a / 2 * (w @ w), a * w),
    ElasticNet: lambda w, a: (
        a * (0.15 * np.abs(w).sum() + 0.85 / 2 * (w @ w)),
        a * (0.15 * np.sign(w) + 0.85 * w),
    ),
}


def gradient_descent(m, g, t, rate):
    return rate * g


def momentum(m, g, t, rate):
    m["v"] = g if t == 1 else 0.9 * m["v"] + g
    return rate * m["v"]


def nesterov(m, g, t, rate):
    m["v"] = 0.9 * m.get("v", 0) + g
    return rate * (g + 0.9 * m["v"])


def adagrad(m, g, t, rate):
    m["s"] = m.get("s", 0) + g * g
    return rate * g / (np.sqrt(m["s"]) + 1e-10)


def rmsprop(m, g, t, rate):
    m["v"] = 0.99 * m.get("v", 0) + 0.01 * g * g
    return rate * g / (np.sqrt(m["v"]) + 1e-8)


def adadelta(m, g, t, rate):
    m["e"] = 0.9 * m.get("e", 0) + 0.1 * g * g
    d = np.sqrt(m.get("d", 0) + 1e-6) / np.sqrt(m["e"] + 1e-6) * g
    m["d"] = 0.9 * m.get("d", 0) + 0.1 * d * d
    return rate * d


def adam(m, g, t, rate):
    m["m"] = 0.9 * m.get("m", 0) + 0.1 * g
    m["v"] = 0.999 * m.get("v", 0) + 0.001 * g * g
    return rate * m["m"] / (1 - 0.9**t) / (np.sqrt(m["v"] / (1 - 0.999**t)) + 1e-8)


def adamax(m, g, t, rate):
    m["m"] = 0.9 * m.get("m", 0) + 0.1 * g
    m["u"] = np.maximum(0.999 * m.get("u", 0), np.abs(g) + 1e-8)
    return rate / (1 - 0.9**t) * m["m"] / m["u"]


def amsgrad(m, g, t, rate):
    m["m"] = 0.9 * m.get("m", 0) + 0.1 * g
    m["v"] = 0.999 * m.get("v", 0) + 0.001 * g * g
    m["most"] = np.maximum(m.get("most", 0), m["v"])
    return rate * m["m"] / (1 - 0.9**t) / (np.sqrt(m["most"] / (1 - 0.999**t)) + 1e-8)


def lion(m, g, t, rate):
    step = rate * np.sign(0.9 * m.get("m", 0) + 0.1 * g)
    m["m"] = 0.99 * m.get("m", 0) + 0.01 * g
    return step


RULES = (gradient_descent, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamax, amsgrad, lion)


def drawn(seed):
    """Rows and settings of one training."""
    pick, dice = random.Random(seed), np.random.default_rng(seed)
    n, d = pick.randint(2, 40), pick.randint(1, 30)
    X = dice.standard_normal((n, d)) / d**0.5
    layout = pick.choice(["dense", "dense", "sparse"])
    if layout == "sparse":
        X *= dice.random((n, d)) < 0.4
    loss = pick.choice(list(LOSSES))
    soft = loss in {"nll", "mse", "focal"} and pick.random() < 0.3
    y = dice.random(n) if soft else (dice.random(n) < 0.5).astype(float)
    weights = dice.random(n) + 0.1 if pick.random() < 0.4 else None
    penalty = pick.choice([None, *PENALTIES])
    return {
        "X": X,
        "y": y,
        "layout": layout,
        "loss": loss,
        "weights": weights,
        "classes": pick.choice([None, (1.0, 3.0)]) if not soft else None,
        "penalty": penalty,
        "strength": 0.05,
        "batch": pick.choice([n, 1, 4, 7]),
        "rule": pick.choice(RULES),
        "rate": pick.choice([0.01, 0.1]),
        "bias": pick.random() < 0.8,
        "summed": pick.random() < 0.2,
        "start": dice.standard_normal(d + 1) / 4,
    }


def reference(s):
    """The losses of the epochs and theta after them, row by row and batch by batch."""
    X = np.hstack([s["X"], np.ones((len(s["X"]), 1))]) if s["bias"] else s["X"]
    d, n = s["X"].shape[1], len(X)
    theta, memory, t, losses = s["start"][: X.shape[1]].copy(), {}, 0, []
    weights = np.ones(n) if s["weights"] is None else s["weights"].copy()
    if s["classes"]:
        weights *= np.where(s["y"] == 1, s["classes"][1], s["classes"][0])
    mean = weights.mean()
    weights /= mean
    for _ in range(EPOCHS):
        total = 0.0
        for start in range(0, n, s["batch"]):
            A, y, w = (part[start : start + s["batch"]] for part in (X, s["y"], weights))
            cost, slope = LOSSES[s["loss"]](A @ theta, y)
            value, g = (w * cost).mean(), A.T @ (w * slope) / len(A)
            if s["penalty"]:
                more, bend = PENALTIES[s["penalty"]](theta[:d], s["strength"])
                value, g[:d] = value + more, g[:d] + bend
            total += value * len(A)
            t += 1
            scale = len(A) * mean if s["summed"] else 1.0
            theta = theta - s["rule"](memory, g * scale, t, s["rate"])
        losses.append(total / n)
    return np.array(losses), theta


def trained(s):
    return fit(
        scipy.sparse.csr_matrix(s["X"]) if s["layout"] == "sparse" else s["X"],
        s["y"],
        initial=s["start"][: s["X"].shape[1] + s["bias"]],
        loss=s["loss"],
        penalty=s["penalty"] and s["penalty"](s["strength"]),
        optimizer=s["rule"].__name__,
        learning_rate=s["rate"],
        epochs=EPOCHS,
        batch_size=min(s["batch"], len(s["X"])),
        sample_weight=s["weights"],
        class_weight=s["classes"] and dict(enumerate(s["classes"])),
        reduction="sum" if s["summed"] else "mean",
        bias=s["bias"],
        dtype=torch.float64,
    )


def assert_as_the_reference(seed):
    setting = drawn(seed)
    losses, theta = reference(setting)
    run = trained(setting)
    np.testing.assert_allclose(run.loss.numpy(), losses, rtol=ENGINES, atol=ENGINES)
    np.testing.assert_allclose(run.theta[-1].numpy(), theta, rtol=ENGINES, atol=ENGINES)


@pytest.mark.parametrize("seed", range(12))
def test_a_few_random_settings_are_a_plain_loop(seed):
    assert_as_the_reference(seed)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_five_hundred_random_settings_are_a_plain_loop(part):
    for seed in range(100 + 50 * part, 150 + 50 * part):
        assert_as_the_reference(seed)
