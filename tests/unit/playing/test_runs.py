"""A race of the playground as saved runs: the same numbers, named honestly."""

import json
import re

import pytest
import torch

import race_runs
from race_runs import runs_of
from soloneuron.data.catalogue import make_dataset
from soloneuron.data.preparation import hold_out
from soloneuron.errors import InputError
from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session
from soloneuron.records.dataset import Batch
from soloneuron.result.fitting import fit
from soloneuron.storage.runs import read_run, write_run
from soloneuron.view import replay
from soloneuron.view.recording import record_race


def played(link, steps):
    session = Session(read_link(link))
    session.go(steps)
    return session


@pytest.mark.parametrize("bias", [0, 1])
def test_a_full_batch_race_is_the_training_of_the_library(bias):
    session = played(f"loss=nll&optimizers=adam:0.2,momentum:0.05&bias={bias}", 25)
    runs = runs_of(session, "en")
    assert list(runs) == ["Adam", "Momentum"]
    for name, rate in (("adam", 0.2), ("momentum", 0.05)):
        one = runs[{"adam": "Adam", "momentum": "Momentum"}[name]]
        wanted = fit(
            session.race.data, optimizer=name, learning_rate=rate, epochs=25, bias=bool(bias),
            initial=torch.tensor([-6.0, -6.0, 0.0][: 2 + bias]),
        )  # fmt: skip
        assert one.history.epochs == wanted.epochs
        assert one.history.unit == "epoch"
        for field in ("theta", "loss", "value", "gradient_norm", "accuracy"):
            torch.testing.assert_close(
                getattr(one.history, field), getattr(wanted, field), rtol=1e-9, atol=1e-12
            )


def test_with_batches_a_step_is_an_update_and_the_record_says_so():
    session = played("loss=nll&optimizers=adam:0.2&batch=8&seed=3", 40)
    one = runs_of(session, "en")["Adam"]
    assert one.history.unit == "update"
    assert (one.recipe.batch_size, one.source.rows) == (8, 300)
    assert one.history.epochs == tuple(range(41))
    plan = session.race.runners[0].plan
    rows = Batch(session.race.data.features, session.race.data.labels)
    assert torch.allclose(one.history.value, plan.objective.value(one.history.theta, rows))


def test_rows_that_are_held_back_are_no_part_of_the_run_and_the_recipe_says_which():
    session = played("loss=nll&data=iris&test=0.3&seed=4&batch=8", 6)
    (one,) = runs_of(session, "en").values()
    assert (one.recipe.test_share, one.recipe.split_seed, one.source.rows) == (0.3, 4, 70)
    train, test = hold_out(make_dataset("iris"), 0.3, seed=4)
    assert torch.equal(one.data.features, train.features)
    assert torch.equal(session.race.test.features, test.features)
    assert runs_of(played("loss=nll", 1), "en")["SGD"].recipe.test_share is None


def test_only_what_was_shown_is_kept():
    session = played("loss=nll", 30)
    session.go(12)
    assert runs_of(session, "en")["SGD"].history.epochs[-1] == 12


def test_two_losses_have_two_names():
    assert list(runs_of(played("", 3), "en")) == ["SGD · NLL", "SGD · MSE"]


def test_who_left_the_range_of_numbers_is_kept_up_to_there():
    session = played("loss=exponential&data=stretched&optimizers=gradient_descent:1000&start=0,0", 20)
    assert session.race.runners[0].lost
    history = runs_of(session, "en")["SGD"].history
    assert history.outcome.kind == "overflow"
    assert history.outcome.epoch == history.epochs[-1] < 20
    assert history.theta.isfinite().all()
    assert "left the range" in history.outcome.reason


def test_of_a_long_race_steps_are_kept_evenly_with_the_first_and_the_last(monkeypatch):
    monkeypatch.setattr(race_runs, "MOST_RECORDS", 11)
    history = runs_of(played("loss=nll", 100), "en")["SGD"].history
    assert history.epochs == tuple(range(0, 101, 10))
    assert len(history.loss) == 100
    assert len(history.theta) == len(history.gradient_norm) == len(history.accuracy) == 11


def test_at_the_start_there_is_nothing_to_keep():
    with pytest.raises(InputError, match="play first"):
        runs_of(Session(read_link("")), "en")


def test_a_kept_run_can_be_saved_and_read_again(tmp_path):
    one = runs_of(played("data=own&points=1,2,1;-1,0,0;0,1,1&loss=nll", 5), "ru")["SGD"]
    write_run(one, tmp_path / "run.json")
    again = read_run(tmp_path / "run.json")
    assert torch.equal(again.history.theta, one.history.theta)
    assert (again.recipe, again.link) == (one.recipe, one.link)


def test_a_penalty_of_the_race_is_part_of_the_loss_and_of_the_map_of_its_replay():
    session = played("loss=nll,mse&l2=0.1&optimizers=gradient_descent", 20)
    page = replay(runs_of(session, "en"))
    setup = json.loads(re.search(r'id="recording">(.*?)</script>', page, re.S)[1])["setup"]
    assert setup["config"]["l2"] == 0.1
    assert [runner["optimizer"] for runner in setup["runners"]] == ["SGD", "SGD"]
    assert "does not show" not in page.split("<footer")[1]
    for course, runner in zip(record_race(runs_of(session, "en")).tracks, (0, 1), strict=True):
        assert float(course.losses[-1]) == pytest.approx(session.measures(runner)["loss"], rel=1e-9)
