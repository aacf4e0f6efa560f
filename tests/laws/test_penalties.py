"""Laws of the penalties."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import PENALTIES
from soloneuron.formulas.penalties import L1, L2, ElasticNet, as_penalty
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch

WEIGHTS = st.lists(st.floats(-5, 5).filter(lambda w: abs(w) > 1e-3), min_size=1, max_size=4)


@pytest.mark.parametrize("name", PENALTIES)
@given(weights=WEIGHTS)
def test_the_gradient_is_the_central_difference_of_the_value(name, weights):
    penalty = as_penalty(name, 0.3)
    w = torch.tensor(weights, dtype=torch.float64)
    for j, slope in enumerate(penalty.gradient(w).tolist()):
        h = torch.zeros_like(w)
        h[j] = 1e-4
        assert slope == pytest.approx(((penalty.value(w + h) - penalty.value(w - h)) / 2e-4).item(), abs=1e-8)


@given(weights=WEIGHTS, rho=st.floats(0, 1))
def test_the_elastic_net_mixes_l1_and_l2(weights, rho):
    w = torch.tensor(weights, dtype=torch.float64)
    mixed = rho * L1(0.7).value(w) + (1 - rho) * L2(0.7).value(w)
    assert ElasticNet(0.7, l1_ratio=rho).value(w).item() == pytest.approx(mixed.item(), rel=1e-12)


def test_l2_and_l1_have_the_conventional_factors():
    w = torch.tensor([3.0, -4.0])
    assert (L2(0.5).value(w).item(), L1(0.5).value(w).item()) == (6.25, 3.5)


@pytest.mark.parametrize("name", PENALTIES)
def test_the_bias_is_free_unless_asked(name):
    batch = Batch(torch.zeros(1, 2), torch.zeros(1))
    theta = torch.tensor([0.0, 0.0, 3.0])
    free = Neuron(penalty=as_penalty(name, 1.0))
    held = Neuron(penalty=type(as_penalty(name))(1.0, penalize_bias=True))
    plain_value, plain_gradient = Neuron().value_and_gradient(theta, batch)
    assert torch.equal(free.value_and_gradient(theta, batch)[1], plain_gradient)
    assert held.value_and_gradient(theta, batch)[0] > plain_value
    assert held.value_and_gradient(theta, batch)[1][2] > plain_gradient[2]


@pytest.mark.parametrize("strength", [-1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("name", PENALTIES)
def test_a_strength_must_be_finite_and_not_negative(name, strength):
    with pytest.raises(InputError, match="strength must be finite and >= 0"):
        as_penalty(name, strength)


def test_a_ratio_outside_the_unit_interval_is_refused():
    with pytest.raises(InputError, match=r"l1_ratio must lie in \[0, 1\]"):
        ElasticNet(l1_ratio=1.5)


def test_names_objects_and_none_are_penalties_and_nothing_else_is():
    own = L2(0.1)
    assert as_penalty(own) is own
    assert as_penalty(None) is None
    with pytest.raises(InputError, match="penalty must be None, a name"):
        as_penalty(3)
