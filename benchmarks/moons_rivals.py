"""The moons step as others compute it, each at the same start: the rivals of ``compiler.py``."""

import gc
import itertools
import time

import torch

from moons import DECAY, SIZES, Network, loss, moons, step

RATE = 0.05
SAMPLES = moons()
F8 = {"dtype": torch.float64}


def wrapped(scalar):
    """The samples with every input as a scalar of its own, as in the demonstration."""
    return [([scalar(one) for one in x], side) for x, side in SAMPLES]


def start():
    """The first weights, flat."""
    return torch.tensor(Network(float).parameters(), **F8)


def matrices(theta):
    """Weights with their biases as the last column: views of a flat tensor."""
    parts, first = [], 0
    for inputs, outputs in itertools.pairwise(SIZES):
        size = outputs * (inputs + 1)
        parts.append(theta[first : first + size].view(outputs, inputs + 1))
        first += size
    return parts


def data():
    return torch.tensor([x for x, _ in SAMPLES], **F8), torch.tensor(
        [float(side) for _, side in SAMPLES], **F8
    )


def autograd_step():
    X, y = data()
    layers = [torch.nn.Linear(i, o, **F8) for i, o in itertools.pairwise(SIZES)]
    network = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    for layer, W in zip(layers, matrices(start()), strict=True):
        layer.weight.data.copy_(W[:, :-1])
        layer.bias.data.copy_(W[:, -1])
    # The demonstration's penalty as SGD's own weight decay: fewer calls than summing squares.
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, weight_decay=2 * DECAY)

    def advance():
        optimizer.zero_grad()
        value = torch.relu(1 - y * network(X)[:, 0]).mean()
        value.backward()
        optimizer.step()
        return value.item()

    return advance


def written_step():
    """What a person writes in torch who knows out=: weights with biases, ones behind every layer."""
    X, y = data()
    theta = start()
    gradient = torch.empty_like(theta)
    (W1, W2, W3), (G1, G2, G3) = matrices(theta), matrices(gradient)
    w3, g3, n, empty = W3[0], G3[0], len(X), torch.empty
    A = torch.cat([X, X.new_ones(n, 1)], 1)
    AT = A.T.contiguous()
    H1, H2 = torch.ones(17, n, **F8), torch.ones(17, n, **F8)
    h1, h2, H1T, H2T = H1[:16], H2[:16], H1.T, H2.T
    Z1, Z2, D1, D2, M1, M2 = (empty(16, n, **F8) for _ in range(6))
    z, m, h, d = (empty(n, **F8) for _ in range(4))
    one, minus_y, share = torch.ones(n, **F8), -y, -y / n
    v, V2T = w3[:16].unsqueeze(1), W2[:, :16].T

    def advance():
        torch.mm(W1, AT, out=Z1)
        torch.clamp_min(Z1, 0, out=h1)
        torch.mm(W2, H1, out=Z2)
        torch.clamp_min(Z2, 0, out=h2)
        torch.mv(H2T, w3, out=z)
        torch.addcmul(one, minus_y, z, out=m)
        torch.clamp_min(m, 0, out=h)
        value = h.mean() + DECAY * torch.dot(theta, theta)
        torch.mul(theta, 2 * DECAY, out=gradient)
        torch.sign(h, out=d)
        d.mul_(share)
        g3.addmv_(H2, d)
        torch.mul(v, d, out=D2)
        torch.sign(h2, out=M2)
        D2.mul_(M2)
        G2.addmm_(D2, H1T)
        torch.mm(V2T, D2, out=D1)
        torch.sign(h1, out=M1)
        D1.mul_(M1)
        G1.addmm_(D1, A)
        theta.add_(gradient, alpha=-RATE)
        return value.item()

    return advance


def jax_step():
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    X, y = (jnp.asarray(t.numpy()) for t in data())

    def value(theta):
        H, first = X, 0
        for k, (inputs, outputs) in enumerate(itertools.pairwise(SIZES)):
            size = outputs * (inputs + 1)
            W = theta[first : first + size].reshape(outputs, inputs + 1)
            H = H @ W[:, :-1].T + W[:, -1]
            H = jax.nn.relu(H) if k < 2 else H
            first += size
        return jax.nn.relu(1 - y * H[:, 0]).mean() + DECAY * (theta @ theta)

    @jax.jit
    def compiled(theta):
        v, g = jax.value_and_grad(value)(theta)
        return v, theta - RATE * g

    state = [jnp.asarray(start().numpy())]

    def advance():
        v, state[0] = compiled(state[0])
        return float(v)

    return advance


def casadi_step():
    import casadi

    class Scalar:
        """CasADi's SX with the one method that the scalar code calls."""

        def __init__(self, x):
            self.x = x

        def __add__(self, other):
            return Scalar(self.x + (other.x if isinstance(other, Scalar) else other))

        def __mul__(self, other):
            return Scalar(self.x * (other.x if isinstance(other, Scalar) else other))

        __radd__, __rmul__ = __add__, __mul__

        def relu(self):
            return Scalar(casadi.fmax(self.x, 0))

    began = time.perf_counter()
    numbers = start()
    theta = casadi.SX.sym("theta", len(numbers))
    network = Network(Scalar)
    for k, p in enumerate(network.parameters()):
        p.x = theta[k]
    value = loss(network, wrapped(Scalar)).x
    f = casadi.Function("f", [theta], [casadi.densify(value), casadi.densify(casadi.gradient(value, theta))])
    print(f"# CasADi builds its function in {time.perf_counter() - began:.2f} s")
    slopes, result = torch.zeros_like(numbers), torch.zeros(1, **F8)
    buffer, evaluate = f.buffer()
    buffer.set_arg(0, memoryview(numbers.numpy()))
    buffer.set_res(0, memoryview(result.numpy()))
    buffer.set_res(1, memoryview(slopes.numpy()))
    kept = (f, buffer)

    def advance():
        # The evaluation refers to function and buffer without keeping them.
        assert kept
        evaluate()
        numbers.add_(slopes, alpha=-RATE)
        return result.item()

    return advance


def micrograd_step():
    from micrograd.engine import Value

    network = Network(Value)
    gc.collect()
    return lambda: step(network, wrapped(Value), RATE)
