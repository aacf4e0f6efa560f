"""Networks of Elements, and micrograd's moons demonstration."""

import random

import pytest
from sklearn.datasets import make_moons

from soloneuron.element import Element
from soloneuron.element.layers import MLP, Layer, Neuron
from soloneuron.errors import InputError, UnknownNameError


def moons_step(network, samples, sides, rate):
    scores = [network(x)[0] for x in samples]
    losses = [(1 - side * score).relu() for side, score in zip(sides, scores, strict=True)]
    loss = sum(losses) * (1 / len(losses)) + 1e-4 * sum(p * p for p in network.parameters())
    network.zero_grad()
    loss.backward()
    for p in network.parameters():
        p.data -= rate * p.grad
    right = sum((score > 0) == (side > 0) for side, score in zip(sides, scores, strict=True))
    return loss.data, right


def test_the_moons_demonstration_has_micrograds_losses():
    samples, labels = make_moons(n_samples=100, noise=0.1, random_state=1337)
    samples, sides = samples.tolist(), (2 * labels - 1).tolist()
    network = MLP(2, [16, 16, 1], seed=random.Random(1337))
    steps = [moons_step(network, samples, sides, 1 - 0.9 * k / 100) for k in range(12)]
    # micrograd 0.1.0 from the same start; the 15th digit depends on the order of additions.
    assert [loss for loss, _ in steps[:3]] == pytest.approx(
        [0.8958441028683222, 1.723590533697202, 0.742900631385113], rel=1e-12
    )
    assert steps[0][1] == 50
    assert steps[-1][0] < 0.35


def test_a_neuron_is_a_dot_a_sum_and_an_activation():
    neuron = Neuron(2, activation="sigmoid", seed=3)
    answer = neuron([1.0, -2.0])
    (z,) = answer._prev
    assert answer._op == "sigmoid"
    assert z._op == "+"
    assert {operand._op for operand in z._prev} == {"dot", ""}


def test_the_same_seed_gives_the_same_network_and_layers_share_the_dice():
    first, second = MLP(3, [4, 2], seed=7), MLP(3, [4, 2], seed=7)
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]
    weights = [p.data for p in first.parameters() if p.data]
    assert len(set(weights)) == len(weights) == 3 * 4 + 4 * 2
    assert all(-1 <= w <= 1 for w in weights)


def test_the_last_layer_is_linear():
    network = MLP(1, [2, 3], activation="relu", seed=1)
    assert [layer.neurons[0].activation for layer in network.layers] == ["relu", "linear"]
    assert len(network([Element(1.0)])) == 3


def test_zero_grad_forgets_the_gradients_of_every_parameter():
    layer = Layer(2, 2, activation="linear", seed=1)
    sum(layer([1.0, 2.0])).backward()
    assert [p.grad for p in layer.parameters()] == [1.0, 2.0, 1] * 2
    layer.zero_grad()
    assert [p.grad for p in layer.parameters()] == [0] * 6


def test_wrong_shapes_and_names_are_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'relu'"):
        Neuron(2, activation="rely")
    with pytest.raises(InputError, match="inputs must be an int >= 1, got 0"):
        Neuron(0)
    with pytest.raises(InputError, match="at least one layer"):
        MLP(2, [])
    with pytest.raises(InputError, match="as many weights as inputs"):
        Neuron(2)([1.0])
