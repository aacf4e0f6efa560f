"""Surfaces: the gradient is that of the value, and the minima are where they are said to be."""

import math

import pytest
import torch

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.formulas.surfaces import Ravine
from soloneuron.objective import Objective, lowest_of, start_of

POINTS = torch.tensor([[0.3, -0.7], [-1.2, 1.9], [2.4, 0.15], [-0.01, -2.2]], dtype=torch.float64)


@pytest.fixture(params=SURFACES)
def surface(request):
    return SURFACES.load(request.param)()


def test_the_name_is_that_of_the_catalogue():
    assert {SURFACES.load(name).name for name in SURFACES} == set(SURFACES)


def test_gradient_is_the_complex_step_of_the_value(surface):
    h = 1e-30
    for axis in (0, 1):
        nudge = torch.zeros(2, dtype=torch.complex128)
        nudge[axis] = complex(0, h)
        step = surface.value(POINTS + nudge).imag / h
        torch.testing.assert_close(surface.gradient(POINTS)[:, axis], step, rtol=1e-12, atol=1e-12)


def test_gradient_vanishes_and_the_value_is_lowest_at_every_minimum(surface):
    minima = torch.tensor(surface.minima, dtype=torch.float64)
    torch.testing.assert_close(surface.value(minima), torch.full((len(minima),), surface.lowest).double())
    assert surface.gradient(minima).abs().max() < 1e-10


def test_no_point_of_the_window_is_lower_than_the_minimum(surface):
    left, right, down, up = surface.window
    x, y = torch.linspace(left, right, 201).double(), torch.linspace(down, up, 201).double()
    assert surface.value(torch.cartesian_prod(x, y)).min() >= surface.lowest - 1e-12


def test_a_surface_is_an_objective_without_rows(surface):
    assert isinstance(surface, Objective)
    assert torch.equal(surface.value(POINTS, None), surface.value(POINTS))
    value, gradient = surface.value_and_gradient(POINTS, None)
    assert torch.equal(value, surface.value(POINTS))
    assert torch.equal(gradient, surface.gradient(POINTS))
    assert start_of(surface) == surface.start
    assert lowest_of(surface) == surface.lowest


def test_runs_go_along_leading_axes(surface):
    value, gradient = surface.value_and_gradient(POINTS.reshape(2, 2, 2))
    assert value.shape == (2, 2)
    torch.testing.assert_close(gradient.reshape(4, 2), surface.gradient(POINTS))


def test_dtype_in_is_dtype_out(surface):
    value, gradient = surface.value_and_gradient(POINTS.float())
    assert value.dtype == gradient.dtype == torch.float32


def test_the_window_holds_the_start(surface):
    (x, y), (left, right, down, up) = surface.start, surface.window
    assert left < x < right
    assert down < y < up


@pytest.mark.parametrize("angle", [0.0, 30.0, 45.0, 90.0, -200.0])
def test_the_start_turns_with_its_ravine(angle):
    straight, turned = Ravine(), Ravine(angle=angle)
    begin = complex(*straight.start) * complex(math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    assert turned.start == pytest.approx((begin.real, begin.imag))
    left, right, down, up = turned.window
    assert left < turned.start[0] < right
    assert down < turned.start[1] < up


@pytest.mark.parametrize("wrong", [{"condition": 0.5}, {"condition": float("nan")}, {"angle": float("inf")}])
def test_a_ravine_refuses_what_is_no_ravine(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        Ravine(**wrong)
