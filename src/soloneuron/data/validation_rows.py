"""Rows held out for early stopping, drawn by what stands in them."""

from __future__ import annotations

from typing import Any

import numpy as np

HASHED_AT_ONCE = 65_536


def validation_rows(
    X: Any, y: np.ndarray, weights: np.ndarray | None, share: float, *, seed: int
) -> np.ndarray:
    """Which rows are held out: about a share of the weight of each class, by chance.

    Equal rows stay together, on one side or the other: what is held out is not learned in the shape of a
    copy, a row of weight 2 is treated as the row twice, and the order of the rows does not matter.

    Args:
        X: (n, d) finite numbers, also in compressed sparse rows.
        y: (n,) labels 0 and 1.
        weights: (n,) numbers >= 0, or None for equal ones.
        share: of the weight, in (0, 1).
        seed: of the chance.

    Returns:
        (n,) bool. A class with two different rows or more has rows on both sides; one with a single row is
        learned.

    Example:
        >>> X = np.array([[0.0], [1.0], [1.0], [2.0], [3.0]])
        >>> held = validation_rows(X, np.array([0.0, 0.0, 0.0, 1.0, 1.0]), None, 0.5, seed=0)
        >>> bool(held[1] == held[2]), int(held[3:].sum())
        (True, 1)
    """
    held = np.zeros(len(y), dtype=bool)
    draws = row_draws(X, seed)
    s = np.ones(len(y)) if weights is None else weights
    for label in (0.0, 1.0):
        rows = np.flatnonzero((y == label) & (s > 0))
        # Of each different row its draw and all its weight, in the order of the draws.
        kinds, kind = np.unique(draws[rows], return_inverse=True)
        if len(kinds) > 1:
            before = np.cumsum(np.bincount(kind, s[rows])) - np.bincount(kind, s[rows]) / 2
            taken = before <= share * s[rows].sum()
            # One on each side at the least.
            taken[0], taken[-1] = True, False
            held[rows] = taken[kind]
    return held


def row_draws(X: Any, seed: int) -> np.ndarray:
    """A random whole number for each row (n,), the same for equal rows.

    Formula: the sum of bits(x_j) c_j modulo 2^64 with odd random c_j, mixed by the finalizer of SplitMix64.
    """
    factors = np.random.default_rng(seed).integers(0, 2**63, X.shape[1] + 1, dtype=np.uint64) * 2 + 1
    if not isinstance(X, np.ndarray):
        return mixed(_stored_sums(X, factors[:-1]) + factors[-1])
    draws = np.empty(len(X), dtype=np.uint64)
    for start in range(0, len(X), HASHED_AT_ONCE):
        # Adding 0 makes -0 and 0 the same bits.
        bits = (X[start : start + HASHED_AT_ONCE].astype(np.float64) + 0.0).view(np.uint64)
        draws[start : start + HASHED_AT_ONCE] = (mixed(bits) * factors[:-1]).sum(
            1, dtype=np.uint64
        ) + factors[-1]
    return mixed(draws)


def _stored_sums(X: Any, factors: np.ndarray) -> np.ndarray:
    """The same sums over what sparse rows store: a 0 is mixed to 0 and adds nothing."""
    words = mixed((X.data.astype(np.float64) + 0.0).view(np.uint64)) * factors[X.indices]
    # Sums from the start wrap round alike, so that their differences are the rows' own.
    ends = np.concatenate([np.zeros(1, np.uint64), words.cumsum(dtype=np.uint64)])[X.indptr]
    return np.asarray(np.diff(ends))


def mixed(words: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64: every bit depends on every bit."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(words ^ (words >> np.uint64(31)))
