"""The data sets in the plane."""

import math

import pytest
import torch

from soloneuron.data.planar import PLANAR, make_planar, strays


@pytest.mark.parametrize("name", list(PLANAR))
def test_a_seed_makes_the_same_points_again_and_both_classes(name):
    one, two = make_planar(name, seed=5), make_planar(name, seed=5)
    assert torch.equal(one.features, two.features)
    assert one.features.dtype == torch.float64
    assert set(one.labels.tolist()) == {0.0, 1.0}
    assert one.name == name


@pytest.mark.parametrize("name", [name for name in PLANAR if name != "assignment"])
def test_another_seed_makes_other_points(name):
    assert not torch.equal(make_planar(name, seed=1).features, make_planar(name, seed=2).features)


def test_the_separable_clouds_are_separable():
    data = make_planar("separable")
    side = 2 * data.labels - 1
    assert ((data.features.sum(1) * side) > 0).all()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_standardized_clouds_are_the_stretched_ones_with_deviations_of_one(seed):
    data, raw = make_planar("standardized", seed=seed), make_planar("stretched", seed=seed)
    torch.testing.assert_close(data.features.std(0, correction=0), torch.ones(2).double())
    both = torch.stack([data.features[:, 1], raw.features[:, 1]])
    assert float(torch.corrcoef(both)[0, 1]) == pytest.approx(1)


@pytest.mark.parametrize("seed", [0, 7])
def test_the_outliers_are_of_both_classes_and_the_farthest_on_the_wrong_side(seed):
    data = make_planar("outliers", seed=seed)
    found, side = strays(data), 2 * data.labels - 1
    assert int(found.sum()) == 15
    assert set(data.labels[found].tolist()) == {0.0, 1.0}
    assert ((data.features.sum(1) * side)[found] < -5).all()
    assert not strays(make_planar("clouds")).any()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_rare_feature_is_best_weighed_by_twice_the_logarithm_of_five(seed):
    data = make_planar("rare", seed=seed)
    told = data.features[:, 1] != 0
    assert int(told.sum()) == 6
    assert set(data.labels[told].tolist()) == {0.0, 1.0}
    x, y, best = data.features[told, 1], data.labels[told], 2 * math.log(5)
    assert float((x * (torch.sigmoid(best * x) - y)).sum()) == pytest.approx(0, abs=1e-12)
