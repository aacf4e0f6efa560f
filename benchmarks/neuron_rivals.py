"""One neuron as others train it: the rivals of ``neuron.py``.

torch is imported late: joblib's processes import this file and need none of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import SGDClassifier

from harness import Work

if TYPE_CHECKING:
    import torch


class Linear:
    """The rival as people write it: torch.nn.Linear, BCEWithLogitsLoss, autograd, torch.optim.SGD."""

    def __init__(self, d: int, rate: float, dtype: torch.dtype | None = None) -> None:
        import torch

        self.model = torch.nn.Linear(d, 1, dtype=dtype)
        self.loss = torch.nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=rate)

    def step(self, X: torch.Tensor, y: torch.Tensor) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(X)[:, 0], y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def sklearn(rate: float = 0.1, **settings: object) -> SGDClassifier:
    """scikit-learn's neuron at a constant rate."""
    return SGDClassifier(loss="log_loss", penalty=None, learning_rate="constant", eta0=rate, **settings)


def sklearn_run(X: np.ndarray, y: np.ndarray, rate: float) -> np.ndarray:
    """100 epochs per-sample; at the top of a module, so that joblib's processes find it."""
    return sklearn(rate, shuffle=False, max_iter=100, tol=None).fit(X, y).coef_


def jax_epochs(X: torch.Tensor, y: torch.Tensor, epochs: int) -> Work:
    """Full-batch epochs of a step that JAX has compiled."""
    import jax
    import jax.numpy as jnp

    Xj, yj = jnp.asarray(X.numpy()), jnp.asarray(y.numpy())

    def cost(theta):
        z = Xj @ theta[:-1] + theta[-1]
        return jnp.mean(jnp.logaddexp(0.0, z) - yj * z)

    @jax.jit
    def step(theta):
        value, gradient = jax.value_and_grad(cost)(theta)
        return theta - 0.1 * gradient, value

    def work():
        theta = jnp.zeros(X.shape[1] + 1)
        for _ in range(epochs):
            theta, _ = step(theta)
        return theta.block_until_ready()

    return work


def numba_sweep(X: np.ndarray, y: np.ndarray, rates: np.ndarray) -> Work:
    """100 per-sample epochs at every rate, as a loop that numba has compiled."""
    import numba

    @numba.njit
    def train(A, theta, rates, losses):
        for run in range(len(rates)):
            for epoch in range(losses.shape[1]):
                total = 0.0
                for i in range(A.shape[0]):
                    t = 0.0
                    for j in range(A.shape[1]):
                        t += A[i, j] * theta[run, j]
                    e = math.exp(-abs(t))
                    total += max(t, 0.0) + math.log1p(e)
                    r = 1.0 / (1.0 + e) if t > 0 else e / (1.0 + e)
                    for j in range(A.shape[1]):
                        theta[run, j] -= rates[run] * r * A[i, j]
                losses[run, epoch] = total / A.shape[0]

    n, d = X.shape
    A = (1 - 2 * y[:, None]) * np.hstack([X, np.ones((n, 1))])
    return lambda: train(A, np.zeros((len(rates), d + 1)), rates, np.zeros((len(rates), 100)))
