"""The session: deterministic, honest about what happened, the same forwards and backwards."""

import json
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from covering import crossed
from race_runs import page_outcome
from soloneuron.data.catalogue import PLANAR
from soloneuron.errors import InputError
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import MOST_RUNNERS, Config
from soloneuron.playing.judgement import judged, status
from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session
from soloneuron.training.prepare import prepare
from soloneuron.view.losses import page_losses
from tolerances import ENGINES

RACE = "loss=nll&optimizers=gradient_descent,momentum,nag,adagrad,rmsprop,adam&batch=8"


def codes(session):
    return [runner["code"] for runner in status(session)["runners"]]


def test_the_first_load_shows_one_loss_learning_and_the_other_standing_still():
    session = Session(Config())
    nll, mse = (session.measures(runner)["gradient_norm"] for runner in (0, 1))
    assert nll > 400 * mse
    session.go(60)
    assert codes(session) == ["learned", "plateau"]
    assert 15 <= session.learned(0) <= 25
    session.go(2000)
    assert session.learned(1) is None


LINKS = ("", RACE, "data=outliers&loss=mse&bias=1&optimizers=adam&seed=3")
STEPS = (0, 1, 40)


def table_of(session):
    """What is shown now."""
    return session.tables[session.position]


def seen(link, steps):
    """The tables that a session shows at some steps."""
    session, tables = Session(read_link(link)), {}
    for step in steps:
        session.go(step)
        tables[str(step)] = table_of(session).float().tolist()
    return tables


def test_tables_are_the_golden_ones(golden):
    def make():
        return [{"link": link, "tables": seen(link, STEPS)} for link in LINKS]

    for kept in golden("playground.json", make):
        for step, table in seen(kept["link"], map(int, kept["tables"])).items():
            wanted = torch.tensor(kept["tables"][step])
            torch.testing.assert_close(torch.tensor(table), wanted, atol=1e-6, rtol=1e-6)


@settings(max_examples=8)
@given(st.lists(st.tuples(st.sampled_from(["step", "back", "go"]), st.integers(0, 40)), max_size=12))
def test_whatever_was_done_before_a_step_looks_the_same(moves):
    played, fresh = Session(read_link(RACE)), Session(read_link(RACE))
    for move, step in moves:
        target = {"step": played.position + 1, "back": played.position - 1, "go": step}[move]
        played.go(target)
        fresh.go(played.position)
        assert played.position == max(0, target)
        assert torch.equal(table_of(played), table_of(fresh))
        assert status(played) == status(fresh)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_walk_is_the_training_of_the_library(name):
    session = Session(read_link(f"loss=nll&optimizers={name}&batch=32&start=1,-1&bias=1"))
    runner = session.race.runners[0]
    parts = runner.plan.optimizer.needs != "objective"
    session.go(3 * runner.plan.updates)
    training = prepare(
        session.race.data,
        initial=session.race.start,
        optimizer=runner.plan.optimizer,
        epochs=3,
        batch_size=32 if parts else None,
        shuffle=parts,
        seed=0 if parts else None,
    )
    for _ in training.steps():
        pass
    torch.testing.assert_close(session.weights(0), training.state.theta, atol=ENGINES, rtol=ENGINES)


@pytest.mark.parametrize("data", list(PLANAR))
def test_every_data_set_can_be_played(data):
    session = Session(read_link(f"data={data}&batch=8"))
    session.go(30)
    left, right, bottom, top = session.landscape.window
    assert left < -6 < right
    assert bottom < -6 < top
    assert table_of(session).isfinite().all()


def test_a_rate_above_its_limit_is_explained_and_never_a_nan():
    session = Session(read_link("loss=nll&optimizers=gradient_descent:40&start=1,1&data=stretched&step=30"))
    session.go(30)
    (runner,) = status(session)["runners"]
    assert runner["code"] == "worse_than_untrained"
    fields = runner["fields"]
    assert fields["cause"] == "rate"
    assert fields["guaranteed_ratio"] == pytest.approx(40 / fields["guaranteed"])
    assert fields["back"] < 30


def test_a_runner_that_leaves_all_numbers_keeps_its_last_place():
    session = Session(read_link("loss=exponential&optimizers=gradient_descent:1000000"))
    session.go(20)
    assert codes(session) == ["overflow"]
    assert table_of(session).isfinite().all()
    json.dumps(status(session), allow_nan=False)


def test_a_session_ends_at_the_last_step(monkeypatch):
    """The last of few steps, as all of them take long."""
    monkeypatch.setattr("soloneuron.playing.session.MOST_STEPS", 300)
    session = Session(read_link("loss=nll&data=assignment"))
    session.go(305)
    assert session.position == 300


def test_steps_to_the_target_count_from_the_start_and_vanish_before_it():
    session = Session(read_link("loss=nll&optimizers=adam"))
    session.go(200)
    (runner,) = status(session)["runners"]
    learned = runner["learned"]
    session.go(learned - 1)
    assert status(session)["runners"][0]["learned"] is None
    session.go(learned)
    assert session.measures(0)["accuracy"] >= 0.95


RESTS = ("data=xor&batch=1", "data=separable&bias=1", "data=own&points=0,0,0;0,0,1")


@pytest.mark.parametrize(("loss", "rest"), crossed(page_losses(), RESTS, strength=1))
def test_every_loss_and_optimizer_plays_in_numbers_that_json_can_say(loss, rest):
    for k in range(0, len(OPTIMIZERS), MOST_RUNNERS):
        names = ",".join(list(OPTIMIZERS)[k : k + MOST_RUNNERS])
        session = Session(read_link(f"loss={loss}&{rest}&optimizers={names}"))
        session.go(6)
        json.dumps(status(session), allow_nan=False)
        assert table_of(session).isfinite().all()


def test_with_a_penalty_the_lowest_point_is_one_where_its_gradient_balances_that_of_the_loss():
    session = Session(read_link("data=separable&loss=nll&l2=0.01"))
    lowest, (X, y, _) = session.landscape.minima["nll"], session.race.runners[0].plan.data
    pull = X.T @ (torch.sigmoid(X @ lowest) - y) / len(y)
    torch.testing.assert_close(pull, -0.01 * lowest, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    "link",
    [
        "data=own&points=1000,1000,0;-1000,1000,1&start=1000,-1000&loss=exponential",
        "data=stretched&loss=nll,exponential&bias=1",
    ],
)
def test_a_start_that_no_frame_can_hold_is_refused_and_the_one_it_names_opens(link):
    with pytest.raises(InputError) as refusal:
        Session(read_link(link))
    assert refusal.value.code == "playground.far"
    assert refusal.value.fields["loss"] == "exponential"
    one, two = map(float, refusal.value.fields["nearer"].split(", "))
    session = Session(replace(read_link(link), start=(one, two)))
    session.go(1)
    assert table_of(session).isfinite().all()
    assert refusal.value.fields["nearer"] in str(refusal.value)


JUDGED = [
    "loss=nll&optimizers=gradient_descent:40&start=1,1&data=stretched",
    "loss=nll&optimizers=rmsprop:2,gradient_descent:5,newton&data=outliers",
    "loss=mse,nll&start=-6,-6",
    "loss=nll&l2=0.1",
]


@pytest.mark.parametrize("link", JUDGED)
def test_the_page_says_what_a_training_of_so_many_epochs_ends_with(link):
    session = Session(read_link(link))
    session.go(40)
    for number, runner in enumerate(session.race.runners):
        training = prepare(
            session.race.data,
            initial=session.race.start,
            loss=runner.loss,
            penalty=runner.neuron.penalty,
            optimizer=runner.plan.optimizer,
            bias=False,
            epochs=40,
        )
        outcome = training.run().history().outcome
        code = judged(session, number)["code"]
        assert code == outcome.kind or (outcome.kind, code) in {
            ("finished", "learned"),
            ("finished", "running"),
        }
        assert page_outcome(session, number, name="", language="en").fields.keys() == outcome.fields.keys()


def test_a_runner_astray_is_told_both_limits_and_what_to_do():
    session = Session(read_link(JUDGED[0].replace(":40", ":40,adam:60")))
    session.go(30)
    plain, adam = (judged(session, runner)["beside"] for runner in (0, 1))
    assert plain[0] in {"limits", "guaranteed_alone"}
    assert (plain[-1], adam) == ("cures.rate", ["cures.rate"])
    said = [page_outcome(session, runner, name="A", language="ru").reason for runner in (0, 1)]
    assert "гарантированного предела" in said[0]
    assert all(
        f"Скорость обучения {rate} слишком велика" in one for one, rate in zip(said, (40, 60), strict=True)
    )


def test_a_plateau_is_a_standstill_and_no_arrival():
    session = Session(read_link("loss=mse&optimizers=gradient_descent:1&start=-25,-25&data=separable&step=3"))
    session.go(3)
    (runner,) = status(session)["runners"]
    assert runner["code"] == "plateau"


def test_a_run_in_which_something_changes_is_refused_and_not_played_without():
    with pytest.raises(InputError, match=r"no changes, got 20\.batch: .*changes\.play") as refusal:
        Session(read_link("loss=nll&20.batch=8&30.l2=0.1"))
    assert refusal.value.code == "session.changes"
