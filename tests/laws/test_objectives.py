"""One loop, three sources of gradient: the neuron's formula, an eager graph of Elements, a compiled one."""

import pytest
import torch

from soloneuron.compiler import EagerObjective, compile_graph
from soloneuron.element import Element, maximum, minimum
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import L2
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.records.dataset import Batch
from tolerances import ORACLE


def squared_error(z, y):
    return (z.sigmoid() - y) ** 2


def huber(z, y):
    delta = as_loss("huber").delta
    e = abs(z.sigmoid() - y)
    near = minimum(e, delta)
    return near * (e - near / 2)


def focal(z, y):
    m = (2 * y - 1) * z
    return (-m).sigmoid() ** as_loss("focal").gamma * (-m).softplus()


SCALAR = {
    "nll": lambda z, y: z.softplus() - y * z,
    "mse": squared_error,
    "mae": lambda z, y: abs(z.sigmoid() - y),
    "huber": huber,
    "hinge": lambda z, y: maximum(1 - (2 * y - 1) * z, 0),
    "squared_hinge": lambda z, y: (1 - (2 * y - 1) * z).relu() ** 2,
    "exponential": lambda z, y: (-(2 * y - 1) * z).exp(),
    "focal": focal,
}
"""Losses written one number at a time, otherwise than in their own graphs."""


def rows(seed):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(12, 3, generator=generator, dtype=torch.float64)
    return Batch(X, (X[:, 0] > 0.2).double(), torch.rand(12, generator=generator, dtype=torch.float64))


def sources(name, alpha=0.0):
    """The three objectives for a neuron with three inputs."""
    w = [Element(0.1 * i) for i in range(4)]

    def loss(*sample):
        *x, y = sample
        z = sum((wi * xi for wi, xi in zip(w, x, strict=False)), w[3])
        value = SCALAR.get(name, as_loss(name).graph)(z, y)
        return value + alpha / 2 * sum(p * p for p in w[:3]) if alpha else value

    sample = [Element(0.3 + i) for i in range(3)] + [Element(1.0)]
    neuron = Neuron(as_loss(name), L2(alpha) if alpha else None)
    return neuron, EagerObjective(loss, w), compile_graph(loss(*sample), w, sample)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_the_three_sources_agree_on_every_loss(name, weighted):
    batch = rows(1) if weighted else rows(1)._replace(weights=None)
    theta = torch.tensor([0.7, -1.1, 0.4, 0.2], dtype=torch.float64)
    (value, gradient), *others = (source.value_and_gradient(theta, batch) for source in sources(name))
    for other_value, other_gradient in others:
        torch.testing.assert_close(other_value, value, rtol=ORACLE, atol=ORACLE)
        torch.testing.assert_close(other_gradient, gradient, rtol=ORACLE, atol=ORACLE)


@pytest.mark.parametrize("thetas", [(4,), (3, 4), (2, 3, 4)])
def test_the_value_alone_is_the_value_beside_the_gradient(thetas):
    batch, theta = rows(4), torch.linspace(-1, 1, 24, dtype=torch.float64)
    theta = theta[: torch.Size(thetas).numel()].view(thetas)
    for source in sources("nll", alpha=0.3):
        value = source.value(theta, batch)
        assert value.shape == thetas[:-1]
        torch.testing.assert_close(
            value, source.value_and_gradient(theta, batch)[0], rtol=ORACLE, atol=ORACLE
        )


def test_neuron_and_graphs_are_objectives():
    assert all(isinstance(source, Objective) for source in sources("nll"))


def test_a_graph_starts_where_its_parameters_are_and_nobody_can_move_its_start():
    w = [Element(2), Element(-0.5)]
    for graph in (EagerObjective(lambda: w[0] * w[1], w), compile_graph(w[0] * w[1], w)):
        assert graph.start.tolist() == [2.0, -0.5]
        assert graph.start.dtype == torch.float64
        graph.start.zero_()
        assert graph.start.tolist() == [2.0, -0.5]
        graph.value_and_gradient(torch.tensor([3.0, 4.0], dtype=torch.float64))
        assert graph.start.tolist() == [3.0, 4.0]
        w[0].data, w[1].data = 2, -0.5


def test_the_three_sources_agree_with_a_penalty():
    theta = torch.tensor([0.7, -1.1, 0.4, 0.2], dtype=torch.float64)
    batch = rows(2)._replace(weights=None)
    (value, gradient), *others = (s.value_and_gradient(theta, batch) for s in sources("nll", alpha=0.3))
    for other_value, other_gradient in others:
        torch.testing.assert_close(other_value, value, rtol=ORACLE, atol=ORACLE)
        torch.testing.assert_close(other_gradient, gradient, rtol=ORACLE, atol=ORACLE)


@pytest.mark.parametrize("name", sorted({*OPTIMIZERS} - {"newton"}))  # bare functions have no Hessian
def test_every_optimizer_acts_on_elements_as_on_the_neuron(name):
    batch, courses = rows(3)._replace(weights=None), []
    for source in sources("nll"):
        rule = OPTIMIZERS.load(name)()
        theta = torch.tensor([0.7, -1.1, 0.4, 0.2], dtype=torch.float64)
        state = rule.start(theta)
        for _ in range(5):
            rule.update(theta, lambda point, s=source: s.value_and_gradient(point, batch), state)
        courses.append(theta.clone())
    for course in courses[1:]:
        # Rules that divide a gradient by its own size enlarge its last digit.
        torch.testing.assert_close(course, courses[0], rtol=1e-9, atol=1e-9)
    assert courses[0].isfinite().all()


def test_the_parameters_of_the_eager_objective_hold_the_theta_that_was_asked_for():
    w = [Element(0.0), Element(0.0)]
    objective = EagerObjective(lambda: w[0] * w[1], w)
    value, gradient = objective.value_and_gradient(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    assert value.tolist() == [2.0, 12.0]
    assert gradient.tolist() == [[2.0, 1.0], [4.0, 3.0]]
    assert [p.data for p in w] == [3.0, 4.0]
