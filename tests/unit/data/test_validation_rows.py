"""Rows held out for early stopping: drawn by their content, so that a weight is a number of copies."""

import numpy as np
import pytest

from soloneuron.data.validation_rows import validation_rows

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
Y = (np.arange(60) % 3 == 0).astype(float)
WEIGHTS = RNG.integers(0, 4, 60)


def test_a_row_of_weight_two_is_held_out_as_the_row_twice_is():
    copies, labels = X.repeat(WEIGHTS, axis=0), Y.repeat(WEIGHTS)
    for seed in range(5):
        weighted = validation_rows(X, Y, WEIGHTS.astype(float), 0.25, seed=seed)
        repeated = validation_rows(copies, labels, None, 0.25, seed=seed)
        assert np.array_equal(weighted.repeat(WEIGHTS), repeated)


def test_the_order_of_rows_does_not_matter_and_the_seed_does():
    order = RNG.permutation(60)
    held = validation_rows(X, Y, None, 0.25, seed=1)
    assert np.array_equal(validation_rows(X[order], Y[order], None, 0.25, seed=1), held[order])
    assert not np.array_equal(validation_rows(X, Y, None, 0.25, seed=2), held)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_each_class_gives_its_share(share):
    many, labels = RNG.normal(size=(4000, 2)), (np.arange(4000) % 4 == 0).astype(float)
    held = validation_rows(many, labels, None, share, seed=0)
    for label in (0, 1):
        assert held[labels == label].mean() == pytest.approx(share, abs=2 / 1000)


def test_a_class_with_two_different_rows_has_rows_on_both_sides_and_a_single_row_is_learned():
    rows = np.array([[0.0], [1.0], [2.0], [2.0]])
    held = validation_rows(rows, np.array([0.0, 0.0, 1.0, 1.0]), None, 0.01, seed=0)
    assert held[:2].sum() == 1
    assert not held[2:].any()


def test_minus_zero_is_zero():
    held = validation_rows(np.array([[0.0], [-0.0], [1.0]]), np.zeros(3), None, 0.5, seed=0)
    assert held[0] == held[1]
