"""Every optimizer trains the neuron: the loop adds nothing to the rule and takes nothing away."""

import numpy as np
import pytest
import torch
from sklearn.exceptions import ConvergenceWarning

from soloneuron import NeuronClassifier, assignment_data, fit, train_neuron
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.neuron import Neuron
from soloneuron.optimizers import Adam, GradientDescent, Optimizer
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.schedules import Constant
from soloneuron.records.dataset import Batch
from soloneuron.training.evaluation import Evaluation

DATA = assignment_data()
ROWS = (DATA.features.tolist(), DATA.labels.tolist())
ALL = Batch(DATA.features, DATA.labels, None)
FEW = {"conjugate_gradient": {"iterations": 6}}
"""Of a method whose directions remember each other, the first: from there on rounding leads."""
MANY = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"]


def by_hand(name, batch_size, epochs, *, summed):
    """The same training written out: batches in file order, each through the rule's own interface."""
    rule, neuron = as_optimizer(name, learning_rate=0.05, **FEW.get(name, {})), Neuron()
    theta = torch.tensor([0.1, -0.2, 0.0], dtype=torch.float64)
    state, losses = rule.start(theta), []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, 5, batch_size):
            X, y = (part[start : start + batch_size] for part in (DATA.features, DATA.labels))
            scale = len(X) if summed else 1
            evaluation = Evaluation(neuron, Batch(X, y, None), scale, lambda: neuron.coordinates(ALL))
            total += float(rule.update(theta, evaluation, state)) * len(X) / scale
        losses.append(total / 5)
    return theta, losses


@pytest.mark.parametrize("summed", [False, True], ids=["mean", "sum"])
@pytest.mark.parametrize("batch_size", [1, 2, 5])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_is_the_rule_applied_batch_by_batch(name, batch_size, summed):
    # A line search has arrived after its first twenty directions: from there on rounding leads. It needs the
    # same function in all its steps, that of all rows.
    searches = OPTIMIZERS.load(name).needs == "objective"
    if searches and batch_size < len(DATA.labels):
        with pytest.raises(InputError, match="needs one function in all its steps"):
            fit(DATA, optimizer=name, batch_size=batch_size)
        return
    epochs = 1 if searches else 6
    theta, losses = by_hand(name, batch_size, epochs, summed=summed)
    history = fit(
        DATA,
        initial=[0.1, -0.2, 0.0],
        optimizer=as_optimizer(name, learning_rate=0.05, **FEW.get(name, {})),
        epochs=epochs,
        batch_size=batch_size,
        reduction="sum" if summed else "mean",
    )
    torch.testing.assert_close(history.theta[-1], theta, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(history.loss, torch.tensor(losses).double(), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("name", MANY)
def test_runs_together_are_the_runs_alone(name):
    rates = torch.tensor([[0.01], [0.1], [0.5]], dtype=torch.float64)
    together = fit(DATA, optimizer=name, learning_rate=rates, epochs=8, batch_size=2)
    for run, rate in enumerate(rates[:, 0].tolist()):
        alone = fit(DATA, optimizer=name, learning_rate=rate, epochs=8, batch_size=2)
        torch.testing.assert_close(together.theta[:, run], alone.theta, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(together.loss[:, run], alone.loss, rtol=1e-12, atol=1e-12)


def test_an_instance_and_its_name_are_the_same_optimizer():
    named = train_neuron(*ROWS, [0.1, -0.2], 0.0, 0.1, 30, optimizer="adam")
    assert train_neuron(*ROWS, [0.1, -0.2], 0.0, 0.1, 30, optimizer=Adam()) == named
    assert train_neuron(*ROWS, [0.1, -0.2], 0.0, 0.1, 30, optimizer=Adam(learning_rate=0.1)) == named
    assert train_neuron(*ROWS, [0.1, -0.2], 0.0, None, 30, optimizer=Adam(learning_rate=0.1)) == named
    assert train_neuron(*ROWS, [0.1, -0.2], 0.0, 0.2, 30, optimizer="adam") != named


@pytest.mark.parametrize("name", ["gradient_descent", "sgd"])
def test_plain_descent_by_name_is_the_default(name):
    plain = train_neuron(*ROWS, [0.1, -0.2], 0.0, 0.1, 30)
    assert train_neuron(*ROWS, [0.1, -0.2], 0.0, 0.1, 30, optimizer=name) == plain


def test_plain_descent_with_decay_or_a_schedule_is_not_taken_for_plain():
    """The fast engines know constant rates and no decay."""
    plain = fit(DATA, learning_rate=0.1, epochs=9).theta[-1]
    decayed = fit(DATA, optimizer=GradientDescent(learning_rate=0.1, weight_decay=0.5), epochs=9).theta[-1]
    scheduled = fit(DATA, learning_rate=lambda t: 0.1 if t < 5 else 0.01, epochs=9).theta[-1]
    grouped = fit(DATA, learning_rate=torch.tensor([0.1, 0.1, 0.01]), epochs=9).theta[-1]
    for other in (decayed, scheduled, grouped):
        assert (other - plain).abs().max() > 1e-3
    same = fit(DATA, learning_rate=Constant(0.1), epochs=9).theta[-1]
    torch.testing.assert_close(same, plain, rtol=1e-12, atol=1e-12)


def test_somebodys_own_rule_trains():
    class Signs(Optimizer):
        def direction(self, g, workspace, context):  # noqa: ARG002
            return g.sign()

    history = fit(DATA, optimizer=Signs(learning_rate=0.05), epochs=20)
    assert history.loss[-1] < history.loss[0]


def test_the_bias_is_a_part_of_its_own_only_where_there_is_one():
    """AdagradNorm keeps one accumulator for the weights; without a bias the last weight is one of them."""
    history = fit(DATA, optimizer="adagrad_norm", epochs=1, bias=False)
    gradient = Neuron(bias=False).value_and_gradient(torch.zeros(2).double(), Batch(*ROWS_AS_TENSORS, None))[
        1
    ]
    expected = -gradient / (gradient.square().sum() + 0.01).sqrt()
    torch.testing.assert_close(history.theta[-1], expected, rtol=1e-12, atol=1e-12)


ROWS_AS_TENSORS = (DATA.features, DATA.labels)

WRONG = [
    ({"optimizer": "adm"}, UnknownNameError, "did you mean 'adam'"),
    ({"optimizer": Adam(learning_rate=0.1), "learning_rate": 0.2}, InputError, "must be given once"),
    ({"optimizer": 3}, InputError, "must be a name of the catalogue or an Optimizer"),
    ({"optimizer": "adam", "learning_rate": -1}, InputError, "must be finite and > 0, got -1"),
    ({"optimizer": "adam", "learning_rate": lambda t: -float(t)}, InputError, "at step 1"),
    ({"learning_rate": torch.ones(7)}, InputError, "each of the 3 coordinates"),
]


@pytest.mark.parametrize(("options", "error", "words"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_is_said(options, error, words):
    with pytest.raises(error, match=words):
        fit(DATA, epochs=3, **options)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_estimator_takes_every_optimizer_and_goes_on_with_what_it_remembers(name):
    X, y = DATA.features.numpy(), DATA.labels.numpy()
    settings = {"optimizer": name, "tol": None, "learning_rate": 0.05}
    whole = NeuronClassifier(epochs=6, **settings).fit(X, y)
    parts = NeuronClassifier(epochs=3, warm_start=True, **settings).fit(X, y).fit(X, y)
    single = NeuronClassifier(**settings)
    for _ in range(6):
        single.partial_fit(X, y)
    for other in (parts, single):
        assert abs(other.coef_ - whole.coef_).max() < 1e-12


@pytest.mark.parametrize("rate", [Constant(50.0), np.array([50.0, 50.0])], ids=["schedule", "coordinates"])
def test_the_estimator_warns_of_a_rate_too_large_in_whatever_form_it_comes(rate):
    X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]
    with pytest.warns(ConvergenceWarning):
        NeuronClassifier(learning_rate=rate, epochs=20).fit(X, y)
