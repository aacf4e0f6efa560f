"""The gradients of compiled graphs against torch.autograd."""

import itertools
import math
import random

import pytest
import torch

from soloneuron.compiler import compile_graph
from soloneuron.element import Element, cross_entropy, logsumexp, softmax
from tolerances import ORACLE

ACTIVATIONS = ["relu", "tanh", "sigmoid", "softplus"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_network_has_the_gradients_of_autograd(activation):
    dice, sizes = random.Random(4), (3, 5, 4, 1)
    shapes = list(itertools.pairwise(sizes))
    layers = [[[Element(dice.uniform(-1, 1)) for _ in range(i + 1)] for _ in range(o)] for i, o in shapes]
    parameters = [p for layer in layers for row in layer for p in row]
    x, y = [Element(0.3) for _ in range(3)], Element(0.2)
    h = x
    for k, layer in enumerate(layers):
        h = [sum((w * a for w, a in zip(row, h, strict=False)), row[-1]) for row in layer]
        h = [getattr(z, activation)() for z in h] if k < 2 else h
    f = compile_graph((h[0] - y) ** 2 + 0.01 * sum(p**2 for p in parameters), parameters, [*x, y])
    batch = torch.randn(7, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    value = f(batch)

    theta = f.theta.clone().requires_grad_()
    H, start = batch[:, :3], 0
    for k, (i, o) in enumerate(shapes):
        W = theta[start : start + o * (i + 1)].view(o, i + 1)
        start += o * (i + 1)
        H = H @ W[:, :-1].T + W[:, -1]
        H = getattr(torch.nn.functional, activation)(H) if k < 2 else H
    wanted = ((H[:, 0] - batch[:, 3]) ** 2).mean() + 0.01 * (theta @ theta)
    wanted.backward()
    torch.testing.assert_close(value, wanted.item(), rtol=ORACLE, atol=ORACLE)
    torch.testing.assert_close(f.gradient, theta.grad, rtol=ORACLE, atol=ORACLE)


def test_softmax_logsumexp_and_cross_entropy_have_the_gradients_of_autograd_far_from_where_they_were_traced():
    z = [Element(float(i), f"z{i}") for i in range(4)]
    s = Element(1.0, "s")
    scaled = [s * one for one in z]
    loss = logsumexp(scaled) + cross_entropy(scaled, 1) + softmax(scaled)[2] * s
    f = compile_graph(loss, [s], z)
    batch = torch.tensor([[0.0, 1, 2, 3], [900, -900, 0, 899], [-5, 8, 1, 1]], dtype=torch.float64)
    value = f(batch)
    t = torch.ones((), dtype=torch.float64, requires_grad=True)
    Z = t * batch
    wanted = Z.logsumexp(1) - Z.log_softmax(1)[:, 1] + Z.softmax(1)[:, 2] * t
    wanted.mean().backward()
    torch.testing.assert_close(value, wanted.mean().item(), rtol=ORACLE, atol=ORACLE)
    torch.testing.assert_close(f.gradient[0], t.grad, rtol=ORACLE, atol=ORACLE)


AT_NAN = {
    "relu": (lambda x: x.relu(), torch.relu),
    "leaky_relu": (lambda x: x.leaky_relu(0.2), lambda t: torch.nn.functional.leaky_relu(t, 0.2)),
    "abs": (abs, torch.abs),
    "clamp": (lambda x: x.clamp(0.1, 0.9), lambda t: torch.clamp(t, 0.1, 0.9)),
    "maximum": (lambda x: x.maximum(0.4), lambda t: torch.maximum(t, torch.full_like(t, 0.4))),
    "minimum": (lambda x: x.minimum(0.4), lambda t: torch.minimum(t, torch.full_like(t, 0.4))),
}


@pytest.mark.parametrize("name", AT_NAN)
def test_slopes_at_nan_are_those_of_autograd(name):
    ours, theirs = AT_NAN[name]
    t = torch.tensor(math.nan, dtype=torch.float64, requires_grad=True)
    (theirs(t) * 0.5).backward()
    x = Element(math.nan)
    loss = ours(x) * 0.5
    loss.backward()
    assert x.grad == t.grad.item()
    for backend in ("torch", "scalar"):
        f = compile_graph(loss, [x], backend=backend)
        assert math.isnan(f())
        assert f.gradient.item() == t.grad.item()
