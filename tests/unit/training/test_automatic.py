"""The rule that the library takes, and where it stops: neither asks for the scale of a column."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_breast_cancer

from soloneuron import NeuronClassifier
from soloneuron.formulas.losses import Hinge, as_loss
from soloneuron.formulas.penalties import L1, L2, ElasticNet
from soloneuron.neuron import Neuron
from soloneuron.training.automatic import chosen_rule, correlation_condition

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 2)) + np.where(np.arange(200) % 2, 1, -1)[:, None]
Y = np.arange(200) % 2

UNITS = {
    "1e5 beside 1": lambda x: x * [1e5, 1],
    "1e-6": lambda x: x * 1e-6,
    "offsets of 1000": lambda x: x + 1000,
    "1e6": lambda x: x * 1e6,
}


class Bare:
    """A loss without second derivatives."""

    value, derivative = as_loss("nll").value, as_loss("nll").derivative


ROWS = torch.from_numpy(RNG.normal(size=(2000, 30)))
RULES = {
    "few columns": (Neuron(), ROWS[:, :5], "newton"),
    "few rows": (Neuron(), ROWS[:20], "lbfgs"),
    "columns that lean on nothing": (Neuron(), ROWS, "lbfgs"),
    "columns that lean on each other": (
        Neuron(),
        ROWS @ torch.from_numpy(RNG.normal(size=(30, 30))),
        "newton",
    ),
    "a loss that is not convex": (Neuron(as_loss("mse")), ROWS[:, :5], "newton"),
    "L2": (Neuron(penalty=L2(0.1)), ROWS[:, :5], "newton"),
    "a kink of the loss": (Neuron(Hinge()), ROWS, "newton"),
    "a kink of the penalty": (Neuron(penalty=L1(0.1)), ROWS, "newton"),
    "an elastic net": (Neuron(penalty=ElasticNet(0.1)), ROWS, "newton"),
    "a kink, and few rows": (Neuron(penalty=L1(0.1)), ROWS[:20], "lbfgs"),
    "no second derivatives": (Neuron(as_loss(Bare())), ROWS[:, :5], "lbfgs"),
}


@pytest.mark.parametrize("case", RULES)
def test_the_rule_goes_by_the_shape_of_the_rows_and_by_what_bends(case):
    neuron, rows, rule = RULES[case]
    assert chosen_rule(neuron, rows) == rule
    for given in ({"learning_rate": 0.1}, {"batch_size": 8}, {"shuffle": False}):
        assert chosen_rule(neuron, rows, **given) == "gradient_descent"


def test_the_condition_of_correlations_does_not_ask_for_units():
    condition = correlation_condition(ROWS[:, :4])
    moved = ROWS[:, :4] * torch.tensor([1e-3, 1.0, 1e5, 1e200], dtype=torch.float64)
    assert correlation_condition(moved) == pytest.approx(condition, rel=1e-9)
    assert correlation_condition(torch.ones(5, 3)) == 1


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("loss", ["nll", "mse", "squared_hinge"])
def test_the_default_says_the_same_in_all_units_and_has_arrived(units, loss):
    plain = NeuronClassifier(loss=loss).fit(X, Y)
    scaled = UNITS[units](X)
    moved = NeuronClassifier(loss=loss).fit(scaled, Y)
    assert (moved.optimizer_, moved.history_.outcome.kind) == ("newton", "converged")
    assert moved.predict_proba(scaled) == pytest.approx(plain.predict_proba(X), abs=1e-8)


@pytest.mark.parametrize("units", UNITS)
def test_lbfgs_says_the_same_in_all_units(units):
    plain = NeuronClassifier(optimizer="lbfgs").fit(X, Y)
    scaled = UNITS[units](X)
    moved = NeuronClassifier(optimizer="lbfgs").fit(scaled, Y)
    assert moved.predict_proba(scaled) == pytest.approx(plain.predict_proba(X), abs=1e-5)


def test_where_classes_are_apart_the_default_ends_and_says_so_without_a_warning():
    raw, sick = load_breast_cancer(return_X_y=True)
    neuron = NeuronClassifier().fit(raw, sick)
    outcome = neuron.history_.outcome
    assert neuron.score(raw, sick) == 1
    assert neuron.history_.value[-1] < 1e-3
    assert (outcome.kind, outcome.separable) == ("finished", True)
    assert outcome.reason.startswith("every row is on its right side")


def test_epochs_that_run_out_warn_with_the_cure():
    with pytest.warns(UserWarning, match="raise epochs"):
        NeuronClassifier(learning_rate=0.1, epochs=5).fit(X, Y)
    NeuronClassifier(learning_rate=0.1, epochs=5, tol=None).fit(X, Y)
