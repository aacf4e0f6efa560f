"""Pause, step back and resume: keep a state and set it again."""

import pytest
import torch

from soloneuron import assignment_data, prepare
from soloneuron.errors import ShapeError

WAYS = [
    {},
    {"optimizer": "adam"},
    {"optimizer": "nag", "batch_size": 2, "shuffle": True, "seed": 3},
    {"loss": "mse", "learning_rate": lambda t: 1 / t},
    {"batch_size": 1, "shuffle": True, "seed": 3},
    {"learning_rate": torch.tensor([[0.1], [0.5]]).double()},
]


def trained(training):
    for _ in training.steps():
        pass
    return training.history()


def assert_equal(one, other):
    assert one.epochs == other.epochs
    assert torch.equal(one.theta, other.theta)
    assert torch.equal(one.loss, other.loss)


@pytest.mark.parametrize("options", WAYS, ids=range(len(WAYS)))
def test_stepping_back_and_going_on_gives_the_same_history_to_the_bit(options):
    training = prepare(assignment_data(), epochs=12, **options)
    states = [step.state for step in training.steps()]
    first = training.history()
    training.state = states[4]
    assert training.history().epochs == (0, 1, 2, 3, 4, 5)
    assert len(training.losses) == 5
    assert_equal(trained(training), first)


@pytest.mark.parametrize("options", WAYS, ids=range(len(WAYS)))
def test_a_kept_state_goes_on_in_another_training(options):
    whole = prepare(assignment_data(), epochs=12, **options)
    kept = [step.state for step in whole.steps()][6]
    other = prepare(assignment_data(), epochs=12, **options)
    other.state = kept
    history = trained(other)
    assert history.epochs == (7, 8, 9, 10, 11, 12)
    assert torch.equal(history.theta[-1], whole.state.theta)
    assert torch.equal(history.loss, whole.losses[7:])


def test_who_steps_back_while_pulling_is_followed():
    training = prepare(assignment_data(), epochs=6)
    seen, back = [], training.state
    for _ in training.steps():
        seen.append(training.epoch)
        if len(seen) == 3:
            training.state = back
    assert seen == [1, 2, 3, 1, 2, 3, 4, 5, 6]


def test_a_state_of_another_size_is_refused_and_nothing_changes():
    training = prepare(assignment_data(), epochs=6)
    before = training.state
    with pytest.raises(ShapeError, match=r"theta \(3,\).*got \(2,\)"):
        training.state = before._replace(theta=torch.zeros(2, dtype=torch.float64))
    assert training.state is before


def test_a_state_of_ones_own_making_is_the_start_that_is_recorded():
    training = prepare(assignment_data(), epochs=4)
    start = training.state._replace(theta=torch.tensor([3.0, -1.0, 2.0]).double())
    training.state = start
    assert torch.equal(trained(training).theta[0], start.theta)


def test_stepping_back_to_an_epoch_between_two_records_records_nothing_there():
    training = prepare(assignment_data(), epochs=12, record_every=4, batch_size=2)
    first = trained(training)
    kept = prepare(assignment_data(), epochs=6, batch_size=2)
    trained(kept)
    training.state = kept.state
    again = trained(training)
    assert again.epochs == first.epochs == (0, 4, 8, 12)
    assert_equal(again, first)
