"""Networks of Elements, and micrograd's moons demonstration."""

import random

import pytest
from sklearn.datasets import make_moons

from soloneuron.element import Element
from soloneuron.element.layers import MLP, Layer, Unit
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


def test_a_neuron_is_one_product_with_the_augmented_sample_and_an_activation():
    neuron = Unit(2, activation="sigmoid", seed=3)
    answer = neuron([1.0, -2.0])
    (z,) = answer._prev
    assert [answer._op, z._op] == ["sigmoid", "dot"]
    assert z._prev == (*neuron.weights, neuron.bias)
    answer.backward()
    slope = answer.data * (1 - answer.data)
    assert [p.grad for p in neuron.parameters()] == pytest.approx([slope, -2 * slope, slope], rel=1e-15)


def test_gradients_reach_a_sample_of_elements():
    neuron = Unit(2, activation="linear", seed=3)
    x = [Element(1.0), Element(-2.0)]
    neuron(x).backward()
    assert [e.grad for e in x] == [w.data for w in neuron.weights]


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
        Unit(2, activation="rely")
    with pytest.raises(InputError, match="inputs must be an int >= 1, got 0"):
        Unit(0)
    with pytest.raises(InputError, match="at least one layer"):
        MLP(2, [])
    with pytest.raises(InputError, match="a sample must have 2 numbers, got 1"):
        Unit(2)([1.0])
    with pytest.raises(InputError, match="a sample must have 2 numbers, got 3"):
        MLP(2, [3, 1])([1.0, 2.0, 3.0])
