"""What a training leaves behind tells of one run what was true of it, also of many trained at once."""

import pytest
import torch

from soloneuron.data.assignment import assignment_data
from soloneuron.formulas.penalties import L2
from soloneuron.optimizers import Adam
from soloneuron.optimizers.schedules import ExponentialDecay
from soloneuron.training.api import prepare
from soloneuron.training.results import one_run, settings_of


def done(**settings):
    training = prepare(assignment_data(), **({"epochs": 7} | settings))
    for _ in training.steps():
        pass
    return training


RATES = torch.tensor([[0.1], [0.5], [0.2]], dtype=torch.float64)


@pytest.mark.parametrize("run", [0, 1, 2])
def test_one_run_of_many_is_that_run_alone(run):
    many, alone = done(learning_rate=RATES), done(learning_rate=float(RATES[run]))
    one, other = one_run(many.history(), run), alone.history()
    for name in ("theta", "loss", "gradient_norm", "accuracy"):
        torch.testing.assert_close(getattr(one, name), getattr(other, name), rtol=0, atol=1e-12)
    assert (one.epochs, one.outcomes) == (other.epochs, other.outcomes)
    assert settings_of(many, run) == settings_of(alone)


def test_the_history_of_a_single_run_is_itself():
    history = done().history()
    assert one_run(history, 0) is history


def test_seeds_of_many_runs_are_told_one_by_one():
    many = done(learning_rate=RATES, seed=[4, 8, 6], shuffle=True, batch_size=2)
    assert one_run(many.history(), 1).seeds == (8,)
    assert [settings_of(many, run)["seed"] for run in range(3)] == [4, 8, 6]
    shared = done(learning_rate=RATES, seed=9, shuffle=True, batch_size=2)
    assert one_run(shared.history(), 2).seeds == (9,)
    assert settings_of(shared, 2)["seed"] == 9


def test_hyperparameters_of_many_runs_are_told_one_by_one():
    decays = torch.tensor([[0.0], [0.1]], dtype=torch.float64)
    many = done(optimizer=Adam(learning_rate=0.01, weight_decay=decays, beta1=0.8))
    told = [settings_of(many, run)["hyperparameters"] for run in range(2)]
    assert told == [{"learning_rate": 0.01, "weight_decay": d, "beta1": 0.8} for d in (0.0, 0.1)]


def test_a_rate_for_each_coordinate_is_told_as_a_list():
    rates = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
    assert settings_of(done(learning_rate=rates))["learning_rate"] == [0.1, 0.2, 0.3]


def test_a_schedule_is_told_in_words():
    assert "ExponentialDecay" in settings_of(done(learning_rate=ExponentialDecay(0.1, 0.9)))["learning_rate"]


def test_what_was_asked_stands_in_the_settings():
    asked = {"loss": "mse", "penalty": L2(0.3), "reduction": "sum", "fit_intercept": False, "batch_size": 2}
    told = settings_of(done(**asked, dtype=torch.float32))
    assert told["loss"] == "mse"
    assert told["penalty"] == {"name": "l2", "alpha": 0.3}
    assert (told["reduction"], told["bias"], told["batch_size"], told["rows"]) == ("sum", False, 2, 5)
    assert (told["dtype"], told["seed"], told["shuffle"], told["epochs"]) == ("float32", None, False, 7)
    assert settings_of(done())["reduction"] == "mean"
