"""micrograd's moons demonstration: 100 samples, and a 2-16-16-1 network written one number at a time."""

import itertools
import math
import random

SIZES = (2, 16, 16, 1)
DECAY = 1e-4


def moons():
    generator = random.Random(5)
    samples = []
    for i in range(50):
        angle = math.pi * i / 49
        for x, y, side in (
            (math.cos(angle), math.sin(angle), -1),
            (1 - math.cos(angle), 0.5 - math.sin(angle), 1),
        ):
            samples.append(((x + generator.gauss(0, 0.1), y + generator.gauss(0, 0.1)), side))
    return samples


class Network:
    """A network in scalar operators, written once for every kind of number."""

    def __init__(self, scalar):
        generator = random.Random(1337)
        self.layers = [
            [([scalar(generator.uniform(-1, 1)) for _ in range(inputs)], scalar(0)) for _ in range(outputs)]
            for inputs, outputs in itertools.pairwise(SIZES)
        ]

    def __call__(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = [sum((wi * xi for wi, xi in zip(w, x, strict=True)), b).relu() for w, b in layer]
        return [sum((wi * xi for wi, xi in zip(w, x, strict=True)), b) for w, b in last]

    def parameters(self):
        return [p for layer in self.layers for w, b in layer for p in (*w, b)]


def loss(network, samples):
    """Hinge loss and L2."""
    losses = [(1 + -side * network(x)[0]).relu() for x, side in samples]
    return sum(losses) * (1 / len(losses)) + DECAY * sum(p * p for p in network.parameters())


def step(network, samples, rate):
    """Forward, backward and update; the value before."""
    result = loss(network, samples)
    for p in network.parameters():
        p.grad = 0
    result.backward()
    for p in network.parameters():
        p.data -= rate * p.grad
    return result.data
