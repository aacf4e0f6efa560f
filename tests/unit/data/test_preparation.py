"""A part held out, columns brought to one scale, a sample of many rows."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.data.preparation import (
    differing_sizes,
    hold_out,
    measure_scaling,
    own_units,
    sample,
    standardize,
    whiten,
)
from soloneuron.data.synthetic import make_correlated
from soloneuron.errors import InputError, InputWarning
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import Scaling

HARDLY = 1e-12
"""Sums of a few hundred numbers in another order: roundings of 1e-16, and room."""


def numbered(zeros, ones):
    """A data set whose only feature is the row's number."""
    rows = zeros + ones
    features = torch.arange(rows, dtype=torch.float64)[:, None]
    labels = torch.zeros(rows, dtype=torch.float64)
    labels[torch.randperm(rows, generator=torch.Generator().manual_seed(3))[:ones]] = 1.0
    return Dataset(features=features, labels=labels, feature_names=("row",), name="numbers")


@given(st.integers(3, 60), st.integers(3, 60), st.floats(0.25, 0.75), st.integers(0, 9))
def test_every_row_is_in_one_part_and_each_class_in_proportion(zeros, ones, share, seed):
    data = numbered(zeros, ones)
    parts = hold_out(data, share, seed=seed)
    rows = [part.features[:, 0].tolist() for part in parts]
    assert sorted(rows[0] + rows[1]) == data.features[:, 0].tolist()
    assert all(part == sorted(part) for part in rows)
    test = parts[1].labels
    for label in (0, 1):
        count = int((data.labels == label).sum())
        assert int((test == label).sum()) == round(share * count)
    for part in parts:
        assert torch.equal(data.labels[part.features[:, 0].long()], part.labels)
        assert (part.feature_names, part.name) == (("row",), "numbers")


def test_the_split_is_a_matter_of_the_seed_alone():
    data = numbered(30, 30)
    before = torch.get_rng_state()
    one, again, other = (hold_out(data, 0.5, seed=seed)[1].features for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_rows_held_out_are_not_just_the_first_or_the_last():
    held = hold_out(numbered(50, 50), 0.3, seed=0)[1].features[:, 0]
    assert held.min() < 30
    assert held.max() > 70


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, 1.5, float("nan"), float("inf")])
def test_a_share_outside_0_and_1_is_refused(share):
    with pytest.raises(InputError) as caught:
        hold_out(numbered(5, 5), share, seed=0)
    assert caught.value.code == "share.range"


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_a_share_that_leaves_a_part_empty_is_refused(share):
    with pytest.raises(InputError) as caught:
        hold_out(numbered(3, 3), share, seed=0)
    assert caught.value.code == "share.empty"


@pytest.mark.parametrize("seed", [0, 2**63, 2**64, 10**30])
def test_any_whole_number_is_a_seed_of_the_split(seed):
    assert len(hold_out(numbered(5, 5), 0.4, seed=seed)[1].labels) == 4


# Scaling


def table(values):
    X = torch.tensor(values, dtype=torch.float64)
    names = tuple(f"c{i}" for i in range(X.shape[1]))
    return Dataset(features=X, labels=torch.zeros(len(X), dtype=torch.float64), feature_names=names)


@given(st.integers(0, 100))
def test_standardized_columns_have_mean_0_and_deviation_1(seed):
    data = table((np.random.default_rng(seed).normal(size=(20, 3)) * [1, 100, 1e-3] + [0, 50, 7]).tolist())
    X = standardize(data.features, measure_scaling(data)).numpy()
    assert X.mean(0) == pytest.approx(np.zeros(3), abs=1e-9)
    assert X.std(0) == pytest.approx(np.ones(3), abs=1e-9)


def test_the_scaling_is_numpys_mean_and_deviation_of_all_rows():
    data = table([[1.0, 10.0], [2.0, 20.0], [6.0, 0.0]])
    scaling = measure_scaling(data)
    assert scaling.mean == pytest.approx(data.features.numpy().mean(0), abs=HARDLY)
    assert scaling.scale == pytest.approx(data.features.numpy().std(0), abs=HARDLY)


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, -1e-300, 1e9 + 0.1])
@pytest.mark.parametrize("rows", [1, 3, 7, 1000])
def test_a_column_of_one_value_keeps_its_size_with_a_warning(value, rows):
    data = table([[value, float(i)] for i in range(rows)])
    with pytest.warns(InputWarning, match="column 'c0' holds one value only"):
        scaling = measure_scaling(data)
    assert scaling.scale[0] == 1.0
    assert standardize(data.features, scaling)[:, 0].abs().max() <= abs(value) * 1e-15


@pytest.mark.parametrize("size", [1e200, 1e300, 1.7e308, 1e-200, 1e-300])
def test_a_column_of_any_size_is_standardized_like_one_of_size_1(size):
    plain = table([[math.sin(k)] for k in range(50)] + [[1.0], [-1.0]])
    sized = replace(plain, features=plain.features * size)
    one, other = (standardize(data.features, measure_scaling(data)) for data in (plain, sized))
    torch.testing.assert_close(one, other, rtol=0, atol=HARDLY)


@pytest.mark.parametrize("signs", [[1] + 8 * [-1], 3 * [1, -1]], ids=["one against eight", "half and half"])
def test_two_values_as_far_apart_as_numbers_reach_are_standardized(signs):
    X = table([[sign * 1.7976931348623157e308] for sign in signs]).features
    scaling = measure_scaling(table(X.tolist()))
    Z = standardize(X, scaling)
    assert all(np.isfinite([*scaling.mean, *scaling.scale]))
    assert [float(Z.mean()), float(Z.std(correction=0))] == pytest.approx([0, 1], abs=HARDLY)


@pytest.mark.parametrize(("low", "high"), [(1e15, 1e15 + 1), (1e16, 1e16 + 2), (-1e200, -1e200 + 2e184)])
def test_values_far_from_zero_with_little_between_them_stay_apart(low, high):
    scaling = measure_scaling(table(20 * [[low], [high]]))
    assert scaling.scale[0] == pytest.approx((high - low) / 2, rel=HARDLY)


def test_a_column_that_changes_by_the_least_number_there_is_is_scaled_by_it():
    data = table(49 * [[0.0]] + [[5e-324]])
    scaling = measure_scaling(data)
    assert scaling.scale[0] == 5e-324
    assert standardize(data.features, scaling).max() == 1.0


def test_without_a_scaling_nothing_is_touched():
    X = torch.ones(2, 2)
    assert standardize(X, None) is X


def test_scaling_subtracts_the_mean_and_divides_and_changes_nothing_in_place():
    X = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
    assert standardize(X, Scaling((0.5, 1.0), (2.0, 0.5))).tolist() == [[0.25, 2.0]]
    assert X.tolist() == [[1.0, 2.0]]


# Sample


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 5))
def test_a_sample_is_as_many_different_rows_in_their_order(rows, most, seed):
    data = numbered(rows, 0)
    kept = sample(data, most, seed=seed).features[:, 0].tolist()
    assert len(kept) == min(rows, most)
    assert kept == sorted(set(kept))
    assert set(kept) <= set(data.features[:, 0].tolist())


def test_whitened_columns_are_not_correlated_and_have_deviation_one():
    X = make_correlated(200, seed=3).features @ torch.tensor([[2.0, 0.3], [0.1, 5.0]], dtype=torch.float64)
    white = whiten(X)
    torch.testing.assert_close(white.T @ white / len(white), torch.eye(2, dtype=torch.float64))
    torch.testing.assert_close(white.mean(0), torch.zeros(2, dtype=torch.float64))


def test_a_whitened_row_is_a_linear_image_of_the_row():
    X = make_correlated(50, seed=3).features
    white = whiten(X)
    centered = X - X.mean(0)
    found = torch.linalg.lstsq(centered, white).solution
    torch.testing.assert_close(centered @ found, white)


def test_columns_that_follow_from_others_add_no_axis():
    X = make_correlated(50, seed=3).features
    assert whiten(torch.cat([X, X @ torch.tensor([[1.0], [-2.0]], dtype=torch.float64)], 1)).shape == (50, 2)


def test_few_rows_are_kept_as_they_are_and_many_by_chance():
    data = numbered(100, 0)
    assert sample(data, 100, seed=0) is data
    one, again, other = (sample(data, 10, seed=seed).features for seed in (0, 0, 1))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


@pytest.mark.parametrize(
    ("columns", "ratio", "places"),
    [
        ([[1.0, -300.0], [0.5, 100.0]], 300, (1, 0)),
        ([[1.0, 7e9, 50.0], [-2.0, 7e9, 3.0]], 25, (2, 0)),
        ([[5.0], [6.0]], 1, (0, 0)),
        ([[7.0, 1.0], [7.0, 2.0]], 1, (0, 0)),
        ([[0.0, 1e-300], [1e300, 0.0]], float("inf"), (0, 1)),
    ],
)
def test_sizes_of_columns_that_change_are_compared(columns, ratio, places):
    found, *where = differing_sizes(torch.tensor(columns, dtype=torch.float64))
    assert (found, tuple(where)) == (ratio, places)


def test_weights_in_own_units_give_the_same_sums():
    X = torch.tensor([[1.0, 2000.0], [3.0, 2010.0], [2.0, 2030.0]], dtype=torch.float64)
    scaling = measure_scaling(Dataset(X, torch.zeros(3), ("a", "b")))
    weights, bias = own_units([0.7, -1.3], 0.2, scaling)
    scaled = standardize(X, scaling) @ torch.tensor([0.7, -1.3], dtype=torch.float64) + 0.2
    torch.testing.assert_close(X @ torch.tensor(weights, dtype=torch.float64) + bias, scaled)
    assert own_units([0.7], 0.2, None) == ((0.7,), 0.2)
