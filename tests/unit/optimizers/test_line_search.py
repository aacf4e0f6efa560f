"""The line search where the cubic says nothing, and where the function ends."""

import math

import pytest
import torch

from soloneuron import minimize
from soloneuron.errors import InputError
from soloneuron.optimizers import LBFGS, ConjugateGradient, Newton


def test_a_straight_slope_is_searched_without_a_division_by_zero():
    rule, theta = LBFGS(iterations=1), torch.tensor([4.0, 1.0], dtype=torch.float64)
    state = rule.start(theta)

    def slope(point):
        return 3 * point[0] - point[1], torch.tensor([3.0, -1.0], dtype=torch.float64)

    before = slope(theta)[0].item()
    for _ in range(3):
        rule.update(theta, slope, state)
    assert theta.isfinite().all()
    assert slope(theta)[0].item() < before


def barrier(x):
    return -torch.log(1 - x) - 3 * torch.log(x)


def barrier_slope(x):
    return 1 / (1 - x) - 3 / x


def root(x):
    return x - x.sqrt()


def root_slope(x):
    return 1 - 0.5 / x.sqrt()


WALLS = {"barrier": (barrier, barrier_slope, 0.5, 0.75), "root": (root, root_slope, 4.0, 0.25)}
ELEMENTS = {
    "barrier": lambda x: -(1 - x).log() - 3 * x.log(),
    "root": lambda x: x - x.sqrt(),
}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("wall", WALLS)
def test_a_trial_beyond_a_wall_is_too_far(wall, dtype):
    value, slope, start, lowest = WALLS[wall]
    rule, theta, values = LBFGS(), torch.tensor([start], dtype=dtype), []
    state = rule.start(theta)
    for _ in range(3):
        values += [float(rule.update(theta, lambda x: (value(x).sum(), slope(x)), state))]
    assert theta.item() == pytest.approx(lowest, abs=1e-5 if dtype == torch.float64 else 1e-3)
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("wall", WALLS)
def test_a_pair_of_functions_arrives_between_walls(wall):
    value, slope, start, lowest = WALLS[wall]
    path = minimize((lambda x: value(x).sum(-1), slope), [start], "lbfgs", 4)
    assert path.point.item() == pytest.approx(lowest, abs=1e-4)
    assert path.values.isfinite().all()


@pytest.mark.parametrize("rule", ["lbfgs", "newton"])
@pytest.mark.parametrize("wall", WALLS)
def test_elements_that_are_not_defined_beyond_a_wall_arrive_too(wall, rule):
    path = minimize(ELEMENTS[wall], [WALLS[wall][2]], rule, 10)
    assert path.point.item() == pytest.approx(WALLS[wall][3], abs=1e-4)


@pytest.mark.parametrize("rule", ["lbfgs", "newton"])
def test_a_start_beyond_the_wall_is_refused_in_its_own_words(rule):
    with pytest.raises(InputError, match=r"log needs a number > 0, got -1\.0"):
        minimize(ELEMENTS["barrier"], [2.0], rule, 3)


@pytest.mark.parametrize("beyond", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("rule", [LBFGS, ConjugateGradient, Newton])
def test_no_search_ends_higher_than_it_began_or_beyond_all_numbers(rule, beyond):
    # All but the start is beyond.
    def island(x):
        inside = bool((x == 1).all())
        return torch.tensor(1.0 if inside else beyond).double(), torch.ones_like(x)

    island.hessian = lambda x: torch.eye(len(x)).double()
    method, theta = rule(), torch.ones(2, dtype=torch.float64)
    state = method.start(theta)
    for _ in range(2):
        method.update(theta, island, state)
    assert theta.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("rule", [LBFGS, ConjugateGradient, Newton])
def test_where_the_start_is_no_number_nothing_moves(rule):
    def nowhere(x):
        return x.sum() * math.nan, x * math.nan

    nowhere.hessian = lambda x: torch.eye(len(x)).double()
    method, theta = rule(), torch.ones(2, dtype=torch.float64)
    method.update(theta, nowhere, method.start(theta))
    assert theta.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("rule", [LBFGS, ConjugateGradient])
@pytest.mark.parametrize("size", [1e-158, 1e-165, 1e-300])
def test_slopes_whose_squares_are_nothing_are_searched_without_a_division_by_zero(rule, size):
    def flattening(x):
        bend = torch.tensor([1.0, 3.0]).double() * (1.0 if updates == 0 else size)
        return (bend * x * x).sum() / 2, bend * x

    method = rule(iterations=1, gradient_tolerance=0.0, change_tolerance=0.0)
    theta = torch.tensor([1.0, -2.0], dtype=torch.float64)
    state = method.start(theta)
    for updates in range(4):  # noqa: B007
        method.update(theta, flattening, state)
        assert theta.abs().max() <= 2


@pytest.mark.parametrize("size", [1e150, 1e200, 1e300])
def test_slopes_whose_squares_are_beyond_all_numbers_are_searched_too(size):
    # The first trial, at x = 0, is that steep.
    size = torch.tensor(size).double()

    def cliff(x):
        height = torch.where(x < 0.5, size * (0.5 - x), torch.zeros_like(size))
        return (height + x * x).sum(), torch.where(x < 0.5, -size, torch.zeros_like(size)) + 2 * x

    rule, theta = LBFGS(), torch.tensor([1.0], dtype=torch.float64)
    state = rule.start(theta)
    for _ in range(3):
        rule.update(theta, cliff, state)
    assert theta.item() == pytest.approx(0.5, abs=0.1)
