"""Everything that can be minimized satisfies one protocol."""

import pytest
import torch

from soloneuron import EagerObjective, Element, Neuron, Objective, compile_graph
from soloneuron.data.assignment import assignment_data
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.objective import lowest_of, name_of, start_of
from soloneuron.records.dataset import Batch
from soloneuron.training.objectives import as_objective

DATA = assignment_data()
ROWS = Batch(DATA.features, DATA.labels)


def graphs():
    w = [Element(number) for number in (0.1, -0.2, 0.05)]

    def loss(x1, x2, y):
        z = w[0] * x1 + w[1] * x2 + w[2]
        return z.softplus() - y * z

    sample = [Element(1.0), Element(2.0), Element(1.0)]
    return EagerObjective(loss, w), compile_graph(loss(*sample), w, inputs=sample)


class Bare:
    """An object with nothing but both at once, of theta alone."""

    def value_and_gradient(self, theta):
        return (theta**2).sum(-1), 2 * theta


FORMS = {
    "neuron": (Neuron, ROWS),
    "eager": (lambda: graphs()[0], ROWS),
    "compiled": (lambda: graphs()[1], ROWS),
    "pair": (lambda: as_objective((lambda x: (x**2).sum(-1), lambda x: 2 * x)), None),
    "function": (lambda: as_objective(lambda x, y, z: x * x + y * y + z * z), None),
    "bare": (lambda: as_objective(Bare()), None),
    **{name: (SURFACES.load(name), None) for name in SURFACES},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_an_objective_whose_value_is_the_first_of_both(form):
    make, batch = FORMS[form]
    objective = make()
    assert isinstance(objective, Objective)
    assert isinstance(name_of(objective), str)
    theta = torch.tensor([0.3, -0.4, 0.2], dtype=torch.float64)[: 2 if form in SURFACES else 3]
    value, gradient = objective.value_and_gradient(theta, batch)
    assert gradient.shape == theta.shape
    torch.testing.assert_close(torch.as_tensor(objective.value(theta, batch)), value, rtol=0, atol=1e-14)
    lowest = lowest_of(objective)
    assert lowest is None or lowest <= float(value)


@pytest.mark.parametrize("form", FORMS)
def test_many_thetas_have_many_values(form):
    make, batch = FORMS[form]
    objective = make()
    thetas = torch.tensor([[0.3, -0.4, 0.2], [1.0, 0.5, -1.0]], dtype=torch.float64)
    thetas = thetas[:, : 2 if form in SURFACES else 3]
    values, gradients = objective.value_and_gradient(thetas, batch)
    assert values.shape == (2,)
    assert gradients.shape == thetas.shape
    for theta, value in zip(thetas, values, strict=True):
        torch.testing.assert_close(torch.as_tensor(objective.value(theta, batch)), value, rtol=0, atol=1e-12)


def test_graphs_and_surfaces_say_where_they_start_and_the_neuron_does_not():
    assert start_of(Neuron()) is None
    assert all(torch.as_tensor(start_of(graph)).tolist() == [0.1, -0.2, 0.05] for graph in graphs())
    assert len(start_of(SURFACES.load("bowl")())) == 2
