"""Separable or not: told before the run has found out, and never wrongly."""

import pytest
import torch

from soloneuron import assignment_data, fit


def test_it_is_said_after_the_first_epoch_already():
    assert fit(assignment_data(), epochs=1, learning_rate=1e-3).outcome.separable


def test_two_equal_rows_of_different_classes_are_not_separable():
    assert not fit(([[1.0], [1.0], [3.0]], [0, 1, 1]), epochs=50).outcome.separable


def test_rows_without_weight_do_not_count():
    data = ([[1.0], [2.0], [3.0]], [0, 1, 0])
    assert not fit(data, epochs=5).outcome.separable
    assert fit(data, epochs=5, sample_weight=[1, 1, 0]).outcome.separable


@pytest.mark.parametrize("options", [{"penalty": "l2"}, {"loss": "hinge"}], ids=str)
def test_nothing_is_said_where_the_optimum_is_finite_anyway(options):
    assert not fit(assignment_data(), epochs=3, **options).outcome.separable


def test_every_run_of_a_sweep_is_told():
    rates = torch.tensor([[1e-4], [0.5]]).double()
    assert all(
        outcome.separable for outcome in fit(assignment_data(), learning_rate=rates, epochs=2).outcomes
    )
