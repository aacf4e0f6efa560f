"""Curvatures of a Hessian, and the rate that they allow."""

import math

import pytest
import torch

from soloneuron.formulas.curvature import (
    curvatures,
    largest_curvature,
    least_curvature,
    principal_curvatures,
    rate_limit,
)


def hessian(size):
    A = torch.randn(size, size, generator=torch.Generator().manual_seed(size), dtype=torch.float64)
    return A @ A.T


def test_curvatures_rise_and_belong_to_their_directions():
    H = hessian(5)
    values, directions = principal_curvatures(H)
    torch.testing.assert_close(curvatures(H), values)
    assert (values.diff() >= 0).all()
    torch.testing.assert_close(H @ directions, directions * values)


def test_an_empty_matrix_curves_nowhere_and_a_broken_one_not_by_any_number():
    assert largest_curvature(torch.zeros(0, 0)) == 0
    assert math.isnan(largest_curvature(torch.full((2, 2), math.inf)))


def test_the_least_curvature_is_no_less_than_rounding():
    assert least_curvature(torch.tensor([-1e-20, 2.0], dtype=torch.float64)) == 2e-16
    assert least_curvature(torch.tensor([0.5, 2.0], dtype=torch.float64)) == 0.5


@pytest.mark.parametrize(
    ("curves", "limit"), [(4.0, 0.5), (0.0, None), (-1.0, None), (math.inf, None), (math.nan, None)]
)
def test_descent_is_limited_by_two_over_the_curvature_where_there_is_one(curves, limit):
    assert rate_limit(curves) == limit
