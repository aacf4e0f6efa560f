"""Separability against linear programming."""

import numpy as np
import pytest
from scipy.optimize import linprog

from soloneuron import prepare
from soloneuron.training.separability import separable


def by_linear_programming(X, y):
    """An oracle: is there a theta with (2y - 1) A theta >= 1 in every row?"""
    A = np.hstack([X, np.ones((len(X), 1))]) * (2 * y - 1)[:, None]
    return linprog(np.zeros(A.shape[1]), A_ub=-A, b_ub=-np.ones(len(A)), bounds=(None, None)).status == 0


@pytest.mark.parametrize("seed", range(60))
def test_the_answer_is_that_of_linear_programming(seed):
    dice = np.random.default_rng(seed)
    n, d = int(dice.integers(3, 25)), int(dice.integers(1, 6))
    X = dice.normal(size=(n, d)) * 10.0 ** dice.integers(-3, 4, size=d)
    z = (X / np.abs(X).max(0)).sum(1)
    y = (z + dice.choice([0.0, 0.5]) * dice.normal(size=n) > 0).astype(float)
    assert separable(prepare((X, y), epochs=0).plan) == by_linear_programming(X, y)
