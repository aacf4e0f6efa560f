"""A surface in the place of rows: its link, its start, and what it has nothing to say to."""

import pytest
import torch

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import FIRST_RATES, SURFACE_RATES, default_rate, surface_config
from soloneuron.playing.frame import playground
from soloneuron.playing.inside import inspect_update
from soloneuron.playing.judgement import judged
from soloneuron.playing.lesson_file import read_lesson
from soloneuron.playing.link import read_link, write_link
from soloneuron.playing.session import Session
from soloneuron.training.minimize import minimized


@pytest.mark.parametrize("name", SURFACES)
def test_a_silent_link_begins_where_the_catalogue_does(name):
    config = read_link(f"surface={name}")
    assert config == surface_config(name)
    assert write_link(config) == f"surface={name}"
    assert config.start == pytest.approx(SURFACES.load(name)().start, abs=5e-4)
    assert Session(config).landscape.window == SURFACES.load(name)().window


def test_every_surface_has_rates_and_no_first_one_is_lost_at_once():
    assert {*SURFACE_RATES} == {*SURFACES}
    for name in SURFACES:
        session = Session(read_link(f"surface={name}"))
        session.go(100)
        assert all(judged(session, i)["code"] != "overflow" for i in range(6)), name


def test_a_method_that_finds_its_own_length_keeps_its_rate():
    assert default_rate("lbfgs", "goldstein_price") == default_rate("lbfgs")
    assert default_rate("prodigy", "rosenbrock") == 1.0
    assert default_rate("gradient_descent", "rosenbrock") == pytest.approx(
        0.3 * SURFACE_RATES["rosenbrock"][0]
    )
    assert default_rate("adam", "rosenbrock") == pytest.approx(
        FIRST_RATES["adam"] * SURFACE_RATES["rosenbrock"][1]
    )


@pytest.mark.parametrize("name", ["momentum", "adam", "newton"])
def test_the_way_is_that_of_minimize(name):
    session = Session(read_link(f"surface=beale&optimizers={name}"))
    session.go(40)
    rate = session.race.runners[0].entry.rate
    path = minimized("beale", None, name, 40, learning_rate=rate)
    found = torch.stack([table[0, :2] for table in session.tables])
    torch.testing.assert_close(found, path.points, rtol=1e-12, atol=1e-12)


def test_adagrad_norm_has_one_accumulator_for_both_coordinates():
    session = Session(read_link("surface=kink&optimizers=adagrad_norm"))
    assert session.race.runners[0].plan.optimizer.bias is False


def test_a_start_outside_the_window_widens_it_and_no_more_than_that():
    window = Session(read_link("surface=bowl&start=3,0")).landscape.window
    assert window == pytest.approx((-2, 3.25, -2, 2))


@pytest.mark.parametrize("word", ["data=xor", "noise=1", "loss=nll", "batch=8", "lesson=xor", "5.add=1,1,0"])
def test_a_word_of_rows_is_refused_by_its_name(word):
    with pytest.raises(InputError, match=rf"so {word.partition('=')[0]} means nothing beside surface=bowl"):
        read_link(f"surface=bowl&{word}")


def test_a_notebook_opens_it_and_refuses_it_beside_rows():
    assert playground(surface="saddle", optimizers=["adam"]).link == "surface=saddle&optimizers=adam"
    with pytest.raises(InputError, match="data means nothing beside surface=saddle"):
        playground([[1, 2], [3, 1], [2, 5]], [0, 1, 0], surface="saddle")


def test_what_is_of_rows_is_refused_in_a_sentence():
    session = Session(read_link("surface=bowl"))
    session.go(3)
    with pytest.raises(InputError, match="row means nothing"):
        inspect_update(session, 0, 0)
    faults = read_lesson({"steps": [{"link": "surface=bowl", "until": 5}]})
    assert any("lesson means nothing beside surface=bowl" in str(fault) for fault in faults)


def test_every_optimizer_has_a_rate_on_every_surface():
    for surface in SURFACES:
        for name in OPTIMIZERS:
            assert 1e-6 <= default_rate(name, surface) <= 1e6, (surface, name)
