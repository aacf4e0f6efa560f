"""Links and configs: one spelling, strict, and the same after a round trip."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.data.catalogue import PLANAR
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.terms import TERMS
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import (
    BATCH_CHOICES,
    MOST_POINTS,
    MOST_RUNNERS,
    Config,
    Point,
    RaceEntry,
    default_rate,
)
from soloneuron.playing.hyperparameters import number_ranges
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link import read_link, write_link
from soloneuron.playing.link_words import feature_name
from soloneuron.playing.menus import menus
from soloneuron.view.losses import page_losses

coordinate = st.integers(-999_999, 999_999).map(lambda whole: whole / 1000)
point = st.builds(Point, coordinate, coordinate, st.integers(0, 1))
rate = st.floats(1e-6, 1e6)


@st.composite
def entries(draw, name):
    numbers = number_ranges(name)
    chosen = draw(st.sets(st.sampled_from(list(numbers)))) if numbers else ()
    found = {key: draw(st.floats(one.least, one.most)) + 0.0 for key, one in numbers.items() if key in chosen}
    settings = tuple((key, value) for key, value in found.items() if value != numbers[key].default)
    return RaceEntry(name, draw(rate), settings)


feature = st.text(min_size=1, max_size=40).map(feature_name).filter(bool)


@st.composite
def configs(draw):
    names = draw(st.lists(st.sampled_from(list(OPTIMIZERS)), min_size=1, max_size=12, unique=True))
    own = draw(st.booleans())
    both = [Point(0.0, 1.0, 0), Point(1.0, 0.0, 1)]
    return Config(
        data="own" if own else draw(st.sampled_from(list(PLANAR))),
        points=(*both, *draw(st.lists(point, max_size=20))) if own else (),
        names=draw(st.just(()) | st.tuples(feature, feature)),
        loss=tuple(draw(st.lists(st.sampled_from(page_losses()), min_size=1, max_size=2, unique=True))),
        optimizers=tuple(draw(entries(name)) for name in names),
        batch=draw(st.sampled_from([None, *BATCH_CHOICES])),
        start=(draw(coordinate), draw(coordinate)),
        bias=draw(st.booleans()),
        terms=tuple(name for name in TERMS if draw(st.booleans())),
        l2=draw(st.sampled_from([0.0, 0.01]) | st.floats(0, 10)),
        seed=draw(st.integers(0, 2**31 - 1)),
        test=draw(st.sampled_from([0.0, 0.3]) | st.floats(0, 0.5)),
        step=draw(st.integers(0, 10_000)),
        lesson=draw(st.sampled_from(["", *LESSONS])),
    )


@given(configs())
def test_a_link_reads_back_as_the_config_it_was_written_from(config):
    assert read_link(write_link(config)) == config


@given(configs())
def test_a_link_holds_only_what_differs_from_the_defaults(config):
    written = {word.partition("=")[0] for word in write_link(config).split("&") if word}
    plain = replace(read_link(LESSONS[config.lesson].steps[0].link) if config.lesson else Config(), lesson="")
    differing = {name for name in vars(config) if getattr(config, name) != getattr(plain, name)}
    assert written == differing


def test_the_defaults_need_no_words():
    assert write_link(Config()) == ""
    assert read_link("") == Config()


def test_a_whole_address_is_understood():
    assert read_link("http://127.0.0.1:8642/?data=xor&batch=8#lang=ru") == Config(data="xor", batch=8)


def test_an_optimizer_without_a_rate_takes_the_one_of_the_playground():
    assert read_link("optimizers=adam").optimizers == (RaceEntry("adam", default_rate("adam")),)


def test_a_number_that_is_the_usual_one_needs_no_word():
    link = "optimizers=adam:0.3:epsilon=1e-6:beta1=0.9"
    assert write_link(read_link(link)) == "optimizers=adam:0.3:epsilon=1e-06"


def test_every_number_that_a_link_may_name_makes_a_rule():
    for name in OPTIMIZERS:
        for key, (least, most, default) in number_ranges(name).items():
            assert least <= default <= most
            for value in (least, most):
                assert OPTIMIZERS.load(name)(**{key: value}).settings[key] == value
        assert OPTIMIZERS.load(name)(**{key: one.most for key, one in number_ranges(name).items()})
        assert OPTIMIZERS.load(name)(**{key: one.least for key, one in number_ranges(name).items()})


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("nonsense", "link"),
        ("color=red", "word"),
        ("data=xor&data=xor", "twice"),
        ("data=moon", "choice"),
        ("loss=nll,nll", "losses"),
        ("loss=nll,mse,mae", "losses"),
        ("loss=", "choice"),
        ("optimizers=adam:1e9", "number"),
        ("optimizers=adam:nan", "number"),
        ("optimizers=adam:0", "number"),
        ("optimizers=adam:1_0", "number"),
        ("optimizers=adam,adam", "optimizers.twice"),
        ("optimizers=adam:1:momentum=0.9", "setting"),
        ("optimizers=adam:1:beta1=1", "number"),
        ("optimizers=adam:1:beta1=0:beta1=0", "twice"),
        ("optimizers=own", "choice"),
        ("batch=7", "choice"),
        ("start=1", "start"),
        ("start=1,inf", "number"),
        ("bias=yes", "choice"),
        ("seed=-1", "whole"),
        ("seed=1.5", "whole"),
        ("seed=99999999999999999999", "whole"),
        ("step=10001", "whole"),
        ("l2=-1", "number"),
        ("l2=1e9", "number"),
        ("lesson=chess", "choice"),
        ("lesson=xor,nag", "choice"),
        ("data=own", "points.none"),
        ("data=own&points=", "points.none"),
        ("data=own&points=1,2,0;1,3,0", "points.one_class"),
        ("data=own&points=1,2", "points.row"),
        ("data=own&points=1,2,2;1,2,1", "choice"),
        ("data=xor&points=1,2,0;2,3,1", "points.data"),
        ("data=own&points=" + "1,2,0;" * MOST_POINTS + "1,2,1", "points.count"),
        (f"loss=nll,mse&optimizers={','.join(list(OPTIMIZERS)[: MOST_RUNNERS // 2 + 1])}", "runners"),
    ],
)
def test_nonsense_in_a_link_is_refused_by_name(link, code):
    with pytest.raises(InputError) as refusal:
        read_link(link)
    assert refusal.value.code == f"playground.{code}"


def test_a_loss_that_the_page_cannot_draw_is_in_no_menu_and_its_link_is_refused(monkeypatch):
    before = menus()["loss"]
    monkeypatch.setitem(LOSSES.entries, "newcomer", LOSSES["mse"])
    assert "newcomer" in LOSSES
    assert menus()["loss"] == before
    with pytest.raises(InputError, match="cannot draw the loss newcomer yet") as refusal:
        read_link("loss=nll,newcomer")
    assert refusal.value.code == "playground.undrawn"


def test_an_unknown_data_set_is_refused_by_the_makers_too():
    from soloneuron.data.catalogue import make_dataset

    with pytest.raises(UnknownNameError):
        make_dataset("moon")


def test_other_points_beside_a_lesson_with_points_of_its_own_are_written_and_read():
    lesson = next(name for name, one in LESSONS.items() if "points=" in one.steps[0].link)
    config = read_link(f"lesson={lesson}&data=xor&points=")
    assert (config.data, config.points, config.lesson) == ("xor", (), lesson)
    assert read_link(write_link(config)) == config
    with pytest.raises(InputError, match="at least one point"):
        read_link("data=own&points=")
