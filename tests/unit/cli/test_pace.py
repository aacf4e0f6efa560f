"""A training in portions: short in time, the same to the bit."""

import itertools
from contextlib import closing

import pytest
import torch

from soloneuron.cli import pace
from soloneuron.cli.pace import PORTION, paced
from soloneuron.data.assignment import assignment_data
from soloneuron.training.api import prepare


def training(**settings):
    return prepare(
        assignment_data(), **({"learning_rate": 0.1, "epochs": 1000, "record_every": 50} | settings)
    )


@pytest.fixture
def clock(monkeypatch):
    """A clock that an epoch moves by a thousandth of a second, or by as much as a test says."""
    now = {"time": 0.0, "epoch": 0.001}
    monkeypatch.setattr(pace.time, "monotonic", lambda: now["time"])
    return now


def looks(job, clock):
    """The epochs at which somebody may look."""
    seen = [0]
    with closing(paced(job)) as steps:
        for step in steps:
            clock["time"] += clock["epoch"] * (step.state.epoch - seen[-1])
            seen.append(step.state.epoch)
    return seen


@pytest.mark.parametrize("batch_size", [None, 1, 2])
def test_a_training_in_portions_is_the_same_to_the_bit(batch_size, clock):
    whole, cut = training(batch_size=batch_size), training(batch_size=batch_size)
    for _ in whole.steps():
        pass
    looks(cut, clock)
    for one, other in ((whole.history(), cut.history()),):
        assert torch.equal(one.theta, other.theta)
        assert torch.equal(one.loss, other.loss)
        assert (one.epochs, one.outcome) == (other.epochs, other.outcome)


def test_the_first_look_comes_after_one_epoch_and_the_next_ones_in_time(clock):
    seen = looks(training(record_every=1000), clock)
    portions = [after - before for before, after in itertools.pairwise(seen)]
    assert portions[0] == 1
    assert max(portions) * clock["epoch"] <= PORTION
    assert all(after <= 2 * before for before, after in itertools.pairwise(portions))
    assert seen[-1] == 1000


def test_long_epochs_are_looked_at_one_by_one(clock):
    clock["epoch"] = 1.0
    assert looks(training(epochs=7, record_every=7), clock) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_who_stops_leaves_a_training_of_as_many_epochs_as_before():
    job = training()
    with closing(paced(job)) as steps:
        next(steps)
    assert (job.epochs, job.state.epoch) == (1000, 1)
    assert "of 1000" in job.history(stopped="somebody").outcome.reason


def test_an_overflow_ends_the_portions():
    job = training(learning_rate=1e308, loss="squared_hinge")
    with closing(paced(job)) as steps:
        for _ in steps:
            pass
    assert job.overflow
    assert job.history().outcome.kind == "overflow"
