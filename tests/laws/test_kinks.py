"""Kinks of losses and penalties: the default estimator arrives beside them, or says that it did not."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning

from soloneuron import NeuronClassifier, fit, sweep, train_neuron
from soloneuron.errors import InputError
from soloneuron.formulas.kinked import _Faces, kinked_minimum
from soloneuron.formulas.losses import Hinge, as_loss
from soloneuron.formulas.penalties import L1, ElasticNet
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.training.prepare import prepare

RNG = np.random.default_rng(3)
X = RNG.normal(size=(150, 6))
Y = (X @ [2.0, -1.0, 0.5, 0.0, 0.0, 0.0] + RNG.normal(size=150) > 0).astype(int)

UNITS = {
    "1e5 beside 1": lambda x: x * [1e5, 1, 1, 1, 1, 1e-5],
    "1e300": lambda x: x * 1e300,
    "offsets of 1e6": lambda x: x + 1e6,
}


def least_slope(model, rows):
    """By how much a subgradient of least size misses 0 where a model with L1 stands."""
    neuron = Neuron(penalty=L1(model.alpha))
    theta = torch.from_numpy(np.concatenate([model.coef_[0], model.intercept_]))
    _, g = Neuron().value_and_gradient(
        theta, Batch(torch.from_numpy(rows), torch.from_numpy(Y).double(), None)
    )
    cost = neuron.absolute(theta)
    beside = (g.abs() - cost).clamp(min=0)
    return float(torch.where(theta != 0, (g + cost * theta.sign()).abs(), beside).max())


@pytest.mark.parametrize("optimizer", ["auto", "lbfgs"])
def test_weights_that_are_not_worth_their_size_are_exactly_0(optimizer):
    model = NeuronClassifier(penalty="l1", alpha=0.02, optimizer=optimizer).fit(X, Y)
    assert model.optimizer_ == ("newton" if optimizer == "auto" else "lbfgs")
    assert (model.coef_[0] != 0).tolist() == [True, True, True, False, True, True]
    assert least_slope(model, X) < (1e-6 if optimizer == "auto" else 1e-4)
    assert model.history_.outcome.kind == "converged"


def test_a_weight_is_0_from_a_strength_on_that_the_gradient_tells():
    y = torch.from_numpy(Y).double()
    bias = torch.zeros(7, dtype=torch.float64)
    bias[-1] = (y.mean() / (1 - y.mean())).log()
    _, g = Neuron().value_and_gradient(bias, Batch(torch.from_numpy(X), y, None))
    top = float(g[:-1].abs().max())
    for share, left in ((1.001, 0), (0.99, 1)):
        assert np.count_nonzero(NeuronClassifier(penalty="l1", alpha=share * top).fit(X, Y).coef_) == left


@pytest.mark.parametrize("units", UNITS)
def test_the_hinge_says_the_same_in_all_units(units):
    plain = NeuronClassifier(loss="hinge").fit(X, Y)
    rows = UNITS[units](X)
    moved = NeuronClassifier(loss="hinge").fit(rows, Y)
    assert (moved.optimizer_, moved.history_.outcome.kind) == ("newton", "converged")
    assert moved.history_.value[-1] == pytest.approx(float(plain.history_.value[-1]), rel=1e-8)
    assert moved.decision_function(rows) == pytest.approx(plain.decision_function(X), abs=1e-5)


@pytest.mark.parametrize("units", ["offsets of 1e8", "1e300", "1e-300"])
def test_newton_arrives_where_second_derivatives_of_raw_columns_have_no_digits(units):
    rows = {"offsets of 1e8": X + 1e8, "1e300": X * 1e300, "1e-300": X * 1e-300}[units]
    plain, moved = NeuronClassifier().fit(X, Y), NeuronClassifier(optimizer="newton").fit(rows, Y)
    assert moved.history_.outcome.kind == "converged"
    assert moved.history_.value[-1] == pytest.approx(float(plain.history_.value[-1]), abs=1e-8)


def test_a_rounded_loss_lies_above_its_own_by_its_width_at_most_and_has_its_slopes():
    z, width = torch.linspace(-3, 3, 121, dtype=torch.float64), torch.tensor(0.1, dtype=torch.float64)
    rounded = Hinge().rounded(width)
    for label in (0.0, 1.0):
        y = torch.full_like(z, label)
        above = rounded.value(z, y) - Hinge().value(z, y)
        assert above.min() > 0
        assert float(above.max()) == pytest.approx(0.1)
        h = 1e-5
        slope = (rounded.value(z + h, y) - rounded.value(z - h, y)) / (2 * h)
        bend = (rounded.derivative(z + h, y) - rounded.derivative(z - h, y)) / (2 * h)
        torch.testing.assert_close(rounded.derivative(z, y), slope, rtol=0, atol=1e-8)
        torch.testing.assert_close(rounded.second_derivative(z, y), bend, rtol=1e-6, atol=1e-6)
    t = z.clone()
    torch.testing.assert_close(rounded.slope_into(t, out=torch.empty_like(t)), rounded.derivative(z, 0 * z))
    torch.testing.assert_close(rounded.value_into(t, out=t), rounded.value(z, 0 * z))
    assert as_loss("nll").rounded(width) is None


@pytest.mark.parametrize("seed", range(8))
def test_a_parabola_and_sizes_have_their_minimum_where_every_way_leads_up(seed):
    generator = torch.Generator().manual_seed(seed)
    A, slope, theta, cost = (
        torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in ((9, 6), (6,), (6,), (6,))
    )
    H, cost = A.T @ A + 1e-9 * torch.eye(6), cost.abs()
    cost[-1] = 0.0

    def value(z):
        away = z - theta
        return slope @ away + away @ H @ away / 2 + (cost * z.abs()).sum()

    z, failed = kinked_minimum(H, slope, theta, cost)
    assert not failed
    for step in torch.cat([torch.eye(6), -torch.eye(6), torch.randn(50, 6, generator=generator)]).double():
        assert value(z + 1e-4 * step) >= value(z) - 1e-12
    faces = _Faces(H, H @ theta - slope, cost)
    torch.testing.assert_close(faces.descended(theta.clone()), z, rtol=1e-6, atol=1e-8)


def test_a_parabola_that_bends_downwards_has_none():
    H = -torch.eye(2, dtype=torch.float64)
    z, failed = kinked_minimum(H, torch.ones(2).double(), torch.ones(2).double(), torch.ones(2).double())
    assert failed
    assert z.tolist() == [1, 1]


def test_sparse_rows_and_few_rows_arrive_too_or_say_that_they_did_not():
    for options in ({"penalty": "l1", "alpha": 0.02}, {"loss": "hinge", "penalty": "l2", "alpha": 0.1}):
        dense = NeuronClassifier(**options).fit(X, Y)
        sparse = NeuronClassifier(**options).fit(csr_matrix(X), Y)
        assert (dense.optimizer_, sparse.optimizer_) == ("newton", "lbfgs")
        assert sparse.history_.value[-1] == pytest.approx(float(dense.history_.value[-1]), rel=1e-5)
    with pytest.warns(ConvergenceWarning, match="have kinks, beside which"):
        NeuronClassifier(loss="hinge", penalty="l1", alpha=0.01).fit(csr_matrix(X), Y)


class Own:
    """A loss with a kink that it does not tell of."""

    smooth, convex = False, True
    value, derivative = Hinge().value, Hinge().derivative


def test_a_training_that_stands_still_at_an_unknown_kink_is_not_called_an_end():
    with pytest.warns(ConvergenceWarning, match="squared_hinge or l2"):
        NeuronClassifier(loss=Own()).fit(X, Y)


def test_a_penalty_of_the_bias_too_counts_its_size():
    model = fit(X, Y, optimizer="newton", penalty=ElasticNet(0.02, penalize_bias=True), epochs=20)
    moved = fit(X + 5e4, Y, optimizer="newton", penalty=ElasticNet(0.02, penalize_bias=True), epochs=60)
    assert model.outcome.kind == "converged"
    assert moved.value[-1] < model.value[0]


@pytest.mark.parametrize("rule", ["newton", "lbfgs"])
def test_batches_are_refused_to_a_line_search_by_every_door(rule):
    words = f"{rule} needs one function in all its steps, that of all rows, got batch_size=3: leave"
    doors = [
        lambda: fit(X, Y, optimizer=rule, batch_size=3),
        lambda: prepare(X, Y, optimizer=rule, batch_size=3, shuffle=True),
        lambda: sweep(X, Y, optimizer=["adam", rule], batch_size=[3, None], epochs=1),
        lambda: train_neuron(X, Y, [0.0] * 6, 0.0, None, 2, optimizer=rule, batch_size=3),
        lambda: NeuronClassifier(optimizer=rule, batch_size=3).fit(X, Y),
        lambda: NeuronClassifier(optimizer=rule, batch_size=3).partial_fit(X, Y),
    ]
    for door in doors:
        with pytest.raises(InputError, match=words):
            door()
    assert fit(X, Y, optimizer=rule, batch_size=150, shuffle=True, epochs=30).outcome.kind == "converged"
