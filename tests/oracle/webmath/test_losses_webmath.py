"""Generated losses and surfaces give the numbers of the formulas that train."""

import math

import pytest
import torch

from soloneuron.formulas.catalogue import LOSSES, SURFACES
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.losses.margin import RoundedHinge

WITHIN = 1e-14
"""Fifty roundings: exponentials of V8 and of torch differ by one, and formulas divide by few of them."""

SMALLEST = 1e-304
"""Below the smallest normal number torch's sigmoid is 0, where exp(-|z|) times z still has digits."""

CANCELLED = 1e-16
"""Where a bend changes its sign it is the difference of numbers of about 1."""

KINKS = (0.0, 1.0, -1.0, 37.0, -37.0, 700.0, -700.0, 709.0, -709.0, 745.0, -745.0, 1000.0, -1000.0)


def logits():
    """1,000 of them, the kinks of all losses and what lies beside them."""
    near = [math.nextafter(kink, end) for kink in KINKS for end in (-math.inf, kink, math.inf)]
    wide, middle, close = ((1000, 361), (40, 330), (3, 270))
    parts = [torch.linspace(-end, end, count, dtype=torch.float64) for end, count in (wide, middle, close)]
    return torch.cat([*parts, torch.tensor(near, dtype=torch.float64)])


Z = logits()


def assert_near(found, wanted, room=SMALLEST):
    found, wanted = torch.broadcast_tensors(found, wanted)
    same = (found == wanted) | ((found - wanted).abs() <= WITHIN * wanted.abs() + room)
    assert same.all(), (Z[~same][:5], found[~same][:5], wanted[~same][:5])


def test_a_thousand_logits_are_compared():
    assert len(Z) >= 1000
    assert float(Z.abs().max()) > 1000


def test_the_page_has_every_loss_of_the_catalogue(page):
    assert page.ask("names") == list(LOSSES)


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("name", LOSSES)
def test_value_slope_and_bend_are_the_library_s(page, name, y):
    loss, label = as_loss(name), torch.tensor(y, dtype=torch.float64)
    found = page.ask("one", [name, Z, y])
    assert_near(found["value"], loss.value(Z, label))
    assert_near(found["slope"], loss.derivative(Z, label))
    assert_near(found["bend"], loss.second_derivative(Z, label), CANCELLED)


@pytest.mark.parametrize("name", LOSSES)
def test_loops_over_rows_do_what_one_row_does(page, name):
    loss, label = as_loss(name), torch.zeros((), dtype=torch.float64)
    found = page.ask("many", [name, Z])
    for sums in ("single", "beside"):
        assert_near(found[sums], loss.value(Z, label))
    for slopes in ("slopes", "both"):
        assert_near(found[slopes], loss.derivative(Z, label))
    assert_near(found["bends"], loss.second_derivative(Z, label), CANCELLED)


@pytest.mark.parametrize("name", LOSSES)
def test_what_a_loss_claims_is_what_the_library_s_claims(page, name):
    loss, found = as_loss(name), page.ask("facts", name)
    assert found == {
        "convex": loss.convex,
        "smooth": loss.smooth,
        "strictlyDecreasing": loss.strictly_decreasing,
        "curvature": loss.curvature,
    }


@pytest.mark.parametrize("width", [1.0, 1e-3, 1e-12])
def test_the_rounded_hinge_is_the_library_s(page, width):
    loss, label = RoundedHinge(torch.tensor(width, dtype=torch.float64)), torch.ones((), dtype=torch.float64)
    found = page.ask("rounded", [width, Z, 1.0])
    for kind, wanted in (("value", loss.value), ("slope", loss.derivative), ("bend", loss.second_derivative)):
        expected = wanted(Z, label)
        # Far beyond the kink a sum of two numbers of opposite sign is left with the rounding of either.
        assert torch.allclose(found[kind], expected, rtol=1e-13, atol=1e-13), kind


def test_the_page_has_every_surface_with_all_that_is_known_of_it(page):
    found = page.ask("surfaces")
    assert list(found) == list(SURFACES)
    for name, said in found.items():
        surface = SURFACES.load(name)()
        assert said == {
            "start": list(surface.start),
            "window": list(surface.window),
            "lowest": surface.lowest,
            "minima": [list(minimum) for minimum in surface.minima],
        }


@pytest.mark.parametrize("name", SURFACES)
def test_heights_and_gradients_of_a_surface_are_the_library_s(page, name):
    surface = SURFACES.load(name)()
    left, right, bottom, top = surface.window
    x = torch.linspace(left, right, 96, dtype=torch.float64)
    y = torch.linspace(bottom, top, 96, dtype=torch.float64)
    grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).flatten(0, 1)
    points = torch.cat([grid, torch.zeros(1, 2, dtype=torch.float64), torch.tensor(surface.minima).double()])
    found, gradient = page.ask("surface", [name, *points.T]), surface.gradient(points)
    scale = surface.value(points).abs().max()
    assert torch.allclose(found["value"], surface.value(points), rtol=1e-13, atol=float(scale) * 1e-16)
    for part, wanted in (("dx", gradient[:, 0]), ("dy", gradient[:, 1])):
        assert torch.allclose(found[part], wanted, rtol=1e-12, atol=float(wanted.abs().max()) * 1e-15)
