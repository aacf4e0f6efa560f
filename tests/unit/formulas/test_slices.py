"""A slice is a plane with right angles, and nothing lies nearer to a path than the principal one."""

import math

import pytest
import torch

from soloneuron.formulas.slices import (
    coordinate_plane,
    height_grid,
    principal_plane,
    square_window,
    window_around,
)


@pytest.fixture
def path():
    dice = torch.Generator().manual_seed(3)
    return torch.randn(30, 5, generator=dice, dtype=torch.float64) * torch.tensor([5.0, 3, 1, 0.5, 0.2])


def test_a_coordinate_plane_holds_the_other_coordinates(path):
    plane = coordinate_plane(path[-1], 1, 3)
    points = torch.tensor([[7.0, 8.0], [-1.0, 0.0]], dtype=torch.float64)
    assert plane.at(points)[:, [1, 3]].equal(points)
    assert plane.at(points)[:, [0, 2, 4]].equal(path[-1, [0, 2, 4]].expand(2, 3))
    assert plane.at(plane.project(path[-1])).equal(path[-1])


def test_a_principal_plane_goes_through_its_origin_with_right_angles(path):
    plane, _ = principal_plane(path, path[-1])
    assert plane.project(path[-1]).tolist() == [0.0, 0.0]
    assert plane.directions @ plane.directions.mT == pytest.approx(torch.eye(2).numpy(), abs=1e-12)
    assert (plane.directions.gather(1, plane.directions.abs().argmax(1, keepdim=True)) > 0).all()


def test_no_plane_through_the_origin_lies_nearer_to_the_path(path):
    def away(plane):
        return float((path - plane.at(plane.project(path))).square().sum())

    plane, share = principal_plane(path, path[-1])
    whole = float((path - path[-1]).square().sum())
    assert away(plane) == pytest.approx((1 - share) * whole)
    dice = torch.Generator().manual_seed(4)
    for _ in range(50):
        other, _ = torch.linalg.qr(torch.randn(5, 2, generator=dice, dtype=torch.float64))
        assert away(type(plane)(path[-1], other.mT)) > away(plane)


def test_a_path_that_stands_still_lies_in_its_plane():
    here = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    plane, share = principal_plane(here.expand(2, 3), here)
    assert share == 1.0
    assert plane.at(plane.project(here)).equal(here)


@pytest.mark.parametrize("span", [(4.0, 3.0), (100.0, 0.0), (0.0, 0.0)])
def test_a_window_has_room_round_every_point_and_is_never_a_line(span):
    left, right, bottom, top = window_around(torch.tensor([[0.0, 0.0], span], dtype=torch.float64))
    assert left < 0 <= span[0] < right
    assert bottom < 0 <= span[1] < top
    assert 1 / 4 <= (top - bottom) / (right - left) <= 4


def test_heights_stand_in_rows_of_y():
    x, y, z = height_grid(lambda point: point[..., 0] + 10 * point[..., 1], (0, 2, 0, 4), 3)
    assert x.tolist() == [0, 1, 2]
    assert y.tolist() == [0, 2, 4]
    assert z.tolist() == [[0, 1, 2], [20, 21, 22], [40, 41, 42]]
    assert math.prod(z.shape) == 9


@pytest.mark.parametrize(
    ("start", "points", "window"),
    [
        ([0.0, 0.0], [[0.0, 0.0]], (-1.4, 1.4, -1.4, 1.4)),
        ([-6.0, -6.0], [[4.0, 4.0]], (-8.0, 6.0, -8.0, 6.0)),
        ([1.0, 1.0], [[1e9, 0.0]], (-1.6, 9.6, -5.1, 6.1)),
        ([20.0, 0.0], [[15.0, 0.0]], (-4.0, 24.0, -14.0, 14.0)),
    ],
)
def test_a_square_holds_the_origin_and_what_is_not_too_far(start, points, window):
    shown = square_window(torch.tensor(start), torch.tensor(points))
    assert shown == pytest.approx(window)
