"""One loop, three sources of gradient: the neuron, an eager graph and a compiled one train alike."""

from types import SimpleNamespace

import pytest
import torch

from soloneuron import Element, assignment_data, compile_graph, fit, prepare
from soloneuron.compiler import EagerObjective
from soloneuron.errors import InputError
from soloneuron.optimizers.catalogue import OPTIMIZERS

DATA = assignment_data()
START = [0.1, -0.2, 0.05]


def graphs():
    """The neuron of the assignment written one number at a time, as two objectives."""
    w = [Element(number) for number in START]

    def loss(x1, x2, y):
        z = w[0] * x1 + w[1] * x2 + w[2]
        return z.softplus() - y * z

    sample = [Element(1.0), Element(2.0), Element(1.0)]
    return EagerObjective(loss, w), compile_graph(loss(*sample), w, inputs=sample)


GRADIENTS = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"]


@pytest.mark.parametrize("batch_size", [1, 2, None])
@pytest.mark.parametrize("name", GRADIENTS)
def test_the_three_sources_of_gradient_train_alike_under_every_optimizer(name, batch_size):
    options = {
        "optimizer": name,
        "learning_rate": 0.05,
        "epochs": 4,
        "batch_size": batch_size,
        "initial": START,
    }
    neuron = fit(DATA, **options)
    for objective in graphs():
        history = fit(DATA, objective=objective, **options)
        torch.testing.assert_close(history.theta, neuron.theta, rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(history.loss, neuron.loss, rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(history.gradient_norm, neuron.gradient_norm, rtol=1e-9, atol=1e-9)
        assert history.accuracy.isnan().all()


def test_a_line_search_knows_the_columns_of_a_neuron_and_not_those_of_a_graph():
    """Both graphs go one way; the neuron, whose rows have columns to be standardized, goes another there."""
    options = {"optimizer": "lbfgs", "epochs": 1, "initial": START}
    eager, compiled = (fit(DATA, objective=objective, **options).theta for objective in graphs())
    torch.testing.assert_close(eager, compiled, rtol=1e-9, atol=1e-9)
    with pytest.raises(InputError, match="no method hessian"):
        fit(DATA, objective=graphs()[1], optimizer="newton", initial=START)


def test_weights_orders_and_sums_reach_a_graph_too():
    options = {"epochs": 5, "batch_size": 2, "shuffle": True, "seed": 4, "reduction": "sum"}
    options |= {"sample_weight": [1, 2, 3, 4, 5], "initial": START, "learning_rate": 0.05}
    neuron = fit(DATA, **options)
    for objective in graphs():
        history = fit(DATA, objective=objective, **options)
        torch.testing.assert_close(history.theta, neuron.theta, rtol=1e-9, atol=1e-9)


def test_a_compiled_graph_starts_where_it_stands_and_labels_may_be_any_numbers():
    """A regression: y = 3 x - 2, which no neuron could be asked for."""
    w, b, x, y = (Element(number) for number in (0.0, 0.0, 1.0, 1.0))
    objective = compile_graph((w * x + b - y) ** 2, [w, b], inputs=[x, y])
    X = [[0.0], [1.0], [2.0], [3.0]]
    history = fit((X, [3 * x[0] - 2 for x in X]), objective=objective, optimizer="lbfgs", epochs=5)
    assert history.theta[0].tolist() == [0, 0]
    torch.testing.assert_close(history.theta[-1], torch.tensor([3.0, -2.0]).double(), rtol=1e-6, atol=1e-6)
    assert history.outcome.kind in {"finished", "converged"}


def test_nothing_of_the_neuron_is_said_of_a_graph():
    eager, compiled = graphs()
    assert prepare(DATA, objective=eager).state.theta.tolist() == START
    training = prepare(DATA, objective=compiled, epochs=3, learning_rate=50.0)
    for _ in training.steps():
        pass
    assert training.limits().guaranteed is training.limits().local is None
    assert not training.history().outcome.separable
    with pytest.raises(InputError, match="initial must be given"):
        prepare(DATA, objective=SimpleNamespace(value_and_gradient=compiled.value_and_gradient))


WRONG = [
    ({"objective": 3}, "objective must have value_and_gradient"),
    ({"objective": 3, "initial": START}, "objective must have value_and_gradient"),
    ({"loss": "mse"}, "loss belongs to the neuron"),
    ({"penalty": "l2"}, "penalty belongs to the neuron"),
    ({"bias": False}, "bias belongs to the neuron"),
    ({"learning_rate": "auto"}, "learning_rate='auto' belongs to the neuron"),
]


@pytest.mark.parametrize(("options", "words"), WRONG, ids=range(len(WRONG)))
def test_what_belongs_to_the_neuron_is_refused(options, words):
    with pytest.raises(InputError, match=words):
        prepare(DATA, **({"objective": graphs()[1]} | options))


def test_labels_of_a_graph_must_be_finite():
    with pytest.raises(InputError, match="labels must be finite, got nan in row 1"):
        fit(([[1.0, 2.0], [2.0, 1.0]], [1.0, float("nan")]), objective=graphs()[1])
