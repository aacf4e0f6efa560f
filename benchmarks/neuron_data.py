"""Rows for ``neuron.py``, the same in every process, and what it is to arrive on them. NumPy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse

ARRIVED = 1e-4
"""Share of the optimum by which a loss may be above it."""


def rows(n: int, d: int, dtype: str = "float32", *, unequal: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Normal features of length about 1 and noisy labels.

    Args:
        n: rows.
        d: columns.
        dtype: of the features.
        unequal: columns of sizes from 1e-3 to 1e3, with the same labels and so the same optimum.
    """
    generator = np.random.default_rng(n + d)
    X = generator.standard_normal((n, d), dtype=np.float32)
    X /= np.float32(d**0.5)
    y = (X.sum(1) + 0.5 * generator.standard_normal(n, dtype=np.float32)) > 0
    X = X.astype(dtype, copy=False)
    if unequal:
        X *= np.logspace(-3, 3, d, dtype=dtype)
    return X, y.astype(dtype)


def sparse_rows(n: int = 100_000, d: int = 100_000) -> tuple[scipy.sparse.csr_matrix, np.ndarray]:
    """Compressed rows in float64, 33 MB: columns are as rare as words, the k-th is met n / k times or so."""
    import scipy.sparse

    generator, filled = np.random.default_rng(n), 30
    columns = np.floor(d ** generator.random(n * filled)).astype(np.int32) - 1
    values = np.full(n * filled, filled**-0.5)
    starts = np.arange(0, n * filled + 1, filled, dtype=np.int32)
    X = scipy.sparse.csr_matrix((values, columns, starts), shape=(n, d))
    X.sum_duplicates()
    z = X @ generator.standard_normal(d) + 0.5 * generator.standard_normal(n)
    return X, (z > np.median(z)).astype(float)


def loss(X: np.ndarray, y: np.ndarray, coef: np.ndarray, intercept: float, l2: float = 0.0) -> float:
    """The mean negative log-likelihood and l2/2 |w|^2, in float64."""
    coef = np.asarray(coef, dtype=np.float64).ravel()
    z = X @ coef + float(np.ravel(intercept)[0])
    return float(np.mean(np.logaddexp(0.0, z) - y * z) + l2 / 2 * coef @ coef)


def optimum(n: int, d: int) -> float:
    """The least loss on ``rows(n, d)``: Newton's method in float64 until nothing is gained."""
    X, y = rows(n, d, "float64")
    A = np.hstack([X, np.ones((n, 1))])
    theta, best = np.zeros(d + 1), np.inf
    for _ in range(50):
        p = 1 / (1 + np.exp(-(A @ theta)))
        theta = theta - np.linalg.solve((A * (p * (1 - p))[:, None]).T @ A, A.T @ (p - y))
        value = loss(X, y, theta[:-1], theta[-1])
        if not value < best - 1e-12:
            return min(value, best)
        best = value
    raise RuntimeError(f"no optimum on rows ({n}, {d})")
