"""Races on surfaces are Python's: ways, sentences, links, first rates, and the code that is copied."""

import contextlib
import io
from dataclasses import replace

import pytest
import torch

from rounding import nudged
from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.changes import play
from soloneuron.playing.config import default_rate
from soloneuron.playing.judgement import status
from soloneuron.playing.link import read_link, write_link
from soloneuron.playing.session import Session

WALKS = 1e-9
"""What whole walks agree to."""

HAIRS = (1e-15, -1e-15, 3e-15)
"""By so much a start is moved where it is asked how far Python is sure of what follows."""

AS_SURE = 100
"""So many times what that changes, where a path divides by nearly nothing."""

UPDATES, STEP = 300, 20
HALVES = [",".join(list(OPTIMIZERS)[half::2]) for half in (0, 1)]


def test_every_method_begins_with_the_rate_of_the_catalogue(page):
    for name in OPTIMIZERS:
        wanted = {surface: default_rate(name, surface) for surface in SURFACES}
        assert page.ask("rates", name) == wanted


STEPS = (0, 1, 7, 40, 150)


@pytest.mark.parametrize("surface", SURFACES)
def test_what_is_said_of_a_race_is_what_python_says(page, surface):
    session = Session(read_link(f"surface={surface}"))
    for step in STEPS:
        link = f"surface={surface}&step={step}"
        session.go(step)
        found, wanted = page.ask("seen", link), status(session)
        assert found["link"] == write_link(read_link(link))
        assert found["window"] == list(session.landscape.window)
        for one, other in zip(found["runners"], wanted["runners"], strict=True):
            assert (one["code"], one["beside"], one["reached"]) == (
                other["code"],
                other["beside"],
                other["reached"],
            )
            for name, value in other["fields"].items():
                if value is None or isinstance(value, int):
                    assert one["fields"][name] == value, name
                else:
                    assert abs(one["fields"][name] - value) <= 1e-7 * max(1, abs(value)), name


def apart(found, wanted):
    """How far two ways lie apart at most, as a share of the farthest place."""
    return float((found - wanted).abs().max() / wanted.abs().max())


def ways(config):
    """Of every runner its theta at each step."""
    session = Session(config)
    session.go(config.step)
    return torch.stack([table[:, :2] for table in session.tables], 1)


@pytest.mark.parametrize(
    "surface",
    [name if name == "rosenbrock" else pytest.param(name, marks=pytest.mark.slow) for name in SURFACES],
)
def test_every_method_takes_the_same_way_unless_python_goes_elsewhere_from_a_hair_beside(page, surface):
    for names in HALVES:
        config = read_link(f"surface={surface}&optimizers={names}&step={UPDATES}")
        found, wanted = page.ask("paths", write_link(config)), ways(config)
        distances = {i: apart(found[i].view(-1, 2), way) for i, way in enumerate(wanted)}
        for i in [i for i, far in distances.items() if far > WALKS]:
            alone = replace(config, optimizers=(config.optimizers[i],))
            own = max(
                apart(ways(replace(alone, start=nudged(config.start, by=by)))[0], wanted[i]) for by in HAIRS
            )
            assert distances[i] <= AS_SURE * own, config.optimizers[i].name


def test_a_change_of_rates_and_methods_goes_on_as_in_python(page):
    link = (
        "surface=himmelblau&optimizers=momentum:0.001,adam&20.optimizers=momentum:0.002,adam:0.1"
        "&35.optimizers=nag,adam:0.1:beta1=0.5&step=60"
    )
    found = page.ask("seen", link)
    wanted = torch.stack([runner.state.theta for runner in play(read_link(link)).runners])
    torch.testing.assert_close(
        torch.tensor(found["theta"], dtype=torch.float64), wanted, rtol=WALKS, atol=WALKS
    )


REFUSED = (
    "surface=nowhere",
    "surface=bowl&surface=kink",
    "surface=bowl&5.surface=kink",
    "surface=rosenbrock&data=xor",
    "surface=bowl&points=1,1,0;2,2,1",
    *(f"surface=bowl&{word}" for word in ("loss=nll", "batch=8", "bias=1", "l2=0.1", "seed=3", "lesson=xor")),
    *(f"surface=bowl&5.{word}" for word in ("batch=8", "drop=1", "add=1,1,0")),
)


@pytest.mark.parametrize("link", REFUSED)
def test_what_means_nothing_on_a_surface_is_refused_by_both_alike(page, link):
    with pytest.raises(InputError) as refused:
        read_link(link)
    assert page.ask("seen", link) == {"code": refused.value.code, "fields": refused.value.fields}


def run(script):
    """The numbers of the last line that a script prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(script, "copied", "exec"), {})
    weights, _, value = said.getvalue().splitlines()[-1].partition("[")[2].partition("]")
    return torch.tensor([*map(float, weights.split(",")), float(value)], dtype=torch.float64)


@pytest.mark.parametrize(
    "link",
    [
        *(f"surface={name}" for name in SURFACES),
        *(f"surface=beale&optimizers={names}" for names in HALVES),
        "surface=kink&optimizers=adam,nag&7.optimizers=adam:0.3,rprop&12.optimizers=nag",
    ],
)
def test_copied_python_ends_where_the_race_does(page, link):
    race = play(read_link(f"{link}&step={STEP}"))
    for i, numbers in enumerate(race.table()):
        script = page.ask("python", [link, STEP, i])
        wanted = torch.cat([race.runners[i].state.theta, numbers[-6:-5]])
        torch.testing.assert_close(
            run(script), wanted, rtol=1e-9, atol=1e-11, msg=lambda m, s=script: f"{m}\n{s}"
        )
        if OPTIMIZERS.load(race.runners[i].entry.name).needs != "objective":
            assert "def surface(theta):" in script
            assert "soloneuron" not in script


def test_second_derivatives_are_exact(page):
    dice = torch.Generator().manual_seed(2)
    for name in SURFACES:
        surface = SURFACES.load(name)()
        for theta in torch.randn(20, 2, generator=dice, dtype=torch.float64) * 2:
            found, wanted = page.ask("bends", [name, theta]).view(2, 2), surface.hessian(theta)
            assert float((found - wanted).abs().max()) <= 1e-13 * max(1.0, float(wanted.abs().max())), name


def test_the_drawer_has_the_rule_in_the_numbers_of_the_step_and_no_example(page):
    link = "surface=rosenbrock&optimizers=momentum:0.0002&step=12"
    inside = page.ask("inside", [link, 0])
    config = read_link(link)
    race = play(config)
    before = play(replace(config, step=11)).runners[0].state
    assert inside["theta"] == pytest.approx(before.theta.tolist(), rel=1e-12)
    slope = SURFACES.load("rosenbrock")().gradient(before.theta)
    assert inside["gradient"] == pytest.approx(slope.tolist(), rel=1e-12)
    assert inside["rule"][-1]["value"] == pytest.approx(race.runners[0].state.theta.tolist(), rel=1e-12)
    assert (inside["names"], inside["stages"], inside["example"]) == (["x", "y"], [], [])


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("surface=saddle&optimizers=gradient_descent&step=40", "saddle"),
        ("surface=saddle&optimizers=gradient_descent&step=80", "escaped"),
        ("surface=saddle&optimizers=gradient_descent&step=120", "arrived"),
        ("surface=plateau&optimizers=gradient_descent&step=20", "flat"),
        ("surface=rastrigin&optimizers=gradient_descent&step=40", "trapped"),
        ("surface=kink&optimizers=gradient_descent&step=60", "swinging"),
        ("surface=ravine&optimizers=gradient_descent:0.0201&step=60", "climbing"),
        ("surface=rosenbrock&optimizers=gradient_descent:0.1&step=60", "overflow"),
        ("surface=rosenbrock&optimizers=gradient_descent&step=300", "descending"),
    ],
)
def test_each_kind_of_end_is_told(page, link, code):
    (runner,) = page.ask("seen", link)["runners"]
    assert runner["code"] == code
    if code in ("climbing", "overflow"):
        assert runner["beside"] == ["local", "cures.rate"]
        assert runner["fields"]["ratio"] > 1
    if code == "flat":
        assert runner["limits"] is None
