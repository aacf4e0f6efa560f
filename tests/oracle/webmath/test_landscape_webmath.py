"""Landscapes, their lowest points, curvatures and limits of the rate are the library's."""

from dataclasses import replace

import pytest
import torch

from soloneuron.data.catalogue import PLANAR
from soloneuron.formulas.catalogue import LOSSES, SURFACES
from soloneuron.formulas.curvature import largest_curvature
from soloneuron.formulas.slices import height_grid
from soloneuron.formulas.terms import TERMS
from soloneuron.playing.changes import play
from soloneuron.playing.config import Config, Point, RaceEntry
from soloneuron.playing.landscape import landscape_of
from soloneuron.playing.link import read_link
from soloneuron.playing.race import LiveRace, expanded, make_data, runner_plan
from soloneuron.training.limits import rate_limits

WITHIN = 1e-9
"""What the page promises of heights and lowest points."""

KNOTS = 96
COSTS = ((False, 0.0), (True, 0.01))


def shared_with_slow(names, default):
    """One of the names; the others where there is time."""
    return [default, *(pytest.param(name, marks=pytest.mark.slow) for name in names if name != default)]


def asked(config, data):
    rows = {"x": data.features.flatten(), "y": data.labels, "width": data.features.shape[1]}
    return {"loss": config.loss[0], "bias": config.bias, "l2": config.l2, **rows}


def config_of(name, loss, costs):
    bias, l2 = costs
    config = Config(data=name, loss=(loss,), seed=3, bias=bias, l2=l2)
    return config, make_data(config)


def plan_of(config, data):
    return runner_plan(config, data, config.loss[0], RaceEntry("gradient_descent", 0.1))


@pytest.mark.parametrize("loss", shared_with_slow(LOSSES, "nll"))
def test_heights_of_a_grid_are_the_library_s(page, loss):
    config, data = config_of("clouds", loss, (True, 0.01))
    plan, window = plan_of(config, data), (-9.0, 5.0, -7.0, 7.0)
    found = page.ask("grid", [asked(config, data), window, KNOTS, [0.5]])

    def height(points):
        return plan.objective.value(torch.cat([points, torch.full_like(points[..., :1], 0.5)], -1), plan.data)

    values = height_grid(height, window, KNOTS)[2]
    assert torch.allclose(found["values"].view(KNOTS, KNOTS), values, rtol=WITHIN, atol=WITHIN * 1e-3)
    assert float(found["low"]) == found["values"].min().item()
    assert float(found["high"]) == found["values"].max().item()


@pytest.mark.parametrize("name", shared_with_slow(SURFACES, "beale"))
def test_so_are_those_of_a_surface(page, name):
    surface = SURFACES.load(name)()
    found = page.ask("surface", [name, surface.window, KNOTS])
    values = height_grid(surface.value, surface.window, KNOTS)[2]
    assert torch.allclose(found["values"].view(KNOTS, KNOTS), values, rtol=WITHIN, atol=WITHIN)


def test_a_grid_is_whole_after_parts_and_coarse_before(page):
    config, data = config_of("xor", "nll", (False, 0.0))
    window = (-3.0, 3.0, -3.0, 3.0)
    whole = page.ask("grid", [asked(config, data), window, 37, []])["values"].view(37, 37)
    found = page.ask("parts", [asked(config, data), window, 37, 100])
    assert torch.equal(found["values"].view(37, 37), whole)
    # The first pass has every eighth knot, and stands for its square.
    first = found["first"].view(37, 37)
    assert torch.equal(first, whole[::8, ::8].repeat_interleave(8, 0).repeat_interleave(8, 1)[:37, :37])
    assert found["parts"] == -(-(37 * 37 - 25) // 100)


@pytest.mark.parametrize("costs", COSTS)
@pytest.mark.parametrize("name", shared_with_slow(PLANAR, "clouds"))
def test_the_lowest_point_of_every_loss_is_the_library_s(page, name, costs):
    for loss in LOSSES:
        config, data = config_of(name, loss, costs)
        landscape, found = landscape_of(config, LiveRace(config)), page.ask("lowest", asked(config, data))
        assert found["lowest"] == pytest.approx(landscape.lowest[loss], rel=0, abs=WITHIN), loss
        # Where rows part and nothing holds the weights, hinges have no one lowest point.
        if config.l2 or "hinge" not in loss:
            wanted = landscape.minima[loss]
            assert torch.allclose(found["theta"], wanted, rtol=1e-6, atol=1e-6 * float(wanted.abs().max())), (
                loss
            )


def test_after_rows_were_added_or_taken_away_the_lowest_point_is_that_of_the_rows_there_are(page):
    link = "loss=nll&l2=0.01&5.add=3,3,0;-3,-4,1;4,1,0&9.drop=0,1,2,3,4,5"
    steps = (0, 5, 6, 9, 10, 0)
    for step, found in zip(steps, page.ask("played", [link, steps]), strict=True):
        config = replace(read_link(link), step=step)
        edited = play(config).data
        rows = [
            Point(*x, int(y)) for x, y in zip(edited.features.tolist(), edited.labels.tolist(), strict=True)
        ]
        config = replace(config, data="own", points=tuple(rows), changes=())
        landscape = landscape_of(config, LiveRace(config))
        assert found["lowest"] == pytest.approx(landscape.lowest["nll"], rel=0, abs=WITHIN)
        assert found["theta"].tolist() == pytest.approx(landscape.minima["nll"].tolist(), rel=1e-6)


@pytest.mark.parametrize("costs", COSTS)
@pytest.mark.parametrize("loss", shared_with_slow(LOSSES, "mse"))
def test_with_further_terms_landscape_lowest_point_and_limits_are_the_library_s(page, loss, costs):
    bias, l2 = costs
    config = Config(data="circles", loss=(loss,), seed=3, bias=bias, l2=l2, terms=tuple(TERMS))
    data = expanded(make_data(config), config)
    plan, window, rest = plan_of(config, data), (-9.0, 5.0, -7.0, 7.0), [0.5, -2.0, 0.25, 1.0, -1.0, 3.0]
    held = torch.tensor(rest[: 5 + bias], dtype=torch.float64)
    grid = page.ask("grid", [asked(config, data), window, 17, held.tolist()])["values"].view(17, 17)

    def height(points):
        return plan.objective.value(torch.cat([points, held.expand(*points.shape[:-1], -1)], -1), plan.data)

    assert torch.allclose(grid, height_grid(height, window, 17)[2], rtol=WITHIN, atol=WITHIN * 1e-3)
    landscape, found = landscape_of(config, LiveRace(config)), page.ask("lowest", asked(config, data))
    assert found["lowest"] == pytest.approx(landscape.lowest[loss], rel=0, abs=WITHIN)
    theta = torch.cat([torch.tensor([1.0, 0.3], dtype=torch.float64), held])
    limits, told = rate_limits(plan, theta), page.ask("bends", [asked(config, data), theta])["limits"]
    for name in ("guaranteed", "local"):
        wanted = getattr(limits, name)
        assert told[name] == (wanted if wanted is None else pytest.approx(wanted, rel=1e-10)), name


@pytest.mark.parametrize("costs", COSTS)
@pytest.mark.parametrize("loss", LOSSES)
def test_bends_and_both_limits_of_the_rate_are_the_library_s(page, loss, costs):
    config, data = config_of("stretched", loss, costs)
    plan = plan_of(config, data)
    for start in ((-6.0, -6.0), (0.0, 0.0), (1.0, 0.3), (-40.0, 2.0)):
        theta = torch.tensor([*start, *[0.25] * config.bias], dtype=torch.float64)
        found = page.ask("bends", [asked(config, data), theta])
        H = plan.objective.hessian(theta, plan.data)
        convex = plan.objective.convex_hessian(theta, plan.data)
        for name, wanted in (("hessian", H), ("convex", convex)):
            scale = float(wanted.abs().max())
            assert torch.allclose(found[name].view(H.shape), wanted, rtol=1e-12, atol=scale * 1e-14)
        assert found["sharpness"] == pytest.approx(largest_curvature(H), rel=1e-12, abs=1e-15)
        limits = rate_limits(plan, theta)
        for name in ("guaranteed", "local"):
            wanted = getattr(limits, name)
            assert found["limits"][name] == (
                wanted if wanted is None else pytest.approx(wanted, rel=1e-10)
            ), name
        assert found["limits"]["full_batch"] is True


@pytest.mark.parametrize("costs", COSTS)
@pytest.mark.parametrize("loss", ["nll", "hinge"])
def test_coordinates_in_which_columns_are_alike_are_the_library_s(page, loss, costs):
    config, data = config_of("stretched", loss, costs)
    plan, theta = plan_of(config, data), torch.zeros(2 + config.bias)
    found, wanted = page.ask("bends", [asked(config, data), theta])["coordinates"], plan.coordinates
    assert torch.allclose(found["scale"], wanted.scale, rtol=1e-13)
    assert torch.allclose(found["mean"], wanted.mean, rtol=1e-12, atol=1e-14)
    assert (found["bias"], found["bend"]) == (wanted.bias, wanted.bend)


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_eigenvalues_and_their_directions_are_torch_s(page, size):
    generator = torch.Generator().manual_seed(size)
    half = torch.randn(size, size, generator=generator, dtype=torch.float64)
    matrix = (half + half.T) * torch.logspace(0, -5, size, dtype=torch.float64)
    matrix = (matrix + matrix.T) / 2
    found = page.ask("curvatures", matrix.flatten())
    assert torch.allclose(found["values"], torch.linalg.eigvalsh(matrix), rtol=1e-10, atol=1e-13)
    V = found["directions"].view(size, size)
    assert torch.allclose(V * found["values"] @ V.T, matrix, atol=1e-13)
    assert torch.allclose(V.T @ V, torch.eye(size, dtype=torch.float64), atol=1e-13)


@pytest.mark.parametrize("name", [name for name in SURFACES if name != "kink"])
def test_second_derivatives_of_a_surface_are_the_library_s(page, name):
    surface = SURFACES.load(name)()
    theta = torch.tensor(surface.start, dtype=torch.float64) + 0.1
    found = page.ask("surfaceHessian", [name, theta]).view(2, 2)
    wanted = surface.hessian(theta)
    assert torch.allclose(found, wanted, atol=1e-6 * float(wanted.abs().max()))
