"""Newton's method: exact on a bowl, safe where its full step is none."""

from itertools import islice, pairwise

import pytest
import torch

from soloneuron.formulas.newton import newton_points

H = torch.tensor([[2.0, 0.5], [0.5, 1e6]], dtype=torch.float64)


def points(start, *, value, gradient, hessian):
    return newton_points(
        torch.tensor(start, dtype=torch.float64),
        value=value,
        value_and_gradient=lambda x: (value(x), gradient(x)),
        hessian=hessian,
    )


def test_one_step_finds_the_minimum_of_a_bowl_however_narrow():
    bowl = points([3.0, -2.0], value=lambda x: x @ H @ x / 2, gradient=lambda x: H @ x, hessian=lambda _: H)
    (start, slope), (end, flat) = islice(bowl, 2)
    assert start.tolist() == [3.0, -2.0]
    assert torch.equal(slope, H @ start)
    assert end.tolist() == pytest.approx([0, 0], abs=1e-9)
    assert flat.tolist() == pytest.approx([0, 0], abs=1e-6)


def test_a_step_that_would_climb_is_halved_so_that_no_point_lies_higher_than_the_last():
    def value(x):
        return torch.log(torch.cosh(x)).sum()

    walk = points(
        [3.0], value=value, gradient=torch.tanh, hessian=lambda x: torch.diag(1 - torch.tanh(x) ** 2)
    )
    heights = [float(value(theta)) for theta, _ in islice(walk, 12)]
    assert all(after <= before for before, after in pairwise(heights))
    assert heights[-1] == pytest.approx(0, abs=1e-12)


def test_a_value_that_is_no_number_has_not_fallen():
    def value(x):
        return torch.where(x < 0, torch.nan, (x - torch.log(x.abs()))).sum()

    (_, (after, _)) = islice(
        points([3.0], value=value, gradient=lambda x: 1 - 1 / x, hessian=lambda x: torch.diag(1 / x**2)), 2
    )
    assert float(after) > 0


def test_the_points_end_where_the_hessian_is_not_positive_definite():
    flat = points([1.0], value=torch.sum, gradient=torch.ones_like, hessian=lambda x: torch.zeros(1, 1).to(x))
    assert len(list(flat)) == 1
