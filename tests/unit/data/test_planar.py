"""The data sets in the plane."""

import pytest
import torch

from soloneuron.data.planar import PLANAR, make_planar


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
